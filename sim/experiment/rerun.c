/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/rerun.h"

#include "base/error.h"
#include "base/version.h"
#include "run/ensemble.h"
#include "state/snapshots.h"
#include "storage/hdf5_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 4096 };

/* The readers of configurations and of patients take files, so a text goes through one. */
static int write_aside(const char *text, char name[NAME_SIZE])
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(name, NAME_SIZE, "%s/buyin-XXXXXX",
                   folder != NULL && folder[0] != '\0' ? folder : "/tmp");
    const int descriptor = mkstemp(name);
    FILE *stream = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (stream == NULL) {
        return error_set(ERROR_FILE, "%s: cannot be written", name);
    }
    const bool is_written = fputs(text, stream) >= 0;
    if (fclose(stream) != 0 || !is_written) {
        (void)unlink(name);
        return error_set(ERROR_FILE, "%s: cannot be written", name);
    }
    return 0;
}

/* `patients`: the CSV that the results file kept; NULL if everybody was drawn. */
static int read_text(struct configuration *configuration, const char *text, const char *patients)
{
    int status = 0;
    char yaml[NAME_SIZE] = "", csv[NAME_SIZE] = "", setting[NAME_SIZE + 32];
    const char *settings[] = {setting};
    TRY(write_aside(text, yaml));
    if (patients != NULL) {
        TRY(write_aside(patients, csv));
        (void)snprintf(setting, sizeof setting, "population.file=%s", csv);
    }
    TRY(configuration_read(configuration, yaml, settings, patients != NULL ? 1 : 0));
out:
    (void)unlink(yaml);
    (void)unlink(csv);
    return status;
}

/* A file of a comparison or a sweep holds several configurations; what is run anew is the first. Adds that
 * to the note.
 */
static int note_scenarios(struct results_reader *reader, const char *path, char note[256])
{
    int status = 0;
    size_t rank = 0, shape[RESULTS_RANK_LIMIT] = {0};
    TRY(results_reader_read_shape(reader, "/config/value", &rank, shape));
    if (rank > 1 && shape[0] > 1) {
        const size_t used = strlen(note);
        (void)snprintf(note + used, 256 - used,
                       "%s%.80s holds %zu scenarios: this is the first of them alone",
                       used > 0 ? "; " : "", used > 0 ? "it" : path, shape[0]);
    }
out:
    return status;
}

int rerun_configuration(struct configuration *configuration, const char *path, char note[256])
{
    int status = 0;
    struct results_reader *reader = NULL;
    char *text = NULL, *version = NULL, *commit = NULL, *patients = NULL;
    note[0] = '\0';
    TRY(results_reader_open(&reader, path));
    TRY(results_reader_read_document(reader, "/config/resolved_yaml", &text));
    if (results_reader_has(reader, "/economics")) {
        FAIL(ERROR_INPUT,
             "%s: an economic evaluation holds drawn sets of parameters, none of which is the "
             "configuration: give a results file of 'buyin run'",
             path);
    }
    TRY(results_reader_read_text(reader, "/", "version", &version));
    TRY(results_reader_read_text(reader, "/", "commit", &commit));
    if (strcmp(version, BUYIN_VERSION) != 0 || strcmp(commit, BUYIN_COMMIT) != 0) {
        (void)snprintf(
            note, 256,
            "%.80s was made by version %.16s (%.16s), this is %s (%s): numbers may differ", path,
            version, commit, BUYIN_VERSION, BUYIN_COMMIT);
    }
    TRY(note_scenarios(reader, path, note));
    if (results_reader_has(reader, "/config/population_csv")) {
        TRY(results_reader_read_document(reader, "/config/population_csv", &patients));
    }
    TRY(read_text(configuration, text, patients));
out:
    results_reader_close(&reader);
    free(text);
    free(patients);
    free(version);
    free(commit);
    return status;
}

static int reason_of(const struct patients *p, size_t i)
{
    if (!p->ever_taken_up[i] || p->link_connection_week[i] != NEVER) {
        return -1;
    }
    return p->suggestions_made[i] == 0       ? REASON_NEVER_SUGGESTED
           : p->suggestions_accepted[i] == 0 ? REASON_REFUSED
           : p->last_obstacle[i] == NOTHING  ? REASON_NOT_TRIED
                                             : REASON_OBSTACLE + p->last_obstacle[i];
}

static struct person describe(const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const int first = p->first_session_week[i];
    struct person person = {.pathway = p->pathway[i],
                            .is_seen = first != NEVER,
                            .sessions = p->sessions[i],
                            .trust = p->trust_last_session[i],
                            .age = p->age[i],
                            .female = p->female[i],
                            .quintile = p->quintile[i],
                            .reason = reason_of(p, i),
                            .site = (int)site->key.site};
    for (int k = 0; k < BARRIER_COUNT; k++) {
        person.barriers |= (uint32_t)(p->starting_barrier[k][i] > 0.0f) << k;
    }
    const int lag = lag_index(39);
    if (person.is_seen && first + lag_weeks[lag] < site->weeks) {
        person.is_followed = true;
        person.change =
            snapshot_at(site, i, lag)[MEASURE_SWEMWBS] - snapshot_at(site, i, 0)[MEASURE_SWEMWBS];
    }
    return person;
}

static int take_people(void *context, const struct piece *piece)
{
    struct people *people = context;
    const size_t n = piece->result.offered;
    if (people->count + n > people->room) {
        const size_t room = 2 * (people->count + n);
        struct person *larger = realloc(people->persons, room * sizeof *larger);
        if (larger == NULL) {
            return error_set(ERROR_MEMORY, "no memory for %zu people", room);
        }
        people->persons = larger;
        people->room = room;
    }
    for (size_t i = 0; i < n; i++) {
        people->persons[people->count++] = describe(&piece->result, i);
    }
    people->starts[piece->replicate + 1] = people->count;
    return 0;
}

int people_collect(struct people *people, const struct configuration *configuration, int threads)
{
    int status = 0;
    struct configuration alone = *configuration; /* borrows everything, changes one flag */
    alone.parameters.run.counterfactual = 0;
    struct ensemble ensemble = {.scenarios = &alone, .scenario_count = 1, .threads = threads};
    *people = (struct people){.replicates = (size_t)configuration->parameters.run.replicates};
    people->starts = calloc(people->replicates + 1, sizeof *people->starts);
    if (people->starts == NULL) {
        FAIL(ERROR_MEMORY, "no memory for people");
    }
    TRY(ensemble_run(&ensemble, take_people, people));
out:
    if (status != 0) {
        people_free(people);
    }
    return status;
}

void people_free(struct people *people)
{
    free(people->persons);
    free(people->starts);
    *people = (struct people){0};
}
