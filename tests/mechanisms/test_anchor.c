/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meeting_fixture.h"

static void an_anchor_gives_room_to_think(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.anchor_clarity = 0.2;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, anchor_effects, &f.parameters.mechanisms.AP1, times);
        assert_near(c.clarity, times * 0.2 * 0.4 * 0.9 * 0.55, 1e-6);
    }
}

static void advocacy_lowers_four_barriers_and_isolation(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.advocacy_barrier = 0.4;
    f.parameters.session.advocacy_isolation = 0.3;
    f.parameters.session.control_housing = 0.1;
    f.parameters.session.control_income = 0.2;
    f.parameters.session.control_transport = 0.3;
    f.parameters.session.control_language = 0.4;
    f.meeting.draws.advocacy = 0.4999f;
    const double control[BARRIER_COUNT] = {0.1, 0.2, 0.3, 0.0, 0.4, 0.0};
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, anchor_effects, &f.parameters.mechanisms.AP2, times);
        for (int b = 0; b < BARRIER_COUNT; b++) {
            assert_near(c.barrier[b], -times * 0.4 * control[b] * (double)f.meeting.barrier[b],
                        1e-6);
        }
        assert_near(c.isolation, -times * 0.3 * 0.4 * 0.55, 1e-6);
    }
}

/* The probability is advocacy itself; the strength scales the falls, not the probability. */
static void advocacy_happens_with_its_probability(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.meeting.draws.advocacy = 0.5f; /* not below .5 */
    const struct one_change c = changes_at(&f, anchor_effects, &f.parameters.mechanisms.AP2, 5.0);
    assert_true(c.isolation == 0.0f);
    assert_true(c.barrier[BARRIER_HOUSING] == 0.0f);
}

static void appointments_are_arranged_under_high_stress(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.arranged_gp = 0.3;
    f.parameters.session.arranged_gp_stress = 0.6;
    f.parameters.session.arranged_gp_health = 0.25;
    double *strength = &f.parameters.mechanisms.AP3;
    f.meeting.draws.arranged = 0.1499f; /* .3 .5 */
    struct one_change c = changes_at(&f, anchor_effects, strength, 1.0);
    assert_true(c.arranged_consultation);
    assert_near(c.barrier[BARRIER_HEALTH], -0.25 * 0.8, 1e-6);
    c = changes_at(&f, anchor_effects, strength, 0.99);
    assert_false(c.arranged_consultation);
    assert_true(c.barrier[BARRIER_HEALTH] == 0.0f);
    f.meeting.draws.arranged = 0.2999f; /* the strength scales the probability, not the relief */
    c = changes_at(&f, anchor_effects, strength, 2.0);
    assert_true(c.arranged_consultation);
    assert_near(c.barrier[BARRIER_HEALTH], -0.25 * 0.8, 1e-6);
    f.meeting.draws.arranged = 0.0f;
    assert_false(changes_at(&f, anchor_effects, strength, 0.0).arranged_consultation);
    f.meeting.stress = 0.6f; /* not above */
    assert_false(changes_at(&f, anchor_effects, strength, 1.0).arranged_consultation);
}

static void anchoring_moves_nothing_else(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.meeting.draws.advocacy = f.meeting.draws.arranged = 0.0f;
    struct one_change c = changes_at(&f, anchor_effects, &f.parameters.mechanisms.AP1, 1.0);
    assert_true(c.barrier[BARRIER_CARING] == 0.0f);
    c.clarity = c.isolation = 0.0f;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        c.barrier[b] = 0.0f;
    }
    assert_true(total_change(&c) == 0.0);
    assert_false(c.goal_met);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_anchor_gives_room_to_think),
        cmocka_unit_test(advocacy_lowers_four_barriers_and_isolation),
        cmocka_unit_test(advocacy_happens_with_its_probability),
        cmocka_unit_test(appointments_are_arranged_under_high_stress),
        cmocka_unit_test(anchoring_moves_nothing_else),
    };
    return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
