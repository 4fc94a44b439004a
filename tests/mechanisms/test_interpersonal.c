/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meeting_fixture.h"

static void input_is_listening_and_informality(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.listening_weight = 0.5;
    f.parameters.session.informality_weight = 0.4;
    f.parameters.session.burnout_listening_loss = 0.6;
    /* .5 .8 (1 - .6 .25) .9 + .4 .5 .9 */
    assert_near(interpersonal_input(&f.parameters, &f.worker, 0.9f), 0.306 + 0.18, 1e-6);
    f.parameters.mechanisms.IS1 = 0.0;
    assert_near(interpersonal_input(&f.parameters, &f.worker, 0.9f), 0.18, 1e-6);
    f.parameters.mechanisms.IS1 = 2.0;
    f.parameters.mechanisms.IS2 = 0.0;
    assert_near(interpersonal_input(&f.parameters, &f.worker, 0.9f), 0.612, 1e-6);
    f.parameters.mechanisms.IS2 = 2.0;
    assert_near(interpersonal_input(&f.parameters, &f.worker, 0.9f), 0.612 + 0.36, 1e-6);
    f.parameters.mechanisms.IS2 = 5.0;
    assert_true(interpersonal_input(&f.parameters, &f.worker, 0.9f) == 1.0f); /* clipped */
    assert_true(interpersonal_input(&f.parameters, &f.worker, 0.0f) == 0.0f);
    f.worker.burnout = 1.0f;
    f.parameters.mechanisms.IS1 = 1.0;
    f.parameters.mechanisms.IS2 = 0.0;
    assert_near(interpersonal_input(&f.parameters, &f.worker, 1.0f), 0.5 * 0.8 * 0.4, 1e-6);
}

static void trust_grows_with_rapport_input_and_language(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.interpreter = 0.4;
    struct one_change c = changes_of(&f, interpersonal_effects);
    /* .5 .6 (1 - .3 .6) (1 - .4) */
    assert_near(c.trust, 0.5 * 0.6 * 0.82 * 0.6, 1e-6);
    f.meeting.barrier[BARRIER_LANGUAGE] = 0.0f;
    c = changes_of(&f, interpersonal_effects);
    assert_near(c.trust, 0.5 * 0.6 * 0.6, 1e-6);
    f.meeting.rapport = 20.0f; /* some open up at once, but not beyond 1 */
    c = changes_of(&f, interpersonal_effects);
    assert_near(c.trust, 0.6, 1e-6);
    f.meeting.rapport = 0.0f;
    c = changes_of(&f, interpersonal_effects);
    assert_true(c.trust == 0.0f);
}

static void the_role_becomes_clear(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.role_clarity = 0.25;
    struct one_change c = changes_of(&f, interpersonal_effects);
    assert_near(c.uncertainty, -0.25 * 0.8 * 0.9 * 0.65, 1e-6);
}

static void offloading_eases_and_helps_to_cope(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.offload_stress = 0.1;
    f.parameters.session.offload_coping = 0.2;
    double *strength = &f.parameters.mechanisms.IS3;
    for (int times = 0; times <= 2; times++) { /* T x = .24 */
        const struct one_change c = changes_at(&f, interpersonal_effects, strength, times);
        assert_near(c.stress, -times * 0.1 * 0.24 * 0.7, 1e-6);
        assert_near(c.coping, times * 0.2 * 0.24 * 0.85, 1e-6);
    }
}

static void enjoyment_moves_halfway(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    double *strength = &f.parameters.mechanisms.IS4;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c = changes_at(&f, interpersonal_effects, strength, times);
        assert_near(c.enjoyment, (times * 0.24 - 0.2) / 2.0, 1e-6);
    }
}

static void a_connection_felt_uplifts(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    f.parameters.session.uplift_hope = 0.05;
    double *strength = &f.parameters.mechanisms.IS5;
    for (int times = 0; times <= 2; times++) {
        const struct one_change c = changes_at(&f, interpersonal_effects, strength, times);
        assert_near(c.hope, times * 0.05 * 0.24 * 0.7, 1e-6);
    }
}

static void meeting_moves_nothing_else(void **state)
{
    (void)state;
    struct meeting_fixture f;
    meeting_start(&f);
    struct one_change c = changes_of(&f, interpersonal_effects);
    c.trust = c.uncertainty = c.stress = c.coping = c.enjoyment = c.hope = 0.0f;
    assert_true(total_change(&c) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_is_listening_and_informality),
        cmocka_unit_test(trust_grows_with_rapport_input_and_language),
        cmocka_unit_test(the_role_becomes_clear),
        cmocka_unit_test(offloading_eases_and_helps_to_cope),
        cmocka_unit_test(enjoyment_moves_halfway),
        cmocka_unit_test(a_connection_felt_uplifts),
        cmocka_unit_test(meeting_moves_nothing_else),
    };
    return cmocka_run_group_tests_name("interpersonal", tests, NULL, NULL);
}
