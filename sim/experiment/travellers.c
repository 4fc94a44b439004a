/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/travellers.h"

#include "base/error.h"
#include "base/estimate.h"
#include "experiment/characteristics.h"

#include <math.h>
#include <stdlib.h>

/* What people are sorted by. */
enum table { BY_PATHWAY, BY_STAGE, BY_REASON, TABLE_COUNT };

enum {
    PATHWAYS = (int)PATHWAY_COUNT,
    REASONS = (int)REASON_KINDS,
    MOST_CATEGORIES = PATHWAYS > REASONS ? PATHWAYS : REASONS
};

/* The pathways of those who took up, in the order of the figure; brief is the rest. */
static const enum pathway printed_pathways[] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                                PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
                                                PATHWAY_DISENGAGED};
enum { PRINTED_PATHWAYS = sizeof printed_pathways / sizeof printed_pathways[0] };

/* The category of a person; -1: not in this table. */
static int category_of(const struct person *person, enum table table)
{
    switch (table) {
    case BY_PATHWAY:
        return person_took_up(person) ? person->pathway : -1;
    case BY_STAGE:
        return person->reason < (int)REASON_OBSTACLE ? person->reason : (int)REASON_OBSTACLE;
    default:
        return person->reason;
    }
}

/* Shares of the categories among those with both characteristics. */
struct shares {
    struct estimate share[MOST_CATEGORIES];
    double persons; /* with them and in the table, mean over replicates */
};

static int find_shares(struct shares *shares, const struct people *people, enum table table,
                       enum characteristic a, enum characteristic b)
{
    const size_t replicates = people->replicates;
    double *values = calloc(MOST_CATEGORIES * replicates + 1, sizeof *values);
    if (values == NULL) {
        return error_set(ERROR_MEMORY, "no memory for shares");
    }
    shares->persons = 0.0;
    for (size_t r = 0; r < replicates; r++) {
        double persons = 0.0;
        for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
            const struct person *person = &people->persons[i];
            const int category = category_of(person, table);
            if (category >= 0 && characteristics[a].holds(person) &&
                characteristics[b].holds(person)) {
                persons += 1.0;
                values[(size_t)category * replicates + r] += 1.0;
            }
        }
        for (size_t c = 0; c < MOST_CATEGORIES; c++) {
            double *value = &values[c * replicates + r];
            *value = persons > 0.0 ? *value / persons : NAN;
        }
        shares->persons += persons / (double)replicates;
    }
    for (size_t c = 0; c < MOST_CATEGORIES; c++) {
        shares->share[c] = estimate_of(&values[c * replicates], replicates);
    }
    free(values);
    return 0;
}

enum { CELL = 40 };

/* Percent with half its interval; without a second replicate there is none. */
static const char *write_share(char cell[CELL], const struct estimate *e)
{
    if (!isfinite(e->mean)) {
        return "    -";
    }
    const int used = snprintf(cell, CELL, "%5.1f", 100.0 * e->mean);
    if (isfinite(e->low)) {
        (void)snprintf(cell + used, CELL - (size_t)used, " +-%4.1f", 50.0 * (e->high - e->low));
    }
    return cell;
}

static int print_share_line(FILE *stream, const struct people *people, enum characteristic a,
                            enum characteristic b)
{
    int status = 0;
    char name[64];
    struct shares shares = {.persons = 0.0};
    TRY(find_shares(&shares, people, BY_PATHWAY, a, b));
    (void)snprintf(name, sizeof name, b == EVERYONE_THERE_IS ? "%s" : "%s and %s",
                   characteristics[a].name, characteristics[b].name);
    (void)fprintf(stream, "  %-33s", name);
    for (int p = 0; p < PRINTED_PATHWAYS; p++) {
        char cell[CELL];
        (void)fprintf(stream, " %-12s", write_share(cell, &shares.share[printed_pathways[p]]));
    }
    (void)fprintf(stream, " %8.0f\n", shares.persons);
out:
    return status;
}

int travellers_print_shares(FILE *stream, const struct people *people)
{
    int status = 0;
    (void)fprintf(stream,
                  "Pathways of those who took up, %% (+- half the 95 %% interval over %zu "
                  "replicates); what is left to 100 is brief\n\n",
                  people->replicates);
    (void)fprintf(stream, "  %-33s  %-11s  %-11s  %-11s  %-11s  %-11s %8s\n", "", "a rapid",
                  "b anchored", "c with", "own support", "dropped out", "people");
    for (int a = 0; a < CHARACTERISTIC_COUNT; a++) {
        TRY(print_share_line(stream, people, (enum characteristic)a, EVERYONE_THERE_IS));
    }
    (void)fputs("\n", stream);
    for (int a = 1; a < CHARACTERISTIC_COUNT; a++) {
        for (int b = a + 1; b < CHARACTERISTIC_COUNT; b++) {
            if (characteristics_may_meet((enum characteristic)a, (enum characteristic)b)) {
                TRY(print_share_line(stream, people, (enum characteristic)a,
                                     (enum characteristic)b));
            }
        }
    }
out:
    return status;
}

/* A table of some categories, one line a characteristic. */
static int print_reason_table(FILE *stream, const struct people *people, enum table table,
                              int first, int last)
{
    int status = 0;
    for (int a = 0; a < CHARACTERISTIC_COUNT; a++) {
        struct shares shares = {.persons = 0.0};
        TRY(find_shares(&shares, people, table, (enum characteristic)a, EVERYONE_THERE_IS));
        (void)fprintf(stream, "  %-14s", characteristics[a].name);
        for (int c = first; c <= last; c++) {
            char cell[CELL];
            const bool is_last = c == last && table == BY_REASON;
            (void)fprintf(stream, " %-*s", is_last ? 0 : 12, write_share(cell, &shares.share[c]));
        }
        if (table == BY_STAGE) {
            (void)fprintf(stream, " %8.0f", shares.persons);
        }
        (void)fputs("\n", stream);
    }
out:
    return status;
}

int travellers_print_reasons(FILE *stream, const struct people *people)
{
    int status = 0;
    (void)fprintf(
        stream,
        "\nHow far those came who took up and never connected through the link worker, %% "
        "(+- half the 95 %% interval)\n\n"
        "  %-14s no suggestion %-11s  %-11s  %-11s %8s\n",
        "", "refused", "not tried", "tried", "people");
    TRY(print_reason_table(stream, people, BY_STAGE, REASON_NEVER_SUGGESTED, REASON_OBSTACLE));
    (void)fputs("\nWhat failed the last attempt of those who tried, % of the same people\n\n  "
                "              ",
                stream);
    for (int obstacle = 0; obstacle < REASON_COUNT; obstacle++) {
        (void)fprintf(stream, obstacle + 1 < REASON_COUNT ? "  %-11s" : "  %s\n",
                      obstacle == REASON_AVERSION ? "aversion" : reason_names[obstacle]);
    }
    TRY(print_reason_table(stream, people, BY_REASON, REASON_OBSTACLE, REASON_KINDS - 1));
out:
    return status;
}

static const char *category_name(enum table table, int category)
{
    static const char *const stages[] = {"no_suggestion", "refused", "not_tried"};
    return table == BY_PATHWAY               ? pathway_names[category]
           : category < (int)REASON_OBSTACLE ? stages[category]
                                             : reason_names[category - (int)REASON_OBSTACLE];
}

void travellers_print_csv_head(FILE *stream)
{
    (void)fputs("table,group,and_group,category,value,standard_error,low,high,persons,note\n",
                stream);
}

static int print_csv_rows(FILE *stream, const struct people *people, enum table table, int a, int b)
{
    int status = 0;
    struct shares shares = {.persons = 0.0};
    TRY(find_shares(&shares, people, table, (enum characteristic)a, (enum characteristic)b));
    const int categories = table == BY_PATHWAY ? PATHWAYS : REASONS;
    for (int c = 0; c < categories; c++) {
        const struct estimate *e = &shares.share[c];
        if (table == BY_REASON || (c != PATHWAY_WAITING && c != PATHWAY_DECLINED)) {
            (void)fprintf(stream, "%s,%s,%s,%s,%.9g,%.9g,%.9g,%.9g,%.9g,\n",
                          table == BY_PATHWAY ? "pathway" : "reason", characteristics[a].key,
                          b == EVERYONE_THERE_IS ? "" : characteristics[b].key,
                          category_name(table, c), e->mean, e->standard_error, e->low, e->high,
                          shares.persons);
        }
    }
out:
    return status;
}

int travellers_print_csv(FILE *stream, const struct people *people)
{
    int status = 0;
    for (int table = BY_PATHWAY; table < TABLE_COUNT; table++) {
        for (int a = 0; a < CHARACTERISTIC_COUNT && table != BY_STAGE; a++) {
            TRY(print_csv_rows(stream, people, (enum table)table, a, EVERYONE_THERE_IS));
            for (int b = a + 1; a > 0 && b < CHARACTERISTIC_COUNT; b++) {
                if (characteristics_may_meet((enum characteristic)a, (enum characteristic)b)) {
                    TRY(print_csv_rows(stream, people, (enum table)table, a, b));
                }
            }
        }
    }
out:
    return status;
}

void travellers_print_people(FILE *stream, const struct people *people)
{
    static const enum characteristic columns[] = {IS_CARER, LACKS_ENGLISH, LACKS_TRANSPORT,
                                                  LACKS_HOUSING, LACKS_HEALTH};
    (void)fputs(
        "replicate,site,pathway,woman,age,quintile,carer,language,transport,housing,health\n",
        stream);
    for (size_t r = 0; r < people->replicates; r++) {
        for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
            const struct person *p = &people->persons[i];
            if (!person_took_up(p)) {
                continue;
            }
            (void)fprintf(stream, "%zu,%d,%s,%d,%.4f,%d", r, p->site, pathway_names[p->pathway],
                          p->female, (double)p->age, p->quintile);
            for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
                (void)fprintf(stream, ",%d", characteristics[columns[c]].holds(p));
            }
            (void)fputs("\n", stream);
        }
    }
}
