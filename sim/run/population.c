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
 * Every draw is an inverse distribution function of one word (base/inverse.h), so that loops over
 * people are vectors; but for group aversion, whose mean is everyone's own: GSL's sampler.
 *
 * draws   PURPOSE_REGISTER, _NEEDS (week: how often drawn again), _BASELINES, _TRAITS, _AVERSION
 * source  Tierney et al. 2024, Table 2 (cohort); Census 2021 (registered); evidence in sim/MODEL.md
 */
#include "run/population.h"

#include "base/inverse.h"
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/between.h"
#include "state/indices.h"

#include <math.h>

enum { MOST_ATTEMPTS = 1000, LANES = RANDOM_LANES };

/* Words of PURPOSE_NEEDS: ethnic group, quintile, adversity, one to spare, and two for each need and
 * barrier: whether it is present, and how severe it is then. */
enum {
    FIRST_NEED = 4,
    FIRST_BARRIER = FIRST_NEED + 2 * NEED_COUNT,
    NEEDS_BLOCKS = (FIRST_BARRIER + 3) / 4,
    BARRIERS_BLOCK = FIRST_BARRIER / 4, /* the first one */
    BARRIERS_BLOCKS = (FIRST_BARRIER + 2 * BARRIER_COUNT + 3) / 4 - BARRIERS_BLOCK
};

static double given_or(const double *given, enum population_field field, double drawn)
{
    return given == NULL || isnan(given[field]) ? drawn : given[field];
}

VECTOR_LOOP
static void draw_register(const struct coefficients *c, struct newcomers *n, random_words *words)
{
    const float low = (float)c->age_low, span = (float)c->age_span;
    const float women = (float)c->female_share;
    const float *restrict ages = c->age.node, *restrict rates = c->consultation_rate.node;
    const uint32_t *restrict w0 = words[0][0], *restrict w1 = words[0][1];
    const uint32_t *restrict w2 = words[0][2];
    float *restrict age = n->age, *restrict personal = n->personal_rate;
    int32_t *restrict female = n->female;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        age[i] = low + span * beta_of(ages, w0[i]);
        personal[i] = gamma_of(rates, w1[i]);
        female[i] = random_unit(w2[i]) < women;
    }
}

/* A practice drawn evenly, but that of the list on which the person is in registered mode. */
static void draw_practices(const struct site *site, struct newcomers *n, const uint32_t *words)
{
    const struct parameters *k = &site->coefficients->parameters;
    const int last = site->practice_count - 1;
    for (int i = 0; i < LANES; i++) {
        int practice = (int)(random_unit(words[i]) * (float)site->practice_count);
        if (k->run.mode == RUN_MODE_REGISTERED) {
            practice = n->person[i] / k->registered.list_size_per_practice;
        }
        practice = (int)given_or(n->given[i], POPULATION_FIELD_practice, practice + 1) - 1;
        n->practice[i] = practice < last ? practice : last;
    }
}

/* What follows from age, gender and personal rate. */
VECTOR_LOOP
static void follow_register(const struct coefficients *c, struct newcomers *n)
{
    const struct parameters *k = &c->parameters;
    const float base = (float)k->gp.base_rate, slope = (float)(k->gp.age_slope / 10.0);
    const float woman = (float)k->gp.female_effect;
    const float hazard = (float)k->events.health_decline_hazard;
    const float decline_slope = (float)(k->events.health_decline_age_slope / 10.0);
    const float *restrict age = n->age, *restrict personal = n->personal_rate;
    const int32_t *restrict female = n->female;
    float *restrict rate = n->consultation_rate, *restrict decline = n->health_decline;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        const float effect = slope * (age[i] - 45.0f) + woman * (float)female[i];
        rate[i] = base * exponential(effect) * personal[i];
        decline[i] = hazard * exponential(decline_slope * (age[i] - 50.0f));
    }
}

/* Upper limits of the first four quintiles on [0, 1). */
static void quintile_limits(const struct site *site, float limits[QUINTILE_COUNT])
{
    const struct parameters *k = &site->coefficients->parameters;
    const int deprivation = site->attributes->deprivation;
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
        limits[q] = (float)sum;
    }
}

VECTOR_LOOP
static void draw_home(const struct site *site, struct newcomers *n, random_words *words)
{
    float quintiles[QUINTILE_COUNT];
    quintile_limits(site, quintiles);
    const double *groups = site->coefficients->ethnicity_cumulative;
    const float e0 = (float)groups[0], e1 = (float)groups[1], e2 = (float)groups[2];
    const float e3 = (float)groups[3], e4 = (float)groups[4];
    const float q0 = quintiles[0], q1 = quintiles[1], q2 = quintiles[2], q3 = quintiles[3];
    const uint32_t *restrict w0 = words[0][0], *restrict w1 = words[0][1];
    const uint32_t *restrict w2 = words[0][2];
    int32_t *restrict ethnicity = n->ethnicity, *restrict quintile = n->quintile;
    float *restrict adversity = n->adversity;
    _Static_assert(ETHNICITY_COUNT == 6 && QUINTILE_COUNT == 5, "limits between them");
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        const float e = random_unit(w0[i]), q = random_unit(w1[i]);
        ethnicity[i] = (e >= e0) + (e >= e1) + (e >= e2) + (e >= e3) + (e >= e4);
        quintile[i] = 1 + (q >= q0) + (q >= q1) + (q >= q2) + (q >= q3);
        adversity[i] = normal_of(w2[i]);
    }
}

static void take_given(struct newcomers *n)
{
    for (int i = 0; i < LANES; i++) {
        const double *given = n->given[i];
        if (given != NULL) {
            n->age[i] = (float)given_or(given, POPULATION_FIELD_age, (double)n->age[i]);
            n->female[i] = (int32_t)given_or(given, POPULATION_FIELD_female, n->female[i]);
            n->personal_rate[i] = (float)given_or(given, POPULATION_FIELD_consultation_rate,
                                                  (double)n->personal_rate[i]);
            n->ethnicity[i] = (int32_t)given_or(given, POPULATION_FIELD_ethnicity, n->ethnicity[i]);
            n->quintile[i] =
                (int32_t)given_or(given, POPULATION_FIELD_deprivation_quintile, n->quintile[i]);
        }
    }
}

/* Of a table by kind and quintile. */
VECTOR_LOOP
static void look_up(float *restrict threshold, const float *restrict thresholds,
                    const int32_t *restrict kind, const int32_t *restrict quintile, int count)
{
    const int whole = whole_vectors(count);
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        threshold[i] = thresholds[kind[i] * QUINTILE_COUNT + quintile[i] - 1];
    }
}

/* The chance of a health barrier depends on age, which nobody shares. */
VECTOR_LOOP
static void health_thresholds(const struct coefficients *c, const struct newcomers *n,
                              float *restrict threshold, int count)
{
    const int whole = whole_vectors(count);
    const float slope = (float)(c->parameters.barrier.health_age_slope / 10.0);
    const float *restrict base = c->health_probability, *restrict age = n->age;
    const int32_t *restrict quintile = n->quintile;
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float p = base[quintile[i] - 1] * exponential(slope * (age[i] - 50.0f));
        const float above = normal_above(clip(p, 1e-9f, 0.98f));
        threshold[i] = p > 0.0f ? above : 1e30f;
    }
}

/* 0, or the severity of what is present. */
VECTOR_LOOP
static void draw_severities(const struct coefficients *c, float *restrict severity,
                            const float *restrict adversity, const float *restrict threshold,
                            const uint32_t *restrict present, const uint32_t *restrict severe,
                            int count)
{
    const int whole = whole_vectors(count);
    const double correlation = c->parameters.adversity.correlation;
    const float rho = (float)correlation, own = (float)sqrt(1.0 - correlation * correlation);
    const float *restrict node = c->severity.node;
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float liability = rho * adversity[i] + own * normal_of(present[i]);
        severity[i] = beta_of(node, severe[i]) * (float)(liability > threshold[i]);
    }
}

/* Of tables with a single kind. */
static const int32_t no_kinds[LANES] = {0};

static void draw_needs(const struct coefficients *c, struct newcomers *n, random_words *words)
{
    float threshold[LANES];
    int word = FIRST_NEED;
    for (int d = 0; d < NEED_COUNT; d++, word += 2) {
        look_up(threshold, c->need_threshold[d], no_kinds, n->quintile, LANES);
        draw_severities(c, n->need[d], n->adversity, threshold, words[word / 4][word % 4],
                        words[word / 4][word % 4 + 1], LANES);
    }
}

static void take_given_needs(struct newcomers *n)
{
    for (int i = 0; i < LANES; i++) {
        const double *given = n->given[i];
        for (int d = 0; given != NULL && d < NEED_COUNT; d++) {
            n->need[d][i] =
                (float)given_or(given, (enum population_field)(POPULATION_FIELD_need_mental + d),
                                (double)n->need[d][i]);
        }
    }
}

void population_draw(const struct site *site, struct newcomers *n)
{
    const struct coefficients *c = site->coefficients;
    random_words about[1], needs[NEEDS_BLOCKS];
    random_make(about, 1, &site->key, n->person, n->attempt, LANES, PURPOSE_REGISTER);
    random_make(needs, NEEDS_BLOCKS, &site->key, n->person, n->attempt, LANES, PURPOSE_NEEDS);
    draw_register(c, n, about);
    draw_practices(site, n, about[0][3]);
    draw_home(site, n, needs);
    take_given(n);
    follow_register(c, n);
    draw_needs(c, n, needs);
    take_given_needs(n);
}

/* Of everyone in need; where all five needs are given, the file is taken at its word. */
static bool is_in_need(const struct newcomers *n, int lane)
{
    const double *given = n->given[lane];
    bool all_given = given != NULL, any = false;
    for (int d = 0; d < NEED_COUNT; d++) {
        all_given = all_given && !isnan(given[POPULATION_FIELD_need_mental + d]);
        any |= n->need[d][lane] > 0.0f;
    }
    return all_given || any;
}

void population_keep(struct newcomers *n, const int *lanes, int count)
{
#define KEEP(column)                                                                               \
    for (int i = 0; i < count; i++) {                                                              \
        n->column[i] = n->column[lanes[i]];                                                        \
    }
    KEEP(person)
    KEEP(attempt)
    KEEP(given)
    KEEP(age)
    KEEP(personal_rate)
    KEEP(consultation_rate)
    KEEP(health_decline)
    KEEP(female)
    KEEP(practice)
    KEEP(ethnicity)
    KEEP(quintile)
    KEEP(adversity)
    for (int d = 0; d < NEED_COUNT; d++) {
        KEEP(need[d])
    }
#undef KEEP
}

void population_draw_barriers(const struct site *site, struct newcomers *n, int count)
{
    const struct coefficients *c = site->coefficients;
    random_words words[BARRIERS_BLOCKS];
    float threshold[LANES];
    int word = FIRST_BARRIER - 4 * BARRIERS_BLOCK;
    random_make_from(words, BARRIERS_BLOCK, BARRIERS_BLOCKS, &site->key, n->person, n->attempt,
                     whole_vectors(count), PURPOSE_NEEDS);
    for (int b = 0; b < BARRIER_COUNT; b++, word += 2) {
        if (b == BARRIER_HEALTH) {
            health_thresholds(c, n, threshold, count);
        } else if (b == BARRIER_CARING) {
            look_up(threshold, c->caring_threshold[0], n->female, n->quintile, count);
        } else if (b == BARRIER_LANGUAGE) {
            look_up(threshold, c->language_threshold[0], n->ethnicity, n->quintile, count);
        } else {
            look_up(threshold, c->barrier_threshold[b], no_kinds, n->quintile, count);
        }
        draw_severities(c, n->barrier[b], n->adversity, threshold, words[word / 4][word % 4],
                        words[word / 4][word % 4 + 1], count);
        for (int i = 0; i < count; i++) {
            n->barrier[b][i] = (float)given_or(
                n->given[i], (enum population_field)(POPULATION_FIELD_barrier_housing + b),
                (double)n->barrier[b][i]);
        }
    }
}

void population_settle(struct patients *p, size_t i, const struct newcomers *n, int lane)
{
    p->person[i] = n->person[lane];
    p->age[i] = n->age[lane];
    p->female[i] = n->female[lane];
    p->practice[i] = n->practice[lane];
    p->consultation_rate[i] = n->consultation_rate[lane];
    p->health_decline[i] = n->health_decline[lane];
    p->ethnicity[i] = n->ethnicity[lane];
    p->quintile[i] = n->quintile[lane];
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][i] = p->starting_need[d][i] = n->need[d][lane];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][i] = p->starting_barrier[b][i] = n->barrier[b][lane];
    }
}

bool population_draw_one(const struct site *site, struct patients *p, size_t i, int attempt,
                         const double *given)
{
    struct newcomers one = {.person = {p->person[i]}, .attempt = {attempt}, .given = {given}};
    population_draw(site, &one);
    population_draw_barriers(site, &one, 1);
    population_settle(p, i, &one, 0);
    return is_in_need(&one, 0);
}

void population_draw_cohort(const struct site *site, struct patients *p, size_t count,
                            const double *const *given)
{
    struct newcomers n = {0};
    size_t rows[LANES], next = 0;
    int waiting = 0;
    for (;;) {
        for (; waiting < LANES && next < count; waiting++, next++) {
            rows[waiting] = next;
            n.person[waiting] = p->person[next];
            n.attempt[waiting] = 0;
            n.given[waiting] = given != NULL ? given[next] : NULL;
        }
        if (waiting == 0) {
            return;
        }
        population_draw(site, &n);
        population_draw_barriers(site, &n, waiting);
        int again = 0;
        for (int lane = 0; lane < waiting; lane++) {
            if (is_in_need(&n, lane) || n.attempt[lane] + 1 == MOST_ATTEMPTS) {
                population_settle(p, rows[lane], &n, lane);
                continue;
            }
            rows[again] = rows[lane];
            n.person[again] = n.person[lane];
            n.attempt[again] = n.attempt[lane] + 1;
            n.given[again] = n.given[lane];
            again++;
        }
        waiting = again;
    }
}

static inline float baseline(uint32_t word, float mean, float sd)
{
    return clip(mean + sd * normal_of(word), 0.02f, 0.98f);
}

VECTOR_LOOP
static void draw_baselines(const struct site *site, struct patients *p, size_t first, int count)
{
    const struct parameters *k = &site->coefficients->parameters;
    const uint32_t seed = site->key.seed, replicate = site->key.replicate, where = site->key.site;
    const float sd = (float)k->baseline.sd, weight = site->coefficients->severity_weight;
    const float hope_mean = (float)k->baseline.hope_mean;
    const float hope_severity = (float)k->baseline.hope_severity;
    const float confidence_mean = (float)k->baseline.confidence_mean;
    const float confidence_severity = (float)k->baseline.confidence_severity;
    const float clarity_mean = (float)k->baseline.clarity_mean;
    const float coping_mean = (float)k->baseline.coping_mean;
    const float coping_severity = (float)k->baseline.coping_severity;
    const float ties_mean = (float)k->baseline.ties_mean;
    const float ties_relationship = (float)k->baseline.ties_relationship;
    const int32_t *restrict person = &p->person[first];
    const float *restrict n0 = &p->need[0][first], *restrict n1 = &p->need[1][first];
    const float *restrict n2 = &p->need[2][first], *restrict n3 = &p->need[3][first];
    const float *restrict n4 = &p->need[4][first];
    float *restrict hope = &p->hope_baseline[first];
    float *restrict confidence = &p->confidence_baseline[first];
    float *restrict clarity = &p->clarity_baseline[first];
    float *restrict coping = &p->coping_baseline[first];
    float *restrict ties = &p->ties_baseline[first];
#pragma omp simd
    for (int i = 0; i < count; i++) {
        const struct threefry_words a =
            threefry((uint32_t)person[i], 0, PURPOSE_BASELINES, 0, seed, replicate, where, 0);
        const struct threefry_words b =
            threefry((uint32_t)person[i], 0, PURPOSE_BASELINES, 1, seed, replicate, where, 0);
        const float severe = severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        hope[i] = baseline(a.a, hope_mean - hope_severity * severe, sd);
        confidence[i] = baseline(a.b, confidence_mean - confidence_severity * severe, sd);
        clarity[i] = baseline(a.c, clarity_mean, sd);
        coping[i] = baseline(a.d, coping_mean - coping_severity * severe, sd);
        ties[i] = baseline(b.a, ties_mean - ties_relationship * n3[i], sd);
    }
}

static void begin_states(struct patients *p, size_t first, size_t count, const double *const *given)
{
#define BASELINE(name)                                                                             \
    for (size_t n = 0; n < count; n++) {                                                           \
        const double *line = given != NULL ? given[n] : NULL;                                      \
        const size_t i = first + n;                                                                \
        if (line != NULL) {                                                                        \
            p->name##_baseline[i] =                                                                \
                (float)given_or(line, POPULATION_FIELD_##name, (double)p->name##_baseline[i]);     \
        }                                                                                          \
        p->name[i] = p->name##_baseline[i];                                                        \
    }
    BASELINE(hope)
    BASELINE(confidence)
    BASELINE(clarity)
    BASELINE(coping)
    BASELINE(ties)
#undef BASELINE
    memset(&p->trust[first], 0, count * sizeof p->trust[first]);
    memset(&p->enjoyment[first], 0, count * sizeof p->enjoyment[first]);
}

/* Isolation, stress and motivation at rest (between.c). */
VECTOR_LOOP
static void settle_at_rest(const struct site *site, struct patients *p, size_t first, int count)
{
    const struct resting_weights w = resting_weights(site->coefficients);
    const float *restrict n0 = &p->need[0][first], *restrict n1 = &p->need[1][first];
    const float *restrict n2 = &p->need[2][first], *restrict n3 = &p->need[3][first];
    const float *restrict n4 = &p->need[4][first];
    const float *restrict b0 = &p->barrier[0][first], *restrict b1 = &p->barrier[1][first];
    const float *restrict b2 = &p->barrier[2][first], *restrict b3 = &p->barrier[3][first];
    const float *restrict b4 = &p->barrier[4][first], *restrict b5 = &p->barrier[5][first];
    const float *restrict hope = &p->hope[first], *restrict confidence = &p->confidence[first];
    const float *restrict clarity = &p->clarity[first], *restrict coping = &p->coping[first];
    const float *restrict ties = &p->ties[first];
    float *restrict stress = &p->stress[first], *restrict isolation = &p->isolation[first];
    float *restrict motivation = &p->motivation[first];
#pragma omp simd
    for (int i = 0; i < count; i++) {
        const float severe =
            severity_of_values(w.severity_weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float barriers = b0[i] + b1[i] + b2[i] + b3[i] + b4[i] + b5[i];
        const float lonely = resting_isolation(&w, n2[i], n3[i], ties[i]);
        const float strained = resting_stress(&w, severe, barriers, lonely, coping[i]);
        isolation[i] = lonely;
        stress[i] = strained;
        motivation[i] = resting_motivation(&w, hope[i], confidence[i], clarity[i], strained);
    }
}

/* The same where the file gives one of them, from which the others follow. */
static void settle_as_given(const struct site *site, struct patients *p, size_t i,
                            const double *given)
{
    const struct resting_weights w = resting_weights(site->coefficients);
    const float severe = severity(site->coefficients, p, i);
    float barriers = 0.0f;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        barriers += p->barrier[b][i];
    }
    p->isolation[i] = (float)given_or(given, POPULATION_FIELD_isolation, (double)p->isolation[i]);
    p->stress[i] = (float)given_or(
        given, POPULATION_FIELD_stress,
        (double)resting_stress(&w, severe, barriers, p->isolation[i], p->coping[i]));
    p->motivation[i] = (float)given_or(
        given, POPULATION_FIELD_motivation,
        (double)resting_motivation(&w, p->hope[i], p->confidence[i], p->clarity[i], p->stress[i]));
}

void population_draw_states(const struct site *site, struct patients *p, size_t first, size_t count,
                            const double *const *given)
{
    draw_baselines(site, p, first, (int)count);
    begin_states(p, first, count, given);
    settle_at_rest(site, p, first, (int)count);
    for (size_t n = 0; given != NULL && n < count; n++) {
        if (given[n] != NULL) {
            settle_as_given(site, p, first + n, given[n]);
        }
    }
}

VECTOR_LOOP
static void draw_traits(const struct site *site, struct patients *p, size_t first, int count)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const uint32_t seed = site->key.seed, replicate = site->key.replicate, where = site->key.site;
    const float median = (float)k->trait.rapport_median, sigma = (float)k->trait.rapport_sigma;
    const float offset_sd = (float)k->trait.wellbeing_offset_sd;
    const float *restrict stigmas = c->stigma_sensitivity.node;
    const float *restrict alternatives = c->few_alternatives.node;
    float uncertainties[QUINTILE_COUNT * (QUANTILE_NODES + 1)];
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        memcpy(&uncertainties[q * (QUANTILE_NODES + 1)], c->uncertainty[q].node,
               sizeof c->uncertainty[q].node);
    }
    const int32_t *restrict person = &p->person[first], *restrict quintile = &p->quintile[first];
    float *restrict rapport = &p->rapport[first], *restrict offset = &p->wellbeing_offset[first];
    float *restrict stigma = &p->stigma_sensitivity[first];
    float *restrict unsure = &p->uncertainty[first], *restrict few = &p->few_alternatives[first];
#pragma omp simd
    for (int i = 0; i < count; i++) {
        const struct threefry_words a =
            threefry((uint32_t)person[i], 0, PURPOSE_TRAITS, 0, seed, replicate, where, 0);
        const struct threefry_words b =
            threefry((uint32_t)person[i], 0, PURPOSE_TRAITS, 1, seed, replicate, where, 0);
        rapport[i] = median * exponential(sigma * normal_of(a.a));
        offset[i] = offset_sd * normal_of(a.b);
        stigma[i] = beta_of(stigmas, a.c);
        unsure[i] = beta_from(uncertainties, (quintile[i] - 1) * (QUANTILE_NODES + 1), a.d);
        few[i] = beta_of(alternatives, b.a);
    }
}

static float draw_aversion(const struct site *site, const struct patients *p, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    const double mean =
        k->trait.group_aversion_mean +
        k->trait.group_aversion_mental * (double)p->starting_need[NEED_MENTAL][i] +
        k->trait.group_aversion_language * (double)p->starting_barrier[BARRIER_LANGUAGE][i];
    struct random_stream stream =
        random_open(&site->key, (uint32_t)p->person[i], 0, PURPOSE_AVERSION);
    return (float)random_beta(&stream, mean, k->trait.concentration);
}

static void take_given_traits(struct patients *p, size_t i, const double *given)
{
#define TRAIT_GIVEN(name, field)                                                                   \
    p->name[i] = (float)given_or(given, POPULATION_FIELD_##field, (double)p->name[i])
    TRAIT_GIVEN(rapport, rapport);
    TRAIT_GIVEN(wellbeing_offset, wellbeing_offset);
    TRAIT_GIVEN(group_aversion, group_aversion);
    TRAIT_GIVEN(stigma_sensitivity, stigma_sensitivity);
    TRAIT_GIVEN(uncertainty, role_uncertainty);
    TRAIT_GIVEN(few_alternatives, few_alternatives);
#undef TRAIT_GIVEN
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

void population_draw_traits(const struct site *site, struct patients *p, size_t first, size_t count,
                            const double *const *given)
{
    draw_traits(site, p, first, (int)count);
    for (size_t n = 0; n < count; n++) {
        const size_t i = first + n;
        p->group_aversion[i] = draw_aversion(site, p, i);
        if (given != NULL && given[n] != NULL) {
            take_given_traits(p, i, given[n]);
        }
        begin_history(p, i);
    }
}
