/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"

#include "base/checks.h"

static double within(double x)
{
    return fmin(fmax(x, 0.0), 1.0);
}

double hand_logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

struct hand_person hand_copy(const struct patients *p, size_t i)
{
    struct hand_person h = {.trust = (double)p->trust[i],
                            .hope = (double)p->hope[i],
                            .stress = (double)p->stress[i],
                            .confidence = (double)p->confidence[i],
                            .isolation = (double)p->isolation[i],
                            .clarity = (double)p->clarity[i],
                            .motivation = (double)p->motivation[i],
                            .coping = (double)p->coping[i],
                            .ties = (double)p->ties[i],
                            .enjoyment = (double)p->enjoyment[i],
                            .uncertainty = (double)p->uncertainty[i],
                            .hope0 = (double)p->hope_baseline[i],
                            .confidence0 = (double)p->confidence_baseline[i],
                            .clarity0 = (double)p->clarity_baseline[i],
                            .coping0 = (double)p->coping_baseline[i],
                            .ties0 = (double)p->ties_baseline[i],
                            .rapport = (double)p->rapport[i]};
    for (int d = 0; d < NEED_COUNT; d++) {
        h.need[d] = (double)p->need[d][i];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        h.barrier[b] = (double)p->barrier[b][i];
    }
    return h;
}

void hand_compare(const struct hand_person *h, const struct patients *p, size_t i, double tolerance)
{
    assert_near(p->trust[i], h->trust, tolerance);
    assert_near(p->hope[i], h->hope, tolerance);
    assert_near(p->stress[i], h->stress, tolerance);
    assert_near(p->confidence[i], h->confidence, tolerance);
    assert_near(p->isolation[i], h->isolation, tolerance);
    assert_near(p->clarity[i], h->clarity, tolerance);
    assert_near(p->motivation[i], h->motivation, tolerance);
    assert_near(p->coping[i], h->coping, tolerance);
    assert_near(p->ties[i], h->ties, tolerance);
    assert_near(p->enjoyment[i], h->enjoyment, tolerance);
    assert_near(p->uncertainty[i], h->uncertainty, tolerance);
    for (int d = 0; d < NEED_COUNT; d++) {
        assert_near(p->need[d][i], h->need[d], tolerance);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        assert_near(p->barrier[b][i], h->barrier[b], tolerance);
    }
}

double hand_severity(const struct parameters *k, const struct hand_person *h)
{
    double without = 1.0;
    for (int d = 0; d < NEED_COUNT; d++) {
        without *= 1.0 - k->need.severity_weight * h->need[d];
    }
    return 1.0 - without;
}

double hand_capacity(const struct parameters *k, const struct hand_person *h)
{
    return (1.0 - k->readiness.stress_weight * h->stress) *
           (1.0 - k->readiness.housing_weight * h->barrier[BARRIER_HOUSING]) *
           (1.0 - k->readiness.income_weight * h->barrier[BARRIER_INCOME]) *
           (1.0 - k->readiness.transport_weight * h->barrier[BARRIER_TRANSPORT]) *
           (1.0 - k->readiness.caring_weight * h->barrier[BARRIER_CARING]) *
           (1.0 - k->readiness.language_weight * h->barrier[BARRIER_LANGUAGE]) *
           (1.0 - k->readiness.health_weight * h->barrier[BARRIER_HEALTH]);
}

double hand_readiness(const struct parameters *k, const struct hand_person *h)
{
    const double floor = k->readiness.clarity_floor;
    return h->motivation * (floor + (1.0 - floor) * h->clarity) * hand_capacity(k, h);
}

double hand_attendance_barriers(const struct hand_person *h)
{
    return (h->barrier[BARRIER_TRANSPORT] + h->barrier[BARRIER_CARING] +
            h->barrier[BARRIER_HEALTH]) /
           3.0;
}

double hand_input(const struct parameters *k, const struct link_worker *worker, double q)
{
    const double heard = (double)worker->listening *
                         (1.0 - k->session.burnout_listening_loss * (double)worker->burnout);
    return within(k->session.listening_weight * k->mechanisms.IS1 * heard * q +
                  k->session.informality_weight * k->mechanisms.IS2 * (double)worker->informality *
                      q);
}

/* x + a (1 - x), written as what it adds. */
static double up(double x, double a)
{
    return within(a) * (1.0 - x);
}

static double down(double x, double a)
{
    return -within(a) * x;
}

/* Who the link worker is to the patient: trust, role, offloading, enjoyment, uplift. */
static void between_two_people(const struct parameters *k, const struct hand_person *now,
                               struct hand_person *next, const struct link_worker *worker, double q)
{
    const double x = hand_input(k, worker, q), shared = now->trust * x;
    const double understood = 1.0 - now->barrier[BARRIER_LANGUAGE] * (1.0 - k->session.interpreter);
    next->trust += up(now->trust, now->rapport * x * understood);
    next->uncertainty +=
        down(now->uncertainty, k->session.role_clarity * (double)worker->listening * q);
    next->stress += down(now->stress, k->session.offload_stress * k->mechanisms.IS3 * shared);
    next->coping += up(now->coping, k->session.offload_coping * k->mechanisms.IS3 * shared);
    next->enjoyment += (k->mechanisms.IS4 * shared - now->enjoyment) / 2.0;
    next->hope += up(now->hope, k->session.uplift_hope * k->mechanisms.IS5 * shared);
}

/* What the link worker knows. */
static void knowledge(const struct parameters *k, const struct hand_person *now,
                      struct hand_person *next, const struct link_worker *worker, double q)
{
    int largest = 0;
    double mean = 0.0;
    for (int d = 0; d < NEED_COUNT; d++) {
        largest = now->need[d] > now->need[largest] ? d : largest;
        mean += (double)worker->knowledge[d] / NEED_COUNT;
    }
    const double known = (double)worker->knowledge[largest];
    const double money = (double)worker->knowledge[NEED_FINANCIAL], n = now->need[NEED_FINANCIAL];
    next->hope += up(now->hope, k->session.knowledge_hope * k->mechanisms.KS1 * known * now->trust);
    next->clarity +=
        up(now->clarity, k->session.plan_clarity * k->mechanisms.KS2 * known * now->trust * q *
                             (1.0 - (double)worker->directiveness / 2.0));
    next->confidence +=
        up(now->confidence, k->session.plan_confidence * k->mechanisms.KS2 * known * now->trust);
    if (n > 0.0) {
        const double relief = k->session.financial_relief * k->mechanisms.KS4 * money * q;
        next->need[NEED_FINANCIAL] += down(n, relief);
        next->barrier[BARRIER_INCOME] += down(now->barrier[BARRIER_INCOME], relief);
        next->stress +=
            down(now->stress, k->session.financial_stress_relief * k->mechanisms.KS4 * n * money);
    }
    next->coping += up(now->coping, k->session.coping_strategies * k->mechanisms.KS5 * mean * q);
}

/* What the link worker does for the patient. */
static void anchoring(const struct parameters *k, const struct hand_person *now,
                      struct hand_person *next, double q, struct hand_draws draws)
{
    next->clarity +=
        up(now->clarity, k->session.anchor_clarity * k->mechanisms.AP1 * now->trust * q);
    if (draws.advocates) {
        const double control[BARRIER_COUNT] = {
            k->session.control_housing,   k->session.control_income,
            k->session.control_transport, 0.0,
            k->session.control_language,  0.0};
        for (int b = 0; b < BARRIER_COUNT; b++) {
            next->barrier[b] +=
                down(now->barrier[b], k->session.advocacy_barrier * k->mechanisms.AP2 * control[b]);
        }
        next->isolation +=
            down(now->isolation, k->session.advocacy_isolation * k->mechanisms.AP2 * now->trust);
    }
    if (draws.arranges) {
        next->barrier[BARRIER_HEALTH] +=
            down(now->barrier[BARRIER_HEALTH], k->session.arranged_gp_health);
    }
}

static void goals(const struct parameters *k, const struct hand_person *now,
                  struct hand_person *next, const struct link_worker *worker,
                  struct hand_draws draws)
{
    next->motivation += up(now->motivation, k->session.tailoring_motivation * k->mechanisms.RD1 *
                                                (double)worker->tailoring * now->trust * now->hope);
    if (draws.meets_goal) {
        next->confidence += up(now->confidence, k->session.goal_confidence * k->mechanisms.RD6);
        next->motivation += up(now->motivation, k->session.goal_motivation * k->mechanisms.RD6);
    }
}

void hand_session(const struct parameters *k, struct hand_person *h,
                  const struct link_worker *worker, double q, struct hand_draws draws)
{
    const struct hand_person now = *h;
    between_two_people(k, &now, h, worker, q);
    knowledge(k, &now, h, worker, q);
    anchoring(k, &now, h, q, draws);
    goals(k, &now, h, worker, draws);
    double *const all[] = {&h->trust,     &h->hope,       &h->stress,     &h->confidence,
                           &h->isolation, &h->clarity,    &h->motivation, &h->coping,
                           &h->enjoyment, &h->uncertainty};
    for (size_t v = 0; v < sizeof all / sizeof all[0]; v++) {
        *all[v] = within(*all[v]);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        h->need[d] = within(h->need[d]);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        h->barrier[b] = within(h->barrier[b]);
    }
}

void hand_between(const struct parameters *k, struct hand_person *h, double reliability,
                  int weeks_since_contact)
{
    const struct hand_person now = *h;
    double barriers = 0.0;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        barriers += now.barrier[b] / BARRIER_COUNT;
    }
    const double s =
        within(k->between.stress_intercept + k->between.stress_severity * hand_severity(k, &now) +
               k->between.stress_barriers * barriers + k->between.stress_isolation * now.isolation -
               k->between.stress_coping * now.coping);
    const double m = within(
        k->between.motivation_intercept + k->between.motivation_hope * now.hope +
        k->between.motivation_confidence * now.confidence +
        k->between.motivation_clarity * now.clarity - k->between.motivation_stress * now.stress);
    const double l = within(k->between.isolation_intercept +
                            k->between.isolation_social * now.need[NEED_SOCIAL] +
                            k->between.isolation_relationships * now.need[NEED_RELATIONSHIPS] -
                            k->between.isolation_ties * now.ties);
    h->stress += k->between.stress_rate * (s - now.stress);
    h->stress *=
        1.0 - within(k->between.anchor_stress * k->mechanisms.AP1 * now.trust * reliability);
    h->motivation += k->between.motivation_rate * (m - now.motivation);
    h->isolation += k->between.isolation_rate * (l - now.isolation);
    h->hope += k->between.hope_fade * (now.hope0 - now.hope);
    h->confidence += k->between.confidence_fade * (now.confidence0 - now.confidence);
    h->clarity += k->between.clarity_fade * (now.clarity0 - now.clarity);
    h->coping += k->between.coping_fade * (now.coping0 - now.coping);
    h->ties += k->between.ties_fade * (now.ties0 - now.ties);
    if (weeks_since_contact > k->between.trust_gap_weeks) {
        h->trust *= 1.0 - k->between.trust_fade;
    }
}

void hand_ease(const struct parameters *k, struct hand_person *h)
{
    const double needs[NEED_COUNT] = {k->events.mental_easing, k->events.somatic_easing,
                                      k->events.social_easing, k->events.relationships_easing,
                                      k->events.financial_easing};
    const double barriers[BARRIER_COUNT] = {k->events.housing_easing,   k->events.income_easing,
                                            k->events.transport_easing, k->events.caring_easing,
                                            k->events.language_easing,  k->events.health_easing};
    for (int d = 0; d < NEED_COUNT; d++) {
        h->need[d] *= 1.0 - needs[d];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        h->barrier[b] *= 1.0 - barriers[b];
    }
}
