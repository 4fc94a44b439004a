/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_PATIENTS_H
#define BUYIN_STATE_PATIENTS_H

#include "base/arena.h"
#include "base/parcel.h"
#include "state/model_kinds.h"
#include "state/purpose.h"

#include <stddef.h>
#include <stdint.h>

/** Everyone who is ever offered a referral at a site within the run, one column a field.
 *
 *  Rows are in the order of the first offer (then of the person's number), so that those
 *  after their first offer are the rows [0, offered) of any week: the weekly loops run
 *  over a prefix without gaps.  Columns are 64-byte aligned and padded to whole vectors.
 */
struct patients {
    size_t count;
    size_t stride; /* rows allocated: count rounded up to a whole vector */
#define FIELD(type, name, unit, meaning) type *name;
#define FIELDS(type, name, length, unit, meaning) type *name[length];
#include "state/patient_fields.def"
};

/** Room for `count` patients, all fields 0. Fails: ERROR_MEMORY. */
int patients_init(struct patients *patients, struct arena *arena, size_t count);

/** Traits and states of one person, without a row. */
struct patient {
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define HISTORY FIELD
#define TRAIT(type, name, unit, meaning) type name;
#define TRAITS(type, name, length, unit, meaning) type name[length];
#define STATE TRAIT
#define STATES TRAITS
#include "state/patient_fields.def"
};

/** Reads and writes traits and states of a row; its history is left alone. */
void patients_take(const struct patients *patients, size_t i, struct patient *person);
void patients_put(struct patients *patients, size_t i, const struct patient *person);

/** Copies traits and states of a row to another one. */
void patients_move(struct patients *patients, size_t to, size_t from);

/** Puts in or takes out every field of every row; what is taken out lies in the parcel. */
void patients_carry(struct patients *patients, struct parcel *parcel);

/** A number that changes if any field of any of the first `count` rows does (FNV-1a). */
uint64_t patients_hash(const struct patients *patients, size_t count, uint64_t hash);

#endif
