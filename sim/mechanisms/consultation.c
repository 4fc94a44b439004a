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
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const float stress_effect = (float)parameters->gp.stress_effect;
    const float substitution = (float)(parameters->gp.substitution * parameters->mechanisms.AP4);
    struct patients *p = &site->patients;
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict trust = p->trust, *restrict u = p->draw[DRAW_CONSULTATION];
    const int32_t *restrict status = p->status, *restrict offer_week = p->first_offer_week;
    const int32_t *restrict window = p->session_window, *restrict waited = p->waited_weeks;
    float *restrict consulting = p->consulting;
    int32_t *restrict consulted = p->consulted, *restrict total = p->consultations;
    int32_t *restrict from_offer = p->consultations_from_offer;
    int32_t *restrict from_session = p->consultations_from_session;
    const int32_t *restrict counted = p->counted;
    int32_t *restrict caseload_weeks = p->caseload_weeks;
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
        from_offer[i] += now & (week - offer_week[i] < WINDOW_WEEKS);
        from_session[i] +=
            now & (window[i] >= 0) & (week >= window[i]) & (week - window[i] < WINDOW_WEEKS);
        caseload_weeks[i] += member;
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

void consultation_step(struct site *site)
{
    int64_t on_caseload = 0, of_caseload = 0;
    consult(site, &on_caseload, &of_caseload);
    remember(site);
    site->events.caseload_weeks += on_caseload;
    site->events.caseload_consultations += of_caseload;
}
