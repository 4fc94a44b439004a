/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: the course after the first session, wellbeing, endings
 */
#include "outcome_emitter.h"

#include <math.h>

static const char *const after_text =
    "Mean at the end of that week after the first session over everyone ever seen; week 0: just "
    "before the first session; people whose week lies after the run are left out.";
static const char *const never_text = "Mean at the end of that week after the first session over "
                                      "people seen who never connected in any way by "
                                      "the end of the run; week 0: just before the first session.";
static const char *const a_text = "Mean at the end of that week after the first session over "
                                  "people on pathway a; week 0: just before the first session.";
static const char *const c_text = "Mean at the end of that week after the first session over "
                                  "people on pathway c; week 0: just before the first session.";
static const char *const money_text =
    "Mean at the end of that week after the first session over people seen with a financial need "
    "at the start; week 0: just before the first session.";
static const char *const contrast_text =
    "Mean at the end of that week after the first session over people seen who never connected in "
    "any "
    "way by the end of the run: with minus without link workers, the same people in the same week.";

static const char *unit_of(int measure)
{
    return measure == MEASURE_SWEMWBS ? "SWEMWBS point" : "index 0-1";
}

static void at_lag(struct emitter *e, int stratum, int measure, int lag, const char *text,
                   const char *prefix)
{
    const struct course *course = &e->tally->courses[stratum];
    emit(e, share(course->sum[lag][measure], course->persons[lag]), unit_of(measure), text,
         "%s.%s.week%d", prefix, measure_names[measure], lag_weeks[lag]);
}

static void courses(struct emitter *e)
{
    static const int measures[] = {MEASURE_TRUST, MEASURE_HOPE, MEASURE_STRESS, MEASURE_SWEMWBS};
    static const int weeks[] = {0, 13, 26, 52};
    for (int m = 0; m < MEASURE_COUNT; m++) {
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            at_lag(e, STRATUM_ALL, m, lag, after_text, "after_first_session");
        }
    }
    for (int m = 0; m < 4; m++) {
        for (int w = 0; w < 4; w++) {
            const int lag = lag_index(weeks[w]);
            at_lag(e, STRATUM_NEVER_CONNECTED, measures[m], lag, never_text, "never_connected");
            at_lag(e, STRATUM_PATHWAY + PATHWAY_C_CONNECTING_WITH, measures[m], lag, c_text,
                   "pathway_c");
        }
    }
    for (int w = 0; w < 4; w++) {
        at_lag(e, STRATUM_MONEY_NEED, MEASURE_STRESS, lag_index(weeks[w]), money_text,
               "money_need");
    }
}

/* Wanting to and being able to, of those who connect at once and those who do not. */
static void motivation_and_capacity(struct emitter *e)
{
    static const int measures[] = {MEASURE_MOTIVATION, MEASURE_CAPACITY};
    static const int weeks[] = {0, 13, 26, 52};
    for (int m = 0; m < 2; m++) {
        for (int w = 0; w < 4; w++) {
            const int lag = lag_index(weeks[w]);
            at_lag(e, STRATUM_PATHWAY + PATHWAY_A_RAPID, measures[m], lag, a_text, "pathway_a");
            at_lag(e, STRATUM_PATHWAY + PATHWAY_C_CONNECTING_WITH, measures[m], lag, c_text,
                   "pathway_c");
        }
    }
}

static void contrasts(struct emitter *e)
{
    static const int measures[] = {MEASURE_TRUST, MEASURE_HOPE, MEASURE_STRESS, MEASURE_SWEMWBS};
    static const int weeks[] = {13, 26, 52};
    const struct sums *s = &e->tally->sums;
    const double none = __builtin_nan("");
    for (int m = 0; m < 4; m++) {
        for (int w = 0; w < 3; w++) {
            const int lag = lag_index(weeks[w]), measure = measures[m];
            const double persons = e->tally->courses[STRATUM_NEVER_CONNECTED].persons[lag];
            const double sum = s->contrast_never_connected[lag][measure];
            emit(e, e->tally->has_contrast ? share(sum, persons) : none, unit_of(measure),
                 contrast_text, "contrast.never_connected.%s.week%d", measure_names[measure],
                 weeks[w]);
        }
    }
    emit(
        e, e->tally->has_contrast ? share(s->contrast_swemwbs_closed, s->closings) : none,
        "SWEMWBS point",
        "SWEMWBS four weeks after the latest closing, people still closed then: with minus without "
        "link workers, the same people in the same week.",
        "contrast.swemwbs_4_weeks_after_ending");
}

static void wellbeing_of_seen(struct emitter *e)
{
    const struct sums *s = &e->tally->sums;
    const double seen = e->tally->groups[GROUP_ALL][SUM_SEEN];
    const double mean = share(s->first_swemwbs, seen);
    const double variance = share(s->first_swemwbs_squared, seen) - mean * mean;
    emit(e, mean, "SWEMWBS point", "SWEMWBS just before the first session, mean over people seen.",
         "swemwbs.at_first_session");
    emit(e, sqrt(variance > 0.0 ? variance : 0.0), "SWEMWBS point",
         "SWEMWBS just before the first session, standard deviation over people seen.",
         "swemwbs.sd_at_first_session");
    emit(e, share(s->late_change, s->late_change_persons), "SWEMWBS point",
         "Observed change from just before the first session to 39 to 52 weeks after it (not an "
         "effect).",
         "swemwbs.change_at_9_to_12_months");
    emit(e, share(s->late_isolation_change, s->late_change_persons), "index",
         "Observed change of isolation from just before the first session to 39 weeks after it.",
         "isolation.change_at_9_months");
}

static void endings(struct emitter *e)
{
    const struct sums *s = &e->tally->sums;
    const double taken_up = e->tally->groups[GROUP_ALL][SUM_TAKEN_UP];
    emit(e, share(s->disengaged_of_taken_up, taken_up), "share",
         "People on pathway disengaged, of those who took up.", "disengaged.share_of_taken_up");
    emit(e, share(s->ever_disengaged, taken_up), "share",
         "People who ever dropped out, of those who took up.", "disengaged.ever_share_of_taken_up");
    emit(e, share(s->closing_stress, s->closings), "index 0-1",
         "Stress four weeks after the latest closing, people still closed then.",
         "ending.stress_4_weeks_after");
    emit(e, share(s->closing_hope, s->closings), "index 0-1",
         "Hope four weeks after the latest closing, people still closed then.",
         "ending.hope_4_weeks_after");
    emit(e, share(s->closing_hope_change, s->closings), "index",
         "Hope four weeks after the latest closing minus hope just before it.",
         "ending.hope_change_over_ending");
    emit(e, share(s->closing_wellbeing_change, s->closings), "SWEMWBS point",
         "SWEMWBS four weeks after the latest closing minus SWEMWBS just before it.",
         "ending.swemwbs_change_over_ending");
    emit(e, share(s->ever_returned, s->ever_closed), "share",
         "People who came back by the known way back, of those ever closed.",
         "ending.returned_share_of_closed");
}

void emit_course(struct emitter *e)
{
    courses(e);
    motivation_and_capacity(e);
    contrasts(e);
    wellbeing_of_seen(e);
    endings(e);
}
