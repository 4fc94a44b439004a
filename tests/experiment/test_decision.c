/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/decision.h"

#include "base/checks.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

static uint64_t seed = 1;

static double normal(void)
{
    return gsl_cdf_ugaussian_Pinv((double)(next_input(&seed) >> 12) * 0x1p-52 + 0x1p-54);
}

static struct decision made(size_t sets, size_t replicates, size_t options)
{
    struct decision d;
    assert_int_equal(decision_init(&d, sets, replicates, options), 0);
    return d;
}

static void put(struct decision *d, size_t set, size_t replicate, size_t option, double cost,
                double effect)
{
    d->costs[decision_at(d, set, replicate, option)] = cost;
    d->effects[decision_at(d, set, replicate, option)] = effect;
}

/* Option 0 costs and does nothing; the net benefit of option 1 is mean + sd x quantile of a normal, over
 * evenly spaced quantiles, with noise between replicates.
 */
static struct decision two_normals(size_t sets, size_t replicates, double mean, double sd,
                                   double noise)
{
    struct decision d = made(sets, replicates, 2);
    for (size_t k = 0; k < sets; k++) {
        const double benefit = mean + sd * gsl_cdf_ugaussian_Pinv(((double)k + 0.5) / (double)sets);
        for (size_t r = 0; r < replicates; r++) {
            put(&d, k, r, 0, 0.0, 0.0);
            put(&d, k, r, 1, 100.0, (100.0 + benefit + noise * normal()) / 1000.0);
        }
    }
    return d;
}

/* E max(0, X) - max(0, E X) of a normal X. */
static double closed_form(double mean, double sd)
{
    return sd * gsl_ran_ugaussian_pdf(mean / sd) + mean * gsl_cdf_ugaussian_P(mean / sd) -
           fmax(0.0, mean);
}

static void perfect_information_of_two_normals(void **state)
{
    (void)state;
    for (int mean = -10; mean <= 10; mean += 5) {
        struct decision d = two_normals(20000, 2, mean, 8.0, 0.0);
        const struct information i = decision_information(&d, 1000.0);
        assert_near(i.uncorrected, closed_form(mean, 8.0), 0.005);
        assert_near(i.value, i.uncorrected, 1e-9); /* without noise there is nothing to take off */
        decision_free(&d);
    }
}

/* Four noisy replicates make the plain value too large, as the closed form with their variance says; the
 * jackknife takes most of that off.
 */
static void noise_is_taken_off(void **state)
{
    (void)state;
    const double mean = 3.0, sd = 8.0, noise = 12.0;
    struct decision d = two_normals(20000, 4, mean, sd, noise);
    const struct information i = decision_information(&d, 1000.0);
    const double truth = closed_form(mean, sd),
                 inflated = closed_form(mean, hypot(sd, noise / 2.0));
    assert_near(i.uncorrected, inflated, 5.0 * i.error);
    assert_near(i.value, truth, 5.0 * i.error);
    assert_true(fabs(i.value - truth) < 0.25 * (i.uncorrected - truth));
    assert_true(i.uncorrected - truth > 5.0 * i.error); /* so that the test could fail */
    decision_free(&d);
}

static void acceptability_is_a_direct_count(void **state)
{
    (void)state;
    enum { SETS = 500, REPLICATES = 3, OPTIONS = 4 };
    struct decision d = made(SETS, REPLICATES, OPTIONS);
    for (size_t i = 0; i < SETS * REPLICATES * OPTIONS; i++) {
        d.costs[i] = 10.0 * normal();
        d.effects[i] = normal();
    }
    const double threshold = 7.0;
    double shares[OPTIONS], counted[OPTIONS] = {0.0}, sum = 0.0;
    double mean[OPTIONS] = {0.0};
    for (size_t k = 0; k < SETS; k++) {
        double most = -1e9;
        size_t best = 0;
        for (size_t o = 0; o < OPTIONS; o++) {
            double benefit = 0.0;
            for (size_t r = 0; r < REPLICATES; r++) {
                const size_t at = (k * REPLICATES + r) * OPTIONS + o;
                benefit += (threshold * d.effects[at] - d.costs[at]) / REPLICATES;
            }
            mean[o] += benefit;
            if (benefit > most) {
                most = benefit;
                best = o;
            }
        }
        counted[best] += 1.0 / SETS;
    }
    decision_acceptability(&d, threshold, shares);
    for (size_t o = 0; o < OPTIONS; o++) {
        assert_near(shares[o], counted[o], 1e-12);
        sum += shares[o];
        assert_true(mean[decision_best(&d, threshold)] >= mean[o]);
    }
    assert_near(sum, 1.0, 1e-12);
    decision_free(&d);
}

/* Sets, replicates and the rest are told apart: 95 % of sets, error of the mean, share of chance. */
static void chance_is_told_from_parameters(void **state)
{
    (void)state;
    enum { SETS = 4000, REPLICATES = 6 };
    struct decision d = made(SETS, REPLICATES, 2);
    double common[REPLICATES];
    for (size_t r = 0; r < REPLICATES; r++) {
        common[r] = 3.0 * (r % 2 == 0 ? 1.0 : -1.0);
    }
    for (size_t k = 0; k < SETS; k++) {
        const double of_set = 2.0 * gsl_cdf_ugaussian_Pinv(((double)k + 0.5) / SETS);
        for (size_t r = 0; r < REPLICATES; r++) {
            put(&d, k, r, 0, 50.0, 0.0);
            put(&d, k, r, 1, 60.0 + of_set + common[r] + 4.0 * normal(), 0.0);
        }
    }
    const struct spread s = decision_increment(&d, of_cost, 1);
    const double rest = 16.0 / REPLICATES;
    assert_near(s.mean, 10.0, 5.0 * sqrt(rest / SETS));
    assert_near(s.chance, rest / (rest + 4.0), 0.03);
    /* the sets' own spread, without the 2.7 that chance would add to their variance, and the error */
    assert_near(s.high - s.low, 2.0 * hypot(1.96 * 2.0, s.margin), 0.3);
    assert_near(s.error, sqrt(9.0 * 6.0 / 5.0 / REPLICATES + (4.0 + rest) / SETS), 0.05);
    decision_free(&d);
    struct decision missing = made(3, 2, 2);
    assert_true(isnan(decision_increment(&missing, of_cost, 1).mean));
    decision_free(&missing);
}

/* Two replicates that all sets share: the interval of the mean holds the truth as often as it says. */
static void two_replicates_make_wide_intervals(void **state)
{
    (void)state;
    enum { TRIALS = 1000, SETS = 20 };
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct decision d = made(SETS, 2, 2);
        const double common[2] = {normal(), normal()};
        for (size_t n = 0; n < SETS * 2; n++) {
            put(&d, n / 2, n % 2, 0, 0.0, 0.0);
            put(&d, n / 2, n % 2, 1, 0.0, 5.0 + common[n % 2] + 0.1 * normal());
        }
        const struct spread s = decision_increment(&d, of_effect, 1);
        held += fabs(s.mean - 5.0) <= s.margin && s.low <= 5.0 && s.high >= 5.0;
        decision_free(&d);
    }
    assert_in_range(held, 930, 970); /* 95 % of 1000, within 3 standard errors; a normal's: 705 */
}

/* Cost 300 for certain, effect about 2: the ends are the ratios at the ends of the effect. Where its interval
 * includes 0 there are none.
 */
static void ratios_have_intervals(void **state)
{
    (void)state;
    enum { SETS = 200 };
    for (int wide = 0; wide < 2; wide++) {
        struct decision d = made(SETS, 2, 2);
        for (size_t k = 0; k < SETS; k++) {
            const double q = gsl_cdf_ugaussian_Pinv(((double)k + 0.5) / SETS);
            for (size_t r = 0; r < 2; r++) {
                put(&d, k, r, 0, 100.0, 1.0);
                put(&d, k, r, 1, 400.0, 3.0 + (wide ? 1.5 : 0.2) * q);
            }
        }
        const struct spread effect = decision_increment(&d, of_effect, 1);
        const struct ratio ratio = decision_ratio(&d, 1);
        assert_near(ratio.mean, 150.0, 1e-6);
        if (wide) {
            assert_true(effect.low < 0.0 && isnan(ratio.low) && isnan(ratio.high));
        } else {
            assert_near(ratio.low, 300.0 / effect.high, 1e-6);
            assert_near(ratio.high, 300.0 / effect.low, 1e-6);
        }
        decision_free(&d);
    }
}

/* The most explaining of ten idle parameters stays below what is said, nearly always. */
static void few_sets_let_chance_explain(void **state)
{
    (void)state;
    enum { TRIALS = 200, SETS = 12, IDLE = 10 };
    const double bound = decision_explained_by_chance(SETS, IDLE);
    int beyond = 0, fooled = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct decision d = two_normals(SETS, 2, 0.0, 1.0, 0.0);
        double most = 0.0, idle[SETS];
        for (int p = 0; p < IDLE; p++) {
            struct partial_information partial;
            for (size_t k = 0; k < SETS; k++) {
                idle[k] = normal();
            }
            assert_int_equal(decision_partial_information(&d, 1000.0, idle, &partial), 0);
            most = fmax(most, partial.explained);
        }
        beyond += most > bound;
        fooled += most > 0.3;
        decision_free(&d);
    }
    assert_true(beyond <= 20); /* expected: 10 or fewer */
    assert_true(fooled > 50);  /* with so few sets chance does explain much */
    assert_true(decision_explained_by_chance(200, 25) < 0.1);
    assert_near(decision_explained_by_chance(3, 25), 1.0, 0.0);
}

/* Net benefit = a linear in one parameter, b curved in another: each alone has a closed form. */
static void one_parameter_alone(void **state)
{
    (void)state;
    enum { SETS = 20000 };
    struct decision d = made(SETS, 2, 2);
    double *first = malloc(SETS * sizeof *first), *second = malloc(SETS * sizeof *second);
    double *idle = malloc(SETS * sizeof *idle);
    for (size_t k = 0; k < SETS; k++) {
        first[k] = 2.0 * next_unit(&seed) - 1.0;
        second[k] = exp(next_unit(&seed)); /* any scale: ranks count */
        idle[k] = next_unit(&seed);
        const double u = 2.0 * log(second[k]) - 1.0;
        const double benefit = 6.0 * first[k] + 9.0 * u * u - 4.0;
        for (size_t r = 0; r < 2; r++) {
            put(&d, k, r, 0, 0.0, 0.0);
            put(&d, k, r, 1, -benefit + 2.0 * normal(), 0.0);
        }
    }
    struct partial_information p;
    /* E[NB | first] = 6 x - 1: worth knowing is the mean of max(0, 6 x - 1), x uniform on -1 to 1 */
    assert_int_equal(decision_partial_information(&d, 0.0, first, &p), 0);
    assert_near(p.value, 25.0 / 24.0, 0.06);
    assert_near(p.explained, 12.0 / (12.0 + 7.2 + 2.0), 0.02);
    /* E[NB | second] = 9 u^2 - 4: mean of its positive part, u^2 > 4 / 9 */
    assert_int_equal(decision_partial_information(&d, 0.0, second, &p), 0);
    assert_near(p.value, 3.0 * (1.0 - 8.0 / 27.0) - 4.0 / 3.0, 0.06);
    assert_int_equal(decision_partial_information(&d, 0.0, idle, &p), 0);
    assert_true(p.value == 0.0 && p.explained == 0.0);
    for (size_t k = 0; k < SETS; k++) {
        idle[k] = 5.0;
    }
    assert_int_equal(decision_partial_information(&d, 0.0, idle, &p), 0);
    assert_true(p.value == 0.0 && p.explained == 0.0);
    free(first);
    free(second);
    free(idle);
    decision_free(&d);
}

static void frontier_by_hand(void **state)
{
    (void)state;
    /* cheapest; dominated; extended by a mixture of 0 and 3; on it; on it; the same as 3 */
    const double costs[] = {10, 40, 25, 30, 90, 30}, effects[] = {1, 1.5, 2, 3, 5, 3};
    static const enum standing expected[] = {STANDING_FRONTIER, STANDING_DOMINATED,
                                             STANDING_EXTENDED, STANDING_FRONTIER,
                                             STANDING_FRONTIER, STANDING_DOMINATED};
    enum standing standings[6];
    double ratios[6];
    struct decision d = made(2, 2, 6);
    for (size_t o = 0; o < 6; o++) {
        for (size_t n = 0; n < 4; n++) { /* sets and replicates around these means */
            put(&d, n / 2, n % 2, o, costs[o] + (n % 2 ? 1.0 : -1.0), effects[o]);
        }
    }
    decision_frontier(&d, standings, ratios);
    for (size_t o = 0; o < 6; o++) {
        assert_int_equal(standings[o], expected[o]);
    }
    assert_true(isnan(ratios[0]) && isnan(ratios[1]) && isnan(ratios[2]));
    assert_near(ratios[3], 10.0, 1e-9);
    assert_near(ratios[4], 30.0, 1e-9);
    decision_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(perfect_information_of_two_normals),
        cmocka_unit_test(noise_is_taken_off),
        cmocka_unit_test(acceptability_is_a_direct_count),
        cmocka_unit_test(chance_is_told_from_parameters),
        cmocka_unit_test(two_replicates_make_wide_intervals),
        cmocka_unit_test(ratios_have_intervals),
        cmocka_unit_test(few_sets_let_chance_explain),
        cmocka_unit_test(one_parameter_alone),
        cmocka_unit_test(frontier_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
