/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_OBSERVE_INVENTED_PEOPLE_H
#define BUYIN_TESTS_OBSERVE_INVENTED_PEOPLE_H

#include "observe/counterfactual.h"
#include "observe/pathways.h"
#include "observe/recorder.h"
#include "state/site_fixture.h"

enum { PEOPLE = 240 };

/** A finished site of people with random courses that the rules of the model allow, what was
 *  recorded of it, and its counterfactual.
 */
struct invented {
    struct fixture with, other; /* `other` holds what is told of the counterfactual */
    struct recorder recorder;
    struct counterfactual without;
};

void invent(struct invented *invented, uint64_t seed);
void invented_end(struct invented *invented);

#endif
