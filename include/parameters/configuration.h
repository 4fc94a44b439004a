/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_CONFIGURATION_H
#define BUYIN_PARAMETERS_CONFIGURATION_H

#include "base/parcel.h"
#include "parameters/interventions.h"
#include "parameters/parameters.h"
#include "parameters/population_file.h"
#include "parameters/uncertain.h"

#include <stdbool.h>
#include <stddef.h>

/** All that a run is told: parameters, sites and, if given, starting patients.
 *
 *  What is set later wins: shipped defaults, inherited files, the file itself, --set.
 *  Then the rules are checked and the sites resolved.
 */

enum { SITE_TEXT_SIZE = 32, CONFIGURATION_WARNING_SIZE = 256 };

/** What is known of one site. */
struct site_attributes {
    char name[SITE_TEXT_SIZE];
    char region[SITE_TEXT_SIZE]; /**< a label without effect */
    int link_workers;
    double months_in_role;
    int deprivation; /**< enum deprivation */
    bool primary_care_managed;
    int practices;
    bool set_up_with_link_workers;
};

/** A site as it was listed: what was not said follows the parameters. */
struct listed_site {
    struct site_attributes attributes;
    unsigned given; /**< bits of enum site_key */
    int copies;
};

enum site_key {
    SITE_KEY_NAME = 1,
    SITE_KEY_REGION = 2,
    SITE_KEY_LINK_WORKERS = 4,
    SITE_KEY_MONTHS_IN_ROLE = 8,
    SITE_KEY_DEPRIVATION = 16,
    SITE_KEY_PRIMARY_CARE_MANAGED = 32,
    SITE_KEY_PRACTICES = 64,
    SITE_KEY_SET_UP_WITH_LINK_WORKERS = 128,
    SITE_KEY_COPIES = 256,
};

struct configuration {
    struct parameters parameters;
    bool *is_set; /**< one per row of the table: set by a file or by --set */
    size_t site_count;
    struct site_attributes *sites;
    struct listed_site *listed; /**< NULL: the sites are site1 to site7 */
    size_t listed_count;
    bool has_population;
    struct population_file population;
    char *title;       /**< "" if there is none */
    char *description; /**< "" if there is none */
    char *path;        /**< of the file read; "" if none */
    size_t intervention_count;
    struct intervention *interventions; /**< changes with a date, in their order */
    size_t uncertain_count;
    struct uncertain_parameter *uncertain; /**< parameters with a distribution */
    char *sweep; /**< what to sweep over: a line `place TAB key=range` each; "" if none */
    char *text;  /**< of all files read, one after the other; "" if none */
};

/** The shipped defaults: the sites of Table 1. */
int configuration_default(struct configuration *configuration);

/** Reads the file at `path` (NULL or "": none), then settings of the form "key=value".
 *  On failure nothing needs to be freed.
 */
int configuration_read(struct configuration *configuration, const char *path,
                       const char *const *settings, size_t setting_count);

/** The same with several files, the later ones over the earlier: a base and scenarios. */
int configuration_read_several(struct configuration *configuration, const char *const *paths,
                               size_t path_count, const char *const *settings,
                               size_t setting_count);

/** Lists one more site (copies of it, at least 1); what `given` leaves out follows the parameters.
 *  Call configuration_resolve_sites when all are listed. */
int configuration_add_site(struct configuration *configuration, const struct site_attributes *site,
                           unsigned given, int copies);

/** What a listed site has when nothing is said about it: the values of site1. */
struct site_attributes configuration_site_default(const struct configuration *configuration);

/** Makes the sites anew from the list, or from site.number and site1 to site7.
 *  For callers that change parameters after reading (sweeps).
 */
int configuration_resolve_sites(struct configuration *configuration);

/** Registered mode: adults on the lists of a site, the mean over sites. */
double configuration_adults(const struct configuration *configuration);

/** A deep copy, for scenarios that vary one configuration. */
int configuration_copy(struct configuration *copy, const struct configuration *original);

/** Puts in or takes out what a simulation needs: parameters, sites, patients, interventions. What is
 *  taken out borrows from the parcel, has no texts, and must not be freed.
 */
void configuration_carry(struct configuration *configuration, struct parcel *parcel);

/** Words of caution, at most `max` of them; returns how many there are. */
size_t configuration_warnings(const struct configuration *configuration,
                              char (*out)[CONFIGURATION_WARNING_SIZE], size_t max);

void configuration_free(struct configuration *configuration);

#endif
