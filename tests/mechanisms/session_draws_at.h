/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_MECHANISMS_SESSION_DRAWS_AT_H
#define BUYIN_TESTS_MECHANISMS_SESSION_DRAWS_AT_H

#include "mechanisms/session.h"

/** The draws of a person's nth session, one address opened after the other. */
static inline struct session_draws session_draws_at(const struct random_key *key, uint32_t person,
                                                    uint32_t nth)
{
    struct random_stream session = random_open(key, person, nth, PURPOSE_SESSION);
    struct random_stream suggestion = random_open(key, person, nth, PURPOSE_SUGGESTION);
    uint32_t words[2][4];
    for (int w = 0; w < 4; w++) {
        words[0][w] = random_bits(&session);
        words[1][w] = random_bits(&suggestion);
    }
    return session_draws_of(words[0], words[1]);
}

#endif
