/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_PURPOSE_H
#define BUYIN_STATE_PURPOSE_H

/** What a random draw is for: the last word of its address (base/random.h).
 *
 *  The entity of an address is the person's number on the site's list unless the
 *  comment says otherwise.  Numbers are never reused: an old result can be made again.
 */
enum purpose {
    /* starting population; week 0, or how often the person was drawn again */
    PURPOSE_ARRIVAL = 1,        /* week and route of the scheduled first offer */
    PURPOSE_REGISTER = 2,       /* age, gender, practice, consultation rate */
    PURPOSE_NEEDS = 3,          /* ethnicity, quintile, adversity, needs and barriers */
    PURPOSE_BASELINES = 4,      /* hope, confidence, clarity, coping, ties */
    PURPOSE_TRAITS = 5,         /* rapport, offset, stigma, uncertainty, few alternatives */
    PURPOSE_ACUTE = 6,          /* how much worse than usual things are at the first offer */
    PURPOSE_PAST = 7,           /* consultations in the weeks before the first offer */
    PURPOSE_LATENT_GP = 8,      /* weeks at which a GP might offer, and what decides then */
    PURPOSE_LATENT_OTHER = 9,   /* the same for other routes */
    PURPOSE_LATENT_LIFE = 10,   /* weeks of life events before the first offer */
    PURPOSE_LATENT_HEALTH = 11, /* weeks of health decline before the first offer */
    PURPOSE_PRACTICE = 12,      /* entity: practice */
    PURPOSE_SERVICE = 13,       /* entity: VCSE service */
    PURPOSE_LINK_WORKER = 14,   /* entity: post; week of hiring */
    PURPOSE_AVERSION = 15,      /* aversion to groups */

    /* every week, for everyone after the first offer: the four words of a block */
    PURPOSE_WEEK = 20,

    /* when something happens to a patient in a week */
    PURPOSE_LIFE_EVENT = 21, /* which need, by how much */
    PURPOSE_OFFER = 22,      /* decision on an offer */

    /* occasions of a patient's own, by their number instead of the week: the third session has the
     * same luck in two scenarios even if it falls into another week, which pairs them far better */
    PURPOSE_OPENING = 23,    /* take-up at the opening contact; openings before */
    PURPOSE_SESSION = 24,    /* attendance, advocacy, GP appointment, goal; sessions due before */
    PURPOSE_SUGGESTION = 25, /* perceived readiness, choice, acceptance; sessions due before */
    PURPOSE_BARRIERS = 26,   /* the hidden u of a suggestion; suggestions heard */
    PURPOSE_ATTEMPT = 27,    /* attempt to connect, going along; weeks with one open before */
    PURPOSE_DISENGAGEMENT = 28, /* weeks at risk before */

    PURPOSE_TURNOVER = 29,  /* entity: post */
    PURPOSE_INTERVIEW = 30, /* rank among the interviewees of the study in silico; week 0 */

    /* replicate: number of the set; entity: the parameter's name as a number */
    PURPOSE_PARAMETER_SET = 40
};

/** The four words of PURPOSE_WEEK. What one decides second is decided by what the first left open
 *  (second_happens in base/random.h), which is as good as a draw of its own. */
enum weekly_draw {
    DRAW_LIFE,         /* life event, then health decline */
    DRAW_CONSULTATION, /* consultation, then the offer at it */
    DRAW_TRANSITION,   /* leaving the waiting list, coming back, other routes */
    DRAW_SUPPORT,      /* finding support of one's own; attending support, then leaving it */
    WEEKLY_DRAW_COUNT
};

#endif
