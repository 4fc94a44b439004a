/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meeting_fixture.h"

static void tailoring_motivates_by_trust_and_hope(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.tailoring_motivation = 0.5;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, readiness_effects, &f.parameters.mechanisms.RD1, times);
        assert_near(c.motivation, times * 0.5 * 0.7 * 0.4 * 0.3 * 0.75, 1e-6);
        assert_false(c.goal_met);
    }
}

/* K .45, goal setting .6, capacity .5: a goal is met with probability .3. */
static void a_goal_met_gives_confidence_and_motivation(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.tailoring_motivation = 0.0;
    f.parameters.session.goal_clarity = 0.44;
    f.parameters.session.goal_confidence = 0.2;
    f.parameters.session.goal_motivation = 0.1;
    f.meeting.draws.goal = 0.2999f;
    for (int times = 0; times <= 2; times++) { /* the goal is met at any strength */
        const struct one_change c =
            changes_at(&f, readiness_effects, &f.parameters.mechanisms.RD6, times);
        assert_true(c.goal_met);
        assert_near(c.confidence, times * 0.2 * 0.65, 1e-6);
        assert_near(c.motivation, times * 0.1 * 0.75, 1e-6);
    }
    f.meeting.draws.goal = 0.3001f;
    assert_false(changes_at(&f, readiness_effects, &f.parameters.mechanisms.RD6, 5.0).goal_met);
}

static void goals_need_a_clear_way(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.goal_clarity = 0.45;
    f.meeting.clarity = (float)f.parameters.session.goal_clarity; /* not above */
    f.meeting.draws.goal = 0.0f;
    struct one_change c = changes_of(&f, readiness_effects);
    assert_false(c.goal_met);
    assert_true(c.confidence == 0.0f);
    f.meeting.clarity = 0.46f;
    c = changes_of(&f, readiness_effects);
    assert_true(c.goal_met);
    c.confidence = c.motivation = 0.0f;
    assert_true(total_change(&c) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tailoring_motivates_by_trust_and_hope),
        cmocka_unit_test(a_goal_met_gives_confidence_and_motivation),
        cmocka_unit_test(goals_need_a_clear_way),
    };
    return cmocka_run_group_tests_name("readiness", tests, NULL, NULL);
}
