/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "state/site.h"

static int violation(const struct site *site, const char *law, size_t row)
{
    return error_set(ERROR_MODEL, "site %u, replicate %u, week %d, row %zu: %s",
                     (unsigned)site->key.site, (unsigned)site->key.replicate, site->week, row, law);
}

static bool is_share(float x)
{
    return x >= 0.0f && x <= 1.0f;
}

static int verify_states(const struct site *site)
{
    const struct patients *p = &site->patients;
    const float *const states[] = {p->trust,     p->hope,      p->stress,     p->confidence,
                                   p->isolation, p->clarity,   p->motivation, p->coping,
                                   p->ties,      p->enjoyment, p->uncertainty};
    for (size_t i = 0; i < site->offered; i++) {
        for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
            if (!is_share(states[s][i])) {
                return violation(site, "a state lies outside [0, 1]", i);
            }
        }
        for (int d = 0; d < NEED_COUNT; d++) {
            if (!is_share(p->need[d][i])) {
                return violation(site, "a need lies outside [0, 1]", i);
            }
        }
        for (int k = 0; k < BARRIER_COUNT; k++) {
            if (!is_share(p->barrier[k][i])) {
                return violation(site, "a barrier lies outside [0, 1]", i);
            }
        }
    }
    return 0;
}

static int verify_patient(const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const int status = p->status[i];
    const bool named = p->link_worker[i] != NOBODY;
    if (status <= STATUS_LATENT || status >= STATUS_COUNT) {
        return violation(site, "after the first offer the status is none of the seven", i);
    }
    if (named != (status_is_on_caseload(status) != 0)) {
        return violation(site, "status and caseload disagree", i);
    }
    if (p->suggestion[i] != NOTHING && status != STATUS_ENGAGED && status != STATUS_TAPERING) {
        return violation(site, "an open suggestion outside engaged and tapering", i);
    }
    if (p->support_place[i] != NOTHING && p->support_domain[i] == NOTHING) {
        return violation(site, "a place is taken without support", i);
    }
    if (status == STATUS_CONNECTED && p->support_domain[i] == NOTHING) {
        return violation(site, "connected without support", i);
    }
    return 0;
}

static int verify_link_worker(const struct site *site, int post)
{
    const struct link_worker *worker = &site->link_workers[post];
    int named = 0;
    for (size_t i = 0; i < site->offered; i++) {
        named += site->patients.link_worker[i] == post;
    }
    if (named != worker->caseload) {
        return violation(site, "a caseload differs from the patients who name its post",
                         (size_t)post);
    }
    for (int slot = 0; slot < worker->caseload; slot++) {
        if (site->patients.link_worker[worker->patients[slot]] != post) {
            return violation(site, "a caseload lists a patient of another post", (size_t)post);
        }
    }
    if (worker->given - worker->unused + worker->accompanying > worker->minutes + 1e-6) {
        return violation(site, "more minutes were used than there were", (size_t)post);
    }
    if (!is_share(worker->burnout) || worker->spare < -1e-6 || worker->community < -1e-6) {
        return violation(site, "burnout outside [0, 1] or negative minutes left", (size_t)post);
    }
    return 0;
}

static int verify_service(const struct site *site, int s)
{
    int using_it = 0;
    for (size_t i = 0; i < site->offered; i++) {
        using_it += site->patients.support_place[i] == s;
    }
    if (using_it != site->services[s].taken) {
        return violation(site, "places taken differ from the patients using them", (size_t)s);
    }
    if (site->services[s].taken > site->services[s].places) {
        return violation(site, "more places are taken than there are", (size_t)s);
    }
    return 0;
}

int site_verify(const struct site *site)
{
    int status = verify_states(site);
    for (size_t i = 0; status == 0 && i < site->offered; i++) {
        status = verify_patient(site, i);
    }
    for (int post = 0; status == 0 && post < site->link_worker_count; post++) {
        status = verify_link_worker(site, post);
    }
    for (int s = 0; status == 0 && s < site->service_count; s++) {
        status = verify_service(site, s);
    }
    return status;
}
