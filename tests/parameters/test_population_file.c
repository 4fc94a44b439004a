/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/population_file.h"

#include "base/error.h"
#include "scratch_folder.h"

#include <math.h>

static double value_of(const struct population_file *population, size_t row,
                       enum population_field field)
{
    return population->values[row * POPULATION_FIELD_COUNT + field];
}

static void read_good(struct population_file *population, const char *text)
{
    scratch_write("p.csv", text);
    if (population_file_read(population, "p.csv", 7) != 0) {
        fail_msg("%s", error_message());
    }
}

static void expect_refusal(const char *text, const char *message)
{
    struct population_file population;
    scratch_write("p.csv", text);
    assert_int_equal(population_file_read(&population, "p.csv", 7), ERROR_INPUT);
    assert_string_equal(error_message(), message);
    assert_null(population.values);
}

static void fields_are_read_in_any_order(void **state)
{
    (void)state;
    struct population_file population;
    read_good(&population, "# a comment\n\n# another\nage,id,ethnicity,site\n"
                           "30,ann,asian,2\n41.5,7,5,\n");
    assert_int_equal(population.rows, 2);
    assert_true(value_of(&population, 0, POPULATION_FIELD_age) == 30);
    assert_true(value_of(&population, 1, POPULATION_FIELD_age) == 41.5);
    assert_true(value_of(&population, 0, POPULATION_FIELD_ethnicity) == 2);
    assert_true(value_of(&population, 1, POPULATION_FIELD_ethnicity) == 5);
    assert_true(value_of(&population, 0, POPULATION_FIELD_site) == 2);
    assert_true(isnan(value_of(&population, 1, POPULATION_FIELD_site)));
    assert_true(isnan(value_of(&population, 0, POPULATION_FIELD_hope)));
    assert_string_equal(population.ids[0], "ann");
    assert_string_equal(population.ids[1], "7");
    assert_int_equal(population.lines[0], 5);
    population_file_free(&population);
    assert_null(population.values);
}

static void every_field_can_be_given(void **state)
{
    (void)state;
    for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
        struct population_file population;
        char text[128], message[200];
        const struct population_field_row *row = population_field_row((enum population_field)field);
        assert_true(row->low < row->high);
        assert_int_equal(row->meaning[strlen(row->meaning) - 1], '.');
        (void)snprintf(text, sizeof text, "%s\n%g\n", row->name, row->low);
        read_good(&population, text);
        assert_true(value_of(&population, 0, (enum population_field)field) == row->low);
        population_file_free(&population);
        (void)snprintf(text, sizeof text, "%s\n%.0f\n", row->name, row->low - 1);
        (void)snprintf(message, sizeof message, "p.csv:2:1: %s = %.0f: must be ", row->name,
                       row->low - 1);
        scratch_write("p.csv", text);
        assert_int_equal(population_file_read(&population, "p.csv", 7), ERROR_INPUT);
        assert_memory_equal(error_message(), message, strlen(message));
    }
}

static void files_of_spreadsheets_are_read(void **state)
{
    (void)state;
    struct population_file population;
    read_good(&population, "\xEF\xBB\xBF\"id\", \"age\"\r\n\"Smith, \"\"Jo\"\"\" , \"30\" \r\n"
                           "\r\n , 40");
    assert_int_equal(population.rows, 2);
    assert_string_equal(population.ids[0], "Smith, \"Jo\"");
    assert_true(value_of(&population, 0, POPULATION_FIELD_age) == 30);
    assert_string_equal(population.ids[1], "");
    assert_true(value_of(&population, 1, POPULATION_FIELD_age) == 40);
    assert_int_equal(population.lines[1], 4);
    population_file_free(&population);
}

static void many_rows_are_kept(void **state)
{
    (void)state;
    struct population_file population;
    char *text = malloc(64 * 1000), *end = text;
    assert_non_null(text);
    end += sprintf(end, "id,rapport\n");
    for (int row = 0; row < 1000; row++) {
        end += sprintf(end, "p%d,%g\n", row, row / 100.0);
    }
    read_good(&population, text);
    assert_int_equal(population.rows, 1000);
    assert_string_equal(population.ids[999], "p999");
    assert_true(value_of(&population, 999, POPULATION_FIELD_rapport) == 9.99);
    assert_true(isnan(value_of(&population, 999, POPULATION_FIELD_age)));
    population_file_free(&population);
    free(text);
}

static void bad_headers_are_refused(void **state)
{
    (void)state;
    expect_refusal("", "p.csv: is empty: it must start with a header of field names");
    expect_refusal("# words\n\n", "p.csv: is empty: it must start with a header of field names");
    expect_refusal("age\n", "p.csv: holds no patient below its header");
    expect_refusal("age,hoep\n1,2\n",
                   "p.csv:1:2: header = hoep: unknown field; did you mean 'hope'?");
    expect_refusal("# words\nage,umbrella\n1,2\n", "p.csv:2:2: header = umbrella: unknown field");
    expect_refusal("age;hope\n1;2\n",
                   "p.csv:1:1: header = age;hope: fields must be separated by commas");
    expect_refusal("age,hope,age\n1,2,3\n",
                   "p.csv:1:3: header = age: the field is given twice (before in column 1)");
    expect_refusal("id,age,id\n1,2,3\n",
                   "p.csv:1:3: header = id: the field is given twice (before in column 1)");
    expect_refusal("age,\n1,2\n", "p.csv:1:2: header = : must not be empty");
}

static void bad_rows_are_refused(void **state)
{
    (void)state;
    expect_refusal("age,hope\n1\n",
                   "p.csv:2:1: the row has fewer cells than the header, which has 2");
    expect_refusal("age,hope\n1,0.2,3\n",
                   "p.csv:2:3: the row has more cells than the header, which has 2");
    expect_refusal("age,hope\n1,0.2,\n",
                   "p.csv:2:3: the row has more cells than the header, which has 2");
    expect_refusal("age\n\"30\n", "p.csv:2:1: a quote is not closed in its line");
    expect_refusal("age\n\"30\"1\n", "p.csv:2:1: a comma must follow a closing quote");
    char text[200] = "age\n\"";
    memset(text + 5, '1', 150);
    expect_refusal(text, "p.csv:2:1: a cell must be at most 127 bytes long");
    memset(text + 4, '1', 150);
    expect_refusal(text, "p.csv:2:1: a cell must be at most 127 bytes long");
}

static void bad_values_are_refused(void **state)
{
    (void)state;
    expect_refusal("age\nold\n", "p.csv:2:1: age = old: must be a number, or empty to be drawn");
    expect_refusal("age\nnan\n", "p.csv:2:1: age = nan: must be a number, or empty to be drawn");
    expect_refusal("age,hope\n30,1.5\n", "p.csv:2:2: hope = 1.5: must be within [0, 1], in index");
    expect_refusal("hope\n1e999\n", "p.csv:2:1: hope = 1e999: must be within [0, 1], in index");
    expect_refusal("female\n0.5\n", "p.csv:2:1: female = 0.5: must be a whole number");
    expect_refusal("site\n8\n", "p.csv:2:1: site = 8: must be at most 7, the number of sites");
    expect_refusal("ethnicity\nblue\n",
                   "p.csv:2:1: ethnicity = blue: must be one of white_british, white_other, asian, "
                   "black, mixed, other (or 0 to 5)");
    expect_refusal("ethnicity\n1.5\n",
                   "p.csv:2:1: ethnicity = 1.5: must be one of white_british, white_other, asian, "
                   "black, mixed, other (or 0 to 5)");
    expect_refusal("id\na-name-that-is-far-too-long-for-us\n",
                   "p.csv:2:1: id = a-name-that-is-far-too-long-for-us: must be at most 31 bytes "
                   "long");
    expect_refusal("age,id\n1,a\n2,b\n3,a\n",
                   "p.csv:4:2: id = a: must differ from the id in line 2");
}

static void absent_files_are_refused(void **state)
{
    (void)state;
    struct population_file population;
    assert_int_equal(population_file_read(&population, "absent.csv", 7), ERROR_FILE);
    assert_string_equal(error_message(), "absent.csv: cannot be opened: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_in_any_order),
        cmocka_unit_test(every_field_can_be_given),
        cmocka_unit_test(files_of_spreadsheets_are_read),
        cmocka_unit_test(many_rows_are_kept),
        cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(bad_rows_are_refused),
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(absent_files_are_refused),
    };
    return cmocka_run_group_tests_name("parameters/population_file", tests, scratch_begin,
                                       scratch_end);
}
