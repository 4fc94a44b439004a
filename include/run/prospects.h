/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_PROSPECTS_H
#define BUYIN_RUN_PROSPECTS_H

#include "run/population.h"

/** Registered mode: people before their first offer, and the weeks in which it could come (page in
 *  latent.c). Steps 1 and 2 of that page are in prospects.c.
 */

/** The words of one address, in order. */
struct words {
    uint32_t made[4];
    uint32_t used;
};

/** One way by which an offer may come. Every block of its words makes two candidates. */
struct route {
    float bound, rate; /* of the weekly probability, and of candidate weeks: 1 - exp(-rate) is it */
    int32_t week;      /* the next candidate */
    float u;           /* what decides it */
    int32_t gap;       /* weeks from it to the second of the block */
    float second_u;    /* what decides that */
    uint32_t candidate; /* the number of the next one */
};

struct prospect {
    struct route gp, other;
    struct words lives, declines;
    int32_t next_life, next_decline;
    float decline_rate;
};

/** What sixty-four people at a time are looked at with. */
struct batch {
    struct newcomers people;
    float adoption[RANDOM_LANES], most_consulting[RANDOM_LANES];
    struct route_lanes {
        random_words words[1];
        float bound[RANDOM_LANES], rate[RANDOM_LANES];
        float highest[RANDOM_LANES]; /* weekly probability at S = 1 and at the needs of the start */
        int32_t week[RANDOM_LANES], gap[RANDOM_LANES];
        float u[RANDOM_LANES], second_u[RANDOM_LANES];
    } gp, other;
    struct event_lanes {
        random_words words[1];
        float rate[RANDOM_LANES];
        int32_t week[RANDOM_LANES];
    } lives, declines;
};

/** Draws the people of a batch, whose person and given are set, and the first week of all that may
 *  happen to them. */
void prospects_draw(struct batch *batch, const struct site *site);

/** False if no offer can reach the person of a lane within the run; else makes the prospect, moved on to
 *  the first candidate week that might be accepted. */
bool prospects_have_hope(struct batch *batch, const struct site *site, int lane,
                         struct prospect *prospect);

/** The rate whose weekly probability 1 - exp(-rate) is p. */
float prospects_rate(float p);

/** Weeks from the last life event (or health decline) to the next. */
int32_t prospects_next_event(const struct site *site, int32_t person, enum purpose purpose,
                             struct words *words, float rate);

/** Moves a route on to its next candidate. */
void prospects_next_candidate(const struct site *site, int32_t person, enum purpose purpose,
                              struct route *route);

/** Thinning: true with probability p / bound, p being at most that. */
static inline bool is_accepted(const struct route *route, float p)
{
    return route->u * route->bound < p;
}

#endif
