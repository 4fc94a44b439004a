/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/groups.h"

#include <stdio.h>
#include <string.h>

static const char *const names[GROUP_SITE1] = {"all",
                                               "female",
                                               "male",
                                               "quintile1",
                                               "quintile2",
                                               "quintile3",
                                               "quintile4",
                                               "quintile5",
                                               "carer",
                                               "not_carer",
                                               "language_barrier",
                                               "no_language_barrier",
                                               "transport_barrier",
                                               "no_transport_barrier",
                                               "housing_barrier",
                                               "no_housing_barrier",
                                               "health_barrier",
                                               "no_health_barrier",
                                               "age_under_40",
                                               "age_40_to_64",
                                               "age_65_and_over",
                                               "white_british",
                                               "white_other",
                                               "asian",
                                               "black",
                                               "mixed",
                                               "other"};

int group_count(size_t sites)
{
    return sites <= MOST_SITE_GROUPS ? GROUP_SITE1 + (int)sites : GROUP_SITE1;
}

void group_name(int group, char name[GROUP_NAME_SIZE])
{
    if (group < GROUP_SITE1) {
        (void)snprintf(name, GROUP_NAME_SIZE, "%s", names[group]);
    } else {
        (void)snprintf(name, GROUP_NAME_SIZE, "site%d", group - GROUP_SITE1 + 1);
    }
}

int groups_of(const struct site *site, size_t i, size_t sites, int out[GROUPS_OF_A_PATIENT])
{
    static const struct {
        enum barrier barrier;
        enum group with;
    } pairs[] = {{BARRIER_CARING, GROUP_CARER},
                 {BARRIER_LANGUAGE, GROUP_LANGUAGE},
                 {BARRIER_TRANSPORT, GROUP_TRANSPORT},
                 {BARRIER_HOUSING, GROUP_HOUSING},
                 {BARRIER_HEALTH, GROUP_HEALTH}};
    const struct patients *p = &site->patients;
    int n = 0;
    out[n++] = GROUP_ALL;
    out[n++] = p->female[i] ? GROUP_FEMALE : GROUP_MALE;
    out[n++] = GROUP_QUINTILE1 + p->quintile[i] - 1;
    for (size_t b = 0; b < sizeof pairs / sizeof pairs[0]; b++) {
        const bool has = p->starting_barrier[pairs[b].barrier][i] > 0.0f;
        out[n++] = (int)pairs[b].with + !has;
    }
    out[n++] = p->age[i] < 40.0f   ? GROUP_AGE_UNDER_40
               : p->age[i] < 65.0f ? GROUP_AGE_40_TO_64
                                   : GROUP_AGE_65_AND_OVER;
    out[n++] = GROUP_WHITE_BRITISH + p->ethnicity[i];
    if (sites <= MOST_SITE_GROUPS) {
        out[n++] = GROUP_SITE1 + (int)site->key.site;
    }
    return n;
}

int group_find(const char *name, size_t sites)
{
    for (int group = 0; group < group_count(sites); group++) {
        char candidate[GROUP_NAME_SIZE];
        group_name(group, candidate);
        if (strcmp(candidate, name) == 0) {
            return group;
        }
    }
    return -1;
}

void groups_count_only(struct site *site, int group, size_t sites)
{
    for (size_t i = 0; i < site->patients.count; i++) {
        int of_patient[GROUPS_OF_A_PATIENT];
        const int n = groups_of(site, i, sites, of_patient);
        site->patients.counted[i] = 0;
        for (int g = 0; g < n; g++) {
            site->patients.counted[i] |= of_patient[g] == group;
        }
    }
}
