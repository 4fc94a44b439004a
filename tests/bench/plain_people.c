/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The starting population of the plain model (plain_model.h), from section 5 of sim/MODEL.md.
 */
#include "bench/plain_model.h"

#include "base/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

double plain_beta(gsl_rng *rng, double mean, double concentration)
{
    const double m = fmin(fmax(mean, 0.001), 0.999);
    return gsl_ran_beta(rng, m * concentration, (1.0 - m) * concentration);
}

void plain_hire(struct plain_site *site, struct plain_worker *w, double months, double bonus)
{
    const struct parameters *k = &site->c->parameters;
    const double concentration = k->link_worker.skill_concentration;
    const double trained = k->link_worker.training * k->link_worker.training_effect;
    w->listening = plain_beta(site->rng, k->link_worker.listening_mean, concentration);
    w->informality = plain_beta(site->rng, k->link_worker.informality_mean, concentration);
    w->reliability = plain_beta(site->rng, k->link_worker.reliability_mean, concentration);
    w->directiveness = plain_beta(site->rng, k->link_worker.directiveness_mean, concentration);
    w->tailoring = plain_beta(site->rng, k->link_worker.tailoring_mean, concentration);
    w->goal_setting = plain_beta(site->rng, k->link_worker.goal_setting_mean, concentration);
    w->advocacy = plain_beta(site->rng, k->link_worker.advocacy_mean, concentration);
    w->listening = plain_rise(w->listening, trained);
    w->tailoring = plain_rise(w->tailoring, trained);
    const double learnt =
        k->link_worker.knowledge_maximum * (1.0 - exp(-months / k->link_worker.knowledge_months));
    for (int d = 0; d < NEED_COUNT; d++) {
        w->knowledge[d] = plain_clip(learnt + bonus);
    }
    w->burnout = 0.0;
    w->vacant_weeks = 0;
}

static int draw_quintile(const struct parameters *k, int deprivation, double u)
{
    const double high[] = {k->deprivation.high_quintile1, k->deprivation.high_quintile2,
                           k->deprivation.high_quintile3, k->deprivation.high_quintile4,
                           k->deprivation.high_quintile5};
    const double medium[] = {k->deprivation.medium_quintile1, k->deprivation.medium_quintile2,
                             k->deprivation.medium_quintile3, k->deprivation.medium_quintile4,
                             k->deprivation.medium_quintile5};
    double sum = 0.0;
    for (int q = 0; q < QUINTILE_COUNT - 1; q++) {
        sum += deprivation == DEPRIVATION_MEDIUM ? medium[q]
               : deprivation == DEPRIVATION_HIGH ? high[q]
                                                 : high[QUINTILE_COUNT - 1 - q];
        if (u < sum) {
            return q + 1;
        }
    }
    return QUINTILE_COUNT;
}

/* 0, or how severe it is. */
static double draw_severity(struct plain_site *site, double adversity, double threshold)
{
    const struct parameters *k = &site->c->parameters;
    const double rho = k->adversity.correlation;
    const double own = gsl_ran_gaussian_ziggurat(site->rng, 1.0);
    if (rho * adversity + sqrt(1.0 - rho * rho) * own <= threshold) {
        return 0.0;
    }
    return gsl_ran_beta(site->rng, k->need.severity_shape, k->need.severity_shape);
}

/* Demography, needs and barriers; true if there is any need. */
static bool draw_circumstances(struct plain_site *site, struct plain_person *p, double a, double b)
{
    const struct coefficients *c = site->c;
    const struct parameters *k = &c->parameters;
    p->age = c->age_low + c->age_span * gsl_ran_beta(site->rng, a, b);
    p->female = gsl_rng_uniform(site->rng) < c->female_share;
    p->quintile = draw_quintile(k, site->about->deprivation, gsl_rng_uniform(site->rng));
    const double shape = k->trait.consultation_rate_shape;
    p->consultation_rate =
        k->gp.base_rate *
        exp(k->gp.age_slope * (p->age - 45.0) / 10.0 + k->gp.female_effect * p->female) *
        gsl_ran_gamma(site->rng, shape, 1.0 / shape);
    p->health_decline = k->events.health_decline_hazard *
                        exp(k->events.health_decline_age_slope * (p->age - 50.0) / 10.0);
    const double u = gsl_rng_uniform(site->rng);
    int ethnicity = 0;
    while (ethnicity < ETHNICITY_COUNT - 1 && u >= c->ethnicity_cumulative[ethnicity]) {
        ethnicity++;
    }
    const double adversity = gsl_ran_gaussian_ziggurat(site->rng, 1.0);
    const int q = p->quintile - 1;
    bool any = false;
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d] = draw_severity(site, adversity, c->need_threshold[d][q]);
        any |= p->need[d] > 0.0;
    }
    const double aged = exp(k->barrier.health_age_slope * (p->age - 50.0) / 10.0);
    for (int i = 0; i < BARRIER_COUNT; i++) {
        const double threshold = i == BARRIER_CARING     ? c->caring_threshold[p->female][q]
                                 : i == BARRIER_LANGUAGE ? c->language_threshold[ethnicity][q]
                                 : i == BARRIER_HEALTH
                                     ? presence_threshold(c->health_probability[q] * aged)
                                     : c->barrier_threshold[i][q];
        p->barrier[i] = draw_severity(site, adversity, threshold);
    }
    return any;
}

static double draw_usual(struct plain_site *site, double mean)
{
    const double sd = site->c->parameters.baseline.sd;
    return fmin(fmax(mean + gsl_ran_gaussian_ziggurat(site->rng, sd), 0.02), 0.98);
}

static void draw_state(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double severe = plain_severity(site->c, p);
    p->hope = p->usual_hope =
        draw_usual(site, k->baseline.hope_mean - k->baseline.hope_severity * severe);
    p->confidence = p->usual_confidence =
        draw_usual(site, k->baseline.confidence_mean - k->baseline.confidence_severity * severe);
    p->clarity = p->usual_clarity = draw_usual(site, k->baseline.clarity_mean);
    p->coping = p->usual_coping =
        draw_usual(site, k->baseline.coping_mean - k->baseline.coping_severity * severe);
    p->ties = p->usual_ties = draw_usual(
        site, k->baseline.ties_mean - k->baseline.ties_relationship * p->need[NEED_RELATIONSHIPS]);
    p->isolation = plain_resting_isolation(k, p);
    p->stress = plain_resting_stress(k, p, severe);
    p->motivation = plain_resting_motivation(k, p);
}

static void draw_traits(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double concentration = k->trait.concentration;
    p->rapport =
        k->trait.rapport_median * exp(gsl_ran_gaussian_ziggurat(site->rng, k->trait.rapport_sigma));
    p->wellbeing_offset = gsl_ran_gaussian_ziggurat(site->rng, k->trait.wellbeing_offset_sd);
    p->group_aversion = plain_beta(
        site->rng,
        k->trait.group_aversion_mean + k->trait.group_aversion_mental * p->need[NEED_MENTAL] +
            k->trait.group_aversion_language * p->barrier[BARRIER_LANGUAGE],
        concentration);
    p->stigma_sensitivity = plain_beta(site->rng, k->trait.stigma_sensitivity_mean, concentration);
    p->uncertainty = plain_beta(site->rng,
                                k->trait.role_uncertainty_mean +
                                    k->trait.role_uncertainty_deprivation * (3.0 - p->quintile),
                                concentration);
    p->few_alternatives = plain_beta(site->rng, k->trait.few_alternatives_mean, concentration);
    p->post = p->suggestion = p->support_domain = p->support_place = NOTHING;
    p->first_week = NEVER;
}

static void make_people(struct plain_site *site)
{
    const struct coefficients *c = site->c;
    const struct parameters *k = &c->parameters;
    const bool cohort = k->run.mode == RUN_MODE_COHORT;
    const double mean = cohort ? k->population.age_mean : k->registered.age_mean;
    const double sd = cohort ? k->population.age_sd : k->registered.age_sd;
    const double m = (mean - c->age_low) / c->age_span, s = sd / c->age_span;
    const double concentration = m * (1.0 - m) / (s * s) - 1.0;
    for (int i = 0; i < site->person_count; i++) {
        struct plain_person *p = &site->persons[i];
        while (!draw_circumstances(site, p, m * concentration, (1.0 - m) * concentration) &&
               cohort) {
        }
        draw_state(site, p);
        draw_traits(site, p);
        p->practice = cohort
                          ? (int)gsl_rng_uniform_int(site->rng, (unsigned long)site->practice_count)
                          : i / k->registered.list_size_per_practice;
        p->offer_week = (int)(gsl_rng_uniform(site->rng) * k->population.arrival_weeks);
        p->offer_by_gp = gsl_rng_uniform(site->rng) < k->population.gp_referral_share;
    }
}

static void make_practices(struct plain_site *site)
{
    const struct parameters *k = &site->c->parameters;
    const double integration =
        k->practice.integration_base +
        (site->about->primary_care_managed ? k->practice.integration_primary_care : 0.0) -
        k->practice.integration_per_practice * (site->practice_count - 1);
    for (int i = 0; i < site->practice_count; i++) {
        site->practices[i] = (struct plain_practice){
            .adoption = plain_beta(site->rng, k->practice.adoption_mean,
                                   k->practice.adoption_concentration),
            .credibility = plain_clip(
                integration + gsl_ran_gaussian_ziggurat(site->rng, k->practice.introduction_sd))};
    }
}

static void make_services(struct plain_site *site)
{
    const struct parameters *k = &site->c->parameters;
    for (int d = 0; d < NEED_COUNT; d++) {
        for (int f = 0; f < FORMAT_COUNT; f++) {
            for (int n = 0; n < site->c->services[d][f]; n++) {
                const double spread =
                    k->services.places_spread * (2.0 * gsl_rng_uniform(site->rng) - 1.0);
                site->services[site->service_count++] = (struct plain_service){
                    .domain = d,
                    .format = f,
                    .places = (int)lround(k->services.places * (1.0 + spread)),
                    .reach =
                        plain_beta(site->rng, k->services.reach_mean, k->services.concentration),
                    .language_support = plain_beta(site->rng, k->services.language_support_mean,
                                                   k->services.concentration)};
            }
        }
    }
}

static size_t count_services(const struct coefficients *c)
{
    size_t count = 0;
    for (int d = 0; d < NEED_COUNT; d++) {
        for (int f = 0; f < FORMAT_COUNT; f++) {
            count += (size_t)c->services[d][f];
        }
    }
    return count;
}

static int make_room(struct plain_site *site, int cap)
{
    const size_t people = (size_t)site->person_count, posts = (size_t)site->worker_count;
    const size_t services = count_services(site->c);
    int status = 0;
    if (services > PLAIN_MOST_SERVICES) {
        FAIL(ERROR_INPUT, "the plain model has room for %d services, not %zu", PLAIN_MOST_SERVICES,
             services);
    }
    site->persons = calloc(people, sizeof *site->persons);
    site->order = calloc(people, sizeof *site->order);
    site->due = calloc(people, sizeof *site->due);
    site->opening_posts = calloc(people, sizeof *site->opening_posts);
    site->workers = calloc(posts + 1, sizeof *site->workers);
    site->services = calloc(services + 1, sizeof *site->services);
    site->practices = calloc((size_t)site->practice_count, sizeof *site->practices);
    site->rng = gsl_rng_alloc(gsl_rng_mt19937);
    bool all = site->persons != NULL && site->order != NULL && site->due != NULL &&
               site->opening_posts != NULL && site->workers != NULL && site->services != NULL &&
               site->practices != NULL && site->rng != NULL;
    for (size_t post = 0; all && post < posts; post++) {
        site->workers[post].persons = calloc((size_t)cap + 1, sizeof *site->workers->persons);
        all = site->workers[post].persons != NULL;
    }
    if (!all) {
        FAIL(ERROR_MEMORY, "no memory for %zu people of the plain model", people);
    }
out:
    return status;
}

int plain_site_make(struct plain_site *site, const struct configuration *configuration,
                    const struct coefficients *c, size_t index, int replicate)
{
    const struct parameters *k = &c->parameters;
    const struct site_attributes *about = &configuration->sites[index];
    int status = 0;
    *site = (struct plain_site){.c = c,
                                .about = about,
                                .week = -1,
                                .worker_count = about->link_workers,
                                .practice_count = about->practices};
    site->person_count =
        k->run.mode == RUN_MODE_COHORT
            ? (int)lround(k->population.offers_per_week * k->population.arrival_weeks)
            : about->practices * k->registered.list_size_per_practice;
    if (configuration->has_population || configuration->intervention_count > 0) {
        FAIL(ERROR_INPUT, "the plain model knows no patient files and no interventions");
    }
    TRY(make_room(site, k->diary.caseload_cap));
    gsl_rng_set(site->rng, 1000003UL * (unsigned long)k->run.seed +
                               1009UL * (unsigned long)replicate + (unsigned long)index);
    make_practices(site);
    make_services(site);
    for (int post = 0; post < site->worker_count; post++) {
        plain_hire(site, &site->workers[post], about->months_in_role,
                   about->primary_care_managed ? 0.0 : k->link_worker.knowledge_vcse);
    }
    make_people(site);
out:
    return status;
}

void plain_site_free(struct plain_site *site)
{
    for (int post = 0; site->workers != NULL && post < site->worker_count; post++) {
        free(site->workers[post].persons);
    }
    free(site->persons);
    free(site->order);
    free(site->due);
    free(site->opening_posts);
    free(site->workers);
    free(site->services);
    free(site->practices);
    if (site->rng != NULL) {
        gsl_rng_free(site->rng);
    }
    *site = (struct plain_site){0};
}
