/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same people without link workers
 *
 * Whoever never comes to an opening contact lives the same life in both, and is not stepped again. The
 * others part at their first one (state/partings.h): a company lives its weeks from there to the end of the
 * run, which stay in the innermost cache, then the next company. Nobody is seen, connects or is anyone's
 * anchor; people wait, leave the waiting list, are offered a referral again. Draws and interventions are
 * those of the run with link workers, week for week.
 *
 *   week of the parting    step 7 alone: what came before it is the same in both
 *   later weeks            steps 1, 2 and 7
 *   looked at              SWEMWBS every week; in the weeks in which the run with link workers looked:
 *                          lags after the first session of those who never connected in it, four weeks
 *                          after the latest closing
 *
 * draws   those of the steps
 */
#include "run/counterfactual.h"

#include "base/error.h"
#include "base/vector.h"
#include "mechanisms/consultation.h"
#include "mechanisms/mechanisms.h"
#include "observe/census.h"
#include "observe/pathways.h"
#include "state/indices.h"

#include <string.h>

enum { COMPANY = 128 };

struct company {
    struct site site; /* without link workers and services; row n is the company's nth */
    const struct run_with *run;
    struct counterfactual *without;
    int64_t *consultations; /* [week], of all companies */
    int32_t row[COMPANY];   /* of the site with link workers */
    int32_t stop[COMPANY];  /* the next week in which this one is looked at; NEVER: none */
};

/* What consultation_step does for people on nobody's caseload, but for years, which are looked at below:
 * it counts them in the order of the first offer. Returns how many consulted. */
VECTOR_LOOP
static int consult(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const float stress_effect = (float)site->coefficients->parameters.gp.stress_effect;
    const struct patients *p = &site->patients;
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict u = p->draw[DRAW_CONSULTATION];
    float *restrict consulting = p->consulting;
    int32_t *restrict total = p->consultations;
    int all = 0;
#pragma omp simd reduction(+ : all)
    for (int i = 0; i < whole; i++) {
        const float probability = consultation_probability(rate[i], stress_effect, stress[i], 0.0f);
        const int32_t now = (i < n) & (u[i] < probability);
        consulting[i] = probability;
        total[i] += now;
        all += now;
    }
    return all;
}

/* Flags those whose stop this week is. */
VECTOR_LOOP
static int flag_stops(struct site *site, const int32_t *restrict stop)
{
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (stop[i] == week);
        any |= event[i];
    }
    return any;
}

/* The earlier of two stops, the new one only if it comes after `week`. */
static int earlier(int next, int then, int week)
{
    return then > week && (next == NEVER || then < next) ? then : next;
}

/* The next week after this one at whose end person `i` of the site with link workers is looked at. */
static int next_stop(const struct site *with, size_t i, int week)
{
    const struct patients *p = &with->patients;
    const int first = p->first_session_week[i], closing = p->closing_week[i];
    int next = earlier(NEVER, p->first_offer_week[i] + WINDOW_WEEKS - 1, week);
    if (closing != NEVER) {
        next = earlier(next, closing + WEEKS_AFTER_CLOSING, week);
    }
    if (first == NEVER) {
        return next;
    }
    next = earlier(next, first - 1, week);
    next = earlier(next, first + WINDOW_WEEKS - 1, week);
    if (has_never_connected(with, i)) {
        int lag = 1;
        while (lag < LAG_COUNT - 1 && first + lag_weeks[lag] <= week) {
            lag++;
        }
        next = earlier(next, first + lag_weeks[lag], week);
    }
    return next;
}

/* Whose lives part this week joins the company. */
static void join(struct company *company, const struct parting *parting)
{
    struct site *site = &company->site;
    const size_t n = site->offered++, i = (size_t)parting->row;
    site->patients.count = site->offered;
    parting_resume(parting, &site->patients, n);
    company->row[n] = parting->row;
    company->stop[n] = next_stop(company->run->site, i, parting->week - 1);
    site->seen_number[n] = company->run->site->seen_number[i];
}

/* Consultations of a year are those up to its end less those before it. */
static void look_at_consultations(struct company *company, size_t n, int week)
{
    const struct patients *p = &company->site.patients, *q = &company->run->site->patients;
    const size_t i = (size_t)company->row[n];
    const int first = q->first_session_week[i];
    if (q->first_offer_week[i] + WINDOW_WEEKS - 1 == week) {
        p->consultations_from_offer[n] = p->consultations[n];
    }
    if (first != NEVER && first - 1 == week) {
        p->consultations_from_session[n] = -p->consultations[n];
    }
    if (first != NEVER && first + WINDOW_WEEKS - 1 == week) {
        p->consultations_from_session[n] += p->consultations[n];
    }
}

static void look_at_states(struct company *company, size_t n)
{
    struct site *site = &company->site;
    const struct site *with = company->run->site;
    const size_t i = (size_t)company->row[n];
    const int closing = with->patients.closing_week[i];
    const int first = with->patients.first_session_week[i];
    if (closing != NEVER && closing + WEEKS_AFTER_CLOSING == site->week) {
        company->without->after_closing_wellbeing[i] =
            wellbeing(site->coefficients, &site->patients, n);
    }
    for (int lag = 1; lag < LAG_COUNT && first != NEVER && has_never_connected(with, i); lag++) {
        if (first + lag_weeks[lag] == site->week) {
            snapshot_take(site, n, lag);
        }
    }
}

static void look(struct company *company, size_t flagged)
{
    const struct site *site = &company->site;
    for (size_t f = 0; f < flagged; f++) {
        const size_t n = (size_t)site->flagged[f];
        look_at_consultations(company, n, site->week);
        look_at_states(company, n);
        company->stop[n] = next_stop(company->run->site, (size_t)company->row[n], site->week);
    }
}

/* What the lives came to. */
static void write_back(struct company *company)
{
    const struct patients *p = &company->site.patients;
    struct counterfactual *without = company->without;
    for (size_t n = 0; n < company->site.offered; n++) {
        const size_t i = (size_t)company->row[n];
        while (company->stop[n] != NEVER) { /* among them years that the run ends within */
            const int week = company->stop[n];
            look_at_consultations(company, n, week);
            company->stop[n] = next_stop(company->run->site, i, week);
        }
        without->wellbeing_sum[i] = p->wellbeing_sum[n];
        without->wellbeing_discounted[i] = p->wellbeing_discounted[n];
        without->consultations[i] = p->consultations[n];
        without->consultations_from_offer[i] = p->consultations_from_offer[n];
        without->consultations_from_session[i] = p->consultations_from_session[n];
    }
}

/* A week of those who have parted, in the order of week.c. */
static void step(struct company *company, const struct parting *partings, size_t count)
{
    struct site *site = &company->site;
    if (site->offered > 0) {
        weekly_draws(site);
        life_step(site);
        company->consultations[site->week] += consult(site);
        enrolment_step(site);
        company->without->stepped_patient_weeks += (int64_t)site->offered;
    }
    while (site->offered < count && partings[site->offered].week == site->week) {
        join(company, &partings[site->offered]);
    }
    if (site->offered > 0) {
        const float discount = (float)company->run->recorder->discount[site->week];
        float *points = site->patients.draw[0]; /* free until the next week's draws */
        between_step(site);
        census_add_wellbeing(site, points, discount);
        look(company, site_list_flagged(site, flag_stops(site, company->stop)));
    }
}

/* All weeks of `count` people, who part in this order. */
static int live(struct company *company, const struct parting *partings, size_t count)
{
    struct site *site = &company->site;
    const struct run_with *run = company->run;
    int status = 0;
    site->week = -1;
    site->offered = site->patients.count = 0;
    site->coefficients = run->coefficients;
    while (status == 0 && site->week < site->weeks - 1) {
        timeline_act(run->timeline, run->configuration, site);
        site->week++;
        step(company, partings, count);
        status = run->verify ? site_verify(site) : 0;
    }
    write_back(company);
    return status;
}

static int make_company(struct company *company, struct arena *arena)
{
    const struct site *with = company->run->site;
    struct site *site = &company->site;
    int status = 0;
    *site = (struct site){.attributes = with->attributes,
                          .key = with->key,
                          .weeks = with->weeks,
                          .practice_count = with->practice_count,
                          .practices = with->practices,
                          .snapshots = company->without->snapshots,
                          .snapshot_room = with->seen_count};
    site->seen_number = arena_take(arena, COMPANY * sizeof *site->seen_number);
    site->flagged = arena_take(arena, (COMPANY + 2 * VECTOR_ROWS) * sizeof *site->flagged);
    company->consultations =
        arena_take(arena, ((size_t)site->weeks + 1) * sizeof *company->consultations);
    if (site->seen_number == NULL || site->flagged == NULL || company->consultations == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a paired run");
    }
    TRY(patients_init(&site->patients, arena, COMPANY));
    for (size_t n = 0; n < COMPANY; n++) {
        site->patients.link_worker[n] = NOBODY;
        site->patients.suggestion[n] = NOTHING;
        site->patients.support_place[n] = site->patients.support_domain[n] = NOTHING;
    }
out:
    return status;
}

/* A copy of a column: what holds for all who live the same life in both. */
static void *copy_of(struct arena *arena, const void *column, size_t bytes)
{
    void *copy = arena_take_raw(arena, bytes + 1);
    if (copy != NULL) {
        memcpy(copy, column, bytes);
    }
    return copy;
}

static int make_counterfactual(struct counterfactual *without, struct arena *arena,
                               const struct site *with)
{
    const struct patients *p = &with->patients;
    const size_t n = p->count, measures = with->seen_count * LAG_COUNT * MEASURE_COUNT;
    *without = (struct counterfactual){
        .wellbeing_sum = copy_of(arena, p->wellbeing_sum, n * sizeof(float)),
        .wellbeing_discounted = copy_of(arena, p->wellbeing_discounted, n * sizeof(float)),
        .consultations = copy_of(arena, p->consultations, n * sizeof(int32_t)),
        .consultations_from_offer =
            copy_of(arena, p->consultations_from_offer, n * sizeof(int32_t)),
        .consultations_from_session = arena_take(arena, (n + 1) * sizeof(int32_t)),
        .after_closing_wellbeing = arena_take(arena, (n + 1) * sizeof(float)),
        .snapshots = arena_take_raw(arena, (measures + 1) * sizeof(float)),
    };
    if (without->wellbeing_sum == NULL || without->wellbeing_discounted == NULL ||
        without->consultations == NULL || without->consultations_from_offer == NULL ||
        without->consultations_from_session == NULL || without->after_closing_wellbeing == NULL ||
        without->snapshots == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a paired run");
    }
    return 0;
}

int counterfactual_live(struct counterfactual *without, struct arena *arena,
                        const struct run_with *run)
{
    int status = 0;
    const struct recorder *recorder = run->recorder;
    const struct partings *partings = &run->site->partings;
    struct company company = {.run = run, .without = without};
    TRY(make_counterfactual(without, arena, run->site));
    TRY(make_company(&company, arena));
    for (size_t first = 0; first < partings->count; first += COMPANY) {
        const size_t left = partings->count - first;
        TRY(live(&company, &partings->list[first], left < COMPANY ? left : COMPANY));
    }
    for (int week = 0; week < run->site->weeks; week++) {
        without->consultations_discounted +=
            recorder->discount[week] *
            (double)(recorder->consultations_unmet[week] + company.consultations[week]);
    }
out:
    return status;
}
