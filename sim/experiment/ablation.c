/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/ablation.h"

#include "base/error.h"
#include "experiment/shapley.h"

#include <stdlib.h>
#include <string.h>

const char *const verdict_names[3] = {"confirmed", "refuted", "undetermined"};

const struct headline headlines[HEADLINE_COUNT] = {
    {"enrolment", "funnel.taken_up_share_of_offered"},
    {"pathway a", "pathway_of_engaged.all.a_rapid"},
    {"pathway b", "pathway_of_engaged.all.b_anchored"},
    {"pathway c", "pathway_of_engaged.all.c_connecting_with"},
    {"SWEMWBS", "after_first_session.swemwbs.week39"},
    {"GP a year", "gp.per_year_after_first_session"}};

/* What is measured: the rows' variables, the rows' outcomes, the headlines. */
enum {
    MEASURED_VARIABLE = 0,
    MEASURED_OUTCOME = THEORY_COUNT,
    MEASURED_HEADLINE = 2 * THEORY_COUNT
};

enum verdict verdict_of(const struct estimate *effect, int sign)
{
    if (!(effect->low > 0.0) && !(effect->high < 0.0)) {
        return VERDICT_UNDETERMINED;
    }
    const int direction = effect->low > 0.0 ? 1 : -1;
    return direction == sign ? VERDICT_CONFIRMED : VERDICT_REFUTED;
}

static int choose_headlines(struct ablation *ablation)
{
    int status = 0;
    const char *chosen = ablation->plan.outcome;
    memcpy(ablation->headlines, headlines, sizeof headlines);
    ablation->headline_count = HEADLINE_COUNT;
    for (size_t h = 0; h < HEADLINE_COUNT && chosen != NULL; h++) {
        chosen = strcmp(chosen, headlines[h].outcome) == 0 ? NULL : chosen;
    }
    if (chosen != NULL) {
        ablation->headlines[ablation->headline_count++] = (struct headline){"chosen", chosen};
        ablation->pool.with_counterfactual = true; /* it may be a contrast, or be made of one */
    }
    for (int row = 0; row < THEORY_COUNT; row++) {
        TRY(theory_pool_measure(&ablation->pool, theory[row].variable));
    }
    for (int row = 0; row < THEORY_COUNT; row++) {
        TRY(theory_pool_measure(&ablation->pool, theory[row].measure));
    }
    for (size_t h = 0; h < ablation->headline_count; h++) {
        TRY(theory_pool_measure(&ablation->pool, ablation->headlines[h].outcome));
    }
out:
    return status;
}

/* Asks for all scenarios; `at` is the scenario of each row and strength. */
static int ask(struct theory_pool *pool, const struct ablation_plan *plan, size_t *at)
{
    int status = 0;
    size_t s = 0;
    TRY(theory_pool_without(pool, 0, &s));
    for (int row = 0; row < THEORY_COUNT; row++) {
        TRY(theory_pool_without(pool, ROW_BIT(row), &s));
    }
    pool->scenarios.kept = pool->scenarios.count;
    for (int row = 0; row < THEORY_COUNT; row++) {
        for (size_t n = 0; n < plan->strength_count; n++) {
            TRY(theory_pool_at(pool, row, plan->strengths[n],
                               &at[(size_t)row * plan->strength_count + n]));
        }
    }
    for (int a = 0; a < THEORY_COUNT && plan->pairs; a++) {
        for (int b = a + 1; b < THEORY_COUNT; b++) {
            TRY(theory_pool_without(pool, ROW_BIT(a) | ROW_BIT(b), &s));
        }
    }
    TRY(shapley_ask(pool, plan->orders));
out:
    return status;
}

/* What was measured `which`-th: scenario `a` minus scenario `b`. */
static struct estimate difference(const struct theory_pool *pool, size_t a, size_t b, size_t which)
{
    const struct quantity quantity = theory_pool_quantity(pool, which);
    return quantity_difference(&pool->measured, a, b, &quantity);
}

static void work_out_effects(struct ablation *ablation)
{
    const struct theory_pool *pool = &ablation->pool;
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        struct ablation_effect *effect = &ablation->effects[row];
        const struct quantity outcome = theory_pool_quantity(pool, MEASURED_OUTCOME + row);
        effect->variable = difference(pool, 0, 1 + row, MEASURED_VARIABLE + row);
        effect->variable_verdict = verdict_of(&effect->variable, theory[row].variable_sign);
        effect->measure = difference(pool, 0, 1 + row, MEASURED_OUTCOME + row);
        effect->full = quantity_estimate(&pool->measured, 0, &outcome).mean;
        effect->verdict = verdict_of(&effect->measure, theory[row].measure_sign);
        for (size_t h = 0; h < ablation->headline_count; h++) {
            effect->headline[h] = difference(pool, 0, 1 + row, MEASURED_HEADLINE + h);
        }
    }
}

static void work_out_doses(struct ablation *ablation, const size_t *at)
{
    const struct theory_pool *pool = &ablation->pool;
    const size_t count = ablation->plan.strength_count;
    for (size_t n = 0; n < THEORY_COUNT * count; n++) {
        const size_t row = n / count;
        ablation->doses[n].variable = difference(pool, at[n], 1 + row, MEASURED_VARIABLE + row);
        ablation->doses[n].measure = difference(pool, at[n], 1 + row, MEASURED_OUTCOME + row);
    }
}

static void work_out_pairs(struct ablation *ablation)
{
    const struct theory_pool *pool = &ablation->pool;
    for (size_t n = 0; n < THEORY_COUNT * THEORY_COUNT; n++) {
        const size_t a = n / THEORY_COUNT, b = n % THEORY_COUNT;
        const size_t first = a < b ? a : b, second = a < b ? b : a; /* the same bits either way */
        const size_t both = theory_pool_find(pool, ROW_BIT(a) | ROW_BIT(b));
        for (size_t h = 0; h < ablation->headline_count && a != b; h++) {
            const struct quantity quantity = theory_pool_quantity(pool, MEASURED_HEADLINE + h);
            ablation->interactions[n * MOST_HEADLINES + h] =
                quantity_interaction(&pool->measured, 0, 1 + first, 1 + second, both, &quantity);
        }
    }
}

static int make_room(struct ablation *ablation, size_t **at)
{
    const struct ablation_plan *plan = &ablation->plan;
    const size_t doses = THEORY_COUNT * plan->strength_count + 1;
    *at = calloc(doses, sizeof **at);
    ablation->doses = calloc(doses, sizeof *ablation->doses);
    if (plan->pairs) {
        ablation->interactions = calloc((size_t)THEORY_COUNT * THEORY_COUNT * MOST_HEADLINES,
                                        sizeof *ablation->interactions);
    }
    if (plan->orders > 0) {
        ablation->shares = calloc((size_t)MOST_HEADLINES * THEORY_COUNT, sizeof *ablation->shares);
    }
    if (*at == NULL || ablation->doses == NULL || (plan->pairs && ablation->interactions == NULL) ||
        (plan->orders > 0 && ablation->shares == NULL)) {
        return error_set(ERROR_MEMORY, "no memory for effects");
    }
    return 0;
}

int ablation_run(struct ablation *ablation, const struct configuration *base,
                 const struct ablation_plan *plan, int threads, bool is_quiet)
{
    int status = 0;
    size_t *at = NULL;
    *ablation = (struct ablation){.plan = *plan};
    TRY(theory_pool_init(&ablation->pool, base));
    TRY(choose_headlines(ablation));
    TRY(make_room(ablation, &at));
    TRY(ask(&ablation->pool, plan, at));
    TRY(theory_pool_run(&ablation->pool, plan->group, threads, is_quiet));
    work_out_effects(ablation);
    work_out_doses(ablation, at);
    if (plan->pairs) {
        work_out_pairs(ablation);
    }
    for (size_t h = 0; h < ablation->headline_count && plan->orders > 0; h++) {
        TRY(shapley_shares(&ablation->pool, plan->orders, MEASURED_HEADLINE + h,
                           &ablation->shares[h * THEORY_COUNT], &ablation->totals[h]));
    }
out:
    free(at);
    if (status != 0) {
        ablation_free(ablation);
    }
    return status;
}

void ablation_free(struct ablation *ablation)
{
    theory_pool_free(&ablation->pool);
    free(ablation->doses);
    free(ablation->interactions);
    free(ablation->shares);
    *ablation = (struct ablation){0};
}
