/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_GROUPS_H
#define BUYIN_OBSERVE_GROUPS_H

#include "state/site.h"

/** The groups by which outcomes are told apart. Barriers and needs are those of the starting
 * population. */
enum group {
    GROUP_ALL,
    GROUP_FEMALE,
    GROUP_MALE,
    GROUP_QUINTILE1,
    GROUP_QUINTILE5 = GROUP_QUINTILE1 + QUINTILE_COUNT - 1,
    GROUP_CARER,
    GROUP_NOT_CARER,
    GROUP_LANGUAGE,
    GROUP_NO_LANGUAGE,
    GROUP_TRANSPORT,
    GROUP_NO_TRANSPORT,
    GROUP_HOUSING,
    GROUP_NO_HOUSING,
    GROUP_HEALTH,
    GROUP_NO_HEALTH,
    GROUP_AGE_UNDER_40,
    GROUP_AGE_40_TO_64,
    GROUP_AGE_65_AND_OVER,
    GROUP_WHITE_BRITISH,
    GROUP_SITE1 = GROUP_WHITE_BRITISH + ETHNICITY_COUNT,
    GROUP_COUNT = GROUP_SITE1 + 20
};

enum { MOST_SITE_GROUPS = 20, GROUPS_OF_A_PATIENT = 12, GROUP_NAME_SIZE = 24 };

/** Groups in use for this many sites: sites are told apart where there are at most 20. */
int group_count(size_t sites);

/** Writes the name, as in keys: all, female, quintile1, carer, not_carer, ... site1. */
void group_name(int group, char name[GROUP_NAME_SIZE]);

/** The groups patient `i` belongs to; returns how many (at most GROUPS_OF_A_PATIENT). */
int groups_of(const struct site *site, size_t i, size_t sites, int out[GROUPS_OF_A_PATIENT]);

/** The group of this name; -1 if there is none among this many sites. */
int group_find(const char *name, size_t sites);

/** Has only the patients of a group counted in events and tallies (before the first week). */
void groups_count_only(struct site *site, int group, size_t sites);

#endif
