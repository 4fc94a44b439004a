/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knowledge shared in a session (step 4) - KS1, KS2, KS4, KS5 (KS3 acts in suggestion.c)
 *
 *   KS1   H rises by k_hope [KS1] knowledge_d T                         d: the largest need
 *   KS2   K rises by k_plan [KS2] knowledge_d T q (1 - directiveness / 2)
 *         C rises by k_ctl [KS2] knowledge_d T
 *   KS4   with a financial need:  n_fin and B_income fall by k_fin [KS4] knowledge_fin q
 *                                 S falls by k_finS [KS4] n_fin knowledge_fin
 *   KS5   P rises by k_cop [KS5] mean(knowledge) q
 *
 * KS1 knowing many options gives hope; KS2 a plan made together clears the way and gives control;
 * KS4 help with money eases daily pressure; KS5 coping strategies are shared.
 *
 * units   shares per session     source  Tierney et al. 2024, Table 4; sizes calibrated
 */
#include "mechanisms/session.h"

static float mean_knowledge(const struct link_worker *worker)
{
    float sum = 0.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        sum += worker->knowledge[d];
    }
    return sum * (1.0f / NEED_COUNT);
}

void knowledge_effects(const struct meeting *m, struct changes *change)
{
    const struct parameters *k = m->parameters;
    const struct link_worker *worker = m->worker;
    const float trusted = worker->knowledge[m->largest] * m->trust;
    const float plan = (float)k->mechanisms.KS2 * trusted;

    change->hope += gain(m->hope, (float)(k->session.knowledge_hope * k->mechanisms.KS1) * trusted);
    change->clarity += gain(m->clarity, (float)k->session.plan_clarity * plan * m->quality *
                                            (1.0f - 0.5f * worker->directiveness));
    change->confidence += gain(m->confidence, (float)k->session.plan_confidence * plan);

    const float need = m->need[NEED_FINANCIAL];
    if (need > 0.0f) {
        const float help = (float)k->mechanisms.KS4 * worker->knowledge[NEED_FINANCIAL];
        const float relief = (float)k->session.financial_relief * help * m->quality;
        change->need_financial += loss(need, relief);
        change->barrier[BARRIER_INCOME] += loss(m->barrier[BARRIER_INCOME], relief);
        change->stress += loss(m->stress, (float)k->session.financial_stress_relief * need * help);
    }
    change->coping += gain(m->coping, (float)(k->session.coping_strategies * k->mechanisms.KS5) *
                                          mean_knowledge(worker) * m->quality);
}
