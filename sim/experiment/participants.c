/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/participants.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static void weigh(struct participants *s, size_t count, const struct parameters *k)
{
    for (size_t i = 0; i < count; i++) {
        const struct person *person = &s->persons[i];
        if (person->is_seen) {
            s->invitation[i] = pow((double)person->trust, k->study.trust_exponent);
            s->observation[i] =
                s->invitation[i] * pow((double)person->sessions, k->study.session_exponent);
            s->askable += s->invitation[i] > 0.0;
        }
    }
}

int participants_open(struct participants *s, const struct person *persons, size_t count,
                      const struct parameters *k)
{
    int status = 0;
    const size_t interviewees = (size_t)k->study.interviewees;
    *s = (struct participants){.interviewees = interviewees,
                               .followed_up = (size_t)k->study.followed_up,
                               .overlap = (size_t)k->study.overlap,
                               .observed = (size_t)k->study.observed,
                               .persons = persons};
    s->all = interviewees + s->observed - s->overlap;
    s->invitation = calloc(count + 1, sizeof *s->invitation);
    s->observation = calloc(count + 1, sizeof *s->observation);
    s->drawn = calloc(s->all, sizeof *s->drawn);
    s->again = calloc(interviewees, sizeof *s->again);
    s->watchlist = calloc(s->observed + 1, sizeof *s->watchlist);
    if (s->invitation == NULL || s->observation == NULL || s->drawn == NULL || s->again == NULL ||
        s->watchlist == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the people to interview");
    }
    weigh(s, count, k);
    TRY(urn_make(&s->invited, s->invitation, count));
    TRY(urn_make(&s->watched, s->observation, count));
    TRY(urn_make(&s->both, NULL, interviewees));
out:
    if (status != 0) {
        participants_close(s);
    }
    return status;
}

/* Draws one and takes it out. */
static size_t take(struct urn *urn, struct random_stream *stream)
{
    const size_t which = urn_draw(urn, random_open_uniform(stream));
    urn_set(urn, which, 0.0);
    return which;
}

static void interview(struct participants *s, struct random_stream *stream)
{
    size_t again = 0;
    for (size_t n = 0; n < s->interviewees; n++) {
        const size_t who = take(&s->invited, stream);
        s->drawn[n] = who;
        if (s->persons[who].is_followed && again < s->followed_up) {
            s->again[again++] = who;
        }
        urn_set(&s->watched, who, 0.0); /* those only observed are others */
        urn_set(&s->both, n, s->observation[who]);
    }
    s->count[SOURCE_INTERVIEWED_AGAIN] = again;
}

static void observe(struct participants *s, struct random_stream *stream)
{
    size_t next = s->interviewees;
    for (size_t n = 0; n < s->observed; n++) {
        s->watchlist[n] = n < s->overlap ? s->drawn[take(&s->both, stream)]
                                         : (s->drawn[next++] = take(&s->watched, stream));
    }
}

static void put_back(struct participants *s)
{
    for (size_t n = 0; n < s->all; n++) {
        const size_t who = s->drawn[n];
        urn_set(&s->invited, who, s->invitation[who]);
        urn_set(&s->watched, who, s->observation[who]);
    }
}

void participants_draw(struct participants *s, struct random_stream *stream)
{
    interview(s, stream);
    observe(s, stream);
    put_back(s);
    s->count[SOURCE_INTERVIEWED] = s->interviewees;
    s->count[SOURCE_OBSERVED] = s->observed;
    s->count[SOURCE_PARTICIPANTS] = s->all;
    s->who[SOURCE_INTERVIEWED] = s->drawn;
    s->who[SOURCE_INTERVIEWED_AGAIN] = s->again;
    s->who[SOURCE_OBSERVED] = s->watchlist;
    s->who[SOURCE_PARTICIPANTS] = s->drawn;
}

void participants_close(struct participants *s)
{
    free(s->invitation);
    free(s->observation);
    free(s->drawn);
    free(s->again);
    free(s->watchlist);
    urn_free(&s->invited);
    urn_free(&s->watched);
    urn_free(&s->both);
    *s = (struct participants){0};
}
