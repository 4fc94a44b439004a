/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_MECHANISMS_H
#define BUYIN_MECHANISMS_MECHANISMS_H

#include "base/vector.h"
#include "state/site.h"

/** The steps of a week, in the order in which run/week.c takes them.
 *
 *  Each moves the site through one step; each is one file that opens with its page.
 *  None of them can fail.
 */

void weekly_draws(struct site *site);       /* draws.c: four uniforms a patient */
void life_step(struct site *site);          /* life.c: events, easing */
void consultation_step(struct site *site);  /* consultation.c: GP consultations */
void enrolment_step(struct site *site);     /* enrolment.c: offers, decisions, waiting */
void diary_step(struct site *site);         /* diary.c: openings, sessions (session.c) */
void connection_step(struct site *site);    /* connection.c: attempts, support of one's own */
void support_step(struct site *site);       /* support.c: effects of support, leaving it */
void between_step(struct site *site);       /* between.c: what fades between sessions */
void disengagement_step(struct site *site); /* disengagement.c: dropping out */
void ending_step(struct site *site);        /* ending.c: holding, tapering, closing */
void workforce_step(struct site *site);     /* workforce.c: knowledge, burnout, turnover */

#endif
