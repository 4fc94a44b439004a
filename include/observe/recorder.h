/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_RECORDER_H
#define BUYIN_OBSERVE_RECORDER_H

#include "base/arena.h"
#include "state/site.h"

/** What is written down of a site at the end of each week. */

/** Columns of the weekly record: RECORD_STATUS + status is the number of patients in that status,
 *  RECORD_MOVES + STATUS_COUNT * before + status that of those who were in another one, `before`, a
 *  week ago.
 */
enum weekly_column {
    RECORD_STATUS,
    RECORD_OFFERED = STATUS_COUNT,
    RECORD_CONSULTATIONS,
    RECORD_PLACES_TAKEN,
    RECORD_PLACES,
    RECORD_SESSIONS,
    RECORD_SESSION_MINUTES,
    RECORD_POSTPONED,
    RECORD_MINUTES,
    RECORD_MINUTES_ASKED,
    RECORD_MINUTES_GIVEN,
    RECORD_POSTS_FILLED,
    RECORD_TRUST, /* means over everyone after the first offer; from here on NaN if there is none */
    RECORD_HOPE,
    RECORD_STRESS,
    RECORD_CONFIDENCE,
    RECORD_ISOLATION,
    RECORD_CLARITY,
    RECORD_MOTIVATION,
    RECORD_COPING,
    RECORD_TIES,
    RECORD_SWEMWBS,
    RECORD_MOVES,
    RECORD_COUNT = RECORD_MOVES + STATUS_COUNT * STATUS_COUNT
};

/** Columns of the weekly record of a link worker's post. */
enum post_column {
    POST_FILLED,
    POST_CASELOAD,
    POST_SESSIONS,
    POST_POSTPONED,
    POST_MINUTES_ASKED,
    POST_MINUTES_GIVEN,
    POST_COMMUNITY_MINUTES,
    POST_KNOWLEDGE,
    POST_BURNOUT,
    POST_COUNT
};

struct column_text {
    const char *name;
    const char *unit;
    const char *meaning;
};
extern const struct column_text weekly_columns[RECORD_MOVES];
extern const struct column_text post_columns[POST_COUNT];

/** Sums over the service's window: run.burn_in_weeks to the end of arrivals (cohort mode) or of the
 * run. All additive over sites. Weeks of a post count as staffed if it was filled that week.
 */
struct window {
    double staffed_weeks, post_weeks, site_weeks;
    double caseload, community_minutes, knowledge, overload, burnout, contact_minutes;
    double sessions, session_minutes, quality, postponed, due;
    double leavers, waiting, places_taken, places;
    double status_weeks[STATUS_COUNT], person_weeks;
};

/** When the state after a closing is looked at. */
enum { WEEKS_AFTER_CLOSING = 4 };

struct recorder {
    int weeks, posts;
    int window_start, window_end; /* weeks [start, end) */
    struct window window;
    int persons[STATUS_COUNT];     /* in each status, at the end of the week before */
    float *weekly;                 /* [week][RECORD_COUNT] */
    float *post_weekly;            /* [post][week][POST_COUNT] */
    double *discount;              /* [week] */
    int64_t *consultations_unmet;  /* [week]: of people who have not had an opening contact */
    double link_worker_cost_weeks; /* discounted weeks of posts */
    double place_cost_weeks;       /* discounted weeks of places taken */
    double consultations_discounted;
    int64_t stepped_patient_weeks;
};

/** Room for a site's weeks. Fails: ERROR_MEMORY. */
int recorder_init(struct recorder *recorder, struct arena *arena, const struct site *site);

/** Puts in or takes out all that is recorded; what is taken out lies in the parcel. */
void recorder_carry(struct recorder *recorder, struct parcel *parcel);

/** Records the week just stepped (step 10): counts, means, snapshots, sums of wellbeing.
 *  Writes only history columns of the patients: wellbeing sums, values after closing, pathways.
 */
void recorder_week(struct recorder *recorder, struct site *site);

/** The discount factor of a week: (1 + rate)^(-week / 52). */
double discount_factor(const struct parameters *parameters, int week);

#endif
