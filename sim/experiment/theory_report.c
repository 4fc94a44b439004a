/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory_report.h"

#include "experiment/theory.h"

void theory_print(FILE *stream)
{
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(stream, "%s  %s -> %s -> %s.\n", t->id, t->context, t->mechanism, t->outcome);
        (void)fprintf(stream, "     strength mechanisms.%s; %s: %s\n", t->id, t->file, t->equation);
        (void)fprintf(stream, "     mechanism  %s  %s\n", t->variable,
                      t->variable_sign > 0 ? "higher" : "lower");
        (void)fprintf(stream, "     outcome    %s  %s\n\n", t->measure,
                      t->measure_sign > 0 ? "higher" : "lower");
    }
}

void theory_print_markdown(FILE *stream)
{
    (void)fputs("| id | context | mechanism | outcome | file | equation | mechanism variable | "
                "outcome measure |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
                stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(stream, "| %s | %s | %s | %s | %s | `%s` | %s %s | %s %s |\n", t->id,
                      t->context, t->mechanism, t->outcome, t->file, t->equation, t->variable,
                      t->variable_sign > 0 ? "higher" : "lower", t->measure,
                      t->measure_sign > 0 ? "higher" : "lower");
    }
}

void theory_print_json(FILE *stream)
{
    (void)fputs("[\n", stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(
            stream,
            "  {\"id\": \"%s\", \"context\": \"%s\", \"mechanism\": \"%s\", \"outcome\": \"%s\", "
            "\"strength\": \"mechanisms.%s\", \"file\": \"%s\", \"equation\": \"%s\", "
            "\"variable\": \"%s\", \"variable_sign\": %d, \"measure\": \"%s\", "
            "\"measure_sign\": %d}%s\n",
            t->id, t->context, t->mechanism, t->outcome, t->id, t->file, t->equation, t->variable,
            t->variable_sign, t->measure, t->measure_sign, row + 1 < THEORY_COUNT ? "," : "");
    }
    (void)fputs("]\n", stream);
}
