/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory.h"

#include "experiment/quantity.h"
#include "parameters/table.h"
#include "small_run.h"

#include <dirent.h>

static const char *const ids[] = {"EN1", "EN2", "EN3", "EN4", "IS1", "IS2", "IS3", "IS4", "IS5",
                                  "KS1", "KS2", "KS3", "KS4", "KS5", "AP1", "AP2", "AP3", "AP4",
                                  "AP5", "AP6", "RD1", "RD2", "RD3", "RD4", "RD5", "RD6"};

static void rows_stand_in_the_order_of_table_4(void **state)
{
    (void)state;
    assert_int_equal(THEORY_COUNT, sizeof ids / sizeof ids[0]);
    for (int row = 0; row < THEORY_COUNT; row++) {
        assert_string_equal(theory[row].id, ids[row]);
    }
    assert_int_equal(THEORY_EN1, 0);
    assert_int_equal(THEORY_KS1, 9);
    assert_int_equal(THEORY_RD6, 25);
}

static void every_row_says_what_it_claims(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        char strength[16];
        (void)snprintf(strength, sizeof strength, "[%s]", t->id);
        assert_true(strlen(t->context) > 10);
        assert_true(strlen(t->mechanism) > 10);
        assert_true(strlen(t->outcome) > 5);
        assert_true(t->variable_sign == 1 || t->variable_sign == -1);
        assert_true(t->measure_sign == 1 || t->measure_sign == -1);
        if (strstr(t->equation, strength) == NULL) {
            fail_msg("the equation of %s, '%s', has no %s", t->id, t->equation, strength);
        }
        for (int other = 0; other < row; other++) {
            assert_string_not_equal(t->context, theory[other].context);
            assert_string_not_equal(t->equation, theory[other].equation);
        }
    }
}

static void every_strength_is_a_parameter_at_1(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    size_t strengths = 0;
    for (int row = 0; row < THEORY_COUNT; row++) {
        char name[32];
        (void)snprintf(name, sizeof name, "mechanisms.%s", theory[row].id);
        const struct parameter_row *parameter = parameter_find(name);
        assert_non_null(parameter);
        assert_int_equal(parameter->kind, PARAMETER_REAL);
        assert_true(parameter->default_value == 1.0);
        assert_true(parameter_value(&parameters, parameter) == 1.0);
        assert_true(parameter->low == 0.0 && parameter->high >= 2.0);
        assert_string_equal(parameter->configuration, theory[row].id);
    }
    for (size_t i = 0; i < parameter_count(); i++) {
        strengths += strcmp(parameter_row(i)->section, "mechanisms") == 0;
    }
    assert_int_equal(strengths, THEORY_COUNT); /* no strength without a row */
}

static void both_measures_are_outcomes(void **state)
{
    (void)state;
    struct parameters parameters;
    struct outcome_list list;
    struct quantity quantity;
    parameters_default(&parameters);
    ASSERT_DONE(outcome_list_init(&list, &parameters, 7));
    for (int row = 0; row < THEORY_COUNT; row++) {
        ASSERT_DONE(quantity_read(&quantity, &list, theory[row].variable));
        ASSERT_DONE(quantity_read(&quantity, &list, theory[row].measure));
    }
    outcome_list_free(&list);
}

static void read_mechanism(const char *name, char *text, size_t size)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/sim/mechanisms/%s", BUYIN_SOURCE_DIR, name);
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        fail_msg("%s is not there", path);
        return;
    }
    const size_t length = fread(text, 1, size - 1, stream);
    text[length] = '\0';
    assert_true(length < size - 1);
    assert_int_equal(fclose(stream), 0);
}

/* "a.c, b.c" holds the name as a whole word. */
static bool names_file(const char *files, const char *name)
{
    const char *at = strstr(files, name);
    const size_t length = strlen(name);
    return at != NULL && (at == files || at[-1] == ' ') &&
           (at[length] == '\0' || at[length] == ',');
}

/* The files that a row names are those that read its strength, no more and no fewer. */
static void the_files_named_are_those_that_act_it_out(void **state)
{
    (void)state;
    static char text[65536];
    int named[THEORY_COUNT] = {0}, files = 0;
    DIR *folder = opendir(BUYIN_SOURCE_DIR "/sim/mechanisms");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".c") != 0) {
            continue;
        }
        files++;
        read_mechanism(entry->d_name, text, sizeof text);
        for (int row = 0; row < THEORY_COUNT; row++) {
            char strength[32];
            (void)snprintf(strength, sizeof strength, "mechanisms.%s", theory[row].id);
            const bool acts = strstr(text, strength) != NULL;
            named[row] += acts;
            if (acts != names_file(theory[row].file, entry->d_name)) {
                fail_msg("%s names '%s', but %s %s %s", theory[row].id, theory[row].file,
                         entry->d_name, acts ? "reads" : "does not read", strength);
            }
        }
    }
    assert_int_equal(closedir(folder), 0);
    assert_true(files > 10);
    for (int row = 0; row < THEORY_COUNT; row++) {
        int commas = 1;
        for (const char *at = theory[row].file; *at != '\0'; at++) {
            commas += *at == ',';
        }
        assert_int_equal(named[row], commas); /* none is named that does not exist */
    }
}

static void rows_are_found_by_id_in_any_case(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        char low[8];
        (void)snprintf(low, sizeof low, "%s", ids[row]);
        low[0] = (char)(low[0] - 'A' + 'a');
        low[1] = (char)(low[1] - 'A' + 'a');
        assert_int_equal(theory_find(ids[row]), row);
        assert_int_equal(theory_find(low), row);
    }
    static const char *const strangers[] = {"",     "EN",   "EN5",           "EN11",
                                            "EN1 ", " EN1", "mechanisms.EN1"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        assert_int_equal(theory_find(strangers[i]), -1);
    }
}

static void a_strength_is_set_alone(void **state)
{
    (void)state;
    static const double strengths[] = {0.0, 0.5, 1.0, 5.0};
    for (int row = 0; row < THEORY_COUNT; row++) {
        struct parameters parameters;
        parameters_default(&parameters);
        for (size_t n = 0; n < sizeof strengths / sizeof strengths[0]; n++) {
            ASSERT_DONE(theory_set_strength(&parameters, row, strengths[n]));
            for (size_t i = 0; i < parameter_count(); i++) {
                const struct parameter_row *r = parameter_row(i);
                const bool mine = strcmp(r->name + strlen(r->section) + 1, ids[row]) == 0;
                if (r->kind != PARAMETER_TEXT) {
                    const double wanted = mine ? strengths[n] : r->default_value;
                    assert_true(parameter_value(&parameters, r) == wanted);
                }
            }
        }
    }
}

static void a_strength_out_of_range_is_refused(void **state)
{
    (void)state;
    static const double wrong[] = {-1e-9, -1.0, 5.0001, 1e9, INFINITY, NAN};
    struct parameters parameters;
    parameters_default(&parameters);
    for (int row = 0; row < THEORY_COUNT; row++) {
        char name[32];
        (void)snprintf(name, sizeof name, "mechanisms.%s", ids[row]);
        for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
            ASSERT_FAILS(theory_set_strength(&parameters, row, wrong[n]), ERROR_INPUT, name);
            assert_true(parameter_value(&parameters, parameter_find(name)) == 1.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_in_the_order_of_table_4),
        cmocka_unit_test(every_row_says_what_it_claims),
        cmocka_unit_test(every_strength_is_a_parameter_at_1),
        cmocka_unit_test(both_measures_are_outcomes),
        cmocka_unit_test(the_files_named_are_those_that_act_it_out),
        cmocka_unit_test(rows_are_found_by_id_in_any_case),
        cmocka_unit_test(a_strength_is_set_alone),
        cmocka_unit_test(a_strength_out_of_range_is_refused),
    };
    return cmocka_run_group_tests_name("theory", tests, NULL, NULL);
}
