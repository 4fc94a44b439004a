/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/rules.h"

#include "base/error.h"
#include "parameters/configuration.h"

#include <math.h>
#include <stdio.h>

#define SUM_TOLERANCE 1e-6
#define NEED_SUM_MINIMUM 0.01

#define ETHNICITY_SUM(section)                                                                     \
    (p->section.ethnicity_white_british + p->section.ethnicity_white_other +                       \
     p->section.ethnicity_asian + p->section.ethnicity_black + p->section.ethnicity_mixed +        \
     p->section.ethnicity_other)

#define QUINTILE_SUM(level)                                                                        \
    (p->deprivation.level##_quintile1 + p->deprivation.level##_quintile2 +                         \
     p->deprivation.level##_quintile3 + p->deprivation.level##_quintile4 +                         \
     p->deprivation.level##_quintile5)

#define NEED_SUM                                                                                   \
    (p->need.mental_base + p->need.somatic_base + p->need.social_base +                            \
     p->need.relationships_base + p->need.financial_base)

/** The standard deviation that a Beta distribution between these bounds stays below. */
static double beta_limit(double low, double mean, double high)
{
    return sqrt(fmax(0.0, (mean - low) * (high - mean)));
}

static bool beta_exists(double sd, double low, double mean, double high)
{
    return sd < beta_limit(low, mean, high);
}

static double most_practices(const struct configuration *configuration)
{
    int most = 1;
    for (size_t site = 0; site < configuration->site_count; site++) {
        if (configuration->sites[site].practices > most) {
            most = configuration->sites[site].practices;
        }
    }
    return most;
}

/** The first rule of rules.def that is broken, in words; false if there is none. */
static bool find_broken(const struct configuration *configuration, char *message, size_t size)
{
    const struct parameters *p = &configuration->parameters;
    bool is_cohort = p->run.mode == RUN_MODE_COHORT;
    bool is_registered = !is_cohort;
#define RULE(is_asked, holds, ...)                                                                 \
    if ((is_asked) && !(holds)) {                                                                  \
        (void)snprintf(message, size, __VA_ARGS__);                                                \
        return true;                                                                               \
    }
#include "parameters/rules.def"
    return false;
}

/** Checks a starting patient against her site. */
static int check_patient(const struct configuration *configuration, size_t row)
{
    const struct parameters *p = &configuration->parameters;
    const struct population_file *population = &configuration->population;
    const double *values = &population->values[row * POPULATION_FIELD_COUNT];
    const char *path = p->population.file;
    double site = values[POPULATION_FIELD_site];
    double practice = values[POPULATION_FIELD_practice];
    double week = values[POPULATION_FIELD_first_offer_week];
    size_t first = isnan(site) ? 0 : (size_t)site - 1;
    size_t last = isnan(site) ? configuration->site_count : first + 1;
    for (size_t index = first; !isnan(practice) && index < last; index++) {
        if (practice > configuration->sites[index].practices) {
            return error_set(ERROR_INPUT, "%s:%zu: practice = %g: %s has %d practices", path,
                             population->lines[row], practice, configuration->sites[index].name,
                             configuration->sites[index].practices);
        }
    }
    if (p->run.mode == RUN_MODE_COHORT && week >= p->run.weeks) {
        return error_set(ERROR_INPUT, "%s:%zu: first_offer_week = %g: must be below run.weeks = %d",
                         path, population->lines[row], week, p->run.weeks);
    }
    return 0;
}

int rules_check(const struct configuration *configuration)
{
    int status = 0;
    char message[512];
    if (find_broken(configuration, message, sizeof message)) {
        const char *path = configuration->path;
        FAIL(ERROR_INPUT, "%s%s%s", path, path[0] == '\0' ? "" : ": ", message);
    }
    for (size_t row = 0; configuration->has_population && row < configuration->population.rows;
         row++) {
        TRY(check_patient(configuration, row));
    }
out:
    return status;
}
