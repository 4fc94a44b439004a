/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/configuration.h"

#include "base/error.h"
#include "parameters/table.h"
#include "scratch_folder.h"

static void read_good(struct configuration *configuration, const char *path,
                      const char *const *settings, size_t count)
{
    if (configuration_read(configuration, path, settings, count) != 0) {
        fail_msg("%s", error_message());
    }
}

static void expect_code(int code, const char *path, const char *message)
{
    struct configuration configuration;
    assert_int_equal(configuration_read(&configuration, path, NULL, 0), code);
    assert_string_equal(error_message(), message);
    assert_null(configuration.sites);
    assert_null(configuration.is_set);
}

static void expect_refusal(const char *text, const char *message)
{
    scratch_write("a.yaml", text);
    expect_code(ERROR_INPUT, "a.yaml", message);
}

static void expect_setting_refusal(const char *setting, const char *message)
{
    struct configuration configuration;
    assert_int_equal(configuration_read(&configuration, NULL, &setting, 1), ERROR_INPUT);
    assert_string_equal(error_message(), message);
}

static void defaults_are_table_one(void **state)
{
    (void)state;
    struct configuration configuration;
    static const double months[] = {24, 2, 16, 8, 32, 31, 38};
    static const int practices[] = {2, 1, 2, 2, 2, 5, 5};
    static const int deprivation[] = {2, 1, 1, 2, 2, 3, 3};
    static const int primary_care[] = {0, 0, 0, 1, 1, 0, 1};
    static const char *const regions[] = {"South",      "Midlands", "South", "Midlands",
                                          "South West", "North",    "North"};
    assert_int_equal(configuration_default(&configuration), 0);
    assert_int_equal(configuration.site_count, 7);
    for (size_t index = 0; index < 7; index++) {
        const struct site_attributes *site = &configuration.sites[index];
        assert_int_equal(site->link_workers, 1);
        assert_true(site->months_in_role == months[index]);
        assert_int_equal(site->practices, practices[index]);
        assert_int_equal(site->deprivation, deprivation[index]);
        assert_int_equal(site->primary_care_managed, primary_care[index]);
        assert_int_equal(site->set_up_with_link_workers, index != 1);
        assert_string_equal(site->region, regions[index]);
    }
    assert_string_equal(configuration.sites[6].name, "site7");
    assert_string_equal(configuration.text, "");
    assert_string_equal(configuration.path, "");
    assert_false(configuration.has_population);
    for (size_t row = 0; row < parameter_count(); row++) {
        assert_false(configuration.is_set[row]);
    }
    configuration_free(&configuration);
}

static void what_is_set_later_wins(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"gp.base_rate=3", "gp.base_rate = 4", "run.mode=registered"};
    scratch_write("old.yaml", "gp: {base_rate: 1, age_slope: 0.3}\nseed: 5\n");
    scratch_write("new.yaml", "inherits: old.yaml\ntitle: New\ngp:\n  base_rate: 2\n");
    read_good(&configuration, "new.yaml", NULL, 0);
    assert_true(configuration.parameters.gp.base_rate == 2);
    assert_true(configuration.parameters.gp.age_slope == 0.3);
    assert_int_equal(configuration.parameters.run.seed, 5);
    assert_string_equal(configuration.title, "New");
    assert_string_equal(configuration.path, "new.yaml");
    assert_string_equal(configuration.text,
                        "# old.yaml\ngp: {base_rate: 1, age_slope: 0.3}\nseed: 5\n"
                        "# new.yaml\ninherits: old.yaml\ntitle: New\ngp:\n  base_rate: 2\n");
    assert_true(configuration.is_set[parameter_index(parameter_find("gp.age_slope"))]);
    assert_true(configuration.is_set[parameter_index(parameter_find("run.seed"))]);
    assert_false(configuration.is_set[parameter_index(parameter_find("run.weeks"))]);
    configuration_free(&configuration);
    read_good(&configuration, "new.yaml", settings, 3);
    assert_true(configuration.parameters.gp.base_rate == 4);
    assert_int_equal(configuration.parameters.run.mode, RUN_MODE_REGISTERED);
    configuration_free(&configuration);
}

static void several_files_are_inherited_in_order(void **state)
{
    (void)state;
    struct configuration configuration;
    assert_int_equal(mkdir("common", 0700), 0);
    scratch_write("common/first.yaml", "gp: {base_rate: 1, age_slope: 0.1}\n");
    scratch_write("common/second.yaml", "inherits: first.yaml\ngp: {base_rate: 2}\n");
    scratch_write("third.yaml", "inherits: [common/first.yaml, common/second.yaml]\n");
    read_good(&configuration, "third.yaml", NULL, 0);
    assert_true(configuration.parameters.gp.base_rate == 2);
    assert_true(configuration.parameters.gp.age_slope == 0.1);
    configuration_free(&configuration);
}

static void bad_inheritance_is_refused(void **state)
{
    (void)state;
    scratch_write("loop_a.yaml", "inherits: loop_b.yaml\n");
    scratch_write("loop_b.yaml", "# words\ninherits: loop_a.yaml\n");
    expect_code(ERROR_INPUT, "loop_a.yaml",
                "loop_b.yaml:2:11: inherits = loop_a.yaml: must not form a loop: "
                "loop_a.yaml -> loop_b.yaml -> loop_a.yaml");
    scratch_write("self.yaml", "inherits: ./self.yaml\n");
    expect_code(
        ERROR_INPUT, "self.yaml",
        "self.yaml:1:11: inherits = ./self.yaml: must not form a loop: self.yaml -> ./self.yaml");
    scratch_write("lost.yaml", "inherits: absent.yaml\n");
    expect_code(ERROR_FILE, "lost.yaml",
                "lost.yaml:1:11: inherits = absent.yaml: absent.yaml: cannot be opened: No such "
                "file or directory");
    scratch_write("bad.yaml", "gp: {base_rate: x}\n");
    scratch_write("child.yaml", "inherits: bad.yaml\n");
    expect_code(ERROR_INPUT, "child.yaml",
                "bad.yaml:1:17: gp.base_rate = x: must be a number, in 1/year");
    expect_refusal("inherits: {a: b}\n",
                   "a.yaml:1:11: inherits = {...}: must be the name of a file or a list of names");
    expect_refusal("inherits: [[b]]\n", "a.yaml:1:12: inherits[1] = [...]: must be the name of a "
                                        "file or a list of names");
    expect_refusal("inherits:\n",
                   "a.yaml:1:10: inherits = : must be the name of a file or a list of names");
    scratch_write("empty.yaml", "");
    char text[4000] = "inherits: [";
    for (int count = 0; count < 256; count++) {
        strcat(text, "empty.yaml,");
    }
    strcat(text, "]\n");
    expect_refusal(text, "a.yaml:1:2817: inherits[256] = empty.yaml: is one file too many to "
                         "inherit from");
}

static void bad_parameters_are_refused(void **state)
{
    (void)state;
    expect_refusal("gp:\n  base_rate: many\n",
                   "a.yaml:2:14: gp.base_rate = many: must be a number, in 1/year");
    expect_refusal("gp:\n  base_rate: 99\n",
                   "a.yaml:2:14: gp.base_rate = 99: must be within [0, 50], in 1/year");
    expect_refusal("gp:\n  base_rate: [1, 2]\n",
                   "a.yaml:2:14: gp.base_rate = [...]: must be a single value");
    expect_refusal("gp:\n  base_rate: {a: 1}\n",
                   "a.yaml:2:14: gp.base_rate = {...}: must be a single value");
    expect_refusal("gp:\n  base_rate: .nan\n",
                   "a.yaml:2:14: gp.base_rate = .nan: must be a number, in 1/year");
    expect_refusal("gp:\n  base_rate: .inf\n",
                   "a.yaml:2:14: gp.base_rate = .inf: must be a number, in 1/year");
    expect_refusal("run: {weeks: 1.5}\n", "a.yaml:1:14: run.weeks = 1.5: must be a whole number");
    expect_refusal("gp:\n  base_rat: 5\n", "a.yaml:2:3: gp.base_rat = 5: unknown parameter; did "
                                           "you mean 'gp.base_rate'?");
    expect_refusal("gp.base_rat: 5\n", "a.yaml:1:1: gp.base_rat = 5: unknown parameter; did you "
                                       "mean 'gp.base_rate'?");
    expect_refusal("dairy:\n  caseload_cap: 5\n",
                   "a.yaml:1:1: dairy = {...}: unknown section; did you mean 'diary'?");
    expect_refusal("umbrella: {a: 5}\n", "a.yaml:1:1: umbrella = {...}: unknown parameter");
    expect_refusal("umbrella: [5]\n", "a.yaml:1:1: umbrella = [...]: unknown parameter");
    expect_refusal("gp: 5\n", "a.yaml:1:5: gp = 5: is a section: give keys and values below it");
    expect_refusal("gp: [5]\n",
                   "a.yaml:1:5: gp = [...]: is a section: give keys and values below it");
    expect_refusal("gp: {base_rate: 5}\ngp.base_rate: 5\n",
                   "a.yaml:2:1: gp.base_rate = 5: gp.base_rate is given twice in this file");
    expect_refusal("run: {seed: 5}\nseed: 6\n",
                   "a.yaml:2:1: seed = 6: run.seed is given twice in this file");
    expect_refusal("title: [a]\n", "a.yaml:1:8: title = [...]: must be a text");
    expect_refusal("description: {a: b}\n", "a.yaml:1:14: description = {...}: must be a text");
    expect_code(ERROR_FILE, "absent.yaml",
                "absent.yaml: cannot be opened: No such file or directory");
}

static void empty_parts_leave_the_defaults(void **state)
{
    (void)state;
    struct configuration configuration;
    scratch_write("a.yaml", "title:\ngp:\n#  base_rate: 3\nrun: {}\n");
    read_good(&configuration, "a.yaml", NULL, 0);
    assert_true(configuration.parameters.gp.base_rate == 5.36);
    assert_int_equal(configuration.site_count, 7);
    configuration_free(&configuration);
    scratch_write("a.yaml", "");
    read_good(&configuration, "a.yaml", NULL, 0);
    assert_string_equal(configuration.text, "# a.yaml\n");
    configuration_free(&configuration);
    read_good(&configuration, NULL, NULL, 0);
    configuration_free(&configuration);
}

static void bad_settings_are_refused(void **state)
{
    (void)state;
    expect_setting_refusal("gp.base_rate", "--set: gp.base_rate: must be of the form key=value");
    expect_setting_refusal("=5", "--set: =5: must be of the form key=value");
    expect_setting_refusal("gp.base_rate=x",
                           "--set: gp.base_rate = x: must be a number, in 1/year");
    expect_setting_refusal("gp.base_rat=5", "--set: gp.base_rat = 5: unknown parameter; did you "
                                            "mean 'gp.base_rate'?");
    expect_setting_refusal("gp.base_rate=", "--set: gp.base_rate = : must be a number, in 1/year");
    char setting[300];
    memset(setting, 'k', sizeof setting);
    (void)snprintf(setting + sizeof setting - 3, 3, "=1");
    struct configuration configuration;
    const char *settings[] = {setting};
    assert_int_equal(configuration_read(&configuration, NULL, settings, 1), ERROR_INPUT);
    assert_non_null(strstr(error_message(), "...: unknown parameter"));
}

static void the_first_sites_of_table_one_can_be_taken(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"site.number=2", "site2.practices=4", "link_workers=3"};
    read_good(&configuration, NULL, settings, 3);
    assert_int_equal(configuration.site_count, 2);
    assert_int_equal(configuration.sites[1].practices, 4);
    assert_int_equal(configuration.sites[0].link_workers, 3);
    configuration.parameters.site.number = 3; /* as a sweep does */
    assert_int_equal(configuration_resolve_sites(&configuration), 0);
    assert_int_equal(configuration.site_count, 3);
    configuration_free(&configuration);
}

static void listed_sites_replace_table_one(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"site.link_workers=4"};
    scratch_write("a.yaml", "sites:\n"
                            "  - name: north\n    region: Far North\n    link_workers: 2\n"
                            "    months_in_role: 1.5\n    deprivation: high\n"
                            "    primary_care_managed: yes\n    practices: 6\n"
                            "    set_up_with_link_workers: no\n"
                            "  - {copies: 3, name: twin}\n"
                            "  - {}\n");
    read_good(&configuration, "a.yaml", settings, 1);
    assert_int_equal(configuration.site_count, 5);
    const struct site_attributes *site = &configuration.sites[0];
    assert_string_equal(site->name, "north");
    assert_string_equal(site->region, "Far North");
    assert_int_equal(site->link_workers, 2);
    assert_true(site->months_in_role == 1.5);
    assert_int_equal(site->deprivation, DEPRIVATION_HIGH);
    assert_true(site->primary_care_managed);
    assert_int_equal(site->practices, 6);
    assert_false(site->set_up_with_link_workers);
    assert_string_equal(configuration.sites[1].name, "twin-1");
    assert_string_equal(configuration.sites[3].name, "twin-3");
    assert_int_equal(configuration.sites[3].link_workers, 4); /* not listed: site.link_workers */
    assert_true(configuration.sites[3].months_in_role == 24); /* not listed: site1 */
    assert_string_equal(configuration.sites[4].name, "site3");
    assert_string_equal(configuration.sites[4].region, "");
    configuration_free(&configuration);
    scratch_write("b.yaml", "inherits: a.yaml\nsites:\n  - name: alone\n");
    read_good(&configuration, "b.yaml", NULL, 0);
    assert_int_equal(configuration.site_count, 1);
    configuration_free(&configuration);
}

static void bad_sites_are_refused(void **state)
{
    (void)state;
    expect_refusal("sites: 3\n", "a.yaml:1:8: sites = 3: must be a list of at least one site");
    expect_refusal("sites: []\n", "a.yaml:1:8: sites = [...]: must be a list of at least one site");
    expect_refusal("sites: {a: 1}\n",
                   "a.yaml:1:8: sites = {...}: must be a list of at least one site");
    expect_refusal("sites:\n  - north\n", "a.yaml:2:5: sites[1] = north: must be a site: keys and "
                                          "values such as name: and practices:");
    expect_refusal("sites:\n  - practises: 3\n", "a.yaml:2:5: sites[1].practises = 3: unknown key "
                                                 "of a site; did you mean 'practices'?");
    expect_refusal("sites:\n  - umbrella: 3\n",
                   "a.yaml:2:5: sites[1].umbrella = 3: unknown key of a site");
    expect_refusal("sites:\n  - practices: 0\n",
                   "a.yaml:2:16: sites[1].practices = 0: must be within [1, 20], in count");
    expect_refusal("sites:\n  - practices: [1]\n",
                   "a.yaml:2:16: sites[1].practices = [...]: must be a single value");
    expect_refusal("sites:\n  - deprivation: poor\n",
                   "a.yaml:2:18: sites[1].deprivation = poor: must be one of low (1), medium (2), "
                   "high (3)");
    expect_refusal("sites:\n  - copies: 0\n",
                   "a.yaml:2:13: sites[1].copies = 0: must be within [1, 1000000], in count");
    expect_refusal("sites:\n  - name: ''\n", "a.yaml:2:11: sites[1].name = : must not be empty");
    expect_refusal("sites:\n  - name: a-name-that-is-far-too-long-for-us\n",
                   "a.yaml:2:11: sites[1].name = a-name-that-is-far-too-long-for-us: must be at "
                   "most 31 bytes long");
    expect_refusal("sites:\n  - name: a-name-of-thirty-bytes-exactly\n    copies: 2\n",
                   "sites[1].name = a-name-of-thirty-bytes-exactly: must leave room for the number "
                   "of its copy");
    expect_refusal("sites:\n  - name: a\n  - name: b\n  - name: a\n",
                   "a.yaml:4:5: sites[3].name = a: must differ from the name of sites[1]");
    expect_refusal("sites:\n  - copies: 1000000\n  - copies: 1\n",
                   "sites = 1000001: must be at most 1000000 with their copies");
}

static void sites_can_be_added_in_code(void **state)
{
    (void)state;
    struct configuration configuration;
    assert_int_equal(configuration_default(&configuration), 0);
    struct site_attributes site = configuration_site_default(&configuration);
    site.link_workers = 9;
    assert_int_equal(configuration_add_site(&configuration, &site, SITE_KEY_LINK_WORKERS, 2), 0);
    assert_int_equal(configuration_resolve_sites(&configuration), 0);
    assert_int_equal(configuration.site_count, 2);
    assert_int_equal(configuration.sites[1].link_workers, 9);
    configuration_free(&configuration);
}

static void populations_are_found_beside_the_file(void **state)
{
    (void)state;
    struct configuration configuration;
    assert_int_equal(mkdir("deep", 0700), 0);
    scratch_write("deep/p.csv", "age\n30\n40\n");
    scratch_write("deep/a.yaml", "population: {file: p.csv}\n");
    scratch_write("b.yaml", "inherits: deep/a.yaml\n");
    read_good(&configuration, "b.yaml", NULL, 0);
    assert_true(configuration.has_population);
    assert_int_equal(configuration.population.rows, 2);
    assert_string_equal(configuration.parameters.population.file, "deep/p.csv");
    struct configuration copy;
    assert_int_equal(configuration_copy(&copy, &configuration), 0);
    configuration_free(&configuration);
    assert_true(copy.population.values[POPULATION_FIELD_age] == 30);
    assert_int_equal(copy.population.lines[1], 3);
    assert_string_equal(copy.sites[0].name, "site1");
    assert_string_equal(copy.path, "b.yaml");
    configuration_free(&copy);
    const char *settings[] = {"population.file=deep/p.csv"};
    read_good(&configuration, NULL, settings, 1);
    assert_true(configuration.has_population);
    configuration_free(&configuration);
    const char *none[] = {"population.file="};
    read_good(&configuration, "b.yaml", none, 1);
    assert_false(configuration.has_population);
    configuration_free(&configuration);
    scratch_write("a.yaml", "population: {file: absent.csv}\n");
    expect_code(ERROR_FILE, "a.yaml",
                "population.file = absent.csv: cannot be opened: No such file or directory");
    scratch_write("bad.csv", "age\n200\n");
    expect_refusal("population: {file: bad.csv}\n",
                   "bad.csv:2:1: age = 200: must be within [0, 120], in year");
    char name[PARAMETER_TEXT_SIZE - 2], text[PARAMETER_TEXT_SIZE + 40], message[600];
    memset(name, 'p', sizeof name);
    name[sizeof name - 1] = '\0';
    (void)snprintf(text, sizeof text, "population: {file: %s}\n", name);
    scratch_write("deep/c.yaml", text);
    (void)snprintf(message, sizeof message,
                   "deep/c.yaml:1:20: population.file = %.80s: must be a path of at most 511 "
                   "bytes, with its folder",
                   name);
    expect_code(ERROR_INPUT, "deep/c.yaml", message);
}

static void warnings_are_counted_and_bounded(void **state)
{
    (void)state;
    struct configuration configuration;
    char out[2][CONFIGURATION_WARNING_SIZE];
    const char *settings[] = {"run.weeks=155", "run.replicates=1"};
    assert_int_equal(configuration_default(&configuration), 0);
    assert_int_equal(configuration_warnings(&configuration, out, 2), 0);
    configuration_free(&configuration);
    read_good(&configuration, NULL, settings, 2);
    assert_int_equal(configuration_warnings(&configuration, out, 2), 2);
    assert_string_equal(out[0], "run.weeks = 155 is less than population.arrival_weeks = 104 plus "
                                "outcome.pathway_weeks = 52: the pathways of late arrivals are "
                                "censored");
    assert_string_equal(out[1], "run.replicates = 1: at least 2 are needed for standard errors");
    assert_int_equal(configuration_warnings(&configuration, NULL, 0), 2);
    configuration.parameters.run.mode = RUN_MODE_REGISTERED;
    assert_int_equal(configuration_warnings(&configuration, out, 2), 1);
    configuration_free(&configuration);
}

/** The configurations that are shipped. */
static void shipped_configurations_are_good(void **state)
{
    (void)state;
    struct configuration configuration, standard;
    assert_int_equal(configuration_default(&standard), 0);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/baseline.yaml", NULL, 0);
    for (size_t index = 0; index < parameter_count(); index++) {
        if (!configuration.is_set[index]) {
            fail_msg("configs/baseline.yaml lacks %s", parameter_row(index)->name);
        }
    }
    assert_memory_equal(&configuration.parameters, &standard.parameters,
                        sizeof standard.parameters);
    configuration_free(&configuration);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/study.yaml", NULL, 0);
    assert_memory_equal(&configuration.parameters, &standard.parameters,
                        sizeof standard.parameters);
    assert_int_equal(configuration.site_count, 7);
    assert_memory_equal(configuration.sites, standard.sites, 7 * sizeof *standard.sites);
    configuration_free(&configuration);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/pcn.yaml", NULL, 0);
    assert_int_equal(configuration.sites[0].practices *
                         configuration.parameters.registered.list_size_per_practice,
                     40000);
    configuration_free(&configuration);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/england.yaml", NULL, 0);
    assert_int_equal(configuration.site_count, 1250);
    assert_int_equal(configuration.sites[1249].link_workers, 3);
    configuration_free(&configuration);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/england_survey.yaml", NULL, 0);
    assert_int_equal(configuration.site_count, 1250);
    assert_int_equal(configuration.sites[1249].link_workers, 6);
    configuration_free(&configuration);
    read_good(&configuration, BUYIN_SOURCE_DIR "/configs/patients_example.yaml", NULL, 0);
    assert_int_equal(configuration.population.rows, 20);
    configuration_free(&configuration);
    configuration_free(&standard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_table_one),
        cmocka_unit_test(what_is_set_later_wins),
        cmocka_unit_test(several_files_are_inherited_in_order),
        cmocka_unit_test(bad_inheritance_is_refused),
        cmocka_unit_test(bad_parameters_are_refused),
        cmocka_unit_test(empty_parts_leave_the_defaults),
        cmocka_unit_test(bad_settings_are_refused),
        cmocka_unit_test(the_first_sites_of_table_one_can_be_taken),
        cmocka_unit_test(listed_sites_replace_table_one),
        cmocka_unit_test(bad_sites_are_refused),
        cmocka_unit_test(sites_can_be_added_in_code),
        cmocka_unit_test(populations_are_found_beside_the_file),
        cmocka_unit_test(warnings_are_counted_and_bounded),
        cmocka_unit_test(shipped_configurations_are_good),
    };
    return cmocka_run_group_tests_name("parameters/configuration", tests, scratch_begin,
                                       scratch_end);
}
