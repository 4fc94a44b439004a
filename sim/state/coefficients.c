/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/coefficients.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static void notation(struct coefficients *c, const struct parameters *p)
{
    c->severity_weight = (float)p->need.severity_weight;
    c->capacity_stress = (float)p->readiness.stress_weight;
    const double weights[BARRIER_COUNT] = {
        p->readiness.housing_weight, p->readiness.income_weight,   p->readiness.transport_weight,
        p->readiness.caring_weight,  p->readiness.language_weight, p->readiness.health_weight};
    for (int k = 0; k < BARRIER_COUNT; k++) {
        c->capacity_barrier[k] = (float)weights[k];
    }
    c->clarity_floor = (float)p->readiness.clarity_floor;
    c->wellbeing_intercept = (float)p->wellbeing.intercept;
    c->wellbeing_hope = (float)p->wellbeing.hope_weight;
    c->wellbeing_confidence = (float)p->wellbeing.confidence_weight;
    c->wellbeing_ties = (float)p->wellbeing.ties_weight;
    c->wellbeing_stress = (float)p->wellbeing.stress_weight;
    c->wellbeing_isolation = (float)p->wellbeing.isolation_weight;
}

static void easing(struct coefficients *c, const struct parameters *p)
{
    const double needs[NEED_COUNT] = {p->events.mental_easing, p->events.somatic_easing,
                                      p->events.social_easing, p->events.relationships_easing,
                                      p->events.financial_easing};
    const double barriers[BARRIER_COUNT] = {p->events.housing_easing,   p->events.income_easing,
                                            p->events.transport_easing, p->events.caring_easing,
                                            p->events.language_easing,  p->events.health_easing};
    for (int d = 0; d < NEED_COUNT; d++) {
        c->need_easing[d] = (float)needs[d];
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        c->barrier_easing[k] = (float)barriers[k];
    }
}

static void gates(struct coefficients *c, const struct parameters *p)
{
#define GATES(format)                                                                              \
    {                                                                                              \
        (float)p->gate.format##_housing, (float)p->gate.format##_income,                           \
            (float)p->gate.format##_transport, (float)p->gate.format##_caring,                     \
            (float)p->gate.format##_language, (float)p->gate.format##_health                       \
    }
    const float table[FORMAT_COUNT][BARRIER_COUNT] = {GATES(group), GATES(one_to_one),
                                                      GATES(advice), GATES(remote)};
#undef GATES
    for (int f = 0; f < FORMAT_COUNT; f++) {
        for (int k = 0; k < BARRIER_COUNT; k++) {
            c->gate[f][k] = table[f][k];
        }
    }
    c->gate_aversion = (float)p->gate.group_aversion;
    for (int k = 0; k < BARRIER_COUNT; k++) {
        c->advocacy_control[k] = 0.0f;
    }
    c->advocacy_control[BARRIER_HOUSING] = (float)p->session.control_housing;
    c->advocacy_control[BARRIER_INCOME] = (float)p->session.control_income;
    c->advocacy_control[BARRIER_TRANSPORT] = (float)p->session.control_transport;
    c->advocacy_control[BARRIER_LANGUAGE] = (float)p->session.control_language;
}

static void services(struct coefficients *c, const struct parameters *p)
{
#define SERVICES(domain)                                                                           \
    {                                                                                              \
        p->services.domain##_group, p->services.domain##_one_to_one, p->services.domain##_advice,  \
            p->services.domain##_remote                                                            \
    }
    const int table[NEED_COUNT][FORMAT_COUNT] = {SERVICES(mental), SERVICES(somatic),
                                                 SERVICES(social), SERVICES(relationships),
                                                 SERVICES(financial)};
#undef SERVICES
    const double stigma[NEED_COUNT] = {p->services.mental_stigma, p->services.somatic_stigma,
                                       p->services.social_stigma, p->services.relationships_stigma,
                                       p->services.financial_stigma};
    for (int d = 0; d < NEED_COUNT; d++) {
        c->stigma[d] = (float)stigma[d];
        for (int f = 0; f < FORMAT_COUNT; f++) {
            c->services[d][f] = table[d][f];
        }
    }
}

float presence_threshold(double probability)
{
    return probability > 0.0 ? (float)gsl_cdf_ugaussian_Qinv(fmin(probability, 0.98)) : INFINITY;
}

/* Thresholds by quintile: the probability grows by exp(gradient) with each step of deprivation. */
static void by_quintile(float *threshold, double base, double gradient, double scale)
{
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        threshold[q] = presence_threshold(base * scale * exp(gradient * (2.0 - q)));
    }
}

static void prevalences(struct coefficients *c, const struct parameters *p)
{
    const bool registered = p->run.mode == RUN_MODE_REGISTERED;
    const double needs = registered ? p->registered.need_scale : 1.0;
    const double barriers = registered ? p->registered.barrier_scale : 1.0;
#define NEED(index, name)                                                                          \
    by_quintile(c->need_threshold[index], p->need.name##_base, p->need.name##_gradient, needs);
    NEED(NEED_MENTAL, mental)
    NEED(NEED_SOMATIC, somatic)
    NEED(NEED_SOCIAL, social)
    NEED(NEED_RELATIONSHIPS, relationships)
    NEED(NEED_FINANCIAL, financial)
#undef NEED
#define BARRIER(index, name)                                                                       \
    by_quintile(c->barrier_threshold[index], p->barrier.name##_base, p->barrier.name##_gradient,   \
                barriers);
    BARRIER(BARRIER_HOUSING, housing)
    BARRIER(BARRIER_INCOME, income)
    BARRIER(BARRIER_TRANSPORT, transport)
#undef BARRIER
    const double r = p->barrier.caring_female_ratio;
    for (int woman = 0; woman < 2; woman++) {
        by_quintile(c->caring_threshold[woman],
                    p->barrier.caring_base * ((woman ? 2.0 * r : 2.0) / (1.0 + r)),
                    p->barrier.caring_gradient, barriers);
    }
    const double language[ETHNICITY_COUNT] = {
        p->barrier.language_white_british, p->barrier.language_white_other,
        p->barrier.language_asian,         p->barrier.language_black,
        p->barrier.language_mixed,         p->barrier.language_other};
    for (int e = 0; e < ETHNICITY_COUNT; e++) {
        by_quintile(c->language_threshold[e], language[e], p->barrier.language_gradient, barriers);
    }
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        c->health_probability[q] = (float)(p->barrier.health_base * barriers *
                                           exp(p->barrier.health_gradient * (2.0 - q)));
    }
}

static void make_beta(struct quantile_table *table, const struct quantile_table *known, double a,
                      double b)
{
    if (known != NULL && known->a == a && known->b == b) {
        *table = *known;
    } else {
        quantiles_of_beta(table, a, b);
    }
}

/* Table 2 of the study in cohort mode, English adults in registered mode. */
static void demography(struct coefficients *c, const struct parameters *p,
                       const struct coefficients *known)
{
    double mean, sd, high;
    double weights[ETHNICITY_COUNT];
#define DEMOGRAPHY(section)                                                                        \
    do {                                                                                           \
        c->age_low = p->section.age_minimum;                                                       \
        high = p->section.age_maximum;                                                             \
        mean = p->section.age_mean;                                                                \
        sd = p->section.age_sd;                                                                    \
        c->female_share = p->section.female_share;                                                 \
        weights[ETHNICITY_WHITE_BRITISH] = p->section.ethnicity_white_british;                     \
        weights[ETHNICITY_WHITE_OTHER] = p->section.ethnicity_white_other;                         \
        weights[ETHNICITY_ASIAN] = p->section.ethnicity_asian;                                     \
        weights[ETHNICITY_BLACK] = p->section.ethnicity_black;                                     \
        weights[ETHNICITY_MIXED] = p->section.ethnicity_mixed;                                     \
        weights[ETHNICITY_OTHER] = p->section.ethnicity_other;                                     \
    } while (0)
    if (p->run.mode == RUN_MODE_COHORT) {
        DEMOGRAPHY(population);
    } else {
        DEMOGRAPHY(registered);
    }
#undef DEMOGRAPHY
    double total = 0.0;
    for (int e = 0; e < ETHNICITY_COUNT; e++) {
        total += weights[e];
        c->ethnicity_cumulative[e] = total;
    }
    for (int e = 0; e < ETHNICITY_COUNT; e++) {
        c->ethnicity_cumulative[e] /= total;
    }
    c->age_span = high - c->age_low;
    const double m = (mean - c->age_low) / c->age_span;
    const double v = (sd / c->age_span) * (sd / c->age_span);
    const double concentration = m * (1.0 - m) / v - 1.0;
    make_beta(&c->age, known != NULL ? &known->age : NULL, m * concentration,
              (1.0 - m) * concentration);
    if (known != NULL && known->consultation_rate.a == p->trait.consultation_rate_shape) {
        c->consultation_rate = known->consultation_rate;
    } else {
        quantiles_of_gamma(&c->consultation_rate, p->trait.consultation_rate_shape);
    }
}

/* The mean is kept off the ends, where one of the shapes would vanish. */
static void make_trait(struct quantile_table *table, const struct quantile_table *known,
                       double mean, double concentration)
{
    mean = fmin(fmax(mean, 0.001), 0.999);
    make_beta(table, known, mean * concentration, (1.0 - mean) * concentration);
}

static void people(struct coefficients *c, const struct parameters *p,
                   const struct coefficients *known)
{
    const double shape = p->need.severity_shape, concentration = p->trait.concentration;
#define KNOWN(table) (known != NULL ? &known->table : NULL)
    make_beta(&c->severity, KNOWN(severity), shape, shape);
    make_beta(&c->blow, known != NULL ? &known->blow : &c->severity, 2.0, 2.0);
    make_trait(&c->stigma_sensitivity, KNOWN(stigma_sensitivity), p->trait.stigma_sensitivity_mean,
               concentration);
    make_trait(&c->few_alternatives, KNOWN(few_alternatives), p->trait.few_alternatives_mean,
               concentration);
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        const double mean =
            p->trait.role_uncertainty_mean + p->trait.role_uncertainty_deprivation * (2.0 - q);
        make_trait(&c->uncertainty[q], KNOWN(uncertainty[q]), mean, concentration);
    }
#undef KNOWN
}

void coefficients_compute_beside(struct coefficients *c, const struct parameters *parameters,
                                 const struct coefficients *known)
{
    c->parameters = *parameters;
    notation(c, parameters);
    easing(c, parameters);
    gates(c, parameters);
    services(c, parameters);
    prevalences(c, parameters);
    demography(c, parameters, known);
    people(c, parameters, known);
}

void coefficients_compute(struct coefficients *c, const struct parameters *parameters)
{
    coefficients_compute_beside(c, parameters, NULL);
}

void coefficients_vary(struct coefficients *c, const struct coefficients *base,
                       const struct parameters *parameters)
{
    *c = *base;
    c->parameters = *parameters;
    notation(c, parameters);
    easing(c, parameters);
    gates(c, parameters);
    services(c, parameters);
}
