/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/economics.h"

#include "base/error.h"
#include "base/random.h"
#include "parameters/rules.h"
#include "state/purpose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The outcomes of a group that an evaluation is made of, in the order of the enum below. */
enum part { OFFERED, COST, COST_WITHOUT, EFFECT, EFFECT_WITHOUT, PART_COUNT };
static const char *const parts[PART_COUNT] = {"offered", "cost", "cost_without", "swemwbs_years",
                                              "swemwbs_years_without"};

static const char *const groups[ECONOMICS_GROUPS] = {"all",       "quintile1", "quintile2",
                                                     "quintile3", "quintile4", "quintile5"};

const char *economics_group(size_t group)
{
    return groups[group];
}

/* ---- drawing sets of parameters ---- */

/* FNV-1a: a number for a name, so that a set does not change when other parameters are declared. */
static uint32_t number_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name != '\0'; name++) {
        hash = (hash ^ (uint8_t)*name) * 16777619u;
    }
    return hash;
}

double economics_uniform(int seed, size_t set, const char *parameter)
{
    const struct random_key key = {.seed = (uint32_t)seed, .replicate = (uint32_t)set};
    struct random_stream stream = random_open(&key, number_of(parameter), 0, PURPOSE_PARAMETER_SET);
    return random_open_uniform(&stream);
}

static bool is_listed(const struct economics *e, const struct parameter_row *row)
{
    for (size_t p = 0; p < e->parameter_count; p++) {
        if (e->parameters[p] == row) {
            return true;
        }
    }
    return false;
}

/* The parameters that are uncertain in the base or in any scenario, in the order of the table. */
static int list_parameters(struct economics *e)
{
    e->parameters = calloc(parameter_count(), sizeof *e->parameters);
    if (e->parameters == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a list of parameters");
    }
    for (size_t i = 0; i < parameter_count(); i++) {
        for (size_t s = 0; s < e->comparison.scenarios.count; s++) {
            if (uncertain_find(&e->comparison.scenarios.configurations[s], parameter_row(i)) !=
                    NULL &&
                !is_listed(e, parameter_row(i))) {
                e->parameters[e->parameter_count++] = parameter_row(i);
            }
        }
    }
    if (e->parameter_count == 0) {
        return error_set(ERROR_INPUT,
                         "economics: nothing is uncertain: lay a file of distributions over the "
                         "base with --uncertain configs/uncertainty.yaml, or give `uncertain:` in "
                         "it");
    }
    e->drawn = malloc(e->set_count * e->parameter_count * sizeof *e->drawn);
    return e->drawn != NULL ? 0 : error_set(ERROR_MEMORY, "no memory for %zu sets", e->set_count);
}

/* Gives a copy of a scenario the values of a set. What it knows for certain stays as it is. */
static int draw(struct economics *e, struct configuration *to, size_t set)
{
    int status = 0;
    for (size_t p = 0; p < e->parameter_count; p++) {
        const struct parameter_row *row = e->parameters[p];
        const struct uncertain_parameter *u = uncertain_find(to, row);
        double *drawn = &e->drawn[set * e->parameter_count + p];
        if (u != NULL) {
            const double value = distribution_quantile(
                &u->distribution, economics_uniform(to->parameters.run.seed, set, row->name));
            TRY(parameter_set_value(&to->parameters, row, value));
            *drawn = isnan(*drawn) ? value : *drawn;
        }
    }
    TRY(configuration_resolve_sites(to));
    TRY(rules_check(to));
    TRY(interventions_check(to));
out:
    if (status == ERROR_INPUT) {
        char sentence[768];
        (void)snprintf(sentence, sizeof sentence, "%s", error_message());
        status = error_set(ERROR_INPUT, "set %zu of the uncertain parameters breaks a rule: %s",
                           set, sentence);
    }
    return status;
}

static int make_sets(struct economics *e)
{
    int status = 0;
    for (size_t i = 0; i < e->set_count * e->parameter_count; i++) {
        e->drawn[i] = NAN;
    }
    for (size_t s = 0; s < e->comparison.scenarios.count; s++) {
        e->scenarios.base = &e->comparison.scenarios.configurations[s];
        for (size_t k = 0; k < e->set_count; k++) {
            char name[SCENARIO_NAME_SIZE + 32];
            size_t added = 0;
            (void)snprintf(name, sizeof name, "%.40s set %zu", e->comparison.scenarios.names[s], k);
            TRY(scenarios_add(&e->scenarios, name, &added));
            TRY(draw(e, &e->scenarios.configurations[added], k));
        }
    }
out:
    return status;
}

/* ---- what is compared ---- */

static int name_options(struct economics *e)
{
    const size_t scenarios = e->comparison.scenarios.count;
    e->option_count = scenarios + e->has_none;
    if (e->option_count > MOST_OPTIONS) {
        return error_set(ERROR_INPUT, "economics: %zu options: at most %d", e->option_count,
                         (int)MOST_OPTIONS);
    }
    e->option_names = calloc(e->option_count, sizeof *e->option_names);
    if (e->option_names == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the names of options");
    }
    if (e->has_none) {
        (void)snprintf(e->option_names[0], SCENARIO_NAME_SIZE, "no link workers");
    }
    for (size_t s = 0; s < scenarios; s++) { /* without folder and extension */
        char *name = e->option_names[s + e->has_none];
        (void)snprintf(name, SCENARIO_NAME_SIZE, "%s", e->comparison.scenarios.names[s]);
        char *dot = strrchr(name, '.');
        if (dot != NULL && dot != name) {
            *dot = '\0';
        }
    }
    return 0;
}

/* A mapping has to be the same everywhere, or effects could not be compared. */
static int check_options(const struct economics *e)
{
    const struct scenarios *s = &e->comparison.scenarios;
    const struct parameters *base = &s->configurations[0].parameters;
    if (base->run.replicates < 2) {
        return error_set(ERROR_INPUT,
                         "run.replicates = %d: chance can be told from parameters "
                         "with 2 or more only",
                         base->run.replicates);
    }
    if (e->has_none && !base->run.counterfactual) {
        return error_set(ERROR_INPUT, "run.counterfactual = 0: comparing with no link workers "
                                      "needs the paired run without them");
    }
    for (size_t i = 1; i < s->count; i++) {
        if (s->configurations[i].parameters.cost.wellbeing_value != base->cost.wellbeing_value) {
            return error_set(ERROR_INPUT,
                             "%s: cost.wellbeing_value: must be as in the base, or "
                             "effects cannot be compared",
                             s->names[i]);
        }
    }
    return 0;
}

int economics_make(struct economics *e, const struct economics_request *request)
{
    int status = 0;
    *e = (struct economics){.set_count = request->sets,
                            .threshold = request->threshold,
                            .has_none = request->against_none || request->path_count == 1};
    if (request->path_count == 0) {
        FAIL(ERROR_INPUT, "economics: a base is needed");
    }
    TRY(comparison_read(&e->comparison, request->paths, request->path_count, request->uncertain,
                        request->settings, request->setting_count));
    TRY(check_options(e));
    TRY(name_options(e));
    TRY(list_parameters(e));
    TRY(make_sets(e));
out:
    if (status != 0) {
        economics_free(e);
    }
    return status;
}

void economics_free(struct economics *e)
{
    comparison_free(&e->comparison);
    scenarios_free(&e->scenarios);
    for (size_t g = 0; g < ECONOMICS_GROUPS; g++) {
        decision_free(&e->groups[g]);
    }
    free(e->option_names);
    free(e->parameters);
    free(e->drawn);
    *e = (struct economics){0};
}

/* ---- effects and thresholds ---- */

static int mapping(const struct economics *e)
{
    return e->comparison.scenarios.configurations[0].parameters.cost.wellbeing_value;
}

const char *economics_unit(const struct economics *e)
{
    static const char *const units[] = {"SWEMWBS point-year", "QALY", "WELLBY"};
    return units[mapping(e)];
}

const char *economics_caution(const struct economics *e)
{
    static const char *const cautions[] = {
        "", "QALYs by a placeholder: no conversion of SWEMWBS is accepted; do not quote.",
        "WELLBYs by a placeholder: no conversion of SWEMWBS is accepted; do not quote."};
    return cautions[mapping(e)];
}

/* Units of effect a SWEMWBS point-year. */
static double coefficient(const struct parameters *k)
{
    switch (k->cost.wellbeing_value) {
    case WELLBEING_VALUE_PLACEHOLDER_QALY:
        return k->cost.qaly_per_swemwbs_point_year;
    case WELLBEING_VALUE_PLACEHOLDER_WELLBY:
        return k->cost.wellby_per_swemwbs_point_year;
    default:
        return 1.0;
    }
}

/* 1, 2 or 5 times a power of ten, at least x. */
static double round_number(double x)
{
    const double power = pow(10.0, floor(log10(x)));
    return power * (x <= power ? 1.0 : x <= 2.0 * power ? 2.0 : x <= 5.0 * power ? 5.0 : 10.0);
}

/* Curves go to twice the threshold or, without one, to some three times the largest cost of a unit of
 * effect on the frontier.
 */
static void choose_thresholds(struct economics *e)
{
    static const double usual[] = {NAN, 20000.0, 13000.0}; /* lower NICE limit; Treasury's WELLBY */
    enum standing standings[MOST_OPTIONS];
    double ratios[MOST_OPTIONS], most = 0.0;
    e->threshold = isnan(e->threshold) ? usual[mapping(e)] : e->threshold;
    decision_frontier(&e->groups[0], standings, ratios);
    for (size_t o = 0; o < e->option_count; o++) {
        most = isfinite(ratios[o]) ? fmax(most, ratios[o]) : most;
    }
    most = e->threshold > 0.0 ? 2.0 * e->threshold : most > 0.0 ? round_number(3.0 * most) : 1000.0;
    for (size_t t = 0; t < ECONOMICS_THRESHOLDS; t++) {
        e->thresholds[t] = most * (double)t / (ECONOMICS_THRESHOLDS - 1);
    }
}

/* ---- gathering ---- */

/* What one group costs and gains in a replicate, with and without link workers. */
struct account {
    double offered, cost, cost_without, effect, effect_without;
};

static struct account account_of(const struct economics *e, const size_t *at, size_t scenario,
                                 size_t set, size_t replicate)
{
    const size_t run = scenario * e->set_count + set;
    const double *values = results_values(&e->scenarios.results, run, replicate);
    const double unit = coefficient(&e->scenarios.configurations[run].parameters);
    return (struct account){values[at[OFFERED]], values[at[COST]], values[at[COST_WITHOUT]],
                            unit * values[at[EFFECT]], unit * values[at[EFFECT_WITHOUT]]};
}

static int find_parts(const struct economics *e, size_t group, size_t at[PART_COUNT])
{
    int status = 0;
    for (int part = 0; part < PART_COUNT; part++) {
        char name[OUTCOME_NAME_SIZE];
        struct quantity quantity;
        (void)snprintf(name, sizeof name, "economics.%s.%s", groups[group], parts[part]);
        TRY(quantity_read(&quantity, &e->scenarios.results.list, name));
        at[part] = quantity.plus;
    }
out:
    return status;
}

/* Per person offered in the base; `same`: the option offers to the same people. */
static void enter(struct decision *d, size_t set, size_t replicate, size_t option,
                  const struct account *base, const struct account *own, bool same)
{
    const size_t at = decision_at(d, set, replicate, option);
    const double persons = same ? 1.0 : own->offered / base->offered;
    d->costs[at] =
        same ? own->cost : base->cost_without + (own->cost - own->cost_without) * persons;
    d->effects[at] =
        same ? own->effect : base->effect_without + (own->effect - own->effect_without) * persons;
}

static int gather_group(struct economics *e, size_t group)
{
    int status = 0;
    size_t at[PART_COUNT], all[PART_COUNT];
    struct decision *d = &e->groups[group];
    double share = 0.0;
    TRY(find_parts(e, group, at));
    TRY(find_parts(e, 0, all));
    const size_t replicates = e->scenarios.results.replicate_count;
    TRY(decision_init(d, e->set_count, replicates, e->option_count));
    for (size_t k = 0; k < e->set_count; k++) {
        for (size_t r = 0; r < replicates; r++) {
            const struct account base = account_of(e, at, 0, k, r);
            share += base.offered / account_of(e, all, 0, k, r).offered;
            if (e->has_none) {
                d->costs[decision_at(d, k, r, 0)] = base.cost_without;
                d->effects[decision_at(d, k, r, 0)] = base.effect_without;
            }
            for (size_t s = 0; s < e->comparison.scenarios.count; s++) {
                const struct account own = account_of(e, at, s, k, r);
                enter(d, k, r, s + e->has_none, &base, &own, e->same_people);
            }
        }
    }
    e->offered_share[group] = share / (double)(e->set_count * replicates);
out:
    return status;
}

/* Whether every option offers to as many people as the base, in every replicate of every set. */
static int compare_people(struct economics *e)
{
    int status = 0;
    size_t at[PART_COUNT];
    e->same_people = true;
    TRY(find_parts(e, 0, at));
    for (size_t s = 0; s < e->comparison.scenarios.count; s++) {
        for (size_t k = 0; k < e->set_count; k++) {
            for (size_t r = 0; r < e->scenarios.results.replicate_count; r++) {
                const double offered = account_of(e, at, s, k, r).offered;
                if (!(offered > 0.0)) {
                    FAIL(ERROR_INPUT,
                         "economics: nobody is offered a referral in replicate %zu of %s: nothing "
                         "can be said per person",
                         r, e->scenarios.names[s * e->set_count + k]);
                }
                e->same_people = e->same_people && offered == account_of(e, at, 0, k, r).offered;
            }
        }
    }
    if (!e->same_people && !e->scenarios.configurations[0].parameters.run.counterfactual) {
        FAIL(ERROR_INPUT, "run.counterfactual = 0: scenarios that change who is offered a referral "
                          "are compared by the paired run without link workers");
    }
out:
    return status;
}

int economics_run(struct economics *e, int threads, bool is_quiet)
{
    int status = 0;
    TRY(scenarios_run(&e->scenarios, 0, threads, is_quiet));
    TRY(compare_people(e));
    for (size_t group = 0; group < ECONOMICS_GROUPS; group++) {
        TRY(gather_group(e, group));
    }
    choose_thresholds(e);
out:
    return status;
}
