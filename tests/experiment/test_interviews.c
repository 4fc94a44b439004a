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
        p->is_followed = trusts && place % 3 != 0;
        p->change = p->is_followed ? (float)(6.0 * next_unit(&state) - 2.0) : 1000.0f;
    }
    c->people = (struct people){.count = REPLICATES * EVERYONE,
                                .persons = c->persons,
                                .replicates = REPLICATES,
                                .starts = c->starts};
    parameters_default(&c->parameters);
}

static void the_numbers_are_those_of_table_2(void **state)
{
    (void)state;
    static struct crowd c;
    struct interviews s;
    gather(&c);
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 20));
    assert_int_equal(s.draws, 20);
    assert_int_equal(s.interviewees, 61);
    assert_int_equal(s.followed_up, 41);
    assert_int_equal(s.observed, 35);
    assert_int_equal(s.participants, 84); /* 49 interviewed only, 12 both, 23 observed only */
}

/* Share of a pathway (or mean trust, with pathway -1) among the trusting, replicates averaged. */
static double among_trusting(const struct crowd *c, int pathway, double *variance)
{
    struct sample sample = {0};
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        const struct person *p = &c->persons[i];
        if (p->trust > 0.0f) {
            sample_add(&sample, pathway < 0 ? (double)p->trust : p->pathway == pathway);
        }
    }
    *variance = sample_variance(&sample);
    return sample_mean(&sample);
}

/* Five standard errors of a mean over draws of `n` of the trusting without replacement. */
static double five_errors(double variance, double n, double draws)
{
    const double left = 1.0 - n / TRUSTING;
    return FIVE_SIGMA * sqrt(variance / n * left / (draws * REPLICATES));
}

static void without_a_weight_everyone_who_trusts_is_alike(void **state)
{
    (void)state;
    enum { DRAWS = 4000 };
    static struct crowd c;
    struct interviews s;
    double variance = 0.0;
    gather(&c);
    c.parameters.study.trust_exponent = 0.0;
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, DRAWS));
    double mean = among_trusting(&c, -1, &variance);
    assert_near(s.trust.mean, mean, five_errors(variance, 61, DRAWS));
    for (int p = 0; p < PATHWAY_COUNT; p++) {
        mean = among_trusting(&c, p, &variance);
        assert_near(s.pathway[p].mean, mean, five_errors(variance, 61, DRAWS) + 1e-12);
    }
    mean = among_trusting(&c, PATHWAY_B_ANCHORED, &variance);
    assert_near(s.participants_b.mean, mean, five_errors(variance, 84, DRAWS));
    /* a hypergeometric 95 % range, in steps of one person of 61 */
    const double half = 1.96 * sqrt(variance / 61 * (1.0 - 61.0 / TRUSTING));
    assert_near(s.pathway[PATHWAY_B_ANCHORED].low, mean - half, 1.5 / 61);
    assert_near(s.pathway[PATHWAY_B_ANCHORED].high, mean + half, 1.5 / 61);
}

static void those_without_trust_are_never_drawn(void **state)
{
    (void)state;
    static const double exponents[] = {0.0, 1.0, 4.0};
    static struct crowd c;
    gather(&c);
    for (size_t n = 0; n < 3; n++) {
        struct interviews s;
        double sum = 0.0;
        c.parameters.study.trust_exponent = exponents[n];
        ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 300));
        for (int p = 0; p < PATHWAY_COUNT; p++) {
            sum += s.pathway[p].mean;
        }
        assert_near(sum, 1.0, 1e-9);
        assert_true(s.pathway[PATHWAY_BRIEF].high == 0.0);
        assert_true(s.pathway[PATHWAY_DECLINED].high == 0.0);
        assert_true(s.change.high < 100.0); /* nobody who was not followed counts */
    }
}

static void a_larger_weight_overstates_trust(void **state)
{
    (void)state;
    static const double exponents[] = {0.0, 0.5, 1.0, 2.0, 5.0};
    static struct crowd c;
    double trust = 0.0, b = 0.0;
    gather(&c);
    for (size_t n = 0; n < 5; n++) {
        struct interviews s;
        c.parameters.study.trust_exponent = exponents[n];
        ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 2000));
        assert_true(s.trust.mean > trust + 0.01);
        assert_true(s.pathway[PATHWAY_B_ANCHORED].mean > b + 0.01);
        assert_true(s.trust.low < s.trust.mean && s.trust.mean < s.trust.high);
        trust = s.trust.mean;
        b = s.pathway[PATHWAY_B_ANCHORED].mean;
    }
}

/* One interviewee alone is the first of the ranks: drawn with probability w / sum of w. */
static void the_first_is_drawn_in_proportion_to_the_weight(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    static struct crowd c;
    struct interviews s;
    double expected = 0.0, square = 0.0;
    gather(&c);
    c.parameters.study.interviewees = 1;
    c.parameters.study.followed_up = 1;
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
    assert_int_equal(s.participants, 24);
    const double error = sqrt((square - expected * expected) / (DRAWS * REPLICATES));
    assert_near(s.trust.mean, expected, FIVE_SIGMA * error);
}

/* One who weighs as much as the 23 others together comes first every other time. */
static void one_may_weigh_as_much_as_all_others(void **state)
{
    (void)state;
    enum { DRAWS = 20000, FEW = 24 };
    static struct crowd c;
    struct interviews s;
    gather(&c);
    for (size_t i = 0; i < EVERYONE; i++) {
        c.persons[i].trust = i == 7 ? 1.0f : i < FEW ? 1.0f / 23.0f : 0.0f;
    }
    c.people.replicates = 1;
    c.parameters.study.interviewees = 1;
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, DRAWS));
    const double error = (1.0 - 1.0 / 23.0) * sqrt(0.25 / DRAWS);
    assert_near(s.trust.mean, 0.5 + 0.5 / 23.0, FIVE_SIGMA * error);
}

static void the_truth_is_of_everyone(void **state)
{
    (void)state;
    static struct crowd c;
    struct interviews s;
    double seen = 0.0, offered = 0.0, trust = 0.0, change = 0.0, followed = 0.0;
    gather(&c);
    for (size_t i = 0; i < REPLICATES * EVERYONE; i++) {
        const struct person *p = &c.persons[i];
        const double b = p->pathway == (int)PATHWAY_B_ANCHORED;
        seen += p->is_seen ? b : 0.0;
        offered += b;
        trust += (double)p->trust;
        change += p->is_followed ? (double)p->change : 0.0;
        followed += p->is_followed;
    }
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 50));
    const struct interview_estimate *b = &s.pathway[PATHWAY_B_ANCHORED];
    assert_near(b->seen, seen / (REPLICATES * (TRUSTING + TRUSTLESS)), 1e-9);
    assert_near(b->offered, offered / (REPLICATES * EVERYONE), 1e-9);
    assert_near(s.participants_b.seen, b->seen, 1e-12);
    assert_near(s.trust.seen, trust / (REPLICATES * (TRUSTING + TRUSTLESS)), 1e-6);
    assert_near(s.trust.offered, trust / (REPLICATES * EVERYONE), 1e-6);
    assert_near(s.pathway[PATHWAY_DECLINED].offered, (double)UNSEEN / EVERYONE, 1e-9);
    assert_true(s.pathway[PATHWAY_DECLINED].seen == 0.0);
    assert_near(s.change.seen, change / followed, 0.05); /* a mean of two means */
}

static void draws_come_from_the_seed(void **state)
{
    (void)state;
    static struct crowd c;
    struct interviews a, b, other;
    gather(&c);
    ASSERT_DONE(interviews_draw(&a, &c.people, &c.parameters, 40));
    ASSERT_DONE(interviews_draw(&b, &c.people, &c.parameters, 40));
    c.parameters.run.seed++;
    ASSERT_DONE(interviews_draw(&other, &c.people, &c.parameters, 40));
    assert_true(a.trust.mean == b.trust.mean && a.trust.low == b.trust.low);
    assert_true(a.trust.mean != other.trust.mean);
}

static void too_few_cannot_be_studied(void **state)
{
    (void)state;
    static struct crowd c;
    struct interviews s;
    gather(&c);
    for (size_t i = EVERYONE + 83; i < 2 * EVERYONE; i++) {
        c.persons[i].trust = 0.0f;
    }
    ASSERT_FAILS(interviews_draw(&s, &c.people, &c.parameters, 5), ERROR_INPUT,
                 "only 83 people were seen in replicate 1: a study of 84 cannot be drawn");
    c.persons[EVERYONE + 83].trust = 0.5f; /* exactly enough: everyone is drawn, every time */
    c.people.replicates = 1;
    c.people.starts = &c.starts[1];
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 5));
    assert_near(s.participants_b.low, s.participants_b.high, 1e-12);
    c.parameters.study.interviewees = 62;
    ASSERT_FAILS(interviews_draw(&s, &c.people, &c.parameters, 5), ERROR_INPUT, "a study of 85");
}

static void the_table_has_a_line_for_each_pathway(void **state)
{
    (void)state;
    static struct crowd c;
    struct interviews s;
    struct printed printed;
    gather(&c);
    ASSERT_DONE(interviews_draw(&s, &c.people, &c.parameters, 30));
    print_begin(&printed);
    interviews_print(printed.stream, &s);
    const char *text = print_end(&printed);
    assert_non_null(strstr(text, "61 interviewed, 41 of them re-interviewed, 35 observed, 84"));
    for (int p = 0; p < PATHWAY_COUNT; p++) {
        char start[40], line[40];
        (void)snprintf(start, sizeof start, "\n  %-26s", pathway_names[p]);
        (void)snprintf(line, sizeof line, "%7.2f (", 100.0 * s.pathway[p].mean);
        const char *at = strstr(text, start);
        assert_non_null(at);
        assert_true(at != NULL && strstr(at, line) == at + strlen(start) + 1);
    }
    print_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_those_of_table_2),
        cmocka_unit_test(without_a_weight_everyone_who_trusts_is_alike),
        cmocka_unit_test(those_without_trust_are_never_drawn),
        cmocka_unit_test(a_larger_weight_overstates_trust),
        cmocka_unit_test(the_first_is_drawn_in_proportion_to_the_weight),
        cmocka_unit_test(one_may_weigh_as_much_as_all_others),
        cmocka_unit_test(the_truth_is_of_everyone),
        cmocka_unit_test(draws_come_from_the_seed),
        cmocka_unit_test(too_few_cannot_be_studied),
        cmocka_unit_test(the_table_has_a_line_for_each_pathway),
    };
    return cmocka_run_group_tests_name("interviews", tests, NULL, NULL);
}
