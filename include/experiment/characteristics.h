/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_CHARACTERISTICS_H
#define BUYIN_EXPERIMENT_CHARACTERISTICS_H

#include "experiment/rerun.h"

/** What can be said of a person with yes or no, as things were in the starting population. */
enum characteristic {
    EVERYONE_THERE_IS,
    IS_WOMAN,
    IS_MAN,
    IS_DEPRIVED,
    IS_AFFLUENT,
    IS_CARER,
    LACKS_ENGLISH,
    LACKS_TRANSPORT,
    LACKS_HOUSING,
    LACKS_HEALTH,
    CHARACTERISTIC_COUNT
};

struct characteristic_row {
    const char *key;  /* in tables for other programs */
    const char *name; /* of those whom it holds of */
    bool (*holds)(const struct person *person);
};

extern const struct characteristic_row characteristics[CHARACTERISTIC_COUNT];

/** Both can hold of one person. */
bool characteristics_may_meet(enum characteristic a, enum characteristic b);

/** The person took up at an opening contact: neither waiting nor declined. */
bool person_took_up(const struct person *person);

#endif
