/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "invented_people.h"

static uint64_t seed;

static int below(int n)
{
    return (int)(next_input(&seed) % (uint64_t)n);
}

/* A course that the rules of the model allow, at random. */
static void invent_person(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    const bool taken_up = below(4) > 0, seen = taken_up && below(5) > 0;
    p->female[i] = below(2);
    p->quintile[i] = 1 + below(5);
    p->ethnicity[i] = below(ETHNICITY_COUNT);
    p->age[i] = 19.0f + (float)below(67);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->starting_barrier[b][i] = (float)below(2);
    }
    p->starting_need[NEED_FINANCIAL][i] = (float)below(2);
    p->status[i] = 1 + below(7);
    p->pathway[i] = below(PATHWAY_COUNT);
    p->first_offer_week[i] = below(80);
    p->consultations_before_offer[i] = below(30);
    p->consultations_before_session[i] = below(30);
    p->consultations_from_offer[i] = below(20);
    p->consultations_from_session[i] = below(20);
    p->consultations[i] = p->consultations_from_offer[i] + p->consultations_before_offer[i];
    p->wellbeing_sum[i] = (float)below(3000);
    p->wellbeing_discounted[i] = (float)below(2900);
    p->offer_urgency[i] = (float)next_unit(&seed);
    p->offer_uncertainty[i] = (float)next_unit(&seed);
    p->few_alternatives[i] = (float)next_unit(&seed);
    p->accepted_first[i] = taken_up;
    p->ever_accepted[i] = taken_up || below(2) > 0;
    p->ever_taken_up[i] = taken_up;
    p->ever_closed[i] = taken_up && below(2) > 0;
    p->ever_disengaged[i] = taken_up && below(4) == 0;
    p->ever_returned[i] = p->ever_closed[i] && below(4) == 0;
    p->waited_weeks[i] = taken_up ? below(12) : NEVER;
    p->caseload_weeks[i] = below(60);
    p->first_session_week[i] = seen ? p->first_offer_week[i] + below(40) : NEVER;
    p->sessions[i] = seen ? 1 + below(14) : 0;
    p->trust_last_session[i] = seen ? (float)next_unit(&seed) : 0.0f;
    p->trusted_after[i] = seen ? below(p->sessions[i] + 1) : 0;
    p->suggestions_made[i] = seen ? below(5) : 0;
    p->suggestions_accepted[i] = below(p->suggestions_made[i] + 1);
    p->attempts[i] = p->suggestions_accepted[i] > 0 ? below(6) : 0;
    p->link_connection_week[i] =
        p->attempts[i] > 0 && below(2) > 0 ? p->first_session_week[i] + below(30) : NEVER;
    p->ever_group[i] = p->link_connection_week[i] != NEVER && below(2) > 0;
    p->own_connection_week[i] = seen && below(6) == 0 ? p->first_session_week[i] + 3 : NEVER;
    p->closing_week[i] = p->ever_closed[i] ? 90 : NEVER;
    p->after_closing_stress[i] = p->ever_closed[i] && below(3) > 0 ? 0.4f : -1.0f;
    p->after_closing_hope[i] = (float)next_unit(&seed);
    p->closing_hope[i] = (float)next_unit(&seed);
    p->after_closing_wellbeing[i] = 20.0f + (float)below(10);
    p->closing_wellbeing[i] = 20.0f + (float)below(10);
    p->starting_session_wellbeing[i] = 15.0f + (float)below(15);
    for (int v = 0; v < LAG_COUNT * MEASURE_COUNT; v++) {
        const int lag = v / MEASURE_COUNT, measure = v % MEASURE_COUNT;
        site->snapshots[snapshot_place(PEOPLE, i, lag) + (size_t)measure] =
            (float)(measure == MEASURE_SWEMWBS ? 7.0 + 28.0 * next_unit(&seed) : next_unit(&seed));
    }
}

static void invent_records(struct invented *n)
{
    double *window = (double *)&n->recorder.window;
    for (size_t v = 0; v < sizeof n->recorder.window / sizeof(double); v++) {
        window[v] = 1.0 + below(1000);
    }
    int64_t *events = (int64_t *)&n->with.site.events;
    for (size_t v = 0; v < sizeof n->with.site.events / sizeof(int64_t); v++) {
        events[v] = 1 + below(1000);
    }
    n->recorder.link_worker_cost_weeks = 100.0 + below(50);
    n->recorder.place_cost_weeks = 900.0 + below(50);
    n->recorder.consultations_discounted = 500.0 + below(100);
    n->without.consultations_discounted = 700.0 + below(100);
    n->recorder.stepped_patient_weeks = 1000;
    n->without.stepped_patient_weeks = 900;
}

void invent(struct invented *n, uint64_t start)
{
    seed = start;
    *n = (struct invented){0};
    fixture_start(&n->with);
    fixture_build(&n->with, PEOPLE, 2);
    n->with.site.seen_count = PEOPLE;
    fixture_start(&n->other);
    fixture_build(&n->other, PEOPLE, 0);
    struct patients *p = &n->other.site.patients;
    for (size_t i = 0; i < PEOPLE; i++) {
        invent_person(&n->with.site, i);
        p->wellbeing_sum[i] = (float)below(3000);
        p->wellbeing_discounted[i] = (float)below(2900);
        p->consultations_from_offer[i] = below(25);
        p->consultations_from_session[i] = below(25);
        p->consultations[i] = p->consultations_from_offer[i] + p->consultations_from_session[i];
        p->after_closing_wellbeing[i] = 15.0f + (float)below(10);
        for (size_t v = 0; v < LAG_COUNT * MEASURE_COUNT; v++) {
            n->other.site.snapshots[i * LAG_COUNT * MEASURE_COUNT + v] = (float)next_unit(&seed);
        }
    }
    n->without = (struct counterfactual){
        .wellbeing_sum = p->wellbeing_sum,
        .wellbeing_discounted = p->wellbeing_discounted,
        .consultations = p->consultations,
        .consultations_from_offer = p->consultations_from_offer,
        .consultations_from_session = p->consultations_from_session,
        .after_closing_wellbeing = p->after_closing_wellbeing,
        .snapshots = n->other.site.snapshots,
    };
    invent_records(n);
}

void invented_end(struct invented *n)
{
    fixture_end(&n->with);
    fixture_end(&n->other);
}
