/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/latent.h"

#include "mechanisms/hand_model.h"
#include "run/one_life.h"
#include "run/population.h"
#include "run/screening.h"
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
        (void)population_draw_one(&f->site, &p, 0, 0, NULL);
        population_draw_states(&f->site, &p, 0, 1, NULL);
        struct hand_person h = hand_copy(&p, 0);
        offers->people += 1.0;
        (void)live_naively(f, &h, (double)p.consultation_rate[0], (double)p.health_decline[0],
                           &seed, offers);
    }
}

static void simulate_by_thinning(struct fixture *f, struct offers *offers)
{
    struct latent latent;
    struct patients *p = &f->site.patients;
    f->site.population = PEOPLE;
    assert_int_equal(0, latent_live(&latent, &f->arena, &f->site, NULL));
    offers->people = PEOPLE;
    for (size_t n = 0; n < latent.emerged; n++) {
        const struct arrival offer = latent_settle(&latent, n, p, 0);
        const struct hand_person h = hand_copy(p, 0);
        add_offer(offers, &h, offer.week, f->site.weeks, offer.by_gp, p->consulted[0] != 0,
                  p->consultations_before_offer[0]);
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

/* Each person alone, week by week at the same addresses: the same offers, to the last bit. */
static void compare_with_one_life_each(const struct parameters *k, int weeks, int list_size)
{
    struct fixture f;
    struct latent latent;
    fixture_start(&f);
    f.parameters = *k;
    f.parameters.registered.list_size_per_practice = list_size;
    fixture_build(&f, 2, 0);
    f.site.weeks = weeks;
    f.site.population = 3000;
    struct patients *p = &f.site.patients;
    int32_t *kept = arena_take(&f.arena, f.site.population * sizeof *kept);
    const size_t candidates = screening_candidates(&f.site, kept);
    assert_int_equal(0, latent_live(&latent, &f.arena, &f.site, NULL));
    size_t offered = 0, k_next = 0, needed = 0;
    for (int32_t person = 0; person < (int32_t)f.site.population; person++) {
        struct arrival alone;
        bool has_candidate = false;
        const bool is_offered = one_life(&f.site, p, 0, person, &alone, &has_candidate);
        const bool is_kept = k_next < candidates && kept[k_next] == person;
        k_next += is_kept;
        needed += has_candidate;
        assert_true(is_kept || !has_candidate); /* screening may only err this way */
        if (!is_offered) {
            continue;
        }
        offered++;
        size_t n = 0;
        struct arrival together = latent_settle(&latent, n, p, 1);
        while (together.person != person && n + 1 < latent.emerged) {
            together = latent_settle(&latent, ++n, p, 1);
        }
        assert_int_equal(together.person, person);
        assert_int_equal(together.week, alone.week);
        assert_int_equal(together.by_gp, alone.by_gp);
        for (int d = 0; d < NEED_COUNT; d++) {
            assert_true(p->need[d][0] == p->need[d][1]);
        }
        for (int b = 0; b < BARRIER_COUNT; b++) {
            assert_true(p->barrier[b][0] == p->barrier[b][1]);
        }
        assert_true(p->stress[0] == p->stress[1] && p->motivation[0] == p->motivation[1] &&
                    p->isolation[0] == p->isolation[1] && p->hope[0] == p->hope[1] &&
                    p->age[0] == p->age[1] && p->ties_baseline[0] == p->ties_baseline[1]);
        assert_true(p->consultation_history[0] == p->consultation_history[1]);
        assert_int_equal(p->consultations_before_offer[0], p->consultations_before_offer[1]);
        assert_int_equal(p->consulted[0], p->consulted[1]);
    }
    assert_int_equal(latent.emerged, offered);
    assert_true(offered > 20);
    assert_true((double)candidates <= 1.1 * (double)needed + 5.0); /* and it rarely does */
    for (size_t n = 1; n < latent.emerged; n++) {
        const struct arrival before = latent_settle(&latent, n - 1, p, 0);
        const struct arrival after = latent_settle(&latent, n, p, 0);
        assert_true(before.week < after.week ||
                    (before.week == after.week && before.person < after.person));
    }
    fixture_end(&f);
}

static void living_together_changes_no_bit(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f); /* the shipped defaults */
    f.parameters.run.mode = RUN_MODE_REGISTERED;
    compare_with_one_life_each(&f.parameters, 104, 3000);
    f.parameters.gp.offer_base = 0.3;
    f.parameters.gp.female_effect = -1.0;
    f.parameters.gp.age_slope = -0.5;
    compare_with_one_life_each(&f.parameters, 60, 700);
    fixture_end(&f);
    eventful(&f);
    compare_with_one_life_each(&f.parameters, 70, 1000);
    f.parameters.gp.base_rate = 50.0;
    f.parameters.gp.offer_base = 1.0;
    f.parameters.gp.other_route_hazard = 0.6;
    f.parameters.events.life_event_hazard = 0.3;
    compare_with_one_life_each(&f.parameters, 5, 3000);
    f.parameters.gp.other_route_hazard = 0.0;
    f.parameters.gp.base_rate = 0.5;
    f.parameters.gp.minimum_severity = 0.0;
    compare_with_one_life_each(&f.parameters, 104, 3000);
    fixture_end(&f);
}

/* A list of people from a file is not screened: what the file says may differ from any draw. */
static void a_file_is_taken_at_its_word(void **state)
{
    (void)state;
    struct fixture f;
    struct latent latent;
    double line[POPULATION_FIELD_COUNT];
    const double *lines[40];
    eventful(&f);
    f.parameters.gp.base_rate = 50.0;
    f.parameters.gp.offer_base = 1.0;
    fixture_build(&f, 1, 0);
    for (int field = 0; field < POPULATION_FIELD_COUNT; field++) {
        line[field] = NAN;
    }
    line[POPULATION_FIELD_age] = 77.0;
    line[POPULATION_FIELD_need_mental] = 0.9;
    line[POPULATION_FIELD_consultation_rate] = 20.0;
    for (size_t n = 0; n < 40; n++) {
        lines[n] = line;
    }
    f.site.population = 40;
    assert_int_equal(0, latent_live(&latent, &f.arena, &f.site, lines));
    assert_int_equal(latent.emerged, 40); /* ill, and often at the GP's */
    for (size_t n = 0; n < 40; n++) {
        (void)latent_settle(&latent, n, &f.site.patients, 0);
        assert_true(f.site.patients.age[0] == 77.0f);
        assert_true(f.site.patients.starting_need[NEED_MENTAL][0] == 0.9f);
    }
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinning_equals_the_weekly_loop),
        cmocka_unit_test(thinning_holds_where_offers_are_likely),
        cmocka_unit_test(living_together_changes_no_bit),
        cmocka_unit_test(a_file_is_taken_at_its_word),
    };
    return cmocka_run_group_tests_name("latent", tests, NULL, NULL);
}
