/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/partings.h"

#include "state/site_fixture.h"

/* Whoever is taken up again is who parted, whatever was in the row before. */
static void a_parting_keeps_the_patient(void **state)
{
    (void)state;
    struct fixture f;
    struct partings partings;
    struct patient before, after;
    fixture_start(&f);
    fixture_build(&f, 5, 0);
    struct patients *p = &f.site.patients;
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    p->status[3] = STATUS_WAITING;
    p->status_week[3] = 17;
    p->contact_week[3] = 18;
    p->consultations[3] = 6;
    p->consultations_from_offer[3] = 4;
    p->wellbeing_sum[3] = 333.0f;
    p->wellbeing_discounted[3] = 331.0f;
    p->stress[3] = 0.71f;
    p->need[NEED_COUNT - 1][3] = 0.37f;
    p->rapport[3] = 0.12f;
    assert_int_equal(partings_init(&partings, &f.arena, 5), 0);
    patients_take(p, 3, &before);
    parting_note(&partings, p, 3, 21);
    assert_int_equal(partings.count, 1);
    assert_int_equal(partings.list[0].row, 3);
    assert_int_equal(partings.list[0].week, 21);
    p->consultations_from_session[1] = 9;
    p->stress[3] = 0.0f; /* what comes after does not change it */
    parting_resume(&partings.list[0], p, 1);
    patients_take(p, 1, &after);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(p->status_week[1], 17);
    assert_int_equal(p->contact_week[1], 18);
    assert_int_equal(p->consultations[1], 6);
    assert_int_equal(p->consultations_from_offer[1], 4);
    assert_int_equal(p->consultations_from_session[1], 0);
    assert_true(p->wellbeing_sum[1] == 333.0f && p->wellbeing_discounted[1] == 331.0f);
    fixture_end(&f);
}

static void nothing_is_kept_where_no_one_asks(void **state)
{
    (void)state;
    struct fixture f;
    struct partings none = {0};
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    parting_note(&none, &f.site.patients, 0, 1);
    assert_int_equal(none.count, 0);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parting_keeps_the_patient),
        cmocka_unit_test(nothing_is_kept_where_no_one_asks),
    };
    return cmocka_run_group_tests_name("partings", tests, NULL, NULL);
}
