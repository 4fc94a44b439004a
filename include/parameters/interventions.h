/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_INTERVENTIONS_H
#define BUYIN_PARAMETERS_INTERVENTIONS_H

#include "parameters/parameters.h"

#include <stdbool.h>
#include <stddef.h>

/** Changes with a date: parameters that differ for some weeks at some sites, and shocks that move a
 *  state of the patients once. In YAML a list `interventions:` of items such as
 *
 *    - name: crisis
 *      start: 52               first week
 *      end: 104                first week without; left out: to the end
 *      sites: [site1, site3]   left out: all
 *      set: {ending.holding: no}
 *      scale: {services.places: 0.5}
 *      add: {between.stress_intercept: 0.05}
 *      group: carer            whom a shock hits; left out: everyone
 *      shock: {barrier_housing: {add: 0.3}}
 *
 *  Lists of several files follow one another. Changes that overlap act in the order of the list.
 */

enum change_kind { CHANGE_SET, CHANGE_SCALE, CHANGE_ADD };

enum {
    INTERVENTION_TEXT_SIZE = 64,
    INTERVENTION_SITES_SIZE = 512,
    INTERVENTION_PLACE_SIZE = 192,
    INTERVENTION_CHANGES = 24
};

/** One change of a parameter, or of a state by a shock. */
struct change {
    char key[INTERVENTION_TEXT_SIZE];
    enum change_kind kind;
    bool is_shock;
    double value;
    char where[INTERVENTION_PLACE_SIZE];
};

struct intervention {
    char name[INTERVENTION_TEXT_SIZE];
    char where[INTERVENTION_PLACE_SIZE];
    int start, end;                      /* weeks; end -1: to the end of the run */
    char sites[INTERVENTION_SITES_SIZE]; /* names, each between commas: ",site1,site3,"; "": all */
    char group[INTERVENTION_TEXT_SIZE];  /* "": everyone */
    size_t change_count;
    struct change changes[INTERVENTION_CHANGES];
};

struct configuration;
struct yaml_file;
struct yaml_entry;

/** Whether a key of a file belongs to the list of interventions. */
bool interventions_own(const char *key);

/** Takes over one entry of a file. */
int interventions_read_entry(struct configuration *configuration, const struct yaml_file *file,
                             const struct yaml_entry *entry);

/** Checks dates, sites, parameters that may be timed, states, and every value at every date. */
int interventions_check(const struct configuration *configuration);

/** Whether an intervention is about this site. */
bool intervention_is_at(const struct intervention *intervention, const char *site);

/** The parameters of a site in a week. Fails: ERROR_INPUT (a value out of its range). */
int interventions_parameters(const struct configuration *configuration, const char *site, int week,
                             struct parameters *parameters);

#endif
