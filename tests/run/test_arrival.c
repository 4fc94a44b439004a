/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/arrival.h"

#include "mechanisms/hand_model.h"
#include "run/population.h"
#include "state/site_fixture.h"

enum { PEOPLE = 20000, BINS = 6 };

/* What the offers of many people add up to. */
struct offers {
    double people, offered, by_gp, consulted;
    struct sample week, stress, motivation, isolation, need, health, past;
    double bins[BINS];
};

static void add_offer(struct offers *o, const struct hand_person *h, int week, int weeks,
                      bool by_gp, bool consulted, int past)
{
    assert_true(week >= 0 && week < weeks);
    o->offered += 1.0;
    o->by_gp += by_gp;
    o->consulted += consulted;
    o->bins[week * BINS / weeks] += 1.0;
    sample_add(&o->week, week);
    sample_add(&o->stress, h->stress);
    sample_add(&o->motivation, h->motivation);
    sample_add(&o->isolation, h->isolation);
    sample_add(&o->need, h->need[NEED_MENTAL] + h->need[NEED_FINANCIAL]);
    sample_add(&o->health, h->barrier[BARRIER_HEALTH]);
    sample_add(&o->past, past);
}

/* The week-by-week loop that the engine avoids: every person, every week, its own generator. */
static bool live_naively(const struct fixture *f, struct hand_person *h, double rate,
                         double decline, uint64_t *seed, struct offers *offers)
{
    const struct parameters *k = &f->parameters;
    int past = 0;
    for (int week = 0; week < f->site.weeks; week++) {
        if (next_unit(seed) < k->events.life_event_hazard) {
            /* Beta(2, 2) is the middle one of three uniforms */
            double u[3] = {next_unit(seed), next_unit(seed), next_unit(seed)};
            qsort(u, 3, sizeof u[0], compare_doubles);
            const int d = (int)(next_unit(seed) * NEED_COUNT);
            h->need[d] += u[1] * (1.0 - h->need[d]);
            h->stress += k->events.life_event_stress * (1.0 - h->stress);
        }
        if (next_unit(seed) < decline) {
            h->barrier[BARRIER_HEALTH] +=
                k->events.health_decline_amount * (1.0 - h->barrier[BARRIER_HEALTH]);
        }
        hand_ease(k, h);
        const double v = hand_severity(k, h);
        const double g = rate * exp(k->gp.stress_effect * (h->stress - 0.3));
        const bool consulted = next_unit(seed) < 1.0 - exp(-g / 52.0);
        const bool by_gp = consulted && v >= k->gp.minimum_severity &&
                           next_unit(seed) < k->gp.offer_base * 0.6 * v;
        if (by_gp || next_unit(seed) < k->gp.other_route_hazard * v) {
            add_offer(offers, h, week, f->site.weeks, by_gp, consulted, past);
            return true;
        }
        past += consulted;
        hand_between(k, h, 0.0, 0);
    }
    return false;
}

static void simulate_naively(const struct fixture *f, struct offers *offers)
{
    struct patients p = f->site.patients;
    uint64_t seed = 4711;
    for (int32_t n = 0; n < PEOPLE; n++) {
        p.person[0] = n + 1000000; /* other people than the engine's */
        population_draw_register(&f->site, &p, 0, 0, NULL);
        (void)population_draw_needs(&f->site, &p, 0, 0, NULL);
        population_draw_state(&f->site, &p, 0, NULL);
        struct hand_person h = hand_copy(&p, 0);
        offers->people += 1.0;
        (void)live_naively(f, &h, (double)p.consultation_rate[0], (double)p.health_decline[0],
                           &seed, offers);
    }
}

static void simulate_by_thinning(const struct fixture *f, struct offers *offers)
{
    struct patients p = f->site.patients;
    for (int32_t n = 0; n < PEOPLE; n++) {
        struct arrival first, again;
        offers->people += 1.0;
        const bool offered = arrival_emerges(&f->site, &p, 0, n, NULL, false, &first);
        if (offered) { /* settling finds the same offer */
            assert_true(arrival_emerges(&f->site, &p, 0, n, NULL, true, &again));
            assert_int_equal(first.week, again.week);
            assert_int_equal(first.by_gp, again.by_gp);
            assert_int_equal(first.person, n);
            const struct hand_person h = hand_copy(&p, 0);
            add_offer(offers, &h, first.week, f->site.weeks, first.by_gp, p.consulted[0] != 0,
                      p.consultations_before_offer[0]);
        }
    }
}

static void compare_shares(double a, double n, double b, double m, const char *what)
{
    const double p = (a + b) / (n + m);
    const double error = sqrt(p * (1.0 - p) * (1.0 / n + 1.0 / m));
    if (!(fabs(a / n - b / m) <= FIVE_SIGMA * error)) {
        fail_msg("%s: %g by thinning, %g week by week, standard error %g", what, a / n, b / m,
                 error);
    }
}

static void compare_means(const struct sample *a, const struct sample *b, const char *what)
{
    const double error = sqrt(sample_variance(a) / a->n + sample_variance(b) / b->n);
    if (!(fabs(sample_mean(a) - sample_mean(b)) <= FIVE_SIGMA * error)) {
        fail_msg("%s: %g by thinning, %g week by week, standard error %g", what, sample_mean(a),
                 sample_mean(b), error);
    }
}

static void compare(const struct parameters *k)
{
    struct fixture f;
    struct offers thinned = {0}, naive = {0};
    fixture_start(&f);
    f.parameters = *k;
    fixture_build(&f, 1, 0);
    f.site.weeks = 48; /* the whole past fits into what is remembered */
    simulate_by_thinning(&f, &thinned);
    simulate_naively(&f, &naive);
    assert_true(naive.offered > 2000.0);
    compare_shares(thinned.offered, thinned.people, naive.offered, naive.people, "offered");
    compare_shares(thinned.by_gp, thinned.offered, naive.by_gp, naive.offered, "by a GP");
    compare_shares(thinned.consulted, thinned.offered, naive.consulted, naive.offered,
                   "consulted in the week of the offer");
    for (int b = 0; b < BINS; b++) {
        compare_shares(thinned.bins[b], thinned.offered, naive.bins[b], naive.offered,
                       "offered in these weeks");
    }
    compare_means(&thinned.week, &naive.week, "week of the offer");
    compare_means(&thinned.stress, &naive.stress, "stress at the offer");
    compare_means(&thinned.motivation, &naive.motivation, "motivation at the offer");
    compare_means(&thinned.isolation, &naive.isolation, "isolation at the offer");
    compare_means(&thinned.need, &naive.need, "need at the offer");
    compare_means(&thinned.health, &naive.health, "health barrier at the offer");
    compare_means(&thinned.past, &naive.past, "consultations before the offer");
    fixture_end(&f);
}

/* Hazards high enough for thousands of offers, so that five standard errors are a narrow gate. */
static void eventful(struct fixture *f)
{
    fixture_start(f);
    f->parameters.run.mode = RUN_MODE_REGISTERED;
    f->parameters.registered.need_scale = 0.8;
    f->parameters.gp.base_rate = 12.0;
    f->parameters.gp.offer_base = 0.15;
    f->parameters.gp.other_route_hazard = 0.004;
    f->parameters.events.life_event_hazard = 0.05;
    f->parameters.events.health_decline_hazard = 0.02;
    f->parameters.events.mental_easing = 0.02;
}

static void thinning_equals_the_weekly_loop(void **state)
{
    (void)state;
    struct fixture f;
    eventful(&f);
    compare(&f.parameters);
}

/* Offers so likely that the upper bounds of the weekly probabilities are reached. */
static void thinning_holds_where_offers_are_likely(void **state)
{
    (void)state;
    struct fixture f;
    eventful(&f);
    f.parameters.gp.base_rate = 50.0;
    f.parameters.gp.offer_base = 1.0;
    f.parameters.gp.other_route_hazard = 0.6;
    f.parameters.gp.minimum_severity = 0.5;
    f.parameters.events.life_event_hazard = 0.3;
    compare(&f.parameters);
}

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
        const struct arrival arrival = arrival_scheduled(&f.site, n, NULL);
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
    assert_int_equal(arrival_scheduled(&f.site, 3, given).week, 33);
    assert_false(arrival_scheduled(&f.site, 3, given).by_gp);
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
        arrival_settle(&f.site, p, i, &arrival);
        hand_ease(&f.parameters, &hand);
        hand_compare(&hand, p, i, 1e-6);
        sample_add(i % 2 ? &past : &early, p->consultations_before_offer[i]);
        now += p->consulted[i];
        assert_int_equal(p->consultations[i], p->consulted[i]);
        assert_int_equal(p->consultations_from_offer[i], p->consulted[i]);
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
        arrival_settle(&f.site, p, i, &arrival);
        events += p->stress[i] > 0.56f;
        declines += p->barrier[BARRIER_HEALTH][i] > 0.2f;
    }
    assert_frequency(events, PEOPLE, 0.2);
    assert_frequency(declines, PEOPLE, 0.1);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinning_equals_the_weekly_loop),
        cmocka_unit_test(thinning_holds_where_offers_are_likely),
        cmocka_unit_test(scheduled_weeks_are_even),
        cmocka_unit_test(settling_draws_the_past),
        cmocka_unit_test(the_week_of_the_offer_has_its_events),
    };
    return cmocka_run_group_tests_name("arrival", tests, NULL, NULL);
}
