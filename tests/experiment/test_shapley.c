/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/shapley.h"

#include "observe/groups.h"
#include "small_run.h"

static const char *const tiny[] = {"site.number=1",
                                   "run.weeks=60",
                                   "run.replicates=2",
                                   "population.arrival_weeks=30",
                                   "run.seed=11",
                                   "run.burn_in_weeks=5",
                                   NULL};

static void orders_are_drawn_from_the_seed(void **state)
{
    (void)state;
    int first[THEORY_COUNT], again[THEORY_COUNT], other[THEORY_COUNT];
    struct sample place = {0};
    for (size_t n = 0; n < 2000; n++) {
        uint32_t seen = 0;
        shapley_order(first, 5, n);
        for (int i = 0; i < THEORY_COUNT; i++) {
            seen |= ROW_BIT(first[i]);
            if (first[i] == THEORY_KS3) {
                sample_add(&place, i);
            }
        }
        assert_int_equal(seen, ALL_ROWS); /* each row once */
    }
    assert_sample_mean(&place, (THEORY_COUNT - 1) / 2.0);
    shapley_order(first, 5, 3);
    shapley_order(again, 5, 3);
    assert_memory_equal(first, again, sizeof first);
    shapley_order(other, 5, 4);
    assert_memory_not_equal(first, other, sizeof first);
    shapley_order(other, 6, 3);
    assert_memory_not_equal(first, other, sizeof first);
}

/* A game: what the outcome is with these rows off, in a replicate. */
typedef double (*game)(uint32_t off, size_t replicate);

enum { ORDERS = 12, REPLICATES = 5 };

/* The shares in a game, no model being run. */
static void play(game value, struct estimate shares[THEORY_COUNT], struct estimate *total)
{
    struct configuration base;
    struct theory_pool pool;
    size_t full = 0;
    small_configuration(&base, tiny);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    ASSERT_DONE(theory_pool_without(&pool, 0, &full));
    ASSERT_DONE(shapley_ask(&pool, ORDERS));
    assert_true(pool.scenarios.count <= 2 + ORDERS * (THEORY_COUNT - 1));
    pool.measured_count = pool.measured.list.count = 1;
    pool.measured.scenario_count = pool.scenarios.count;
    pool.measured.replicate_count = REPLICATES;
    pool.measured.values = calloc(pool.scenarios.count * REPLICATES, sizeof(double));
    assert_non_null(pool.measured.values);
    for (size_t s = 0; s < pool.scenarios.count; s++) {
        for (size_t r = 0; r < REPLICATES; r++) {
            *results_values(&pool.measured, s, r) = value(pool.off[s], r);
        }
    }
    ASSERT_DONE(shapley_shares(&pool, ORDERS, 0, shares, total));
    theory_pool_free(&pool);
    configuration_free(&base);
}

static const double luck[REPLICATES] = {3.0, 5.0, 4.0, 8.0, 6.5};

/* EN1 alone does something, not the same in every replicate, whatever the order. */
static double one_row_and_luck(uint32_t off, size_t replicate)
{
    return 100.0 * luck[replicate] + (off & ROW_BIT(THEORY_EN1) ? 0.0 : luck[replicate]);
}

/* EN1 and RD6 do something only together, the same in every replicate: all of it goes to the one that
 * is switched off first. */
static double two_rows_and_order(uint32_t off, size_t replicate)
{
    return luck[replicate] + (off & (ROW_BIT(THEORY_EN1) | ROW_BIT(THEORY_RD6)) ? 0.0 : 1.0);
}

static double undefined_somewhere(uint32_t off, size_t replicate)
{
    return replicate == 1 && (off & ROW_BIT(THEORY_KS2)) ? NAN : one_row_and_luck(off, replicate);
}

/* Only replicates differ: the error is that over replicates, though no order changes anything. */
static void the_error_covers_replicates(void **state)
{
    (void)state;
    struct estimate shares[THEORY_COUNT], total;
    const struct estimate wanted = estimate_of(luck, REPLICATES);
    play(one_row_and_luck, shares, &total);
    assert_near(total.mean, wanted.mean, 1e-9);
    assert_near(total.standard_error, wanted.standard_error, 1e-9);
    assert_near(shares[THEORY_EN1].mean, wanted.mean, 1e-9);
    assert_near(shares[THEORY_EN1].standard_error, wanted.standard_error, 1e-9);
    assert_near(shares[THEORY_EN1].low, wanted.low, 1e-8);
    assert_near(shares[THEORY_EN1].high, wanted.high, 1e-8);
    for (int row = 1; row < THEORY_COUNT; row++) {
        assert_true(shares[row].mean == 0.0 && shares[row].standard_error == 0.0);
    }
}

/* Only orders differ: the error is that over orders, though all replicates agree. */
static void the_error_covers_orders(void **state)
{
    (void)state;
    struct estimate shares[THEORY_COUNT], total;
    double first[ORDERS];
    for (size_t n = 0; n < ORDERS; n++) {
        int order[THEORY_COUNT], i = 0;
        shapley_order(order, 11, n);
        while (order[i] != THEORY_EN1 && order[i] != THEORY_RD6) {
            i++;
        }
        first[n] = order[i] == THEORY_EN1 ? 1.0 : 0.0;
    }
    const struct estimate wanted = estimate_of(first, ORDERS);
    assert_true(wanted.mean > 0.1 && wanted.mean < 0.9);
    play(two_rows_and_order, shares, &total);
    assert_near(total.mean, 1.0, 1e-12);
    assert_near(total.standard_error, 0.0, 1e-12);
    assert_near(shares[THEORY_EN1].mean, wanted.mean, 1e-12);
    assert_near(shares[THEORY_EN1].standard_error, wanted.standard_error, 1e-12);
    assert_near(shares[THEORY_EN1].high, wanted.high, 1e-9);
    assert_near(shares[THEORY_RD6].mean, 1.0 - wanted.mean, 1e-12);
    assert_near(shares[THEORY_RD6].standard_error, wanted.standard_error, 1e-12);
}

static void an_undefined_replicate_is_left_out_everywhere(void **state)
{
    (void)state;
    struct estimate shares[THEORY_COUNT], total;
    play(undefined_somewhere, shares, &total);
    const double left[] = {3.0, 4.0, 8.0, 6.5};
    assert_near(total.mean, estimate_of(left, 4).mean, 1e-9);
    assert_near(shares[THEORY_EN1].mean, total.mean, 1e-9);
    for (int row = 0; row < THEORY_COUNT; row++) {
        assert_int_equal(shares[row].replicates, 4);
    }
}

/* In the model: the shares add up, and a row has none in what it cannot touch. */
static void shares_of_the_model_add_up(void **state)
{
    (void)state;
    static const char *const outcomes[] = {
        "pathway_of_engaged.all.b_anchored", "after_first_session.swemwbs.week39",
        "gp.per_year_after_first_session", "funnel.first_offer_accepted_share"};
    enum { COUNT = sizeof outcomes / sizeof outcomes[0] };
    struct configuration base;
    struct theory_pool pool;
    size_t full = 0;
    small_configuration(&base, tiny);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    for (size_t o = 0; o < COUNT; o++) {
        ASSERT_DONE(theory_pool_measure(&pool, outcomes[o]));
    }
    ASSERT_DONE(theory_pool_without(&pool, 0, &full));
    ASSERT_DONE(shapley_ask(&pool, 3));
    pool.scenarios.kept = 1;
    ASSERT_DONE(theory_pool_run(&pool, GROUP_ALL, 2, true));
    for (size_t o = 0; o < COUNT; o++) {
        struct estimate shares[THEORY_COUNT], one[THEORY_COUNT], total;
        double sum = 0.0;
        ASSERT_DONE(shapley_shares(&pool, 3, o, shares, &total));
        const struct quantity quantity = theory_pool_quantity(&pool, o);
        const struct estimate wanted =
            quantity_difference(&pool.measured, full, theory_pool_find(&pool, ALL_ROWS), &quantity);
        assert_true(fabs(total.mean) > 1e-3);
        assert_near(total.mean, wanted.mean, 1e-12);
        assert_near(total.standard_error, wanted.standard_error, 1e-12);
        for (int row = 0; row < THEORY_COUNT; row++) {
            sum += shares[row].mean;
            assert_int_equal(shares[row].replicates, 2);
            assert_true(shares[row].standard_error >= 0.0);
            if (o == COUNT - 1 && row > THEORY_EN4) { /* before the first decision only EN acts */
                assert_true(shares[row].mean == 0.0 && shares[row].standard_error == 0.0);
            }
        }
        assert_near(sum, total.mean, 1e-9 * fabs(total.mean));
        ASSERT_DONE(shapley_shares(&pool, 1, o, one, &total)); /* one order shows no spread */
        assert_true(isfinite(one[THEORY_IS1].mean) && isnan(one[THEORY_IS1].standard_error));
    }
    theory_pool_free(&pool);
    configuration_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_drawn_from_the_seed),
        cmocka_unit_test(the_error_covers_replicates),
        cmocka_unit_test(the_error_covers_orders),
        cmocka_unit_test(an_undefined_replicate_is_left_out_everywhere),
        cmocka_unit_test(shares_of_the_model_add_up),
    };
    return cmocka_run_group_tests_name("shapley", tests, NULL, NULL);
}
