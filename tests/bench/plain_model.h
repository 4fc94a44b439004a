/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_BENCH_PLAIN_MODEL_H
#define BUYIN_TESTS_BENCH_PLAIN_MODEL_H

#include "parameters/configuration.h"
#include "state/coefficients.h"

#include <gsl/gsl_rng.h>
#include <math.h>

/** The model as a good programmer would first write it: the partner of the benchmark.
 *
 *  Written from sim/MODEL.md: an array of structs in double precision, GSL's mt19937, libm's exp,
 *  one loop over everyone on the list in every week.  The same distributions as the engine
 *  (tests/bench/test_plain_model.c), other draws.  It shares the engine's reading of parameters
 *  and nothing of its work.  It leaves out weekly tables, courses, groups, histograms and the 800
 *  outcomes, draws that can be addressed, threads, interventions, and patients from a file: all of
 *  that is in the engine's time and none of it in this one's.
 */

enum { PLAIN_MOST_SERVICES = 64, PLAIN_CHECKS = BARRIER_COUNT + 1 };

struct plain_person {
    /* traits */
    double age, rapport, group_aversion, stigma_sensitivity, few_alternatives;
    double consultation_rate, wellbeing_offset, health_decline;
    double usual_hope, usual_confidence, usual_clarity, usual_coping, usual_ties;
    int female, quintile, practice;
    int offer_week, offer_by_gp; /* cohort mode */

    /* state */
    double need[NEED_COUNT], barrier[BARRIER_COUNT];
    double trust, hope, stress, confidence, isolation, clarity, motivation, coping, ties;
    double enjoyment, uncertainty;

    /* place in the service */
    int status, status_week, post, accepted_week, contact_week, due_week, takeup_week;
    int episode_sessions, was_due, held, connected_week, taper_sessions, taper_attended;
    int told, pushed, postponed, consulted;

    /* suggestions and support */
    int suggestion, failed_attempts, options_heard, support_domain, support_place;
    double support_social;
    double obstacle[PLAIN_CHECKS]; /* the u of the open suggestion */
    unsigned char tries[PLAIN_MOST_SERVICES];

    /* record */
    int first_week, accepted_first, ever_taken_up, ever_connected, sessions, consultations;
    double trust_last_session, wellbeing_sum;
};

struct plain_worker {
    double listening, informality, reliability, directiveness, tailoring, goal_setting, advocacy;
    double knowledge[NEED_COUNT], burnout;
    int vacant_weeks, caseload, promised;
    int *persons;
    double minutes, asked, given, spare, community, unused;
};

struct plain_service {
    int domain, format, places, taken;
    double reach, language_support;
};

struct plain_practice {
    double adoption, credibility;
};

struct plain_site {
    const struct coefficients *c;
    const struct site_attributes *about;
    gsl_rng *rng;
    int week;
    int person_count, worker_count, service_count, practice_count;
    struct plain_person *persons;
    struct plain_worker *workers;
    struct plain_service *services;
    struct plain_practice *practices;
    int *order, *due, *opening_posts; /* work space: a person each */
    double patient_weeks;
};

enum plain_outcome {
    PLAIN_OFFERED,
    PLAIN_ACCEPTED,
    PLAIN_TAKEN_UP,
    PLAIN_SEEN,
    PLAIN_CONNECTED,
    PLAIN_SESSIONS,
    PLAIN_TRUST,
    PLAIN_CONSULTATIONS,
    PLAIN_SWEMWBS,
    PLAIN_OUTCOME_COUNT
};

/** What became of a piece, or of several: sums over persons. */
struct plain_sums {
    double sum[PLAIN_OUTCOME_COUNT];
    double patient_weeks; /* after the first offer, all those without link workers included */
};

/** Runs site `site` of the configuration, with its counterfactual if one is asked for, and adds to
 *  `sums`.  Fails: ERROR_MEMORY, ERROR_INPUT for what it leaves out.
 */
int plain_run(const struct configuration *configuration, const struct coefficients *c, size_t site,
              int replicate, struct plain_sums *sums);

/* plain_people.c: a site before its first week, and what is drawn in both files */
int plain_site_make(struct plain_site *site, const struct configuration *configuration,
                    const struct coefficients *c, size_t index, int replicate);
void plain_site_free(struct plain_site *site);
void plain_hire(struct plain_site *site, struct plain_worker *worker, double months, double bonus);
double plain_beta(gsl_rng *rng, double mean, double concentration);

/* plain_service.c: the diaries of all link workers, with their sessions and openings */
void plain_keep_diaries(struct plain_site *site);

/* Small things that all files need: drawing, indices, changing a status. */

static inline double plain_clip(double x)
{
    return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
}

static inline double plain_rise(double x, double a)
{
    return x + plain_clip(a) * (1.0 - x);
}

static inline double plain_fall(double x, double a)
{
    return x - plain_clip(a) * x;
}

static inline bool plain_chance(struct plain_site *site, double probability)
{
    return gsl_rng_uniform(site->rng) < probability;
}

static inline double plain_logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

static inline double plain_capacity(const struct parameters *k, const struct plain_person *p)
{
    return (1.0 - k->readiness.stress_weight * p->stress) *
           (1.0 - k->readiness.housing_weight * p->barrier[BARRIER_HOUSING]) *
           (1.0 - k->readiness.income_weight * p->barrier[BARRIER_INCOME]) *
           (1.0 - k->readiness.transport_weight * p->barrier[BARRIER_TRANSPORT]) *
           (1.0 - k->readiness.caring_weight * p->barrier[BARRIER_CARING]) *
           (1.0 - k->readiness.language_weight * p->barrier[BARRIER_LANGUAGE]) *
           (1.0 - k->readiness.health_weight * p->barrier[BARRIER_HEALTH]);
}

static inline double plain_readiness(const struct parameters *k, const struct plain_person *p)
{
    const double floor = k->readiness.clarity_floor;
    return p->motivation * (floor + (1.0 - floor) * p->clarity) * plain_capacity(k, p);
}

static inline double plain_attendance_barriers(const struct plain_person *p)
{
    return (p->barrier[BARRIER_TRANSPORT] + p->barrier[BARRIER_CARING] +
            p->barrier[BARRIER_HEALTH]) /
           3.0;
}

static inline int plain_largest_need(const struct plain_person *p)
{
    int largest = 0;
    for (int d = 1; d < NEED_COUNT; d++) {
        largest = p->need[d] > p->need[largest] ? d : largest;
    }
    return largest;
}

static inline void plain_set_status(const struct plain_site *site, struct plain_person *p,
                                    int status)
{
    p->status = status;
    p->status_week = site->week;
}

static inline void plain_count_try(struct plain_person *p, int service)
{
    if (p->tries[service] < 254) {
        p->tries[service]++;
    }
}

static inline double plain_barrier_at(const struct plain_service *service,
                                      const struct plain_person *p, int b)
{
    if (b == BARRIER_TRANSPORT) {
        return p->barrier[b] * service->reach;
    }
    return b == BARRIER_LANGUAGE ? p->barrier[b] * (1.0 - service->language_support)
                                 : p->barrier[b];
}

static inline double plain_severity(const struct coefficients *c, const struct plain_person *p)
{
    double without = 1.0;
    for (int d = 0; d < NEED_COUNT; d++) {
        without *= 1.0 - c->parameters.need.severity_weight * p->need[d];
    }
    return 1.0 - without;
}

static inline double plain_resting_stress(const struct parameters *k, const struct plain_person *p,
                                          double severity)
{
    double barriers = 0.0;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        barriers += p->barrier[b];
    }
    return plain_clip(k->between.stress_intercept + k->between.stress_severity * severity +
                      k->between.stress_barriers * barriers / BARRIER_COUNT +
                      k->between.stress_isolation * p->isolation -
                      k->between.stress_coping * p->coping);
}

static inline double plain_resting_motivation(const struct parameters *k,
                                              const struct plain_person *p)
{
    return plain_clip(k->between.motivation_intercept + k->between.motivation_hope * p->hope +
                      k->between.motivation_confidence * p->confidence +
                      k->between.motivation_clarity * p->clarity -
                      k->between.motivation_stress * p->stress);
}

static inline double plain_resting_isolation(const struct parameters *k,
                                             const struct plain_person *p)
{
    return plain_clip(k->between.isolation_intercept +
                      k->between.isolation_social * p->need[NEED_SOCIAL] +
                      k->between.isolation_relationships * p->need[NEED_RELATIONSHIPS] -
                      k->between.isolation_ties * p->ties);
}

#endif
