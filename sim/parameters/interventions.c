/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/interventions.h"

#include "base/error.h"
#include "parameters/configuration.h"
#include "parameters/table.h"
#include "parameters/yaml_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_LENGTH = 13 /* "interventions" */, MOST_INTERVENTIONS = 64 };

/* Sections whose parameters act week by week, so that a change takes effect at once. */
static const char *const timed_sections[] = {
    "mechanisms", "enrolment", "waiting", "diary",     "attendance", "session",   "suggestion",
    "connect",    "gate",      "support", "disengage", "ending",     "readiness", "wellbeing"};

/* And single parameters of other sections, with how they act later where that is not plain. */
static const char *const timed_parameters[] = {
    "services.places", /* new places open at once, cut ones close as they fall free */
    "services.mental_stigma",
    "services.somatic_stigma",
    "services.social_stigma",
    "services.relationships_stigma",
    "services.financial_stigma",
    "link_worker.knowledge_gain",
    "link_worker.knowledge_fade",
    "link_worker.burnout_overload",
    "link_worker.burnout_recovery",
    "link_worker.supervision",
    "link_worker.turnover_base",
    "link_worker.turnover_burnout",
    "link_worker.vacancy_weeks",
    "link_worker.handover",
    "link_worker.training", /* at hiring */
    "gp.substitution",
    "gp.reoffer_weeks",
    "between.anchor_stress",
    "between.trust_gap_weeks",
    "between.trust_fade"};

/* What moves people before their first offer too; in registered mode that is drawn ahead. */
static const char *const timed_in_cohort[] = {"events", "between", "gp"};

static const char *const states[] = {"trust",          "hope",
                                     "stress",         "confidence",
                                     "isolation",      "clarity",
                                     "motivation",     "coping",
                                     "ties",           "uncertainty",
                                     "need_mental",    "need_somatic",
                                     "need_social",    "need_relationships",
                                     "need_financial", "barrier_housing",
                                     "barrier_income", "barrier_transport",
                                     "barrier_caring", "barrier_language",
                                     "barrier_health"};

static bool is_listed(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}
#define IS_LISTED(word, list) is_listed((word), (list), sizeof(list) / sizeof(list)[0])

bool interventions_own(const char *key)
{
    return strncmp(key, "interventions", OWN_LENGTH) == 0 &&
           (key[OWN_LENGTH] == '\0' || key[OWN_LENGTH] == '[');
}

static int fail_entry(const struct yaml_file *file, const struct yaml_entry *entry,
                      const char *rule)
{
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %.80s = %.80s: %s", file->path, entry->value_line,
                     entry->value_column, entry->key, entry->value, rule);
}

static void place_of(const struct yaml_file *file, const struct yaml_entry *entry,
                     char where[INTERVENTION_PLACE_SIZE])
{
    (void)snprintf(where, INTERVENTION_PLACE_SIZE, "%.150s:%zu:%zu", file->path, entry->value_line,
                   entry->value_column);
}

static int read_week(const struct yaml_file *file, const struct yaml_entry *entry, int *week)
{
    char *end = NULL;
    const long value = strtol(entry->value, &end, 10);
    if (entry->kind != YAML_ENTRY_SCALAR || end == entry->value || *end != '\0' || value < 0 ||
        value > 500) {
        return fail_entry(file, entry, "must be a week from 0 to 500");
    }
    *week = (int)value;
    return 0;
}

/* The number of a change; yes and no count as 1 and 0, words of choices as their numbers. */
static int read_value(const struct yaml_file *file, const struct yaml_entry *entry,
                      struct change *change)
{
    const struct parameter_row *row = parameter_find(change->key);
    if (change->kind == CHANGE_SET && !change->is_shock && row != NULL) {
        struct parameters scratch;
        parameters_default(&scratch);
        const int status =
            parameter_read_text(&scratch, row, entry->key, entry->value, change->where);
        change->value = parameter_value(&scratch, row);
        return status;
    }
    char *end = NULL;
    change->value = strtod(entry->value, &end);
    if (end == entry->value || *end != '\0' || !(change->value > -1e9 && change->value < 1e9)) {
        return fail_entry(file, entry, "must be a number");
    }
    return 0;
}

static int add_change(struct intervention *intervention, const struct yaml_file *file,
                      const struct yaml_entry *entry, const char *key, enum change_kind kind,
                      bool is_shock)
{
    if (entry->kind == YAML_ENTRY_MAP) {
        return 0; /* its items follow */
    }
    if (entry->kind != YAML_ENTRY_SCALAR || intervention->change_count == INTERVENTION_CHANGES) {
        return fail_entry(file, entry, "must be a single value, one of at most 24");
    }
    struct change *change = &intervention->changes[intervention->change_count];
    *change = (struct change){.kind = kind, .is_shock = is_shock};
    (void)snprintf(change->key, sizeof change->key, "%s", key);
    place_of(file, entry, change->where);
    intervention->change_count++;
    return read_value(file, entry, change);
}

/* `shock.STATE.set`, `.scale` or `.add`. */
static int add_shock(struct intervention *intervention, const struct yaml_file *file,
                     const struct yaml_entry *entry, const char *rest)
{
    static const char *const kinds[] = {"set", "scale", "add"};
    char state[INTERVENTION_TEXT_SIZE];
    const char *dot = strrchr(rest, '.');
    if (entry->kind == YAML_ENTRY_MAP) {
        return 0;
    }
    for (int kind = 0; dot != NULL && kind < 3; kind++) {
        if (strcmp(dot + 1, kinds[kind]) == 0) {
            (void)snprintf(state, sizeof state, "%.*s", (int)(dot - rest), rest);
            return add_change(intervention, file, entry, state, (enum change_kind)kind, true);
        }
    }
    return fail_entry(file, entry, "must be a state with set, scale or add: {stress: {add: 0.2}}");
}

static int add_site(struct intervention *intervention, const struct yaml_file *file,
                    const struct yaml_entry *entry)
{
    if (entry->kind == YAML_ENTRY_LIST) {
        return 0; /* its items follow */
    }
    const size_t used = strlen(intervention->sites);
    if (entry->kind != YAML_ENTRY_SCALAR ||
        used + strlen(entry->value) + 3 > INTERVENTION_SITES_SIZE) {
        return fail_entry(file, entry, "must be names of sites, not too many");
    }
    (void)snprintf(intervention->sites + used, INTERVENTION_SITES_SIZE - used, "%s%s,",
                   used == 0 ? "," : "", entry->value);
    return 0;
}

static int read_key(struct intervention *intervention, const struct yaml_file *file,
                    const struct yaml_entry *entry, const char *key)
{
    if (strcmp(key, "name") == 0) {
        (void)snprintf(intervention->name, sizeof intervention->name, "%s", entry->value);
        return 0;
    }
    if (strcmp(key, "group") == 0) {
        (void)snprintf(intervention->group, sizeof intervention->group, "%s", entry->value);
        return 0;
    }
    if (strcmp(key, "start") == 0) {
        return read_week(file, entry, &intervention->start);
    }
    if (strcmp(key, "end") == 0) {
        return read_week(file, entry, &intervention->end);
    }
    if (strncmp(key, "sites", 5) == 0) {
        return add_site(intervention, file, entry);
    }
    if (strncmp(key, "set.", 4) == 0) {
        return add_change(intervention, file, entry, key + 4, CHANGE_SET, false);
    }
    if (strncmp(key, "scale.", 6) == 0) {
        return add_change(intervention, file, entry, key + 6, CHANGE_SCALE, false);
    }
    if (strncmp(key, "add.", 4) == 0) {
        return add_change(intervention, file, entry, key + 4, CHANGE_ADD, false);
    }
    if (strncmp(key, "shock.", 6) == 0) {
        return add_shock(intervention, file, entry, key + 6);
    }
    static const char *const maps[] = {"set", "scale", "add", "shock"};
    if (entry->kind == YAML_ENTRY_MAP && IS_LISTED(key, maps)) {
        return 0;
    }
    return fail_entry(file, entry,
                      "unknown key of an intervention (name, start, end, sites, group, set, "
                      "scale, add, shock)");
}

static int begin(struct configuration *c, const struct yaml_file *file,
                 const struct yaml_entry *entry)
{
    if (entry->kind != YAML_ENTRY_MAP) {
        return fail_entry(file, entry, "must be an intervention: keys and values");
    }
    if (c->intervention_count == MOST_INTERVENTIONS) {
        return fail_entry(file, entry, "is one intervention too many (64)");
    }
    struct intervention *larger =
        realloc(c->interventions, (c->intervention_count + 1) * sizeof *larger);
    if (larger == NULL) {
        return error_set(ERROR_MEMORY, "%s: no memory for interventions", file->path);
    }
    c->interventions = larger;
    struct intervention *intervention = &larger[c->intervention_count++];
    *intervention = (struct intervention){.start = -1, .end = -1};
    place_of(file, entry, intervention->where);
    (void)snprintf(intervention->name, sizeof intervention->name, "intervention %zu",
                   c->intervention_count);
    return 0;
}

int interventions_read_entry(struct configuration *c, const struct yaml_file *file,
                             const struct yaml_entry *entry)
{
    const char *bracket = strchr(entry->key + OWN_LENGTH, ']');
    if (bracket == NULL) {
        return entry->kind == YAML_ENTRY_LIST
                   ? 0
                   : fail_entry(file, entry, "must be a list of interventions");
    }
    if (bracket[1] == '\0') {
        return begin(c, file, entry);
    }
    return read_key(&c->interventions[c->intervention_count - 1], file, entry, bracket + 2);
}

bool intervention_is_at(const struct intervention *intervention, const char *site)
{
    char wanted[SITE_TEXT_SIZE + 2];
    (void)snprintf(wanted, sizeof wanted, ",%s,", site);
    return intervention->sites[0] == '\0' || strstr(intervention->sites, wanted) != NULL;
}

static bool is_active(const struct intervention *intervention, const char *site, int week)
{
    return week >= intervention->start && (intervention->end < 0 || week < intervention->end) &&
           intervention_is_at(intervention, site);
}

static double changed(const struct change *change, double value)
{
    return change->kind == CHANGE_SET     ? change->value
           : change->kind == CHANGE_SCALE ? value * change->value
                                          : value + change->value;
}

int interventions_parameters(const struct configuration *c, const char *site, int week,
                             struct parameters *parameters)
{
    *parameters = c->parameters;
    for (size_t n = 0; n < c->intervention_count; n++) {
        const struct intervention *intervention = &c->interventions[n];
        for (size_t i = 0; is_active(intervention, site, week) && i < intervention->change_count;
             i++) {
            const struct change *change = &intervention->changes[i];
            const struct parameter_row *row = change->is_shock ? NULL : parameter_find(change->key);
            if (row == NULL) {
                continue;
            }
            double value = changed(change, parameter_value(parameters, row));
            if (row->kind != PARAMETER_REAL) {
                value = (double)(long)(value + 0.5);
            }
            if (parameter_set_value(parameters, row, value) != 0) {
                char sentence[512];
                (void)snprintf(sentence, sizeof sentence, "%s", error_message());
                return error_set(ERROR_INPUT, "%s: %s in week %d at %s", change->where, sentence,
                                 week, site);
            }
        }
    }
    return 0;
}

static bool may_be_timed(const struct configuration *c, const struct parameter_row *row)
{
    const bool by_section = IS_LISTED(row->section, timed_sections);
    const bool by_name = IS_LISTED(row->name, timed_parameters);
    const bool in_cohort =
        c->parameters.run.mode == RUN_MODE_COHORT && IS_LISTED(row->section, timed_in_cohort) &&
        strcmp(row->name, "gp.base_rate") != 0 && strcmp(row->name, "gp.age_slope") != 0 &&
        strcmp(row->name, "gp.female_effect") != 0;
    return by_section || by_name || in_cohort;
}

static int check_change(const struct configuration *c, const struct change *change)
{
    if (change->is_shock) {
        return IS_LISTED(change->key, states)
                   ? 0
                   : error_set(ERROR_INPUT,
                               "%s: shock.%s: there is no such state (trust, hope, stress, "
                               "confidence, isolation, clarity, motivation, coping, ties, "
                               "uncertainty, need_..., barrier_...)",
                               change->where, change->key);
    }
    const struct parameter_row *row = parameter_find(change->key);
    if (row == NULL) {
        const char *nearest = parameter_nearest(change->key);
        return error_set(ERROR_INPUT, "%s: %s = %g: unknown parameter%s%s%s", change->where,
                         change->key, change->value, nearest != NULL ? "; did you mean '" : "",
                         nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    }
    if (!may_be_timed(c, row)) {
        return error_set(
            ERROR_INPUT,
            "%s: %s = %g: acts only when the run is set up%s, so it cannot change later",
            change->where, change->key, change->value,
            c->parameters.run.mode == RUN_MODE_REGISTERED
                ? ", or before first offers, which are drawn ahead in registered mode"
                : "");
    }
    return 0;
}

static int check_sites(const struct configuration *c, const struct intervention *intervention)
{
    char names[INTERVENTION_SITES_SIZE], *rest = NULL;
    (void)snprintf(names, sizeof names, "%s", intervention->sites);
    for (char *name = strtok_r(names, ",", &rest); name != NULL;
         name = strtok_r(NULL, ",", &rest)) {
        bool found = false;
        for (size_t s = 0; s < c->site_count; s++) {
            found |= strcmp(c->sites[s].name, name) == 0;
        }
        if (!found) {
            return error_set(ERROR_INPUT, "%s: sites = %s: there is no site of that name",
                             intervention->where, name);
        }
    }
    return 0;
}

static int check_dates(const struct configuration *c, const struct intervention *intervention)
{
    if (intervention->start < 0 || intervention->start >= c->parameters.run.weeks) {
        return error_set(ERROR_INPUT, "%s: start = %d: must be a week of the run, 0 to %d",
                         intervention->where, intervention->start, c->parameters.run.weeks - 1);
    }
    if (intervention->end >= 0 && intervention->end <= intervention->start) {
        return error_set(ERROR_INPUT, "%s: end = %d: must be later than start = %d",
                         intervention->where, intervention->end, intervention->start);
    }
    return intervention->change_count > 0
               ? 0
               : error_set(ERROR_INPUT, "%s: %s: changes nothing: give set, scale, add or shock",
                           intervention->where, intervention->name);
}

int interventions_check(const struct configuration *c)
{
    int status = 0;
    for (size_t n = 0; n < c->intervention_count; n++) {
        const struct intervention *intervention = &c->interventions[n];
        TRY(check_dates(c, intervention));
        TRY(check_sites(c, intervention));
        for (size_t i = 0; i < intervention->change_count; i++) {
            TRY(check_change(c, &intervention->changes[i]));
        }
        for (size_t s = 0; s < c->site_count; s++) {
            struct parameters parameters;
            TRY(interventions_parameters(c, c->sites[s].name, intervention->start, &parameters));
            if (intervention->end >= 0 && intervention->end < c->parameters.run.weeks) {
                TRY(interventions_parameters(c, c->sites[s].name, intervention->end, &parameters));
            }
        }
    }
out:
    return status;
}
