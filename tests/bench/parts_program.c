/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program as a user starts it: results files at each level, starting up, all of England
 *
 * Each is a process of its own, timed by the wall clock from before it starts until it has ended.
 */
#include "bench/engine.h"

#include "base/error.h"
#include "base/progress.h"
#include "state/coefficients.h"

#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MOST_WORDS = 24, WORD_SIZE = 1024, STARTS = 10, WATCH_NANOSECONDS = 20000000 };

/* A command line, and the results file it makes ("" for none). */
struct command {
    char words[MOST_WORDS][WORD_SIZE];
    int count;
    char file[WORD_SIZE];
    bool is_watched; /* its memory too; costs the precision of WATCH_NANOSECONDS */
};

static void say(struct command *command, const char *word)
{
    if (command->count < MOST_WORDS - 1) {
        (void)snprintf(command->words[command->count++], WORD_SIZE, "%s", word);
    }
}

/* The most memory of a running process so far, bytes; 0 if it has ended. Not taken from wait4: that
 * counts what this program held when it started the other. */
static double memory_of(pid_t process)
{
    char line[256], path[64];
    double kibibytes = 0.0;
    (void)snprintf(path, sizeof path, "/proc/%ld/status", (long)process);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kibibytes = strtod(line + 6, NULL);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return 1024.0 * kibibytes;
}

static bool wait_for(pid_t child, int *ended, struct rusage *usage, double *memory)
{
    const struct timespec pause = {.tv_nsec = WATCH_NANOSECONDS};
    pid_t done = 0;
    while (memory != NULL && done == 0) {
        *memory = fmax(*memory, memory_of(child));
        (void)nanosleep(&pause, NULL);
        done = wait4(child, ended, WNOHANG, usage);
    }
    return (memory != NULL ? done : wait4(child, ended, 0, usage)) == child;
}

/* Runs it to its end, its words to nowhere. */
static int start(struct command *command, struct bench_case *self)
{
    int status = 0, ended = -1;
    char *words[MOST_WORDS] = {NULL};
    pid_t child = 0;
    struct rusage usage = {0};
    posix_spawn_file_actions_t actions;
    for (int i = 0; i < command->count; i++) {
        words[i] = command->words[i];
    }
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    const double started = clock_seconds();
    if (posix_spawnp(&child, words[0], &actions, NULL, words, environ) != 0 ||
        !wait_for(child, &ended, &usage, command->is_watched ? &self->memory : NULL) ||
        !WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
        FAIL(ERROR_FILE, "%s %s: could not be run to its end", words[0],
             words[1] != NULL ? words[1] : "");
    }
    self->wall[self->rounds] += clock_seconds() - started;
    self->cpu[self->rounds] += (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
                               1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
out:
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* What a results file holds. */
struct contents {
    double values, bytes;
};

static herr_t add_dataset(hid_t group, const char *name, const H5O_info_t *info, void *context)
{
    struct contents *contents = context;
    if (info->type == H5O_TYPE_DATASET) {
        const hid_t dataset = H5Dopen(group, name, H5P_DEFAULT);
        const hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
        const double values = (double)H5Sget_simple_extent_npoints(space);
        contents->values += values;
        contents->bytes += values * (double)H5Tget_size(type);
        (void)H5Tclose(type);
        (void)H5Sclose(space);
        (void)H5Dclose(dataset);
    }
    return 0;
}

static struct contents read_contents(const char *path)
{
    struct contents contents = {0};
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file >= 0) {
        (void)H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, add_dataset, &contents);
        (void)H5Fclose(file);
    }
    return contents;
}

static double file_size(const char *path)
{
    FILE *file = fopen(path, "rb");
    double size = 0.0;
    if (file != NULL) {
        size = fseek(file, 0, SEEK_END) == 0 ? (double)ftell(file) : 0.0;
        (void)fclose(file);
    }
    return size;
}

/* `number` times; work: values in the file, more_work: their bytes. */
static int run_command(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    int status = 0;
    struct command *command = self->context;
    self->wall[self->rounds] = self->cpu[self->rounds] = 0.0;
    for (int i = 0; i < self->number; i++) {
        TRY(start(command, self));
    }
    if (command->file[0] != '\0' && self->rounds == 0) {
        const struct contents contents = read_contents(command->file);
        self->work = contents.values;
        self->more_work = contents.bytes;
    }
out:
    return status;
}

/* A case of BUYIN and the words up to NULL; the machine's wall clock counts. */
static struct command *add_command(struct bench *bench, const char *name, int times,
                                   const char *program, const char *const *words)
{
    struct command *command = calloc(1, sizeof *command);
    if (command == NULL) {
        (void)error_set(ERROR_MEMORY, "no memory for a command");
        return NULL;
    }
    say(command, program);
    for (int i = 0; words[i] != NULL; i++) {
        say(command, words[i]);
    }
    struct bench_case *c = bench_add(bench, run_command, command, "%s", name);
    c->number = times;
    c->threads = 0;
    c->is_timed = true;
    return command;
}

/* A run of `config` at a level of recording, into a file of its own; level NULL: without a file. */
static int add_run(struct bench *bench, const char *name, const char *config, const char *level,
                   const char *const *words)
{
    const char *most[MOST_WORDS] = {"run"};
    char path[WORD_SIZE], threads[32], record[64];
    int n = 1;
    (void)snprintf(path, sizeof path, "%s/configs/%s", BUYIN_SOURCE_DIR, config);
    (void)snprintf(threads, sizeof threads, "--threads=%d", bench->threads);
    (void)snprintf(record, sizeof record, "--set=run.record=%s", level != NULL ? level : "summary");
    most[n++] = path;
    for (int i = 0; words[i] != NULL; i++) {
        most[n++] = words[i];
    }
    most[n++] = record;
    most[n++] = threads;
    most[n++] = "--quiet";
    if (level == NULL) {
        most[n++] = "--json"; /* to nowhere */
    }
    struct command *command = add_command(bench, name, 1, BUYIN_BINARY, most);
    if (command == NULL) {
        return ERROR_MEMORY;
    }
    if (level != NULL) {
        (void)snprintf(command->file, sizeof command->file, "%s/%s.h5", bench->folder, name);
        say(command, "--force");
        say(command, "--output");
        say(command, command->file);
    }
    return 0;
}

/* -------------------------------------------------------------------------------- output */

static const char *const levels[] = {"summary", "cohort", "trajectories"};
enum { LEVELS = 3 };

static int add_output(struct bench *bench)
{
    int status = 0;
    const char *words[] = {bench->quick ? "--set=run.replicates=2" : "--set=run.replicates=6",
                           "--set=run.counterfactual=no", "--set=run.trajectory_fields=states",
                           NULL};
    TRY(add_run(bench, "output.none", "study.yaml", NULL, words));
    for (int i = 0; i < LEVELS; i++) {
        char name[BENCH_NAME_SIZE];
        (void)snprintf(name, sizeof name, "output.%s", levels[i]);
        TRY(add_run(bench, name, "study.yaml", levels[i], words));
    }
out:
    return status;
}

/* Seconds that the run and then the compressor on all threads and the disk would take alone. */
static double least_seconds(struct bench *bench, const struct bench_case *none,
                            const struct bench_case *c, double file_bytes)
{
    return median_of(none->wall, (size_t)none->rounds) +
           1e-6 * c->more_work / (figure_value(bench, "limit.deflate") * bench->threads) +
           1e-6 * file_bytes / figure_value(bench, "limit.write");
}

static const char alone[] =
    "the run without a file, the compressor on all threads and the disk alone";

static void report_level(struct bench *bench, const char *level)
{
    const struct bench_case *c = bench_find(bench, "output.%s", level);
    const struct bench_case *none = bench_find(bench, "output.none");
    const struct command *command = c->context;
    const double size = file_size(command->file);
    char name[BENCH_NAME_SIZE];
    (void)snprintf(name, sizeof name, "output.%s.time", level);
    struct figure *figure = figure_time(bench, name, "s", 1.0, c, 1.0,
                                        "a run of the study with a results file at this level, on "
                                        "all threads, without a counterfactual");
    figure_share(figure, least_seconds(bench, none, c, size) / figure->median, alone);
    (void)snprintf(name, sizeof name, "output.%s.values", level);
    (void)figure_rate(bench, name, "M/s", 1e-6, c, c->work, "values written in a second of it");
    (void)snprintf(name, sizeof name, "output.%s.bytes", level);
    (void)figure_rate(bench, name, "MB/s", 1e-6, c, c->more_work,
                      "the same in bytes before compression");
    (void)snprintf(name, sizeof name, "output.%s.size", level);
    const double megabytes = 1e-6 * size;
    (void)figure_add(bench, name, "MB", &megabytes, 1, "size of the file");
}

static void report_output(struct bench *bench)
{
    (void)figure_time(bench, "output.none.time", "s", 1.0, bench_find(bench, "output.none"), 1.0,
                      "the same run without a file");
    for (int i = 0; i < LEVELS; i++) {
        report_level(bench, levels[i]);
    }
}

const struct bench_part part_output = {"output", "results files at each level of recording",
                                       add_output, report_output};

/* -------------------------------------------------------------------------- many points */

enum { POINT_ROUNDS = 3 };

/* The same pieces as points of a sweep, of two replicates of one site, and as one run. The points
 * differ in prices only, which change nobody's life, so the work of a piece is the same. */
static int add_points(struct bench *bench)
{
    char path[WORD_SIZE];
    const char *sweep[] = {"sweep",
                           "--set=site.number=1",
                           "--set=run.replicates=2",
                           "--vary=cost.gp_consultation=1:25:1",
                           bench->quick ? "--vary=cost.place_week=1"
                                        : "--vary=cost.place_week=1:40:1",
                           "--threads=1",
                           "--quiet",
                           "--force",
                           "--output",
                           path,
                           NULL};
    const char *run[] = {"run",
                         "--set=site.number=2",
                         bench->quick ? "--set=run.replicates=25" : "--set=run.replicates=1000",
                         "--threads=1",
                         "--quiet",
                         "--json",
                         NULL};
    (void)snprintf(path, sizeof path, "%s/points.h5", bench->folder);
    if (add_command(bench, "points.sweep", 1, BUYIN_BINARY, sweep) == NULL ||
        add_command(bench, "points.run", 1, BUYIN_BINARY, run) == NULL) {
        return ERROR_MEMORY;
    }
    bench_find(bench, "points.sweep")->threads = bench_find(bench, "points.run")->threads = 1;
    bench_find(bench, "points.sweep")->most_rounds = POINT_ROUNDS;
    bench_find(bench, "points.run")->most_rounds = POINT_ROUNDS;
    return 0;
}

static void report_points(struct bench *bench)
{
    (void)figure_ratio(bench, "points.ratio", 1.0, bench_find(bench, "points.run"),
                       bench_find(bench, "points.sweep"),
                       "pieces a second of a sweep of 1,000 points of two pieces, with its results "
                       "file, against one run of 2,000 pieces without a file (quick: 25 points)");
}

const struct bench_part part_points = {"points", "a sweep of a thousand points against one run",
                                       add_points, report_points};

/* ------------------------------------------------------------------------------- startup */

static int run_coefficients(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    int status = 0;
    struct configuration configuration;
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    if (coefficients == NULL) {
        FAIL(ERROR_MEMORY, "no memory for coefficients");
    }
    TRY(configuration_default(&configuration));
    for (int i = 0; i < STARTS; i++) {
        coefficients_compute(coefficients, &configuration.parameters);
    }
    configuration_free(&configuration);
    self->work = STARTS;
out:
    free(coefficients);
    return status;
}

static int add_startup(struct bench *bench)
{
    const char *nothing[] = {NULL}, *version[] = {"--version", NULL};
    const char *check[] = {"check", BUYIN_SOURCE_DIR "/configs/study.yaml", NULL};
    const bool added =
        add_command(bench, "startup.true", STARTS, "true", nothing) != NULL &&
        add_command(bench, "startup.version", STARTS, BUYIN_BINARY, version) != NULL &&
        add_command(bench, "startup.check", STARTS, BUYIN_BINARY, check) != NULL;
    (void)bench_add(bench, run_coefficients, NULL, "startup.coefficients");
    return added ? 0 : ERROR_MEMORY;
}

static void report_startup(struct bench *bench)
{
    const struct bench_case *coefficients = bench_find(bench, "startup.coefficients");
    const struct figure *least =
        figure_time(bench, "startup.true", "ms", 1e3, bench_find(bench, "startup.true"), STARTS,
                    "starting a program that does nothing");
    const double ideal = least->median;
    static const char limit[] = "starting a program that does nothing";
    struct figure *figure =
        figure_time(bench, "startup.version", "ms", 1e3, bench_find(bench, "startup.version"),
                    STARTS, "buyin --version");
    figure_share(figure, ideal / figure->median, limit);
    figure = figure_time(bench, "startup.check", "ms", 1e3, bench_find(bench, "startup.check"),
                         STARTS, "buyin check configs/study.yaml");
    figure_share(figure, ideal / figure->median, limit);
    (void)figure_time(bench, "startup.coefficients", "ms", 1e3, coefficients, coefficients->work,
                      "coefficients of a scenario, one thread");
}

const struct bench_part part_startup = {"startup", "before the first week", add_startup,
                                        report_startup};

/* ------------------------------------------------------------------------------- England */

enum { QUICK_NETWORKS = 50, MILLION_NETWORKS = 625, ENGLAND_NETWORKS = 1250, ENGLAND_ROUNDS = 3 };

/* A scenario with fewer networks. */
static int write_fewer(const char *path, int networks)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return error_set(ERROR_FILE, "%s: could not be written", path);
    }
    (void)fprintf(file,
                  "sites:\n  - name: network\n    copies: %d\n    months_in_role: 24\n"
                  "    deprivation: medium\n    primary_care_managed: yes\n    practices: 5\n"
                  "    set_up_with_link_workers: yes\n",
                  networks);
    return fclose(file) == 0 ? 0 : error_set(ERROR_FILE, "%s: could not be written", path);
}

static int add_england(struct bench *bench)
{
    int status = 0;
    char fewer[WORD_SIZE];
    const char *full[] = {"--set=run.weeks=104", NULL};
    const char *quick[] = {fewer, "--set=run.weeks=104", NULL};
    (void)snprintf(fewer, sizeof fewer, "%s/fewer.yaml", bench->folder);
    TRY(write_fewer(fewer, QUICK_NETWORKS));
    const char *const *words = bench->quick ? quick : full;
    TRY(add_run(bench, "england.summary", "england.yaml", "summary", words));
    struct bench_case *summary = bench_find(bench, "england.summary");
    ((struct command *)summary->context)->is_watched = true;
    summary->most_rounds = ENGLAND_ROUNDS;
    TRY(add_run(bench, "england.cohort", "england.yaml", "cohort", words));
    bench_find(bench, "england.cohort")->most_rounds = ENGLAND_ROUNDS;
out:
    return status;
}

static void report_england(struct bench *bench)
{
    const struct bench_case *summary = bench_find(bench, "england.summary");
    const struct bench_case *cohort = bench_find(bench, "england.cohort");
    const double networks = bench->quick ? QUICK_NETWORKS : ENGLAND_NETWORKS;
    const double memory = 1e-6 * summary->memory;
    char meaning[256];
    (void)snprintf(meaning, sizeof meaning,
                   "buyin run configs/england.yaml over 104 weeks, %.0f networks of 40,000 adults, "
                   "all threads, with its results file",
                   networks);
    (void)figure_time(bench, "england.summary", "s", 1.0, summary, 1.0, meaning);
    (void)figure_time(bench, "england.cohort", "s", 1.0, cohort, 1.0,
                      "the same with a row for everybody referred");
    (void)figure_add(bench, "england.memory", "MB", &memory, 1,
                     "most memory of the first of the two");
}

const struct bench_part part_england = {"england", "all of England, as a user runs it", add_england,
                                        report_england};

/* ---------------------------------------------------------------- weekly states of a million */

static int add_trajectories(struct bench *bench)
{
    int status = 0;
    char fewer[WORD_SIZE];
    const char *words[] = {fewer, "--set=run.weeks=104", "--set=run.trajectory_fields=states",
                           NULL};
    (void)snprintf(fewer, sizeof fewer, "%s/million.yaml", bench->folder);
    TRY(write_fewer(fewer, bench->quick ? QUICK_NETWORKS / 5 : MILLION_NETWORKS));
    TRY(add_run(bench, "million.none", "england.yaml", NULL, words));
    bench_find(bench, "million.none")->most_rounds = ENGLAND_ROUNDS;
    TRY(add_run(bench, "million.trajectories", "england.yaml", "trajectories", words));
    bench_find(bench, "million.trajectories")->most_rounds = ENGLAND_ROUNDS;
out:
    return status;
}

static void report_trajectories(struct bench *bench)
{
    const struct bench_case *none = bench_find(bench, "million.none");
    const struct bench_case *c = bench_find(bench, "million.trajectories");
    const double size = file_size(((const struct command *)c->context)->file);
    const double megabytes = 1e-6 * size;
    (void)figure_time(bench, "million.none", "s", 1.0, none, 1.0,
                      "half of England over 104 weeks, a million people referred, without a file");
    struct figure *figure =
        figure_time(bench, "million.trajectories", "s", 1.0, c, 1.0,
                    "the same with a row and 12 weekly states of everybody referred");
    figure_share(figure, least_seconds(bench, none, c, size) / figure->median, alone);
    (void)figure_rate(bench, "million.values", "M/s", 1e-6, c, c->work,
                      "values written in a second of it");
    (void)figure_add(bench, "million.size", "MB", &megabytes, 1, "size of the file");
}

const struct bench_part part_trajectories = {"trajectories", "weekly states of a million people",
                                             add_trajectories, report_trajectories};
