/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/part_files.h"

#include "base/error.h"
#include "base/version.h"
#include "parameters/file_text.h"
#include "parameters/listing.h"
#include "parameters/table.h"
#include "run/results.h"
#include "storage/hdf5_merge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What parts of one run have in common. */
struct identity {
    char *version, *commit, *configuration;
    char *patients; /* of population.file; NULL: none */
    double *values; /* [scenario][parameter] */
    size_t scenario_count, part_count;
};

static void identity_free(struct identity *identity)
{
    free(identity->version);
    free(identity->commit);
    free(identity->configuration);
    free(identity->patients);
    free(identity->values);
    *identity = (struct identity){0};
}

static int identity_of_file(struct identity *identity, struct results_reader *reader,
                            const char *path, size_t part_count)
{
    int status = 0;
    size_t rank = 0, shape[RESULTS_RANK_LIMIT] = {0};
    *identity = (struct identity){.part_count = part_count};
    TRY(results_reader_read_text(reader, "/", "version", &identity->version));
    TRY(results_reader_read_text(reader, "/", "commit", &identity->commit));
    TRY(results_reader_read_document(reader, "/config/resolved_yaml", &identity->configuration));
    if (results_reader_has(reader, "/config/population_csv")) {
        TRY(results_reader_read_document(reader, "/config/population_csv", &identity->patients));
    }
    TRY(results_reader_read_values(reader, "/config/value", &rank, shape, &identity->values));
    identity->scenario_count = shape[0];
    if (rank != 2) {
        FAIL(ERROR_INPUT, "%.900s: /config/value has not the shape of a table", path);
    }
out:
    return status;
}

static int read_patients(struct identity *identity, const struct configuration *scenario)
{
    size_t length = 0;
    const char *path = scenario->parameters.population.file;
    return path[0] == '\0' ? 0 : file_text_read(path, &identity->patients, &length);
}

static int identity_of_scenarios(struct identity *identity, const struct configuration *scenarios,
                                 size_t scenario_count, size_t part_count)
{
    int status = 0;
    const size_t count = parameter_count();
    *identity = (struct identity){.scenario_count = scenario_count, .part_count = part_count};
    identity->version = strdup(BUYIN_VERSION);
    identity->commit = strdup(BUYIN_COMMIT);
    identity->values = calloc(scenario_count * count, sizeof *identity->values);
    if (identity->version == NULL || identity->commit == NULL || identity->values == NULL) {
        FAIL(ERROR_MEMORY, "no memory to compare configurations");
    }
    TRY(configuration_text(&scenarios[0], &identity->configuration));
    TRY(read_patients(identity, &scenarios[0]));
    for (size_t s = 0; s < scenario_count; s++) {
        for (size_t i = 0; i < count; i++) {
            identity->values[s * count + i] =
                parameter_value(&scenarios[s].parameters, parameter_row(i));
        }
    }
out:
    return status;
}

/* The first parameter that differs; missing values are those of texts. */
static int compare_values(const char *path, const struct identity *found,
                          const struct identity *wanted)
{
    const size_t count = parameter_count();
    for (size_t n = 0; n < wanted->scenario_count * count; n++) {
        const double a = found->values[n], b = wanted->values[n];
        if (a != b && (a == a || b == b)) {
            return error_set(ERROR_INPUT, "%.600s: is of another run: %s is %g there, not %g", path,
                             parameter_row(n % count)->name, a, b);
        }
    }
    return 0;
}

static bool are_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int compare_identities(const char *path, const struct identity *found,
                              const struct identity *wanted)
{
    if (!are_same(found->version, wanted->version) || !are_same(found->commit, wanted->commit)) {
        return error_set(ERROR_INPUT,
                         "%.600s: is of another version: %.40s (%.40s), not %.40s (%.40s)", path,
                         found->version, found->commit, wanted->version, wanted->commit);
    }
    if (found->part_count != wanted->part_count) {
        return error_set(ERROR_INPUT, "%.600s: is one of %zu parts, not of %zu", path,
                         found->part_count, wanted->part_count);
    }
    if (found->scenario_count != wanted->scenario_count) {
        return error_set(ERROR_INPUT, "%.600s: is of another run: it has %zu scenarios, not %zu",
                         path, found->scenario_count, wanted->scenario_count);
    }
    const int status = compare_values(path, found, wanted);
    if (status != 0) {
        return status;
    }
    if (!are_same(found->configuration, wanted->configuration) ||
        !are_same(found->patients, wanted->patients)) {
        return error_set(ERROR_INPUT,
                         "%.600s: is of another run: sites, interventions, patients or "
                         "texts differ",
                         path);
    }
    return 0;
}

int part_file_find(const char *path, const struct configuration *scenarios, size_t scenario_count,
                   const struct run_part *part, bool *is_there)
{
    int status = 0;
    struct stat facts;
    struct results_reader *reader = NULL;
    struct identity found = {0}, wanted = {0};
    size_t number = 0, count = 0;
    *is_there = false;
    if (stat(path, &facts) != 0 && errno == ENOENT) {
        return 0;
    }
    TRY(results_reader_open_part(&reader, path, &number, &count));
    TRY(identity_of_file(&found, reader, path, count));
    TRY(identity_of_scenarios(&wanted, scenarios, scenario_count, part->count));
    TRY(compare_identities(path, &found, &wanted));
    if (number != part->number) {
        FAIL(ERROR_INPUT, "%.600s: is part %zu of %zu, not part %zu: give another name", path,
             number, count, part->number);
    }
    *is_there = true;
out:
    identity_free(&found);
    identity_free(&wanted);
    results_reader_close(&reader);
    return status;
}

/* ---- joining ---- */

struct joint {
    const char **paths; /* by part */
    size_t count;
    struct identity first; /* of the first file named */
    struct results results;
    double seconds;
};

/* Reads the outcomes of the part's replicates, and what is added up over parts. */
static int read_outcomes(struct joint *joint, struct results_reader *reader, size_t number)
{
    int status = 0;
    double seconds = 0.0;
    int64_t stepped = 0;
    struct results *results = &joint->results;
    const struct run_part part = {.number = number, .count = joint->count};
    const size_t count[] = {1, 1, results->list.count};
    for (size_t s = 0; s < results->scenario_count; s++) {
        for (size_t r = 0; r < results->replicate_count; r++) {
            const size_t start[] = {s, r, 0};
            if (part_has(&part, results->scenario_count, results->replicate_count, s, r)) {
                TRY(results_reader_read_block(reader, "/outcomes/value", start, count,
                                              results_values(results, s, r)));
            }
        }
    }
    TRY(results_reader_read_number(reader, "/", "seconds", &seconds));
    TRY(results_reader_read_integer(reader, "/", "stepped_patient_weeks", &stepped));
    joint->seconds += seconds;
    results->stepped_patient_weeks += stepped;
out:
    return status;
}

static int make_room(struct joint *joint, struct results_reader *reader, const char *path,
                     size_t part_count)
{
    int status = 0;
    size_t rank = 0, shape[RESULTS_RANK_LIMIT] = {0};
    struct results *results = &joint->results;
    TRY(results_reader_read_shape(reader, "/outcomes/value", &rank, shape));
    results->scenario_count = shape[0];
    results->replicate_count = shape[1];
    results->list.count = shape[2];
    results->values = malloc((shape[0] * shape[1] * shape[2] + 1) * sizeof *results->values);
    joint->paths = calloc(part_count, sizeof *joint->paths);
    joint->count = part_count;
    if (rank != 3 || results->values == NULL || joint->paths == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory for its outcomes", path);
    }
    TRY(identity_of_file(&joint->first, reader, path, part_count));
out:
    return status;
}

static int read_part(struct joint *joint, const char *path)
{
    int status = 0;
    size_t number = 0, part_count = 0;
    struct results_reader *reader = NULL;
    struct identity identity = {0};
    TRY(results_reader_open_part(&reader, path, &number, &part_count));
    if (joint->count == 0) {
        TRY(make_room(joint, reader, path, part_count));
    }
    TRY(identity_of_file(&identity, reader, path, part_count));
    TRY(compare_identities(path, &identity, &joint->first));
    if (joint->paths[number - 1] != NULL) {
        FAIL(ERROR_INPUT, "%.400s: is part %zu of %zu, and so is %.400s", path, number, part_count,
             joint->paths[number - 1]);
    }
    joint->paths[number - 1] = path;
    TRY(read_outcomes(joint, reader, number));
out:
    identity_free(&identity);
    results_reader_close(&reader);
    return status;
}

static int check_complete(const struct joint *joint)
{
    size_t missing = 0, first = 0;
    for (size_t p = joint->count; p-- > 0;) {
        if (joint->paths[p] == NULL) {
            missing++;
            first = p + 1;
        }
    }
    return missing == 0 ? 0
                        : error_set(ERROR_INPUT, "merge: part %zu of %zu is missing%s", first,
                                    joint->count, missing > 1 ? ", and others" : "");
}

static int write_statistics(struct results_file *file, const struct results *results)
{
    int status = 0;
    const size_t count = results->list.count;
    double *values = malloc((RESULTS_STATISTICS * count + 1) * sizeof *values);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for statistics");
    }
    for (size_t s = 0; s < results->scenario_count; s++) {
        results_statistics(results, s, values);
        for (size_t n = 0; n < RESULTS_STATISTICS; n++) {
            const size_t start[] = {s, 0}, extent[] = {1, count};
            TRY(results_merge_write(file, results_statistic_paths[n], start, extent,
                                    &values[n * count]));
        }
    }
out:
    free(values);
    return status;
}

/* The command of the first part is kept beside that which joined them. */
static int write_provenance(struct results_file *file, const struct joint *joint,
                            const char *command)
{
    static const char *const old[] = {"part", "parts", "command", "seconds",
                                      "stepped_patient_weeks"};
    int status = 0;
    size_t number, count;
    struct results_reader *reader = NULL;
    char *typed = NULL, both[8192];
    TRY(results_reader_open_part(&reader, joint->paths[0], &number, &count));
    TRY(results_reader_read_text(reader, "/", "command", &typed));
    (void)snprintf(both, sizeof both, "%.4000s (part 1: %.4000s)", command, typed);
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++) {
        TRY(results_merge_remove(file, old[i]));
    }
    TRY(results_file_text(file, "/", "command", both));
    TRY(results_file_number(file, "/", "seconds", joint->seconds));
    TRY(results_file_integer(file, "/", "stepped_patient_weeks",
                             joint->results.stepped_patient_weeks));
out:
    free(typed);
    results_reader_close(&reader);
    return status;
}

static int join(const struct joint *joint, const char *output, bool force, int threads,
                const char *command)
{
    int status = 0;
    struct results_file *file = NULL;
    size_t number, count;
    struct results_reader *reader = NULL;
    const struct results *results = &joint->results;
    TRY(results_reader_open_part(&reader, joint->paths[0], &number, &count));
    const bool has_rows = results_reader_has(reader, "/trajectories/cohort_row");
    results_reader_close(&reader);
    TRY(results_merge_begin(&file, output, force, joint->paths[0]));
    results_file_threads(file, threads);
    for (size_t p = 1; p < joint->count; p++) {
        const struct run_part part = {.number = p + 1, .count = joint->count};
        size_t first, end;
        part_bounds(&part, results->scenario_count * results->replicate_count, &first, &end);
        TRY(results_merge_add(file, joint->paths[p], first, end,
                              has_rows ? "/trajectories/cohort_row" : NULL, "/cohort/patient"));
    }
    TRY(write_statistics(file, results));
    TRY(write_provenance(file, joint, command));
    TRY(results_file_commit(&file));
out:
    results_reader_close(&reader);
    results_file_discard(&file);
    return status;
}

int part_files_merge(const char *const *paths, size_t count, const char *output, bool force,
                     int threads, const char *command, size_t *replicates)
{
    int status = 0;
    struct joint joint = {0};
    for (size_t p = 0; p < count; p++) {
        TRY(read_part(&joint, paths[p]));
    }
    if (count == 0) {
        FAIL(ERROR_INPUT, "merge: there are no parts");
    }
    TRY(check_complete(&joint));
    TRY(join(&joint, output, force, threads, command));
    *replicates = joint.results.scenario_count * joint.results.replicate_count;
out:
    identity_free(&joint.first);
    free(joint.results.values);
    free(joint.paths);
    return status;
}
