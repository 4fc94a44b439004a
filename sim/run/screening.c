/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who on the list could be offered anything within the run
 *
 * Most adults meet no candidate week of latent.c before the run ends. Of them nothing is needed, so
 * they are found by a loop that makes the three draws that decide it for sixteen people at once:
 *
 *   rate   m / (1 - m) > -ln(1 - m),  m = consulting at S = 1, offer at V = 1, both at the top of the
 *          steps of the two quantile tables that the person's age and personal rate fall into
 *   out    when -ln(1 - u) > weeks rate for the GP's draw and likewise for the other routes'
 *
 * Every rounding is made toward keeping a person; whoever is kept is looked at again exactly.
 *
 * draws   first words of PURPOSE_REGISTER, _LATENT_GP, _LATENT_OTHER
 */
#include "run/screening.h"

#include "base/inverse.h"
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/consultation.h"

#include <math.h>

enum { BLOCK = 1024 };
static const float MARGIN = 1.001f;     /* on rates: far more than single precision loses */
static const float STEP_MARGIN = 0.05f; /* on positions in a quantile table, in steps */

/* What holds for everybody on one practice's list. */
struct screen {
    uint32_t seed, replicate, site;
    float age_effect[QUANTILE_NODES], personal[QUANTILE_NODES]; /* most in each step */
    float woman, man, woman_surely, woman_possibly;
    float most_stressed; /* consultations a week at S = 1 and rate 1 */
    float most_offering; /* at V = 1 */
    float weeks;
    uint32_t other_most; /* other routes' word up to which a candidate week is possible */
};

/* Ages ascend in their table, so that the most in a step is at its end or beginning. */
static void fill_tables(struct screen *screen, const struct coefficients *c)
{
    const float slope = (float)(c->parameters.gp.age_slope / 10.0);
    const float low = (float)c->age_low - 45.0f, span = (float)c->age_span;
    float effect[QUANTILE_NODES + 1];
    for (int i = 0; i <= QUANTILE_NODES; i++) {
        effect[i] = exponential(slope * (low + span * c->age.node[i])) * MARGIN;
    }
    for (int i = 0; i < QUANTILE_NODES; i++) {
        const float begin = effect[i > 0 ? i - 1 : 0];
        const float end = effect[i + 2 < QUANTILE_NODES ? i + 2 : QUANTILE_NODES];
        screen->age_effect[i] = begin > end ? begin : end;
        screen->personal[i] = c->consultation_rate.node[i + 1] * MARGIN;
    }
}

static void prepare(struct screen *screen, const struct site *site)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const double other = k->gp.other_route_hazard;
    const double other_rate = other < 0.5 ? other / (1.0 - other) : 700.0;
    const double most = -expm1(-other_rate * site->weeks * (double)MARGIN) * 0x1p32 + 2.0;
    *screen = (struct screen){.seed = site->key.seed,
                              .replicate = site->key.replicate,
                              .site = site->key.site,
                              .woman = (float)(k->gp.base_rate * exp(k->gp.female_effect)) * MARGIN,
                              .man = (float)k->gp.base_rate * MARGIN,
                              .woman_surely = (float)c->female_share - 0x1p-20f,
                              .woman_possibly = (float)c->female_share + 0x1p-20f,
                              .most_stressed =
                                  exponential((float)k->gp.stress_effect * 0.7f) * MARGIN / 52.0f,
                              .weeks = (float)site->weeks * MARGIN,
                              .other_most = most < 0x1.fffffffep31 ? (uint32_t)most : UINT32_MAX};
    fill_tables(screen, c);
}

/* Marks those of persons first to first + count - 1 that are kept. */
VECTOR_LOOP
static void screen_block(const struct screen *screen, int32_t first, int count,
                         int32_t *restrict kept)
{
    const uint32_t seed = screen->seed, replicate = screen->replicate, site = screen->site;
    const float *restrict age_effect = screen->age_effect, *restrict personal = screen->personal;
    const float woman = screen->woman, man = screen->man, weeks = screen->weeks;
    const float surely = screen->woman_surely, possibly = screen->woman_possibly;
    const float most_stressed = screen->most_stressed, most_offering = screen->most_offering;
    const uint32_t other_most = screen->other_most;
#pragma omp simd
    for (int i = 0; i < count; i++) {
        const uint32_t person = (uint32_t)(first + i);
        const struct threefry_words about =
            threefry(person, 0, PURPOSE_REGISTER, 0, seed, replicate, site, 0);
        const uint32_t by_gp =
            threefry(person, 0, PURPOSE_LATENT_GP, 0, seed, replicate, site, 0).a;
        const uint32_t by_other =
            threefry(person, 0, PURPOSE_LATENT_OTHER, 0, seed, replicate, site, 0).a;

        const float u = random_unit(about.a);
        const float root = sqrtf(u < 0.5f ? 2.0f * u : 2.0f - 2.0f * u);
        const float half = u < 0.5f ? root - 1.0f : 1.0f - root;
        const int age_step =
            (int)clip((half + 1.0f) * (QUANTILE_NODES / 2.0f), 0.0f, (float)(QUANTILE_NODES - 1));

        const float above = clip(random_unit(~about.b), 0x1p-33f, 1.0f);
        const float position =
            sqrtf(-logarithm(above) * (1.0f / GAMMA_END)) * QUANTILE_NODES + STEP_MARGIN;
        const int rate_step = (int)clip(position, 0.0f, (float)(QUANTILE_NODES - 1));

        const float gender = random_unit(about.c);
        const float if_woman = gender < possibly ? woman : man,
                    if_man = gender < surely ? woman : man;
        const float gendered = if_woman > if_man ? if_woman : if_man;

        const float weekly = gendered * age_effect[age_step] * personal[rate_step] * most_stressed;
        const float consulting = 1.0f - exponential(-weekly) + 0x1p-22f;
        const float most = consulting * most_offering;
        const float none = most < 0.49f ? 1.0f - most : 0.0f;
        const int gp_in_time = minus_log_complement(random_unit(by_gp)) * none <= most * weeks;
        kept[i] = gp_in_time | (by_other <= other_most);
    }
}

size_t screening_candidates(const struct site *site, int32_t *persons)
{
    const struct parameters *k = &site->coefficients->parameters;
    const int32_t list = k->registered.list_size_per_practice;
    int32_t kept[BLOCK];
    struct screen screen;
    size_t count = 0;
    prepare(&screen, site);
    for (int32_t first = 0; (size_t)first < site->population; first += BLOCK) {
        const size_t left = site->population - (size_t)first;
        const int n = left < BLOCK ? (int)left : BLOCK;
        float most = 0.0f;
        for (int32_t practice = first / list; practice <= (first + n - 1) / list; practice++) {
            const int32_t last = site->practice_count - 1;
            most = fmaxf(most, site->practices[practice < last ? practice : last].adoption);
        }
        screen.most_offering = clip01((float)k->gp.offer_base * most * MARGIN);
        screen_block(&screen, first, n, kept);
        for (int i = 0; i < n; i++) {
            persons[count] = first + i;
            count += (size_t)kept[i];
        }
    }
    return count;
}
