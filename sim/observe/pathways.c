/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/pathways.h"

const char *const pathway_names[PATHWAY_COUNT] = {"a_rapid",    "b_anchored",        "own_support",
                                                  "disengaged", "c_connecting_with", "brief",
                                                  "waiting",    "declined"};

enum pathway pathway_now(const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const int few = site->coefficients->parameters.outcome.few_sessions;
    if (p->link_connection_week[i] != NEVER) {
        return p->sessions_at_connection[i] <= few ? PATHWAY_A_RAPID : PATHWAY_B_ANCHORED;
    }
    if (p->ever_taken_up[i] && p->own_connection_week[i] != NEVER) {
        return PATHWAY_OWN_SUPPORT;
    }
    if (p->ever_disengaged[i]) {
        return PATHWAY_DISENGAGED;
    }
    if (p->ever_taken_up[i]) {
        return p->sessions[i] > few || p->ever_closed[i] ? PATHWAY_C_CONNECTING_WITH
                                                         : PATHWAY_BRIEF;
    }
    return p->status[i] == STATUS_WAITING ? PATHWAY_WAITING : PATHWAY_DECLINED;
}

void pathways_complete(struct site *site)
{
    struct patients *p = &site->patients;
    for (size_t i = 0; i < site->offered; i++) {
        if (p->pathway[i] == NEVER) {
            p->pathway[i] = (int32_t)pathway_now(site, i);
        }
    }
}
