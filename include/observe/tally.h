/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_TALLY_H
#define BUYIN_OBSERVE_TALLY_H

#include "observe/counterfactual.h"
#include "observe/groups.h"
#include "observe/pathways.h"
#include "observe/recorder.h"
#include "observe/study_sample.h"
#include "state/snapshots.h"

/** Everything outcomes are made of, as sums and histograms.
 *
 *  A tally of a site is made when its weeks are over; tallies of sites add up to that of a
 * replicate, in the order of the sites. Its size does not depend on how many patients or sites
 * there are.
 */

enum { WEEK_BINS = 512, INDEX_BINS = 2048, BAND_BINS = 64, BAND_MEASURES = 5 };

/** Sums kept for every group. */
enum group_sum {
    SUM_OFFERED,
    SUM_ACCEPTED_FIRST,
    SUM_ACCEPTED,
    SUM_TAKEN_UP,
    SUM_SEEN,
    SUM_CONNECTED,
    SUM_ANY_CONNECTION,
    SUM_SESSIONS,
    SUM_WAITED, /* persons with an opening contact */
    SUM_WAITED_WEEKS,
    SUM_CHANGE_PERSONS, /* seen, with 39 weeks after the first session within the run */
    SUM_SWEMWBS_CHANGE, /* from just before the first session to 39 weeks after it */
    SUM_TRUST_LAST,     /* trust just after the last session, of the seen */
    SUM_CONTRAST_PERSONS,
    SUM_CONTRAST_SWEMWBS, /* mean weekly SWEMWBS with minus without link workers */
    SUM_CONTRAST_GP_WITH, /* consultations in the 52 weeks from the first session, of the seen */
    SUM_CONTRAST_GP_WITHOUT,
    SUM_CONSULTATIONS,         /* since the first offer */
    SUM_CONSULTATIONS_WITHOUT, /* the same people without link workers */
    SUM_WELLBEING,             /* discounted SWEMWBS point-weeks since the first offer */
    SUM_WELLBEING_WITHOUT,
    SUM_PATHWAY,
    GROUP_SUM_COUNT = SUM_PATHWAY + PATHWAY_COUNT
};

/** Whose course after the first session is kept: all seen, each pathway, and two more. */
enum stratum {
    STRATUM_ALL,
    STRATUM_PATHWAY,
    STRATUM_NEVER_CONNECTED = STRATUM_PATHWAY + PATHWAY_COUNT,
    STRATUM_MONEY_NEED,
    STRATUM_COUNT
};

/** Course after the first session: sums at each lag, and histograms of the first five measures. */
struct course {
    double persons[LAG_COUNT];
    double sum[LAG_COUNT][MEASURE_COUNT];
    uint32_t bins[LAG_COUNT][BAND_MEASURES][BAND_BINS];
};

/** Histogram of an index on [0, 1]: persons, and those of them who accepted their first offer. */
struct index_histogram {
    uint32_t persons[INDEX_BINS];
    uint32_t accepted[INDEX_BINS];
};

/** Consultations before and after, by how many there were in the 52 weeks before the first offer.
 */
struct frequency_class {
    double persons, before, after, after_weeks; /* of the seen */
    double everyone;                            /* seen or not */
};

/** Sums over persons and sites. Nothing but doubles, so that adding them up cannot forget one. */
struct sums {
    double two_sessions, three_sessions, takers_sessions;
    double connected_of_accepted, connected_of_taken_up, any_of_accepted;
    double censored; /* seen whose pathway horizon lies after the run */
    double barrier_of_pathway[6]
                             [PATHWAY_COUNT]; /* carer transport housing health language female */
    double caseload_weeks_of_pathway[PATHWAY_COUNT];
    double trusted_after[6], trusted_persons;       /* sessions 1 to 4, 5 or more, never */
    double not_connected[4], not_connected_persons; /* no suggestion, refused, no attempt, failed */
    double first_swemwbs, first_swemwbs_squared;
    double late_change, late_change_persons, late_isolation_change;
    double disengaged_of_taken_up, ever_disengaged;
    double own_connection_of_seen, group_connection_of_seen;
    double closings, closing_stress, closing_hope, closing_hope_change, closing_wellbeing_change;
    double ever_closed, ever_returned;
    double gp_before, gp_before_weeks, gp_after, gp_after_weeks;
    double trust_of_seen, trust_weight[PATHWAY_COUNT];
    /* against the paired run without link workers */
    double contrast_gp_accepted_with, contrast_gp_accepted_without, contrast_swemwbs_seen;
    double contrast_swemwbs_weighted; /* weighted like trust_weight */
    double contrast_swemwbs_closed;   /* four weeks after closing */
    double contrast_never_connected[LAG_COUNT][MEASURE_COUNT];
    double swemwbs_weeks_gained;                 /* discounted SWEMWBS point-weeks */
    double consultations_saved;                  /* discounted */
    double consultations, consultations_without; /* discounted, of everyone after the first offer */
    double link_worker_weeks, place_weeks;       /* discounted; posts count with their FTE */
    double posts, sites;
};

/** Histograms; index: weeks or sessions, the last bin takes what lies beyond. Nothing but counts.
 */
struct histograms {
    uint32_t waited[WEEK_BINS];
    uint32_t sessions_of_seen[WEEK_BINS], sessions_of_connected[WEEK_BINS];
    uint32_t sessions_of_taken_up[WEEK_BINS];
    uint32_t caseload_weeks_of_left[WEEK_BINS];
    uint32_t weeks_to_connection[WEEK_BINS];
    struct index_histogram urgency, uncertainty, few_alternatives;
};

struct tally {
    double groups[GROUP_COUNT][GROUP_SUM_COUNT];
    struct course courses[STRATUM_COUNT];
    struct events events;
    struct window window;
    struct sums sums;
    struct histograms histograms;
    struct frequency_class frequency[MOST_SITE_GROUPS + 1][WINDOW_WEEKS + 1];
    struct study_sample study;
    bool has_contrast;
    int64_t stepped_patient_weeks;
};

/** Limits of the quantile bands' histogram of a measure. */
double band_low(int measure);
double band_high(int measure);

/** Adds a finished site; `without` is its counterfactual or NULL. */
void tally_site(struct tally *tally, const struct site *site, const struct recorder *recorder,
                const struct counterfactual *without, size_t sites);

/** Adds `part`, the tally of the next site, to `sum`. */
void tally_add(struct tally *sum, const struct tally *part);

/** Puts in or takes out a tally, which then is freed as ever. */
void tally_carry(struct tally *tally, struct parcel *parcel);

/** Frees what a tally holds; it may be used again after zeroing. */
void tally_free(struct tally *tally);

#endif
