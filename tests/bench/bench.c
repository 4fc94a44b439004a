/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast Buyin is, beside what the machine can do and what a plain program does
 *
 *   bench [OPTIONS] [PART...]      default: all parts but `england` and `trajectories`
 *
 * Everything is run once to warm up and then in rounds, all cases in turn; the numbers are medians
 * over rounds, in brackets the least and the most. Nothing here passes or fails.
 */
#include "base/error.h"
#include "base/version.h"
#include "bench/engine.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PART_COUNT = 13, FOLDER_SIZE = 512 };

static const struct bench_part *const parts[PART_COUNT] = {
    &part_limits, &part_engaged, &part_registered,  &part_pieces, &part_threads,
    &part_sweep,  &part_plain,   &part_scaling,     &part_output, &part_startup,
    &part_points, &part_england, &part_trajectories};

/* Minutes long: only if it is asked for. */
static bool is_long(const struct bench_part *part)
{
    return part == &part_england || part == &part_trajectories;
}

/* Beyond these the numbers deserve a warning. */
static const double MOST_WALL_OVER_CPU = 1.05, LEAST_FREE = 95.0;

#ifdef __clang__
static const char compiler[] = __VERSION__;
#else
static const char compiler[] = "gcc " __VERSION__;
#endif

static const char usage[] =
    "Usage: bench [OPTIONS] [PART...]\n\n"
    "Takes the times of the engine, of a plain C version of the same model, and of what the\n"
    "machine can do. PART: see --list; default: all but england\n"
    "and trajectories.\n\n"
    "  --quick       small runs, 3 rounds: to see that it works, not to quote\n"
    "  --rounds N    rounds, 1 to 31 (default 7)\n"
    "  --threads N   most threads (default: all)\n"
    "  --folder DIR  where files are written that the benchmark removes again (default: .)\n"
    "  --json        print the figures as JSON\n"
    "  --list        print the parts\n"
    "  --help        print this\n";

struct request {
    bool json, chosen[PART_COUNT];
    char folder[FOLDER_SIZE];
};

static void print_list(void)
{
    for (int i = 0; i < PART_COUNT; i++) {
        (void)printf("  %-12s %s\n", parts[i]->name, parts[i]->meaning);
    }
}

static int choose_parts(struct request *request, char **names, int count)
{
    for (int i = 0; i < PART_COUNT; i++) {
        request->chosen[i] = parts[i] == &part_limits || (count == 0 && !is_long(parts[i]));
    }
    for (int n = 0; n < count; n++) {
        int i = 0;
        while (i < PART_COUNT && strcmp(names[n], parts[i]->name) != 0) {
            i++;
        }
        if (i == PART_COUNT) {
            return error_set(ERROR_INPUT, "there is no part '%s'; --list prints those there are",
                             names[n]);
        }
        request->chosen[i] = true;
    }
    return 0;
}

static int read_number(const char *option, const char *text, int most, int *number)
{
    char *end = NULL;
    const long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < 1 || value > most) {
        return error_set(ERROR_INPUT, "%s must be a number from 1 to %d, not '%s'", option, most,
                         text);
    }
    *number = (int)value;
    return 0;
}

/* Sets `is_done` when there is nothing to measure. */
static int read_options(struct bench *bench, struct request *request, int argc, char **argv,
                        bool *is_done)
{
    static const struct option options[] = {
        {"quick", no_argument, NULL, 'q'},         {"rounds", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'}, {"folder", required_argument, NULL, 'f'},
        {"json", no_argument, NULL, 'j'},          {"list", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    int status = 0, option;
    bool has_rounds = false;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'q':
            bench->quick = true;
            break;
        case 'r':
            TRY(read_number("--rounds", optarg, MOST_ROUNDS, &bench->rounds));
            has_rounds = true;
            break;
        case 't':
            TRY(read_number("--threads", optarg, 8, &bench->threads));
            break;
        case 'f':
            (void)snprintf(request->folder, sizeof request->folder, "%s", optarg);
            break;
        case 'j':
            request->json = true;
            break;
        case 'l':
            print_list();
            *is_done = true;
            return 0;
        case 'h':
            (void)fputs(usage, stdout);
            *is_done = true;
            return 0;
        default:
            FAIL(ERROR_INPUT, "--help lists the options there are");
        }
    }
    if (bench->quick && !has_rounds) {
        bench->rounds = 3;
    }
    TRY(choose_parts(request, argv + optind, argc - optind));
out:
    return status;
}

static int measure(struct bench *bench, const struct request *request)
{
    int status = 0;
    for (int i = 0; i < PART_COUNT; i++) {
        if (request->chosen[i]) {
            TRY(parts[i]->add(bench));
        }
    }
    if (!bench->quick) { /* a round to warm up, which the first overwrites */
        (void)fprintf(stderr, "bench: warming up\n");
        TRY(bench_round(bench, 0));
        for (size_t c = 0; c < bench->case_count; c++) {
            bench->cases[c].rounds = 0;
        }
    }
    for (int round = 0; round < bench->rounds; round++) {
        (void)fprintf(stderr, "bench: round %d of %d\n", round + 1, bench->rounds);
        TRY(bench_round(bench, round));
    }
    for (int i = 0; i < PART_COUNT; i++) {
        if (request->chosen[i]) {
            parts[i]->report(bench);
        }
    }
out:
    return status;
}

/* What the processor says of `key`; "unknown" if nothing. */
static void read_word(const char *key, char *word, size_t size)
{
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "r");
    (void)snprintf(word, size, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strstr(line, ": ");
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == '\t' && colon != NULL) {
            colon[strcspn(colon, "\n\"")] = '\0';
            (void)snprintf(word, size, "%s", colon + 2);
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* Virtual machines hide much behind one name: family and model tell generations apart. */
static void read_machine(char *machine, size_t size)
{
    char name[128], family[32], model[32];
    read_word("model name", name, sizeof name);
    read_word("cpu family", family, sizeof family);
    read_word("model", model, sizeof model);
    (void)snprintf(machine, size, "%s family %s model %s", name, family, model);
}

/* What is said about how far the numbers can be trusted; "" if there is nothing to say. */
static void find_doubts(const struct bench *bench, char *doubts, size_t size)
{
    double median = 0.0, most = 0.0;
    char name[BENCH_NAME_SIZE];
    bench_busy(bench, &median, &most);
    doubts[0] = '\0';
    if (median > MOST_WALL_OVER_CPU) {
        (void)snprintf(doubts, size,
                       "the machine was busy: one thread took %.2f times its CPU time by the wall "
                       "clock; figures by the wall (threads, output, start-up, England) are "
                       "doubtful, and so is whatever shares caches and memory",
                       median);
        return;
    }
    (void)snprintf(name, sizeof name, "threads.probe.%d", bench->threads);
    const struct figure *probe = figure_find(bench, name);
    if (probe != NULL && probe->median < LEAST_FREE) {
        (void)snprintf(doubts, size,
                       "%d threads that only calculate got %.0f %% of as many cores: parallel "
                       "efficiencies are doubtful",
                       bench->threads, probe->median);
    }
}

static void print_json(const struct bench *bench, const char *model, const char *doubts)
{
    double median = 0.0, most = 0.0;
    char date[32];
    const time_t now = time(NULL);
    struct tm utc;
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    bench_busy(bench, &median, &most);
    (void)printf("{\"version\": \"%s\", \"commit\": \"%s\", \"date\": \"%s\",\n"
                 " \"machine\": \"%s\", \"threads\": %d, \"compiler\": \"%s\",\n"
                 " \"quick\": %s, \"rounds\": %d, \"wall_over_cpu\": %.4f, "
                 "\"wall_over_cpu_most\": %.4f,\n \"doubts\": \"%s\",\n"
                 " \"figures\": [",
                 BUYIN_VERSION, BUYIN_COMMIT, date, model, bench->threads, compiler,
                 bench->quick ? "true" : "false", bench->rounds, median, most, doubts);
    for (size_t i = 0; i < bench->figure_count; i++) {
        const struct figure *f = &bench->figures[i];
        (void)printf(
            "%s\n  {\"name\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, \"least\": %.6g, "
            "\"most\": %.6g, ",
            i > 0 ? "," : "", f->name, f->unit, f->median, f->least, f->most);
        if (f->limit != NULL) {
            (void)printf("\"share\": %.4g, \"limit\": \"%s\", ", f->share, f->limit);
        }
        (void)printf("\"meaning\": \"%s\"}", f->meaning);
    }
    (void)puts("\n ]}");
}

static void print_figures(const struct bench *bench, const char *model, const char *doubts)
{
    double median = 0.0, most = 0.0;
    bench_busy(bench, &median, &most);
    (void)printf("Buyin %s (%s) on %s, at most %d threads, compiler %s\n"
                 "Medians of %d rounds of everything in turn, in brackets the least and the most. "
                 "One thread: CPU time; others: wall clock.\n"
                 "Wall over CPU time of one thread: %.2f (at worst %.2f); 1.00 on a free "
                 "machine.\n%s",
                 BUYIN_VERSION, BUYIN_COMMIT, model, bench->threads, compiler, bench->rounds,
                 median, most, bench->quick ? "A quick look: not to be quoted.\n" : "");
    const char *part = "";
    size_t length = 0;
    for (size_t i = 0; i < bench->figure_count; i++) {
        const struct figure *f = &bench->figures[i];
        if (strncmp(part, f->name, length) != 0 || f->name[length] != '.') {
            (void)putchar('\n');
        }
        part = f->name;
        length = strcspn(f->name, ".");
        (void)printf("%-28s %10.4g %-10s (%.4g to %.4g)  %s\n", f->name, f->median, f->unit,
                     f->least, f->most, f->meaning);
        if (f->limit != NULL) {
            (void)printf("%-28s %10.0f %%          of %s\n", "", 100.0 * f->share, f->limit);
        }
    }
    if (doubts[0] != '\0') {
        (void)printf("\nWarning: %s.\n", doubts);
    }
}

/* The folder and the files in it; there are no folders in it. */
static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    (void)rmdir(path);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    static struct request request = {.folder = "."};
    char folder[FOLDER_SIZE + 32], model[256], doubts[512];
    bool is_done = false;
    int status = 0;
    bench.rounds = 7;
    bench.threads = omp_get_max_threads() < 8 ? omp_get_max_threads() : 8;
    TRY(read_options(&bench, &request, argc, argv, &is_done));
    if (is_done) {
        return 0;
    }
    (void)snprintf(folder, sizeof folder, "%s/bench-XXXXXX", request.folder);
    if (mkdtemp(folder) == NULL) {
        FAIL(ERROR_INPUT, "%s: no folder can be made there: %s", request.folder, strerror(errno));
    }
    bench.folder = folder;
    status = measure(&bench, &request);
    if (status == 0) {
        read_machine(model, sizeof model);
        find_doubts(&bench, doubts, sizeof doubts);
        (request.json ? print_json : print_figures)(&bench, model, doubts);
    }
    bench_free(&bench);
    engine_runs_free();
    remove_folder(folder);
out:
    if (status != 0) {
        (void)fprintf(stderr, "bench: %s\n", error_message());
    }
    return status == 0 ? 0 : status == ERROR_INPUT ? 2 : 1;
}
