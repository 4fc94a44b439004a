/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /pathways, /groups and /course
 */
#include "results_writer_private.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>

enum { QUANTILES = 5 };
static const double quantiles[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

static const struct column_text group_columns[SUM_PATHWAY] = {
    {"offered", "person", "People ever offered a referral."},
    {"accepted_first", "person", "People who accepted their first offer."},
    {"accepted", "person", "People who ever accepted."},
    {"taken_up", "person", "People who ever took up at an opening contact."},
    {"seen", "person", "People who ever attended a session."},
    {"connected", "person", "People ever connected through the link worker."},
    {"any_connection", "person", "People ever connected through the link worker or on their own."},
    {"sessions", "session", "Sessions attended."},
    {"opened", "person", "People who had an opening contact."},
    {"waited_weeks", "week", "Weeks from acceptance to it, added up."},
    {"followed_39_weeks", "person",
     "People seen whose 39 weeks after the first session lie in the run."},
    {"swemwbs_change", "SWEMWBS point",
     "Their observed change of SWEMWBS over those weeks, added up (not an effect)."},
    {"trust_last_session", "1", "Trust just after the last session, added up over people seen."},
    {"contrast_persons", "person", "People compared with the paired run without link workers."},
    {"contrast_swemwbs", "SWEMWBS point",
     "Mean weekly SWEMWBS with minus without link workers, added up."},
    {"contrast_gp_with", "1",
     "GP consultations in the 52 weeks from the first session, people seen."},
    {"contrast_gp_without", "1",
     "The same people in the same weeks of the paired run without link workers."},
    {"consultations", "1", "GP consultations since the first offer."},
    {"consultations_without", "1",
     "The same people's in the paired run without link workers; 0 if there was none."},
    {"swemwbs_discounted", "SWEMWBS point-week",
     "Weekly SWEMWBS since the first offer, discounted and added up."},
    {"swemwbs_discounted_without", "SWEMWBS point-week",
     "The same people's in the paired run without link workers; 0 if there was none."}};

static void stratum_name(int stratum, const char **name)
{
    if (stratum == STRATUM_ALL) {
        *name = "all_seen";
    } else if (stratum < STRATUM_NEVER_CONNECTED) {
        *name = pathway_names[stratum - STRATUM_PATHWAY];
    } else {
        *name = stratum == STRATUM_NEVER_CONNECTED ? "never_connected" : "money_need";
    }
}

static int define_pathways(struct results_writer *w)
{
    int status = 0;
    TRY(results_file_group(w->file, "/pathways", "How many people travelled each pathway."));
    TRY(define_scenario(w, "/pathways"));
    TRY(define_replicate(w, "/pathways"));
    TRY(define_sites(w, "/pathways"));
    TRY(define_labels(w, "/pathways", "pathway", "Pathway.", PATHWAY_COUNT, pathway_names));
    TRY(results_file_dataset(
        w->file, &(struct dataset_description){
                     .group = "/pathways",
                     .name = "persons",
                     .units = "person",
                     .long_name = "People ever offered a referral, by the pathway they travelled.",
                     .type = RESULTS_INT32,
                     .rank = 4,
                     .dimensions = {"scenario", "replicate", "site", "pathway"},
                     .chunk = {1, 1, 0, 0},
                     .is_stream = true}));
out:
    return status;
}

static int define_groups(struct results_writer *w)
{
    int status = 0;
    const int groups = group_count(w->sites);
    char texts[GROUP_COUNT][GROUP_NAME_SIZE];
    const char *names[GROUP_COUNT];
    for (int g = 0; g < groups; g++) {
        group_name(g, texts[g]);
        names[g] = texts[g];
    }
    TRY(results_file_group(w->file, "/groups",
                           "People and sums by group; a share is their ratio."));
    TRY(define_scenario(w, "/groups"));
    TRY(define_replicate(w, "/groups"));
    TRY(define_labels(w, "/groups", "group",
                      "Group of people; barriers are those of the starting population.",
                      (size_t)groups, names));
    TRY(define_labels(w, "/groups", "pathway", "Pathway.", PATHWAY_COUNT, pathway_names));
    for (int c = 0; c < SUM_PATHWAY; c++) {
        TRY(results_file_dataset(
            w->file, &(struct dataset_description){.group = "/groups",
                                                   .name = group_columns[c].name,
                                                   .units = group_columns[c].unit,
                                                   .long_name = group_columns[c].meaning,
                                                   .type = RESULTS_FLOAT64,
                                                   .rank = 3,
                                                   .dimensions = {"scenario", "replicate", "group"},
                                                   .chunk = {1, 0, 0}}));
    }
    TRY(results_file_dataset(
        w->file,
        &(struct dataset_description){.group = "/groups",
                                      .name = "persons",
                                      .units = "person",
                                      .long_name = "People ever offered a referral, by pathway.",
                                      .type = RESULTS_FLOAT64,
                                      .rank = 4,
                                      .dimensions = {"scenario", "replicate", "group", "pathway"},
                                      .chunk = {1, 0, 0, 0}}));
out:
    return status;
}

static int course_dataset(struct results_writer *w, const char *name, const char *units,
                          const char *meaning, size_t rank, const char *const *dimensions)
{
    struct dataset_description d = {.group = "/course",
                                    .name = name,
                                    .units = units,
                                    .long_name = meaning,
                                    .type = RESULTS_FLOAT32,
                                    .rank = rank,
                                    .chunk = {1, 0},
                                    .has_fill = true,
                                    .fill = NAN};
    for (size_t i = 0; i < rank; i++) {
        d.dimensions[i] = dimensions[i];
    }
    return results_file_dataset(w->file, &d);
}

static int define_course(struct results_writer *w)
{
    static const char *const by_lag[] = {"scenario", "replicate", "stratum", "lag"};
    static const char *const means[] = {"scenario", "replicate", "stratum", "measure", "lag"};
    static const char *const bands[] = {"scenario",     "replicate", "stratum",
                                        "band_measure", "lag",       "quantile"};
    int status = 0;
    const char *strata[STRATUM_COUNT];
    for (int s = 0; s < STRATUM_COUNT; s++) {
        stratum_name(s, &strata[s]);
    }
    int32_t lags[LAG_COUNT];
    for (int n = 0; n < LAG_COUNT; n++) {
        lags[n] = lag_weeks[n];
    }
    TRY(results_file_group(w->file, "/course",
                           "Course of people seen, from just before the first session (lag 0)."));
    TRY(define_scenario(w, "/course"));
    TRY(define_replicate(w, "/course"));
    TRY(define_labels(w, "/course", "stratum", "Which of the people seen.", STRATUM_COUNT, strata));
    TRY(define_labels(w, "/course", "measure", "Measure.", MEASURE_COUNT, measure_names));
    TRY(define_labels(w, "/course", "band_measure", "Measure whose quantiles are kept.",
                      BAND_MEASURES, measure_names));
    TRY(results_file_dimension(
        w->file, &(struct dimension_description){.group = "/course",
                                                 .name = "lag",
                                                 .units = "week",
                                                 .long_name = "Weeks after the first session.",
                                                 .size = LAG_COUNT,
                                                 .type = RESULTS_INT32,
                                                 .values = lags}));
    TRY(results_file_dimension(w->file,
                               &(struct dimension_description){.group = "/course",
                                                               .name = "quantile",
                                                               .units = "1",
                                                               .long_name = "Quantile over people.",
                                                               .size = QUANTILES,
                                                               .type = RESULTS_FLOAT64,
                                                               .values = quantiles}));
    TRY(course_dataset(w, "persons", "person", "People seen whose week lies within the run.", 4,
                       by_lag));
    TRY(course_dataset(w, "mean", "1",
                       "Mean over people; index from 0 to 1, SWEMWBS in points from 7 to 35.", 5,
                       means));
    TRY(course_dataset(w, "band", "1",
                       "Quantiles over people, from a histogram of 64 bins; units as for mean.", 6,
                       bands));
out:
    return status;
}

int groups_define(struct results_writer *w)
{
    int status = 0;
    TRY(define_pathways(w));
    TRY(define_groups(w));
    TRY(define_course(w));
out:
    return status;
}

int groups_add_site(struct results_writer *w, const struct piece *piece)
{
    int32_t persons[PATHWAY_COUNT];
    for (int p = 0; p < PATHWAY_COUNT; p++) {
        persons[p] = (int32_t)piece->tally->groups[GROUP_ALL][SUM_PATHWAY + p];
    }
    const size_t start[] = {piece->scenario, piece->replicate, piece->site, 0};
    const size_t count[] = {1, 1, 1, PATHWAY_COUNT};
    return results_file_write(w->file, "/pathways/persons", start, count, persons);
}

static int write_groups(struct results_writer *w, size_t scenario, size_t replicate)
{
    int status = 0;
    const struct tally *t = w->results->replicate;
    const size_t groups = (size_t)group_count(w->sites);
    const size_t start[] = {scenario, replicate, 0, 0};
    const size_t count[] = {1, 1, groups, PATHWAY_COUNT};
    double values[GROUP_COUNT * PATHWAY_COUNT];
    for (int c = 0; c < SUM_PATHWAY; c++) {
        char path[64];
        for (size_t g = 0; g < groups; g++) {
            values[g] = t->groups[g][c];
        }
        (void)snprintf(path, sizeof path, "/groups/%s", group_columns[c].name);
        TRY(results_file_write(w->file, path, start, count, values));
    }
    for (size_t g = 0; g < groups; g++) {
        for (size_t p = 0; p < PATHWAY_COUNT; p++) {
            values[g * PATHWAY_COUNT + p] = t->groups[g][SUM_PATHWAY + p];
        }
    }
    TRY(results_file_write(w->file, "/groups/persons", start, count, values));
out:
    return status;
}

/* Quantile of a histogram, linear within its bins. */
static float band_quantile(const uint32_t *bins, double persons, double q, int measure)
{
    double before = 0.0;
    const double wanted = q * persons;
    for (int b = 0; b < BAND_BINS; b++) {
        if (bins[b] > 0 && before + bins[b] >= wanted) {
            const double position = (b + (wanted - before) / bins[b]) / BAND_BINS;
            return (float)(band_low(measure) + position * (band_high(measure) - band_low(measure)));
        }
        before += bins[b];
    }
    return NAN;
}

static int write_course(struct results_writer *w, size_t scenario, size_t replicate)
{
    int status = 0;
    const size_t start[] = {scenario, replicate, 0, 0, 0, 0};
    for (size_t s = 0; s < STRATUM_COUNT; s++) {
        const struct course *course = &w->results->replicate->courses[s];
        float persons[LAG_COUNT], mean[MEASURE_COUNT][LAG_COUNT];
        float band[BAND_MEASURES][LAG_COUNT][QUANTILES];
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            const double n = course->persons[lag];
            persons[lag] = (float)n;
            for (int m = 0; m < MEASURE_COUNT; m++) {
                mean[m][lag] = n > 0.0 ? (float)(course->sum[lag][m] / n) : NAN;
            }
            for (int m = 0; m < BAND_MEASURES; m++) {
                for (int q = 0; q < QUANTILES; q++) {
                    band[m][lag][q] = band_quantile(course->bins[lag][m], n, quantiles[q], m);
                }
            }
        }
        size_t at[] = {start[0], start[1], s, 0, 0, 0};
        const size_t persons_count[] = {1, 1, 1, LAG_COUNT};
        const size_t mean_count[] = {1, 1, 1, MEASURE_COUNT, LAG_COUNT};
        const size_t band_count[] = {1, 1, 1, BAND_MEASURES, LAG_COUNT, QUANTILES};
        TRY(results_file_write(w->file, "/course/persons", at, persons_count, persons));
        TRY(results_file_write(w->file, "/course/mean", at, mean_count, mean));
        TRY(results_file_write(w->file, "/course/band", at, band_count, band));
    }
out:
    return status;
}

int groups_add_replicate(struct results_writer *w, size_t scenario, size_t replicate)
{
    int status = 0;
    TRY(write_groups(w, scenario, replicate));
    TRY(write_course(w, scenario, replicate));
out:
    return status;
}
