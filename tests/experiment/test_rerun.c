/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/rerun.h"

#include <hdf5.h>
#include <unistd.h>

#include "observe/pathways.h"
#include "parameters/table.h"
#include "run/ensemble.h"
#include "run/results_writer.h"
#include "small_run.h"
#include "state/snapshots.h"

static char folder[64], results_path[96], other_path[96];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/test_rerun_XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(results_path, sizeof results_path, "%s/results.h5", folder);
    (void)snprintf(other_path, sizeof other_path, "%s/other.h5", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(results_path);
    (void)unlink(other_path);
    return rmdir(folder);
}

/* Values of every kind, far from their defaults, some without a short decimal form. */
static const char *const settings[] = {"site.number=2",
                                       "run.replicates=2",
                                       "run.weeks=70",
                                       "run.seed=424242",
                                       "run.record=cohort",
                                       "run.counterfactual=0",
                                       "population.arrival_weeks=35",
                                       "trait.rapport_median=0.333333333333333314829616256247",
                                       "waiting.policy=severity",
                                       "ending.holding=no",
                                       "mechanisms.KS1=0.1",
                                       "site2.months_in_role=7.1",
                                       NULL};

struct writing {
    struct results results;
    struct results_writer *writer;
    const struct configuration *configuration;
};

static int take_piece(void *context, const struct piece *piece)
{
    struct writing *w = context;
    const bool done = results_add(&w->results, piece, w->configuration);
    return results_writer_add(w->writer, piece, done);
}

static void write_results(const struct configuration *configuration)
{
    static const char *const names[] = {"run"};
    struct writing w = {.configuration = configuration};
    struct ensemble ensemble = {.scenarios = configuration, .scenario_count = 1, .threads = 2};
    const struct run_description description = {
        .command = "buyin run", .threads = 2, .scenario_names = names};
    ASSERT_DONE(results_init(&w.results, configuration, 1));
    ASSERT_DONE(results_writer_open(&w.writer, results_path, true, configuration, 1, &w.results,
                                    &description));
    ASSERT_DONE(ensemble_run(&ensemble, take_piece, &w));
    ASSERT_DONE(results_writer_commit(&w.writer, 1.0));
    results_free(&w.results);
}

static void expect_same_configuration(const struct configuration *a, const struct configuration *b)
{
    for (size_t i = 0; i < parameter_count(); i++) {
        const struct parameter_row *row = parameter_row(i);
        char text_a[PARAMETER_TEXT_SIZE], text_b[PARAMETER_TEXT_SIZE];
        (void)parameter_format(&a->parameters, row, text_a, sizeof text_a);
        (void)parameter_format(&b->parameters, row, text_b, sizeof text_b);
        assert_string_equal(text_a, text_b);
        assert_true(row->kind == PARAMETER_TEXT ||
                    parameter_value(&a->parameters, row) == parameter_value(&b->parameters, row));
    }
    assert_int_equal(a->site_count, b->site_count);
    for (size_t s = 0; s < a->site_count; s++) {
        const struct site_attributes *x = &a->sites[s], *y = &b->sites[s];
        assert_string_equal(x->name, y->name);
        assert_true(x->link_workers == y->link_workers && x->practices == y->practices &&
                    x->months_in_role == y->months_in_role && x->deprivation == y->deprivation &&
                    x->primary_care_managed == y->primary_care_managed &&
                    x->set_up_with_link_workers == y->set_up_with_link_workers);
    }
}

static void a_file_gives_its_configuration_back(void **state)
{
    (void)state;
    struct configuration written, read;
    char note[256] = "something";
    small_configuration(&written, settings);
    write_results(&written);
    ASSERT_DONE(rerun_configuration(&read, results_path, note));
    assert_string_equal(note, ""); /* the same version and commit */
    expect_same_configuration(&written, &read);
    configuration_free(&read);
    configuration_free(&written);
}

/* Sites of a file of their own, as in configs/, come back too. */
static void listed_sites_come_back(void **state)
{
    (void)state;
    struct configuration written, read;
    char note[256];
    const char *const few[] = {"run.replicates=1", "run.weeks=20", "population.arrival_weeks=10",
                               "run.burn_in_weeks=2"};
    ASSERT_DONE(configuration_read(&written, BUYIN_SOURCE_DIR "/configs/study.yaml", few, 4));
    write_results(&written);
    ASSERT_DONE(rerun_configuration(&read, results_path, note));
    assert_int_equal(read.site_count, 7);
    expect_same_configuration(&written, &read);
    configuration_free(&read);
    configuration_free(&written);
}

static void copy_with(const char *name, const char *value)
{
    const hid_t file = H5Fopen(results_path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    assert_true(H5Adelete(file, name) >= 0);
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    assert_true(H5Tset_size(type, strlen(value) + 1) >= 0);
    const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0 && H5Awrite(attribute, type, value) >= 0);
    (void)H5Aclose(attribute);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    assert_true(H5Fclose(file) >= 0);
}

static void a_file_of_another_version_is_noted(void **state)
{
    (void)state;
    struct configuration written, read;
    char note[256] = "";
    small_configuration(&written, settings);
    write_results(&written);
    copy_with("commit", "0000000");
    ASSERT_DONE(rerun_configuration(&read, results_path, note));
    assert_non_null(strstr(note, "(0000000)"));
    assert_non_null(strstr(note, "numbers may differ"));
    expect_same_configuration(&written, &read);
    configuration_free(&read);
    configuration_free(&written);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    struct configuration read;
    char note[256];
    ASSERT_FAILS(rerun_configuration(&read, "/nowhere/x.h5", note), ERROR_INPUT, "/nowhere/x.h5");
    FILE *stream = fopen(other_path, "w");
    assert_non_null(stream);
    assert_true(fputs("week,trust\n1,0.5\n", stream) >= 0);
    assert_int_equal(fclose(stream), 0);
    ASSERT_FAILS(rerun_configuration(&read, other_path, note), ERROR_INPUT, "other.h5");
    const hid_t file = H5Fcreate(other_path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0 && H5Fclose(file) >= 0); /* HDF5, but of another program */
    ASSERT_FAILS(rerun_configuration(&read, other_path, note), ERROR_INPUT, "other.h5");
}

/* ---------------------------------------------------------------------------------------
 * The people of the run, collected anew */

struct check {
    const struct people *people;
    size_t next;
};

static void check_person(const struct person *person, const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const bool seen = p->first_session_week[i] != NEVER;
    const bool followed = seen && p->first_session_week[i] + 39 < site->weeks;
    assert_int_equal(person->pathway, p->pathway[i]);
    assert_int_equal(person->is_seen, seen);
    assert_int_equal(person->is_followed, followed);
    assert_int_equal(person->sessions, p->sessions[i]);
    assert_true(person->trust == p->trust_last_session[i]);
    assert_true(person->age == p->age[i]);
    assert_int_equal(person->female, p->female[i]);
    assert_int_equal(person->quintile, p->quintile[i]);
    assert_int_equal(person->site, site->key.site);
    for (int k = 0; k < BARRIER_COUNT; k++) {
        assert_int_equal(person->barriers >> k & 1u, p->starting_barrier[k][i] > 0.0f);
    }
    if (followed) {
        const float *first = snapshot_at(site, i, 0);
        const float *late = snapshot_at(site, i, lag_index(39));
        assert_true(person->change == late[MEASURE_SWEMWBS] - first[MEASURE_SWEMWBS]);
    }
    if (!p->ever_taken_up[i] || p->link_connection_week[i] != NEVER) {
        assert_int_equal(person->reason, -1);
    } else if (p->suggestions_made[i] == 0) {
        assert_int_equal(person->reason, REASON_NEVER_SUGGESTED);
    } else if (p->suggestions_accepted[i] == 0) {
        assert_int_equal(person->reason, REASON_REFUSED);
    } else if (p->attempts[i] == 0) {
        assert_int_equal(person->reason, REASON_NOT_TRIED);
    } else {
        assert_int_equal(person->reason, (int)REASON_OBSTACLE + p->last_obstacle[i]);
    }
}

static int check_piece(void *context, const struct piece *piece)
{
    struct check *check = context;
    if (piece->site == 0) {
        assert_int_equal(check->people->starts[piece->replicate], check->next);
    }
    for (size_t i = 0; i < piece->result.offered; i++) {
        check_person(&check->people->persons[check->next++], &piece->result, i);
    }
    return 0;
}

/* Writes a run, reads it back, and compares everyone's life with the run's; frees `written`. */
static void expect_same_people(struct configuration *written_configuration, size_t least)
{
    struct configuration written = *written_configuration, read;
    struct people people, again;
    char note[256];
    write_results(&written);
    ASSERT_DONE(rerun_configuration(&read, results_path, note));
    ASSERT_DONE(people_collect(&people, &read, 2));
    ASSERT_DONE(people_collect(&again, &read, 1));
    struct check check = {.people = &people};
    struct ensemble ensemble = {.scenarios = &written, .scenario_count = 1, .threads = 1};
    ASSERT_DONE(ensemble_run(&ensemble, check_piece, &check));
    assert_int_equal(people.replicates, 2);
    assert_int_equal(people.count, check.next);
    assert_int_equal(people.starts[2], check.next);
    assert_true(check.next > least);
    assert_int_equal(again.count, people.count);
    for (size_t i = 0; i < people.count; i++) {
        assert_true(again.persons[i].pathway == people.persons[i].pathway &&
                    again.persons[i].trust == people.persons[i].trust);
    }
    people_free(&people);
    people_free(&people);
    people_free(&again);
    configuration_free(&read);
    configuration_free(&written);
}

static void people_are_those_of_the_run(void **state)
{
    (void)state;
    struct configuration written;
    small_configuration(&written, settings);
    expect_same_people(&written, 480);
}

/* What has a date within the run is in the file as well. */
static void interventions_are_run_anew(void **state)
{
    (void)state;
    const char *const files[] = {BUYIN_SOURCE_DIR "/configs/study.yaml",
                                 BUYIN_SOURCE_DIR "/configs/scenarios/housing_crisis.yaml"};
    const char *const two[] = {"run.replicates=2", "run.counterfactual=0"};
    struct configuration written;
    ASSERT_DONE(configuration_read_several(&written, files, 2, two, 2));
    expect_same_people(&written, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_gives_its_configuration_back),
        cmocka_unit_test(listed_sites_come_back),
        cmocka_unit_test(a_file_of_another_version_is_noted),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(people_are_those_of_the_run),
        cmocka_unit_test(interventions_are_run_anew),
    };
    return cmocka_run_group_tests_name("rerun", tests, make_folder, remove_folder);
}
