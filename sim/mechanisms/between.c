/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between sessions (step 7), everyone after the first offer - AP1
 *
 *   S   moves by k_S toward clip(s_0 + s_V V + s_B mean(B) + s_L L - s_P P); then
 *       AP1: falls by k_anch [AP1] T reliability, on a caseload whose post is filled
 *   M   moves by k_M toward clip(m_0 + m_H H + m_C C + m_K K - m_S S)
 *   H, C, K, P, F  fade to the patient's baselines
 *   T   falls by trust_fade once more than trust_gap_weeks have passed without contact
 *   L   moves by k_L toward clip(l_0 + l_social n_social + l_rel n_relationships - l_F F)
 *
 * All resting levels are taken from the values before this step.
 * AP1: a reliable link worker in the background means not being alone.
 *
 * units   shares per week     source  Tierney et al. 2024, Table 4; rates assumed or calibrated
 */
#include "mechanisms/between.h"

#include "base/numeric.h"
#include "mechanisms/mechanisms.h"

struct resting_weights resting_weights(const struct coefficients *c)
{
    const struct parameters *k = &c->parameters;
    return (struct resting_weights){
        .severity_weight = c->severity_weight,
        .stress_rate = (float)k->between.stress_rate,
        .stress_intercept = (float)k->between.stress_intercept,
        .stress_severity = (float)k->between.stress_severity,
        .stress_barriers = (float)(k->between.stress_barriers / BARRIER_COUNT),
        .stress_isolation = (float)k->between.stress_isolation,
        .stress_coping = (float)k->between.stress_coping,
        .motivation_rate = (float)k->between.motivation_rate,
        .motivation_intercept = (float)k->between.motivation_intercept,
        .motivation_hope = (float)k->between.motivation_hope,
        .motivation_confidence = (float)k->between.motivation_confidence,
        .motivation_clarity = (float)k->between.motivation_clarity,
        .motivation_stress = (float)k->between.motivation_stress,
        .isolation_rate = (float)k->between.isolation_rate,
        .isolation_intercept = (float)k->between.isolation_intercept,
        .isolation_social = (float)k->between.isolation_social,
        .isolation_relationships = (float)k->between.isolation_relationships,
        .isolation_ties = (float)k->between.isolation_ties,
    };
}

/* Stress, motivation and isolation first: their resting levels need what the others were. */
VECTOR_LOOP
static void move(struct site *site)
{
    const struct resting_weights weights = resting_weights(site->coefficients);
    const struct parameters *k = &site->coefficients->parameters;
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const int gap = k->between.trust_gap_weeks;
    const float anchoring = (float)(k->between.anchor_stress * k->mechanisms.AP1);
    const float hope_fade = (float)k->between.hope_fade, trust_fade = (float)k->between.trust_fade;
    const float confidence_fade = (float)k->between.confidence_fade;
    const float clarity_fade = (float)k->between.clarity_fade;
    const float coping_fade = (float)k->between.coping_fade;
    const float ties_fade = (float)k->between.ties_fade;
    const struct patients *p = &site->patients;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    const float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1];
    const float *restrict b2 = p->barrier[2], *restrict b3 = p->barrier[3];
    const float *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    const float *restrict hope0 = p->hope_baseline, *restrict confidence0 = p->confidence_baseline;
    const float *restrict clarity0 = p->clarity_baseline, *restrict coping0 = p->coping_baseline;
    const float *restrict ties0 = p->ties_baseline, *restrict anchor = p->anchor;
    const int32_t *restrict contact = p->contact_week;
    float *restrict hope = p->hope, *restrict confidence = p->confidence;
    float *restrict clarity = p->clarity, *restrict coping = p->coping, *restrict ties = p->ties;
    float *restrict trust = p->trust, *restrict stress = p->stress;
    float *restrict motivation = p->motivation, *restrict isolation = p->isolation;
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float here = i < n ? 1.0f : 0.0f;
        const float severe =
            severity_of_values(weights.severity_weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float barriers = b0[i] + b1[i] + b2[i] + b3[i] + b4[i] + b5[i];
        const float s_rest = resting_stress(&weights, severe, barriers, isolation[i], coping[i]);
        const float m_rest =
            resting_motivation(&weights, hope[i], confidence[i], clarity[i], stress[i]);
        const float l_rest = resting_isolation(&weights, n2[i], n3[i], ties[i]);
        const float s = toward(stress[i], here * weights.stress_rate, s_rest);
        const float alone = week - contact[i] > gap ? here * trust_fade : 0.0f;
        stress[i] = fall(s, here * anchoring * trust[i] * anchor[i]);
        motivation[i] = toward(motivation[i], here * weights.motivation_rate, m_rest);
        isolation[i] = toward(isolation[i], here * weights.isolation_rate, l_rest);
        hope[i] = toward(hope[i], here * hope_fade, hope0[i]);
        confidence[i] = toward(confidence[i], here * confidence_fade, confidence0[i]);
        clarity[i] = toward(clarity[i], here * clarity_fade, clarity0[i]);
        coping[i] = toward(coping[i], here * coping_fade, coping0[i]);
        ties[i] = toward(ties[i], here * ties_fade, ties0[i]);
        trust[i] = eased(trust[i], alone);
    }
}

static void find_anchors(struct site *site)
{
    struct patients *p = &site->patients;
    for (size_t i = 0; i < site->offered; i++) {
        p->anchor[i] = 0.0f;
    }
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        if (link_worker_is_in_post(worker)) {
            for (int slot = 0; slot < worker->caseload; slot++) {
                p->anchor[worker->patients[slot]] = worker->reliability;
            }
        }
    }
}

void between_step(struct site *site)
{
    find_anchors(site);
    move(site);
}
