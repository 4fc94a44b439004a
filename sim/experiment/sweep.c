/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep.h"

#include "base/error.h"
#include "base/random.h"
#include "parameters/rules.h"

#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 100000, TEXT_SIZE = 256 };

/* Parameters that would change what is compared instead of how it goes. */
static bool is_fixed(const char *name)
{
    static const char *const fixed[] = {"run.mode",
                                        "run.seed",
                                        "run.replicates",
                                        "run.weeks",
                                        "run.record",
                                        "run.trajectory_fields",
                                        "run.trajectory_bits",
                                        "site.number",
                                        "population.file"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcmp(fixed[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int bad_axis(const char *where, const char *text, const char *rule)
{
    return error_set(ERROR_INPUT, "%s: %.120s: %s", where, text, rule);
}

/* One value, which must suit the parameter: the table judges. */
static int read_value(const struct sweep_axis *axis, const char *where, const char *text,
                      double *value)
{
    struct parameters scratch;
    parameters_default(&scratch);
    const int status = parameter_read_text(&scratch, axis->row, axis->row->name, text, where);
    *value = parameter_value(&scratch, axis->row);
    return status;
}

static int add_range(struct sweep_axis *axis, const char *where, const char *text, char *colon)
{
    int status = 0;
    double step = 0.0;
    char *second = strchr(colon + 1, ':');
    *colon = '\0';
    if (second != NULL) {
        char *end = NULL;
        *second = '\0';
        step = strtod(second + 1, &end);
        if (end == second + 1 || *end != '\0' || !(step > 0.0)) {
            return bad_axis(where, text, "the step of low:high:step must be a number above 0");
        }
    }
    TRY(read_value(axis, where, strchr(text, '=') + 1, &axis->low));
    TRY(read_value(axis, where, colon + 1, &axis->high));
    if (axis->high < axis->low) {
        return bad_axis(where, axis->row->name, "the range is empty: high is below low");
    }
    for (size_t n = 0; step > 0.0 && axis->low + (double)n * step <= axis->high * (1.0 + 1e-12);
         n++) {
        if (axis->count == SWEEP_VALUES) {
            return bad_axis(where, axis->row->name, "more than 256 values on one axis");
        }
        axis->values[axis->count++] = axis->low + (double)n * step;
    }
out:
    return status;
}

static int add_list(struct sweep_axis *axis, const char *where, char *list)
{
    int status = 0;
    char *rest = NULL;
    for (char *item = strtok_r(list, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        if (axis->count == SWEEP_VALUES) {
            return bad_axis(where, axis->row->name, "more than 256 values on one axis");
        }
        TRY(read_value(axis, where, item, &axis->values[axis->count]));
        axis->count++;
    }
    if (axis->count == 0) {
        return bad_axis(where, axis->row->name, "an empty grid");
    }
    axis->low = axis->high = axis->values[0];
    for (size_t n = 1; n < axis->count; n++) {
        axis->low = fmin(axis->low, axis->values[n]);
        axis->high = fmax(axis->high, axis->values[n]);
    }
out:
    return status;
}

int sweep_add_axis(struct sweep *sweep, const char *where, const char *text)
{
    char copy[TEXT_SIZE], key[TEXT_SIZE];
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || strlen(text) >= sizeof copy) {
        return bad_axis(where, text, "must be of the form key=1,2,3 or key=low:high:step");
    }
    if (sweep->axis_count == SWEEP_AXES) {
        return bad_axis(where, text, "there are 8 axes already");
    }
    (void)snprintf(copy, sizeof copy, "%s", text);
    (void)snprintf(key, sizeof key, "%.*s", (int)(equals - text), text);
    struct sweep_axis *axis = &sweep->axes[sweep->axis_count];
    *axis = (struct sweep_axis){.row = parameter_find(key)};
    if (axis->row == NULL) {
        const char *nearest = parameter_nearest(key);
        return error_set(ERROR_INPUT, "%s: %.120s: there is no parameter '%s'%s%s%s", where, text,
                         key, nearest != NULL ? "; did you mean '" : "",
                         nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    }
    for (size_t i = 0; i < sweep->axis_count; i++) {
        if (sweep->axes[i].row == axis->row) {
            return bad_axis(where, text, "this parameter is swept twice");
        }
    }
    if (is_fixed(axis->row->name)) {
        return bad_axis(where, text, "this parameter must be the same in all points of a sweep");
    }
    char *value = copy + (equals - text) + 1;
    char *colon = strchr(value, ':');
    const int status =
        colon != NULL ? add_range(axis, where, copy, colon) : add_list(axis, where, value);
    sweep->axis_count += status == 0;
    return status;
}

int sweep_add_listed(struct sweep *sweep, const struct configuration *base)
{
    int status = 0;
    char *rest = NULL;
    char *lines = strdup(base->sweep);
    if (lines == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a sweep");
    }
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *tab = strchr(line, '\t');
        *tab = '\0';
        TRY(sweep_add_axis(sweep, line, tab + 1));
    }
out:
    free(lines);
    return status;
}

/* Whole where the parameter is whole. */
static double snap(const struct sweep_axis *axis, double value)
{
    return axis->row->kind == PARAMETER_REAL ? value : round(value);
}

static int fill_grid(struct sweep *sweep)
{
    for (size_t a = 0; a < sweep->axis_count; a++) {
        if (sweep->axes[a].count == 0) {
            return bad_axis(
                "sweep", sweep->axes[a].row->name,
                "a grid needs values or low:high:step (low:high alone is for a design)");
        }
    }
    for (size_t point = 0; point < sweep->points; point++) {
        size_t rest = point;
        for (size_t a = sweep->axis_count; a-- > 0;) {
            const struct sweep_axis *axis = &sweep->axes[a];
            sweep->coordinates[point * sweep->axis_count + a] = axis->values[rest % axis->count];
            rest /= axis->count;
        }
    }
    return 0;
}

/* Every axis cut into as many strips as there are points, one point in each strip. */
static void fill_latin_hypercube(struct sweep *sweep, int seed)
{
    const size_t n = sweep->points;
    const struct random_key key = {.seed = (uint32_t)seed};
    for (size_t a = 0; a < sweep->axis_count; a++) {
        const struct sweep_axis *axis = &sweep->axes[a];
        struct random_stream stream = random_open(&key, (uint32_t)a, 0, 1);
        double *column = &sweep->coordinates[a];
        for (size_t i = 0; i < n; i++) {
            column[i * sweep->axis_count] = (double)i;
        }
        for (size_t i = n - 1; i > 0; i--) {
            const size_t j = (size_t)(random_open_uniform(&stream) * (double)(i + 1));
            const double moved = column[i * sweep->axis_count];
            column[i * sweep->axis_count] = column[j * sweep->axis_count];
            column[j * sweep->axis_count] = moved;
        }
        for (size_t i = 0; i < n; i++) {
            double *at = &column[i * sweep->axis_count];
            const double u = (*at + random_open_uniform(&stream)) / (double)n;
            *at = snap(axis, axis->low + u * (axis->high - axis->low));
        }
    }
}

static int fill_sobol(struct sweep *sweep)
{
    double u[SWEEP_AXES];
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)sweep->axis_count);
    if (sequence == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a Sobol sequence");
    }
    for (size_t point = 0; point < sweep->points; point++) {
        (void)gsl_qrng_get(sequence, u);
        for (size_t a = 0; a < sweep->axis_count; a++) {
            const struct sweep_axis *axis = &sweep->axes[a];
            sweep->coordinates[point * sweep->axis_count + a] =
                snap(axis, axis->low + u[a] * (axis->high - axis->low));
        }
    }
    gsl_qrng_free(sequence);
    return 0;
}

static int add_point(struct sweep *sweep, const struct configuration *base, size_t point)
{
    int status = 0;
    size_t s = 0;
    char name[SCENARIO_NAME_SIZE] = "";
    size_t used = 0;
    for (size_t a = 0; a < sweep->axis_count && used < sizeof name; a++) {
        char number[32];
        const char *dot = strrchr(sweep->axes[a].row->name, '.');
        (void)parameter_format_number(sweep->coordinates[point * sweep->axis_count + a], number,
                                      sizeof number);
        used += (size_t)snprintf(name + used, sizeof name - used, "%s%s=%s", a > 0 ? " " : "",
                                 dot + 1, number);
    }
    TRY(scenarios_add(&sweep->scenarios, name, &s));
    struct configuration *to = &sweep->scenarios.configurations[s];
    for (size_t a = 0; a < sweep->axis_count; a++) {
        TRY(parameter_set_value(&to->parameters, sweep->axes[a].row,
                                sweep->coordinates[point * sweep->axis_count + a]));
    }
    TRY(configuration_resolve_sites(to));
    TRY(rules_check(to));
    if (to->site_count != base->site_count) {
        FAIL(ERROR_INPUT, "sweep: %s: changes the number of sites", name);
    }
out:
    return status;
}

/* A parameter that is uncertain has a value of its own in every set of parameters. */
static int check_known(const struct sweep *sweep, const struct configuration *base)
{
    for (size_t a = 0; a < sweep->axis_count; a++) {
        const struct uncertain_parameter *u = uncertain_find(base, sweep->axes[a].row);
        if (u != NULL) {
            return error_set(ERROR_INPUT,
                             "--vary: %s: is declared uncertain (%s): a parameter is either swept "
                             "or uncertain",
                             u->row->name, u->where);
        }
    }
    return 0;
}

int sweep_make(struct sweep *sweep, const struct configuration *base)
{
    int status = 0;
    TRY(check_known(sweep, base));
    if (sweep->axis_count == 0) {
        return error_set(ERROR_INPUT, "sweep: nothing to sweep over: give --vary key=range or a "
                                      "`sweep:` list in the configuration");
    }
    if (sweep->design == SWEEP_GRID) {
        sweep->points = 1;
        for (size_t a = 0; a < sweep->axis_count && sweep->points <= MOST_POINTS; a++) {
            sweep->points *= sweep->axes[a].count > 0 ? sweep->axes[a].count : 1;
        }
    }
    if (sweep->points > MOST_POINTS) {
        return error_set(ERROR_INPUT, "sweep: more than %d points", (int)MOST_POINTS);
    }
    scenarios_init(&sweep->scenarios, base);
    sweep->coordinates = calloc(sweep->points * sweep->axis_count, sizeof *sweep->coordinates);
    if (sweep->coordinates == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu points", sweep->points);
    }
    if (sweep->design == SWEEP_GRID) {
        TRY(fill_grid(sweep));
    } else if (sweep->design == SWEEP_SOBOL) {
        TRY(fill_sobol(sweep));
    } else {
        fill_latin_hypercube(sweep, base->parameters.run.seed);
    }
    for (size_t point = 0; point < sweep->points; point++) {
        TRY(add_point(sweep, base, point));
    }
out:
    return status;
}

void sweep_free(struct sweep *sweep)
{
    free(sweep->coordinates);
    scenarios_free(&sweep->scenarios);
    *sweep = (struct sweep){0};
}
