/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/interviews.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin study RESULT [--draws N] [--threads N]\n\n"
    "Repeats the study of Tierney et al. (2024) within a simulated world: from the run that RESULT "
    "holds\n"
    "(simulated anew from the file), 61 interviewees are drawn as link workers would invite them, "
    "many\n"
    "times over, and compared with everyone seen and everyone offered. The inclusion weight is\n"
    "study.trust_exponent of the run.\n\n"
    "      --draws N    studies drawn in each replicate (default 1000)\n"
    "      --threads N  threads (default: all)\n"
    "      --help       print this\n",
    "td"};

static int interview(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct people people = {0};
    struct interviews interviews;
    TRY(people_collect(&people, configuration, options->threads));
    TRY(interviews_draw(&interviews, &people, &configuration->parameters,
                        options->draws > 0 ? (size_t)options->draws : 1000));
    interviews_print(stdout, &interviews);
out:
    people_free(&people);
    return status;
}

static int study(const struct options *options)
{
    return options_with_result(options, interview);
}

int command_study(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, study);
}
