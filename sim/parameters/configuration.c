/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/configuration.h"

#include "base/error.h"
#include "parameters/configuration_file.h"
#include "parameters/rules.h"
#include "parameters/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_SITE_COUNT = 7, SITE_COUNT_MAX = 1000000, SETTING_KEY_SIZE = 128 };

/** Where the sites of Table 1 are. */
static const char *const regions[TABLE_SITE_COUNT] = {"South",      "Midlands", "South", "Midlands",
                                                      "South West", "North",    "North"};

/** Copies the parameters of siteN into a site. */
#define FILL_SITE(target, p, table)                                                                \
    do {                                                                                           \
        (target)->link_workers = (p)->site.link_workers;                                           \
        (target)->months_in_role = (p)->table.months_in_role;                                      \
        (target)->deprivation = (p)->table.deprivation;                                            \
        (target)->primary_care_managed = (p)->table.primary_care_managed != 0;                     \
        (target)->practices = (p)->table.practices;                                                \
        (target)->set_up_with_link_workers = (p)->table.set_up_with_link_workers != 0;             \
    } while (0)

struct site_attributes configuration_site_default(const struct configuration *configuration)
{
    struct site_attributes site;
    memset(&site, 0, sizeof site);
    FILL_SITE(&site, &configuration->parameters, site1);
    return site;
}

/** The sites of Table 1, as the parameters have them. */
static void fill_table_sites(const struct parameters *parameters, struct site_attributes *sites)
{
    for (size_t site = 0; site < TABLE_SITE_COUNT; site++) {
        (void)snprintf(sites[site].name, SITE_TEXT_SIZE, "site%zu", site + 1);
        (void)snprintf(sites[site].region, SITE_TEXT_SIZE, "%s", regions[site]);
    }
    FILL_SITE(&sites[0], parameters, site1);
    FILL_SITE(&sites[1], parameters, site2);
    FILL_SITE(&sites[2], parameters, site3);
    FILL_SITE(&sites[3], parameters, site4);
    FILL_SITE(&sites[4], parameters, site5);
    FILL_SITE(&sites[5], parameters, site6);
    FILL_SITE(&sites[6], parameters, site7);
}

/** A listed site, completed from the parameters; `position` counts from 1. */
static struct site_attributes complete_site(const struct configuration *configuration,
                                            const struct listed_site *listed, size_t position)
{
    struct site_attributes site = configuration_site_default(configuration);
    const struct site_attributes *said = &listed->attributes;
    (void)snprintf(site.name, sizeof site.name, "site%zu", position);
    if (listed->given & SITE_KEY_NAME) {
        memcpy(site.name, said->name, sizeof site.name);
    }
    if (listed->given & SITE_KEY_REGION) {
        memcpy(site.region, said->region, sizeof site.region);
    }
    if (listed->given & SITE_KEY_LINK_WORKERS) {
        site.link_workers = said->link_workers;
    }
    if (listed->given & SITE_KEY_MONTHS_IN_ROLE) {
        site.months_in_role = said->months_in_role;
    }
    if (listed->given & SITE_KEY_DEPRIVATION) {
        site.deprivation = said->deprivation;
    }
    if (listed->given & SITE_KEY_PRIMARY_CARE_MANAGED) {
        site.primary_care_managed = said->primary_care_managed;
    }
    if (listed->given & SITE_KEY_PRACTICES) {
        site.practices = said->practices;
    }
    if (listed->given & SITE_KEY_SET_UP_WITH_LINK_WORKERS) {
        site.set_up_with_link_workers = said->set_up_with_link_workers;
    }
    return site;
}

/** Writes a listed site and its copies; returns the next free place. */
static int fill_copies(const struct configuration *configuration, size_t position,
                       struct site_attributes *sites)
{
    const struct listed_site *listed = &configuration->listed[position];
    struct site_attributes site = complete_site(configuration, listed, position + 1);
    for (int copy = 0; copy < listed->copies; copy++) {
        sites[copy] = site;
        if (listed->copies == 1) {
            break;
        }
        char suffix[16];
        int length = snprintf(suffix, sizeof suffix, "-%d", copy + 1);
        size_t stem = strlen(site.name);
        if (stem + (size_t)length >= SITE_TEXT_SIZE) {
            return error_set(ERROR_INPUT,
                             "sites[%zu].name = %s: must leave room for the number of its copy",
                             position + 1, site.name);
        }
        memcpy(sites[copy].name + stem, suffix, (size_t)length + 1);
    }
    return 0;
}

int configuration_resolve_sites(struct configuration *configuration)
{
    int status = 0;
    size_t count = 0;
    struct site_attributes *sites = NULL;
    for (size_t position = 0; position < configuration->listed_count; position++) {
        count += (size_t)configuration->listed[position].copies;
    }
    if (count > SITE_COUNT_MAX) {
        FAIL(ERROR_INPUT, "sites = %zu: must be at most %d with their copies", count,
             SITE_COUNT_MAX);
    }
    sites = calloc(count + TABLE_SITE_COUNT, sizeof *sites);
    if (sites == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu sites", count);
    }
    count = 0;
    for (size_t position = 0; position < configuration->listed_count; position++) {
        TRY(fill_copies(configuration, position, sites + count));
        count += (size_t)configuration->listed[position].copies;
    }
    if (configuration->listed_count == 0) {
        fill_table_sites(&configuration->parameters, sites);
        count = (size_t)configuration->parameters.site.number;
    }
    free(configuration->sites);
    configuration->sites = sites;
    configuration->site_count = count;
    sites = NULL;
out:
    free(sites);
    return status;
}

int configuration_add_site(struct configuration *configuration, const struct site_attributes *site,
                           unsigned given, int copies)
{
    struct listed_site *grown =
        realloc(configuration->listed, (configuration->listed_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu sites", configuration->listed_count + 1);
    }
    configuration->listed = grown;
    grown[configuration->listed_count].attributes = *site;
    grown[configuration->listed_count].given = given;
    grown[configuration->listed_count].copies = copies;
    configuration->listed_count++;
    return 0;
}

/** The defaults, with no site resolved yet. */
static int set_defaults(struct configuration *configuration)
{
    memset(configuration, 0, sizeof *configuration);
    parameters_default(&configuration->parameters);
    configuration->is_set = calloc(parameter_count(), sizeof *configuration->is_set);
    configuration->title = strdup("");
    configuration->description = strdup("");
    configuration->path = strdup("");
    configuration->sweep = strdup("");
    configuration->text = strdup("");
    if (configuration->is_set == NULL || configuration->title == NULL ||
        configuration->description == NULL || configuration->path == NULL ||
        configuration->sweep == NULL || configuration->text == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a configuration");
    }
    return 0;
}

int configuration_default(struct configuration *configuration)
{
    int status = 0;
    TRY(set_defaults(configuration));
    TRY(configuration_resolve_sites(configuration));
out:
    if (status != 0) {
        configuration_free(configuration);
    }
    return status;
}

/** Applies one setting "key=value". */
static int apply_setting(struct configuration *configuration, const char *setting)
{
    char key[SETTING_KEY_SIZE];
    const char *equals = strchr(setting, '=');
    if (equals == NULL || equals == setting) {
        return error_set(ERROR_INPUT, "--set: %.80s: must be of the form key=value", setting);
    }
    size_t length = (size_t)(equals - setting);
    const char *value = equals + 1 + strspn(equals + 1, " ");
    while (length > 0 && setting[length - 1] == ' ') {
        length--;
    }
    if (length >= sizeof key) {
        return error_set(ERROR_INPUT, "--set: %.80s...: unknown parameter", setting);
    }
    memcpy(key, setting, length);
    key[length] = '\0';
    int status = parameter_set_text(&configuration->parameters, key, value, "--set");
    if (status == 0) {
        configuration->is_set[parameter_index(parameter_find(key))] = true;
        uncertain_forget(configuration, parameter_find(key));
    }
    return status;
}

/** Reads the starting patients if a file of them is named. */
static int read_population(struct configuration *configuration)
{
    const char *path = configuration->parameters.population.file;
    if (path[0] == '\0') {
        return 0;
    }
    int status = population_file_read(&configuration->population, path, configuration->site_count);
    if (status == ERROR_FILE) {
        char reason[512];
        (void)snprintf(reason, sizeof reason, "%s", error_message());
        return error_set(ERROR_FILE, "population.file = %s", reason);
    }
    configuration->has_population = status == 0;
    return status;
}

int configuration_read(struct configuration *configuration, const char *path,
                       const char *const *settings, size_t setting_count)
{
    const size_t paths = path != NULL && path[0] != '\0' ? 1 : 0;
    return configuration_read_several(configuration, &path, paths, settings, setting_count);
}

int configuration_read_several(struct configuration *configuration, const char *const *paths,
                               size_t path_count, const char *const *settings, size_t setting_count)
{
    int status = 0;
    TRY(set_defaults(configuration));
    for (size_t path = 0; path < path_count; path++) {
        free(configuration->path);
        configuration->path = strdup(paths[path]);
        if (configuration->path == NULL) {
            FAIL(ERROR_MEMORY, "%s: no memory to read it", paths[path]);
        }
        TRY(configuration_apply_file(configuration, paths[path]));
    }
    for (size_t setting = 0; setting < setting_count; setting++) {
        TRY(apply_setting(configuration, settings[setting]));
    }
    TRY(configuration_resolve_sites(configuration));
    TRY(read_population(configuration));
    TRY(rules_check(configuration));
    TRY(interventions_check(configuration));
    TRY(uncertain_check(configuration));
out:
    if (status != 0) {
        configuration_free(configuration);
    }
    return status;
}

/** Copies a block of memory; NULL for an empty one or when there is no memory. */
static void *copy_block(const void *block, size_t size, bool *has_failed)
{
    if (block == NULL || size == 0) {
        return NULL;
    }
    void *copy = malloc(size);
    if (copy == NULL) {
        *has_failed = true;
        return NULL;
    }
    memcpy(copy, block, size);
    return copy;
}

double configuration_adults(const struct configuration *configuration)
{
    double practices = 0.0;
    for (size_t s = 0; s < configuration->site_count; s++) {
        practices += configuration->sites[s].practices;
    }
    return practices / (double)configuration->site_count *
           configuration->parameters.registered.list_size_per_practice;
}

int configuration_copy(struct configuration *copy, const struct configuration *original)
{
    bool has_failed = false;
    size_t rows = original->population.rows;
    *copy = *original;
    copy->is_set =
        copy_block(original->is_set, parameter_count() * sizeof *copy->is_set, &has_failed);
    copy->sites =
        copy_block(original->sites, original->site_count * sizeof *copy->sites, &has_failed);
    copy->listed =
        copy_block(original->listed, original->listed_count * sizeof *copy->listed, &has_failed);
    copy->population.values =
        copy_block(original->population.values,
                   rows * POPULATION_FIELD_COUNT * sizeof *copy->population.values, &has_failed);
    copy->population.ids =
        copy_block(original->population.ids, rows * sizeof *copy->population.ids, &has_failed);
    copy->population.lines =
        copy_block(original->population.lines, rows * sizeof *copy->population.lines, &has_failed);
    copy->title = copy_block(original->title, strlen(original->title) + 1, &has_failed);
    copy->description =
        copy_block(original->description, strlen(original->description) + 1, &has_failed);
    copy->path = copy_block(original->path, strlen(original->path) + 1, &has_failed);
    copy->interventions =
        copy_block(original->interventions,
                   original->intervention_count * sizeof *copy->interventions, &has_failed);
    copy->uncertain = copy_block(original->uncertain,
                                 original->uncertain_count * sizeof *copy->uncertain, &has_failed);
    copy->sweep = copy_block(original->sweep, strlen(original->sweep) + 1, &has_failed);
    copy->text = copy_block(original->text, strlen(original->text) + 1, &has_failed);
    if (has_failed) {
        configuration_free(copy);
        return error_set(ERROR_MEMORY, "no memory to copy a configuration");
    }
    return 0;
}

void configuration_carry(struct configuration *configuration, struct parcel *parcel)
{
    struct configuration c = *configuration;
    if (parcel->is_opening) {
        memset(&c, 0, sizeof c);
    }
    parcel_carry_sparse(parcel, &c.parameters, sizeof c.parameters);
    parcel_carry(parcel, &c.site_count, sizeof c.site_count);
    parcel_carry(parcel, &c.has_population, sizeof c.has_population);
    parcel_carry(parcel, &c.population.rows, sizeof c.population.rows);
    parcel_carry(parcel, &c.intervention_count, sizeof c.intervention_count);
    const size_t rows = c.population.rows;
    c.sites = parcel_array(parcel, c.sites, c.site_count * sizeof *c.sites);
    c.population.values = parcel_array(parcel, c.population.values,
                                       rows * POPULATION_FIELD_COUNT * sizeof *c.population.values);
    c.population.ids = parcel_array(parcel, c.population.ids, rows * sizeof *c.population.ids);
    c.population.lines =
        parcel_array(parcel, c.population.lines, rows * sizeof *c.population.lines);
    c.interventions =
        parcel_array(parcel, c.interventions, c.intervention_count * sizeof *c.interventions);
    if (parcel->is_opening) {
        *configuration = c;
    }
}

/* A setting that has no effect: site parameters beside a list of sites, and those of a cohort's offers
 * in registered mode.
 */
static const char *why_idle(const struct configuration *c, const char *key)
{
    static const char *const offers[] = {"population.offers_per_week", "population.arrival_weeks",
                                         "population.gp_referral_share"};
    for (int site = 1; c->listed_count > 0 && site <= TABLE_SITE_COUNT; site++) {
        char prefix[16];
        const int length = snprintf(prefix, sizeof prefix, "site%d.", site);
        if (strncmp(key, prefix, (size_t)length) == 0) {
            return "the list 'sites:' says what the sites are";
        }
    }
    if (c->listed_count > 0 && strcmp(key, "site.number") == 0) {
        return "the list 'sites:' says how many sites there are";
    }
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        if (c->parameters.run.mode == RUN_MODE_REGISTERED && strcmp(key, offers[i]) == 0) {
            return "in registered mode GPs refer from the registered lists";
        }
    }
    return NULL;
}

size_t configuration_warnings(const struct configuration *configuration,
                              char (*out)[CONFIGURATION_WARNING_SIZE], size_t max)
{
    const struct parameters *p = &configuration->parameters;
    size_t count = 0;
    char spare[CONFIGURATION_WARNING_SIZE];
    if (p->run.mode == RUN_MODE_COHORT &&
        p->run.weeks < p->population.arrival_weeks + p->outcome.pathway_weeks) {
        (void)snprintf(count < max ? out[count] : spare, CONFIGURATION_WARNING_SIZE,
                       "run.weeks = %d is less than population.arrival_weeks = %d plus "
                       "outcome.pathway_weeks = %d: the pathways of late arrivals are censored",
                       p->run.weeks, p->population.arrival_weeks, p->outcome.pathway_weeks);
        count++;
    }
    if (p->run.replicates < 2) {
        (void)snprintf(count < max ? out[count] : spare, CONFIGURATION_WARNING_SIZE,
                       "run.replicates = %d: at least 2 are needed for standard errors",
                       p->run.replicates);
        count++;
    }
    if (configuration->uncertain_count > 0) {
        (void)snprintf(count < max ? out[count] : spare, CONFIGURATION_WARNING_SIZE,
                       "uncertain: %zu parameters have a distribution, which only 'buyin "
                       "economics' draws from; elsewhere their value holds",
                       configuration->uncertain_count);
        count++;
    }
    for (size_t i = 0; i < parameter_count(); i++) {
        const struct parameter_row *row = parameter_row(i);
        const char *why = why_idle(configuration, row->name);
        if (!configuration->is_set[i] || parameter_value(p, row) == row->default_value) {
            continue; /* nobody expects anything of a default */
        }
        if (why != NULL) {
            (void)snprintf(count < max ? out[count] : spare, CONFIGURATION_WARNING_SIZE,
                           "%s has no effect: %s", row->name, why);
            count++;
        }
    }
    return count;
}

void configuration_free(struct configuration *configuration)
{
    population_file_free(&configuration->population);
    free(configuration->is_set);
    free(configuration->sites);
    free(configuration->listed);
    free(configuration->title);
    free(configuration->description);
    free(configuration->path);
    free(configuration->interventions);
    free(configuration->uncertain);
    free(configuration->sweep);
    free(configuration->text);
    memset(configuration, 0, sizeof *configuration);
}
