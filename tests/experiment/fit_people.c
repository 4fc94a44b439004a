/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/regression.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Fits the people of `buyin pathways --people` with the program's own regression, and prints
 * coefficients and standard errors with all their digits, for a comparison with R. */

enum { MOST_PEOPLE = 100000, COLUMNS = 9, CLASSES = 5 };

static const char *const names[CLASSES] = {"a_rapid", "b_anchored", "c_connecting_with",
                                           "own_support", "disengaged"};
static const char *const columns[COLUMNS] = {"intercept", "woman",   "decades",
                                             "quintile",  "carer",   "language",
                                             "transport", "housing", "health"};

static int class_of(const char *name)
{
    for (int k = 0; k < CLASSES; k++) {
        if (strcmp(names[k], name) == 0) {
            return k;
        }
    }
    return -1; /* brief: not explained */
}

static int read_people(const char *path, double *x, int *y, size_t *replicate, size_t *rows)
{
    int status = 0;
    char line[256];
    FILE *stream = fopen(path, "r");
    if (stream == NULL || fgets(line, sizeof line, stream) == NULL) {
        FAIL(ERROR_INPUT, "%s: cannot be read", path);
    }
    *rows = 0;
    while (fgets(line, sizeof line, stream) != NULL && *rows < MOST_PEOPLE) {
        int woman, quintile, barriers[5];
        double age;
        char pathway[32];
        if (sscanf(line, "%zu,%*d,%31[^,],%d,%lf,%d,%d,%d,%d,%d,%d", &replicate[*rows], pathway,
                   &woman, &age, &quintile, &barriers[0], &barriers[1], &barriers[2], &barriers[3],
                   &barriers[4]) != 10) {
            FAIL(ERROR_INPUT, "%s: not a person: %s", path, line);
        }
        double *row = &x[*rows * COLUMNS];
        row[0] = 1.0;
        row[1] = woman;
        row[2] = (age - 50.0) / 10.0;
        row[3] = quintile - 3.0;
        for (int b = 0; b < 5; b++) {
            row[4 + b] = barriers[b];
        }
        y[*rows] = class_of(pathway);
        *rows += y[*rows] >= 0;
    }
out:
    if (stream != NULL) {
        (void)fclose(stream);
    }
    return status;
}

int main(int count, char **words)
{
    int status = 0;
    size_t rows = 0;
    struct regression r = {0};
    double *x = malloc((size_t)MOST_PEOPLE * COLUMNS * sizeof *x);
    int *y = malloc((size_t)MOST_PEOPLE * sizeof *y);
    size_t *replicate = malloc(((size_t)MOST_PEOPLE + 1) * sizeof *replicate);
    (void)gsl_set_error_handler_off();
    if (count != 2 || x == NULL || y == NULL || replicate == NULL) {
        FAIL(ERROR_INPUT, "usage: fit_people TABLE.csv");
    }
    TRY(read_people(words[1], x, y, replicate, &rows));
    const struct observations data = {
        .rows = rows, .columns = COLUMNS, .classes = CLASSES, .x = x, .y = y, .cluster = replicate};
    TRY(regression_fit(&r, &data));
    (void)printf("pathway,column,coefficient,standard_error\n");
    for (int k = 1; k < CLASSES; k++) {
        for (int j = 0; j < COLUMNS; j++) {
            const int a = (k - 1) * COLUMNS + j;
            (void)printf("%s,%s,%.15g,%.15g\n", names[k], columns[j], r.coefficients[a],
                         r.standard_errors[a]);
        }
    }
out:
    regression_free(&r);
    free(x);
    free(y);
    free(replicate);
    if (status != 0) {
        (void)fprintf(stderr, "fit_people: %s\n", error_message());
    }
    return status == 0 ? 0 : 1;
}
