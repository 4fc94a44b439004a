/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_SITE_H
#define BUYIN_STATE_SITE_H

#include "base/random.h"
#include "parameters/configuration.h"
#include "state/coefficients.h"
#include "state/partings.h"
#include "state/patients.h"

/** A link worker's post: whoever holds it, the caseload, and this week's diary. */
struct link_worker {
    /* skills of the holder, all in [0, 1] */
    float listening, informality, reliability, directiveness, tailoring, goal_setting, advocacy;
    float knowledge[NEED_COUNT]; /* of each domain's local offer */
    float burnout;
    int promised;     /* openings given to the post this week */
    int vacant_weeks; /* weeks until a successor starts; 0: the post is filled */

    int32_t *patients; /* rows on the caseload, in no order */
    int caseload;

    /* this week's diary, minutes */
    bool worked; /* the post was filled this week */
    bool left;   /* and its holder leaves at the end of it */
    double minutes, asked, given, spare, community, accompanying, unused;
    double session_minutes, quality_sum;
    int sessions, due, postponed;
};

/** A VCSE service: what it is for, how it is given, and its places. */
struct vcse_service {
    int domain, format;
    int places, taken;
    int planned;            /* places there shall be: cut ones close as they fall free */
    float spread;           /* the service's own share of the mean number of places */
    float reach;            /* difficulty of getting there: scales the transport gate */
    float language_support; /* share of the language barrier it removes */
};

struct practice {
    float adoption;    /* how readily its GPs offer */
    float credibility; /* how well they introduce the link worker */
};

/** What happened at a site over the whole run, counted as it happens. */
struct events {
    int64_t offers_gp, offers_other, accepted_gp, accepted_other;
    int64_t left_waiting_list, openings, takeups, returns;
    int64_t diary_sessions, missed_sessions, arranged, goals_met;
    int64_t suggestions, suggestions_accepted, pushes;
    int64_t open_weeks, attempts, failed[REASON_COUNT], accompanied;
    int64_t connections_format[FORMAT_COUNT], connections_domain[NEED_COUNT];
    int64_t caseload_weeks, caseload_consultations;
    int64_t leavers;

    /* millionths, added up over sessions attended: interpersonal input, and what a session changed
     */
    int64_t session_input, session_trust, session_hope, session_stress, session_confidence;
    int64_t session_clarity, session_motivation, session_coping, session_isolation;
    int64_t endings, ending_shock; /* closings, and their shock in millionths */
};

/** One link-worker service with its patients, practices and local VCSE services. */
struct site {
    const struct coefficients *coefficients;
    const struct site_attributes *attributes;
    struct random_key key;
    int week;
    int weeks;

    struct patients patients;
    size_t population; /* everyone on the list, the never offered included */
    size_t offered;    /* rows [0, offered) are after their first offer this week */
    uint8_t *tries;    /* [row][service]: refused or exhausted */

    int link_worker_count, service_count, practice_count;
    int domain_services[NEED_COUNT + 1]; /* services of domain d: [d] to [d + 1], not included */
    struct link_worker *link_workers;
    struct vcse_service *services;
    struct practice *practices;

    struct events events;       /* of the patients that are counted: all, or those of one group */
    struct events other_events; /* of the others */
    int64_t week_consultations; /* GP consultations this week of those after their first offer */
    int64_t week_consultations_unmet; /* those of people who have not had an opening contact */
    size_t offers_counted; /* rows whose year from the first offer is in their consultations */
    size_t seen_counted;   /* the same of the first session, in the order of `seen` */
    struct partings partings;

    int32_t *seen; /* rows in the order of their first session */
    size_t seen_count;
    size_t *seen_before;  /* [week]: seen_count at the start of the week, weeks + 1 entries */
    int32_t *seen_number; /* [row]: place in `seen` of those who have been seen */
    float *snapshots;     /* [lag][seen number][measure], state/snapshots.h; NULL: none are kept */
    size_t snapshot_room; /* people that there is room for at each lag */

    int32_t *openings;      /* this week's opening contacts: row */
    int32_t *opening_posts; /* and post */
    uint64_t *order;        /* keys to sort rows by; room for every patient */
    uint64_t *order_spare;  /* as much room, to sort them with */
    int32_t *flagged;       /* rows that a kernel flagged; room for every patient and two vectors */
};

/** Where what happens to patient `i` is counted. */
static inline struct events *events_of(struct site *site, size_t i)
{
    return site->patients.counted[i] ? &site->events : &site->other_events;
}

/** Sums of fractions are kept as whole millionths, so that adding them up has no order. */
static inline int64_t in_millionths(float x)
{
    return (int64_t)((double)x * 1e6 + (x < 0.0f ? -0.5 : 0.5));
}

/** Puts a patient into a status, with the week. */
static inline void site_set_status(struct site *site, size_t i, enum status status)
{
    site->patients.status[i] = (int32_t)status;
    site->patients.status_week[i] = site->week;
}

/** A post is staffed this week. */
static inline bool link_worker_is_in_post(const struct link_worker *worker)
{
    return worker->vacant_weeks == 0;
}

/** Puts patient `i` on the caseload of `post`. */
void site_join_caseload(struct site *site, size_t i, int post);

/** Takes patient `i` off the caseload; an open suggestion ends. */
void site_leave_caseload(struct site *site, size_t i);

/** After the last week: counts the weeks of those who are on a caseload still. */
void site_complete_caseloads(struct site *site);

/** Gives up the support in use; a place taken becomes free. */
void site_leave_support(struct site *site, size_t i);

/** Patient `i` refused service `s`, or failed there too often. */
void site_count_try(struct site *site, size_t i, int s);

/** Writes the rows whose `event` is not 0 into `flagged`, ascending; returns how many there are. `any`,
 *  what the loop that flagged them returned: 0 if it flagged nobody. Such a loop runs over whole vectors
 *  and leaves 0 in rows before their first offer.
 */
size_t site_list_flagged(struct site *site, int any);

/** Sorts keys by their upper halves, small first, those that share it left in their order; `spare` has
 *  room for as many. Quick where the upper halves lie close together, as weeks do.
 */
void site_sort(uint64_t *keys, uint64_t *spare, size_t count);

/** Puts in or takes out what is left of a site after its weeks: patients, snapshots, events. A site
 *  taken out has no posts, services and practices, and no coefficients; the rest lies in the parcel. One
 *  put in has no room left for snapshots but of those who were seen.
 */
void site_carry(struct site *site, struct parcel *parcel);

/** Checks every conservation law after a week.
 *
 *  Every patient has one status; caseloads equal the patients who name the post; places taken
 *  equal the patients using them; minutes given do not exceed minutes available; states lie in
 *  [0, 1].  Fails: ERROR_MODEL with the first violation.
 */
int site_verify(const struct site *site);

#endif
