/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/life.h"

#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

static void weeks_without_events_ease(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    fixture_draws(&f, 0.9999f);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        f.site.patients.barrier[b][0] = 0.1f + 0.1f * (float)b;
    }
    struct hand_person hand = hand_copy(&f.site.patients, 0);
    for (int week = 0; week < 26; week++) {
        life_step(&f.site);
        hand_ease(&f.parameters, &hand);
    }
    hand_compare(&hand, &f.site.patients, 0, 1e-6);
    fixture_end(&f);
}

/* A blow b ~ Beta(2, 2) to one of five needs, each as likely: n + b (1 - n); S rises. */
static void events_strike_one_need(void **state)
{
    (void)state;
    enum { PATIENTS = 30000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.events.life_event_stress = 0.3;
    fixture_build(&f, PATIENTS, 0);
    struct patients *p = &f.site.patients;
    int struck[NEED_COUNT] = {0};
    struct sample blows = {0};
    static double shares[PATIENTS]; /* of Beta(2, 2) below each blow */
    for (size_t i = 0; i < PATIENTS; i++) {
        const struct hand_person before = hand_copy(p, i);
        life_event_apply(&f.site, (int32_t)i, 0, p->need, p->stress, i);
        int changed = 0;
        for (int d = 0; d < NEED_COUNT; d++) {
            if ((double)p->need[d][i] != before.need[d]) {
                changed++;
                struck[d]++;
                const double blow =
                    ((double)p->need[d][i] - before.need[d]) / (1.0 - before.need[d]);
                sample_add(&blows, blow);
                shares[i] = blow * blow * (3.0 - 2.0 * blow);
            }
        }
        assert_int_equal(changed, 1);
        assert_near(p->stress[i], 0.55 + 0.3 * 0.45, 1e-6);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        assert_frequency(struck[d], PATIENTS, 0.2);
    }
    assert_sample_mean(&blows, 0.5);
    assert_near(sample_variance(&blows), 0.05, 0.002);
    assert_true(kolmogorov_distance(shares, PATIENTS) < KOLMOGOROV_LIMIT);
    fixture_end(&f);
}

static void events_come_with_their_hazard(void **state)
{
    (void)state;
    enum { PATIENTS = 50000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.events.life_event_hazard = 0.05;
    f.parameters.events.health_decline_amount = 0.4;
    fixture_build(&f, PATIENTS, 0);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < PATIENTS; i++) {
        p->health_decline[i] = 0.2f;
    }
    const float health = p->barrier[BARRIER_HEALTH][0];
    weekly_draws(&f.site);
    life_step(&f.site);
    int events = 0, declines = 0, both = 0;
    for (size_t i = 0; i < PATIENTS; i++) {
        const bool event = p->stress[i] > 0.56f, decline = p->barrier[BARRIER_HEALTH][i] > health;
        events += event;
        declines += decline;
        both += event && decline;
    }
    assert_frequency(events, PATIENTS, 0.05);
    assert_frequency(declines, PATIENTS, 0.2);
    assert_frequency(both, PATIENTS, 0.05 * 0.2); /* one draw decides them, as two would */
    fixture_end(&f);
}

static void health_declines_with_the_patient_s_own_hazard(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.events.health_decline_amount = 0.4;
    f.parameters.events.life_event_hazard = 0.0;
    f.parameters.events.health_easing = 0.01;
    fixture_build(&f, 2, 0);
    fixture_draws(&f, 0.01f);
    f.site.patients.health_decline[0] = 0.011f;
    f.site.patients.health_decline[1] = 0.009f;
    life_step(&f.site);
    /* the decline, and then the easing of the week */
    assert_near(f.site.patients.barrier[BARRIER_HEALTH][0], (0.15 + 0.4 * 0.85) * 0.99, 1e-6);
    assert_near(f.site.patients.barrier[BARRIER_HEALTH][1], 0.15 * 0.99, 1e-6);
    assert_near(f.site.patients.stress[0], 0.55, 1e-7);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_without_events_ease),
        cmocka_unit_test(events_strike_one_need),
        cmocka_unit_test(events_come_with_their_hazard),
        cmocka_unit_test(health_declines_with_the_patient_s_own_hazard),
    };
    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
