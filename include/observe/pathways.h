/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_PATHWAYS_H
#define BUYIN_OBSERVE_PATHWAYS_H

#include "state/site.h"

/** How a patient travelled (Figure 1 of the study, and what lies outside it).
 *
 *  Classified pathway_weeks after the first session, at the end of that week, or at the end of the
 *  run for everyone else; the first rule that holds counts:
 */
enum pathway {
    PATHWAY_A_RAPID,           /* connected through the link worker after at most few_sessions */
    PATHWAY_B_ANCHORED,        /* connected through the link worker after more */
    PATHWAY_OWN_SUPPORT,       /* connected only to support found on their own */
    PATHWAY_DISENGAGED,        /* dropped out before any connection */
    PATHWAY_C_CONNECTING_WITH, /* more than few_sessions, or closed by the service, no connection */
    PATHWAY_BRIEF,             /* taken up, few sessions, none of these yet */
    PATHWAY_WAITING,           /* still waiting */
    PATHWAY_DECLINED,          /* never took up */
    PATHWAY_COUNT
};

extern const char *const pathway_names[PATHWAY_COUNT];

/** The pathway of patient `i` as things stand now. */
enum pathway pathway_now(const struct site *site, size_t i);

/** Whether patient `i` has never connected in any way so far. */
static inline bool has_never_connected(const struct site *site, size_t i)
{
    return site->patients.link_connection_week[i] == NEVER &&
           site->patients.own_connection_week[i] == NEVER;
}

/** At the end of a run: fixes the pathway of everyone who has not reached the horizon. */
void pathways_complete(struct site *site);

#endif
