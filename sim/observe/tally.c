/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/tally.h"

#include "mechanisms/mechanisms.h"
#include "state/indices.h"

#include <math.h>

enum { LAG_39 = 8, LAG_52 = 9, STRATA_OF_A_PERSON = 4, FOLLOWERS_AT_A_TIME = 256 };

double band_low(int measure)
{
    return measure == MEASURE_SWEMWBS ? 7.0 : 0.0;
}

double band_high(int measure)
{
    return measure == MEASURE_SWEMWBS ? 35.0 : 1.0;
}

static size_t bin_of(double value, double low, double high, size_t bins)
{
    const double position = (value - low) / (high - low) * (double)bins;
    if (!(position > 0.0)) {
        return 0;
    }
    return position < (double)bins ? (size_t)position : bins - 1;
}

static size_t week_bin(int32_t value)
{
    return value < WEEK_BINS ? (size_t)value : WEEK_BINS - 1;
}

/* A lag after the first session that lies within the run. */
static bool has_lag(const struct site *site, size_t i, int lag)
{
    const int first = site->patients.first_session_week[i];
    return first != NEVER && first + lag_weeks[lag] < site->weeks;
}

static float swemwbs_change(const struct site *site, size_t i)
{
    return snapshot_at(site, i, LAG_39)[MEASURE_SWEMWBS] - snapshot_at(site, i, 0)[MEASURE_SWEMWBS];
}

/* Mean weekly SWEMWBS from the first offer on, with minus without link workers. */
static double wellbeing_gain(const struct site *site, size_t i,
                             const struct counterfactual *without)
{
    const double weeks = site->weeks - site->patients.first_offer_week[i];
    return ((double)site->patients.wellbeing_sum[i] - (double)without->wellbeing_sum[i]) / weeks;
}

/* A person seen: the lags that lie within the run, and the strata that the person belongs to. */
struct follower {
    size_t row;
    int lags, strata_count;
    size_t strata[STRATA_OF_A_PERSON];
};

/* What is known of these people at one lag, added to their strata. */
VECTOR_LOOP
static void add_lag(struct course *courses, int lag, const struct site *site,
                    const struct follower *followers, size_t count)
{
    for (size_t f = 0; f < count; f++) {
        const struct follower *person = &followers[f];
        if (lag >= person->lags) {
            continue;
        }
        const float *measures = snapshot_at(site, person->row, lag);
        double values[MEASURE_COUNT];
        for (int m = 0; m < MEASURE_COUNT; m++) {
            values[m] = (double)measures[m];
        }
        size_t bins[BAND_MEASURES];
        for (int m = 0; m < BAND_MEASURES; m++) {
            bins[m] = bin_of(values[m], band_low(m), band_high(m), BAND_BINS);
        }
        for (int n = 0; n < person->strata_count; n++) {
            struct course *course = &courses[person->strata[n]];
            course->persons[lag] += 1.0;
            for (int m = 0; m < MEASURE_COUNT; m++) {
                course->sum[lag][m] += values[m];
            }
            for (int m = 0; m < BAND_MEASURES; m++) {
                course->bins[lag][m][bins[m]]++;
            }
        }
    }
}

/* The same weeks of the same person with minus without link workers. */
static void add_contrast(double sum[LAG_COUNT][MEASURE_COUNT], const struct site *site, size_t i,
                         const struct counterfactual *without)
{
    for (int lag = 1; lag < LAG_COUNT && has_lag(site, i, lag); lag++) {
        for (int m = 0; m < MEASURE_COUNT; m++) {
            sum[lag][m] += (double)snapshot_at(site, i, lag)[m] -
                           (double)counterfactual_at(without, site, i, lag)[m];
        }
    }
}

static struct follower follower_of(const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    struct follower person = {.row = i,
                              .strata = {STRATUM_ALL, STRATUM_PATHWAY + (size_t)p->pathway[i]},
                              .strata_count = 2};
    while (person.lags < LAG_COUNT && has_lag(site, i, person.lags)) {
        person.lags++;
    }
    if (has_never_connected(site, i)) {
        person.strata[person.strata_count++] = STRATUM_NEVER_CONNECTED;
    }
    if (p->starting_need[NEED_FINANCIAL][i] > 0.0f) {
        person.strata[person.strata_count++] = STRATUM_MONEY_NEED;
    }
    return person;
}

/* Courses of everyone seen: lag by lag, so that what is added to stays in the cache. */
static void tally_courses(struct tally *t, const struct site *site)
{
    struct follower followers[FOLLOWERS_AT_A_TIME];
    size_t i = 0;
    while (i < site->offered) {
        size_t count = 0;
        for (; i < site->offered && count < FOLLOWERS_AT_A_TIME; i++) {
            if (site->patients.counted[i] && site->patients.first_session_week[i] != NEVER) {
                followers[count++] = follower_of(site, i);
            }
        }
        for (int lag = 0; lag < LAG_COUNT; lag++) {
            add_lag(t->courses, lag, site, followers, count);
        }
    }
}

/* A site is compared with its counterfactual, or with itself where there are no link workers. */
static void value_sums(double sums[GROUP_SUM_COUNT], const struct site *site, size_t i,
                       const struct counterfactual *without)
{
    sums[SUM_CONSULTATIONS] = site->patients.consultations[i];
    sums[SUM_WELLBEING] = (double)site->patients.wellbeing_discounted[i];
    if (without != NULL) {
        sums[SUM_CONSULTATIONS_WITHOUT] = without->consultations[i];
        sums[SUM_WELLBEING_WITHOUT] = (double)without->wellbeing_discounted[i];
    } else if (site->link_worker_count == 0) {
        sums[SUM_CONSULTATIONS_WITHOUT] = sums[SUM_CONSULTATIONS];
        sums[SUM_WELLBEING_WITHOUT] = sums[SUM_WELLBEING];
    }
}

/* The person's own numbers, to be added to every group the person belongs to. */
static void person_sums(double sums[GROUP_SUM_COUNT], const struct site *site, size_t i,
                        enum pathway pathway, const struct counterfactual *without)
{
    const struct patients *p = &site->patients;
    const bool seen = p->first_session_week[i] != NEVER;
    const bool connected = p->link_connection_week[i] != NEVER;
    sums[SUM_OFFERED] = 1.0;
    sums[SUM_ACCEPTED_FIRST] = p->accepted_first[i];
    sums[SUM_ACCEPTED] = p->ever_accepted[i];
    sums[SUM_TAKEN_UP] = p->ever_taken_up[i];
    sums[SUM_SEEN] = seen;
    sums[SUM_CONNECTED] = connected;
    sums[SUM_ANY_CONNECTION] = connected || p->own_connection_week[i] != NEVER;
    sums[SUM_SESSIONS] = p->sessions[i];
    if (p->waited_weeks[i] != NEVER) {
        sums[SUM_WAITED] = 1.0;
        sums[SUM_WAITED_WEEKS] = p->waited_weeks[i];
    }
    if (has_lag(site, i, LAG_39)) {
        sums[SUM_CHANGE_PERSONS] = 1.0;
        sums[SUM_SWEMWBS_CHANGE] = (double)swemwbs_change(site, i);
    }
    value_sums(sums, site, i, without);
    sums[SUM_TRUST_LAST] = seen ? (double)p->trust_last_session[i] : 0.0;
    if (without != NULL) {
        sums[SUM_CONTRAST_PERSONS] = 1.0;
        sums[SUM_CONTRAST_SWEMWBS] = wellbeing_gain(site, i, without);
        if (seen) {
            sums[SUM_CONTRAST_GP_WITH] = p->consultations_from_session[i];
            sums[SUM_CONTRAST_GP_WITHOUT] = without->consultations_from_session[i];
        }
    }
    sums[SUM_PATHWAY + pathway] = 1.0;
}

VECTOR_LOOP
static void tally_groups(struct tally *t, const struct site *site, size_t i, enum pathway pathway,
                         const struct counterfactual *without, size_t sites)
{
    double sums[GROUP_SUM_COUNT] = {0.0};
    int groups[GROUPS_OF_A_PATIENT];
    const int n = groups_of(site, i, sites, groups);
    person_sums(sums, site, i, pathway, without);
    for (int g = 0; g < n; g++) {
        for (int s = 0; s < GROUP_SUM_COUNT; s++) {
            t->groups[groups[g]][s] += sums[s];
        }
    }
}

static void tally_first_offer(struct tally *t, const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const size_t urgency = bin_of((double)p->offer_urgency[i], 0.0, 1.0, INDEX_BINS);
    const size_t unsure = bin_of((double)p->offer_uncertainty[i], 0.0, 1.0, INDEX_BINS);
    const size_t cornered = bin_of((double)p->few_alternatives[i], 0.0, 1.0, INDEX_BINS);
    t->histograms.few_alternatives.persons[cornered]++;
    t->histograms.few_alternatives.accepted[cornered] += (uint32_t)p->accepted_first[i];
    t->histograms.urgency.persons[urgency]++;
    t->histograms.urgency.accepted[urgency] += (uint32_t)p->accepted_first[i];
    t->histograms.uncertainty.persons[unsure]++;
    t->histograms.uncertainty.accepted[unsure] += (uint32_t)p->accepted_first[i];
}

static void tally_funnel(struct tally *t, const struct site *site, size_t i, enum pathway pathway)
{
    const struct patients *p = &site->patients;
    const bool connected = p->link_connection_week[i] != NEVER;
    const bool any = connected || p->own_connection_week[i] != NEVER;
    if (p->waited_weeks[i] != NEVER) {
        t->histograms.waited[week_bin(p->waited_weeks[i])]++;
    }
    if (p->ever_accepted[i]) {
        t->sums.three_sessions += p->sessions[i] >= 3;
        t->sums.connected_of_accepted += connected;
        t->sums.any_of_accepted += any;
    }
    if (p->ever_taken_up[i]) {
        t->histograms.sessions_of_taken_up[week_bin(p->sessions[i])]++;
        t->sums.takers_sessions += p->sessions[i];
        t->sums.two_sessions += p->sessions[i] >= 2;
        t->sums.connected_of_taken_up += connected;
        t->sums.disengaged_of_taken_up += pathway == PATHWAY_DISENGAGED;
        t->sums.ever_disengaged += p->ever_disengaged[i];
        t->sums.ever_closed += p->ever_closed[i];
        t->sums.ever_returned += p->ever_returned[i];
    }
    if (p->ever_taken_up[i] && !connected) {
        const int reason = p->suggestions_made[i] == 0       ? 0
                           : p->suggestions_accepted[i] == 0 ? 1
                           : p->attempts[i] == 0             ? 2
                                                             : 3;
        t->sums.not_connected[reason] += 1.0;
        t->sums.not_connected_persons += 1.0;
    }
}

static void tally_barriers(struct tally *t, const struct site *site, size_t i, enum pathway pathway)
{
    static const enum barrier order[] = {BARRIER_CARING, BARRIER_TRANSPORT, BARRIER_HOUSING,
                                         BARRIER_HEALTH, BARRIER_LANGUAGE};
    for (size_t b = 0; b < sizeof order / sizeof order[0]; b++) {
        t->sums.barrier_of_pathway[b][pathway] +=
            site->patients.starting_barrier[order[b]][i] > 0.0f;
    }
    t->sums.barrier_of_pathway[5][pathway] += site->patients.female[i];
}

static void tally_closing(struct tally *t, const struct site *site, size_t i,
                          const struct counterfactual *without)
{
    const struct patients *p = &site->patients;
    if (p->closing_week[i] != NEVER && p->after_closing_stress[i] >= 0.0f) {
        t->sums.closings += 1.0;
        t->sums.closing_stress += (double)p->after_closing_stress[i];
        t->sums.closing_hope += (double)p->after_closing_hope[i];
        t->sums.closing_hope_change += (double)(p->after_closing_hope[i] - p->closing_hope[i]);
        t->sums.closing_wellbeing_change +=
            (double)(p->after_closing_wellbeing[i] - p->closing_wellbeing[i]);
        if (without != NULL) {
            t->sums.contrast_swemwbs_closed +=
                (double)p->after_closing_wellbeing[i] - (double)without->after_closing_wellbeing[i];
        }
    }
}

static void tally_consultations(struct tally *t, const struct site *site, size_t i, size_t sites)
{
    const struct patients *p = &site->patients;
    const int first = p->first_session_week[i];
    const bool seen = first != NEVER;
    double after_weeks = 0.0;
    if (seen) {
        const int left = site->weeks - first;
        after_weeks = left < WINDOW_WEEKS ? left : WINDOW_WEEKS;
        t->sums.gp_before += p->consultations_before_session[i];
        t->sums.gp_before_weeks += first < WINDOW_WEEKS ? first : WINDOW_WEEKS;
        t->sums.gp_after += p->consultations_from_session[i];
        t->sums.gp_after_weeks += after_weeks;
    }
    if (p->first_offer_week[i] < WINDOW_WEEKS) {
        return;
    }
    const size_t slot = sites <= MOST_SITE_GROUPS ? site->key.site : MOST_SITE_GROUPS;
    struct frequency_class *class = &t->frequency[slot][p->consultations_before_offer[i]];
    class->everyone += 1.0;
    if (seen) {
        class->persons += 1.0;
        class->before += p->consultations_before_offer[i];
        class->after += p->consultations_from_session[i];
        class->after_weeks += after_weeks;
    }
}

static void tally_interview(struct tally *t, const struct site *site, size_t i,
                            enum pathway pathway, const struct counterfactual *without)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const double trust = (double)p->trust_last_session[i];
    const double weight = pow(trust, k->study.trust_exponent); /* 1 for everyone if that is 0 */
    t->sums.trust_of_seen += trust;
    t->sums.trust_weight[pathway] += weight;
    if (without != NULL) {
        t->sums.contrast_swemwbs_weighted += weight * wellbeing_gain(site, i, without);
        t->sums.contrast_swemwbs_seen += wellbeing_gain(site, i, without);
    }
    if (weight <= 0.0) {
        return;
    }
    struct random_stream stream =
        random_open(&site->key, (uint32_t)p->person[i], 0, PURPOSE_INTERVIEW);
    const bool followed = has_lag(site, i, LAG_39);
    const struct interviewee person = {.rank = -log(random_open_uniform(&stream)) / weight,
                                       .trust = p->trust_last_session[i],
                                       .change = followed ? swemwbs_change(site, i) : 0.0f,
                                       .pathway = (int)pathway,
                                       .followed = followed};
    (void)study_sample_consider(&t->study, k->study.interviewees, &person);
}

static void tally_wellbeing(struct tally *t, const struct site *site, size_t i)
{
    const double before = (double)site->patients.starting_session_wellbeing[i];
    t->sums.first_swemwbs += before;
    t->sums.first_swemwbs_squared += before * before;
    if (has_lag(site, i, LAG_39)) {
        double later = (double)snapshot_at(site, i, LAG_39)[MEASURE_SWEMWBS];
        if (has_lag(site, i, LAG_52)) {
            later = 0.5 * (later + (double)snapshot_at(site, i, LAG_52)[MEASURE_SWEMWBS]);
        }
        t->sums.late_change += later - before;
        t->sums.late_change_persons += 1.0;
        t->sums.late_isolation_change += (double)(snapshot_at(site, i, LAG_39)[MEASURE_ISOLATION] -
                                                  snapshot_at(site, i, 0)[MEASURE_ISOLATION]);
    }
}

static void tally_seen(struct tally *t, const struct site *site, size_t i, enum pathway pathway,
                       const struct counterfactual *without)
{
    const struct patients *p = &site->patients;
    const struct parameters *k = &site->coefficients->parameters;
    const int first = p->first_session_week[i];
    const bool connected = p->link_connection_week[i] != NEVER;
    t->histograms.sessions_of_seen[week_bin(p->sessions[i])]++;
    t->sums.censored += first + k->outcome.pathway_weeks >= site->weeks;
    t->sums.own_connection_of_seen += p->own_connection_week[i] != NEVER;
    t->sums.group_connection_of_seen += p->ever_group[i];
    if (connected) {
        t->histograms.sessions_of_connected[week_bin(p->sessions[i])]++;
        t->histograms.weeks_to_connection[week_bin(p->link_connection_week[i] - first)]++;
    }
    t->sums.caseload_weeks_of_pathway[pathway] += p->caseload_weeks[i];
    if (!status_is_on_caseload(p->status[i])) {
        t->histograms.caseload_weeks_of_left[week_bin(p->caseload_weeks[i])]++;
    }
    if (p->sessions[i] >= 4) {
        const int after = p->trusted_after[i];
        t->sums.trusted_after[after == 0 ? 5 : after < 5 ? after - 1 : 4] += 1.0;
        t->sums.trusted_persons += 1.0;
    }
    tally_wellbeing(t, site, i);
    tally_interview(t, site, i, pathway, without);
    if (without != NULL && has_never_connected(site, i)) {
        add_contrast(t->sums.contrast_never_connected, site, i, without);
    }
}

static void tally_contrast(struct tally *t, const struct site *site,
                           const struct recorder *recorder, const struct counterfactual *without)
{
    const struct patients *p = &site->patients;
    t->has_contrast = true;
    for (size_t i = 0; i < site->offered; i++) {
        if (!p->counted[i]) {
            continue;
        }
        if (p->ever_accepted[i]) {
            t->sums.contrast_gp_accepted_with += p->consultations_from_offer[i];
            t->sums.contrast_gp_accepted_without += without->consultations_from_offer[i];
        }
        t->sums.swemwbs_weeks_gained +=
            (double)p->wellbeing_discounted[i] - (double)without->wellbeing_discounted[i];
    }
    t->sums.consultations_saved +=
        without->consultations_discounted - recorder->consultations_discounted;
    t->stepped_patient_weeks += without->stepped_patient_weeks;
}

void tally_site(struct tally *t, const struct site *site, const struct recorder *recorder,
                const struct counterfactual *without, size_t sites)
{
    for (size_t i = 0; i < site->offered; i++) {
        if (!site->patients.counted[i]) {
            continue;
        }
        const enum pathway pathway = (enum pathway)site->patients.pathway[i];
        tally_groups(t, site, i, pathway, without, sites);
        tally_first_offer(t, site, i);
        tally_funnel(t, site, i, pathway);
        tally_barriers(t, site, i, pathway);
        tally_closing(t, site, i, without);
        tally_consultations(t, site, i, sites);
        if (site->patients.first_session_week[i] != NEVER) {
            tally_seen(t, site, i, pathway, without);
        }
    }
    tally_courses(t, site);
    t->events = site->events;
    t->window = recorder->window;
    t->sums.posts += site->link_worker_count;
    t->sums.sites += 1.0;
    t->sums.link_worker_weeks += recorder->link_worker_cost_weeks;
    t->sums.place_weeks += recorder->place_cost_weeks;
    t->sums.consultations += recorder->consultations_discounted;
    t->stepped_patient_weeks += recorder->stepped_patient_weeks;
    if (without == NULL && site->link_worker_count == 0) {
        t->sums.consultations_without += recorder->consultations_discounted;
    }
    if (without != NULL) {
        t->sums.consultations_without += without->consultations_discounted;
        tally_contrast(t, site, recorder, without);
    }
}

static void add_doubles(double *sum, const double *part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += part[i];
    }
}

static void add_counts(uint32_t *sum, const uint32_t *part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += part[i];
    }
}

static void add_events(int64_t *sum, const int64_t *part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += part[i];
    }
}

#define ADD(add, field, type)                                                                      \
    add((type *)&sum->field, (const type *)&part->field, sizeof sum->field / sizeof(type))

void tally_add(struct tally *sum, const struct tally *part)
{
    ADD(add_doubles, groups, double);
    ADD(add_doubles, window, double);
    ADD(add_doubles, sums, double);
    ADD(add_doubles, frequency, double);
    ADD(add_counts, histograms, uint32_t);
    ADD(add_events, events, int64_t);
    for (int s = 0; s < STRATUM_COUNT; s++) {
        ADD(add_doubles, courses[s].persons, double);
        ADD(add_doubles, courses[s].sum, double);
        ADD(add_counts, courses[s].bins, uint32_t);
    }
    (void)study_sample_merge(&sum->study, &part->study);
    sum->has_contrast |= part->has_contrast;
    sum->stepped_patient_weeks += part->stepped_patient_weeks;
}

void tally_carry(struct tally *tally, struct parcel *parcel)
{
    if (parcel->is_opening) {
        tally_free(tally);
    }
    struct study_sample study = tally->study;
    parcel_carry_sparse(parcel, tally, sizeof *tally);
    tally->study = study;
    study_sample_carry(&tally->study, parcel);
}

void tally_free(struct tally *tally)
{
    study_sample_free(&tally->study);
}
