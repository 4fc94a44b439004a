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

/* Slots [low, low + count) of a caseload, from the last: who leaves is replaced by one already
 * looked at. */
static void review(struct site *site, const struct link_worker *worker, int low, int count)
{
    struct patients *p = &site->patients;
    int32_t persons[RANDOM_LANES] = {0}, weeks[RANDOM_LANES] = {0};
    random_words words[1];
    for (int n = 0; n < count; n++) {
        const int32_t i = worker->patients[low + n];
        persons[n] = p->person[i];
        weeks[n] = p->weeks_at_risk[i];
    }
    random_make(words, 1, &site->key, persons, weeks, count, PURPOSE_DISENGAGEMENT);
    for (int n = count - 1; n >= 0; n--) {
        const size_t i = (size_t)worker->patients[low + n];
        const bool at_risk = p->status[i] == STATUS_ENGAGED && p->was_due[i];
        p->weeks_at_risk[i] += at_risk;
        if (at_risk && drops_out(site, i, random_unit(words[0][0][n]))) {
            site_leave_caseload(site, i);
            site_set_status(site, i, STATUS_DISENGAGED);
            p->ever_disengaged[i] = 1;
        }
        p->pushed[i] = 0;
        p->postponed[i] = 0;
    }
}

void disengagement_step(struct site *site)
{
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        for (int end = worker->caseload; end > 0;) {
            const int low = end > RANDOM_LANES ? end - RANDOM_LANES : 0;
            review(site, worker, low, end - low);
            end = low;
        }
    }
}
