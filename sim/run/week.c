/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order of a week
 *
 *    1  life events, easing                      life.c
 *    2  GP consultations, offers, decisions      consultation.c, enrolment.c
 *    3  diaries, openings from the waiting list  diary.c, enrolment.c
 *    4  sessions, suggestions                    session.c and its mechanisms, suggestion.c
 *    5  attempts to connect, own support         connection.c
 *    6  effects of support                       support.c
 *    7  what fades between sessions              between.c
 *    8  dropping out, endings                    disengagement.c, ending.c
 *    9  link workers                             workforce.c
 *   10  recording                                observe/recorder.c, by the caller
 *
 * People first offered a referral this week join between 2 and 3: their own steps 1 and 2 belong to the
 * starting population (run/arrival.c), since in registered mode they decide whether there is an offer.
 */
#include "run/week.h"

#include "mechanisms/consultation.h"
#include "mechanisms/mechanisms.h"
#include "observe/pathways.h"

void week_step(struct site *site)
{
    site->week++;
    site->seen_before[site->week] = site->seen_count;
    weekly_draws(site); /* not for those first offered this week: no step of theirs needs one yet */
    life_step(site);
    consultation_step(site);
    enrolment_step(site);
    diary_step(site);
    connection_step(site);
    support_step(site);
    between_step(site);
    disengagement_step(site);
    ending_step(site);
    workforce_step(site);
}

void weeks_complete(struct site *site)
{
    consultation_complete(site);
    site_complete_caseloads(site);
    pathways_complete(site);
}
