/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/population.h"

#include "mechanisms/hand_model.h"
#include "state/site_fixture.h"

#include <gsl/gsl_cdf.h>

/* The starting population against Table 2 of the study and the formulas of the model. */

enum { PEOPLE = 20000 };

static double given[POPULATION_FIELD_COUNT];

static void give_nothing(void)
{
    for (int field = 0; field < POPULATION_FIELD_COUNT; field++) {
        given[field] = NAN;
    }
}

static void table_2_is_met(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    struct sample ages = {0};
    int women = 0, groups[ETHNICITY_COUNT] = {0};
    population_draw_cohort(&f.site, p, PEOPLE, NULL);
    for (size_t i = 0; i < PEOPLE; i++) {
        sample_add(&ages, (double)p->age[i]);
        women += p->female[i];
        groups[p->ethnicity[i]]++;
        assert_true(p->age[i] >= 19.0f && p->age[i] <= 86.0f);
        double need = 0.0;
        for (int d = 0; d < NEED_COUNT; d++) {
            need += (double)p->need[d][i];
            assert_true(p->starting_need[d][i] == p->need[d][i]);
        }
        assert_true(need > 0.0); /* nobody without need is referred */
    }
    assert_sample_mean(&ages, 49.3);
    /* the variance has a standard error of its own: kurtosis of this Beta is about 1.8 */
    assert_near(sqrt(sample_variance(&ages)), 19.5,
                FIVE_SIGMA * 19.5 * sqrt((1.8 - 1.0) / 4.0 / PEOPLE));
    assert_frequency(women, PEOPLE, 55.0 / 84.0);
    const double counts[ETHNICITY_COUNT] = {62, 6, 5, 5, 3, 3};
    for (int e = 0; e < ETHNICITY_COUNT; e++) {
        assert_frequency(groups[e], PEOPLE, counts[e] / 84.0);
    }
    fixture_end(&f);
}

static void quintiles_follow_the_site(void **state)
{
    (void)state;
    const double shares[3][5] = {
        {.05, .10, .15, .25, .45}, {.2, .2, .2, .2, .2}, {.45, .25, .15, .10, .05}};
    const int kinds[3] = {DEPRIVATION_LOW, DEPRIVATION_MEDIUM, DEPRIVATION_HIGH};
    for (int n = 0; n < 3; n++) {
        struct fixture f;
        int found[5] = {0};
        fixture_start(&f);
        f.attributes.deprivation = kinds[n];
        fixture_build(&f, PEOPLE, 0);
        for (size_t i = 0; i < PEOPLE; i++) {
            (void)population_draw_one(&f.site, &f.site.patients, i, 0, NULL);
            found[f.site.patients.quintile[i] - 1]++;
        }
        for (int q = 0; q < 5; q++) {
            assert_frequency(found[q], PEOPLE, shares[n][q]);
        }
        fixture_end(&f);
    }
}

/* Prevalences by the text of the model, of people of 70. */
static void prevalences(const struct parameters *k, int female, int quintile, int ethnicity,
                        double need_shares[NEED_COUNT], double barrier_shares[BARRIER_COUNT])
{
    const double steps = 3.0 - quintile;
    const double caring = female ? 2.0 * 1.5 / 2.5 : 2.0 / 2.5; /* 1.5 times commoner in women */
    const double languages[ETHNICITY_COUNT] = {
        k->barrier.language_white_british, k->barrier.language_white_other,
        k->barrier.language_asian,         k->barrier.language_black,
        k->barrier.language_mixed,         k->barrier.language_other};
    const double needs[NEED_COUNT] = {
        k->need.mental_base * exp(k->need.mental_gradient * steps),
        k->need.somatic_base * exp(k->need.somatic_gradient * steps),
        k->need.social_base * exp(k->need.social_gradient * steps),
        k->need.relationships_base * exp(k->need.relationships_gradient * steps),
        k->need.financial_base * exp(k->need.financial_gradient * steps)};
    const double barriers[BARRIER_COUNT] = {
        k->barrier.housing_base * exp(k->barrier.housing_gradient * steps),
        k->barrier.income_base * exp(k->barrier.income_gradient * steps),
        k->barrier.transport_base * exp(k->barrier.transport_gradient * steps),
        k->barrier.caring_base * caring * exp(k->barrier.caring_gradient * steps),
        languages[ethnicity] * exp(k->barrier.language_gradient * steps),
        k->barrier.health_base * exp(k->barrier.health_age_slope * 2.0) *
            exp(k->barrier.health_gradient * steps)};
    memcpy(need_shares, needs, sizeof needs);
    memcpy(barrier_shares, barriers, sizeof barriers);
}

/* Share with each need and barrier among women (or men) of 70 of an ethnic group, quintile q. */
static void check_prevalence(int female, int quintile, int ethnicity, double scale_needs,
                             double scale_barriers)
{
    struct fixture f;
    fixture_start(&f);
    if (scale_needs < 1.0) {
        f.parameters.run.mode = RUN_MODE_REGISTERED;
        f.parameters.registered.need_scale = scale_needs;
        f.parameters.registered.barrier_scale = scale_barriers;
    }
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    give_nothing();
    given[POPULATION_FIELD_deprivation_quintile] = quintile;
    given[POPULATION_FIELD_ethnicity] = ethnicity;
    given[POPULATION_FIELD_female] = female;
    given[POPULATION_FIELD_age] = 70.0;
    int needs[NEED_COUNT] = {0}, barriers[BARRIER_COUNT] = {0};
    struct sample severities = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)population_draw_one(&f.site, p, i, 0, given);
        for (int d = 0; d < NEED_COUNT; d++) {
            needs[d] += p->need[d][i] > 0.0f;
            if (p->need[d][i] > 0.0f) {
                sample_add(&severities, (double)p->need[d][i]);
            }
        }
        for (int b = 0; b < BARRIER_COUNT; b++) {
            barriers[b] += p->barrier[b][i] > 0.0f;
        }
    }
    double need_shares[NEED_COUNT], barrier_shares[BARRIER_COUNT];
    prevalences(&f.parameters, female, quintile, ethnicity, need_shares, barrier_shares);
    for (int d = 0; d < NEED_COUNT; d++) {
        assert_frequency(needs[d], PEOPLE, need_shares[d] * scale_needs);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        assert_frequency(barriers[b], PEOPLE, barrier_shares[b] * scale_barriers);
    }
    assert_sample_mean(&severities, 0.5); /* Beta(2, 2) */
    assert_near(sample_variance(&severities), 0.05, 0.002);
    fixture_end(&f);
}

static void needs_and_barriers_have_their_prevalence(void **state)
{
    (void)state;
    check_prevalence(1, 3, ETHNICITY_ASIAN, 1.0, 1.0);
    check_prevalence(0, 3, ETHNICITY_WHITE_BRITISH, 1.0, 1.0);
    check_prevalence(1, 1, ETHNICITY_OTHER, 1.0, 1.0);
    check_prevalence(0, 5, ETHNICITY_BLACK, 1.0, 1.0);
    check_prevalence(1, 2, ETHNICITY_MIXED, 0.35, 0.5); /* registered lists */
}

/* P(no need at all) and P(both of two) by integrating over the adversity that ties them. */
static void adversity_ties_needs_together(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, PEOPLE, 0);
    give_nothing();
    given[POPULATION_FIELD_deprivation_quintile] = 3.0;
    int without = 0, both = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        without += !population_draw_one(&f.site, &f.site.patients, i, 0, given);
        both += f.site.patients.need[NEED_FINANCIAL][i] > 0.0f &&
                f.site.patients.barrier[BARRIER_HOUSING][i] > 0.0f;
    }
    const struct parameters *k = &f.parameters;
    const double rho = k->adversity.correlation, own = sqrt(1.0 - rho * rho);
    const double bases[NEED_COUNT] = {k->need.mental_base, k->need.somatic_base,
                                      k->need.social_base, k->need.relationships_base,
                                      k->need.financial_base};
    double p_without = 0.0, p_both = 0.0;
    for (int n = -4000; n <= 4000; n++) { /* f from -8 to 8 */
        const double x = n / 500.0, weight = exp(-x * x / 2.0) / sqrt(2.0 * M_PI) / 500.0;
        double none = 1.0;
        for (int d = 0; d < NEED_COUNT; d++) {
            const double limit = gsl_cdf_ugaussian_Pinv(1.0 - bases[d]);
            none *= gsl_cdf_ugaussian_P((limit - rho * x) / own);
        }
        const double money = gsl_cdf_ugaussian_Pinv(1.0 - k->need.financial_base);
        const double housing = gsl_cdf_ugaussian_Pinv(1.0 - k->barrier.housing_base);
        p_without += weight * none;
        p_both += weight * gsl_cdf_ugaussian_Q((money - rho * x) / own) *
                  gsl_cdf_ugaussian_Q((housing - rho * x) / own);
    }
    assert_frequency(without, PEOPLE, p_without);
    assert_frequency(both, PEOPLE, p_both);
    assert_true(p_both > 1.3 * k->need.financial_base * k->barrier.housing_base);
    fixture_end(&f);
}

static void baselines_fall_with_severity(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.baseline.sd = 0.04; /* so that hardly anyone is clipped */
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    struct sample samples[5] = {{0}};
    const struct hand_person hand = hand_copy(p, 0); /* needs .5 0 .3 .2 .4 */
    const double v = hand_severity(&f.parameters, &hand);
    population_draw_states(&f.site, p, 0, PEOPLE, NULL);
    for (size_t i = 0; i < PEOPLE; i++) {
        const float values[5] = {p->hope[i], p->confidence[i], p->clarity[i], p->coping[i],
                                 p->ties[i]};
        for (int b = 0; b < 5; b++) {
            sample_add(&samples[b], (double)values[b]);
        }
        assert_true(p->hope_baseline[i] == p->hope[i] && p->ties_baseline[i] == p->ties[i]);
        assert_true(p->trust[i] == 0.0f && p->enjoyment[i] == 0.0f);
    }
    const struct parameters *k = &f.parameters;
    const double means[5] = {k->baseline.hope_mean - k->baseline.hope_severity * v,
                             k->baseline.confidence_mean - k->baseline.confidence_severity * v,
                             k->baseline.clarity_mean,
                             k->baseline.coping_mean - k->baseline.coping_severity * v,
                             k->baseline.ties_mean - k->baseline.ties_relationship * 0.2};
    for (int b = 0; b < 5; b++) {
        const struct sample *baseline = &samples[b];
        assert_sample_mean(baseline, means[b]);
        assert_near(sqrt(sample_variance(baseline)), 0.04, 0.04 * FIVE_SIGMA / sqrt(2.0 * PEOPLE));
    }
    fixture_end(&f);
}

static void baselines_are_clipped(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.baseline.sd = 0.5;
    fixture_build(&f, 2000, 0);
    float least = 1.0f, most = 0.0f;
    population_draw_states(&f.site, &f.site.patients, 0, 2000, NULL);
    for (size_t i = 0; i < 2000; i++) {
        least = fminf(least, f.site.patients.hope[i]);
        most = fmaxf(most, f.site.patients.hope[i]);
    }
    assert_near(least, 0.02, 1e-7);
    assert_near(most, 0.98, 1e-7);
    fixture_end(&f);
}

/* S, M and L start at rest: a week between sessions moves none of them. */
static void states_start_at_rest(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 300, 0);
    population_draw_cohort(&f.site, &f.site.patients, 300, NULL);
    population_draw_states(&f.site, &f.site.patients, 0, 300, NULL);
    for (size_t i = 0; i < 300; i++) {
        struct hand_person hand = hand_copy(&f.site.patients, i);
        hand_between(&f.parameters, &hand, 0.0, 0);
        hand_compare(&hand, &f.site.patients, i, 1e-6);
    }
    fixture_end(&f);
}

static void traits_have_their_distributions(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    struct sample speed = {0}, averse = {0}, stigma = {0}, unsure = {0}, few = {0}, offset = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        p->quintile[i] = 1;
    }
    population_draw_traits(&f.site, p, 0, PEOPLE, NULL);
    for (size_t i = 0; i < PEOPLE; i++) {
        sample_add(&speed, log((double)p->rapport[i]));
        sample_add(&averse, (double)p->group_aversion[i]);
        sample_add(&stigma, (double)p->stigma_sensitivity[i]);
        sample_add(&unsure, (double)p->uncertainty[i]);
        sample_add(&few, (double)p->few_alternatives[i]);
        sample_add(&offset, (double)p->wellbeing_offset[i]);
    }
    const struct parameters *k = &f.parameters;
    const double narrow = FIVE_SIGMA / sqrt(2.0 * PEOPLE); /* of a normal's SD, relative */
    assert_sample_mean(&speed, log(k->trait.rapport_median));
    assert_near(sqrt(sample_variance(&speed)) / k->trait.rapport_sigma, 1.0, narrow);
    const double mean = k->trait.group_aversion_mean + k->trait.group_aversion_mental * 0.5 +
                        k->trait.group_aversion_language * 0.2; /* mental need .5, language .2 */
    assert_sample_mean(&averse, mean);
    assert_near(sample_variance(&averse), mean * (1.0 - mean) / (k->trait.concentration + 1.0),
                0.002);
    assert_sample_mean(&stigma, k->trait.stigma_sensitivity_mean);
    assert_sample_mean(&unsure, k->trait.role_uncertainty_mean +
                                    k->trait.role_uncertainty_deprivation * 2.0);
    assert_sample_mean(&few, k->trait.few_alternatives_mean);
    assert_sample_mean(&offset, 0.0);
    assert_near(sqrt(sample_variance(&offset)) / k->trait.wellbeing_offset_sd, 1.0, narrow);
    fixture_end(&f);
}

/* g = 5 exp(.1 (70 - 45) / 10 + .2) times a personal rate, Gamma with mean 1 and shape .57. */
static void consultation_rates(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.gp.base_rate = 5.0;
    f.parameters.gp.age_slope = 0.1;
    f.parameters.gp.female_effect = 0.2;
    f.parameters.trait.consultation_rate_shape = 0.57;
    f.parameters.events.health_decline_hazard = 0.004;
    f.parameters.events.health_decline_age_slope = 0.25;
    fixture_build(&f, PEOPLE, 0);
    give_nothing();
    given[POPULATION_FIELD_age] = 70.0;
    given[POPULATION_FIELD_female] = 1.0;
    struct sample rates = {0};
    const double base = 5.0 * exp(0.25 + 0.2);
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)population_draw_one(&f.site, &f.site.patients, i, 0, given);
        sample_add(&rates, (double)f.site.patients.consultation_rate[i] / base);
    }
    assert_sample_mean(&rates, 1.0);
    assert_near(sample_variance(&rates), 1.0 / 0.57, 0.2);
    assert_near(f.site.patients.health_decline[0], 0.004 * exp(0.25 * 2.0), 1e-7);
    fixture_end(&f);
}

static void practices_share_the_people(void **state)
{
    (void)state;
    struct fixture f;
    int found[4] = {0};
    fixture_start(&f);
    fixture_build(&f, PEOPLE, 0);
    f.site.practice_count = 4;
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)population_draw_one(&f.site, &f.site.patients, i, 0, NULL);
        found[f.site.patients.practice[i]]++;
    }
    for (int n = 0; n < 4; n++) {
        assert_frequency(found[n], PEOPLE, 0.25);
    }
    f.coefficients.parameters.run.mode = RUN_MODE_REGISTERED;
    f.coefficients.parameters.registered.list_size_per_practice = 5000;
    for (size_t i = 0; i < PEOPLE; i++) { /* a list has its own people */
        (void)population_draw_one(&f.site, &f.site.patients, i, 0, NULL);
        assert_int_equal(f.site.patients.practice[i], i / 5000);
    }
    fixture_end(&f);
}

static void given_values_override(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    f.site.practice_count = 3;
    struct patients *p = &f.site.patients;
    const double *lines[] = {given};
    for (int field = 0; field < POPULATION_FIELD_COUNT; field++) {
        given[field] = 0.11 + 0.01 * field; /* every field its own */
    }
    given[POPULATION_FIELD_female] = 0.0;
    given[POPULATION_FIELD_ethnicity] = ETHNICITY_MIXED;
    given[POPULATION_FIELD_deprivation_quintile] = 4.0;
    given[POPULATION_FIELD_practice] = 2.0;
    given[POPULATION_FIELD_age] = 33.0;
    population_draw_cohort(&f.site, p, 1, lines);
    population_draw_states(&f.site, p, 0, 1, lines);
    population_draw_traits(&f.site, p, 0, 1, lines);
#define CHECK(actual, field) assert_near(actual, given[POPULATION_FIELD_##field], 1e-6)
    CHECK(p->age[0], age);
    CHECK(p->female[0], female);
    CHECK(p->ethnicity[0], ethnicity);
    CHECK(p->quintile[0], deprivation_quintile);
    assert_int_equal(p->practice[0], 1); /* counted from 0 inside */
    CHECK(p->rapport[0], rapport);
    CHECK(p->group_aversion[0], group_aversion);
    CHECK(p->stigma_sensitivity[0], stigma_sensitivity);
    CHECK(p->few_alternatives[0], few_alternatives);
    CHECK(p->uncertainty[0], role_uncertainty);
    CHECK(p->wellbeing_offset[0], wellbeing_offset);
    CHECK(p->need[NEED_MENTAL][0], need_mental);
    CHECK(p->need[NEED_SOMATIC][0], need_somatic);
    CHECK(p->need[NEED_SOCIAL][0], need_social);
    CHECK(p->need[NEED_RELATIONSHIPS][0], need_relationships);
    CHECK(p->need[NEED_FINANCIAL][0], need_financial);
    CHECK(p->barrier[BARRIER_HOUSING][0], barrier_housing);
    CHECK(p->barrier[BARRIER_INCOME][0], barrier_income);
    CHECK(p->barrier[BARRIER_TRANSPORT][0], barrier_transport);
    CHECK(p->barrier[BARRIER_CARING][0], barrier_caring);
    CHECK(p->barrier[BARRIER_LANGUAGE][0], barrier_language);
    CHECK(p->barrier[BARRIER_HEALTH][0], barrier_health);
    CHECK(p->hope[0], hope);
    CHECK(p->hope_baseline[0], hope);
    CHECK(p->confidence[0], confidence);
    CHECK(p->clarity[0], clarity);
    CHECK(p->coping[0], coping);
    CHECK(p->ties[0], ties);
    CHECK(p->stress[0], stress);
    CHECK(p->motivation[0], motivation);
    CHECK(p->isolation[0], isolation);
#undef CHECK
    const double rate =
        f.parameters.gp.base_rate * exp(f.parameters.gp.age_slope * (33.0 - 45.0) / 10.0);
    assert_near(p->consultation_rate[0], rate * given[POPULATION_FIELD_consultation_rate], 1e-5);
    fixture_end(&f);
}

/* Rows 0 and 1 are the same person. */
static struct patients *two_alike(struct fixture *f)
{
    fixture_start(f);
    fixture_build(f, 2, 0);
    f->site.patients.person[1] = f->site.patients.person[0] = 5;
    return &f->site.patients;
}

/* What the file leaves out is drawn as if nothing had been given. */
static void what_is_not_given_is_drawn(void **state)
{
    (void)state;
    struct fixture f;
    struct patients *p = two_alike(&f);
    give_nothing();
    given[POPULATION_FIELD_age] = 33.0;
    given[POPULATION_FIELD_hope] = 0.9;
    const double *lines[] = {NULL, given};
    population_draw_cohort(&f.site, p, 2, lines);
    population_draw_states(&f.site, p, 0, 2, lines);
    population_draw_traits(&f.site, p, 0, 2, lines);
    assert_near(p->age[1], 33.0, 1e-6);
    assert_near(p->hope[1], 0.9, 1e-6);
    assert_int_equal(p->female[1], p->female[0]);
    assert_int_equal(p->quintile[1], p->quintile[0]);
    assert_true(p->coping[1] == p->coping[0]);
    assert_true(p->rapport[1] == p->rapport[0]);
    assert_true(p->need[NEED_SOCIAL][1] == p->need[NEED_SOCIAL][0]);
    fixture_end(&f);
}

/* What follows from a drawn value follows from a given one instead: V from needs, hope from V; L from
 * ties, S from L, M from S. */
static void what_is_given_has_its_consequences(void **state)
{
    (void)state;
    struct fixture f;
    struct patients *p = two_alike(&f);
    for (enum population_field field = POPULATION_FIELD_need_mental;
         field < POPULATION_FIELD_need_mental + NEED_COUNT; field++) {
        give_nothing();
        given[field] = 0.97;
        const double *lines[] = {NULL, given};
        population_draw_cohort(&f.site, p, 2, lines);
        population_draw_states(&f.site, p, 0, 2, lines);
        assert_true(p->hope_baseline[1] < p->hope_baseline[0]);
        assert_true(p->stress[1] > p->stress[0]);
        assert_true(p->motivation[1] < p->motivation[0]);
    }
    give_nothing();
    given[POPULATION_FIELD_ties] = 0.0;
    const double *lines[] = {NULL, given};
    population_draw_cohort(&f.site, p, 2, lines);
    population_draw_states(&f.site, p, 0, 2, lines);
    assert_true(p->isolation[1] > p->isolation[0] && p->stress[1] > p->stress[0] &&
                p->motivation[1] < p->motivation[0]);
    given[POPULATION_FIELD_isolation] = (double)p->isolation[0];
    population_draw_states(&f.site, p, 0, 2, lines);
    assert_near(p->stress[1], p->stress[0], 1e-6);
    fixture_end(&f);
}

static void histories_begin_empty(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    p->link_worker[0] = p->suggestion[0] = p->support_domain[0] = p->support_place[0] = 3;
    p->counted[0] = 0;
    population_draw_traits(&f.site, p, 0, 1, NULL);
    assert_int_equal(p->status[0], STATUS_LATENT);
    assert_int_equal(p->counted[0], 1);
    assert_int_equal(p->link_worker[0], NOBODY);
    assert_int_equal(p->suggestion[0], NOTHING);
    assert_int_equal(p->support_domain[0], NOTHING);
    assert_int_equal(p->support_place[0], NOTHING);
    assert_int_equal(p->first_session_week[0], NEVER);
    assert_int_equal(p->waited_weeks[0], NEVER);
    assert_int_equal(p->pathway[0], NEVER);
    assert_int_equal(p->closing_week[0], NEVER);
    assert_int_equal(p->last_obstacle[0], NOTHING);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_2_is_met),
        cmocka_unit_test(quintiles_follow_the_site),
        cmocka_unit_test(needs_and_barriers_have_their_prevalence),
        cmocka_unit_test(adversity_ties_needs_together),
        cmocka_unit_test(baselines_fall_with_severity),
        cmocka_unit_test(baselines_are_clipped),
        cmocka_unit_test(states_start_at_rest),
        cmocka_unit_test(traits_have_their_distributions),
        cmocka_unit_test(consultation_rates),
        cmocka_unit_test(practices_share_the_people),
        cmocka_unit_test(given_values_override),
        cmocka_unit_test(what_is_given_has_its_consequences),
        cmocka_unit_test(what_is_not_given_is_drawn),
        cmocka_unit_test(histories_begin_empty),
    };
    return cmocka_run_group_tests_name("population", tests, NULL, NULL);
}
