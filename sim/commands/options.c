/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/options.h"

#include "base/error.h"
#include "base/unfinished.h"
#include "commands/commands.h"
#include "experiment/rerun.h"
#include "run/timeline.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Values that getopt gives short options; long ones are numbered from here on. */
enum { SHORT_COUNT = 256 };

int command_failed(int code)
{
    (void)fprintf(stderr, "buyin: %s\n", error_message());
    return code == ERROR_INPUT ? EXIT_BAD_INPUT : EXIT_FAILED;
}

static int bad_argument(const char *command, const char *what, const char *value)
{
    (void)fprintf(stderr, "buyin %s: %s%s (try 'buyin %s --help')\n", command, what, value,
                  command);
    return EXIT_BAD_INPUT;
}

/* What becomes of the value of an option. */
enum option_kind { KIND_FLAG, KIND_TEXT, KIND_COUNT, KIND_SETTING, KIND_VARY, KIND_HELP };

static const struct {
    const char *name;
    char letter; /* in option_set.letters; 0: always taken */
    enum option_kind kind;
    size_t offset;   /* in struct options */
    int least, most; /* of a count */
} known[] = {
    {"set", 's', KIND_SETTING, 0, 0, 0},
    {"help", 0, KIND_HELP, 0, 0, 0},
    {"output", 'o', KIND_TEXT, offsetof(struct options, output), 0, 0},
    {"force", 'f', KIND_FLAG, offsetof(struct options, force), 0, 0},
    {"json", 'j', KIND_FLAG, offsetof(struct options, json), 0, 0},
    {"quiet", 'q', KIND_FLAG, offsetof(struct options, quiet), 0, 0},
    {"verify", 'v', KIND_FLAG, offsetof(struct options, verify), 0, 0},
    {"threads", 't', KIND_COUNT, offsetof(struct options, threads), 1, 1024},
    {"threads", 'T', KIND_TEXT, offsetof(struct options, thread_list), 0, 0},
    {"strengths", 'S', KIND_TEXT, offsetof(struct options, strengths), 0, 0},
    {"pairs", 'P', KIND_FLAG, offsetof(struct options, pairs), 0, 0},
    {"rules", 'R', KIND_FLAG, offsetof(struct options, rules), 0, 0},
    {"shapley", 'H', KIND_COUNT, offsetof(struct options, shapley), 1, 1000},
    {"subgroup", 'G', KIND_TEXT, offsetof(struct options, subgroup), 0, 0},
    {"plot", 'p', KIND_TEXT, offsetof(struct options, plot), 0, 0},
    {"csv", 'c', KIND_TEXT, offsetof(struct options, csv), 0, 0},
    {"outcome", 'O', KIND_TEXT, offsetof(struct options, outcome), 0, 0},
    {"format", 'F', KIND_TEXT, offsetof(struct options, format), 0, 0},
    {"without", 'w', KIND_TEXT, offsetof(struct options, without), 0, 0},
    {"id", 'i', KIND_COUNT, offsetof(struct options, id), 0, 100000000},
    {"site", 'e', KIND_TEXT, offsetof(struct options, site), 0, 0},
    {"replicate", 'r', KIND_COUNT, offsetof(struct options, replicate), 0, 1000000},
    {"vary", 'V', KIND_VARY, 0, 0, 0},
    {"design", 'D', KIND_TEXT, offsetof(struct options, design), 0, 0},
    {"points", 'n', KIND_COUNT, offsetof(struct options, points), 2, 100000},
    {"interactions", 'x', KIND_FLAG, offsetof(struct options, interactions), 0, 0},
    {"people", 'l', KIND_TEXT, offsetof(struct options, people), 0, 0},
    {"weights", 'W', KIND_TEXT, offsetof(struct options, weights), 0, 0},
    {"uncertain", 'u', KIND_TEXT, offsetof(struct options, uncertain), 0, 0},
    {"sets", 'N', KIND_COUNT, offsetof(struct options, sets), 2, 100000},
    {"threshold", 'k', KIND_TEXT, offsetof(struct options, threshold), 0, 0},
    {"none", 'h', KIND_FLAG, offsetof(struct options, none), 0, 0},
    {"part", 'a', KIND_TEXT, offsetof(struct options, part), 0, 0},
    {"draws", 'd', KIND_COUNT, offsetof(struct options, draws), 1, 1000000},
};
enum { KNOWN_COUNT = sizeof known / sizeof known[0] };

static int read_count(const char *command, size_t which, void *field)
{
    char *end = NULL;
    const long count = strtol(optarg, &end, 10);
    if (end == optarg || *end != '\0' || count < known[which].least || count > known[which].most) {
        (void)fprintf(stderr, "buyin %s: --%s = %s: a whole number from %d to %d is needed\n",
                      command, known[which].name, optarg, known[which].least, known[which].most);
        return EXIT_BAD_INPUT;
    }
    const int value = (int)count;
    memcpy(field, &value, sizeof value);
    return 0;
}

/* `which` is a position in the table of known options. */
static int take(struct options *options, const struct option_set *set, size_t which, char **argv)
{
    void *field = (char *)options + known[which].offset;
    const bool yes = true;
    const char *text = optarg;
    switch (known[which].kind) {
    case KIND_SETTING:
        options->settings[options->setting_count++] = optarg;
        return 0;
    case KIND_VARY:
        options->vary[options->vary_count++] = optarg;
        return 0;
    case KIND_HELP:
        (void)fputs(set->usage, stdout);
        options->is_done = true;
        return 0;
    case KIND_FLAG:
        memcpy(field, &yes, sizeof yes);
        return 0;
    case KIND_TEXT:
        memcpy(field, &text, sizeof text);
        return 0;
    case KIND_COUNT:
        options->has_id |= known[which].letter == 'i';
        return read_count(argv[0], which, field);
    }
    return 0;
}

/* Which known option getopt found: long ones by number, short ones by their first letter. */
static size_t which_option(int found)
{
    static const char *const short_names[] = {"s", "set",    "h", "help",
                                              "o", "output", "u", "uncertain"};
    if (found >= SHORT_COUNT) {
        return (size_t)(found - SHORT_COUNT);
    }
    for (size_t n = 0; n < sizeof short_names / sizeof short_names[0]; n += 2) {
        for (size_t i = 0; found == short_names[n][0] && i < KNOWN_COUNT; i++) {
            if (strcmp(known[i].name, short_names[n + 1]) == 0) {
                return i;
            }
        }
    }
    return KNOWN_COUNT;
}

static size_t list_options(const struct option_set *set, struct option *taken)
{
    size_t count = 0;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const bool has_value = known[i].kind != KIND_FLAG && known[i].kind != KIND_HELP;
        if (known[i].letter == 0 || strchr(set->letters, known[i].letter) != NULL) {
            taken[count++] = (struct option){.name = known[i].name,
                                             .has_arg = has_value ? required_argument : no_argument,
                                             .val = SHORT_COUNT + (int)i};
        }
    }
    return count;
}

static void join_command(int argc, char **argv, char *command, size_t size)
{
    size_t used = (size_t)snprintf(command, size, "buyin");
    for (int i = 0; i < argc && used < size; i++) {
        used += (size_t)snprintf(command + used, size - used, " %s", argv[i]);
    }
}

static void options_free(struct options *options)
{
    free(options->settings);
    free(options->vary);
    options->settings = NULL;
    options->vary = NULL;
}

static int options_read(struct options *options, const struct option_set *set, int argc,
                        char **argv)
{
    struct option taken[KNOWN_COUNT + 1] = {0};
    char letters[12];
    (void)snprintf(letters, sizeof letters, ":h%s%s%s",
                   strchr(set->letters, 's') != NULL ? "s:" : "",
                   strchr(set->letters, 'o') != NULL ? "o:" : "",
                   strchr(set->letters, 'u') != NULL ? "u:" : "");
    (void)list_options(set, taken);
    *options = (struct options){.settings = calloc((size_t)argc + 2, sizeof *options->settings),
                                .vary = calloc((size_t)argc + 2, sizeof *options->vary)};
    if (options->settings == NULL || options->vary == NULL) {
        options_free(options);
        return command_failed(error_set(ERROR_MEMORY, "no memory for the arguments"));
    }
    join_command(argc, argv, options->command, sizeof options->command);
    optind = 0;
    opterr = 0;
    int found = 0, status = 0;
    while (status == 0 && !options->is_done &&
           (found = getopt_long(argc, argv, letters, taken, NULL)) != -1) {
        if (found == ':') {
            status = bad_argument(argv[0], "this option needs a value: ", argv[optind - 1]);
        } else if (found == '?') {
            status = bad_argument(argv[0], "unknown option ", argv[optind - 1]);
        } else {
            status = take(options, set, which_option(found), argv);
        }
    }
    if (status == 0 && !options->is_done && optind < argc) {
        options->paths = (const char *const *)argv + optind;
        options->path_count = (size_t)(argc - optind);
        options->path = options->paths[0];
        const bool takes_several = strchr(set->letters, 'm') != NULL;
        for (size_t i = 0; i < options->path_count && status == 0; i++) {
            if (options->paths[i][0] == '\0') {
                status = bad_argument(argv[0], "the name of the file is empty", "");
            } else if (i > 0 && !takes_several) {
                status = bad_argument(argv[0], "one file is enough, what is ", options->paths[i]);
            }
        }
    }
    if (status != 0) {
        options_free(options);
    }
    return status;
}

/* The folder that a new file would be in. */
static int check_folder(const char *path)
{
    char folder[4096];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return 0;
    }
    slash[slash == folder] = '\0';
    if (access(folder, W_OK | X_OK) != 0) {
        return error_set(ERROR_INPUT, "%s: cannot be written to the directory %s: %s", path, folder,
                         strerror(errno));
    }
    return 0;
}

/* A file that would stop the command at its end stops it here, before the work. */
static int check_outputs(const struct options *options)
{
    const char *const outputs[] = {options->output, options->csv, options->plot, options->people};
    struct stat file;
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        if (outputs[i] == NULL) {
            continue;
        }
        if (stat(outputs[i], &file) != 0) {
            const int status = check_folder(outputs[i]);
            if (status != 0) {
                return status;
            }
            continue;
        }
        const char *dot = strrchr(outputs[i], '.');
        if (S_ISREG(file.st_mode) && i > 0 && dot != NULL &&
            (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
            return error_set(ERROR_INPUT, "%s: is a configuration: it is not replaced", outputs[i]);
        }
        const bool may_be_there = options->force || options->part != NULL;
        if (S_ISREG(file.st_mode) && i == 0 && !may_be_there) {
            return error_set(ERROR_INPUT, "%s: exists already (--force replaces it)", outputs[i]);
        }
    }
    return 0;
}

int options_act(int argc, char **argv, const struct option_set *set, options_action act)
{
    struct options options;
    int status = options_read(&options, set, argc, argv);
    if (status == EXIT_DONE && !options.is_done) {
        status = check_outputs(&options);
        status = status == 0 ? act(&options) : status;
        status = status < 0 ? command_failed(status) : status;
    }
    options_free(&options);
    return status;
}

int options_with_configuration(const struct options *options, configuration_action act)
{
    int status = 0;
    struct configuration configuration;
    TRY(configuration_read_several(&configuration, options->paths, options->path_count,
                                   options->settings, options->setting_count));
    status = timeline_check(&configuration);
    if (status == 0) {
        status = act(options, &configuration);
        configuration_free(&configuration);
        return status;
    }
    configuration_free(&configuration);
out:
    return status == ERROR_FILE ? ERROR_INPUT
                                : status; /* a file that cannot be read is bad input */
}

int options_with_result(const struct options *options, configuration_action act)
{
    int status = 0;
    char note[256];
    struct configuration configuration;
    if (options->path == NULL) {
        FAIL(ERROR_INPUT, "a results file is needed");
    }
    TRY(rerun_configuration(&configuration, options->path, note));
    if (note[0] != '\0') {
        (void)fprintf(stderr, "buyin: warning: %s\n", note);
    }
    status = act(options, &configuration);
    configuration_free(&configuration);
out:
    return status;
}

int options_part(const struct options *options, size_t replicates, struct run_part *part)
{
    char *end = NULL;
    *part = (struct run_part){0};
    if (options->part == NULL) {
        return 0;
    }
    const long number = strtol(options->part, &end, 10);
    const bool has_slash = end != options->part && *end == '/';
    const char *second = has_slash ? end + 1 : end;
    const long count = strtol(second, &end, 10);
    if (!has_slash || end == second || *end != '\0' || number < 1 || number > count) {
        return error_set(ERROR_INPUT,
                         "--part = %.40s: must be of the form 2/8: which part of how many",
                         options->part);
    }
    if ((size_t)count > replicates) {
        return error_set(ERROR_INPUT, "--part = %.40s: there are only %zu replicates to share out",
                         options->part, replicates);
    }
    *part = (struct run_part){.number = (size_t)number, .count = (size_t)count};
    return 0;
}

int options_write_text(const char *path, text_printer print, const void *context)
{
    char partial[4096];
    struct stat file;
    const bool is_device = stat(path, &file) == 0 && !S_ISREG(file.st_mode);
    const int length = snprintf(partial, sizeof partial, "%s%s", path, is_device ? "" : ".part");
    FILE *stream = length < (int)sizeof partial ? fopen(partial, "w") : NULL;
    if (stream == NULL) {
        return error_set(ERROR_INPUT, "%s: cannot be written: %s", path, strerror(errno));
    }
    if (!is_device) {
        unfinished_begin(partial);
    }
    int status = print(stream, context);
    const bool is_lost = ferror(stream) != 0;
    if ((fclose(stream) != 0 || is_lost) && status == 0) {
        status = error_set(ERROR_FILE, "%s: could not be written", path);
    }
    if (!is_device && status == 0 && rename(partial, path) != 0) {
        status = error_set(ERROR_FILE, "%s: could not be written: %s", path, strerror(errno));
    }
    if (!is_device && status != 0) {
        (void)remove(partial);
    }
    unfinished_end(partial);
    return status;
}

void options_warn(const struct configuration *configuration)
{
    char warnings[8][CONFIGURATION_WARNING_SIZE];
    const size_t count = configuration_warnings(configuration, warnings, 8);
    for (size_t i = 0; i < count && i < 8; i++) {
        (void)fprintf(stderr, "buyin: warning: %s\n", warnings[i]);
    }
}
