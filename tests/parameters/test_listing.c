/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/listing.h"

#include "base/error.h"
#include "parameters/table.h"
#include "scratch_folder.h"

/** Writes to a file and reads it back. */
static char *print_to_text(enum listing_format format, const struct parameters *parameters)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(parameters_print(stream, format, parameters, NULL), 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

/** Values far from the defaults. */
static void change_values(struct parameters *parameters)
{
    parameters_default(parameters);
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        double middle = (row->low + row->high) / 3;
        if (row->kind == PARAMETER_REAL) {
            assert_int_equal(parameter_set_value(parameters, row, middle), 0);
        }
    }
}

static void every_format_names_every_parameter(void **state)
{
    (void)state;
    static const enum listing_format formats[] = {LISTING_TABLE, LISTING_JSON, LISTING_MARKDOWN};
    struct parameters parameters;
    parameters_default(&parameters);
    for (size_t format = 0; format < 3; format++) {
        char *text = print_to_text(formats[format], &parameters);
        for (size_t index = 0; index < parameter_count(); index++) {
            const struct parameter_row *row = parameter_row(index);
            if (strstr(text, row->name) == NULL || strstr(text, row->meaning) == NULL) {
                fail_msg("format %zu lacks %s", format, row->name);
            }
        }
        free(text);
    }
}

static void lines_look_as_promised(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    parameters.gp.base_rate = 6;
    char *text = print_to_text(LISTING_MARKDOWN, &parameters);
    assert_non_null(strstr(text, "| `gp.base_rate` | 6 | 1/year | 5.36 | 0 to 50 | calibrated | "
                                 "g_base |  | GP consultations of a man"));
    assert_non_null(strstr(text, "| Tierney2024 | Tierney S"));
    free(text);
    text = print_to_text(LISTING_JSON, &parameters);
    assert_non_null(strstr(text, "{\"name\": \"gp.base_rate\", \"section\": \"gp\", \"kind\": "
                                 "\"real\", \"value\": 6, \"default\": 5.36, \"low\": 0, \"high\": "
                                 "50, \"unit\": \"1/year\", \"source\": \"calibrated\""));
    assert_non_null(strstr(text, "\"words\": [\"cohort\", \"registered\"]"));
    assert_non_null(strstr(text, "\"value\": true"));
    assert_int_equal(text[0], '[');
    assert_string_equal(text + strlen(text) - 4, "}\n]\n");
    free(text);
    text = print_to_text(LISTING_YAML, &parameters);
    assert_non_null(strstr(text, "  # [0 to 50, 1/year; default 5.36; source: calibrated; symbol: "
                                 "g_base]\n  base_rate: 6\n"));
    assert_non_null(strstr(text, "; configuration: EN4]"));
    for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_true(strcspn(line, "\n") <= 100);
    }
    free(text);
    text = print_to_text(LISTING_TABLE, &parameters);
    assert_non_null(strstr(text, "GP consultations and offers\n  gp.base_rate "));
    assert_non_null(strstr(text, "default 5.36; 0 to 50; calibrated\n"));
    free(text);
}

static void yaml_reads_back_the_same(void **state)
{
    (void)state;
    struct parameters parameters;
    struct configuration standard, configuration;
    change_values(&parameters);
    assert_int_equal(configuration_default(&standard), 0);
    /* what rules tie together keeps its default */
    parameters.population = standard.parameters.population;
    parameters.deprivation = standard.parameters.deprivation;
    parameters.diary = standard.parameters.diary;
    parameters.run.mode = RUN_MODE_COHORT;
    char *text = print_to_text(LISTING_YAML, &parameters);
    scratch_write("a.yaml", text);
    free(text);
    if (configuration_read(&configuration, "a.yaml", NULL, 0) != 0) {
        fail_msg("%s", error_message());
    }
    assert_memory_equal(&configuration.parameters, &parameters, sizeof parameters);
    for (size_t index = 0; index < parameter_count(); index++) {
        assert_true(configuration.is_set[index]);
    }
    configuration_free(&configuration);
    configuration_free(&standard);
}

static void a_resolved_configuration_reads_back_the_same(void **state)
{
    (void)state;
    struct configuration first, second;
    scratch_write("p.csv", "age\n30\n");
    scratch_write("a.yaml", "title: 'A \"title\": with #words\\'\ndescription: |\n  Two\n  lines\n"
                            "population: {file: p.csv}\n"
                            "sites:\n  - {name: 'a: b', copies: 2, months_in_role: 0.1}\n"
                            "  - {region: \"Tab\\tbed\", deprivation: high, link_workers: 0}\n");
    if (configuration_read(&first, "a.yaml", NULL, 0) != 0) {
        fail_msg("%s", error_message());
    }
    assert_int_equal(mkdir("elsewhere", 0700), 0);
    FILE *stream = fopen("elsewhere/b.yaml", "w");
    assert_non_null(stream);
    assert_int_equal(configuration_write_yaml(stream, &first), 0);
    assert_int_equal(fclose(stream), 0);
    if (configuration_read(&second, "elsewhere/b.yaml", NULL, 0) != 0) {
        fail_msg("%s", error_message());
    }
    assert_string_equal(second.title, "A \"title\": with #words\\");
    assert_string_equal(second.description, "Two\nlines\n");
    assert_int_equal(second.site_count, 3);
    assert_string_equal(second.sites[1].name, "a: b-2");
    assert_string_equal(second.sites[2].region, "Tab\tbed");
    assert_memory_equal(second.sites, first.sites, 3 * sizeof *first.sites);
    assert_true(second.has_population);
    (void)snprintf(second.parameters.population.file, PARAMETER_TEXT_SIZE, "%s",
                   first.parameters.population.file);
    stream = tmpfile();
    assert_non_null(stream);
    assert_int_equal(configuration_difference(stream, &first, &second), 0);
    assert_int_equal(fclose(stream), 0);
    configuration_free(&first);
    configuration_free(&second);
}

static char *print_with_words(enum listing_format format, const char *first, const char *second)
{
    char *text = NULL;
    size_t size = 0;
    struct parameters parameters;
    const char *const words[] = {first, second, NULL};
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    parameters_default(&parameters);
    assert_int_equal(parameters_print(stream, format, &parameters, words), 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void words_choose_what_is_listed(void **state)
{
    (void)state;
    struct parameters parameters;
    struct configuration configuration;
    const char *const absent[] = {"gp", "zeppelin", NULL};
    char *text = print_with_words(LISTING_TABLE, "CONSULTATIONS", "1/year");
    assert_non_null(strstr(text, "GP consultations and offers\n  gp.base_rate "));
    assert_null(strstr(text, "diary."));
    assert_true(text[0] != '\n');
    free(text);
    text = print_with_words(LISTING_JSON, "gp.base_rate", NULL);
    assert_int_equal(strncmp(text, "[\n  {\"name\": \"gp.base_rate\"", 26), 0);
    assert_string_equal(text + strlen(text) - 4, "}\n]\n");
    assert_ptr_equal(strstr(text, "\"name\""), strrchr(text, '{') + 1);
    free(text);
    text = print_with_words(LISTING_YAML, "supervision", NULL);
    assert_null(strstr(text, "\ngp:"));
    scratch_write("some.yaml", text);
    free(text);
    assert_int_equal(configuration_read(&configuration, "some.yaml", NULL, 0), 0);
    configuration_free(&configuration);
    parameters_default(&parameters);
    assert_int_equal(parameters_print(stdout, LISTING_TABLE, &parameters, absent), ERROR_INPUT);
    assert_string_equal(error_message(),
                        "no parameter has 'gp' and the other words in its name, unit, symbol, "
                        "configuration or meaning");
}

static void differences_are_listed(void **state)
{
    (void)state;
    struct configuration first, second;
    char *text = NULL;
    size_t size = 0;
    const char *settings[] = {"gp.base_rate=6", "run.mode=registered", "site.number=5",
                              "site.link_workers=2", "population.file="};
    assert_int_equal(configuration_default(&first), 0);
    assert_int_equal(configuration_read(&second, NULL, settings, 5), 0);
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(configuration_difference(stream, &first, &second), 4 + 12);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, "run.mode: cohort -> registered  # Who is simulated"));
    assert_non_null(strstr(text, "gp.base_rate: 5.36 -> 6 1/year  # GP consultations of a man"));
    assert_non_null(strstr(text, "sites[1 to 5].link_workers: 1 -> 2\n"));
    assert_non_null(strstr(text, "sites[6 to 7].link_workers: 1 -> none\n"));
    assert_non_null(strstr(text, "sites[7].name: 'site7' -> none\n"));
    free(text);
    configuration_free(&first);
    configuration_free(&second);
}

static void fields_of_a_population_are_listed(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(population_fields_print(stream, LISTING_MARKDOWN), 0);
    assert_int_equal(population_fields_print(stream, LISTING_TABLE), 0);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, "| `id` |"));
    for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
        assert_non_null(strstr(text, population_field_row((enum population_field)field)->meaning));
    }
    assert_non_null(strstr(text, "| `age` | year | 0 to 120 | Age at the start. |\n"));
    assert_non_null(strstr(text, "age (year, 0 to 120): Age at the start.\n"));
    free(text);
}

static void a_full_disk_is_noticed(void **state)
{
    (void)state;
    struct configuration configuration;
    FILE *stream = fopen("/dev/full", "w");
    if (stream == NULL) {
        skip();
    }
    assert_int_equal(configuration_default(&configuration), 0);
    assert_int_equal(parameters_print(stream, LISTING_YAML, &configuration.parameters, NULL),
                     ERROR_FILE);
    assert_string_equal(error_message(), "a listing could not be written");
    assert_int_equal(configuration_write_yaml(stream, &configuration), ERROR_FILE);
    assert_int_equal(configuration_difference(stream, &configuration, &configuration), ERROR_FILE);
    (void)fclose(stream);
    configuration_free(&configuration);
}

/** The shipped baseline is what the listing writes. */
static void the_baseline_is_up_to_date(void **state)
{
    (void)state;
    struct parameters parameters;
    parameters_default(&parameters);
    char *text = print_to_text(LISTING_YAML, &parameters);
    FILE *stream = fopen(BUYIN_SOURCE_DIR "/configs/baseline.yaml", "r");
    assert_non_null(stream);
    char *file = calloc(1, 400000);
    assert_non_null(file);
    assert_true(fread(file, 1, 399999, stream) > 0);
    assert_int_equal(fclose(stream), 0);
    const char *body = strstr(file, "\n# Run\n");
    assert_non_null(body);
    assert_string_equal(body + 1, text);
    free(file);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_names_every_parameter),
        cmocka_unit_test(lines_look_as_promised),
        cmocka_unit_test(yaml_reads_back_the_same),
        cmocka_unit_test(a_resolved_configuration_reads_back_the_same),
        cmocka_unit_test(words_choose_what_is_listed),
        cmocka_unit_test(differences_are_listed),
        cmocka_unit_test(fields_of_a_population_are_listed),
        cmocka_unit_test(a_full_disk_is_noticed),
        cmocka_unit_test(the_baseline_is_up_to_date),
    };
    return cmocka_run_group_tests_name("parameters/listing", tests, scratch_begin, scratch_end);
}
