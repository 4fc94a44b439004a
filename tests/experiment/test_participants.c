/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/participants.h"

#include "parameters/table.h"
#include "small_run.h"

enum { PEOPLE = 200, SEEN = 130, DRAWS = 20000 };

static struct person persons[PEOPLE];
static struct parameters parameters;

/* Every third was never seen until 130 others are; of the seen every eighth was not followed. */
static void gather(void)
{
    uint64_t state = 8;
    int seen = 0;
    parameters_default(&parameters);
    for (int i = 0; i < PEOPLE; i++) {
        const bool is_seen = i % 3 != 2 && seen < SEEN;
        seen += is_seen;
        persons[i] = (struct person){.is_seen = is_seen, .reason = -1};
        if (is_seen) {
            persons[i].sessions = 1 + (int)(next_unit(&state) * 12.0);
            persons[i].trust = (float)(0.05 + 0.95 * next_unit(&state));
            persons[i].is_followed = i % 12 != 0;
        }
    }
    assert_int_equal(seen, SEEN);
}

static void draw(struct participants *study, uint32_t n)
{
    const struct random_key key = {.seed = 3};
    struct random_stream stream = random_open(&key, n, 1, PURPOSE_INTERVIEW);
    participants_draw(study, &stream);
}

/* How often each person is on the list. */
static void count(const struct participants *study, enum source source, int times[PEOPLE])
{
    memset(times, 0, PEOPLE * sizeof times[0]);
    for (size_t n = 0; n < study->count[source]; n++) {
        assert_true(study->who[source][n] < PEOPLE);
        times[study->who[source][n]]++;
    }
}

static void check_study(const struct participants *study, size_t both, size_t all)
{
    int interviewed[PEOPLE], observed[PEOPLE], anyone[PEOPLE];
    size_t met = 0, there = 0, again = 0;
    count(study, SOURCE_INTERVIEWED, interviewed);
    count(study, SOURCE_OBSERVED, observed);
    count(study, SOURCE_PARTICIPANTS, anyone);
    for (int i = 0; i < PEOPLE; i++) {
        assert_true(interviewed[i] <= 1 && observed[i] <= 1);
        assert_int_equal(anyone[i], interviewed[i] || observed[i]);
        assert_true(!anyone[i] || persons[i].is_seen);
        assert_true(!observed[i] || persons[i].sessions > 0);
        met += (size_t)(interviewed[i] && observed[i]);
        there += (size_t)anyone[i];
    }
    assert_int_equal(met, both);
    assert_int_equal(there, all);
    for (size_t n = 0; n < study->count[SOURCE_INTERVIEWED]; n++) {
        const size_t who = study->who[SOURCE_INTERVIEWED][n];
        if (persons[who].is_followed && again < study->followed_up) {
            assert_int_equal(study->who[SOURCE_INTERVIEWED_AGAIN][again++], who);
        }
    }
    assert_int_equal(study->count[SOURCE_INTERVIEWED_AGAIN], again);
}

static void every_study_is_of_the_design_of_table_2(void **state)
{
    (void)state;
    struct participants study;
    gather();
    ASSERT_DONE(participants_open(&study, persons, PEOPLE, &parameters));
    assert_int_equal(study.askable, SEEN);
    for (uint32_t n = 0; n < 300; n++) {
        draw(&study, n);
        assert_int_equal(study.count[SOURCE_INTERVIEWED], 61);
        assert_int_equal(study.count[SOURCE_OBSERVED], 35);
        assert_int_equal(study.count[SOURCE_PARTICIPANTS], 84);
        assert_int_equal(study.count[SOURCE_INTERVIEWED_AGAIN], 41);
        check_study(&study, 12, 84);
    }
    participants_close(&study);
}

static void other_designs_are_kept_as_well(void **state)
{
    (void)state;
    static const int designs[][4] = {/* interviewees, followed up, observed, overlap */
                                     {1, 0, 0, 0},     {10, 10, 10, 10},  {10, 10, 30, 0},
                                     {30, 30, 10, 10}, {100, 100, 30, 0}, {130, 41, 130, 130}};
    gather();
    for (size_t d = 0; d < sizeof designs / sizeof designs[0]; d++) {
        const int *wanted = designs[d];
        struct participants study;
        parameters.study.interviewees = wanted[0];
        parameters.study.followed_up = wanted[1];
        parameters.study.observed = wanted[2];
        parameters.study.overlap = wanted[3];
        ASSERT_DONE(participants_open(&study, persons, PEOPLE, &parameters));
        for (uint32_t n = 0; n < 20; n++) {
            draw(&study, n);
            check_study(&study, (size_t)wanted[3], (size_t)(wanted[0] + wanted[2] - wanted[3]));
        }
        participants_close(&study);
    }
}

/* One interviewed and another observed, of five: the probabilities by hand. */
static void weights_are_those_of_the_equations(void **state)
{
    (void)state;
    enum { FEW = 5 };
    static const double trust[FEW] = {0.25, 0.5, 1.0, 0.75, 0.0};
    static const int sessions[FEW] = {9, 2, 1, 4, 6};
    double w[FEW], o[FEW], all = 0.0, meetings = 0.0, watched[FEW] = {0.0};
    int interviewed[FEW] = {0}, observed[FEW] = {0};
    struct participants study;
    gather();
    parameters.study.trust_exponent = 2.0;
    parameters.study.session_exponent = 0.5;
    parameters.study.interviewees = parameters.study.observed = 1;
    parameters.study.followed_up = parameters.study.overlap = 0;
    for (int i = 0; i < FEW; i++) {
        persons[i] = (struct person){
            .is_seen = true, .trust = (float)trust[i], .sessions = sessions[i], .reason = -1};
        w[i] = trust[i] * trust[i];
        o[i] = sqrt(sessions[i]) * w[i];
        all += w[i];
        meetings += o[i];
    }
    for (int i = 0; i < FEW; i++) {
        for (int j = 0; j < FEW; j++) {
            watched[j] += i == j ? 0.0 : w[i] / all * o[j] / (meetings - o[i]);
        }
    }
    ASSERT_DONE(participants_open(&study, persons, FEW, &parameters));
    assert_int_equal(study.askable, FEW - 1); /* who does not trust is not asked */
    for (uint32_t n = 0; n < DRAWS; n++) {
        draw(&study, n);
        interviewed[study.who[SOURCE_INTERVIEWED][0]]++;
        observed[study.who[SOURCE_OBSERVED][0]]++;
    }
    for (int i = 0; i < FEW; i++) {
        assert_frequency(interviewed[i], DRAWS, w[i] / all);
        assert_frequency(observed[i], DRAWS, watched[i]);
    }
    participants_close(&study);
}

/* Who is observed among the interviewed: everyone is interviewed, one of them observed. */
static void the_overlap_is_drawn_by_meetings(void **state)
{
    (void)state;
    enum { FEW = 3 };
    int observed[FEW] = {0};
    double all = 0.0;
    struct participants study;
    gather();
    parameters.study.interviewees = FEW;
    parameters.study.observed = parameters.study.overlap = 1;
    parameters.study.followed_up = 0;
    for (int i = 0; i < FEW; i++) {
        persons[i] = (struct person){.is_seen = true, .trust = 0.5f, .sessions = 1 + 3 * i};
        all += persons[i].sessions;
    }
    ASSERT_DONE(participants_open(&study, persons, FEW, &parameters));
    for (uint32_t n = 0; n < DRAWS; n++) {
        draw(&study, n);
        observed[study.who[SOURCE_OBSERVED][0]]++;
    }
    for (int i = 0; i < FEW; i++) {
        assert_frequency(observed[i], DRAWS, persons[i].sessions / all);
    }
    participants_close(&study);
}

/* With both exponents at 0 everyone seen has the same chance, trust or no trust. */
static void without_weights_everyone_seen_is_alike(void **state)
{
    (void)state;
    enum { STUDIES = 4000 };
    int interviewed[PEOPLE] = {0}, observed[PEOPLE] = {0}, times[PEOPLE];
    struct participants study;
    gather();
    parameters.study.trust_exponent = parameters.study.session_exponent = 0.0;
    persons[0].trust = 0.0f;
    ASSERT_DONE(participants_open(&study, persons, PEOPLE, &parameters));
    for (uint32_t n = 0; n < STUDIES; n++) {
        draw(&study, n);
        count(&study, SOURCE_INTERVIEWED, times);
        for (int i = 0; i < PEOPLE; i++) {
            interviewed[i] += times[i];
        }
        count(&study, SOURCE_OBSERVED, times);
        for (int i = 0; i < PEOPLE; i++) {
            observed[i] += times[i];
        }
    }
    for (int i = 0; i < PEOPLE; i++) {
        assert_frequency(interviewed[i], STUDIES, persons[i].is_seen ? 61.0 / SEEN : 0.0);
        assert_frequency(observed[i], STUDIES, persons[i].is_seen ? 35.0 / SEEN : 0.0);
    }
    participants_close(&study);
}

/* A draw leaves nothing behind: the tenth study is the same, whichever was drawn before it. */
static void studies_do_not_depend_on_each_other(void **state)
{
    (void)state;
    int first[PEOPLE], second[PEOPLE];
    struct participants study;
    gather();
    ASSERT_DONE(participants_open(&study, persons, PEOPLE, &parameters));
    draw(&study, 10);
    count(&study, SOURCE_PARTICIPANTS, first);
    for (uint32_t n = 0; n < 10; n++) {
        draw(&study, n);
    }
    draw(&study, 10);
    count(&study, SOURCE_PARTICIPANTS, second);
    assert_memory_equal(first, second, sizeof first);
    participants_close(&study);
}

static void nobody_may_have_been_seen(void **state)
{
    (void)state;
    struct participants study;
    gather();
    ASSERT_DONE(participants_open(&study, NULL, 0, &parameters));
    assert_int_equal(study.askable, 0);
    participants_close(&study);
    participants_close(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_study_is_of_the_design_of_table_2),
        cmocka_unit_test(other_designs_are_kept_as_well),
        cmocka_unit_test(weights_are_those_of_the_equations),
        cmocka_unit_test(the_overlap_is_drawn_by_meetings),
        cmocka_unit_test(without_weights_everyone_seen_is_alike),
        cmocka_unit_test(studies_do_not_depend_on_each_other),
        cmocka_unit_test(nobody_may_have_been_seen),
    };
    return cmocka_run_group_tests_name("participants", tests, NULL, NULL);
}
