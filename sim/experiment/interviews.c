/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/interviews.h"

#include "base/error.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

/* Table 2 of the study: of 84 people 49 were interviewed only, 23 observed only, 12 both. */
enum { OBSERVED_ONLY = 23, BOTH = 12 };

enum { STATISTICS = PATHWAY_COUNT + 3, OF_PARTICIPANTS = PATHWAY_COUNT, OF_TRUST, OF_CHANGE };

struct candidate {
    double rank;
    const struct person *person;
};

static int by_rank(const void *a, const void *b)
{
    const double x = ((const struct candidate *)a)->rank, y = ((const struct candidate *)b)->rank;
    return (x > y) - (x < y);
}

/* One study: statistics of those with the smallest ranks E / w. */
static void draw_once(const struct interviews *s, struct candidate *candidates, size_t count,
                      struct random_stream *stream, double exponent, double *statistics)
{
    double trust = 0.0, change = 0.0, followed = 0.0, b = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double weight = pow((double)candidates[i].person->trust, exponent);
        candidates[i].rank = -log(random_open_uniform(stream)) / weight;
    }
    qsort(candidates, count, sizeof *candidates, by_rank);
    for (int p = 0; p < STATISTICS; p++) {
        statistics[p] = 0.0;
    }
    for (int n = 0; n < s->participants; n++) {
        const struct person *person = candidates[n].person;
        b += person->pathway == PATHWAY_B_ANCHORED;
        if (n < s->interviewees) {
            statistics[person->pathway] += 1.0 / s->interviewees;
            trust += (double)person->trust / s->interviewees;
            if (person->is_followed && followed < s->followed_up) {
                change += (double)person->change;
                followed += 1.0;
            }
        }
    }
    statistics[OF_PARTICIPANTS] = b / s->participants;
    statistics[OF_TRUST] = trust;
    statistics[OF_CHANGE] = followed > 0.0 ? change / followed : NAN;
}

/* The same statistics of everyone seen or, with `all`, of everyone offered. */
static void truth(const struct person *persons, size_t count, bool all, double *statistics)
{
    double n = 0.0, followed = 0.0;
    for (int p = 0; p < STATISTICS; p++) {
        statistics[p] = 0.0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!all && !persons[i].is_seen) {
            continue;
        }
        n += 1.0;
        statistics[persons[i].pathway] += 1.0;
        statistics[OF_TRUST] += (double)persons[i].trust;
        if (persons[i].is_followed) {
            statistics[OF_CHANGE] += (double)persons[i].change;
            followed += 1.0;
        }
    }
    statistics[OF_PARTICIPANTS] = statistics[PATHWAY_B_ANCHORED];
    for (int p = 0; p < OF_CHANGE; p++) {
        statistics[p] /= n;
    }
    statistics[OF_CHANGE] = followed > 0.0 ? statistics[OF_CHANGE] / followed : NAN;
}

static struct interview_estimate *estimate_at(struct interviews *s, int statistic)
{
    return statistic < PATHWAY_COUNT      ? &s->pathway[statistic]
           : statistic == OF_PARTICIPANTS ? &s->participants_b
           : statistic == OF_TRUST        ? &s->trust
                                          : &s->change;
}

static void summarise(struct interviews *s, double *values, size_t count)
{
    for (int p = 0; p < STATISTICS; p++) {
        struct interview_estimate *e = estimate_at(s, p);
        double *column = &values[(size_t)p * count];
        gsl_sort(column, 1, count);
        e->mean = gsl_stats_mean(column, 1, count);
        e->low = gsl_stats_quantile_from_sorted_data(column, 1, count, 0.025);
        e->high = gsl_stats_quantile_from_sorted_data(column, 1, count, 0.975);
    }
}

static int draw_replicate(struct interviews *s, const struct people *people, size_t r,
                          const struct parameters *k, double *values, size_t count)
{
    int status = 0;
    const struct person *persons = &people->persons[people->starts[r]];
    const size_t n = people->starts[r + 1] - people->starts[r];
    struct candidate *candidates = malloc((n + 1) * sizeof *candidates);
    size_t seen = 0;
    if (candidates == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the people to interview");
    }
    for (size_t i = 0; i < n; i++) {
        if (persons[i].is_seen && persons[i].trust > 0.0f) {
            candidates[seen++].person = &persons[i];
        }
    }
    if (seen < (size_t)s->participants) {
        FAIL(ERROR_INPUT,
             "only %zu people were seen in replicate %zu: a study of %d cannot be drawn", seen, r,
             s->participants);
    }
    const struct random_key key = {.seed = (uint32_t)k->run.seed, .replicate = (uint32_t)r};
    for (size_t d = 0; d < s->draws; d++) {
        double statistics[STATISTICS];
        struct random_stream stream = random_open(&key, (uint32_t)d, 1, PURPOSE_INTERVIEW);
        draw_once(s, candidates, seen, &stream, k->study.trust_exponent, statistics);
        for (int p = 0; p < STATISTICS; p++) {
            values[(size_t)p * count + r * s->draws + d] = statistics[p];
        }
    }
    double of_seen[STATISTICS], of_all[STATISTICS];
    truth(persons, n, false, of_seen);
    truth(persons, n, true, of_all);
    for (int p = 0; p < STATISTICS; p++) {
        estimate_at(s, p)->seen += of_seen[p] / (double)people->replicates;
        estimate_at(s, p)->offered += of_all[p] / (double)people->replicates;
    }
out:
    free(candidates);
    return status;
}

int interviews_draw(struct interviews *s, const struct people *people, const struct parameters *k,
                    size_t draws)
{
    int status = 0;
    const size_t count = people->replicates * draws;
    double *values = malloc(STATISTICS * count * sizeof *values);
    *s = (struct interviews){.draws = draws,
                             .interviewees = k->study.interviewees,
                             .followed_up = k->study.followed_up,
                             .observed = OBSERVED_ONLY + BOTH,
                             .participants = k->study.interviewees + OBSERVED_ONLY};
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu draws", count);
    }
    for (size_t r = 0; r < people->replicates; r++) {
        TRY(draw_replicate(s, people, r, k, values, count));
    }
    summarise(s, values, count);
out:
    free(values);
    return status;
}

static void print_line(FILE *stream, const char *name, const struct interview_estimate *e,
                       bool share)
{
    const double scale = share ? 100.0 : 1.0;
    (void)fprintf(stream, "  %-26s %7.2f (%6.2f to %6.2f)   %7.2f   %7.2f     %+7.2f\n", name,
                  scale * e->mean, scale * e->low, scale * e->high, scale * e->seen,
                  scale * e->offered, scale * (e->mean - e->seen));
}

void interviews_print(FILE *stream, const struct interviews *s)
{
    (void)fprintf(
        stream,
        "The study in silico: %d interviewed, %d of them re-interviewed, %d observed, %d people "
        "in all, %zu draws in each replicate\n\n"
        "  %-26s %-27s  everyone  everyone  interviewees\n"
        "  %-26s %-27s  seen      offered   minus seen\n",
        s->interviewees, s->followed_up, s->observed, s->participants, s->draws, "",
        "interviewees (95 % range)", "", "");
    (void)fputs("  share on each pathway, %\n", stream);
    for (int p = 0; p < PATHWAY_COUNT; p++) {
        print_line(stream, pathway_names[p], &s->pathway[p], true);
    }
    print_line(stream, "b_anchored, all 84", &s->participants_b, true);
    (void)fputs("  index or points\n", stream);
    print_line(stream, "trust, last session", &s->trust, false);
    print_line(stream, "SWEMWBS change, observed", &s->change, false);
    (void)fputs(
        "\nThe range is what the same study could have found by chance; the last column is what "
        "invitation by link workers distorts.\n",
        stream);
}
