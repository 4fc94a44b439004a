/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/session.h"
#include "state/indices.h"
#include "state/site_fixture.h"

/* Everyone is suggested something and accepts, unless a test says otherwise. */
static void eager(struct fixture *f)
{
    fixture_start(f);
    f->parameters.suggestion.readiness_noise = 0.0;
    f->parameters.suggestion.readiness_threshold = 0.0;
    f->parameters.suggestion.push_threshold = 0.0;
    f->parameters.suggestion.accept_intercept = 2.0;
}

static void build(struct fixture *f, size_t patients)
{
    fixture_build(f, patients, 1);
    for (size_t i = 0; i < patients; i++) {
        fixture_engage(f, i, 0);
    }
}

/* The draws of the suggestion of a person's nth session. */
static struct suggestion_draws draws_at(const struct random_key *key, uint32_t person, uint32_t nth)
{
    struct random_stream stream = random_open(key, person, nth, PURPOSE_SUGGESTION);
    random_words words;
    for (int w = 0; w < 4; w++) {
        words[w][0] = random_bits(&stream);
    }
    return suggestion_draws_of(words, 0);
}

static void suggest_to_all(struct fixture *f)
{
    for (size_t i = 0; i < f->site.patients.count; i++) {
        const struct suggestion_draws draws =
            draws_at(&f->site.key, (uint32_t)f->site.patients.person[i], (uint32_t)f->site.week);
        suggestion_make(&f->site, i, &f->site.link_workers[0], &draws);
    }
}

static void nothing_is_suggested_where_there_is_no_service(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 3);
    suggest_to_all(&f);
    assert_int_equal(f.site.events.suggestions, 0);
    assert_int_equal(f.site.patients.options_heard[0], 0);
    fixture_end(&f);
}

/* Made above theta (1 - directiveness / 2), with directiveness .4 at .8 of the threshold. */
static void it_takes_readiness_seen_above_the_threshold(void **state)
{
    (void)state;
    for (int above = 0; above < 2; above++) {
        struct fixture f;
        eager(&f);
        fixture_build(&f, 1, 1);
        fixture_engage(&f, 0, 0);
        (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 5);
        const struct hand_person hand = hand_copy(&f.site.patients, 0);
        const double ready = hand_readiness(&f.parameters, &hand);
        f.coefficients.parameters.suggestion.readiness_threshold =
            (ready + (above ? -1e-5 : 1e-5)) / 0.8;
        suggest_to_all(&f);
        assert_int_equal(f.site.events.suggestions, above);
        fixture_end(&f);
    }
}

/* Share of people who are seen as ready, at a threshold above their readiness by half a sigma. */
static double share_seen_ready(double tailoring, double strength, double *expected)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    eager(&f);
    f.parameters.suggestion.readiness_noise = 0.2;
    f.parameters.mechanisms.RD1 = strength;
    build(&f, PATIENTS);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 5);
    f.site.link_workers[0].tailoring = (float)tailoring;
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double ready = hand_readiness(&f.parameters, &hand);
    f.coefficients.parameters.suggestion.readiness_threshold = (ready + 0.1) / 0.8;
    const double noise = 0.2 * (1.0 - fmin(strength * tailoring, 1.0));
    *expected = noise > 0.0 ? 0.5 * erfc(0.1 / noise / sqrt(2.0)) : 0.0;
    suggest_to_all(&f);
    const double share = (double)f.site.events.suggestions / PATIENTS;
    assert_near(share, *expected, FIVE_SIGMA * sqrt(*expected * (1.0 - *expected) / PATIENTS));
    fixture_end(&f);
    return share;
}

static void tailoring_sees_through_the_noise(void **state)
{
    (void)state;
    double expected;
    assert_true(share_seen_ready(0.0, 1.0, &expected) > 0.28);
    assert_true(share_seen_ready(0.4, 1.0, &expected) > 0.15);
    assert_true(share_seen_ready(0.4, 2.0, &expected) < 0.05);
    assert_true(share_seen_ready(0.6, 2.0, &expected) == 0.0); /* clipped to no noise at all */
    assert_true(share_seen_ready(1.0, 0.0, &expected) > 0.28);
}

/* Needs: mental .5, social .3, relationships .2, financial .4. */
static void the_domain_is_the_largest_need_with_a_service(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 1);
    const int social = fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 5);
    const int money = fixture_add_service(&f, NEED_FINANCIAL, FORMAT_ADVICE, 5);
    suggest_to_all(&f);
    assert_int_equal(f.site.patients.suggestion[0], money);
    f.site.patients.need[NEED_FINANCIAL][0] = 0.29f;
    f.site.patients.suggestion[0] = NOTHING;
    suggest_to_all(&f);
    assert_int_equal(f.site.patients.suggestion[0], social);
    fixture_end(&f);
}

/* Even a full service is suggested; the waiting shows at the attempt. */
static void full_services_are_suggested_too(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 1);
    const int s = fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 0);
    suggest_to_all(&f);
    assert_int_equal(f.site.patients.suggestion[0], s);
    fixture_end(&f);
}

/* Service chosen by a link worker of this tailoring among four of one domain. */
static void asking_picks_the_most_passable(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 1);
    f.site.link_workers[0].tailoring = 1.0f; /* always asks */
    struct patients *p = &f.site.patients;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][0] = 0.0f;
    }
    p->barrier[BARRIER_TRANSPORT][0] = 1.0f;
    p->barrier[BARRIER_LANGUAGE][0] = 0.5f;
    p->group_aversion[0] = 0.0f;
    for (int s = 0; s < 4; s++) {
        (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 5);
    }
    f.coefficients.gate[FORMAT_GROUP][BARRIER_TRANSPORT] = 0.75f;
    f.coefficients.gate[FORMAT_GROUP][BARRIER_LANGUAGE] = 0.8f;
    f.site.services[0].reach = 0.2f; /* .85 * .6 */
    f.site.services[1].reach = 0.2f;
    f.site.services[1].language_support = 1.0f; /* .85 */
    f.site.services[2].reach = 0.1f;            /* .925 * .6 */
    f.site.services[3] = f.site.services[1];    /* a tie goes to the first */
    suggest_to_all(&f);
    assert_int_equal(p->suggestion[0], 1);
    fixture_end(&f);
}

static void aversion_makes_groups_less_passable(void **state)
{
    (void)state;
    for (int averse = 0; averse < 2; averse++) {
        struct fixture f;
        eager(&f);
        build(&f, 1);
        f.site.link_workers[0].tailoring = 1.0f;
        for (int b = 0; b < BARRIER_COUNT; b++) {
            f.site.patients.barrier[b][0] = 0.0f;
        }
        f.coefficients.gate[FORMAT_REMOTE][BARRIER_HOUSING] = 0.35f;
        f.coefficients.gate[FORMAT_GROUP][BARRIER_HOUSING] = 0.25f;
        f.coefficients.gate_aversion = 0.85f;
        f.site.patients.barrier[BARRIER_HOUSING][0] = 0.5f;       /* remote .825, group .875 */
        f.site.patients.group_aversion[0] = averse ? 0.2f : 0.0f; /* .875 (1 - .85 .2) = .726 */
        (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 5);
        (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_REMOTE, 5);
        suggest_to_all(&f);
        assert_int_equal(f.site.patients.suggestion[0], averse);
        fixture_end(&f);
    }
}

static void services_tried_less_often_come_first(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 200);
    for (int s = 0; s < 3; s++) {
        (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 500);
    }
    for (size_t i = 0; i < 200; i++) {
        site_count_try(&f.site, i, 0);
        site_count_try(&f.site, i, 2);
    }
    suggest_to_all(&f);
    for (size_t i = 0; i < 200; i++) { /* asked or not */
        assert_int_equal(f.site.patients.suggestion[i], 1);
    }
    fixture_end(&f);
}

static void without_asking_any_will_do(void **state)
{
    (void)state;
    enum { PATIENTS = 20000, SERVICES = 5 };
    struct fixture f;
    eager(&f);
    build(&f, PATIENTS);
    f.site.link_workers[0].tailoring = 0.0f;
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    for (int s = 1; s < SERVICES; s++) {
        (void)fixture_add_service(&f, NEED_MENTAL, s % FORMAT_COUNT, 5);
    }
    (void)fixture_add_service(&f, NEED_FINANCIAL, FORMAT_ADVICE, 5);
    for (size_t i = 0; i < PATIENTS; i++) {
        site_count_try(&f.site, i, 2); /* once more than the others */
    }
    suggest_to_all(&f);
    int chosen[SERVICES + 1] = {0};
    for (size_t i = 0; i < PATIENTS; i++) {
        chosen[f.site.patients.suggestion[i]]++;
    }
    for (int s = 0; s < SERVICES; s++) {
        assert_frequency(chosen[s], PATIENTS, s == 2 ? 0.0 : 0.25);
    }
    assert_int_equal(chosen[SERVICES], 0);
    fixture_end(&f);
}

/* With probability tailoring the link worker asks: share who get the most passable of two. */
static void asking_has_the_probability_of_tailoring(void **state)
{
    (void)state;
    enum { PATIENTS = 20000 };
    struct fixture f;
    eager(&f);
    build(&f, PATIENTS);
    f.site.link_workers[0].tailoring = 0.3f;
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 5);
    const int easy = fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        f.coefficients.gate[FORMAT_GROUP][b] = 1.0f;
        f.coefficients.gate[FORMAT_ADVICE][b] = 0.1f;
    }
    suggest_to_all(&f);
    int got = 0;
    for (size_t i = 0; i < PATIENTS; i++) {
        got += f.site.patients.suggestion[i] == easy;
    }
    assert_frequency(got, PATIENTS, 0.3 + 0.7 * 0.5);
    fixture_end(&f);
}

/* Share accepting at this strength of KS3 and this push threshold, and what it should be. */
static void check_acceptance(double strength, double push_threshold)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    eager(&f);
    f.parameters.suggestion.accept_intercept = 0.2;
    f.parameters.suggestion.accept_trust = 0.5;
    f.parameters.suggestion.accept_tailoring = 0.3;
    f.parameters.suggestion.accept_stigma = 0.9;
    f.parameters.services.mental_stigma = 0.5;
    f.parameters.suggestion.push_threshold = push_threshold;
    f.parameters.suggestion.push_trust_loss = 20.0; /* trust before the push decides */
    f.parameters.mechanisms.KS3 = strength;
    build(&f, PATIENTS);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double ready = hand_readiness(&f.parameters, &hand);
    const double sensitive = 1.0 - fmin(strength * 0.6, 1.0);
    const double p = (0.2 + 0.5 * 0.3 + 0.3 * 0.6 - 0.9 * 0.4 * 0.5 * sensitive) *
                     (push_threshold > 0.0 ? fmin(1.0, ready / push_threshold) : 1.0);
    suggest_to_all(&f);
    assert_int_equal(f.site.events.suggestions, PATIENTS);
    assert_frequency(f.site.events.suggestions_accepted, PATIENTS, p);
    fixture_end(&f);
}

static void suggestions_are_accepted_by_the_formula(void **state)
{
    (void)state;
    check_acceptance(0.0, 0.0);
    check_acceptance(1.0, 0.0);
    check_acceptance(2.0, 0.0); /* tailoring .6 doubled is clipped to 1 */
    check_acceptance(1.0, 0.1); /* readiness is above */
    check_acceptance(1.0, 0.8);
}

/* P6: a suggestion to someone who is not ready costs trust and marks the week. */
static void a_push_costs_trust(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    f.parameters.suggestion.push_threshold = 0.4;
    f.parameters.suggestion.push_trust_loss = 1.5;
    f.parameters.suggestion.option_motivation = 0.5; /* readiness is that before the option */
    build(&f, 1);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double ready = hand_readiness(&f.parameters, &hand);
    assert_true(ready < 0.4);
    suggest_to_all(&f);
    assert_int_equal(f.site.events.pushes, 1);
    assert_int_equal(f.site.patients.pushed[0], 1);
    assert_near(f.site.patients.trust[0], 0.3 * (1.0 - 1.5 * (0.4 - ready)), 1e-6);
    fixture_end(&f);
}

static void the_ready_are_not_pushed(void **state)
{
    (void)state;
    struct fixture f;
    eager(&f);
    build(&f, 1);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    f.coefficients.parameters.suggestion.push_threshold =
        hand_readiness(&f.parameters, &hand) - 1e-5;
    suggest_to_all(&f);
    assert_int_equal(f.site.events.pushes, 0);
    assert_int_equal(f.site.patients.pushed[0], 0);
    assert_near(f.site.patients.trust[0], 0.3, 1e-7);
    fixture_end(&f);
}

/* RD2: every option heard raises motivation, accepted or not. */
static void options_heard_motivate(void **state)
{
    (void)state;
    for (int accepted = 0; accepted < 2; accepted++) {
        for (int times = 0; times <= 2; times++) {
            struct fixture f;
            eager(&f);
            f.parameters.suggestion.accept_intercept = accepted ? 2.0 : -2.0;
            f.parameters.suggestion.option_motivation = 0.1;
            f.parameters.mechanisms.RD2 = times;
            build(&f, 1);
            (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
            f.site.patients.held[0] = 1;
            f.site.patients.failed_attempts[0] = 2;
            suggest_to_all(&f);
            const struct patients *p = &f.site.patients;
            assert_near(p->motivation[0], 0.4 + times * 0.1 * 0.6, 1e-6);
            assert_int_equal(p->options_heard[0], 1);
            assert_int_equal(p->suggestions_made[0], 1);
            assert_int_equal(p->suggestions_accepted[0], accepted);
            assert_int_equal(p->suggestion[0], accepted ? 0 : NOTHING);
            assert_int_equal(p->held[0], !accepted);
            assert_int_equal(f.site.tries[0], !accepted); /* a refusal counts as tried */
            if (accepted) {
                assert_int_equal(p->failed_attempts[0], 0);
            }
            fixture_end(&f);
        }
    }
}

/* A session closes with a suggestion only for the engaged without an open one. */
static void only_the_engaged_without_one_hear_a_suggestion(void **state)
{
    (void)state;
    const int statuses[] = {STATUS_ENGAGED, STATUS_CONNECTED, STATUS_TAPERING};
    for (int n = 0; n < 3; n++) {
        for (int open = 0; open < 2; open++) {
            struct fixture f;
            eager(&f);
            f.parameters.attendance.intercept = 60.0;
            build(&f, 1);
            (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
            f.site.patients.status[0] = statuses[n];
            f.site.patients.suggestion[0] = open ? 0 : NOTHING;
            const int32_t row = 0;
            sessions_hold(&f.site, 0, &row, 1, 45.0f, 1.0f);
            assert_int_equal(f.site.events.suggestions, n == 0 && !open);
            fixture_end(&f);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_suggested_where_there_is_no_service),
        cmocka_unit_test(it_takes_readiness_seen_above_the_threshold),
        cmocka_unit_test(tailoring_sees_through_the_noise),
        cmocka_unit_test(the_domain_is_the_largest_need_with_a_service),
        cmocka_unit_test(full_services_are_suggested_too),
        cmocka_unit_test(asking_picks_the_most_passable),
        cmocka_unit_test(aversion_makes_groups_less_passable),
        cmocka_unit_test(services_tried_less_often_come_first),
        cmocka_unit_test(without_asking_any_will_do),
        cmocka_unit_test(asking_has_the_probability_of_tailoring),
        cmocka_unit_test(suggestions_are_accepted_by_the_formula),
        cmocka_unit_test(a_push_costs_trust),
        cmocka_unit_test(the_ready_are_not_pushed),
        cmocka_unit_test(options_heard_motivate),
        cmocka_unit_test(only_the_engaged_without_one_hear_a_suggestion),
    };
    return cmocka_run_group_tests_name("suggestion", tests, NULL, NULL);
}
