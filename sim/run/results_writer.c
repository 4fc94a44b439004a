/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results file
 *
 *   /               attributes: what made it, when, with which seed
 *   /config         the configuration as it was read and as it was resolved; all parameters
 *   /outcomes       value [scenario, replicate, outcome]; mean, standard_error, low, high
 *   /weekly         [scenario, replicate, site, week, ...]: statuses, states, diaries, places
 *   /link_workers   [scenario, replicate, post, week]
 *   /pathways       persons [scenario, replicate, site, pathway]
 *   /groups         persons and sums [scenario, replicate, group, ...]
 *   /course         after the first session: [scenario, replicate, stratum, lag, ...]
 *   /cohort         [patient], at level cohort or above
 *   /trajectories   [patient, week], at level trajectories
 *
 * Every group carries its own dimensions with labels, so that a reader may open one alone.
 */
#include "results_writer_private.h"

#include "base/error.h"
#include "base/version.h"
#include "parameters/file_text.h"
#include "parameters/listing.h"
#include "parameters/table.h"
#include "run/crew.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SCENARIOS_IN_A_CHUNK = 64 };

int define_labels(struct results_writer *w, const char *group, const char *name,
                  const char *meaning, size_t count, const char *const *labels)
{
    return results_file_labels(w->file, group, name, meaning, count, labels);
}

int define_scenario(struct results_writer *w, const char *group)
{
    return define_labels(w, group, "scenario", "Scenario.", w->scenario_count, w->scenario_names);
}

static int define_numbers(struct results_writer *w, const char *group, const char *name,
                          const char *units, const char *meaning, size_t count)
{
    int status = 0;
    int32_t *numbers = malloc((count + 1) * sizeof *numbers);
    if (numbers == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the coordinates of %s", name);
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (int32_t)i;
    }
    TRY(results_file_dimension(w->file, &(struct dimension_description){.group = group,
                                                                        .name = name,
                                                                        .units = units,
                                                                        .long_name = meaning,
                                                                        .size = count,
                                                                        .type = RESULTS_INT32,
                                                                        .values = numbers}));
out:
    free(numbers);
    return status;
}

int define_replicate(struct results_writer *w, const char *group)
{
    return define_numbers(w, group, "replicate", "1",
                          "Replicate: the third word of the address of random draws.",
                          w->replicates);
}

int define_weeks(struct results_writer *w, const char *group)
{
    return define_numbers(w, group, "week", "week", "Week of the run.", w->weeks);
}

static int write_host(struct results_file *file)
{
    char host[256] = "unknown";
    char created[32] = "unknown";
    const time_t now = time(NULL);
    struct tm utc;
    (void)gethostname(host, sizeof host - 1);
    if (gmtime_r(&now, &utc) != NULL) {
        (void)strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    int status = 0;
    TRY(results_file_text(file, "/", "created", created));
    TRY(results_file_text(file, "/", "host", host));
out:
    return status;
}

static int write_provenance(struct results_writer *w, const struct run_description *description)
{
    int status = 0;
    const struct configuration *first = &w->scenarios[0];
    TRY(results_file_text(w->file, "/", "title", first->title[0] ? first->title : "Buyin run"));
    TRY(results_file_text(w->file, "/", "program", "Buyin"));
    TRY(results_file_text(w->file, "/", "version", BUYIN_VERSION));
    TRY(results_file_text(w->file, "/", "commit", BUYIN_COMMIT));
    TRY(results_file_text(w->file, "/", "command", description->command));
    TRY(results_file_text(w->file, "/", "configuration", first->path));
    TRY(results_file_integer(w->file, "/", "seed", first->parameters.run.seed));
    TRY(results_file_text(w->file, "/", "model",
                          "Patients' buy-in to social prescribing after Tierney et al. 2024, "
                          "DOI 10.3310/ETND8254"));
    TRY(write_host(w->file));
    TRY(results_file_integer(w->file, "/", "threads", description->threads));
    TRY(results_file_integer(w->file, "/", "processes", crew_size()));
    if (w->part.count > 0) {
        TRY(results_file_integer(w->file, "/", "part", (int64_t)w->part.number));
        TRY(results_file_integer(w->file, "/", "parts", (int64_t)w->part.count));
    }
out:
    return status;
}

static int write_resolved(struct results_writer *w)
{
    char *text = NULL;
    int status = configuration_text(&w->scenarios[0], &text);
    if (status == 0) {
        status =
            results_file_document(w->file, "/config", "resolved_yaml",
                                  "All parameters and sites as they were used, as YAML.", text);
    }
    free(text);
    return status;
}

/* The patients that were read from a file, so that the results can be had again without it. */
static int write_population(struct results_writer *w)
{
    int status = 0;
    char *text = NULL;
    size_t length = 0;
    const char *path = w->scenarios[0].parameters.population.file;
    if (path[0] != '\0') {
        TRY(file_text_read(path, &text, &length));
        TRY(results_file_document(w->file, "/config", "population_csv",
                                  "The patients of population.file, as CSV.", text));
    }
out:
    free(text);
    return status;
}

static int write_parameter_values(struct results_writer *w, double *values)
{
    int status = 0;
    const size_t count = parameter_count();
    TRY(results_file_dataset(
        w->file, &(struct dataset_description){.group = "/config",
                                               .name = "value",
                                               .units = "1",
                                               .long_name = "Value, in the unit given in `unit`; "
                                                            "missing for a text.",
                                               .type = RESULTS_FLOAT64,
                                               .rank = 2,
                                               .dimensions = {"scenario", "parameter"},
                                               .chunk = {SCENARIOS_IN_A_CHUNK, 0},
                                               .has_fill = true,
                                               .fill = NAN}));
    for (size_t s = 0; s < w->scenario_count; s++) {
        for (size_t i = 0; i < count; i++) {
            values[i] = parameter_value(&w->scenarios[s].parameters, parameter_row(i));
        }
        const size_t start[] = {s, 0}, extent[] = {1, count};
        TRY(results_file_write(w->file, "/config/value", start, extent, values));
    }
out:
    return status;
}

static int write_parameters(struct results_writer *w)
{
    int status = 0;
    const size_t count = parameter_count();
    const char **texts = malloc(count * sizeof *texts);
    double *values = malloc(count * sizeof *values);
    if (texts == NULL || values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the table of parameters");
    }
#define COLUMN(field)                                                                              \
    for (size_t i = 0; i < count; i++) {                                                           \
        texts[i] = parameter_row(i)->field;                                                        \
    }
    COLUMN(name)
    TRY(define_labels(w, "/config", "parameter", "Parameter.", count, texts));
    COLUMN(unit)
    TRY(results_file_texts(w->file, "/config", "unit", "Unit of the parameter.", "parameter",
                           texts));
    COLUMN(source)
    TRY(results_file_texts(w->file, "/config", "source", "Where the default comes from.",
                           "parameter", texts));
    COLUMN(meaning)
    TRY(results_file_texts(w->file, "/config", "meaning", "What the parameter means.", "parameter",
                           texts));
#undef COLUMN
    TRY(write_parameter_values(w, values));
    for (size_t i = 0; i < count; i++) {
        const struct parameter_row *row = parameter_row(i);
        values[i] = row->kind == PARAMETER_TEXT ? NAN : row->default_value;
    }
    TRY(results_file_dataset(
        w->file, &(struct dataset_description){.group = "/config",
                                               .name = "default_value",
                                               .units = "1",
                                               .long_name = "Shipped default; missing for a text.",
                                               .type = RESULTS_FLOAT64,
                                               .rank = 1,
                                               .dimensions = {"parameter"}}));
    TRY(results_file_write(w->file, "/config/default_value", NULL, NULL, values));
out:
    free(texts);
    free(values);
    return status;
}

/* What differs from the first scenario: parameters, sites, changes with a date; *text is to be
 * freed. */
static int describe_difference(const struct results_writer *w, size_t scenario, char **text)
{
    int status = 0;
    size_t size = 0;
    const struct configuration *base = &w->scenarios[0], *other = &w->scenarios[scenario];
    FILE *stream = open_memstream(text, &size);
    if (stream == NULL) {
        return error_set(ERROR_MEMORY, "no memory to describe scenarios");
    }
    if (scenario > 0) {
        const int lines = configuration_difference(stream, base, other);
        status = lines < 0 ? lines : 0;
        configuration_print_interventions(stream, other);
    }
    if (fclose(stream) != 0 && status == 0) {
        status = error_set(ERROR_MEMORY, "no memory to describe scenarios");
    }
    return status;
}

static int write_scenarios(struct results_writer *w)
{
    int status = 0;
    const char **texts = malloc(w->scenario_count * sizeof *texts);
    char **differences = calloc(w->scenario_count, sizeof *differences);
    if (texts == NULL || differences == NULL) {
        FAIL(ERROR_MEMORY, "no memory to describe scenarios");
    }
    for (size_t s = 0; s < w->scenario_count; s++) {
        texts[s] = w->scenarios[s].title;
    }
    TRY(results_file_texts(w->file, "/config", "title", "Title of the scenario.", "scenario",
                           texts));
    for (size_t s = 0; s < w->scenario_count; s++) {
        texts[s] = w->scenarios[s].description;
    }
    TRY(results_file_texts(w->file, "/config", "description", "What the scenario says of itself.",
                           "scenario", texts));
    for (size_t s = 0; s < w->scenario_count; s++) {
        TRY(describe_difference(w, s, &differences[s]));
        texts[s] = differences[s];
    }
    TRY(results_file_texts(w->file, "/config", "difference",
                           "Parameters and sites that differ from the first scenario, a line each; "
                           "then all changes with a date.",
                           "scenario", texts));
out:
    for (size_t s = 0; differences != NULL && s < w->scenario_count; s++) {
        free(differences[s]);
    }
    free(differences);
    free(texts);
    return status;
}

static int write_config(struct results_writer *w)
{
    int status = 0;
    TRY(results_file_group(w->file, "/config", "Configuration of the run."));
    TRY(results_file_document(w->file, "/config", "input_yaml",
                              "The configuration files as they were read.", w->scenarios[0].text));
    TRY(write_resolved(w));
    TRY(write_population(w));
    TRY(define_scenario(w, "/config"));
    TRY(write_scenarios(w));
    TRY(write_parameters(w));
out:
    return status;
}

static int outcome_dataset(struct results_writer *w, const char *name, const char *meaning,
                           enum results_type type, size_t rank, const char *const *dimensions)
{
    struct dataset_description d = {
        .group = "/outcomes", .name = name, .long_name = meaning, .type = type, .rank = rank};
    if (type != RESULTS_TEXT) {
        d.units = "1";
        d.has_fill = true;
        d.fill = NAN;
    }
    for (size_t i = 0; i < rank; i++) {
        d.dimensions[i] = dimensions[i];
    }
    if (rank > 1) { /* a sweep has many scenarios */
        d.chunk[0] = rank == 3 ? 1 : SCENARIOS_IN_A_CHUNK;
    }
    return results_file_dataset(w->file, &d);
}

static int define_outcomes(struct results_writer *w)
{
    static const char *const by_replicate[] = {"scenario", "replicate", "outcome"};
    static const char *const statistic[] = {"scenario", "outcome"};
    static const char *const text[] = {"outcome"};
    int status = 0;
    const struct outcome_list *list = &w->results->list;
    const char **names = malloc(list->count * sizeof *names);
    if (names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the names of outcomes");
    }
    TRY(results_file_group(w->file, "/outcomes", "Outcomes by name, in the unit given in `unit`."));
    TRY(define_scenario(w, "/outcomes"));
    TRY(define_replicate(w, "/outcomes"));
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->outcomes[i].name;
    }
    TRY(define_labels(w, "/outcomes", "outcome", "Outcome.", list->count, names));
    TRY(outcome_dataset(w, "value", "Value in each replicate; missing where nobody qualifies.",
                        RESULTS_FLOAT64, 3, by_replicate));
    TRY(outcome_dataset(w, "mean", "Mean over replicates.", RESULTS_FLOAT64, 2, statistic));
    TRY(outcome_dataset(w, "standard_error", "Standard error of the mean over replicates.",
                        RESULTS_FLOAT64, 2, statistic));
    TRY(outcome_dataset(w, "low", "Lower end of the 95 % interval of the mean (Student's t).",
                        RESULTS_FLOAT64, 2, statistic));
    TRY(outcome_dataset(w, "high", "Upper end of the 95 % interval of the mean (Student's t).",
                        RESULTS_FLOAT64, 2, statistic));
    TRY(outcome_dataset(w, "unit", "Unit of the outcome.", RESULTS_TEXT, 1, text));
    TRY(outcome_dataset(w, "definition", "What the outcome is.", RESULTS_TEXT, 1, text));
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->outcomes[i].unit;
    }
    TRY(results_file_write(w->file, "/outcomes/unit", NULL, NULL, names));
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->outcomes[i].definition;
    }
    TRY(results_file_write(w->file, "/outcomes/definition", NULL, NULL, names));
out:
    free(names);
    return status;
}

static int write_statistics(struct results_writer *w, size_t scenario)
{
    int status = 0;
    const size_t count = w->results->list.count;
    double *values = malloc((RESULTS_STATISTICS * count + 1) * sizeof *values);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for statistics");
    }
    results_statistics(w->results, scenario, values);
    for (size_t n = 0; n < RESULTS_STATISTICS; n++) {
        const size_t start[] = {scenario, 0}, extent[] = {1, count};
        TRY(results_file_write(w->file, results_statistic_paths[n], start, extent,
                               &values[n * count]));
    }
out:
    free(values);
    return status;
}

/* Posts of a site in the scenario that has most of them; the others leave theirs missing. */
static size_t most_posts(const struct results_writer *w, size_t site)
{
    size_t most = 0;
    for (size_t s = 0; s < w->scenario_count; s++) {
        const size_t posts = (size_t)w->scenarios[s].sites[site].link_workers;
        most = posts > most ? posts : most;
    }
    return most;
}

static int make_room(struct results_writer *w)
{
    const size_t block = BLOCK_SITES * w->weeks;
    w->weekly_block = malloc(RECORD_MOVES * block * sizeof *w->weekly_block);
    w->moved = calloc(w->weeks * STATUS_COUNT * STATUS_COUNT, sizeof *w->moved);
    w->series = malloc(STATUS_COUNT * 2 * block * sizeof *w->series);
    w->first_post = calloc(w->sites + 1, sizeof *w->first_post);
    if (w->weekly_block == NULL || w->moved == NULL || w->series == NULL || w->first_post == NULL) {
        return error_set(ERROR_MEMORY, "no memory to gather results");
    }
    for (size_t s = 0; s < w->sites; s++) {
        w->first_post[s + 1] = w->first_post[s] + most_posts(w, s);
    }
    w->posts = w->first_post[w->sites];
    return 0;
}

int results_writer_open(struct results_writer **writer, const char *path, bool force,
                        const struct configuration *scenarios, size_t scenario_count,
                        const struct results *results, const struct run_description *description)
{
    int status = 0;
    struct results_writer *w = calloc(1, sizeof *w);
    *writer = w;
    if (w == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the results file");
    }
    w->scenarios = scenarios;
    w->scenario_count = scenario_count;
    w->results = results;
    w->scenario_names = description->scenario_names;
    w->part = description->part;
    w->weeks = (size_t)scenarios[0].parameters.run.weeks;
    w->sites = scenarios[0].site_count;
    w->replicates = (size_t)scenarios[0].parameters.run.replicates;
    TRY(make_room(w));
    TRY(path != NULL ? results_file_create(&w->file, path, force, RESULTS_DEFLATE_LEVEL)
                     : results_file_create_in_memory(&w->file, RESULTS_DEFLATE_LEVEL));
    results_file_threads(w->file, description->threads);
    TRY(write_provenance(w, description));
    TRY(write_config(w));
    TRY(define_outcomes(w));
    if (!description->outcomes_only) {
        TRY(weekly_define(w));
        TRY(groups_define(w));
    }
    if (!description->outcomes_only && scenarios[0].parameters.run.record != RECORD_SUMMARY) {
        TRY(cohort_define(w));
    }
    w->scenario_names = NULL; /* the caller's, needed no more */
out:
    if (status != 0) {
        results_writer_discard(writer);
    }
    return status;
}

int results_writer_replicate(struct results_writer *w, size_t scenario, size_t replicate)
{
    const size_t start[] = {scenario, replicate, 0};
    const size_t count[] = {1, 1, w->results->list.count};
    return results_file_write(w->file, "/outcomes/value", start, count,
                              results_values(w->results, scenario, replicate));
}

struct results_file *results_writer_file(struct results_writer *w)
{
    return w->file;
}

int results_writer_add(struct results_writer *w, const struct piece *piece, bool replicate_done)
{
    int status = 0;
    TRY(weekly_add(w, piece));
    TRY(groups_add_site(w, piece));
    if (w->scenarios[0].parameters.run.record != RECORD_SUMMARY) {
        TRY(cohort_add(w, piece));
    }
    if (replicate_done) {
        TRY(results_writer_replicate(w, piece->scenario, piece->replicate));
        TRY(groups_add_replicate(w, piece->scenario, piece->replicate));
    }
out:
    return status;
}

bool results_writer_help(struct results_writer *w)
{
    return results_file_help(w->file);
}

static void free_writer(struct results_writer **writer)
{
    struct results_writer *w = *writer;
    free(w->weekly_block);
    free(w->moved);
    free(w->series);
    free(w->first_post);
    free(w->scratch);
    free(w);
    *writer = NULL;
}

int results_writer_measure(struct results_writer *w, struct results_sizes *sizes)
{
    int status = 0;
    for (size_t s = 0; s < w->scenario_count; s++) {
        TRY(write_statistics(w, s));
    }
    TRY(results_file_measure(w->file, sizes));
out:
    return status;
}

int results_writer_commit(struct results_writer **writer, double seconds)
{
    int status = 0;
    struct results_writer *w = *writer;
    for (size_t s = 0; s < w->scenario_count && w->part.count == 0; s++) {
        TRY(write_statistics(w, s)); /* of a part there are none */
    }
    TRY(results_file_number(w->file, "/", "seconds", seconds));
    TRY(results_file_integer(w->file, "/", "stepped_patient_weeks",
                             w->results->stepped_patient_weeks));
    TRY(results_file_commit(&w->file));
    free_writer(writer);
out:
    if (status != 0) {
        results_writer_discard(writer);
    }
    return status;
}

void results_writer_discard(struct results_writer **writer)
{
    if (*writer != NULL) {
        results_file_discard(&(*writer)->file);
        free_writer(writer);
    }
}
