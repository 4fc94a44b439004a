/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/study_sample.h"

#include <stdlib.h>
#include <string.h>

bool study_sample_consider(struct study_sample *sample, int wanted,
                           const struct interviewee *person)
{
    if (sample->drawn == NULL) {
        sample->drawn = calloc((size_t)wanted, sizeof *sample->drawn);
        if (sample->drawn == NULL) {
            return false;
        }
        sample->wanted = wanted;
    }
    if (sample->count == wanted && person->rank >= sample->drawn[wanted - 1].rank) {
        return true;
    }
    int place = sample->count < wanted ? sample->count : wanted - 1;
    while (place > 0 && sample->drawn[place - 1].rank > person->rank) {
        place--;
    }
    const int last = sample->count < wanted ? sample->count++ : wanted - 1;
    memmove(&sample->drawn[place + 1], &sample->drawn[place],
            (size_t)(last - place) * sizeof *sample->drawn);
    sample->drawn[place] = *person;
    return true;
}

bool study_sample_merge(struct study_sample *sum, const struct study_sample *part)
{
    bool done = true;
    for (int i = 0; i < part->count; i++) {
        done &= study_sample_consider(sum, part->wanted, &part->drawn[i]);
    }
    return done;
}

void study_sample_carry(struct study_sample *sample, struct parcel *parcel)
{
    parcel_carry(parcel, &sample->wanted, sizeof sample->wanted);
    parcel_carry(parcel, &sample->count, sizeof sample->count);
    if (parcel->is_opening && sample->wanted > 0 && !parcel->has_failed) {
        sample->drawn = calloc((size_t)sample->wanted, sizeof *sample->drawn);
        parcel->has_failed = sample->drawn == NULL;
    }
    if (sample->drawn != NULL) {
        parcel_carry(parcel, sample->drawn, (size_t)sample->count * sizeof *sample->drawn);
    }
}

void study_sample_free(struct study_sample *sample)
{
    free(sample->drawn);
    *sample = (struct study_sample){0};
}
