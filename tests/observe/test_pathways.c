/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/pathways.h"

#include "state/site_fixture.h"

/* Everything that the rules look at, of one person. */
struct course {
    int link_week, sessions_at, own_week, disengaged, taken_up, closed, sessions, status;
    enum pathway expected;
};

static const struct course courses[] = {
    /* connected through the link worker: by sessions up to the connection, whatever came later */
    {20, 1, NEVER, 0, 1, 0, 9, STATUS_CONNECTED, PATHWAY_A_RAPID},
    {20, 3, NEVER, 0, 1, 0, 9, STATUS_CONNECTED, PATHWAY_A_RAPID},
    {20, 4, NEVER, 0, 1, 0, 9, STATUS_CONNECTED, PATHWAY_B_ANCHORED},
    {20, 2, 10, 1, 1, 1, 9, STATUS_DISENGAGED, PATHWAY_A_RAPID},
    {0, 0, NEVER, 0, 1, 0, 0, STATUS_CONNECTED, PATHWAY_A_RAPID}, /* week 0 is a week */
    /* only support of one's own */
    {NEVER, 0, 15, 0, 1, 0, 2, STATUS_CONNECTED, PATHWAY_OWN_SUPPORT},
    {NEVER, 0, 15, 1, 1, 1, 9, STATUS_DISENGAGED, PATHWAY_OWN_SUPPORT},
    /* dropped out, and stays so when waiting again or having declined again */
    {NEVER, 0, NEVER, 1, 1, 0, 9, STATUS_DISENGAGED, PATHWAY_DISENGAGED},
    {NEVER, 0, NEVER, 1, 1, 0, 1, STATUS_WAITING, PATHWAY_DISENGAGED},
    {NEVER, 0, NEVER, 1, 1, 1, 9, STATUS_DECLINED, PATHWAY_DISENGAGED},
    /* continuing contact, or closed by the service */
    {NEVER, 0, NEVER, 0, 1, 0, 4, STATUS_ENGAGED, PATHWAY_C_CONNECTING_WITH},
    {NEVER, 0, NEVER, 0, 1, 1, 2, STATUS_CLOSED, PATHWAY_C_CONNECTING_WITH},
    /* brief: seen a few times, or taken up and not yet seen */
    {NEVER, 0, NEVER, 0, 1, 0, 3, STATUS_ENGAGED, PATHWAY_BRIEF},
    {NEVER, 0, NEVER, 0, 1, 0, 0, STATUS_ENGAGED, PATHWAY_BRIEF},
    /* never taken up */
    {NEVER, 0, NEVER, 0, 0, 0, 0, STATUS_WAITING, PATHWAY_WAITING},
    {NEVER, 0, NEVER, 0, 0, 0, 0, STATUS_DECLINED, PATHWAY_DECLINED},
};

enum { COURSES = sizeof courses / sizeof courses[0] };

static void build(struct fixture *f)
{
    fixture_start(f);
    f->parameters.outcome.few_sessions = 3;
    fixture_build(f, COURSES, 0);
    struct patients *p = &f->site.patients;
    for (size_t i = 0; i < COURSES; i++) {
        p->link_connection_week[i] = courses[i].link_week;
        p->sessions_at_connection[i] = courses[i].sessions_at;
        p->own_connection_week[i] = courses[i].own_week;
        p->ever_disengaged[i] = courses[i].disengaged;
        p->ever_taken_up[i] = courses[i].taken_up;
        p->ever_closed[i] = courses[i].closed;
        p->sessions[i] = courses[i].sessions;
        p->status[i] = courses[i].status;
    }
}

static void rules_one_by_one(void **state)
{
    (void)state;
    struct fixture f;
    build(&f);
    for (size_t i = 0; i < COURSES; i++) {
        if (pathway_now(&f.site, i) != courses[i].expected) {
            fail_msg("course %zu goes to %s, not %s", i, pathway_names[pathway_now(&f.site, i)],
                     pathway_names[courses[i].expected]);
        }
    }
    fixture_end(&f);
}

static void few_sessions_is_a_parameter(void **state)
{
    (void)state;
    struct fixture f;
    build(&f);
    f.coefficients.parameters.outcome.few_sessions = 4;
    assert_int_equal(pathway_now(&f.site, 2), PATHWAY_A_RAPID);
    assert_int_equal(pathway_now(&f.site, 10), PATHWAY_BRIEF);
    fixture_end(&f);
}

/* At the end of a run those without a pathway get theirs; what was fixed stays. */
static void completing_fixes_the_rest(void **state)
{
    (void)state;
    struct fixture f;
    build(&f);
    f.site.patients.pathway[0] = PATHWAY_BRIEF; /* as things stood at the horizon */
    f.site.offered = COURSES - 1;
    pathways_complete(&f.site);
    assert_int_equal(f.site.patients.pathway[0], PATHWAY_BRIEF);
    for (size_t i = 1; i < COURSES - 1; i++) {
        assert_int_equal(f.site.patients.pathway[i], courses[i].expected);
    }
    assert_int_equal(f.site.patients.pathway[COURSES - 1], NEVER);
    fixture_end(&f);
}

static void names_stand_in_their_order(void **state)
{
    (void)state;
    const char *names[PATHWAY_COUNT] = {"a_rapid",    "b_anchored",        "own_support",
                                        "disengaged", "c_connecting_with", "brief",
                                        "waiting",    "declined"};
    for (int n = 0; n < PATHWAY_COUNT; n++) {
        assert_string_equal(pathway_names[n], names[n]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_one_by_one),
        cmocka_unit_test(few_sessions_is_a_parameter),
        cmocka_unit_test(completing_fixes_the_rest),
        cmocka_unit_test(names_stand_in_their_order),
    };
    return cmocka_run_group_tests_name("pathways", tests, NULL, NULL);
}
