/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/unfinished.h"
#include "base/version.h"
#include "commands/commands.h"
#include "commands/external.h"
#include "commands/processes.h"

#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"run", "simulate a configuration and write a results file", command_run},
    {"check", "check a configuration without running it", command_check},
    {"diff", "show what differs between two configurations", command_diff},
    {"compare", "compare scenarios with a base, paired by replicate", command_compare},
    {"sweep", "run a configuration at many points of its parameters", command_sweep},
    {"economics", "cost-effectiveness under uncertain parameters", command_economics},
    {"merge", "put the parts of a run or a sweep together", command_merge},
    {"theory", "list the 26 configurations of the programme theory", command_theory},
    {"ablate", "switch each configuration off and show what it does", command_ablate},
    {"reproduce", "test the patterns of the study, P1 to P11", command_reproduce},
    {"study", "repeat the interview study within a run", command_study},
    {"pathways", "who travels which pathway, and why people do not connect", command_pathways},
    {"patient", "tell one patient's weeks", command_patient},
    {"parameters", "list every parameter with unit, range, source and meaning", command_parameters},
    {"outcomes", "list every outcome with unit and definition", command_outcomes},
    {"selftest", "show that results do not depend on the number of threads", command_selftest},
};
/* Programs of their own, started by external_start. */
static const char *const scripts[][2] = {
    {"report", "make a page of figures and tables of results files"},
    {"figures", "write the figures of a results file as SVG, PDF and PNG"},
    {"export", "write the tables of a results file as CSV"},
    {"document", "fill reporting standards (ODD, STRESS ...) from results files"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *stream)
{
    (void)fputs("Buyin simulates how patients take up social prescribing through link workers.\n\n"
                "Usage: buyin COMMAND [ARGUMENTS]\n\nCommands:\n",
                stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        (void)fprintf(stream, "  %-12s%s\n", commands[i].name, commands[i].summary);
    }
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        (void)fprintf(stream, "  %-12s%s\n", scripts[i][0], scripts[i][1]);
    }
    (void)fputs(
        "\n'buyin COMMAND --help' tells more. Exit status: 0 done, 1 failed, 2 bad input.\n",
        stream);
}

/* What was printed has to have arrived. */
static int finish(int status)
{
    const bool is_lost = fflush(stdout) != 0 || ferror(stdout) != 0;
    if (is_lost && status == EXIT_DONE) {
        (void)fputs("buyin: standard output could not be written\n", stderr);
        return EXIT_FAILED;
    }
    return status;
}

/* What the user asked for. */
static int act(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_BAD_INPUT;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("buyin %s (%s)\n", BUYIN_VERSION, BUYIN_COMMIT);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return finish(EXIT_DONE);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return finish(commands[i].run(argc - 1, argv + 1));
        }
    }
    crew_dismiss(); /* another program takes this one's place */
    processes_leave();
    external_start(argv[1], argc - 1, argv + 1);
    (void)fprintf(stderr, "buyin: there is no command '%s' (try 'buyin --help')\n", argv[1]);
    return EXIT_BAD_INPUT;
}

/* Of several processes the first acts and speaks; the others serve it. */
int main(int argc, char **argv)
{
    int rank = 0, status = 0;
    const struct crew *crew = NULL;
    (void)gsl_set_error_handler_off();
    (void)signal(SIGXFSZ, SIG_IGN); /* a file too large is an error like others, not a death */
    const int joined = processes_join(&crew, &rank);
    if (joined != 0) {
        status = rank == 0 ? command_failed(joined) : EXIT_BAD_INPUT;
    } else if (rank == 0) {
        unfinished_watch();
        crew_lead(crew);
        status = act(argc, argv);
        crew_dismiss();
    } else {
        status = crew_serve(crew) == 0 ? EXIT_DONE : EXIT_FAILED;
    }
    processes_leave();
    return status;
}
