/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GP consultations (step 2)
 *
 *   g = base exp(age_slope (age - 45) / 10 + female_effect woman) personal rate    a trait, per year
 *       exp(stress_effect (S - 0.3))
 *       (1 - substitution [AP4] T)                                  while on a caseload
 *   P(consultation in a week) = 1 - exp(-g / 52), at most one a week
 *
 * AP4: someone who has a link worker to turn to needs the GP less, in proportion to trust.
 *
 * Counts in the year from the first offer and from the first session come of the history when the year
 * is over, or the run; until then they hold what link workers arranged (session.c).
 *
 * reads   consultation_rate (base, age, gender and personal rate), stress, trust, status
 * writes  consulting, consulted, consultation_history and the counts of consultations
 * draws   DRAW_CONSULTATION
 * source  level: 2.6 GP consultations a year (NHS Digital) times 2 to 4 among those referred;
 *         substitution calibrated, see sim/MODEL.md
 */
#include "mechanisms/consultation.h"

#include "mechanisms/mechanisms.h"

VECTOR_LOOP
static void consult(struct site *site, int64_t *on_caseload, int64_t *of_caseload)
{
    const struct parameters *parameters = &site->coefficients->parameters;
    const int n = (int)site->offered, whole = whole_vectors(n);
    const float stress_effect = (float)parameters->gp.stress_effect;
    const float substitution = (float)(parameters->gp.substitution * parameters->mechanisms.AP4);
    struct patients *p = &site->patients;
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict trust = p->trust, *restrict u = p->draw[DRAW_CONSULTATION];
    const int32_t *restrict status = p->status, *restrict waited = p->waited_weeks;
    float *restrict consulting = p->consulting;
    int32_t *restrict consulted = p->consulted, *restrict total = p->consultations;
    const int32_t *restrict counted = p->counted;
    int all = 0, unmet = 0, members = 0, theirs = 0;
#pragma omp simd reduction(+ : all, unmet, members, theirs)
    for (int i = 0; i < whole; i++) {
        const int32_t member =
            (i < n) & (status[i] >= STATUS_ENGAGED) & (status[i] <= STATUS_TAPERING);
        const float probability = consultation_probability(rate[i], stress_effect, stress[i],
                                                           substitution * trust[i] * (float)member);
        consulting[i] = probability;
        const int32_t now = (i < n) & (u[i] < probability);
        consulted[i] = i < n ? now : consulted[i]; /* the week of the offer is settled already */
        total[i] += now;
        all += now;
        unmet += now & (waited[i] == NEVER);
        members += member & counted[i];
        theirs += now & member & counted[i];
    }
    site->week_consultations = all;
    site->week_consultations_unmet = unmet;
    *on_caseload = members;
    *of_caseload = theirs;
}

VECTOR_LOOP
static void remember(struct site *site)
{
    const int n = (int)site->offered;
    const int32_t *restrict consulted = site->patients.consulted;
    uint64_t *restrict history = site->patients.consultation_history;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        history[i] = (history[i] << 1) | (uint64_t)consulted[i];
    }
}

/* The last weeks of patient `i`, from week `first` on, which are at most a year. */
static int consultations_since(const struct site *site, size_t i, int first)
{
    const int weeks = site->week + 1 - first;
    return __builtin_popcountll(site->patients.consultation_history[i] & ((1ULL << weeks) - 1));
}

/* Adds the year from the first offer, or what the run has of it, of those first offered by week `last`;
 * rows are in the order of the first offer. */
static void count_from_offers(struct site *site, int last)
{
    struct patients *p = &site->patients;
    size_t *i = &site->offers_counted;
    for (; *i < site->offered && p->first_offer_week[*i] <= last; ++*i) {
        p->consultations_from_offer[*i] += consultations_since(site, *i, p->first_offer_week[*i]);
    }
}

/* The same from the first session, of those first seen by week `last`. */
static void count_from_sessions(struct site *site, int last)
{
    struct patients *p = &site->patients;
    size_t *n = &site->seen_counted;
    for (; *n < site->seen_count; ++*n) {
        const size_t i = (size_t)site->seen[*n];
        if (p->session_window[i] > last) {
            return;
        }
        p->consultations_from_session[i] += consultations_since(site, i, p->session_window[i]);
    }
}

void consultation_complete(struct site *site)
{
    count_from_offers(site, site->week);
    count_from_sessions(site, site->week);
}

void consultation_step(struct site *site)
{
    int64_t on_caseload = 0, of_caseload = 0;
    consult(site, &on_caseload, &of_caseload);
    remember(site);
    count_from_offers(site, site->week - (WINDOW_WEEKS - 1));
    count_from_sessions(site, site->week - (WINDOW_WEEKS - 1));
    site->events.caseload_weeks += on_caseload;
    site->events.caseload_consultations += of_caseload;
}
