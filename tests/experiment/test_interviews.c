/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/interviews.h"

#include "parameters/table.h"
#include "small_run.h"

/* Two replicates of made-up people. In each 240 were seen and trust, 20 were seen without any
 * trust (all of them `brief`), 40 were never seen (all `declined`). */
enum { REPLICATES = 2, TRUSTING = 240, TRUSTLESS = 20, UNSEEN = 40 };
enum { EVERYONE = TRUSTING + TRUSTLESS + UNSEEN };

struct crowd {
    struct person persons[REPLICATES * EVERYONE];
    size_t starts[REPLICATES + 1];
    struct people people;
    struct parameters parameters;
};

static const enum pathway kinds[] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED, PATHWAY_B_ANCHORED,
                                     PATHWAY_C_CONNECTING_WITH, PATHWAY_DISENGAGED};

static void gather(struct crowd *c)
{
    uint64_t state = 12;
    *c = (struct crowd){.starts = {0, EVERYONE, 2 * EVERYONE}};
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        const size_t place = i % EVERYONE;
        struct person *p = &c->persons[i];
        const bool trusts = place < TRUSTING;
        *p = (struct person){.is_seen = place < TRUSTING + TRUSTLESS, .reason = -1};
        p->pathway = trusts ? (int)kinds[place % 5] : p->is_seen ? PATHWAY_BRIEF : PATHWAY_DECLINED;
        p->trust = trusts ? (float)(0.05 + 0.95 * next_unit(&state)) : 0.0f;
        if (p->pathway == (int)PATHWAY_B_ANCHORED) {
            p->trust = 1.0f - 0.4f * (1.0f - p->trust); /* those who travel b trust more */
        }
        p->sessions = p->is_seen ? 1 + (int)(10.0 * next_unit(&state)) : 0;
        p->female = place % 3 == 0;
        p->is_followed = trusts && place % 3 != 0;
        p->change = p->is_followed ? (float)(6.0 * next_unit(&state) - 2.0) : 1000.0f;
    }
    c->people = (struct people){.count = REPLICATES * EVERYONE,
                                .persons = c->persons,
                                .replicates = REPLICATES,
                                .starts = c->starts};
    parameters_default(&c->parameters);
}

/* The question of this section and key. */
static int find(const char *section, const char *key)
{
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        if (strcmp(study_questions[q].section, section) == 0 &&
            strcmp(study_questions[q].key, key) == 0) {
            return q;
        }
    }
    fail_msg("there is no question %s %s", section, key);
    return 0;
}

static const struct study_answer *answer(const struct interviews *s, enum source source,
                                         const char *section, const char *key)
{
    return &s->answers[source][find(section, key)];
}

static const struct study_answer *interviewed(const struct interviews *s, const char *section,
                                              const char *key)
{
    return answer(s, SOURCE_INTERVIEWED, section, key);
}

static void the_numbers_are_those_of_table_2(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s;
    gather(&c);
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 20));
    assert_int_equal(s.draws, 20);
    assert_int_equal(s.wanted[SOURCE_INTERVIEWED], 61);
    assert_int_equal(s.wanted[SOURCE_INTERVIEWED_AGAIN], 41);
    assert_int_equal(s.wanted[SOURCE_OBSERVED], 35);
    assert_int_equal(s.wanted[SOURCE_PARTICIPANTS],
                     84); /* 49 interviewed only, 12 both, 23 observed only */
    assert_near(s.persons[SOURCE_INTERVIEWED], 61.0, 1e-9);
    assert_near(s.persons[SOURCE_OBSERVED], 35.0, 1e-9);
    assert_near(s.persons[SOURCE_PARTICIPANTS], 84.0, 1e-9);
    assert_true(s.persons[SOURCE_INTERVIEWED_AGAIN] > 35.0); /* two of three were followed */
    assert_true(s.persons[SOURCE_INTERVIEWED_AGAIN] < 41.0);
}

/* Mean of an answer of those seen, replicates averaged, and the variance within. */
static double of_seen(const struct crowd *c, int question, double *variance)
{
    const struct study_question *q = &study_questions[question];
    struct sample sample = {0};
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        const struct person *p = &c->persons[i];
        if (p->is_seen && q->is_asked(p, q->of_whom)) {
            sample_add(&sample, q->answer(p, q->which));
        }
    }
    *variance = sample_variance(&sample);
    return sample_mean(&sample);
}

/* Without weights every source sees everyone seen as they are. */
static void without_weights_there_is_no_bias(void **state)
{
    (void)state;
    enum { DRAWS = 4000 };
    static struct crowd c;
    static struct interviews s;
    static const double sizes[SOURCE_COUNT] = {61, 38, 35, 84};
    static const char *const asked[][2] = {{"pathway", "a_rapid"},    {"pathway", "b_anchored"},
                                           {"pathway", "brief"},      {"participants", "woman"},
                                           {"connected", "everyone"}, {"mean", "sessions"},
                                           {"mean", "trust"}};
    gather(&c);
    c.parameters.study.trust_exponent = c.parameters.study.session_exponent = 0.0;
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        c.persons[i].is_followed = c.persons[i].is_seen; /* else they are of another kind */
        c.persons[i].change = 0.0f;
    }
    c.parameters.study.followed_up = 38;
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, DRAWS));
    for (int source = 0; source < SOURCE_COUNT; source++) {
        for (size_t n = 0; n < sizeof asked / sizeof asked[0]; n++) {
            double variance = 0.0;
            const int q = find(asked[n][0], asked[n][1]);
            const double mean = of_seen(&c, q, &variance);
            const double left = 1.0 - sizes[source] / (TRUSTING + TRUSTLESS);
            const double error = sqrt(variance / sizes[source] * left / (DRAWS * REPLICATES));
            const struct study_answer *a = &s.answers[source][q];
            assert_near(a->mean, mean, FIVE_SIGMA * error);
            assert_near(a->from_seen.mean, 0.0, FIVE_SIGMA * error);
            assert_near(s.seen[q].mean, mean, 1e-9);
            assert_true(a->low < mean && mean < a->high);
        }
    }
    /* a hypergeometric 95 % range, in steps of one person of 61 */
    double variance = 0.0;
    const double mean = of_seen(&c, find("pathway", "b_anchored"), &variance);
    const double half = 1.96 * sqrt(variance / 61 * (1.0 - 61.0 / (TRUSTING + TRUSTLESS)));
    assert_near(interviewed(&s, "pathway", "b_anchored")->low, mean - half, 1.5 / 61);
    assert_near(interviewed(&s, "pathway", "b_anchored")->high, mean + half, 1.5 / 61);
}

static void those_without_trust_are_not_asked(void **state)
{
    (void)state;
    static const double exponents[] = {0.5, 1.0, 4.0};
    static struct crowd c;
    static struct interviews s;
    gather(&c);
    for (size_t n = 0; n < 3; n++) {
        c.parameters.study.trust_exponent = exponents[n];
        ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 300));
        for (int source = 0; source < SOURCE_COUNT; source++) {
            double sum = 0.0;
            for (int q = 0; q < PATHWAY_COUNT; q++) {
                assert_string_equal(study_questions[q].section, "pathway");
                sum += s.answers[source][q].mean;
            }
            assert_near(sum, 1.0, 1e-9);
            assert_true(answer(&s, (enum source)source, "pathway", "brief")->high == 0.0);
            assert_true(answer(&s, (enum source)source, "pathway", "declined")->high == 0.0);
            /* nobody who was not followed counts */
            assert_true(answer(&s, (enum source)source, "mean", "swemwbs_change")->high < 100.0);
        }
    }
}

static void a_larger_weight_overstates_trust(void **state)
{
    (void)state;
    static const double exponents[] = {0.0, 0.5, 1.0, 2.0, 5.0};
    static struct crowd c;
    static struct interviews s;
    double trust = 0.0, b = 0.0;
    gather(&c);
    for (size_t n = 0; n < 5; n++) {
        c.parameters.study.trust_exponent = exponents[n];
        ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 2000));
        const struct study_answer *seen = interviewed(&s, "mean", "trust");
        const struct study_answer *anchored = interviewed(&s, "pathway", "b_anchored");
        assert_true(seen->mean > trust + 0.01);
        assert_true(anchored->mean > b + 0.01);
        assert_true(seen->low < seen->mean && seen->mean < seen->high);
        assert_true(n == 0 || seen->from_seen.low > 0.0);
        trust = seen->mean;
        b = anchored->mean;
    }
}

/* Those who are often there are often observed; the interviewed are not drawn by it. */
static void observation_is_biased_to_many_sessions(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s;
    gather(&c);
    c.parameters.study.trust_exponent = 0.0;
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 2000));
    assert_true(answer(&s, SOURCE_OBSERVED, "mean", "sessions")->from_seen.mean > 0.5);
    assert_near(interviewed(&s, "mean", "sessions")->from_seen.mean, 0.0, 0.05);
    assert_true(answer(&s, SOURCE_PARTICIPANTS, "mean", "sessions")->from_seen.mean > 0.1);
}

/* One interviewee alone is drawn with probability w / sum of w. */
static void the_first_is_drawn_in_proportion_to_the_weight(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    static struct crowd c;
    static struct interviews s;
    double expected = 0.0, square = 0.0;
    gather(&c);
    c.parameters.study.interviewees = 1;
    c.parameters.study.followed_up = 1;
    c.parameters.study.overlap = 1;
    c.parameters.study.observed = 24;
    c.parameters.study.trust_exponent = 2.0;
    for (size_t r = 0; r < REPLICATES; r++) {
        double weights = 0.0, sum = 0.0, squares = 0.0;
        for (size_t i = c.starts[r]; i < c.starts[r + 1]; i++) {
            const double t = (double)c.persons[i].trust;
            weights += t * t;
            sum += t * t * t;
            squares += t * t * t * t;
        }
        expected += sum / weights / REPLICATES;
        square += squares / weights / REPLICATES;
    }
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, DRAWS));
    assert_int_equal(s.wanted[SOURCE_PARTICIPANTS], 24);
    const double error = sqrt((square - expected * expected) / (DRAWS * REPLICATES));
    assert_near(interviewed(&s, "mean", "trust")->mean, expected, FIVE_SIGMA * error);
}

static void the_truth_is_of_everyone(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s;
    double seen = 0.0, offered = 0.0, trust = 0.0, women = 0.0, connected = 0.0;
    gather(&c);
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        const struct person *p = &c.persons[i];
        const double b = p->pathway == (int)PATHWAY_B_ANCHORED;
        seen += p->is_seen ? b : 0.0;
        offered += b;
        trust += (double)p->trust;
        women += p->female && p->is_seen;
        connected += p->female && p->is_seen && (b > 0.0 || p->pathway == (int)PATHWAY_A_RAPID);
    }
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 50));
    const int b = find("pathway", "b_anchored"), t = find("mean", "trust");
    const int declined = find("pathway", "declined"), w = find("connected", "woman");
    assert_near(s.seen[b].mean, seen / (REPLICATES * (TRUSTING + TRUSTLESS)), 1e-9);
    assert_near(s.offered[b].mean, offered / (REPLICATES * EVERYONE), 1e-9);
    assert_near(s.seen[t].mean, trust / (REPLICATES * (TRUSTING + TRUSTLESS)), 1e-6);
    assert_near(s.offered[t].mean, trust / (REPLICATES * EVERYONE), 1e-6);
    assert_near(s.offered[declined].mean, (double)UNSEEN / EVERYONE, 1e-9);
    assert_true(s.seen[declined].mean == 0.0);
    assert_near(s.seen[w].mean, connected / women, 0.01); /* a mean of two means */
}

/* The bias and its interval are made of one value a replicate, each against its own truth. */
static void the_bias_is_over_replicates(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews both, one[REPLICATES];
    gather(&c);
    ASSERT_DONE(interviews_draw(&both, &c.people, &c.parameters, 300));
    const struct estimate *bias = &interviewed(&both, "mean", "trust")->from_seen;
    assert_int_equal(bias->replicates, REPLICATES);
    assert_near(bias->mean,
                interviewed(&both, "mean", "trust")->mean - both.seen[find("mean", "trust")].mean,
                1e-9);
    c.people.replicates = 1;
    ASSERT_DONE(interviews_draw(&one[0], &c.people, &c.parameters, 300));
    assert_true(isnan(interviewed(&one[0], "mean", "trust")->from_seen.low));
    const double first = interviewed(&one[0], "mean", "trust")->from_seen.mean;
    const double second = 2.0 * bias->mean - first; /* the other of two */
    assert_near(bias->standard_error, fabs(first - second) / 2.0, 1e-9);
}

static void draws_come_from_the_seed(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews a, b, other;
    gather(&c);
    ASSERT_DONE(interviews_draw(&a, &c.people, &c.parameters, 40));
    ASSERT_DONE(interviews_draw(&b, &c.people, &c.parameters, 40));
    c.parameters.run.seed++;
    ASSERT_DONE(interviews_draw(&other, &c.people, &c.parameters, 40));
    for (int source = 0; source < SOURCE_COUNT; source++) {
        const double trust = answer(&a, (enum source)source, "mean", "trust")->mean;
        assert_true(trust == answer(&b, (enum source)source, "mean", "trust")->mean);
        assert_true(trust != answer(&other, (enum source)source, "mean", "trust")->mean);
    }
}

static void too_few_cannot_be_studied(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s;
    gather(&c);
    for (size_t i = EVERYONE + 83; i < 2 * EVERYONE; i++) {
        c.persons[i].trust = 0.0f;
    }
    ASSERT_FAILS(
        interviews_draw(&s, &c.people, &c.parameters, 5), ERROR_INPUT,
        "only 83 people seen in replicate 1 have a weight above 0: a study of 84 cannot be "
        "drawn");
    c.persons[EVERYONE + 83].trust = 0.5f; /* exactly enough: everyone is drawn, every time */
    c.people.replicates = 1;
    c.people.starts = &c.starts[1];
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 5));
    const struct study_answer *b = answer(&s, SOURCE_PARTICIPANTS, "pathway", "b_anchored");
    assert_near(b->low, b->high, 1e-12);
    c.parameters.study.interviewees = 62;
    ASSERT_FAILS(interviews_draw(&s, &c.people, &c.parameters, 5), ERROR_INPUT, "a study of 85");
}

/* Nobody is observed, nobody interviewed again: those columns are empty, not 0. */
static void sources_may_be_empty(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s;
    struct printed printed;
    gather(&c);
    c.parameters.study.observed = c.parameters.study.overlap = c.parameters.study.followed_up = 0;
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 5));
    assert_true(isnan(answer(&s, SOURCE_OBSERVED, "mean", "trust")->mean));
    assert_true(isnan(answer(&s, SOURCE_INTERVIEWED_AGAIN, "mean", "trust")->from_seen.mean));
    assert_near(answer(&s, SOURCE_PARTICIPANTS, "mean", "trust")->mean,
                interviewed(&s, "mean", "trust")->mean, 1e-12);
    print_begin(&printed);
    interviews_print(printed.stream, &s);
    const char *text = print_end(&printed);
    assert_null(strstr(text, "nan"));
    assert_non_null(strstr(text, "61 people interviewed, 0 of them again, 0 observed, 0 both; 61"));
    print_free(&printed);
}

static void the_table_has_a_line_for_each_question(void **state)
{
    (void)state;
    static struct crowd c;
    static struct interviews s[2];
    struct printed printed;
    gather(&c);
    ASSERT_DONE(interviews_draw(&s[0], &c.people, &c.parameters, 30));
    c.parameters.study.trust_exponent = 0.0;
    ASSERT_DONE(interviews_draw(&s[1], &c.people, &c.parameters, 30));
    print_begin(&printed);
    interviews_print(printed.stream, &s[0]);
    const char *text = print_end(&printed);
    assert_non_null(
        strstr(text, "61 people interviewed, 41 of them again, 35 observed, 12 both; 84"));
    assert_non_null(strstr(text, "not 41: the run ends after"));
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        char start[40], line[40];
        (void)snprintf(start, sizeof start, "\n  %-22s ", study_questions[q].name);
        const bool share = strcmp(study_questions[q].unit, "share") == 0;
        (void)snprintf(line, sizeof line, "%5.1f (", 100.0 * s[0].answers[0][q].mean);
        const char *at = strstr(text, start);
        assert_non_null(at);
        if (share && strcmp(study_questions[q].section, "pathway") == 0 && at != NULL) {
            assert_true(strstr(at, line) == at + strlen(start));
        }
    }
    assert_null(strstr(text, " \n")); /* no blanks at the ends of lines */
    print_free(&printed);
    print_begin(&printed);
    interviews_print_weights(printed.stream, s, 2);
    assert_non_null(strstr(print_end(&printed), "trust^1         trust^0\n"));
    print_free(&printed);
    print_begin(&printed);
    interviews_print_csv(printed.stream, s, 2);
    text = print_end(&printed);
    assert_int_equal(count_words(text, "\n"), 1 + 2 * SOURCE_COUNT * STUDY_QUESTIONS);
    assert_int_equal(count_words(text, ","), 19 * (1 + 2 * SOURCE_COUNT * STUDY_QUESTIONS));
    assert_non_null(strstr(text, "\n0,1,observed,35,pathway,b_anchored,share,"));
    print_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_those_of_table_2),
        cmocka_unit_test(without_weights_there_is_no_bias),
        cmocka_unit_test(those_without_trust_are_not_asked),
        cmocka_unit_test(a_larger_weight_overstates_trust),
        cmocka_unit_test(observation_is_biased_to_many_sessions),
        cmocka_unit_test(the_first_is_drawn_in_proportion_to_the_weight),
        cmocka_unit_test(the_truth_is_of_everyone),
        cmocka_unit_test(the_bias_is_over_replicates),
        cmocka_unit_test(draws_come_from_the_seed),
        cmocka_unit_test(too_few_cannot_be_studied),
        cmocka_unit_test(sources_may_be_empty),
        cmocka_unit_test(the_table_has_a_line_for_each_question),
    };
    return cmocka_run_group_tests_name("interviews", tests, NULL, NULL);
}
