/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/summary.h"

#include "base/words.h"

#include <math.h>

/* How a value is shown: as a percentage or with so many decimals. */
enum scale { PERCENT, WHOLE, ONE_DECIMAL, TWO_DECIMALS };

struct line {
    const char *text;
    const char *outcome;
    enum scale scale;
    const char *unit;
};

static const struct line funnel[] = {
    {"accepted", "funnel.accepted_share_of_offered", PERCENT, "of those offered"},
    {"took up at the opening contact", "funnel.taken_up_share_of_accepted", PERCENT,
     "of those who accepted"},
    {"seen at a session", "funnel.seen_share_of_accepted", PERCENT, "of those who accepted"},
    {"seen three times or more", "funnel.three_sessions_share_of_accepted", PERCENT,
     "of those who accepted"},
    {"connected through the link worker", "funnel.connected_share_of_accepted", PERCENT,
     "of those who accepted"},
    {NULL, NULL, PERCENT, NULL}};

static const struct line pathways[] = {
    {"a  rapid connection", "pathway_of_engaged.all.a_rapid", PERCENT, ""},
    {"b  connection after long anchoring", "pathway_of_engaged.all.b_anchored", PERCENT, ""},
    {"c  connecting with, not to", "pathway_of_engaged.all.c_connecting_with", PERCENT, ""},
    {"-  support of their own", "pathway_of_engaged.all.own_support", PERCENT, ""},
    {"-  dropped out before connecting", "pathway_of_engaged.all.disengaged", PERCENT, ""},
    {"-  brief contact so far", "pathway_of_engaged.all.brief", PERCENT, ""},
    {NULL, NULL, PERCENT, NULL}};

static const struct line service[] = {
    {"wait for the opening contact", "wait.weeks_mean", ONE_DECIMAL, "weeks, mean"},
    {"on the waiting list", "service.waiting_list", ONE_DECIMAL, "people a site"},
    {"caseload", "service.caseload", ONE_DECIMAL, "people a link worker"},
    {"session length", "service.minutes_per_session", ONE_DECIMAL, "minutes"},
    {"sessions", "sessions.mean_of_seen", ONE_DECIMAL, "a person seen, mean"},
    {"seen", "service.seen_per_link_worker_year", WHOLE, "people a link worker and year"},
    {"VCSE places in use", "service.place_occupancy", PERCENT, "of all places"},
    {NULL, NULL, PERCENT, NULL}};

static const struct line observed[] = {
    {"trust, first session to a year later", "after_first_session.trust.week52", TWO_DECIMALS,
     "after a year (0 to 1)"},
    {"SWEMWBS change over 9 to 12 months", "swemwbs.change_at_9_to_12_months", TWO_DECIMALS,
     "points"},
    {"GP consultations, year after against before", "gp.change_after_vs_before", PERCENT, ""},
    {NULL, NULL, PERCENT, NULL}};

static const struct line effects[] = {
    {"SWEMWBS, people offered", "contrast.swemwbs_mean_difference_all_offered", TWO_DECIMALS,
     "points, mean over the weeks from the offer"},
    {"SWEMWBS, people seen", "contrast.swemwbs_mean_difference_seen", TWO_DECIMALS,
     "points, mean over the weeks from the offer"},
    {"GP consultations, people seen", "contrast.gp_change_among_seen", PERCENT,
     "in the year from the first session"},
    {NULL, NULL, PERCENT, NULL}};

static void print_number(FILE *stream, double value, enum scale scale)
{
    static const int decimals[] = {1, 0, 1, 2};
    if (isfinite(value)) {
        (void)fprintf(stream, "%.*f", decimals[scale], scale == PERCENT ? 100.0 * value : value);
    } else {
        (void)fputs("-", stream);
    }
}

static void print_lines(FILE *stream, const struct results *results, const struct line *lines)
{
    for (const struct line *line = lines; line->text != NULL; line++) {
        const struct estimate e = results_named(results, 0, line->outcome);
        (void)fprintf(stream, "  %-45s", line->text);
        print_number(stream, e.mean, line->scale);
        (void)fputs(line->scale == PERCENT ? " %" : "", stream);
        if (e.replicates > 1) {
            (void)fputs("  (", stream);
            print_number(stream, e.low, line->scale);
            (void)fputs(" to ", stream);
            print_number(stream, e.high, line->scale);
            (void)fputs(")", stream);
        }
        (void)fprintf(stream, "  %s\n", line->unit);
    }
}

static void print_head(FILE *stream, const struct results *results,
                       const struct configuration *configuration)
{
    const struct parameters *k = &configuration->parameters;
    const struct estimate offered = results_named(results, 0, "funnel.offered");
    (void)fprintf(stream, "\n%s\n", configuration->title[0] ? configuration->title : "Run");
    (void)fprintf(stream, "%zu site%s, %d week%s, %d replicate%s, seed %d, %s mode\n",
                  configuration->site_count, plural(configuration->site_count), k->run.weeks,
                  plural((size_t)k->run.weeks), k->run.replicates,
                  plural((size_t)k->run.replicates), k->run.seed,
                  k->run.mode == RUN_MODE_COHORT ? "cohort" : "registered");
    (void)fprintf(stream, "%s\n\n",
                  k->run.replicates > 1
                      ? "In brackets: 95 % interval of the mean over replicates."
                      : "One replicate: no intervals; set run.replicates to see uncertainty.");
    (void)fprintf(stream, "Of %.0f people offered a referral\n", offered.mean);
}

void summary_print(FILE *stream, const struct results *results,
                   const struct configuration *configuration)
{
    print_head(stream, results, configuration);
    print_lines(stream, results, funnel);
    (void)fputs("\nPathways of those who took up\n", stream);
    print_lines(stream, results, pathways);
    (void)fputs("\nService\n", stream);
    print_lines(stream, results, service);
    (void)fputs("\nObserved in those seen (before and after: not an effect)\n", stream);
    print_lines(stream, results, observed);
    const struct estimate contrast =
        results_named(results, 0, "contrast.swemwbs_mean_difference_all_offered");
    if (contrast.replicates > 0) {
        (void)fputs("\nEffect: against the same people without link workers\n", stream);
        print_lines(stream, results, effects);
    }
    (void)fputs("\n", stream);
}

static void print_json_number(FILE *stream, const char *key, double value)
{
    if (isfinite(value)) {
        (void)fprintf(stream, "\"%s\": %.17g, ", key, value);
    } else {
        (void)fprintf(stream, "\"%s\": null, ", key);
    }
}

void summary_json(FILE *stream, const struct results *results, size_t scenario)
{
    (void)fputs("{\n", stream);
    for (size_t i = 0; i < results->list.count; i++) {
        const struct estimate e = results_estimate(results, scenario, i);
        (void)fprintf(stream, "  \"%s\": {", results->list.outcomes[i].name);
        print_json_number(stream, "mean", e.mean);
        print_json_number(stream, "standard_error", e.standard_error);
        print_json_number(stream, "low", e.low);
        print_json_number(stream, "high", e.high);
        (void)fprintf(stream, "\"replicates\": %zu, \"unit\": \"%s\"}%s\n", e.replicates,
                      results->list.outcomes[i].unit, i + 1 < results->list.count ? "," : "");
    }
    (void)fputs("}\n", stream);
}
