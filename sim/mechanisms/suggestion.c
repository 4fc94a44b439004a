/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The suggestion that closes a session (step 4) - RD1, RD2, KS3, and pushing
 *
 * For an engaged patient without an open suggestion, on the values after the session:
 *
 *   seen as ready  R^ = R + (1 - clip([RD1] tailoring)) sigma_R z,   z standard normal
 *   made if        R^ > theta_s (1 - directiveness / 2)
 *   a push if      R < theta_push:  T falls by k_push (theta_push - R), dropping out likelier (P6)
 *   domain         the largest need that the site has a service for
 *   service        of those of the domain least often refused or exhausted by this patient: with
 *                  probability tailoring the most passable, ties to the first; else any of them
 *                  passable = prod_k (1 - gate_k B_k), for a group times 1 - gate_g aversion
 *   accepted with  clip(s_0 + s_T T + s_r tailoring - s_g stigma stigma_domain
 *                       (1 - clip([KS3] tailoring))) min(1, R / theta_push)
 *                  T before the push, R before the option raises M
 *   RD2            every option heard: M rises by option_motivation [RD2], accepted or not
 *
 * RD1 tailoring sees how ready someone is; KS3 sensitive wording makes solutions acceptable.
 *
 * draws   four that the session has made: z, ask or not, which, acceptance
 * source  Tierney et al. 2024, Table 4 and text on holding back; sizes calibrated
 */
#include "base/inverse.h"
#include "mechanisms/mechanisms.h"
#include "mechanisms/session.h"
#include "state/indices.h"

float barrier_at_service(const struct patients *p, const struct vcse_service *service, int k,
                         size_t i)
{
    const float barrier = p->barrier[k][i];
    if (k == BARRIER_TRANSPORT) {
        return barrier * service->reach;
    }
    return k == BARRIER_LANGUAGE ? barrier * (1.0f - service->language_support) : barrier;
}

static float passable(const struct site *site, const struct vcse_service *service, size_t i)
{
    const struct coefficients *c = site->coefficients;
    const struct patients *p = &site->patients;
    float share = 1.0f;
    for (int k = 0; k < BARRIER_COUNT; k++) {
        share *= 1.0f - c->gate[service->format][k] * barrier_at_service(p, service, k, i);
    }
    if (service->format == FORMAT_GROUP) {
        share *= 1.0f - c->gate_aversion * p->group_aversion[i];
    }
    return share;
}

/* The largest need that the site has a service for, or -1 where there is no service at all. (Without
 * branches: which need it is cannot be foretold.) */
static int domain_served(const struct site *site, size_t i)
{
    int domain = -1;
    float most = -1.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        const float need = site->patients.need[d][i];
        const bool served = site->domain_services[d] < site->domain_services[d + 1];
        const bool larger = served & (need > most);
        domain = larger ? d : domain;
        most = larger ? need : most;
    }
    return domain;
}

static int choose_service(const struct site *site, size_t i, int domain, bool asks, float u)
{
    const int first = site->domain_services[domain], end = site->domain_services[domain + 1];
    const uint8_t *tries = &site->tries[i * (size_t)site->service_count];
    int least = UINT8_MAX, candidates = 0;
    for (int s = first; s < end; s++) {
        if (tries[s] < least) {
            least = tries[s];
            candidates = 0;
        }
        candidates += tries[s] == least;
    }
    int any = (int)(u * (float)candidates);
    int chosen = -1;
    float best = -1.0f;
    for (int s = first; s < end; s++) {
        if (tries[s] != least) {
            continue;
        }
        if (!asks) {
            if (any-- == 0) {
                return s;
            }
            continue;
        }
        const float share = passable(site, &site->services[s], i);
        if (share > best) {
            best = share;
            chosen = s;
        }
    }
    return chosen;
}

static void hear(struct site *site, size_t i, int service, bool accepted)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    events_of(site, i)->suggestions++;
    p->suggestions_made[i]++;
    p->options_heard[i]++;
    p->motivation[i] =
        rise(p->motivation[i], (float)(k->suggestion.option_motivation * k->mechanisms.RD2));
    if (accepted) {
        events_of(site, i)->suggestions_accepted++;
        p->suggestions_accepted[i]++;
        p->suggestion[i] = service;
        p->failed_attempts[i] = 0;
        p->held[i] = 0;
    } else {
        site_count_try(site, i, service);
    }
}

void suggestion_make(struct site *site, size_t i, const struct link_worker *worker,
                     const struct suggestion_draws *draws)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    const int domain = domain_served(site, i);
    if (domain < 0) {
        return;
    }
    const float ready = readiness(c, p, i);
    const float noise = (1.0f - clip01((float)k->mechanisms.RD1 * worker->tailoring)) *
                        (float)k->suggestion.readiness_noise;
    const float seen = ready + noise * normal_of(draws->noise);
    if (!(seen >
          (float)k->suggestion.readiness_threshold * (1.0f - 0.5f * worker->directiveness))) {
        return;
    }
    const float threshold = (float)k->suggestion.push_threshold;
    const bool asks = draws->asks < worker->tailoring;
    const int service = choose_service(site, i, domain, asks, draws->which);
    const float sensitive = 1.0f - clip01((float)k->mechanisms.KS3 * worker->tailoring);
    const float acceptable = clip01((float)k->suggestion.accept_intercept +
                                    (float)k->suggestion.accept_trust * p->trust[i] +
                                    (float)k->suggestion.accept_tailoring * worker->tailoring -
                                    (float)k->suggestion.accept_stigma * p->stigma_sensitivity[i] *
                                        c->stigma[domain] * sensitive);
    const float able = ready < threshold ? ready / threshold : 1.0f;
    const bool accepted = draws->accepts < acceptable * able;
    hear(site, i, service, accepted);
    if (ready < threshold) {
        events_of(site, i)->pushes++;
        p->pushed[i] = 1;
        p->trust[i] = fall(p->trust[i], (float)k->suggestion.push_trust_loss * (threshold - ready));
    }
}
