/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The starting population
 *
 *   age        Beta scaled to [minimum, maximum], shapes from mean and SD (in the study the SD exceeds
 *              that of a uniform, so that no truncated normal would do)
 *   quintile   by the deprivation of the site: high areas .45 .25 .15 .10 .05 from the most deprived,
 *              medium .20 each, low areas the reverse
 *   adversity  f ~ N(0, 1) ties needs and barriers together: present when
 *                rho f + sqrt(1 - rho^2) e > Phi^-1(1 - p),  e ~ N(0, 1)
 *                severity ~ Beta(shape, shape),  p = base exp(gradient (3 - quintile)) in [0, 0.98]
 *              caring: women 2 r / (1 + r), men 2 / (1 + r) times the base
 *              health: times exp(slope (age - 50) / 10); language: base of the ethnic group
 *              registered mode: times need_scale or barrier_scale, and people without need stay
 *              cohort mode: someone without any need is drawn again, as another person
 *   baselines  H, C, P ~ N(mean - weight V, sd), K ~ N(mean, sd), F ~ N(mean - weight n_rel, sd),
 *              clipped to [0.02, 0.98]; the state starts there; L, S and M at their resting levels
 *   traits     rapport lognormal; group aversion Beta, higher with mental need and language barrier;
 *              stigma, uncertainty (higher in deprived quintiles) and few alternatives Beta;
 *              consultation rate Gamma with mean 1; wellbeing offset N(0, sd)
 *
 * draws   PURPOSE_REGISTER, _NEEDS (week: how often drawn again), _BASELINES, _TRAITS
 * source  Tierney et al. 2024, Table 2 (cohort); Census 2021 (registered); evidence in sim/MODEL.md
 */
#include "run/population.h"

#include "base/numeric.h"
#include "mechanisms/between.h"
#include "state/indices.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

enum { MOST_ATTEMPTS = 1000 };

#define GIVEN(field, drawn) given_or(given, POPULATION_FIELD_##field, drawn)

static double given_or(const double *given, enum population_field field, double drawn)
{
    return given == NULL || isnan(given[field]) ? drawn : given[field];
}

static struct random_stream open_stream(const struct site *site, const struct patients *p, size_t i,
                                        uint32_t week, enum purpose purpose)
{
    return random_open(&site->key, (uint32_t)p->person[i], week, (uint32_t)purpose);
}

static int draw_quintile(const struct parameters *k, int deprivation, double u)
{
    const double high[QUINTILE_COUNT] = {
        k->deprivation.high_quintile1, k->deprivation.high_quintile2, k->deprivation.high_quintile3,
        k->deprivation.high_quintile4, k->deprivation.high_quintile5};
    const double medium[QUINTILE_COUNT] = {
        k->deprivation.medium_quintile1, k->deprivation.medium_quintile2,
        k->deprivation.medium_quintile3, k->deprivation.medium_quintile4,
        k->deprivation.medium_quintile5};
    double sum = 0.0;
    for (int q = 0; q < QUINTILE_COUNT - 1; q++) {
        sum += deprivation == DEPRIVATION_MEDIUM ? medium[q]
               : deprivation == DEPRIVATION_HIGH ? high[q]
                                                 : high[QUINTILE_COUNT - 1 - q];
        if (u < sum) {
            return q + 1;
        }
    }
    return QUINTILE_COUNT;
}

static int draw_ethnicity(const struct coefficients *c, double u)
{
    int e = 0;
    while (e < ETHNICITY_COUNT - 1 && u >= c->ethnicity_cumulative[e]) {
        e++;
    }
    return e;
}

void population_draw_register(const struct site *site, struct patients *p, size_t i, int attempt,
                              const double *given)
{
    struct random_stream stream = open_stream(site, p, i, (uint32_t)attempt, PURPOSE_REGISTER);
    population_take_register(site, p, i, &stream, given);
}

void population_take_register(const struct site *site, struct patients *p, size_t i,
                              struct random_stream *stream, const double *given)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const double age = GIVEN(
        age, c->age_low + c->age_span * quantile_of_beta(&c->age, random_open_uniform(stream)));
    const double personal = GIVEN(
        consultation_rate, quantile_of_gamma(&c->consultation_rate, random_open_uniform(stream)));
    const int woman = (int)GIVEN(female, random_uniform(stream) < c->female_share);
    const double home = random_open_uniform(stream);

    int practice = (int)(home * site->practice_count);
    if (k->run.mode == RUN_MODE_REGISTERED) {
        practice = p->person[i] / k->registered.list_size_per_practice;
    }
    practice = (int)GIVEN(practice, practice + 1) - 1;
    p->practice[i] = practice < site->practice_count ? practice : site->practice_count - 1;
    p->age[i] = (float)age;
    p->female[i] = woman;
    p->consultation_rate[i] =
        (float)(k->gp.base_rate *
                exp(k->gp.age_slope * (age - 45.0) / 10.0 + k->gp.female_effect * woman) *
                personal);
    p->health_decline[i] = (float)(k->events.health_decline_hazard *
                                   exp(k->events.health_decline_age_slope * (age - 50.0) / 10.0));
}

/* 0, or the severity of what is present; two uniforms are always used. */
static float draw_severity(const struct coefficients *c, struct random_stream *stream,
                           double adversity, double threshold)
{
    const double rho = c->parameters.adversity.correlation, own_weight = sqrt(1.0 - rho * rho);
    const double own = random_open_uniform(stream), u = random_open_uniform(stream);
    if (normal_is_surely_below(&c->normal, own, (threshold - rho * adversity) / own_weight)) {
        return 0.0f;
    }
    const double liability = rho * adversity + own_weight * gsl_cdf_ugaussian_Pinv(own);
    return liability > threshold ? (float)quantile_of_beta(&c->severity, u) : 0.0f;
}

static void draw_present(const struct site *site, struct patients *p, size_t i,
                         struct random_stream *stream)
{
    const struct coefficients *c = site->coefficients;
    const double adversity = random_normal(stream);
    const int q = p->quintile[i] - 1;
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][i] = draw_severity(c, stream, adversity, c->need_threshold[d][q]);
    }
    const double slope = c->parameters.barrier.health_age_slope;
    const double aged = exp(slope * ((double)p->age[i] - 50.0) / 10.0);
    const double thresholds[BARRIER_COUNT] = {
        [BARRIER_HOUSING] = c->barrier_threshold[BARRIER_HOUSING][q],
        [BARRIER_INCOME] = c->barrier_threshold[BARRIER_INCOME][q],
        [BARRIER_TRANSPORT] = c->barrier_threshold[BARRIER_TRANSPORT][q],
        [BARRIER_CARING] = c->caring_threshold[p->female[i] != 0][q],
        [BARRIER_LANGUAGE] = c->language_threshold[p->ethnicity[i]][q],
        [BARRIER_HEALTH] = presence_threshold(c->health_probability[q] * aged)};
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][i] = draw_severity(c, stream, adversity, thresholds[b]);
    }
}

static bool take_given_needs(struct patients *p, size_t i, const double *given)
{
    bool all_given = true;
    for (int d = 0; d < NEED_COUNT; d++) {
        const enum population_field field =
            (enum population_field)(POPULATION_FIELD_need_mental + d);
        all_given &= given != NULL && !isnan(given[field]);
        p->need[d][i] = (float)given_or(given, field, (double)p->need[d][i]);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        const enum population_field field =
            (enum population_field)(POPULATION_FIELD_barrier_housing + b);
        p->barrier[b][i] = (float)given_or(given, field, (double)p->barrier[b][i]);
    }
    return all_given;
}

bool population_draw_needs(const struct site *site, struct patients *p, size_t i, int attempt,
                           const double *given)
{
    struct random_stream stream = open_stream(site, p, i, (uint32_t)attempt, PURPOSE_NEEDS);
    return population_take_needs(site, p, i, &stream, given);
}

bool population_take_needs(const struct site *site, struct patients *p, size_t i,
                           struct random_stream *stream, const double *given)
{
    const struct coefficients *c = site->coefficients;
    const double group = random_open_uniform(stream);
    const double home = random_open_uniform(stream);
    p->ethnicity[i] = (int)GIVEN(ethnicity, draw_ethnicity(c, group));
    p->quintile[i] = (int)GIVEN(deprivation_quintile,
                                draw_quintile(&c->parameters, site->attributes->deprivation, home));
    draw_present(site, p, i, stream);
    const bool given_needs = take_given_needs(p, i, given);
    for (int d = 0; d < NEED_COUNT; d++) {
        p->starting_need[d][i] = p->need[d][i];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->starting_barrier[b][i] = p->barrier[b][i];
    }
    return given_needs || p->need[largest_need(p, i)][i] > 0.0f;
}

void population_draw_cohort_member(const struct site *site, struct patients *p, size_t i,
                                   const double *given)
{
    bool in_need = false;
    for (int attempt = 0; !in_need && attempt < MOST_ATTEMPTS; attempt++) {
        population_draw_register(site, p, i, attempt, given);
        in_need = population_draw_needs(site, p, i, attempt, given);
    }
}

static float draw_baseline(struct random_stream *stream, double mean, double sd)
{
    return (float)fmin(fmax(mean + sd * random_normal(stream), 0.02), 0.98);
}

void population_draw_state(const struct site *site, struct patients *p, size_t i,
                           const double *given)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const struct resting_weights rest = resting_weights(c);
    const double severe = (double)severity(c, p, i), sd = k->baseline.sd;
    const double ties = k->baseline.ties_mean -
                        k->baseline.ties_relationship * (double)p->need[NEED_RELATIONSHIPS][i];
    struct random_stream stream = open_stream(site, p, i, 0, PURPOSE_BASELINES);
#define BASELINE(name, mean)                                                                       \
    p->name[i] = p->name##_baseline[i] =                                                           \
        (float)GIVEN(name, (double)draw_baseline(&stream, mean, sd))
    BASELINE(hope, k->baseline.hope_mean - k->baseline.hope_severity * severe);
    BASELINE(confidence, k->baseline.confidence_mean - k->baseline.confidence_severity * severe);
    BASELINE(clarity, k->baseline.clarity_mean);
    BASELINE(coping, k->baseline.coping_mean - k->baseline.coping_severity * severe);
    BASELINE(ties, ties);
#undef BASELINE
    float barriers = 0.0f;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        barriers += p->barrier[b][i];
    }
    const float lonely = resting_isolation(&rest, p->need[NEED_SOCIAL][i],
                                           p->need[NEED_RELATIONSHIPS][i], p->ties[i]);
    p->isolation[i] = (float)GIVEN(isolation, (double)lonely);
    p->stress[i] = (float)GIVEN(stress, (double)resting_stress(&rest, (float)severe, barriers,
                                                               p->isolation[i], p->coping[i]));
    p->motivation[i] =
        (float)GIVEN(motivation, (double)resting_motivation(&rest, p->hope[i], p->confidence[i],
                                                            p->clarity[i], p->stress[i]));
    p->trust[i] = 0.0f;
    p->enjoyment[i] = 0.0f;
}

static void begin_history(struct patients *p, size_t i)
{
    p->link_worker[i] = NOBODY;
    p->suggestion[i] = NOTHING;
    p->support_domain[i] = NOTHING;
    p->support_place[i] = NOTHING;
    p->session_window[i] = NEVER;
    p->waited_weeks[i] = NEVER;
    p->first_session_week[i] = NEVER;
    p->last_obstacle[i] = NOTHING;
    p->link_connection_week[i] = NEVER;
    p->own_connection_week[i] = NEVER;
    p->closing_week[i] = NEVER;
    p->pathway[i] = NEVER;
    p->after_closing_stress[i] = -1.0f;
    p->status[i] = STATUS_LATENT;
    p->counted[i] = 1;
}

void population_draw_traits(const struct site *site, struct patients *p, size_t i,
                            const double *given)
{
    const struct parameters *k = &site->coefficients->parameters;
    const double concentration = k->trait.concentration;
    struct random_stream stream = open_stream(site, p, i, 0, PURPOSE_TRAITS);
    const double speed = random_normal(&stream), offset = random_normal(&stream);
    const double averse =
        k->trait.group_aversion_mean +
        k->trait.group_aversion_mental * (double)p->starting_need[NEED_MENTAL][i] +
        k->trait.group_aversion_language * (double)p->starting_barrier[BARRIER_LANGUAGE][i];
    const double unsure = k->trait.role_uncertainty_mean +
                          k->trait.role_uncertainty_deprivation * (3.0 - p->quintile[i]);
    p->rapport[i] =
        (float)GIVEN(rapport, k->trait.rapport_median * exp(k->trait.rapport_sigma * speed));
    p->wellbeing_offset[i] = (float)GIVEN(wellbeing_offset, k->trait.wellbeing_offset_sd * offset);
    p->group_aversion[i] =
        (float)GIVEN(group_aversion, random_beta(&stream, averse, concentration));
    p->stigma_sensitivity[i] = (float)GIVEN(
        stigma_sensitivity, random_beta(&stream, k->trait.stigma_sensitivity_mean, concentration));
    p->uncertainty[i] = (float)GIVEN(role_uncertainty, random_beta(&stream, unsure, concentration));
    p->few_alternatives[i] = (float)GIVEN(
        few_alternatives, random_beta(&stream, k->trait.few_alternatives_mean, concentration));
    begin_history(p, i);
}
