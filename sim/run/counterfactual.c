/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same people without link workers
 *
 * Whoever never comes to an opening contact lives the same life in both, and is not stepped again. The
 * others part at their first one (state/partings.h): a company lives its weeks from there to the end of the
 * run, which stay in the innermost cache, then the next company. Nobody is seen, connects
 * or is anyone's anchor; people wait, leave the waiting list, are offered a referral again. Draws and
 * interventions are those of the run with link workers, week for week.
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
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/enrolment.h"
#include "mechanisms/life.h"
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

/* The loops run over whole vectors; rows that nobody has yet are stepped, too, and overwritten. Each does
 * what several steps do in site-wide loops (life.c, consultation.c, enrolment.c, between.c, census.c), by
 * the same formulas, without what only link workers bring about. */

/* The week's draws, words in the order of enum weekly_draw; flags those to whom life happens. */
VECTOR_LOOP
static int draw_lives(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const uint32_t seed = site->key.seed, replicate = site->key.replicate, place = site->key.site;
    const uint32_t week = (uint32_t)site->week;
    const float hazard = (float)site->coefficients->parameters.events.life_event_hazard;
    const struct patients *p = &site->patients;
    const int32_t *restrict person = p->person;
    const float *restrict decline = p->health_decline;
    float *restrict u_consultation = p->draw[DRAW_CONSULTATION];
    float *restrict u_transition = p->draw[DRAW_TRANSITION];
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const struct threefry_words words =
            threefry((uint32_t)person[i], week, PURPOSE_WEEK, 0, seed, replicate, place, 0);
        u_consultation[i] = random_unit(words.b);
        u_transition[i] = random_unit(words.c);
        event[i] = i < n ? life_flags(random_unit(words.a), hazard, decline[i]) : 0;
        any |= event[i];
    }
    return any;
}

/* Easing and consultations, which are added to `consultations`; flags those who may move. */
VECTOR_LOOP
static int ease_and_consult(struct site *site, const struct moving_weights *weights,
                            int64_t *consultations)
{
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const struct coefficients *c = site->coefficients;
    const struct moving_weights moving = *weights;
    const float stress_effect = (float)c->parameters.gp.stress_effect;
    const float weight = c->severity_weight;
    float en[NEED_COUNT], eb[BARRIER_COUNT];
    const struct patients *p = &site->patients;
    float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1], *restrict b2 = p->barrier[2];
    float *restrict b3 = p->barrier[3], *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict u = p->draw[DRAW_TRANSITION], *restrict unsure = p->uncertainty;
    const float *restrict u_consultation = p->draw[DRAW_CONSULTATION];
    const int32_t *restrict status = p->status, *restrict status_week = p->status_week;
    float *restrict consulting = p->consulting;
    int32_t *restrict total = p->consultations;
    int32_t *restrict event = p->event;
    int all = 0, any = 0;
    memcpy(en, c->need_easing, sizeof en);
    memcpy(eb, c->barrier_easing, sizeof eb);
#pragma omp simd reduction(+ : all) reduction(| : any)
    for (int i = 0; i < whole; i++) {
        n0[i] = eased(n0[i], en[0]);
        n1[i] = eased(n1[i], en[1]);
        n2[i] = eased(n2[i], en[2]);
        n3[i] = eased(n3[i], en[3]);
        n4[i] = eased(n4[i], en[4]);
        b0[i] = eased(b0[i], eb[0]);
        b1[i] = eased(b1[i], eb[1]);
        b2[i] = eased(b2[i], eb[2]);
        b3[i] = eased(b3[i], eb[3]);
        b4[i] = eased(b4[i], eb[4]);
        b5[i] = eased(b5[i], eb[5]);
        const float severe = severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float probability = consultation_probability(rate[i], stress_effect, stress[i], 0.0f);
        const int32_t now = (i < n) & (u_consultation[i] < probability);
        consulting[i] = probability;
        total[i] += now;
        all += now;
        event[i] = (i < n) & may_move(&moving, status[i], week - status_week[i], severe, unsure[i],
                                      stress[i], u[i], u_consultation[i], probability);
        any |= event[i];
    }
    *consultations += all;
    return any;
}

/* What fades between sessions, nobody being anyone's anchor; then SWEMWBS onto the sums, plain and
 * discounted; flags those whose `stop` it is. */
VECTOR_LOOP
static int fade_and_measure(struct site *site, const int32_t *restrict stop, float discount)
{
    const struct resting_weights w = resting_weights(site->coefficients);
    const struct wellbeing_weights v = wellbeing_weights(site->coefficients);
    const struct parameters *k = &site->coefficients->parameters;
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const int gap = k->between.trust_gap_weeks;
    const float hope_fade = (float)k->between.hope_fade, trust_fade = (float)k->between.trust_fade;
    const float confidence_fade = (float)k->between.confidence_fade;
    const float clarity_fade = (float)k->between.clarity_fade;
    const float coping_fade = (float)k->between.coping_fade;
    const float ties_fade = (float)k->between.ties_fade;
    const struct patients *p = &site->patients;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    const float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1];
    const float *restrict b2 = p->barrier[2], *restrict b3 = p->barrier[3];
    const float *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    const float *restrict hope0 = p->hope_baseline, *restrict confidence0 = p->confidence_baseline;
    const float *restrict clarity0 = p->clarity_baseline, *restrict coping0 = p->coping_baseline;
    const float *restrict ties0 = p->ties_baseline, *restrict offset = p->wellbeing_offset;
    const int32_t *restrict contact = p->contact_week;
    float *restrict hope = p->hope, *restrict confidence = p->confidence;
    float *restrict clarity = p->clarity, *restrict coping = p->coping, *restrict ties = p->ties;
    float *restrict trust = p->trust, *restrict stress = p->stress;
    float *restrict motivation = p->motivation, *restrict isolation = p->isolation;
    float *restrict sum = p->wellbeing_sum, *restrict discounted = p->wellbeing_discounted;
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const float severe =
            severity_of_values(w.severity_weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float barriers = b0[i] + b1[i] + b2[i] + b3[i] + b4[i] + b5[i];
        const float s = resting_stress(&w, severe, barriers, isolation[i], coping[i]);
        const float m = resting_motivation(&w, hope[i], confidence[i], clarity[i], stress[i]);
        const float l = resting_isolation(&w, n2[i], n3[i], ties[i]);
        stress[i] = toward(stress[i], w.stress_rate, s);
        motivation[i] = toward(motivation[i], w.motivation_rate, m);
        isolation[i] = toward(isolation[i], w.isolation_rate, l);
        hope[i] = toward(hope[i], hope_fade, hope0[i]);
        confidence[i] = toward(confidence[i], confidence_fade, confidence0[i]);
        clarity[i] = toward(clarity[i], clarity_fade, clarity0[i]);
        coping[i] = toward(coping[i], coping_fade, coping0[i]);
        ties[i] = toward(ties[i], ties_fade, ties0[i]);
        trust[i] = eased(trust[i], week - contact[i] > gap ? trust_fade : 0.0f);
        const float points = wellbeing_of_values(&v, hope[i], confidence[i], ties[i], stress[i],
                                                 isolation[i], offset[i]);
        sum[i] += points;
        discounted[i] += discount * points;
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
    int64_t *consultations = &company->consultations[site->week];
    if (site->offered > 0) {
        life_events_happen(site, site_list_flagged(site, draw_lives(site)));
        const struct moving_weights weights = moving_weights(site);
        const int moving = ease_and_consult(site, &weights, consultations);
        enrolment_move(site, site_list_flagged(site, moving));
        company->without->stepped_patient_weeks += (int64_t)site->offered;
    }
    while (site->offered < count && partings[site->offered].week == site->week) {
        join(company, &partings[site->offered]);
    }
    if (site->offered > 0) {
        const float discount = (float)company->run->recorder->discount[site->week];
        const int looking = fade_and_measure(site, company->stop, discount);
        look(company, site_list_flagged(site, looking));
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
