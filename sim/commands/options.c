/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/options.h"

#include "base/error.h"
#include "commands/commands.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const struct {
    struct option option;
    char letter; /* in option_set.letters; 0: always taken */
} known[] = {
    {{"set", required_argument, NULL, 's'}, 0},
    {{"help", no_argument, NULL, 'h'}, 0},
    {{"output", required_argument, NULL, 'o'}, 'o'},
    {{"force", no_argument, NULL, 'f'}, 'f'},
    {{"json", no_argument, NULL, 'j'}, 'j'},
    {{"quiet", no_argument, NULL, 'q'}, 'q'},
    {{"verify", no_argument, NULL, 'v'}, 'v'},
    {{"threads", required_argument, NULL, 't'}, 't'},
    {{"threads", required_argument, NULL, 'T'}, 'T'},
};
enum { KNOWN_COUNT = sizeof known / sizeof known[0] };

static int read_threads(struct options *options, const char *command, const char *text)
{
    char *end = NULL;
    const long threads = strtol(text, &end, 10);
    if (end == text || *end != '\0' || threads < 1 || threads > 1024) {
        return bad_argument(command, "--threads takes a whole number from 1 to 1024, not ", text);
    }
    options->threads = (int)threads;
    return 0;
}

static int take(struct options *options, const struct option_set *set, int letter, char **argv)
{
    switch (letter) {
    case 's':
        options->settings[options->setting_count++] = optarg;
        return 0;
    case 'h':
        (void)fputs(set->usage, stdout);
        options->is_done = true;
        return 0;
    case 'o':
        options->output = optarg;
        return 0;
    case 'f':
        options->force = true;
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case 'q':
        options->quiet = true;
        return 0;
    case 'v':
        options->verify = true;
        return 0;
    case 't':
        return read_threads(options, argv[0], optarg);
    case 'T':
        options->thread_list = optarg;
        return 0;
    case ':':
        return bad_argument(argv[0], "this option needs a value: ", argv[optind - 1]);
    default:
        return bad_argument(argv[0], "unknown option ", argv[optind - 1]);
    }
}

int options_read(struct options *options, const struct option_set *set, int argc, char **argv)
{
    struct option taken[KNOWN_COUNT + 1] = {0};
    char letters[2 * KNOWN_COUNT + 2] = ":hs:";
    size_t count = 0;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (known[i].letter == 0 || strchr(set->letters, known[i].letter) != NULL) {
            taken[count++] = known[i].option;
        }
    }
    if (strchr(set->letters, 'o') != NULL) {
        (void)strcat(letters, "o:");
    }
    *options = (struct options){.settings = calloc((size_t)argc + 1, sizeof *options->settings)};
    if (options->settings == NULL) {
        return command_failed(error_set(ERROR_MEMORY, "no memory for the arguments"));
    }
    optind = 0;
    opterr = 0;
    int letter = 0, status = 0;
    while (status == 0 && !options->is_done &&
           (letter = getopt_long(argc, argv, letters, taken, NULL)) != -1) {
        status = take(options, set, letter, argv);
    }
    if (status == 0 && !options->is_done && optind < argc) {
        options->path = argv[optind++];
        if (optind < argc) {
            status = bad_argument(argv[0], "one configuration is enough, what is ", argv[optind]);
        }
    }
    if (status != 0) {
        options_free(options);
    }
    return status;
}

int options_configuration(const struct options *options, struct configuration *configuration)
{
    const int status =
        configuration_read(configuration, options->path, options->settings, options->setting_count);
    if (status != 0) {
        (void)command_failed(status);
        return status == ERROR_MEMORY ? EXIT_FAILED : EXIT_BAD_INPUT;
    }
    return 0;
}

void options_free(struct options *options)
{
    free(options->settings);
    options->settings = NULL;
}
