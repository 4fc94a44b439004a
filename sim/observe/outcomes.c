/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/outcomes.h"

#include "base/error.h"
#include "outcome_emitter.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct outcome_list *list)
{
    if (list->count < list->room) {
        return true;
    }
    const size_t room = list->room == 0 ? 512 : 2 * list->room;
    struct outcome *larger = realloc(list->outcomes, room * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    list->outcomes = larger;
    list->room = room;
    return true;
}

void emit(struct emitter *emitter, double value, const char *unit, const char *definition,
          const char *name, ...)
{
    if (emitter->values != NULL) {
        emitter->values[emitter->count++] = value;
        return;
    }
    if (!make_room(emitter->names)) {
        emitter->failed = true;
        return;
    }
    struct outcome *outcome = &emitter->names->outcomes[emitter->names->count++];
    *outcome = (struct outcome){.unit = unit, .definition = definition};
    va_list arguments;
    va_start(arguments, name);
    (void)vsnprintf(outcome->name, sizeof outcome->name, name, arguments);
    va_end(arguments);
}

static uint64_t histogram_count(const uint32_t *bins)
{
    uint64_t n = 0;
    for (size_t b = 0; b < WEEK_BINS; b++) {
        n += bins[b];
    }
    return n;
}

double histogram_mean(const uint32_t *bins)
{
    double sum = 0.0;
    for (size_t b = 0; b < WEEK_BINS; b++) {
        sum += (double)b * bins[b];
    }
    return share(sum, (double)histogram_count(bins));
}

/* The value of the order statistic `rank`, counted from 0. */
static double order_statistic(const uint32_t *bins, uint64_t rank)
{
    uint64_t before = 0;
    for (size_t b = 0; b < WEEK_BINS; b++) {
        before += bins[b];
        if (rank < before) {
            return (double)b;
        }
    }
    return WEEK_BINS - 1;
}

double histogram_quantile(const uint32_t *bins, double q)
{
    const uint64_t n = histogram_count(bins);
    if (n == 0) {
        return __builtin_nan("");
    }
    const double h = (double)(n - 1) * q;
    const uint64_t below = (uint64_t)h;
    const double low = order_statistic(bins, below);
    const double high = order_statistic(bins, below + 1 < n ? below + 1 : below);
    return low + (h - (double)below) * (high - low);
}

static void emit_all(struct emitter *emitter)
{
    emit_enrolment(emitter);
    emit_pathways(emitter);
    emit_course(emitter);
    emit_use(emitter);
    emit_service(emitter);
    emit_value(emitter);
}

int outcome_list_init(struct outcome_list *list, const struct parameters *parameters, size_t sites)
{
    *list = (struct outcome_list){0};
    struct tally *empty = calloc(1, sizeof *empty);
    struct emitter emitter = {
        .tally = empty, .parameters = parameters, .sites = sites, .names = list};
    if (empty != NULL) {
        emit_all(&emitter);
    }
    free(empty);
    if (empty == NULL || emitter.failed) {
        outcome_list_free(list);
        return error_set(ERROR_MEMORY, "no memory for the list of outcomes");
    }
    return 0;
}

void outcome_list_free(struct outcome_list *list)
{
    free(list->outcomes);
    *list = (struct outcome_list){0};
}

size_t outcome_find(const struct outcome_list *list, const char *name)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->outcomes[i].name, name) != 0) {
        i++;
    }
    return i;
}

void outcomes_compute(const struct tally *tally, const struct parameters *parameters, size_t sites,
                      double *values)
{
    struct emitter emitter = {
        .tally = tally, .parameters = parameters, .sites = sites, .values = values};
    emit_all(&emitter);
}
