/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meeting_fixture.h"

/* The largest need is relationships: knowledge .5, times trust .4 is .2. */

static void knowing_options_gives_hope(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.knowledge_hope = 0.1;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, knowledge_effects, &f.parameters.mechanisms.KS1, times);
        assert_near(c.hope, times * 0.1 * 0.2 * 0.7, 1e-6);
    }
}

static void a_plan_clears_the_way_and_gives_control(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.plan_clarity = 0.3;
    f.parameters.session.plan_confidence = 0.15;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, knowledge_effects, &f.parameters.mechanisms.KS2, times);
        assert_near(c.clarity, times * 0.3 * 0.2 * 0.9 * 0.8 * 0.55, 1e-6);
        assert_near(c.confidence, times * 0.15 * 0.2 * 0.65, 1e-6);
    }
}

static void help_with_money_eases_pressure(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.financial_relief = 0.2;
    f.parameters.session.financial_stress_relief = 0.1;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c =
            changes_at(&f, knowledge_effects, &f.parameters.mechanisms.KS4, times);
        const double relief = times * 0.2 * 0.6 * 0.9;
        assert_near(c.need_financial, -relief * 0.5, 1e-6);
        assert_near(c.barrier[BARRIER_INCOME], -relief * 0.5, 1e-6);
        assert_near(c.stress, -times * 0.1 * 0.5 * 0.6 * 0.7, 1e-6);
    }
}

/* Without a financial need an income barrier alone is no reason for help with money. */
static void without_a_need_there_is_no_help_with_money(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.meeting.need[NEED_FINANCIAL] = 0.0f;
    struct one_change c = changes_of(&f, knowledge_effects);
    assert_true(c.need_financial == 0.0f);
    assert_true(c.barrier[BARRIER_INCOME] == 0.0f);
    assert_true(c.stress == 0.0f);
}

static void coping_strategies_are_shared(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.coping_strategies = 0.1;
    for (int times = 0; times <= 2; times++) { /* mean knowledge is .4, no trust is needed */
        f.meeting.trust = 0.4f * (float)(times != 1);
        const struct one_change c =
            changes_at(&f, knowledge_effects, &f.parameters.mechanisms.KS5, times);
        assert_near(c.coping, times * 0.1 * 0.4 * 0.9 * 0.85, 1e-6);
    }
}

static void knowledge_moves_nothing_else(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    struct one_change c = changes_of(&f, knowledge_effects);
    c.hope = c.clarity = c.confidence = c.need_financial = c.stress = c.coping = 0.0f;
    c.barrier[BARRIER_INCOME] = 0.0f;
    assert_true(total_change(&c) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knowing_options_gives_hope),
        cmocka_unit_test(a_plan_clears_the_way_and_gives_control),
        cmocka_unit_test(help_with_money_eases_pressure),
        cmocka_unit_test(without_a_need_there_is_no_help_with_money),
        cmocka_unit_test(coping_strategies_are_shared),
        cmocka_unit_test(knowledge_moves_nothing_else),
    };
    return cmocka_run_group_tests_name("knowledge", tests, NULL, NULL);
}
