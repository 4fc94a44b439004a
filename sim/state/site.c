/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/site.h"

void site_join_caseload(struct site *site, size_t i, int post)
{
    struct link_worker *worker = &site->link_workers[post];
    worker->patients[worker->caseload++] = (int32_t)i;
    site->patients.link_worker[i] = post;
}

void site_leave_caseload(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    struct link_worker *worker = &site->link_workers[p->link_worker[i]];
    for (int slot = 0; slot < worker->caseload; slot++) {
        if (worker->patients[slot] == (int32_t)i) {
            worker->patients[slot] = worker->patients[--worker->caseload];
            break;
        }
    }
    p->link_worker[i] = NOBODY;
    p->suggestion[i] = NOTHING;
    p->held[i] = 0;
}

void site_leave_support(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    if (p->support_place[i] != NOTHING) {
        site->services[p->support_place[i]].taken--;
    }
    p->support_place[i] = NOTHING;
    p->support_domain[i] = NOTHING;
    p->support_social[i] = 0.0f;
}

void site_count_try(struct site *site, size_t i, int s)
{
    uint8_t *tries = &site->tries[i * (size_t)site->service_count + (size_t)s];
    if (*tries < UINT8_MAX - 1) {
        (*tries)++;
    }
}
