/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site_fixture.h"

#include "base/error.h"
#include "base/vector.h"
#include "parameters/table.h"

static void *take(struct fixture *f, size_t bytes)
{
    void *memory = arena_take(&f->arena, bytes);
    assert_non_null(memory);
    return memory;
}

void fixture_start(struct fixture *f)
{
    *f = (struct fixture){.attributes = {.name = "site",
                                         .link_workers = 1,
                                         .months_in_role = 12.0,
                                         .deprivation = DEPRIVATION_MEDIUM,
                                         .practices = 1}};
    parameters_default(&f->parameters);
}

static void make_patient(struct patients *p, size_t i)
{
    p->person[i] = (int32_t)i;
    p->age[i] = 50.0f;
    p->female[i] = 1;
    p->quintile[i] = 3;
    p->rapport[i] = 0.4f;
    p->group_aversion[i] = 0.3f;
    p->stigma_sensitivity[i] = 0.4f;
    p->few_alternatives[i] = 0.5f;
    p->consultation_rate[i] = 6.0f;
    p->health_decline[i] = 0.004f;
    p->hope_baseline[i] = p->hope[i] = 0.4f;
    p->confidence_baseline[i] = p->confidence[i] = 0.35f;
    p->clarity_baseline[i] = p->clarity[i] = 0.3f;
    p->coping_baseline[i] = p->coping[i] = 0.45f;
    p->ties_baseline[i] = p->ties[i] = 0.5f;
    const float need[NEED_COUNT] = {0.5f, 0.0f, 0.3f, 0.2f, 0.4f};
    const float barrier[BARRIER_COUNT] = {0.1f, 0.25f, 0.3f, 0.0f, 0.2f, 0.15f};
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][i] = p->starting_need[d][i] = need[d];
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        p->barrier[k][i] = p->starting_barrier[k][i] = barrier[k];
    }
    p->trust[i] = 0.3f;
    p->stress[i] = 0.55f;
    p->isolation[i] = 0.45f;
    p->motivation[i] = 0.4f;
    p->enjoyment[i] = 0.1f;
    p->uncertainty[i] = 0.5f;
    p->counted[i] = 1;
    p->status[i] = STATUS_DECLINED;
    p->link_worker[i] = NOBODY;
    p->suggestion[i] = p->support_domain[i] = p->support_place[i] = NOTHING;
    p->session_window[i] = p->waited_weeks[i] = p->first_session_week[i] = NEVER;
    p->link_connection_week[i] = p->own_connection_week[i] = p->closing_week[i] = NEVER;
    p->pathway[i] = NEVER;
    p->last_obstacle[i] = NOTHING;
    p->after_closing_stress[i] = -1.0f;
}

static void make_link_worker(struct fixture *f, int post, size_t room)
{
    struct link_worker *worker = &f->site.link_workers[post];
    *worker = (struct link_worker){.listening = 0.7f,
                                   .informality = 0.6f,
                                   .reliability = 0.8f,
                                   .directiveness = 0.4f,
                                   .tailoring = 0.6f,
                                   .goal_setting = 0.5f,
                                   .advocacy = 0.45f,
                                   .knowledge = {0.5f, 0.4f, 0.6f, 0.3f, 0.7f},
                                   .burnout = 0.2f};
    worker->patients = take(f, (room + 1) * sizeof *worker->patients);
}

void fixture_build(struct fixture *f, size_t patients, int posts)
{
    struct site *site = &f->site;
    coefficients_compute(&f->coefficients, &f->parameters);
    *site = (struct site){.coefficients = &f->coefficients,
                          .attributes = &f->attributes,
                          .key = {.seed = 7, .replicate = 0, .site = 0},
                          .week = FIXTURE_WEEK,
                          .weeks = FIXTURE_WEEKS,
                          .population = patients,
                          .offered = patients,
                          .link_worker_count = posts,
                          .practice_count = 1};
    assert_int_equal(patients_init(&site->patients, &f->arena, patients), 0);
    for (size_t i = 0; i < patients; i++) {
        make_patient(&site->patients, i);
    }
    site->link_workers = take(f, ((size_t)posts + 1) * sizeof *site->link_workers);
    for (int post = 0; post < posts; post++) {
        make_link_worker(f, post, patients);
    }
    site->services = take(f, FIXTURE_SERVICES * sizeof *site->services);
    site->practices = take(f, sizeof *site->practices);
    site->practices[0] = (struct practice){.adoption = 0.6f, .credibility = 0.7f};
    site->tries = take(f, patients * FIXTURE_SERVICES + 1);
    site->seen = take(f, (patients + 1) * sizeof *site->seen);
    site->seen_before = take(f, (FIXTURE_WEEKS + 1) * sizeof *site->seen_before);
    site->seen_number = take(f, (patients + 1) * sizeof *site->seen_number);
    for (size_t i = 0; i < patients; i++) {
        site->seen_number[i] = (int32_t)i;
    }
    site->snapshots = take(f, (patients + 1) * LAG_COUNT * MEASURE_COUNT * sizeof(float));
    site->snapshot_room = patients;
    site->openings = take(f, (patients + 1) * sizeof *site->openings);
    site->opening_posts = take(f, (patients + 1) * sizeof *site->opening_posts);
    site->order = take(f, (patients + 1) * sizeof *site->order);
    site->order_spare = take(f, (patients + 1) * sizeof *site->order_spare);
    site->flagged = take(f, (patients + 2 * VECTOR_ROWS) * sizeof *site->flagged);
}

void fixture_end(struct fixture *f)
{
    arena_free(&f->arena);
}

int fixture_add_service(struct fixture *f, int domain, int format, int places)
{
    struct site *site = &f->site;
    assert_true(site->service_count < FIXTURE_SERVICES);
    const int s = site->service_count++;
    site->services[s] =
        (struct vcse_service){.domain = domain, .format = format, .places = places, .reach = 1.0f};
    for (int d = domain + 1; d <= NEED_COUNT; d++) {
        site->domain_services[d] = site->service_count;
    }
    return s;
}

void fixture_engage(struct fixture *f, size_t i, int post)
{
    struct patients *p = &f->site.patients;
    const int week = f->site.week;
    p->status[i] = STATUS_ENGAGED;
    p->status_week[i] = week - 4;
    p->takeup_week[i] = week - 4;
    p->accepted_week[i] = week - 6;
    p->contact_week[i] = week - 2;
    p->due_week[i] = week;
    p->ever_accepted[i] = p->ever_taken_up[i] = 1;
    p->waited_weeks[i] = 2;
    site_join_caseload(&f->site, i, post);
}

void fixture_wait(struct fixture *f, size_t i, int week)
{
    struct patients *p = &f->site.patients;
    p->status[i] = STATUS_WAITING;
    p->status_week[i] = p->accepted_week[i] = p->contact_week[i] = week;
    p->ever_accepted[i] = 1;
}

void fixture_draws(struct fixture *f, float u)
{
    for (int d = 0; d < WEEKLY_DRAW_COUNT; d++) {
        for (size_t i = 0; i < f->site.patients.count; i++) {
            f->site.patients.draw[d][i] = u;
        }
    }
}

void fixture_verify(const struct fixture *f)
{
    if (site_verify(&f->site) != 0) {
        fail_msg("%s", error_message());
    }
}
