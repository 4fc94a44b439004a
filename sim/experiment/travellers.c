/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/travellers.h"

#include "base/error.h"
#include "base/estimate.h"
#include "experiment/regression.h"

#include <math.h>
#include <stdlib.h>

/* A yes-or-no property of a person. */
struct property {
    const char *name;
    bool (*holds)(const struct person *person);
};

static bool everyone(const struct person *person)
{
    (void)person;
    return true;
}

static bool is_woman(const struct person *person)
{
    return person->female != 0;
}

static bool is_man(const struct person *person)
{
    return person->female == 0;
}

static bool is_deprived(const struct person *person)
{
    return person->quintile <= 2;
}

static bool is_affluent(const struct person *person)
{
    return person->quintile >= 4;
}

#define HAS_BARRIER(name, barrier)                                                                 \
    static bool name(const struct person *person)                                                  \
    {                                                                                              \
        return (person->barriers >> (barrier)&1u) != 0;                                            \
    }
HAS_BARRIER(is_carer, BARRIER_CARING)
HAS_BARRIER(has_language_barrier, BARRIER_LANGUAGE)
HAS_BARRIER(has_transport_barrier, BARRIER_TRANSPORT)
HAS_BARRIER(has_poor_health, BARRIER_HEALTH)
HAS_BARRIER(has_poor_housing, BARRIER_HOUSING)

static const struct property properties[] = {{"everyone", everyone},
                                             {"women", is_woman},
                                             {"men", is_man},
                                             {"quintiles 1 and 2", is_deprived},
                                             {"quintiles 4 and 5", is_affluent},
                                             {"carers", is_carer},
                                             {"little English", has_language_barrier},
                                             {"poor transport", has_transport_barrier},
                                             {"poor housing", has_poor_housing},
                                             {"poor health", has_poor_health}};
enum { PROPERTY_COUNT = sizeof properties / sizeof properties[0], FIRST_COMBINED = 1 };

static const enum pathway engaged[] = {PATHWAY_A_RAPID,           PATHWAY_B_ANCHORED,
                                       PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
                                       PATHWAY_DISENGAGED,        PATHWAY_BRIEF};
enum { ENGAGED_COUNT = sizeof engaged / sizeof engaged[0] };

static bool took_up(const struct person *person)
{
    return person->pathway != PATHWAY_DECLINED && person->pathway != PATHWAY_WAITING;
}

/* Share over replicates of those with both properties on a pathway; *persons: mean number of them.
 */
static int share_on(const struct people *people, const struct property *a, const struct property *b,
                    enum pathway pathway, struct estimate *e, double *persons)
{
    double *shares = malloc(people->replicates * sizeof *shares);
    if (shares == NULL) {
        return error_set(ERROR_MEMORY, "no memory for shares");
    }
    *persons = 0.0;
    for (size_t r = 0; r < people->replicates; r++) {
        double n = 0.0, on = 0.0;
        for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
            const struct person *person = &people->persons[i];
            if (took_up(person) && a->holds(person) && b->holds(person)) {
                n += 1.0;
                on += person->pathway == (int)pathway;
            }
        }
        shares[r] = n > 0.0 ? on / n : NAN;
        *persons += n / (double)people->replicates;
    }
    *e = estimate_of(shares, people->replicates);
    free(shares);
    return 0;
}

static int print_share_line(FILE *stream, const struct people *people, const struct property *a,
                            const struct property *b)
{
    int status = 0;
    double persons = 0.0;
    char name[64];
    (void)snprintf(name, sizeof name, b->holds == everyone ? "%s" : "%s and %s", a->name, b->name);
    (void)fprintf(stream, "  %-38s", name);
    for (int p = 0; p < ENGAGED_COUNT - 1; p++) {
        struct estimate e = estimate_of(NULL, 0);
        TRY(share_on(people, a, b, engaged[p], &e, &persons));
        (void)fprintf(stream, " %5.1f (%5.1f-%5.1f)", 100.0 * e.mean, 100.0 * e.low,
                      100.0 * e.high);
    }
    (void)fprintf(stream, " %8.0f\n", persons);
out:
    return status;
}

int travellers_print_shares(FILE *stream, const struct people *people)
{
    int status = 0;
    (void)fprintf(stream,
                  "Pathways of those who took up, %% (95 %% interval over %zu replicates)\n\n",
                  people->replicates);
    (void)fprintf(stream, "  %-38s %-19s %-19s %-19s %-19s %-19s %8s\n", "", "a rapid",
                  "b anchored", "c connecting with", "own support", "dropped out", "people");
    for (int a = 0; a < PROPERTY_COUNT; a++) {
        TRY(print_share_line(stream, people, &properties[a], &properties[0]));
    }
    (void)fputs("\n", stream);
    for (int a = FIRST_COMBINED; a < PROPERTY_COUNT; a++) {
        for (int b = a + 1; b < PROPERTY_COUNT; b++) {
            const bool exclude = (a == 1 && b == 2) || (a == 3 && b == 4);
            if (!exclude) {
                TRY(print_share_line(stream, people, &properties[a], &properties[b]));
            }
        }
    }
out:
    return status;
}

static int print_reason_line(FILE *stream, const struct people *people, const struct property *who)
{
    double *shares = malloc(people->replicates * sizeof *shares);
    if (shares == NULL) {
        return error_set(ERROR_MEMORY, "no memory for shares");
    }
    (void)fprintf(stream, "  %-20s", who->name);
    for (int reason = 0; reason < REASON_KINDS; reason++) {
        for (size_t r = 0; r < people->replicates; r++) {
            double n = 0.0, for_it = 0.0;
            for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
                const struct person *person = &people->persons[i];
                if (person->reason >= 0 && who->holds(person)) {
                    n += 1.0;
                    for_it += person->reason == reason;
                }
            }
            shares[r] = n > 0.0 ? for_it / n : NAN;
        }
        const struct estimate e = estimate_of(shares, people->replicates);
        (void)fprintf(stream, " %6.1f +-%4.1f", 100.0 * e.mean, 50.0 * (e.high - e.low));
    }
    (void)fputs("\n", stream);
    free(shares);
    return 0;
}

int travellers_print_reasons(FILE *stream, const struct people *people)
{
    int status = 0;
    (void)fputs("\nWhy those who took up never connected through the link worker, % (with half the "
                "95 % interval):\nhow far it came, and where every attempt failed, what failed the "
                "last one\n\n",
                stream);
    (void)fprintf(stream, "  %-20s %13s %13s %13s", "", "no suggestion", "refused", "not tried");
    for (int obstacle = 0; obstacle < REASON_COUNT; obstacle++) {
        (void)fprintf(stream, " %13s",
                      obstacle == REASON_AVERSION ? "aversion" : reason_names[obstacle]);
    }
    (void)fputs("\n", stream);
    for (int a = 0; a < PROPERTY_COUNT; a++) {
        TRY(print_reason_line(stream, people, &properties[a]));
    }
out:
    return status;
}

/* What the regression explains pathways by. */
enum { COLUMN_COUNT = 9, CLASS_COUNT = 5 };
static const char *const column_names[COLUMN_COUNT] = {
    "intercept",  "woman",          "age, ten years", "quintile, one less deprived",
    "carer",      "little English", "poor transport", "poor housing",
    "poor health"};

static void explain(const struct person *person, double x[COLUMN_COUNT])
{
    x[0] = 1.0;
    x[1] = person->female;
    x[2] = ((double)person->age - 50.0) / 10.0;
    x[3] = person->quintile - 3.0;
    x[4] = is_carer(person);
    x[5] = has_language_barrier(person);
    x[6] = has_transport_barrier(person);
    x[7] = has_poor_housing(person);
    x[8] = has_poor_health(person);
}

static int fit_replicate(const struct people *people, size_t r, double *coefficients)
{
    int status = 0;
    const size_t first = people->starts[r], end = people->starts[r + 1];
    double *x = malloc((end - first + 1) * COLUMN_COUNT * sizeof *x);
    int *y = malloc((end - first + 1) * sizeof *y);
    size_t rows = 0;
    struct regression regression = {0};
    if (x == NULL || y == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a regression");
    }
    for (size_t i = first; i < end; i++) {
        for (int class = 0; class < CLASS_COUNT; class ++) {
            if (people->persons[i].pathway == (int)engaged[class]) {
                explain(&people->persons[i], &x[rows * COLUMN_COUNT]);
                y[rows++] = class;
            }
        }
    }
    TRY(regression_fit(&regression, x, y, rows, COLUMN_COUNT, CLASS_COUNT));
    for (size_t a = 0; a < (CLASS_COUNT - 1) * COLUMN_COUNT; a++) {
        coefficients[a] = regression.coefficients[a];
    }
out:
    regression_free(&regression);
    free(x);
    free(y);
    return status;
}

int travellers_print_regression(FILE *stream, const struct people *people)
{
    int status = 0;
    const size_t size = (CLASS_COUNT - 1) * COLUMN_COUNT;
    double *all = malloc(size * people->replicates * sizeof *all);
    double *one = malloc(people->replicates * sizeof *one);
    if (all == NULL || one == NULL) {
        FAIL(ERROR_MEMORY, "no memory for regressions");
    }
    for (size_t r = 0; r < people->replicates; r++) {
        status = fit_replicate(people, r, &all[r * size]);
        if (status == ERROR_INPUT) { /* too few people of a kind: the other tables still hold */
            (void)fprintf(stream, "\nNo regression of pathways: in replicate %zu, %s.\n", r,
                          error_message());
            status = 0;
            goto out;
        }
        TRY(status);
    }
    (void)fputs(
        "\nOdds ratios against pathway a (multinomial logistic regression in each replicate; mean "
        "and 95 % interval over replicates)\n\n",
        stream);
    (void)fprintf(stream, "  %-30s %-21s %-21s %-21s %-21s\n", "", "b anchored",
                  "c connecting with", "own support", "dropped out");
    for (size_t j = 0; j < COLUMN_COUNT; j++) {
        (void)fprintf(stream, "  %-30s", column_names[j]);
        for (size_t k = 0; k < CLASS_COUNT - 1; k++) {
            for (size_t r = 0; r < people->replicates; r++) {
                one[r] = all[r * size + k * COLUMN_COUNT + j];
            }
            const struct estimate e = estimate_of(one, people->replicates);
            (void)fprintf(stream, " %5.2f (%5.2f-%6.2f)", exp(e.mean), exp(e.low), exp(e.high));
        }
        (void)fputs("\n", stream);
    }
out:
    free(all);
    free(one);
    return status;
}

void travellers_print_csv(FILE *stream, const struct people *people)
{
    (void)fputs(
        "replicate,site,pathway,woman,age,quintile,carer,language,transport,housing,health\n",
        stream);
    for (size_t r = 0; r < people->replicates; r++) {
        for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
            const struct person *p = &people->persons[i];
            if (took_up(p)) {
                (void)fprintf(stream, "%zu,%d,%s,%d,%.4f,%d,%d,%d,%d,%d,%d\n", r, p->site,
                              pathway_names[p->pathway], p->female, (double)p->age, p->quintile,
                              is_carer(p), has_language_barrier(p), has_transport_barrier(p),
                              has_poor_housing(p), has_poor_health(p));
            }
        }
    }
}
