/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Link workers: hiring, learning, burnout, turnover (step 9)
 *
 *   hiring     skills ~ Beta(mean, concentration); training: listening and tailoring rise by
 *              training training_effect; knowledge kappa_max (1 - exp(-months / tau)) plus, at the
 *              start, a bonus where a VCSE organisation manages the service
 *   knowledge  every domain: + gain (community minutes / reference) (kappa_max - kappa) - fade kappa
 *   burnout    + burnout_overload (1 - given / asked) (1 - b) - burnout_recovery supervision b
 *   leaving    turnover_base + turnover_burnout b, weekly
 *   vacancy    vacancy_weeks without sessions or anchoring; then a successor with new skills and the
 *              knowledge of successor_months; T of the caseload is multiplied by handover
 *
 * draws   PURPOSE_LINK_WORKER (post, week of hiring), PURPOSE_TURNOVER
 * units   shares and probabilities per week, minutes per week
 * source  29 % consider resigning within a year (NALW 2020); 61 % had no clinical supervision; time in
 *         role 2 to 38 months (Tierney et al. 2024, Table 1); sizes calibrated or assumed
 */
#include "mechanisms/workforce.h"

#include "base/numeric.h"
#include "mechanisms/mechanisms.h"

void workforce_hire(struct site *site, int post, double months, double bonus)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct link_worker *worker = &site->link_workers[post];
    struct random_stream stream =
        random_open(&site->key, (uint32_t)post, (uint32_t)(site->week + 1), PURPOSE_LINK_WORKER);
    const double concentration = k->link_worker.skill_concentration;
    const float trained = (float)(k->link_worker.training * k->link_worker.training_effect);
#define SKILL(name)                                                                                \
    worker->name = (float)random_beta(&stream, k->link_worker.name##_mean, concentration)
    SKILL(listening);
    SKILL(informality);
    SKILL(reliability);
    SKILL(directiveness);
    SKILL(tailoring);
    SKILL(goal_setting);
    SKILL(advocacy);
#undef SKILL
    worker->listening = rise(worker->listening, trained);
    worker->tailoring = rise(worker->tailoring, trained);
    const float learned = (float)k->link_worker.knowledge_maximum *
                          (1.0f - exponential((float)(-months / k->link_worker.knowledge_months)));
    for (int d = 0; d < NEED_COUNT; d++) {
        worker->knowledge[d] = clip01(learned + (float)bonus);
    }
    worker->burnout = 0.0f;
    worker->vacant_weeks = 0;
}

static void learn(const struct parameters *k, struct link_worker *worker)
{
    const float most = (float)k->link_worker.knowledge_maximum;
    const float gain = (float)(k->link_worker.knowledge_gain * worker->community /
                               k->link_worker.community_reference);
    for (int d = 0; d < NEED_COUNT; d++) {
        const float known = worker->knowledge[d];
        worker->knowledge[d] =
            clip01(known + gain * (most - known) - (float)k->link_worker.knowledge_fade * known);
    }
}

static void tire(const struct parameters *k, struct link_worker *worker)
{
    const double overload = worker->asked > 0.0 ? 1.0 - worker->given / worker->asked : 0.0;
    const float b = worker->burnout;
    worker->burnout =
        clip01(b + (float)(k->link_worker.burnout_overload * overload) * (1.0f - b) -
               (float)(k->link_worker.burnout_recovery * k->link_worker.supervision) * b);
}

static void succeed(struct site *site, int post)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct link_worker *worker = &site->link_workers[post];
    workforce_hire(site, post, k->link_worker.successor_months, 0.0);
    for (int slot = 0; slot < worker->caseload; slot++) {
        site->patients.trust[worker->patients[slot]] *= (float)k->link_worker.handover;
    }
}

static void consider_leaving(struct site *site, int post)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct link_worker *worker = &site->link_workers[post];
    struct random_stream stream =
        random_open(&site->key, (uint32_t)post, (uint32_t)site->week, PURPOSE_TURNOVER);
    const float hazard = (float)k->link_worker.turnover_base +
                         (float)k->link_worker.turnover_burnout * worker->burnout;
    if (random_chance(&stream, hazard)) {
        site->events.leavers++;
        worker->left = true;
        worker->vacant_weeks = k->link_worker.vacancy_weeks;
        if (worker->vacant_weeks == 0) {
            succeed(site, post);
        }
    }
}

void workforce_step(struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    for (int post = 0; post < site->link_worker_count; post++) {
        struct link_worker *worker = &site->link_workers[post];
        if (link_worker_is_in_post(worker)) {
            learn(k, worker);
            tire(k, worker);
            consider_leaving(site, post);
        } else if (--worker->vacant_weeks == 0) {
            succeed(site, post);
        }
    }
}
