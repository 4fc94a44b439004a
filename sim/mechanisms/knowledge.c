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
#include "base/vector.h"
#include "mechanisms/session.h"

static float mean_knowledge(const struct link_worker *worker)
{
    float sum = 0.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        sum += worker->knowledge[d];
    }
    return sum * (1.0f / NEED_COUNT);
}

VECTOR_LOOP
void knowledge_effects(const struct meetings *m, struct changes *change)
{
    const struct parameters *k = &m->coefficients->parameters;
    const struct link_worker *worker = m->worker;
    const int n = whole_vectors(m->count);
    const float quality = m->quality, together = 1.0f - 0.5f * worker->directiveness;
    const float ks2 = (float)k->mechanisms.KS2;
    const float hopeful = (float)(k->session.knowledge_hope * k->mechanisms.KS1);
    const float clear = (float)k->session.plan_clarity, control = (float)k->session.plan_confidence;
    const float help = (float)k->mechanisms.KS4 * worker->knowledge[NEED_FINANCIAL];
    const float relief = (float)k->session.financial_relief * help * quality;
    const float unburden = (float)k->session.financial_stress_relief;
    const float coping = (float)(k->session.coping_strategies * k->mechanisms.KS5) *
                         mean_knowledge(worker) * quality;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const float trusted = m->knowledge[i] * m->trust[i];
        const float plan = ks2 * trusted;
        const float need = m->need[NEED_FINANCIAL][i], relieved = need > 0.0f ? relief : 0.0f;
        change->hope[i] += gain(m->hope[i], hopeful * trusted);
        change->clarity[i] += gain(m->clarity[i], clear * plan * quality * together);
        change->confidence[i] += gain(m->confidence[i], control * plan);
        change->need_financial[i] += loss(need, relieved);
        change->barrier[BARRIER_INCOME][i] += loss(m->barrier[BARRIER_INCOME][i], relieved);
        change->stress[i] += loss(m->stress[i], unburden * need * help);
        change->coping[i] += gain(m->coping[i], coping);
    }
}
