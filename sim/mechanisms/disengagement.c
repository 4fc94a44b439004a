/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dropping out (step 8)
 *
 *   engaged, from the first session of the episode that fell due (held, missed or postponed) on, with
 *   logistic(d_0 - d_T T - d_E E - d_H H + d_push pushed + d_miss postponed + d_U U + d_A A) a week
 *
 * Pushed and postponed are of this week. A vacancy does not suspend it.
 *
 * draws   PURPOSE_DISENGAGEMENT
 * source  drop-out 25 % (19.7 % in psychotherapy, Swift and Greenberg 2012; 25.3 % in Norwegian prompt
 *         mental health care); trust lowers it (Sharf et al. 2010, d = 0.55); P6
 */
#include "base/numeric.h"
#include "mechanisms/mechanisms.h"
#include "state/indices.h"

#include <string.h>

static bool drops_out(const struct site *site, size_t i, float u)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const float x = (float)k->disengage.intercept - (float)k->disengage.trust * p->trust[i] -
                    (float)k->disengage.enjoyment * p->enjoyment[i] -
                    (float)k->disengage.hope * p->hope[i] +
                    (float)k->disengage.push * (float)p->pushed[i] +
                    (float)k->disengage.postponed * (float)p->postponed[i] +
                    (float)k->disengage.uncertainty * p->uncertainty[i] +
                    (float)k->disengage.barriers * attendance_barriers(p, i);
    return u < logistic(x);
}

/* Flags those at risk; 0: nobody. */
VECTOR_LOOP
static int flag_at_risk(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int32_t *restrict status = site->patients.status, *restrict due = site->patients.was_due;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (status[i] == STATUS_ENGAGED) & (due[i] != 0);
        any |= event[i];
    }
    return any;
}

/* At most RANDOM_LANES rows, whose draws are made together. */
static void review(struct site *site, const int32_t *rows, int count)
{
    struct patients *p = &site->patients;
    int32_t persons[RANDOM_LANES] = {0}, weeks[RANDOM_LANES] = {0};
    random_words words[1];
    for (int n = 0; n < count; n++) {
        persons[n] = p->person[rows[n]];
        weeks[n] = p->weeks_at_risk[rows[n]]++;
    }
    random_make(words, 1, &site->key, persons, weeks, count, PURPOSE_DISENGAGEMENT);
    for (int n = 0; n < count; n++) {
        const size_t i = (size_t)rows[n];
        if (drops_out(site, i, random_unit(words[0][0][n]))) {
            site_leave_caseload(site, i);
            site_set_status(site, i, STATUS_DISENGAGED);
            p->ever_disengaged[i] = 1;
        }
    }
}

/* What is said of this week alone. */
static void forget_the_week(struct site *site)
{
    struct patients *p = &site->patients;
    memset(p->pushed, 0, site->offered * sizeof *p->pushed);
    memset(p->postponed, 0, site->offered * sizeof *p->postponed);
}

void disengagement_step(struct site *site)
{
    if (site->link_worker_count == 0) {
        return;
    }
    const size_t at_risk = site_list_flagged(site, flag_at_risk(site));
    for (size_t first = 0; first < at_risk; first += RANDOM_LANES) {
        const size_t left = at_risk - first;
        review(site, &site->flagged[first], left < RANDOM_LANES ? (int)left : RANDOM_LANES);
    }
    forget_the_week(site);
}
