/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/between.h"
#include "run/population.h"
#include "state/site_fixture.h"

#include <gsl/gsl_cdf.h>

/* Every variable of the starting population against its exact distribution function, and that nobody's
 * draws depend on who is drawn beside. */

enum { PEOPLE = 20000 };

/* Who is drawn beside whom, in which lane and row, and how often others are drawn again, is nothing
 * to anyone: the same people backwards, and each alone. */
static void company_changes_no_bit(void **state)
{
    (void)state;
    enum { COMPANY = 300 };
    struct fixture f;
    struct patients alone;
    fixture_start(&f);
    f.parameters.need.mental_base = 0.05; /* many are drawn again */
    f.parameters.need.financial_base = 0.05;
    fixture_build(&f, 2 * COMPANY, 0);
    struct patients *p = &f.site.patients;
    assert_int_equal(0, patients_init(&alone, &f.arena, 1));
    for (int32_t i = 0; i < COMPANY; i++) {
        p->person[i] = i;
        p->person[COMPANY + i] = COMPANY - 1 - i;
    }
    population_draw_cohort(&f.site, p, 2 * COMPANY, NULL);
    population_draw_states(&f.site, p, 0, 2 * COMPANY, NULL);
    population_draw_traits(&f.site, p, 0, 2 * COMPANY, NULL);
    for (size_t i = 0; i < COMPANY; i++) {
        alone.person[0] = (int32_t)i;
        int attempt = 0;
        while (!population_draw_one(&f.site, &alone, 0, attempt, NULL)) {
            attempt++;
        }
        population_draw_states(&f.site, &alone, 0, 1, NULL);
        population_draw_traits(&f.site, &alone, 0, 1, NULL);
        const size_t other = 2 * COMPANY - 1 - i;
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define HISTORY FIELD
#define TRAIT(type, name, unit, meaning)                                                           \
    assert_true(p->name[i] == p->name[other] && p->name[i] == alone.name[0]);
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (size_t n = 0; n < length; n++) {                                                          \
        assert_true(p->name[n][i] == p->name[n][other] && p->name[n][i] == alone.name[n][0]);      \
    }
#define STATE(type, name, unit, meaning)
#define STATES TRAITS
#include "state/patient_fields.def"
        assert_true(p->stress[i] == p->stress[other] && p->stress[i] == alone.stress[0]);
        assert_true(p->uncertainty[i] == alone.uncertainty[0]);
    }
    fixture_end(&f);
}

/* Each variable against its exact distribution function, by Kolmogorov and Smirnov; `shares` are the
 * values that the function gives. */
static double shares[PEOPLE];

#define ASSERT_DISTRIBUTED(what) assert_distributed(#what, __LINE__)

static void assert_distributed(const char *what, int line)
{
    const double distance = kolmogorov_distance(shares, PEOPLE);
    if (!(distance < KOLMOGOROV_LIMIT)) {
        fail_msg("%s (line %d): distance %g", what, line, distance);
    }
}

static double of_beta(float x, double mean, double concentration)
{
    return gsl_cdf_beta_P((double)x, mean * concentration, (1.0 - mean) * concentration);
}

static double of_normal(float x, double mean, double sd)
{
    return gsl_cdf_gaussian_P((double)x - mean, sd);
}

/* A line of f.parameters for everyone: share of the distribution below each person's value. */
#define CHECK_EACH(what, share)                                                                    \
    for (size_t i = 0; i < PEOPLE; i++) {                                                          \
        shares[i] = (share);                                                                       \
    }                                                                                              \
    ASSERT_DISTRIBUTED(what)

static void everything_has_its_distribution(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.run.mode = RUN_MODE_REGISTERED; /* nobody is drawn again */
    f.parameters.registered.list_size_per_practice = PEOPLE;
    f.parameters.baseline.sd = 0.05; /* and hardly anyone is clipped */
    fixture_build(&f, PEOPLE, 0);
    const struct parameters *k = &f.parameters;
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)population_draw_one(&f.site, p, i, 0, NULL);
    }
    population_draw_states(&f.site, p, 0, PEOPLE, NULL);
    population_draw_traits(&f.site, p, 0, PEOPLE, NULL);
    const double low = k->registered.age_minimum, span = k->registered.age_maximum - low;
    const double age = (k->registered.age_mean - low) / span, sd = k->registered.age_sd / span;
    const double spread = age * (1.0 - age) / (sd * sd) - 1.0,
                 shape = k->trait.consultation_rate_shape;
    CHECK_EACH(age, of_beta((p->age[i] - (float)low) / (float)span, age, spread));
    CHECK_EACH(personal consultation rate,
               gsl_cdf_gamma_P(
                   (double)p->consultation_rate[i] /
                       (k->gp.base_rate * exp(k->gp.age_slope * ((double)p->age[i] - 45.0) / 10.0 +
                                              k->gp.female_effect * p->female[i])),
                   shape, 1.0 / shape));
    const struct resting_weights w = resting_weights(&f.coefficients);
#define SEVERE                                                                                     \
    (double)severity_of_values(w.severity_weight, p->need[0][i], p->need[1][i], p->need[2][i],     \
                               p->need[3][i], p->need[4][i])
    CHECK_EACH(hope, of_normal(p->hope[i],
                               k->baseline.hope_mean - k->baseline.hope_severity * SEVERE, 0.05));
    CHECK_EACH(confidence,
               of_normal(p->confidence[i],
                         k->baseline.confidence_mean - k->baseline.confidence_severity * SEVERE,
                         0.05));
    CHECK_EACH(coping,
               of_normal(p->coping[i],
                         k->baseline.coping_mean - k->baseline.coping_severity * SEVERE, 0.05));
    CHECK_EACH(clarity, of_normal(p->clarity[i], k->baseline.clarity_mean, 0.05));
    CHECK_EACH(ties, of_normal(p->ties[i],
                               k->baseline.ties_mean - k->baseline.ties_relationship *
                                                           (double)p->need[NEED_RELATIONSHIPS][i],
                               0.05));
#undef SEVERE
    CHECK_EACH(rapport, gsl_cdf_lognormal_P((double)p->rapport[i], log(k->trait.rapport_median),
                                            k->trait.rapport_sigma));
    CHECK_EACH(offset, of_normal(p->wellbeing_offset[i], 0.0, k->trait.wellbeing_offset_sd));
    const double alike = k->trait.concentration;
    CHECK_EACH(stigma, of_beta(p->stigma_sensitivity[i], k->trait.stigma_sensitivity_mean, alike));
    CHECK_EACH(alternatives,
               of_beta(p->few_alternatives[i], k->trait.few_alternatives_mean, alike));
    CHECK_EACH(uncertainty,
               of_beta(p->uncertainty[i],
                       k->trait.role_uncertainty_mean +
                           k->trait.role_uncertainty_deprivation * (3.0 - p->quintile[i]),
                       alike));
    CHECK_EACH(
        aversion,
        of_beta(p->group_aversion[i],
                k->trait.group_aversion_mean +
                    k->trait.group_aversion_mental * (double)p->need[NEED_MENTAL][i] +
                    k->trait.group_aversion_language * (double)p->barrier[BARRIER_LANGUAGE][i],
                alike));
    fixture_end(&f);
}

/* All needs present: their severities, and those of barriers, by the exact Beta. */
static void severities_have_their_distribution(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.need.severity_shape = 1.3;
    f.parameters.adversity.correlation = 1.0; /* one cause for all: present or absent together */
    f.parameters.need.mental_base = f.parameters.need.social_base = 0.98;
    f.parameters.barrier.housing_base = 0.98;
    f.parameters.need.mental_gradient = f.parameters.need.social_gradient = 0.0;
    f.parameters.barrier.housing_gradient = 0.0;
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    size_t n = 0;
    static double mental[PEOPLE], social[PEOPLE], housing[PEOPLE];
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)population_draw_one(&f.site, p, i, 0, NULL);
        const bool has_mental = p->need[NEED_MENTAL][i] > 0.0f;
        assert_true(has_mental == (p->need[NEED_SOCIAL][i] > 0.0f));
        assert_true(has_mental == (p->barrier[BARRIER_HOUSING][i] > 0.0f));
        if (has_mental) {
            mental[n] = gsl_cdf_beta_P((double)p->need[NEED_MENTAL][i], 1.3, 1.3);
            social[n] = gsl_cdf_beta_P((double)p->need[NEED_SOCIAL][i], 1.3, 1.3);
            housing[n++] = gsl_cdf_beta_P((double)p->barrier[BARRIER_HOUSING][i], 1.3, 1.3);
        }
    }
    assert_frequency(n, PEOPLE, 0.98);
    double product = 0.0;
    for (size_t i = 0; i < n; i++) {
        product += (mental[i] - 0.5) * (social[i] - 0.5) * 12.0 / (double)n;
    }
    assert_near(product, 0.0,
                FIVE_SIGMA / sqrt((double)n)); /* present together, severe each alone */
    assert_true(kolmogorov_distance(mental, n) < KOLMOGOROV_LIMIT);
    assert_true(kolmogorov_distance(social, n) < KOLMOGOROV_LIMIT);
    assert_true(kolmogorov_distance(housing, n) < KOLMOGOROV_LIMIT);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(company_changes_no_bit),
        cmocka_unit_test(everything_has_its_distribution),
        cmocka_unit_test(severities_have_their_distribution),
    };
    return cmocka_run_group_tests_name("population_draws", tests, NULL, NULL);
}
