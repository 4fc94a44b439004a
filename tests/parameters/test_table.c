/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/table.h"

#include "base/error.h"
#include "scratch_folder.h"

#include <math.h>

static void names_are_unique_and_found(void **state)
{
    (void)state;
    assert_true(parameter_count() > 400);
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        assert_ptr_equal(parameter_find(row->name), row); /* the first of that name */
        assert_int_equal(parameter_index(row), index);
        assert_int_equal(strncmp(row->name, row->section, strlen(row->section)), 0);
        assert_int_equal(row->name[strlen(row->section)], '.');
    }
    assert_null(parameter_find("gp.base_rat"));
}

static void defaults_lie_within_their_range(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        if (row->kind == PARAMETER_TEXT) {
            assert_true(strlen(row->default_text) < PARAMETER_TEXT_SIZE);
            assert_true(isnan(parameter_value(&parameters, row)));
            continue;
        }
        assert_true(row->low < row->high);
        assert_true(row->default_value >= row->low && row->default_value <= row->high);
        assert_true(parameter_value(&parameters, row) == row->default_value);
        if (row->kind != PARAMETER_REAL) {
            assert_true(floor(row->default_value) == row->default_value);
        }
    }
}

static void rows_are_documented(void **state)
{
    (void)state;
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        bool is_number = row->kind == PARAMETER_REAL || row->kind == PARAMETER_INT;
        size_t length = strlen(row->meaning);
        assert_int_equal(is_number, row->unit[0] != '\0');
        assert_true(length > 10);
        assert_int_equal(row->meaning[length - 1], '.');
        assert_null(strchr(row->meaning, '|')); /* it would break a Markdown table */
        assert_null(strchr(row->meaning, '\n'));
        if (parameter_source_text(row->source) == NULL) {
            fail_msg("%s has the unknown source '%s'", row->name, row->source);
        }
    }
}

static void sources_are_used_and_written_out(void **state)
{
    (void)state;
    for (size_t source = 0; source < parameter_source_count(); source++) {
        const char *key = parameter_source_key(source);
        const char *text = parameter_source_text(key);
        bool is_used = false;
        for (size_t index = 0; index < parameter_count(); index++) {
            is_used = is_used || strcmp(parameter_row(index)->source, key) == 0;
        }
        assert_true(is_used);
        assert_int_equal(text[strlen(text) - 1], '.');
    }
    assert_null(parameter_source_text("Nobody1900"));
}

static void words_span_their_choice(void **state)
{
    (void)state;
    size_t choices = 0;
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        assert_int_equal(row->kind == PARAMETER_CHOICE, row->word_count > 0);
        for (size_t word = 0; word < row->word_count; word++) {
            assert_true(row->words[word].number == (int)row->low + (int)word);
        }
        if (row->word_count > 0) {
            assert_true(row->words[row->word_count - 1].number == (int)row->high);
            choices++;
        }
    }
    assert_int_equal(choices, 3 + 1 + 1 + 7);
}

static void sections_are_listed_once(void **state)
{
    (void)state;
    size_t section = 0;
    for (size_t index = 0; index < parameter_count(); index++) {
        if (index > 0 &&
            strcmp(parameter_row(index)->section, parameter_row(index - 1)->section) != 0) {
            section++;
        }
        assert_string_equal(parameter_row(index)->section, parameter_section(section)->name);
        assert_true(strlen(parameter_section(section)->title) > 0);
    }
    assert_int_equal(section + 1, parameter_section_count());
}

static void the_struct_and_the_table_are_one(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    assert_true(parameters.gp.base_rate == 5.36);
    assert_int_equal(parameters.run.seed, 1);
    assert_int_equal(parameters.run.record, RECORD_SUMMARY);
    assert_int_equal(parameters.site6.deprivation, DEPRIVATION_HIGH);
    assert_string_equal(parameters.population.file, "");
    assert_int_equal(parameter_set_value(&parameters, parameter_find("gp.base_rate"), 7.5), 0);
    assert_true(parameters.gp.base_rate == 7.5);
    assert_int_equal(parameter_set_value(&parameters, parameter_find("run.weeks"), 52), 0);
    assert_int_equal(parameters.run.weeks, 52);
}

static void values_are_checked(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    const struct parameter_row *rate = parameter_find("gp.base_rate");
    assert_int_equal(parameter_set_value(&parameters, rate, 51), ERROR_INPUT);
    assert_string_equal(error_message(), "gp.base_rate = 51: must be within [0, 50], in 1/year");
    assert_int_equal(parameter_set_value(&parameters, rate, -0.5), ERROR_INPUT);
    assert_int_equal(parameter_set_value(&parameters, rate, NAN), ERROR_INPUT);
    assert_string_equal(error_message(), "gp.base_rate = nan: must be a finite number");
    assert_int_equal(parameter_set_value(&parameters, rate, INFINITY), ERROR_INPUT);
    assert_int_equal(parameter_set_value(&parameters, parameter_find("run.weeks"), 1.5),
                     ERROR_INPUT);
    assert_string_equal(error_message(), "run.weeks = 1.5: must be a whole number");
    assert_int_equal(parameter_set_value(&parameters, parameter_find("ending.holding"), 0.5),
                     ERROR_INPUT);
    assert_string_equal(error_message(), "ending.holding = 0.5: must be true or false (1 or 0)");
    assert_int_equal(parameter_set_value(&parameters, parameter_find("population.file"), 1),
                     ERROR_INPUT);
    assert_string_equal(error_message(), "population.file = 1: must be a text, not a number");
    assert_true(parameters.gp.base_rate == 5.36); /* unharmed */
    assert_int_equal(parameter_set_value(&parameters, rate, -0.0), 0);
    assert_false(signbit(parameters.gp.base_rate));
}

static void texts_are_understood(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    assert_int_equal(parameter_set_text(&parameters, "gp.base_rate", "1e1", "here"), 0);
    assert_true(parameters.gp.base_rate == 10);
    assert_int_equal(parameter_set_text(&parameters, "run.mode", "registered", "here"), 0);
    assert_int_equal(parameters.run.mode, RUN_MODE_REGISTERED);
    assert_int_equal(parameter_set_text(&parameters, "run.mode", "0", "here"), 0);
    assert_int_equal(parameters.run.mode, RUN_MODE_COHORT);
    assert_int_equal(parameter_set_text(&parameters, "ending.holding", "No", "here"), 0);
    assert_int_equal(parameters.ending.holding, 0);
    assert_int_equal(parameter_set_text(&parameters, "ending.holding", "true", "here"), 0);
    assert_int_equal(parameters.ending.holding, 1);
    assert_int_equal(parameter_set_text(&parameters, "seed", "7", "here"), 0); /* an alias */
    assert_int_equal(parameters.run.seed, 7);
    assert_int_equal(parameter_set_text(&parameters, "population.file", "a b.csv", "here"), 0);
    assert_string_equal(parameters.population.file, "a b.csv");
}

static void expect_refusal(const char *name, const char *text, const char *message)
{
    struct parameters parameters, before;
    parameters_default(&parameters);
    before = parameters;
    assert_int_equal(parameter_set_text(&parameters, name, text, "here"), ERROR_INPUT);
    assert_string_equal(error_message(), message);
    assert_memory_equal(&parameters, &before, sizeof before);
}

static void bad_texts_are_refused(void **state)
{
    (void)state;
    expect_refusal("gp.base_rate", "many",
                   "here: gp.base_rate = many: must be a number, in 1/year");
    expect_refusal("gp.base_rate", "", "here: gp.base_rate = : must be a number, in 1/year");
    expect_refusal("gp.base_rate", "nan", "here: gp.base_rate = nan: must be a number, in 1/year");
    expect_refusal("gp.base_rate", "inf", "here: gp.base_rate = inf: must be a number, in 1/year");
    expect_refusal("gp.base_rate", "0x10",
                   "here: gp.base_rate = 0x10: must be a number, in 1/year");
    expect_refusal("gp.base_rate", "1 2", "here: gp.base_rate = 1 2: must be a number, in 1/year");
    expect_refusal("gp.base_rate", "1e999", "here: gp.base_rate = 1e999: must be a finite number");
    expect_refusal("gp.base_rate", "50.1",
                   "here: gp.base_rate = 50.1: must be within [0, 50], in 1/year");
    expect_refusal("run.weeks", "12.5", "here: run.weeks = 12.5: must be a whole number");
    expect_refusal("run.weeks", "long", "here: run.weeks = long: must be a whole number, in week");
    expect_refusal("ending.holding", "2",
                   "here: ending.holding = 2: must be true or false (1 or 0)");
    expect_refusal("ending.holding", "maybe",
                   "here: ending.holding = maybe: must be true or false (1 or 0)");
    expect_refusal("run.mode", "everyone",
                   "here: run.mode = everyone: must be one of cohort (0), registered (1)");
    expect_refusal("site1.deprivation", "0",
                   "here: site1.deprivation = 0: must be one of low (1), medium (2), high (3)");
    expect_refusal("gp.base_rate", "a\nb", "here: gp.base_rate = a b: must be a number, in 1/year");
    char text[PARAMETER_TEXT_SIZE + 1], message[256];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)snprintf(message, sizeof message,
                   "here: population.file = %.80s...: must be a text of at most 511 bytes", text);
    expect_refusal("population.file", text, message);
}

static void unknown_names_get_advice(void **state)
{
    (void)state;
    expect_refusal("gp.base_rat", "5",
                   "here: gp.base_rat = 5: unknown parameter; did you mean 'gp.base_rate'?");
    expect_refusal("gp.bsae_rate", "5",
                   "here: gp.bsae_rate = 5: unknown parameter; did you mean 'gp.base_rate'?");
    expect_refusal("consultation.base_rate", "5",
                   "here: consultation.base_rate = 5: unknown parameter; did you mean "
                   "'gp.base_rate'?");
    expect_refusal("umbrella", "5", "here: umbrella = 5: unknown parameter");
    char name[400];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct parameters parameters;
    parameters_default(&parameters);
    assert_int_equal(parameter_set_text(&parameters, name, "1", "here"), ERROR_INPUT);
}

static void distance_counts_edits(void **state)
{
    (void)state;
    assert_int_equal(parameter_distance("", ""), 0);
    assert_int_equal(parameter_distance("abc", "abc"), 0);
    assert_int_equal(parameter_distance("abc", "acb"), 1);
    assert_int_equal(parameter_distance("abc", "ab"), 1);
    assert_int_equal(parameter_distance("abc", "xabc"), 1);
    assert_int_equal(parameter_distance("abc", "axc"), 1);
    assert_int_equal(parameter_distance("", "abc"), 3);
}

static void values_survive_being_written(void **state)
{
    (void)state;
    struct parameters parameters, copy;
    char text[PARAMETER_TEXT_SIZE];
    parameters_default(&parameters);
    parameters.gp.base_rate = 0.1 + 0.2; /* needs 17 digits */
    parameters.cost.link_worker_year = 1e6 / 3;
    parameters.run.mode = RUN_MODE_REGISTERED;
    parameters_default(&copy);
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        assert_true(parameter_format(&parameters, row, text, sizeof text) >= 0);
        assert_int_equal(parameter_set_text(&copy, row->name, text, "here"), 0);
    }
    assert_memory_equal(&copy, &parameters, sizeof copy);
    assert_int_equal(parameter_format_number(1000000, text, sizeof text), 7);
    assert_string_equal(text, "1000000");
    (void)parameter_format_number(0.1, text, sizeof text);
    assert_string_equal(text, "0.1");
    (void)parameter_format_number(-0.0, text, sizeof text);
    assert_string_equal(text, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(defaults_lie_within_their_range),
        cmocka_unit_test(rows_are_documented),
        cmocka_unit_test(sources_are_used_and_written_out),
        cmocka_unit_test(words_span_their_choice),
        cmocka_unit_test(sections_are_listed_once),
        cmocka_unit_test(the_struct_and_the_table_are_one),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(texts_are_understood),
        cmocka_unit_test(bad_texts_are_refused),
        cmocka_unit_test(unknown_names_get_advice),
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(values_survive_being_written),
    };
    return cmocka_run_group_tests_name("parameters/table", tests, scratch_begin, scratch_end);
}
