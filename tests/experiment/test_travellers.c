/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/travellers.h"

#include "experiment/characteristics.h"
#include "experiment/pathway_odds.h"
#include "small_run.h"

/* Two replicates of made-up people; a share that is printed can be counted by hand. */
enum { REPLICATES = 2, EACH = 900 };

struct crowd {
    struct person persons[REPLICATES * EACH];
    size_t starts[REPLICATES + 1];
    struct people people;
};

static void gather(struct crowd *c)
{
    uint64_t state = 3;
    *c = (struct crowd){.starts = {0, EACH, 2 * EACH}};
    for (size_t i = 0; i < REPLICATES * EACH; i++) {
        struct person *p = &c->persons[i];
        *p = (struct person){.pathway = (int)(next_unit(&state) * PATHWAY_COUNT),
                             .age = (float)(20.0 + 60.0 * next_unit(&state)),
                             .female = next_unit(&state) < 0.6,
                             .quintile = 1 + (int)(5.0 * next_unit(&state)),
                             .barriers = (uint32_t)(next_unit(&state) * (1 << BARRIER_COUNT)),
                             .reason = -1,
                             .site = (int)(3.0 * next_unit(&state))};
        const bool connected = p->pathway == (int)PATHWAY_A_RAPID ||
                               p->pathway == (int)PATHWAY_B_ANCHORED ||
                               p->pathway >= (int)PATHWAY_WAITING;
        if (!connected) {
            p->reason = (int)(next_unit(&state) * REASON_KINDS);
        }
    }
    c->people = (struct people){.count = REPLICATES * EACH,
                                .persons = c->persons,
                                .replicates = REPLICATES,
                                .starts = c->starts};
}

static bool took_up(const struct person *p)
{
    return p->pathway < (int)PATHWAY_WAITING;
}

static bool has(const struct person *p, enum barrier barrier)
{
    return (p->barriers >> barrier & 1u) != 0;
}

/* The line that begins with two spaces and this name, after the name. */
static const char *line_of(const char *text, const char *name, int width)
{
    char start[64];
    (void)snprintf(start, sizeof start, "\n  %-*s", width, name);
    const char *at = strstr(text, start);
    if (at == NULL) {
        fail_msg("there is no line '%s'", name);
        return "";
    }
    return at + strlen(start);
}

/* Numbers of a line, in their order; words and brackets are skipped. */
static int read_numbers(const char *line, double *numbers, int most)
{
    int n = 0;
    while (*line != '\0' && *line != '\n' && n < most) {
        char *end = NULL;
        numbers[n] = strtod(line, &end);
        if (end != line && (*line == ' ' || (*line >= '0' && *line <= '9'))) {
            n++;
            line = end;
        } else {
            line++;
        }
    }
    return n;
}

enum who { EVERYONE, WOMEN, CARERS, WOMEN_AND_CARERS, DEPRIVED_AND_ILL };

static bool is_one(const struct person *p, enum who who)
{
    return who == EVERYONE           ? true
           : who == WOMEN            ? p->female != 0
           : who == CARERS           ? has(p, BARRIER_CARING)
           : who == WOMEN_AND_CARERS ? p->female != 0 && has(p, BARRIER_CARING)
                                     : p->quintile <= 2 && has(p, BARRIER_HEALTH);
}

/* Mean over replicates of the share on a pathway among those who took up. */
static double share_on(const struct crowd *c, enum who who, int pathway, double *people)
{
    double sum = 0.0;
    *people = 0.0;
    for (size_t r = 0; r < REPLICATES; r++) {
        double n = 0.0, on = 0.0;
        for (size_t i = c->starts[r]; i < c->starts[r + 1]; i++) {
            if (took_up(&c->persons[i]) && is_one(&c->persons[i], who)) {
                n += 1.0;
                on += c->persons[i].pathway == pathway;
            }
        }
        sum += on / n / REPLICATES;
        *people += n / REPLICATES;
    }
    return sum;
}

static void shares_are_those_counted_by_hand(void **state)
{
    (void)state;
    static struct crowd c;
    static const char *const names[] = {"everyone", "women", "carers", "women and carers",
                                        "quintiles 1-2 and poor health"};
    static const enum pathway order[] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                         PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
                                         PATHWAY_DISENGAGED};
    struct printed printed;
    gather(&c);
    print_begin(&printed);
    ASSERT_DONE(travellers_print_shares(printed.stream, &c.people));
    const char *text = print_end(&printed);
    for (int who = EVERYONE; who <= DEPRIVED_AND_ILL; who++) {
        double numbers[16], people = 0.0, printed_sum = 0.0;
        const int n = read_numbers(line_of(text, names[who], 33), numbers, 16);
        assert_int_equal(n, 11); /* five times share and half its interval; people */
        for (int p = 0; p < 5; p++) {
            const double share = share_on(&c, (enum who)who, (int)order[p], &people);
            assert_near(numbers[2 * p], 100.0 * share, 0.051);
            printed_sum += numbers[2 * p];
        }
        const double brief = share_on(&c, (enum who)who, PATHWAY_BRIEF, &people);
        assert_near(printed_sum + 100.0 * brief, 100.0, 0.26);
        assert_near(numbers[10], people, 0.51);
    }
    assert_null(strstr(text, "women and men")); /* nobody is both */
    assert_null(strstr(text, "quintiles 1-2 and quintiles 4-5"));
    assert_int_equal(count_words(text, "\n"), 3 + 10 + 1 + 36 - 2);
    print_free(&printed);
}

/* Percent of those who took up and never connected, from one reason to another. */
static double share_of_reasons(const struct crowd *c, enum who who, int first, int last)
{
    double share = 0.0;
    for (size_t r = 0; r < REPLICATES; r++) {
        double n = 0.0, of_it = 0.0;
        for (size_t i = c->starts[r]; i < c->starts[r + 1]; i++) {
            const struct person *p = &c->persons[i];
            n += p->reason >= 0 && is_one(p, who);
            of_it += p->reason >= first && p->reason <= last && is_one(p, who);
        }
        share += 100.0 * of_it / n / REPLICATES;
    }
    return share;
}

static void reasons_add_up_to_everyone_who_did_not_connect(void **state)
{
    (void)state;
    static struct crowd c;
    static const char *const names[] = {"everyone", "women", "carers"};
    struct printed printed;
    gather(&c);
    print_begin(&printed);
    ASSERT_DONE(travellers_print_reasons(printed.stream, &c.people));
    const char *text = print_end(&printed);
    const char *obstacles = strstr(text, "What failed the last attempt");
    assert_non_null(obstacles);
    for (int who = EVERYONE; who <= CARERS; who++) {
        double stages[10], failed[2 * REASON_COUNT], sum = 0.0;
        assert_int_equal(read_numbers(line_of(text, names[who], 14), stages, 10), 9);
        assert_int_equal(read_numbers(line_of(obstacles, names[who], 14), failed, 2 * REASON_COUNT),
                         2 * REASON_COUNT);
        for (int reason = 0; reason < REASON_OBSTACLE; reason++) {
            const double share = share_of_reasons(&c, (enum who)who, reason, reason);
            assert_near(stages[2 * reason], share, 0.051);
            sum += stages[2 * reason];
        }
        assert_near(stages[2 * REASON_OBSTACLE],
                    share_of_reasons(&c, (enum who)who, REASON_OBSTACLE, REASON_KINDS), 0.051);
        assert_near(sum + stages[2 * REASON_OBSTACLE], 100.0, 0.21);
        for (int n = 0; n < REASON_COUNT; n++) {
            const int reason = (int)REASON_OBSTACLE + n;
            assert_near(failed[2 * n], share_of_reasons(&c, (enum who)who, reason, reason), 0.051);
            sum += failed[2 * n];
        }
        assert_near(sum, 100.0, 0.05 * REASON_KINDS);
    }
    print_free(&printed);
}

/* Every two characteristics that one person can have are looked at together, no others. */
static void pairs_are_those_that_can_meet(void **state)
{
    (void)state;
    int pairs = 0;
    for (int a = 1; a < CHARACTERISTIC_COUNT; a++) {
        for (int b = a + 1; b < CHARACTERISTIC_COUNT; b++) {
            const bool may =
                characteristics_may_meet((enum characteristic)a, (enum characteristic)b);
            const bool excluded = (a == (int)IS_WOMAN && b == (int)IS_MAN) ||
                                  (a == (int)IS_DEPRIVED && b == (int)IS_AFFLUENT);
            assert_int_equal(may, !excluded);
            assert_int_equal(
                may, characteristics_may_meet((enum characteristic)b, (enum characteristic)a));
            pairs += may;
        }
    }
    assert_int_equal(pairs, 34);
}

/* One line an estimate; what is printed as percent is there as a share. */
static void the_tidy_table_holds_shares_and_reasons(void **state)
{
    (void)state;
    static struct crowd c;
    struct printed printed;
    char wanted[80];
    double people = 0.0;
    gather(&c);
    print_begin(&printed);
    travellers_print_csv_head(printed.stream);
    ASSERT_DONE(travellers_print_csv(printed.stream, &c.people));
    const char *text = print_end(&printed);
    const int groups = (int)CHARACTERISTIC_COUNT + 34, lines = count_words(text, "\n");
    assert_int_equal(lines, 1 + groups * ((int)PATHWAY_COUNT - 2 + (int)REASON_KINDS));
    assert_int_equal(count_words(text, ","), 9 * lines);
    (void)snprintf(wanted, sizeof wanted, "\npathway,woman,carer,b_anchored,%.9g,",
                   share_on(&c, WOMEN_AND_CARERS, PATHWAY_B_ANCHORED, &people));
    assert_non_null(strstr(text, wanted));
    (void)snprintf(wanted, sizeof wanted, "\nreason,carer,,not_tried,%.9g,",
                   share_of_reasons(&c, CARERS, REASON_NOT_TRIED, REASON_NOT_TRIED) / 100.0);
    assert_non_null(strstr(text, wanted));
    print_free(&printed);
}

static void the_table_has_a_row_for_each_who_took_up(void **state)
{
    (void)state;
    static struct crowd c;
    struct printed printed;
    gather(&c);
    print_begin(&printed);
    travellers_print_people(printed.stream, &c.people);
    const char *line = print_end(&printed);
    static const char head[] =
        "replicate,site,pathway,woman,age,quintile,carer,language,transport,housing,health\n";
    assert_memory_equal(line, head, sizeof head - 1);
    for (size_t r = 0; r < REPLICATES; r++) {
        for (size_t i = c.starts[r]; i < c.starts[r + 1]; i++) {
            const struct person *p = &c.persons[i];
            char wanted[200];
            if (took_up(p)) {
                (void)snprintf(wanted, sizeof wanted, "%zu,%d,%s,%d,%.4f,%d,%d,%d,%d,%d,%d\n", r,
                               p->site, pathway_names[p->pathway], p->female, (double)p->age,
                               p->quintile, has(p, BARRIER_CARING), has(p, BARRIER_LANGUAGE),
                               has(p, BARRIER_TRANSPORT), has(p, BARRIER_HOUSING),
                               has(p, BARRIER_HEALTH));
                line = strchr(line, '\n') + 1;
                assert_memory_equal(line, wanted, strlen(wanted));
            }
        }
    }
    assert_string_equal(strchr(line, '\n'), "\n"); /* and no more */
    print_free(&printed);
}

/* People whose pathway hangs on being a carer alone: the odds ratio is that of the 2 x 2 table,
 * whatever else is known of them, since everything else is balanced within it. */
static void odds_ratios_are_those_of_the_table(void **state)
{
    (void)state;
    static struct crowd c;
    struct pathway_odds odds;
    struct printed printed;
    size_t i = 0;
    gather(&c);
    for (int carer = 0; carer < 2; carer++) {
        for (int class = 0; class < 5; class ++) {
            /* 128 combinations of the other columns, and once again for b among carers */
            for (int n = 0; n < 128 * (1 + (carer && class == 1)); n++) {
                static const enum pathway classes[] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                                       PATHWAY_C_CONNECTING_WITH,
                                                       PATHWAY_OWN_SUPPORT, PATHWAY_DISENGAGED};
                const uint32_t bits = (uint32_t)n % 128;
                c.persons[i++] = (struct person){.pathway = (int)classes[class],
                                                 .female = bits & 1,
                                                 .age = bits & 2 ? 40.0f : 60.0f,
                                                 .quintile = bits & 4 ? 2 : 4,
                                                 .barriers = (uint32_t)carer << BARRIER_CARING |
                                                             (bits >> 3 & 1) << BARRIER_LANGUAGE |
                                                             (bits >> 4 & 1) << BARRIER_TRANSPORT |
                                                             (bits >> 5 & 1) << BARRIER_HOUSING |
                                                             (bits >> 6 & 1) << BARRIER_HEALTH};
            }
        }
    }
    c.people.replicates = 1;
    c.people.count = c.starts[1] = i;
    ASSERT_DONE(pathway_odds_fit(&odds, &c.people, false));
    assert_int_equal(odds.persons, i);
    print_begin(&printed);
    pathway_odds_print(printed.stream, &odds);
    const char *line = line_of(print_end(&printed), "carer", 31);
    assert_memory_equal(line, "   2.00 (", 9);
    assert_int_equal(count_words(line_of(printed.text, "woman", 31), " 1.00 ("), 6 * 4 + 3);
    assert_non_null(strstr(printed.text, "One replicate: the intervals are those of the model"));
    print_free(&printed);
    pathway_odds_free(&odds);
    pathway_odds_free(&odds);
}

/* The same people twice are two replicates that agree: no spread between them at all. */
static void replicates_are_fitted_together(void **state)
{
    (void)state;
    static struct crowd c;
    struct pathway_odds one, two;
    gather(&c);
    memcpy(&c.persons[EACH], c.persons, EACH * sizeof c.persons[0]);
    ASSERT_DONE(pathway_odds_fit(&two, &c.people, false));
    c.people.replicates = 1;
    ASSERT_DONE(pathway_odds_fit(&one, &c.people, false));
    assert_int_equal(two.persons, 2 * one.persons);
    assert_int_equal(two.fit.clusters, 2);
    assert_int_equal(one.fit.clusters, 1);
    for (size_t a = 0; a < 4 * one.fit.columns; a++) {
        assert_near(two.fit.coefficients[a], one.fit.coefficients[a], 1e-7);
        assert_near(two.fit.standard_errors[a], 0.0, 1e-7);
        assert_true(one.fit.standard_errors[a] > 0.01);
    }
    pathway_odds_free(&one);
    pathway_odds_free(&two);
}

/* Being a carer and of poor health together: over the product of the two alone. */
static void interactions_are_coefficients_of_products(void **state)
{
    (void)state;
    static struct crowd c;
    struct pathway_odds odds;
    struct printed printed;
    size_t i = 0;
    gather(&c);
    for (int both = 0; both < 4; both++) { /* on b against a: 1, 2, 3 and 18 to one */
        static const int on_b[] = {10, 20, 30, 180};
        for (int n = 0; n < 10 + on_b[both]; n++) {
            c.persons[i++] =
                (struct person){.pathway = n < 10 ? (int)PATHWAY_A_RAPID : (int)PATHWAY_B_ANCHORED,
                                .age = 50.0f,
                                .quintile = 3,
                                .barriers = (uint32_t)(both & 1) << BARRIER_CARING |
                                            (uint32_t)(both >> 1) << BARRIER_HEALTH};
        }
    }
    c.people.replicates = 1;
    c.people.count = c.starts[1] = i;
    ASSERT_DONE(pathway_odds_fit(&odds, &c.people, true));
    print_begin(&printed);
    pathway_odds_print(printed.stream, &odds);
    const char *text = print_end(&printed);
    assert_memory_equal(line_of(text, "carer", 31), "   2.00 (", 9);
    assert_memory_equal(line_of(text, "poor health", 31), "   3.00 (", 9);
    assert_memory_equal(line_of(text, "carer x poor health", 31), "   3.00 (", 9);
    assert_non_null(strstr(text, "Left out: woman (nobody)."));
    assert_non_null(strstr(text, "Left out: own support (nobody)."));
    print_free(&printed);
    pathway_odds_free(&odds);
}

/* A group that nobody is of, and one that is never on pathway a: told, the rest is estimated. */
static void what_cannot_be_estimated_is_named(void **state)
{
    (void)state;
    static struct crowd c;
    struct pathway_odds odds;
    struct printed printed;
    gather(&c);
    for (size_t i = 0; i < REPLICATES * EACH; i++) {
        struct person *p = &c.persons[i];
        p->barriers &= ~(1u << BARRIER_LANGUAGE);
        p->barriers &= p->pathway == (int)PATHWAY_A_RAPID ? ~(1u << BARRIER_HOUSING) : ~0u;
    }
    ASSERT_DONE(pathway_odds_fit(&odds, &c.people, false));
    print_begin(&printed);
    pathway_odds_print(printed.stream, &odds);
    const char *text = print_end(&printed);
    assert_non_null(strstr(text, "Left out: little English (nobody).\n"));
    assert_int_equal(count_words(text, "Left out"), 1);
    assert_memory_equal(line_of(text, "little English", 31), "      -", 7);
    assert_memory_equal(line_of(text, "poor housing", 31), " -> inf", 7);
    assert_non_null(strstr(text, "-> 0, -> inf: no finite odds ratio"));
    assert_non_null(strstr(text, "Student's t with 1 degree of freedom"));
    double numbers[12];
    assert_int_equal(read_numbers(line_of(text, "carer", 31), numbers, 12), 12);
    print_free(&printed);
    print_begin(&printed);
    pathway_odds_print_csv(printed.stream, &odds);
    text = print_end(&printed);
    assert_int_equal(count_words(text, "\n"), 4 * 9);
    assert_int_equal(count_words(text, ","), 9 * 4 * 9);
    assert_int_equal(count_words(text, ",inf,nan,nan,nan,"), 4);
    assert_int_equal(count_words(text, ",infinite\n"), 4);
    assert_int_equal(count_words(text, "odds_ratio,language,,"), 4);
    assert_int_equal(count_words(text, ",nan,nan,nan,nan,"), 4);
    print_free(&printed);
    pathway_odds_free(&odds);
}

static void without_the_reference_there_are_no_odds(void **state)
{
    (void)state;
    static struct crowd c;
    struct pathway_odds odds;
    gather(&c);
    for (size_t i = 0; i < REPLICATES * EACH; i++) {
        c.persons[i].pathway = (int)PATHWAY_A_RAPID;
    }
    ASSERT_FAILS(pathway_odds_fit(&odds, &c.people, false), ERROR_INPUT,
                 "everybody is on pathway a, with which the others are compared");
    for (size_t i = 0; i < REPLICATES * EACH; i++) {
        c.persons[i].pathway = (int)PATHWAY_B_ANCHORED;
    }
    ASSERT_FAILS(pathway_odds_fit(&odds, &c.people, false), ERROR_INPUT, "nobody is on pathway a");
    c.people.replicates = 0;
    ASSERT_FAILS(pathway_odds_fit(&odds, &c.people, false), ERROR_INPUT, "nobody is on pathway a");
    pathway_odds_free(&odds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_counted_by_hand),
        cmocka_unit_test(reasons_add_up_to_everyone_who_did_not_connect),
        cmocka_unit_test(the_table_has_a_row_for_each_who_took_up),
        cmocka_unit_test(odds_ratios_are_those_of_the_table),
        cmocka_unit_test(pairs_are_those_that_can_meet),
        cmocka_unit_test(the_tidy_table_holds_shares_and_reasons),
        cmocka_unit_test(replicates_are_fitted_together),
        cmocka_unit_test(interactions_are_coefficients_of_products),
        cmocka_unit_test(what_cannot_be_estimated_is_named),
        cmocka_unit_test(without_the_reference_there_are_no_odds),
    };
    return cmocka_run_group_tests_name("travellers", tests, NULL, NULL);
}
