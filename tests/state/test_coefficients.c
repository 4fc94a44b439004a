/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/coefficients.h"

#include "base/checks.h"
#include "parameters/table.h"
#include "state/model_kinds.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Every number of the parameters different from all others, so that a family filled from a wrong
 * member shows.  Within range where ranges matter for what is computed.
 */
static void make_all_differ(struct parameters *parameters)
{
    parameters_default(parameters);
    for (size_t i = 0; i < parameter_count(); i++) {
        const struct parameter_row *row = parameter_row(i);
        const bool ages = strncmp(row->name, "population.age", 14) == 0 ||
                          strncmp(row->name, "registered.age", 14) == 0;
        char *at = (char *)parameters + row->offset;
        if (row->kind == PARAMETER_REAL && !ages) {
            *(double *)(void *)at = 0.001 + 0.0017 * (double)i;
        }
        if (row->kind == PARAMETER_INT) {
            *(int *)(void *)at = 1 + (int)i;
        }
    }
}

static double named(const struct parameters *parameters, const char *format, const char *one,
                    const char *two)
{
    char name[128];
    (void)snprintf(name, sizeof name, format, one, two);
    const struct parameter_row *row = parameter_find(name);
    if (row == NULL) {
        fail_msg("there is no parameter %s", name);
    }
    return parameter_value(parameters, row);
}

static void families_hold_their_parameters(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    make_all_differ(&p);
    coefficients_compute(&c, &p);
    for (int d = 0; d < NEED_COUNT; d++) {
        const char *need = need_names[d];
        assert_near(c.need_easing[d], named(&p, "events.%s_easing", need, ""), 1e-7);
        assert_near(c.stigma[d], named(&p, "services.%s_stigma", need, ""), 1e-7);
        for (int f = 0; f < FORMAT_COUNT; f++) {
            assert_near(c.services[d][f], named(&p, "services.%s_%s", need, format_names[f]), 0.0);
        }
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        const char *barrier = barrier_names[k];
        assert_near(c.barrier_easing[k], named(&p, "events.%s_easing", barrier, ""), 1e-7);
        assert_near(c.capacity_barrier[k], named(&p, "readiness.%s_weight", barrier, ""), 1e-7);
        for (int f = 0; f < FORMAT_COUNT; f++) {
            assert_near(c.gate[f][k], named(&p, "gate.%s_%s", format_names[f], barrier), 1e-7);
        }
    }
}

/* The probability that a standard normal lies above a threshold is the prevalence in the quintile. */
static void assert_prevalence(const float *threshold, double base, double gradient)
{
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        const double p = base * exp(gradient * (2.0 - q));
        if (p > 0.0) {
            assert_near(gsl_cdf_ugaussian_Q((double)threshold[q]), p < 0.98 ? p : 0.98, 1e-7);
        } else {
            assert_true(isinf(threshold[q]));
        }
    }
}

static void thresholds_hold_the_prevalences(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    make_all_differ(&p);
    for (int mode = 0; mode < 2; mode++) {
        p.run.mode = mode == 0 ? RUN_MODE_COHORT : RUN_MODE_REGISTERED;
        const double needs = mode == 0 ? 1.0 : p.registered.need_scale;
        const double barriers = mode == 0 ? 1.0 : p.registered.barrier_scale;
        coefficients_compute(&c, &p);
        for (int d = 0; d < NEED_COUNT; d++) {
            assert_prevalence(c.need_threshold[d],
                              needs * named(&p, "need.%s_base", need_names[d], ""),
                              named(&p, "need.%s_gradient", need_names[d], ""));
        }
        const int plain[] = {BARRIER_HOUSING, BARRIER_INCOME, BARRIER_TRANSPORT};
        for (int n = 0; n < 3; n++) {
            const char *name = barrier_names[plain[n]];
            assert_prevalence(c.barrier_threshold[plain[n]],
                              barriers * named(&p, "barrier.%s_base", name, ""),
                              named(&p, "barrier.%s_gradient", name, ""));
        }
        const double r = p.barrier.caring_female_ratio, caring = barriers * p.barrier.caring_base;
        assert_prevalence(c.caring_threshold[0], caring * 2.0 / (1.0 + r),
                          p.barrier.caring_gradient);
        assert_prevalence(c.caring_threshold[1], caring * 2.0 * r / (1.0 + r),
                          p.barrier.caring_gradient);
        for (int e = 0; e < ETHNICITY_COUNT; e++) {
            assert_prevalence(c.language_threshold[e],
                              barriers * named(&p, "barrier.language_%s", ethnicity_names[e], ""),
                              p.barrier.language_gradient);
        }
        for (int q = 0; q < QUINTILE_COUNT; q++) {
            assert_near(c.health_probability[q],
                        barriers * p.barrier.health_base *
                            exp(p.barrier.health_gradient * (2.0 - q)),
                        1e-7);
        }
    }
    assert_true(isinf(presence_threshold(0.0)));
    assert_near(presence_threshold(0.5), 0.0, 1e-12);
}

static void single_weights_hold_their_parameters(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    make_all_differ(&p);
    coefficients_compute(&c, &p);
    assert_near(c.severity_weight, p.need.severity_weight, 1e-7);
    assert_near(c.capacity_stress, p.readiness.stress_weight, 1e-7);
    assert_near(c.clarity_floor, p.readiness.clarity_floor, 1e-7);
    assert_near(c.gate_aversion, p.gate.group_aversion, 1e-7);
    assert_near(c.wellbeing_intercept, p.wellbeing.intercept, 1e-7);
    assert_near(c.wellbeing_hope, p.wellbeing.hope_weight, 1e-7);
    assert_near(c.wellbeing_confidence, p.wellbeing.confidence_weight, 1e-7);
    assert_near(c.wellbeing_ties, p.wellbeing.ties_weight, 1e-7);
    assert_near(c.wellbeing_stress, p.wellbeing.stress_weight, 1e-7);
    assert_near(c.wellbeing_isolation, p.wellbeing.isolation_weight, 1e-7);
    assert_memory_equal(&c.parameters, &p, sizeof p);
}

static void advocates_reach_four_barriers(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    make_all_differ(&p);
    coefficients_compute(&c, &p);
    assert_near(c.advocacy_control[BARRIER_HOUSING], p.session.control_housing, 1e-7);
    assert_near(c.advocacy_control[BARRIER_INCOME], p.session.control_income, 1e-7);
    assert_near(c.advocacy_control[BARRIER_TRANSPORT], p.session.control_transport, 1e-7);
    assert_near(c.advocacy_control[BARRIER_LANGUAGE], p.session.control_language, 1e-7);
    assert_true(c.advocacy_control[BARRIER_CARING] == 0.0f);
    assert_true(c.advocacy_control[BARRIER_HEALTH] == 0.0f);
}

static void ethnic_groups_are_the_study_s_in_cohort_mode(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    parameters_default(&p);
    coefficients_compute(&c, &p);
    const double counts[ETHNICITY_COUNT] = {62, 6, 5, 5, 3, 3}; /* Table 2, of 84 */
    double sum = 0.0;
    for (int e = 0; e < ETHNICITY_COUNT; e++) {
        sum += counts[e];
        assert_near(c.ethnicity_cumulative[e], sum / 84.0, 1e-12);
    }
    assert_near(c.female_share, 55.0 / 84.0, 1e-6);
}

static void registered_lists_have_their_own_people(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    parameters_default(&p);
    p.run.mode = RUN_MODE_REGISTERED;
    coefficients_compute(&c, &p);
    assert_near(c.female_share, 0.51, 1e-12);
    assert_near(c.age_low, 18.0, 1e-12);
    assert_near(c.age_span, 77.0, 1e-12);
    assert_near(c.ethnicity_cumulative[0], 74.4 / (74.4 + 7.3 + 9.6 + 4.2 + 2.4 + 2.1), 1e-12);
    assert_near(c.ethnicity_cumulative[ETHNICITY_COUNT - 1], 1.0, 1e-12);
}

/* Mean 49.3 and SD 19.5 between 19 and 86: the SD exceeds that of a uniform. */
static void ages_have_the_study_s_moments(void **state)
{
    (void)state;
    static struct parameters p;
    static struct coefficients c;
    parameters_default(&p);
    coefficients_compute(&c, &p);
    struct sample ages = {0};
    for (int i = 0; i < 200000; i++) {
        sample_add(&ages,
                   c.age_low + c.age_span * (double)quantile_of_beta(
                                                &c.age, (uint32_t)((i + 0.5) / 200000 * 0x1p32)));
    }
    assert_near(sample_mean(&ages), 49.3, 0.005);
    assert_near(sqrt(sample_variance(&ages)), 19.5, 0.005);
}

static bool is_same(const struct quantile_table *a, const struct quantile_table *b)
{
    return a->a == b->a && a->b == b->b && memcmp(a->node, b->node, sizeof a->node) == 0;
}

/* Tables beside others are those made alone, whichever of them could be copied. */
static void tables_beside_others_are_those_made_alone(void **state)
{
    (void)state;
    static struct parameters p, other;
    static struct coefficients first, beside, alone;
    parameters_default(&p);
    coefficients_compute(&first, &p);
    for (int change = 0; change < 6; change++) {
        other = p;
        other.need.severity_shape = change == 0 ? 3.0 : 2.0;
        other.trait.stigma_sensitivity_mean += change == 1 ? 0.1 : 0.0;
        other.trait.role_uncertainty_deprivation = change == 2 ? 0.0 : 0.0473;
        other.trait.few_alternatives_mean = change == 3 ? 1.0 : 0.51;
        other.trait.concentration = change == 4 ? 9.0 : 5.0;
        other.trait.consultation_rate_shape = change == 5 ? 1.1 : 0.57;
        coefficients_compute_beside(&beside, &other, &first);
        coefficients_compute(&alone, &other);
        assert_true(is_same(&beside.age, &alone.age) &&
                    is_same(&beside.severity, &alone.severity) &&
                    is_same(&beside.consultation_rate, &alone.consultation_rate) &&
                    is_same(&beside.stigma_sensitivity, &alone.stigma_sensitivity) &&
                    is_same(&beside.few_alternatives, &alone.few_alternatives) &&
                    is_same(&beside.blow, &alone.blow));
        for (int q = 0; q < QUINTILE_COUNT; q++) {
            assert_true(is_same(&beside.uncertainty[q], &alone.uncertainty[q]));
        }
        assert_near(alone.blow.a, 2.0, 0.0);
        assert_near(alone.blow.b, 2.0, 0.0);
        assert_near(
            alone.uncertainty[0].a,
            (other.trait.role_uncertainty_mean + 2.0 * other.trait.role_uncertainty_deprivation) *
                other.trait.concentration,
            1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_beside_others_are_those_made_alone),
        cmocka_unit_test(families_hold_their_parameters),
        cmocka_unit_test(thresholds_hold_the_prevalences),
        cmocka_unit_test(single_weights_hold_their_parameters),
        cmocka_unit_test(advocates_reach_four_barriers),
        cmocka_unit_test(ethnic_groups_are_the_study_s_in_cohort_mode),
        cmocka_unit_test(registered_lists_have_their_own_people),
        cmocka_unit_test(ages_have_the_study_s_moments),
    };
    return cmocka_run_group_tests_name("coefficients", tests, NULL, NULL);
}
