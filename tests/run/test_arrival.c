/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/arrival.h"

#include "mechanisms/consultation.h"
#include "mechanisms/hand_model.h"
#include "run/population.h"
#include "state/site_fixture.h"

enum { PEOPLE = 20000 };

static void scheduled_weeks_are_even(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.population.arrival_weeks = 40;
    f.parameters.population.gp_referral_share = 0.8;
    fixture_build(&f, 1, 0);
    int weeks[40] = {0}, by_gp = 0;
    for (int32_t n = 0; n < PEOPLE; n++) {
        struct arrival arrival;
        arrival_schedule(&f.site, &arrival, n, 1, NULL);
        assert_true(arrival.week >= 0 && arrival.week < 40);
        assert_int_equal(arrival.person, n);
        weeks[arrival.week]++;
        by_gp += arrival.by_gp;
    }
    double chi = 0.0;
    for (int w = 0; w < 40; w++) {
        chi += (weeks[w] - PEOPLE / 40.0) * (weeks[w] - PEOPLE / 40.0) / (PEOPLE / 40.0);
    }
    assert_near(chi, 39.0, FIVE_SIGMA * sqrt(2.0 * 39.0));
    assert_frequency(by_gp, PEOPLE, 0.8);
    double given[POPULATION_FIELD_COUNT];
    for (int field = 0; field < POPULATION_FIELD_COUNT; field++) {
        given[field] = NAN;
    }
    given[POPULATION_FIELD_first_offer_week] = 33.0;
    given[POPULATION_FIELD_gp_referral] = 0.0;
    const double *lines[] = {NULL, given, NULL};
    struct arrival three[3], alone;
    arrival_schedule(&f.site, three, 3, 3, lines);
    assert_int_equal(three[1].week, 33);
    assert_false(three[1].by_gp);
    for (int32_t n = 0; n < 3; n += 2) {
        arrival_schedule(&f.site, &alone, 3 + n, 1, NULL);
        assert_int_equal(three[n].person, 3 + n);
        assert_int_equal(three[n].week, alone.week);
        assert_int_equal(three[n].by_gp, alone.by_gp);
    }
    fixture_end(&f);
}

/* Before the scheduled offer people consult at a constant rate; the week itself has its easing. */
static void settling_draws_the_past(void **state)
{
    (void)state;
    enum { SETTLED = 5000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.events.life_event_hazard = 0.0;
    fixture_build(&f, SETTLED, 0);
    struct patients *p = &f.site.patients;
    struct sample past = {0}, early = {0};
    int now = 0;
    const double weekly = 1.0 - exp(-6.0 * exp(f.parameters.gp.stress_effect * 0.25) / 52.0);
    for (size_t i = 0; i < SETTLED; i++) {
        const int week = i % 2 ? 90 : 20;
        const struct arrival arrival = {.week = week, .person = (int32_t)i};
        p->health_decline[i] = 0.0f;
        struct hand_person hand = hand_copy(p, i);
        arrival_settle(&f.site, p, i, 1, &arrival);
        hand_ease(&f.parameters, &hand);
        hand_compare(&hand, p, i, 1e-6);
        sample_add(i % 2 ? &past : &early, p->consultations_before_offer[i]);
        now += p->consulted[i];
        assert_int_equal(p->consultations[i], p->consulted[i]);
        assert_int_equal(p->consultations_from_offer[i], 0); /* counted when the year is over */
        assert_int_equal(p->consultation_history[i] & 1, p->consulted[i]);
        assert_int_equal(__builtin_popcountll(p->consultation_history[i] >> 1 & ((1ULL << 52) - 1)),
                         p->consultations_before_offer[i]);
    }
    assert_sample_mean(&past, 52.0 * weekly);
    assert_sample_mean(&early, 20.0 * weekly);
    assert_frequency(now, SETTLED, weekly);
    fixture_end(&f);
}

/* The events of the week of the offer belong to the starting population. */
static void the_week_of_the_offer_has_its_events(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.events.life_event_hazard = 0.2;
    fixture_build(&f, PEOPLE, 0);
    struct patients *p = &f.site.patients;
    int events = 0, declines = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct arrival arrival = {.week = 5, .person = (int32_t)i};
        p->health_decline[i] = 0.1f;
        arrival_settle(&f.site, p, i, 1, &arrival);
        events += p->stress[i] > 0.56f;
        declines += p->barrier[BARRIER_HEALTH][i] > 0.2f;
    }
    assert_frequency(events, PEOPLE, 0.2);
    assert_frequency(declines, PEOPLE, 0.1);
    fixture_end(&f);
}

/* The past of everyone as the stream of PURPOSE_PAST says, a word a week, the first week first; sixty-four
 * people together as each alone. */
static void pasts_are_read_word_by_word(void **state)
{
    (void)state;
    enum { TOGETHER = 64 };
    struct fixture f;
    struct arrival arrivals[TOGETHER];
    fixture_start(&f);
    f.parameters.events.life_event_hazard = 0.1;
    fixture_build(&f, 2 * TOGETHER, 0);
    struct patients *p = &f.site.patients;
    const float usual = consultation_probability(
        p->consultation_rate[0], (float)f.parameters.gp.stress_effect, p->stress[0], 0.0f);
    for (int n = 0; n < TOGETHER; n++) {
        p->person[TOGETHER + n] = p->person[n] = n;
        arrivals[n] = (struct arrival){.week = 3 * n / 2, .person = n};
    }
    arrival_settle(&f.site, p, 0, TOGETHER, arrivals);
    for (int n = 0; n < TOGETHER; n++) {
        const size_t together = (size_t)n, alone = together + TOGETHER;
        arrival_settle(&f.site, p, alone, 1, &arrivals[n]);
        assert_true(p->consultation_history[together] == p->consultation_history[alone]);
        assert_true(p->stress[together] == p->stress[alone]);
        struct random_stream stream = random_open(&f.site.key, (uint32_t)n, 0, PURPOSE_PAST);
        uint64_t past = 0;
        for (int week = 0; week < arrivals[n].week && week < 64; week++) {
            past = (past << 1) | random_chance(&stream, usual);
        }
        assert_true(p->consultation_history[together] ==
                    ((past << 1) | (uint64_t)p->consulted[together]));
        assert_int_equal(p->consultations_before_offer[together],
                         __builtin_popcountll(past & ((1ULL << WINDOW_WEEKS) - 1)));
    }
    fixture_end(&f);
}

static void the_order_is_that_of_weeks_then_of_persons(void **state)
{
    (void)state;
    enum { COUNT = 5000, WEEKS = 30 };
    static struct arrival arrivals[COUNT];
    static size_t starts[WEEKS + 1], order[COUNT];
    static bool met[COUNT];
    uint64_t seed = 1;
    for (int n = 0; n < COUNT; n++) {
        arrivals[n].week = (int32_t)(next_unit(&seed) * next_unit(&seed) * WEEKS);
        arrivals[n].person = n ^ 37; /* nearly in order */
    }
    arrival_order(arrivals, COUNT, WEEKS, starts, order);
    for (int n = 0; n < COUNT; n++) {
        assert_false(met[order[n]]);
        met[order[n]] = true;
        const struct arrival *now = &arrivals[order[n]],
                             *before = &arrivals[order[n > 0 ? n - 1 : 0]];
        assert_true(n == 0 || before->week < now->week ||
                    (before->week == now->week && before->person < now->person));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pasts_are_read_word_by_word),
        cmocka_unit_test(the_order_is_that_of_weeks_then_of_persons),
        cmocka_unit_test(scheduled_weeks_are_even),
        cmocka_unit_test(settling_draws_the_past),
        cmocka_unit_test(the_week_of_the_offer_has_its_events),
    };
    return cmocka_run_group_tests_name("arrival", tests, NULL, NULL);
}
