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

void interpersonal_effects(const struct meeting *m, struct changes *change)
{
    const struct parameters *k = m->parameters;
    const float shared = m->trust * m->input;
    const float understood =
        1.0f - m->barrier[BARRIER_LANGUAGE] * (1.0f - (float)k->session.interpreter);
    const float offload = (float)k->mechanisms.IS3 * shared;

    change->trust += gain(m->trust, m->rapport * m->input * understood);
    change->uncertainty +=
        loss(m->uncertainty, (float)k->session.role_clarity * m->worker->listening * m->quality);
    change->stress += loss(m->stress, (float)k->session.offload_stress * offload);
    change->coping += gain(m->coping, (float)k->session.offload_coping * offload);
    change->enjoyment += 0.5f * ((float)k->mechanisms.IS4 * shared - m->enjoyment);
    change->hope += gain(m->hope, (float)(k->session.uplift_hope * k->mechanisms.IS5) * shared);
}
