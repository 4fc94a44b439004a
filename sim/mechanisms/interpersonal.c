/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Interpersonal skills in a session (step 4) - IS1 to IS5, and trust
 *
 *   input       x = clip(i_1 [IS1] listening (1 - k_b burnout) q + i_2 [IS2] informality q)
 *   language    comm = 1 - B_language (1 - interpreter)
 *   trust       T rises by rapport x comm         rapport is personal: some open up at once (P3)
 *   the role    U falls by k_clear listening q
 *   IS3         S falls by k_off [IS3] T x,  P rises by k_cope [IS3] T x
 *   IS4         E moves halfway to [IS4] T x
 *   IS5         H rises by k_up [IS5] T x
 *
 * IS1 space and listening let people open up; IS2 informal language levels power; IS3 off-loading
 * eases and helps to cope; IS4 it makes meetings enjoyable; IS5 feeling valued uplifts.
 *
 * units   shares per session     source  Tierney et al. 2024, Table 4; sizes calibrated
 */
#include "base/vector.h"
#include "mechanisms/session.h"

float interpersonal_input(const struct parameters *k, const struct link_worker *worker,
                          float quality)
{
    const float heard =
        worker->listening * (1.0f - (float)k->session.burnout_listening_loss * worker->burnout);
    return clip01((float)(k->session.listening_weight * k->mechanisms.IS1) * heard * quality +
                  (float)(k->session.informality_weight * k->mechanisms.IS2) * worker->informality *
                      quality);
}

VECTOR_LOOP
void interpersonal_effects(const struct meetings *m, struct changes *change)
{
    const struct parameters *k = &m->coefficients->parameters;
    const int n = whole_vectors(m->count);
    const float input = m->input, without_interpreter = 1.0f - (float)k->session.interpreter;
    const float clearing = (float)k->session.role_clarity * m->worker->listening * m->quality;
    const float is3 = (float)k->mechanisms.IS3, is4 = (float)k->mechanisms.IS4;
    const float relief = (float)k->session.offload_stress, cope = (float)k->session.offload_coping;
    const float uplift = (float)(k->session.uplift_hope * k->mechanisms.IS5);
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const float shared = m->trust[i] * input;
        const float understood = 1.0f - m->barrier[BARRIER_LANGUAGE][i] * without_interpreter;
        const float offload = is3 * shared;
        change->trust[i] += gain(m->trust[i], m->rapport[i] * input * understood);
        change->uncertainty[i] += loss(m->uncertainty[i], clearing);
        change->stress[i] += loss(m->stress[i], relief * offload);
        change->coping[i] += gain(m->coping[i], cope * offload);
        change->enjoyment[i] += 0.5f * (is4 * shared - m->enjoyment[i]);
        change->hope[i] += gain(m->hope[i], uplift * shared);
    }
}
