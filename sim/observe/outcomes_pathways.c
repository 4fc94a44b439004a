/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: pathways overall and by group, barriers of those on each pathway, growth of trust
 */
#include "outcome_emitter.h"

#include <string.h>

static const char *const pathway_texts[PATHWAY_COUNT] = {
    "connected through the link worker after few sessions",
    "connected through the link worker after more than few sessions",
    "connected only to support found on their own",
    "dropped out before any connection",
    "more than few sessions, or closed by the service, without any connection",
    "taken up, few sessions, none of the others yet",
    "still waiting",
    "never took up"};

/* The order in which the shares of those offered are listed. */
static const enum pathway order[PATHWAY_COUNT] = {
    PATHWAY_A_RAPID,    PATHWAY_B_ANCHORED, PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
    PATHWAY_DISENGAGED, PATHWAY_BRIEF,      PATHWAY_DECLINED,          PATHWAY_WAITING};

static void of_group(struct emitter *e, int group, bool engaged_only)
{
    const double *sums = e->tally->groups[group];
    const double all = sums[SUM_OFFERED];
    const double outside =
        sums[SUM_PATHWAY + PATHWAY_DECLINED] + sums[SUM_PATHWAY + PATHWAY_WAITING];
    char name[GROUP_NAME_SIZE];
    group_name(group, name);
    for (int n = 0; n < (engaged_only ? PATHWAY_COUNT - 2 : PATHWAY_COUNT); n++) {
        const enum pathway pathway = order[n];
        const double persons = sums[SUM_PATHWAY + pathway];
        emit(e, share(persons, engaged_only ? all - outside : all), "share", pathway_texts[pathway],
             "pathway_of_%s.%s.%s", engaged_only ? "engaged" : "offered", name,
             pathway_names[pathway]);
    }
}

static void barriers(struct emitter *e)
{
    static const char *const names[6] = {"carer",       "transport", "poor_housing",
                                         "poor_health", "language",  "female"};
    static const enum pathway pathways[3] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                             PATHWAY_C_CONNECTING_WITH};
    const double *all = e->tally->groups[GROUP_ALL];
    for (int b = 0; b < 6; b++) {
        for (int n = 0; n < 3; n++) {
            const enum pathway pathway = pathways[n];
            emit(e,
                 share(e->tally->sums.barrier_of_pathway[b][pathway], all[SUM_PATHWAY + pathway]),
                 "share",
                 "People with this barrier at the start (or women), of those on the pathway.",
                 "barrier_share.%s.%s", names[b], pathway_names[pathway]);
        }
    }
}

static void weeks_of_contact(struct emitter *e)
{
    static const enum pathway pathways[4] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                             PATHWAY_C_CONNECTING_WITH, PATHWAY_DISENGAGED};
    for (int n = 0; n < 4; n++) {
        const enum pathway pathway = pathways[n];
        const double persons = e->tally->courses[STRATUM_PATHWAY + pathway].persons[0];
        emit(
            e, share(e->tally->sums.caseload_weeks_of_pathway[pathway], persons), "week",
            "Weeks on a caseload by the end of the run, all episodes, mean over people seen on the "
            "pathway.",
            "caseload_weeks.mean.%s", pathway_names[pathway]);
    }
}

static void growth_of_trust(struct emitter *e)
{
    static const char *const names[6] = {"1", "2", "3", "4", "5_or_more", "never"};
    for (int n = 0; n < 6; n++) {
        emit(e, share(e->tally->sums.trusted_after[n], e->tally->sums.trusted_persons), "share",
             "People whose trust first reached 0.4 just after this session, of those with four or "
             "more sessions.",
             "trust_reaches_0.4_after_sessions.%s", names[n]);
    }
}

void emit_pathways(struct emitter *e)
{
    for (int group = 0; group < group_count(e->sites); group++) {
        of_group(e, group, false);
    }
    for (int group = 0; group < group_count(e->sites); group++) {
        of_group(e, group, true);
    }
    emit(e, share(e->tally->sums.censored, e->tally->groups[GROUP_ALL][SUM_SEEN]), "share",
         "People seen whose pathway horizon lies after the run, of those seen.",
         "pathway.censored_share_of_seen");
    barriers(e);
    weeks_of_contact(e);
    growth_of_trust(e);
}
