/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order of a week
 *
 * 1 life events, easing  2 consultations, offers, decisions  3 diaries and openings  4 sessions and
 * suggestions  5 attempts to connect  6 support  7 what fades between sessions  8 dropping out,
 * endings 9 link workers  10 recording (observe/, by the caller).
 *
 * People first offered a referral this week join between 2 and 3: their own steps 1 and 2 belong to
 * the starting population (run/arrival.c), since in registered mode they decide whether there is an
 * offer.
 */
#include "run/week.h"

#include "mechanisms/mechanisms.h"

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
