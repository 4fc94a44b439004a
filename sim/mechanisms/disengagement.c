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

static bool drops_out(struct site *site, size_t i)
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
    struct random_stream stream = random_open(&site->key, (uint32_t)p->person[i],
                                              (uint32_t)site->week, PURPOSE_DISENGAGEMENT);
    return random_chance(&stream, logistic(x));
}

void disengagement_step(struct site *site)
{
    struct patients *p = &site->patients;
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        for (int slot = worker->caseload - 1; slot >= 0; slot--) {
            const size_t i = (size_t)worker->patients[slot];
            if (p->status[i] == STATUS_ENGAGED && p->was_due[i] && drops_out(site, i)) {
                site_leave_caseload(site, i);
                site_set_status(site, i, STATUS_DISENGAGED);
                p->ever_disengaged[i] = 1;
            }
            p->pushed[i] = 0;
            p->postponed[i] = 0;
        }
    }
}
