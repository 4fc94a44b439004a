/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/snapshots.h"

#include "site_fixture.h"
#include "state/indices.h"

static void measures_stand_in_their_order(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 0);
    struct patients *p = &f.site.patients;
    const double able = (1.0 - f.parameters.readiness.stress_weight * 0.55) *
                        (1.0 - f.parameters.readiness.housing_weight * 0.1) *
                        (1.0 - f.parameters.readiness.income_weight * 0.25) *
                        (1.0 - f.parameters.readiness.transport_weight * 0.3) *
                        (1.0 - f.parameters.readiness.language_weight * 0.2) *
                        (1.0 - f.parameters.readiness.health_weight * 0.15);
    const double floor = f.parameters.readiness.clarity_floor;
    p->wellbeing_offset[1] = 1.0f;
    snapshot_take(&f.site, 1, 8);
    const float *values = snapshot_at(&f.site, 1, 8);
    const double points =
        7.0 +
        28.0 * (f.parameters.wellbeing.intercept + f.parameters.wellbeing.hope_weight * 0.4 +
                f.parameters.wellbeing.confidence_weight * 0.35 +
                f.parameters.wellbeing.ties_weight * 0.5 -
                f.parameters.wellbeing.stress_weight * 0.55 -
                f.parameters.wellbeing.isolation_weight * 0.45) +
        1.0;
    const struct {
        const char *name;
        double value;
    } expected[MEASURE_COUNT] = {{"trust", 0.3},
                                 {"hope", 0.4},
                                 {"stress", 0.55},
                                 {"readiness", 0.4 * (floor + (1.0 - floor) * 0.3) * able},
                                 {"swemwbs", points},
                                 {"coping", 0.45},
                                 {"confidence", 0.35},
                                 {"clarity", 0.3},
                                 {"motivation", 0.4},
                                 {"isolation", 0.45},
                                 {"ties", 0.5},
                                 {"barrier_housing", 0.1},
                                 {"barrier_income", 0.25},
                                 {"capacity", able},
                                 {"enjoyment", 0.1},
                                 {"uncertainty", 0.5}};
    for (int m = 0; m < MEASURE_COUNT; m++) {
        assert_string_equal(measure_names[m], expected[m].name);
        assert_near(values[m], expected[m].value, 1e-5);
    }
    fixture_end(&f);
}

static void snapshots_touch_only_their_own_cell(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 0);
    snapshot_take(&f.site, 1, 4);
    for (size_t i = 0; i < 3; i++) {
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            const bool taken = i == 1 && lag == 4;
            assert_true((snapshot_at(&f.site, i, lag)[MEASURE_HOPE] != 0.0f) == taken);
        }
    }
    fixture_end(&f);
}

/* Lags within the run are taken in their time, those beyond it never. */
static void what_lies_beyond_the_run_is_0(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 0);
    for (size_t v = 0; v < (size_t)3 * LAG_COUNT * MEASURE_COUNT; v++) {
        f.site.snapshots[v] = 7.0f; /* of an earlier piece */
    }
    f.site.week = FIXTURE_WEEKS - 13; /* the 13th week after it is none of the run, the 8th is */
    snapshots_begin(&f.site, 1);
    for (size_t i = 0; i < 3; i++) {
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            const float expected = i == 1 && lag >= lag_index(13) ? 0.0f : 7.0f;
            assert_true(snapshot_at(&f.site, i, lag)[0] == expected);
            assert_true(snapshot_at(&f.site, i, lag)[MEASURE_COUNT - 1] == expected);
        }
    }
    fixture_end(&f);
}

static void those_of_the_seen_stay_when_room_is_given_up(void **state)
{
    (void)state;
    struct fixture f;
    float before[2][LAG_COUNT][MEASURE_COUNT];
    fixture_start(&f);
    fixture_build(&f, 9, 0);
    for (size_t v = 0; v < (size_t)9 * LAG_COUNT * MEASURE_COUNT; v++) {
        f.site.snapshots[v] = (float)v;
    }
    for (size_t i = 0; i < 2; i++) {
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            memcpy(before[i][lag], snapshot_at(&f.site, i, lag), sizeof before[i][lag]);
        }
    }
    f.site.seen_count = 2;
    snapshots_compact(&f.site);
    assert_int_equal(f.site.snapshot_room, 2);
    for (size_t i = 0; i < 2; i++) {
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            assert_memory_equal(before[i][lag], snapshot_at(&f.site, i, lag),
                                sizeof before[i][lag]);
        }
    }
    fixture_end(&f);
}

static void a_site_may_keep_none(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    f.site.snapshots = NULL;
    snapshots_begin(&f.site, 0);
    snapshot_take(&f.site, 0, 0);
    snapshots_compact(&f.site);
    fixture_end(&f);
}

static void lags_are_found_by_their_weeks(void **state)
{
    (void)state;
    const int weeks[LAG_COUNT] = {0, 1, 2, 4, 8, 13, 17, 26, 39, 52};
    for (int lag = 0; lag < LAG_COUNT; lag++) {
        assert_int_equal(lag_weeks[lag], weeks[lag]);
        assert_int_equal(lag_index(weeks[lag]), lag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_stand_in_their_order),
        cmocka_unit_test(snapshots_touch_only_their_own_cell),
        cmocka_unit_test(what_lies_beyond_the_run_is_0),
        cmocka_unit_test(those_of_the_seen_stay_when_room_is_given_up),
        cmocka_unit_test(a_site_may_keep_none),
        cmocka_unit_test(lags_are_found_by_their_weeks),
    };
    return cmocka_run_group_tests_name("snapshots", tests, NULL, NULL);
}
