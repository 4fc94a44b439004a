/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/travellers.h"

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
                                        "quintiles 1 and 2 and poor health"};
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
        const int n = read_numbers(line_of(text, names[who], 38), numbers, 16);
        assert_int_equal(n, 16); /* five times share, low, high; people */
        for (int p = 0; p < 5; p++) {
            const double share = share_on(&c, (enum who)who, (int)order[p], &people);
            assert_near(numbers[3 * p], 100.0 * share, 0.051);
            printed_sum += numbers[3 * p];
        }
        const double brief = share_on(&c, (enum who)who, PATHWAY_BRIEF, &people);
        assert_near(printed_sum + 100.0 * brief, 100.0, 0.26);
        assert_near(numbers[15], people, 0.51);
    }
    assert_null(strstr(text, "women and men")); /* nobody is both */
    assert_null(strstr(text, "quintiles 1 and 2 and quintiles 4 and 5"));
    assert_int_equal(count_words(text, "\n"), 3 + 10 + 1 + 36 - 2);
    print_free(&printed);
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
    for (int who = EVERYONE; who <= CARERS; who++) {
        double numbers[2 * REASON_KINDS], sum = 0.0;
        const char *line = line_of(text, names[who], 20);
        char plain[400];
        (void)snprintf(plain, sizeof plain, "%.*s", (int)strcspn(line, "\n"), line);
        for (char *at = strstr(plain, "+-"); at != NULL; at = strstr(at, "+-")) {
            memcpy(at, "  ", 2);
        }
        assert_int_equal(read_numbers(plain, numbers, 2 * REASON_KINDS), 2 * REASON_KINDS);
        for (int reason = 0; reason < REASON_KINDS; reason++) {
            double share = 0.0;
            for (size_t r = 0; r < REPLICATES; r++) {
                double n = 0.0, of_it = 0.0;
                for (size_t i = c.starts[r]; i < c.starts[r + 1]; i++) {
                    const struct person *p = &c.persons[i];
                    n += p->reason >= 0 && is_one(p, (enum who)who);
                    of_it += p->reason == reason && is_one(p, (enum who)who);
                }
                share += 100.0 * of_it / n / REPLICATES;
            }
            assert_near(numbers[2 * reason], share, 0.051);
            sum += numbers[2 * reason];
        }
        assert_near(sum, 100.0, 0.05 * REASON_KINDS);
    }
    print_free(&printed);
}

static void the_table_has_a_row_for_each_who_took_up(void **state)
{
    (void)state;
    static struct crowd c;
    struct printed printed;
    gather(&c);
    print_begin(&printed);
    travellers_print_csv(printed.stream, &c.people);
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
    print_begin(&printed);
    ASSERT_DONE(travellers_print_regression(printed.stream, &c.people));
    const char *line = line_of(print_end(&printed), "carer", 30);
    assert_memory_equal(line, "  2.00 (", 8);
    assert_int_equal(count_words(line_of(printed.text, "woman", 30), " 1.00 ("), 7 * 4 + 3);
    print_free(&printed);
}

static void a_regression_without_a_maximum_is_left_out_with_its_reason(void **state)
{
    (void)state;
    static struct crowd c;
    struct printed printed;
    gather(&c);
    for (size_t i = 0; i < REPLICATES * EACH; i++) {
        c.persons[i].barriers &= ~(1u << BARRIER_LANGUAGE);
    }
    print_begin(&printed);
    ASSERT_DONE(travellers_print_regression(printed.stream, &c.people));
    (void)print_end(&printed);
    assert_non_null(strstr(printed.text, "No regression of pathways"));
    assert_non_null(strstr(printed.text, "the regression has no"));
    assert_null(strstr(printed.text, "Odds ratios"));
    print_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_counted_by_hand),
        cmocka_unit_test(reasons_add_up_to_everyone_who_did_not_connect),
        cmocka_unit_test(the_table_has_a_row_for_each_who_took_up),
        cmocka_unit_test(odds_ratios_are_those_of_the_table),
        cmocka_unit_test(a_regression_without_a_maximum_is_left_out_with_its_reason),
    };
    return cmocka_run_group_tests_name("travellers", tests, NULL, NULL);
}
