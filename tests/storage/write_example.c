/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "storage/hdf5_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Writes a small results file with every kind of dimension and type, for test_open_labels.py. */

enum { SCENARIOS = 2, REPLICATES = 3, WEEKS = 52, STATUSES = 3, PATIENTS = 700, ROWS = 100 };

static int write_config(struct results_file *file)
{
    int status = 0;
    const size_t size = 100000;
    char *long_text = malloc(size);
    if (long_text == NULL) {
        FAIL(ERROR_MEMORY, "no memory");
    }
    memset(long_text, 'y', size - 1);
    long_text[size - 1] = '\0';
    TRY(results_file_text(file, "/", "command", "buyin run example.yaml \xe2\x80\x94 caf\xc3\xa9"));
    TRY(results_file_text(file, "/", "note", ""));
    TRY(results_file_integer(file, "/", "seed", 20240607));
    TRY(results_file_number(file, "/", "share", 0.25));
    TRY(results_file_group(file, "config", "What the run was asked to do."));
    TRY(results_file_document(file, "/config", "resolved_yaml", "All parameters, as YAML",
                              long_text));
out:
    free(long_text);
    return status;
}

static int write_weekly_dimensions(struct results_file *file)
{
    static const char *const scenarios[SCENARIOS] = {"usual care", "two link workers \xc3\xa9"};
    static const char *const statuses[STATUSES] = {"waiting", "attending", "left"};
    double weeks[WEEKS];
    int status = 0;
    for (int week = 0; week < WEEKS; week++) {
        weeks[week] = week + 0.5;
    }
    const struct dimension_description dimensions[] = {
        {.name = "scenario", .long_name = "Scenario", .size = SCENARIOS, .values = scenarios},
        {.name = "replicate", .size = REPLICATES},
        {.name = "week", .size = WEEKS, .values = weeks, .units = "week"},
        {.name = "status", .long_name = "Status", .size = STATUSES, .values = statuses},
        {.name = "nothing", .size = 0},
    };
    static const enum results_type types[] = {RESULTS_TEXT, RESULTS_NONE, RESULTS_FLOAT64,
                                              RESULTS_TEXT, RESULTS_NONE};
    TRY(results_file_group(file, "weekly", "Counts by week."));
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++) {
        struct dimension_description dimension = dimensions[i];
        dimension.group = "/weekly";
        dimension.type = types[i];
        dimension.long_name =
            dimension.long_name == NULL ? "Middle of the week" : dimension.long_name;
        TRY(results_file_dimension(file, &dimension));
    }
out:
    return status;
}

static int write_weekly(struct results_file *file)
{
    static float counts[SCENARIOS * REPLICATES * WEEKS * STATUSES];
    int status = 0;
    for (int i = 0; i < SCENARIOS * REPLICATES * WEEKS * STATUSES; i++) {
        counts[i] = (float)i;
    }
    TRY(write_weekly_dimensions(file));
    const struct dataset_description counted = {
        .group = "weekly",
        .name = "status_count",
        .units = "1",
        .type = RESULTS_FLOAT32,
        .rank = 4,
        .long_name = "Patients by status",
        .dimensions = {"scenario", "replicate", "week", "status"},
        .chunk = {1, 1, 0, 0},
        .has_fill = true,
        .fill = NAN};
    TRY(results_file_dataset(file, &counted));
    TRY(results_file_write(file, "/weekly/status_count", NULL, NULL, counts));
    const struct dataset_description small = {.group = "weekly",
                                              .name = "few",
                                              .units = "1",
                                              .type = RESULTS_FLOAT32,
                                              .rank = 3,
                                              .long_name = "A small table",
                                              .dimensions = {"scenario", "replicate", "status"},
                                              .has_fill = true,
                                              .fill = -1.0};
    const size_t start[] = {1, 0, 0};
    const size_t count[] = {1, REPLICATES, STATUSES};
    TRY(results_file_dataset(file, &small));
    TRY(results_file_write(file, "weekly/few", start, count, counts));
    const struct dataset_description empty = {.group = "weekly",
                                              .name = "empty",
                                              .units = "1",
                                              .type = RESULTS_INT16,
                                              .rank = 2,
                                              .long_name = "Nothing",
                                              .dimensions = {"week", "nothing"}};
    TRY(results_file_dataset(file, &empty));
out:
    return status;
}

static int write_cohort(struct results_file *file)
{
    static const int flags[] = {0, 1, 2};
    static const char *const words[ROWS] = {"first", "second"};
    static int64_t ids[ROWS];
    static int8_t ends[ROWS];
    int status = 0;
    TRY(results_file_group(file, "/cohort", "One row per patient ever offered."));
    TRY(results_file_group(file, "/cohort/inner", "A group within a group."));
    const struct dimension_description patient = {.group = "/cohort",
                                                  .name = "patient",
                                                  .units = "1",
                                                  .long_name = "Patient's number",
                                                  .is_growing = true,
                                                  .type = RESULTS_INT64};
    const struct dimension_description row = {
        .group = "cohort/inner", .name = "row", .is_growing = true};
    TRY(results_file_dimension(file, &patient));
    TRY(results_file_dimension(file, &row));
    const struct dataset_description end = {.group = "/cohort",
                                            .name = "end",
                                            .units = "1",
                                            .long_name = "How the offer ended",
                                            .type = RESULTS_INT8,
                                            .rank = 1,
                                            .dimensions = {"patient"},
                                            .flag_values = flags,
                                            .flag_meanings = "pending accepted declined",
                                            .has_fill = true,
                                            .fill = -1};
    const struct dataset_description word = {.group = "/cohort",
                                             .name = "word",
                                             .long_name = "A word",
                                             .type = RESULTS_TEXT,
                                             .rank = 1,
                                             .dimensions = {"patient"}};
    const struct dataset_description inner = {.group = "/cohort/inner",
                                              .name = "kind",
                                              .units = "1",
                                              .long_name = "Kind",
                                              .type = RESULTS_UINT8,
                                              .rank = 1,
                                              .dimensions = {"row"}};
    TRY(results_file_dataset(file, &end));
    TRY(results_file_dataset(file, &word));
    TRY(results_file_dataset(file, &inner));
    const size_t count = ROWS;
    for (size_t start = 0; start < PATIENTS; start += count) {
        for (size_t i = 0; i < ROWS; i++) {
            ids[i] = (int64_t)(start + i + 1000);
            ends[i] = (int8_t)(i % 4 == 3 ? -1 : (int)(i % 4));
        }
        TRY(results_file_write(file, "/cohort/patient", &start, &count, ids));
        TRY(results_file_write(file, "/cohort/end", &start, &count, ends));
        TRY(results_file_write(file, "/cohort/word", &start, &count, words));
    }
    TRY(results_file_grow(file, "/cohort/inner", "row", 5));
out:
    return status;
}

int main(int count, char **words)
{
    struct results_file *file = NULL;
    int status = 0;
    if (count != 2) {
        FAIL(ERROR_INPUT, "usage: write_example FILE");
    }
    TRY(results_file_create(&file, words[1], true, RESULTS_DEFLATE_LEVEL));
    TRY(write_config(file));
    TRY(write_weekly(file));
    TRY(write_cohort(file));
    TRY(results_file_commit(&file));
out:
    results_file_discard(&file);
    if (status != 0) {
        (void)fprintf(stderr, "write_example: %s\n", error_message());
    }
    return status == 0 ? 0 : 1;
}
