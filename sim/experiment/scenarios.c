/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/scenarios.h"

#include "base/error.h"
#include "experiment/scenario_file.h"
#include "parameters/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scenarios_init(struct scenarios *scenarios, const struct configuration *base)
{
    *scenarios = (struct scenarios){.base = base};
}

static int make_room(struct scenarios *scenarios)
{
    if (scenarios->count < scenarios->room) {
        return 0;
    }
    const size_t room = scenarios->room == 0 ? 32 : 2 * scenarios->room;
    struct configuration *configurations =
        realloc(scenarios->configurations, room * sizeof *configurations);
    if (configurations != NULL) {
        scenarios->configurations = configurations;
    }
    char(*names)[SCENARIO_NAME_SIZE] = realloc(scenarios->names, room * sizeof *names);
    if (names != NULL) {
        scenarios->names = names;
    }
    if (configurations == NULL || names == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu scenarios", room);
    }
    scenarios->room = room;
    return 0;
}

static bool is_taken(const struct scenarios *scenarios, const char *name)
{
    for (size_t s = 0; s < scenarios->count; s++) {
        if (strcmp(scenarios->names[s], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Names are cut to their room and made different from each other: "x.yaml", "x.yaml (2)". */
static void give_name(struct scenarios *scenarios, const char *name)
{
    enum { ENDING = 14 };
    char *to = scenarios->names[scenarios->count];
    (void)snprintf(to, SCENARIO_NAME_SIZE, "%s", name);
    for (int number = 2; is_taken(scenarios, to); number++) {
        (void)snprintf(to, SCENARIO_NAME_SIZE, "%.*s (%d)", SCENARIO_NAME_SIZE - 1 - ENDING, name,
                       number);
    }
}

int scenarios_add(struct scenarios *scenarios, const char *name, size_t *added)
{
    int status = 0;
    TRY(make_room(scenarios));
    TRY(configuration_copy(&scenarios->configurations[scenarios->count], scenarios->base));
    give_name(scenarios, name);
    *added = scenarios->count++;
out:
    return status;
}

int scenarios_set(struct scenarios *scenarios, size_t scenario, const char *parameter, double value)
{
    const struct parameter_row *row = parameter_find(parameter);
    if (row == NULL) {
        return error_set(ERROR_INPUT, "there is no parameter '%s'", parameter);
    }
    return parameter_set_value(&scenarios->configurations[scenario].parameters, row, value);
}

struct collector {
    struct scenarios *scenarios;
    double *passing; /* outcomes of a replicate that is not kept */
    struct progress progress;
    struct results_writer *writer; /* NULL: no file */
    size_t done;
};

static void show_progress(struct collector *collector, size_t pieces)
{
    collector->done += pieces;
    progress_show(&collector->progress, collector->done,
                  (double)collector->scenarios->results.stepped_patient_weeks, "patient-weeks");
}

/* Where only outcomes are wanted. */
static int take_replicate(void *context, const struct replicate_outcomes *outcomes)
{
    struct collector *collector = context;
    struct scenarios *scenarios = collector->scenarios;
    results_take(&scenarios->results, outcomes);
    if (scenarios->read != NULL) {
        scenarios->read(scenarios->context, outcomes->scenario, outcomes->replicate,
                        outcomes->values);
    }
    show_progress(collector, scenarios->configurations[outcomes->scenario].site_count);
    return 0;
}

/* Where a file takes all that is recorded. */
static int take_piece(void *context, const struct piece *piece)
{
    struct collector *collector = context;
    struct scenarios *scenarios = collector->scenarios;
    struct results *results = &scenarios->results;
    const bool is_kept = piece->scenario < results->scenario_count;
    double *outcomes =
        is_kept ? results_values(results, piece->scenario, piece->replicate) : collector->passing;
    const bool replicate_done =
        results_add_to(results, piece, &scenarios->configurations[piece->scenario], outcomes);
    if (replicate_done && scenarios->read != NULL) {
        scenarios->read(scenarios->context, piece->scenario, piece->replicate, outcomes);
    }
    show_progress(collector, 1);
    return is_kept ? results_writer_add(collector->writer, piece, replicate_done) : 0;
}

static bool help(void *context)
{
    const struct collector *collector = context;
    return results_writer_help(collector->writer);
}

static int run_recorded(struct collector *collector, struct ensemble *ensemble)
{
    int status = 0;
    struct scenarios *scenarios = collector->scenarios;
    const bool has_people = scenarios->configurations[0].parameters.run.record != RECORD_SUMMARY;
    ensemble->detail = has_people ? PIECE_WHOLE : PIECE_RECORD;
    ensemble->help = help;
    collector->passing = calloc(scenarios->results.list.count, sizeof *collector->passing);
    if (collector->passing == NULL) {
        FAIL(ERROR_MEMORY, "no memory for outcomes");
    }
    TRY(scenario_file_open(&collector->writer, scenarios, scenarios->output, ensemble->threads,
                           false));
    TRY(ensemble_run(ensemble, take_piece, collector));
    scenarios->seconds = progress_end(&collector->progress);
    TRY(results_writer_commit(&collector->writer, scenarios->seconds));
out:
    results_writer_discard(&collector->writer);
    free(collector->passing);
    return status;
}

int scenarios_run(struct scenarios *scenarios, int group, int threads, bool is_quiet)
{
    int status = 0;
    struct collector collector = {.scenarios = scenarios};
    struct ensemble ensemble = {.scenarios = scenarios->configurations,
                                .scenario_count = scenarios->count,
                                .group = group,
                                .threads = threads,
                                .part = scenarios->part};
    results_free(&scenarios->results);
    TRY(results_init(&scenarios->results, scenarios->configurations,
                     scenarios->kept > 0 ? scenarios->kept : scenarios->count));
    progress_begin(&collector.progress, "pieces", ensemble_piece_count(&ensemble), is_quiet);
    if (scenarios->output != NULL) {
        TRY(run_recorded(&collector, &ensemble));
    } else {
        TRY(ensemble_outcomes(&ensemble, take_replicate, &collector));
        scenarios->seconds = progress_end(&collector.progress);
    }
out:
    return status;
}

void scenarios_free(struct scenarios *scenarios)
{
    for (size_t s = 0; s < scenarios->count; s++) {
        configuration_free(&scenarios->configurations[s]);
    }
    free(scenarios->configurations);
    free(scenarios->names);
    results_free(&scenarios->results);
    *scenarios = (struct scenarios){0};
}
