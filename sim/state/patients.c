/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/patients.h"

#include "base/error.h"
#include "base/vector.h"

#include <string.h>

enum { LINE_BYTES = 64 };

static size_t column_bytes(const struct patients *patients, size_t size)
{
    const size_t lines = (patients->stride * size + LINE_BYTES - 1) / LINE_BYTES;
    return (lines | 1) * LINE_BYTES; /* odd: a row of all columns is spread over all cache sets */
}

static size_t all_bytes(const struct patients *patients)
{
    size_t bytes = 0;
#define FIELD(type, name, unit, meaning) bytes += column_bytes(patients, sizeof(type));
#define FIELDS(type, name, length, unit, meaning)                                                  \
    bytes += length * column_bytes(patients, sizeof(type));
#include "state/patient_fields.def"
    return bytes;
}

/* One column behind the other. */
static int lay_out(struct patients *patients, unsigned char *memory)
{
    if (memory == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu patients (%zu bytes)", patients->count,
                         all_bytes(patients));
    }
    unsigned char *column = memory;
#define FIELD(type, name, unit, meaning)                                                           \
    patients->name = (type *)(void *)column;                                                       \
    column += column_bytes(patients, sizeof(type));
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t i = 0; i < length; i++) {                                                          \
        patients->name[i] = (type *)(void *)column;                                                \
        column += column_bytes(patients, sizeof(type));                                            \
    }
#include "state/patient_fields.def"
    return 0;
}

int patients_init(struct patients *patients, struct arena *arena, size_t count)
{
    *patients = (struct patients){.count = count,
                                  .stride = (count + VECTOR_ROWS - 1) / VECTOR_ROWS * VECTOR_ROWS};
    return lay_out(patients, arena_take(arena, all_bytes(patients)));
}

void patients_take(const struct patients *patients, size_t i, struct patient *person)
{
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define HISTORY FIELD
#define TRAIT(type, name, unit, meaning) person->name = patients->name[i];
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (size_t n = 0; n < length; n++) {                                                          \
        person->name[n] = patients->name[n][i];                                                    \
    }
#define STATE TRAIT
#define STATES TRAITS
#include "state/patient_fields.def"
}

void patients_put(struct patients *patients, size_t i, const struct patient *person)
{
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define HISTORY FIELD
#define TRAIT(type, name, unit, meaning) patients->name[i] = person->name;
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (size_t n = 0; n < length; n++) {                                                          \
        patients->name[n][i] = person->name[n];                                                    \
    }
#define STATE TRAIT
#define STATES TRAITS
#include "state/patient_fields.def"
}

void patients_move(struct patients *patients, size_t to, size_t from)
{
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define HISTORY FIELD
#define TRAIT(type, name, unit, meaning) patients->name[to] = patients->name[from];
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (size_t n = 0; n < length; n++) {                                                          \
        patients->name[n][to] = patients->name[n][from];                                           \
    }
#define STATE TRAIT
#define STATES TRAITS
#include "state/patient_fields.def"
}

void patients_carry(struct patients *patients, struct parcel *parcel)
{
    parcel_carry(parcel, &patients->count, sizeof patients->count);
    parcel_carry(parcel, &patients->stride, sizeof patients->stride);
#define FIELD(type, name, unit, meaning)                                                           \
    patients->name = parcel_array(parcel, patients->name, patients->count * sizeof(type));
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t i = 0; i < length; i++) {                                                          \
        patients->name[i] =                                                                        \
            parcel_array(parcel, patients->name[i], patients->count * sizeof(type));               \
    }
#include "state/patient_fields.def"
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ byte[i]) * 0x100000001b3ULL;
    }
    return hash;
}

uint64_t patients_hash(const struct patients *patients, size_t count, uint64_t hash)
{
#define FIELD(type, name, unit, meaning)                                                           \
    hash = hash_bytes(hash, patients->name, count * sizeof(type));
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t i = 0; i < length; i++) {                                                          \
        hash = hash_bytes(hash, patients->name[i], count * sizeof(type));                          \
    }
#include "state/patient_fields.def"
    return hash;
}
