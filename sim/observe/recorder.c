/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recording (step 10)
 *
 * At the end of each week: how many are in each status and how many changed it, means of the states
 * of everyone after the first offer, what the diaries held, places taken; sums for the service's
 * window; snapshots of those whose first session lies one of lag_weeks back; pathways that reach
 * their horizon; the state four weeks after a closing; SWEMWBS added up, plain and discounted. What
 * becomes of the same people without link workers is looked at in run/counterfactual.c.
 */
#include "observe/recorder.h"

#include "base/error.h"
#include "mechanisms/mechanisms.h"
#include "observe/census.h"
#include "observe/pathways.h"
#include "state/indices.h"
#include "state/snapshots.h"

#include <math.h>
#include <string.h>

const struct column_text weekly_columns[RECORD_MOVES] = {
    {"latent", "person", "People on the list who have not been offered a referral yet."},
    {"waiting", "person", "Patients who accepted and wait for an opening contact."},
    {"engaged", "person", "Patients connecting with a link worker."},
    {"connected", "person", "Patients connected to support, still on the caseload."},
    {"tapering", "person", "Patients whose contact is being tapered off."},
    {"closed", "person", "Patients whose contact has ended."},
    {"declined", "person", "Patients who declined, left the waiting list or did not take up."},
    {"disengaged", "person", "Patients who dropped out."},
    {"offered", "person", "Patients after their first offer."},
    {"gp_consultations", "1", "GP consultations this week of patients after their first offer."},
    {"places_taken", "place", "VCSE places in use at the end of the week."},
    {"places", "place", "VCSE places there are."},
    {"sessions", "session", "Sessions in the diaries this week, attended or missed."},
    {"session_minutes", "min", "Minutes given to them."},
    {"postponed", "session", "Sessions due that did not fit."},
    {"minutes", "min", "Minutes that link workers in post had."},
    {"minutes_asked", "min", "Minutes asked for by sessions due and openings."},
    {"minutes_given", "min", "Minutes given to sessions and openings."},
    {"posts_filled", "1", "Link workers in post this week."},
    {"trust", "1", "Mean trust of patients after their first offer."},
    {"hope", "1", "Mean hope of patients after their first offer."},
    {"stress", "1", "Mean stress of patients after their first offer."},
    {"confidence", "1", "Mean confidence of patients after their first offer."},
    {"isolation", "1", "Mean isolation of patients after their first offer."},
    {"clarity", "1", "Mean clarity of patients after their first offer."},
    {"motivation", "1", "Mean motivation of patients after their first offer."},
    {"coping", "1", "Mean coping of patients after their first offer."},
    {"ties", "1", "Mean ties to family and friends of patients after their first offer."},
    {"swemwbs", "SWEMWBS point", "Mean SWEMWBS (7 to 35) of patients after their first offer."}};

const struct column_text post_columns[POST_COUNT] = {
    {"filled", "0/1", "Whether the post was filled this week."},
    {"caseload", "person", "Patients on the caseload at the end of the week."},
    {"sessions", "session", "Sessions in the diary, attended or missed."},
    {"postponed", "session", "Sessions due that did not fit."},
    {"minutes_asked", "min", "Minutes asked for by sessions due and openings."},
    {"minutes_given", "min", "Minutes given to sessions and openings."},
    {"community_minutes", "min", "Minutes left for learning the local offer."},
    {"knowledge", "1", "Knowledge of the local offer, mean over the five domains."},
    {"burnout", "1", "Burnout."}};

double discount_factor(const struct parameters *parameters, int week)
{
    return pow(1.0 + parameters->cost.discount_rate, -(double)week / 52.0);
}

int recorder_init(struct recorder *recorder, struct arena *arena, const struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const bool cohort = k->run.mode == RUN_MODE_COHORT;
    const int end = cohort && k->population.arrival_weeks < site->weeks
                        ? k->population.arrival_weeks
                        : site->weeks;
    *recorder = (struct recorder){.weeks = site->weeks,
                                  .posts = site->link_worker_count,
                                  .window_start = k->run.burn_in_weeks,
                                  .window_end = end,
                                  .persons = {[STATUS_LATENT] = (int)site->population}};
    const size_t weeks = (size_t)site->weeks, posts = (size_t)site->link_worker_count;
    recorder->weekly = arena_take(arena, weeks * RECORD_COUNT * sizeof(float));
    recorder->post_weekly = arena_take(arena, (posts * weeks * POST_COUNT + 1) * sizeof(float));
    recorder->discount = arena_take(arena, weeks * sizeof *recorder->discount);
    recorder->consultations_unmet =
        arena_take(arena, weeks * sizeof *recorder->consultations_unmet);
    if (recorder->weekly == NULL || recorder->post_weekly == NULL || recorder->discount == NULL ||
        recorder->consultations_unmet == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the weekly record of a site");
    }
    return 0;
}

void recorder_carry(struct recorder *recorder, struct parcel *parcel)
{
    struct recorder r = *recorder;
    r.discount = NULL; /* stay behind */
    r.consultations_unmet = NULL;
    parcel_carry(parcel, &r, sizeof r);
    r.weekly = parcel_array(parcel, parcel->is_opening ? NULL : r.weekly,
                            (size_t)r.weeks * RECORD_COUNT * sizeof *r.weekly);
    r.post_weekly =
        parcel_array(parcel, parcel->is_opening ? NULL : r.post_weekly,
                     (size_t)r.posts * (size_t)r.weeks * POST_COUNT * sizeof *r.post_weekly);
    if (parcel->is_opening) {
        *recorder = r;
    }
}

static void look_back_at_closing(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    p->after_closing_stress[i] = p->stress[i];
    p->after_closing_hope[i] = p->hope[i];
    p->after_closing_wellbeing[i] = wellbeing(site->coefficients, p, i);
}

static void record_move(struct recorder *recorder, struct site *site, size_t i, float *moves)
{
    struct patients *p = &site->patients;
    moves[STATUS_COUNT * p->recorded_status[i] + p->status[i]] += 1.0f;
    recorder->persons[p->recorded_status[i]]--;
    recorder->persons[p->status[i]]++;
    p->recorded_status[i] = p->status[i];
}

/* Who moved, how many that leaves in each status, and who is still closed after four weeks. */
static void record_changes(struct recorder *recorder, struct site *site, float *row)
{
    const int any = census_flag_changes(site, site->week - WEEKS_AFTER_CLOSING);
    const size_t flagged = site_list_flagged(site, any);
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        if (site->patients.event[i] & CHANGE_MOVED) {
            record_move(recorder, site, i, &row[RECORD_MOVES]);
        }
        if (site->patients.event[i] & CHANGE_STILL_CLOSED) {
            look_back_at_closing(site, i);
        }
    }
    for (int s = 0; s < STATUS_COUNT; s++) {
        row[RECORD_STATUS + s] = (float)recorder->persons[s];
    }
}

/* `points`: everyone's SWEMWBS. */
static void record_means(const struct site *site, float *row, const float *points)
{
    const struct patients *p = &site->patients;
    const float *const columns[] = {p->trust,      p->hope,      p->stress,
                                    p->confidence, p->isolation, p->clarity,
                                    p->motivation, p->coping,    p->ties};
    const double n = (double)site->offered;
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        row[RECORD_TRUST + c] = site->offered > 0
                                    ? (float)(census_sum(columns[c], site->offered) / n)
                                    : __builtin_nanf("");
    }
    row[RECORD_SWEMWBS] =
        site->offered > 0 ? (float)(census_sum(points, site->offered) / n) : __builtin_nanf("");
}

static void record_posts(struct recorder *recorder, const struct site *site, float *row)
{
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        float *to =
            &recorder->post_weekly[((size_t)post * (size_t)recorder->weeks + (size_t)site->week) *
                                   POST_COUNT];
        float known = 0.0f;
        for (int d = 0; d < NEED_COUNT; d++) {
            known += worker->knowledge[d];
        }
        to[POST_FILLED] = (float)worker->worked;
        to[POST_CASELOAD] = (float)worker->caseload;
        to[POST_SESSIONS] = (float)worker->sessions;
        to[POST_POSTPONED] = (float)worker->postponed;
        to[POST_MINUTES_ASKED] = (float)worker->asked;
        to[POST_MINUTES_GIVEN] = (float)worker->given;
        to[POST_COMMUNITY_MINUTES] = (float)worker->community;
        to[POST_KNOWLEDGE] = known * (1.0f / NEED_COUNT);
        to[POST_BURNOUT] = worker->burnout;
        row[RECORD_SESSIONS] += (float)worker->sessions;
        row[RECORD_SESSION_MINUTES] += (float)worker->session_minutes;
        row[RECORD_POSTPONED] += (float)worker->postponed;
        row[RECORD_MINUTES] += (float)worker->minutes;
        row[RECORD_MINUTES_ASKED] += (float)worker->asked;
        row[RECORD_MINUTES_GIVEN] += (float)worker->given;
        row[RECORD_POSTS_FILLED] += (float)worker->worked;
    }
}

static void add_staffed_week(struct window *window, const struct link_worker *worker)
{
    double known = 0.0;
    for (int d = 0; d < NEED_COUNT; d++) {
        known += (double)worker->knowledge[d];
    }
    window->staffed_weeks += 1.0;
    window->caseload += worker->caseload;
    window->community_minutes += worker->community;
    window->knowledge += known / NEED_COUNT;
    window->overload += worker->asked > 0.0 ? 1.0 - worker->given / worker->asked : 0.0;
    window->burnout += (double)worker->burnout;
    window->contact_minutes += worker->given + worker->accompanying - worker->unused;
    window->sessions += worker->sessions;
    window->session_minutes += worker->session_minutes;
    window->quality += worker->quality_sum;
    window->postponed += worker->postponed;
    window->due += worker->due;
}

static void add_to_window(struct window *window, const struct site *site, const float *row)
{
    window->site_weeks += 1.0;
    window->waiting += (double)row[RECORD_STATUS + STATUS_WAITING];
    window->places_taken += (double)row[RECORD_PLACES_TAKEN];
    window->places += (double)row[RECORD_PLACES];
    window->person_weeks += (double)site->population;
    for (int s = 0; s < STATUS_COUNT; s++) {
        window->status_weeks[s] += (double)row[RECORD_STATUS + s];
    }
    for (int post = 0; post < site->link_worker_count; post++) {
        window->post_weeks += 1.0;
        if (site->link_workers[post].worked) {
            add_staffed_week(window, &site->link_workers[post]);
            window->leavers += site->link_workers[post].left;
        }
    }
}

static void take_snapshots(struct site *site)
{
    for (int lag = 1; lag < LAG_COUNT && lag_weeks[lag] <= site->week; lag++) {
        const int then = site->week - lag_weeks[lag];
        for (size_t n = site->seen_before[then]; n < site->seen_before[then + 1]; n++) {
            snapshot_take(site, (size_t)site->seen[n], lag);
        }
    }
}

static void fix_pathways(struct site *site)
{
    const int then = site->week - site->coefficients->parameters.outcome.pathway_weeks;
    if (then < 0) {
        return;
    }
    for (size_t n = site->seen_before[then]; n < site->seen_before[then + 1]; n++) {
        const size_t i = (size_t)site->seen[n];
        site->patients.pathway[i] = (int32_t)pathway_now(site, i);
    }
}

static int places_taken(const struct site *site)
{
    int taken = 0;
    for (int s = 0; s < site->service_count; s++) {
        taken += site->services[s].taken;
    }
    return taken;
}

static void record_row(struct recorder *recorder, struct site *site, const float *points, int taken)
{
    float *row = &recorder->weekly[(size_t)site->week * RECORD_COUNT];
    record_changes(recorder, site, row);
    row[RECORD_OFFERED] = (float)site->offered;
    row[RECORD_CONSULTATIONS] = (float)site->week_consultations;
    row[RECORD_PLACES_TAKEN] = (float)taken;
    for (int s = 0; s < site->service_count; s++) {
        row[RECORD_PLACES] += (float)site->services[s].places;
    }
    record_posts(recorder, site, row);
    record_means(site, row, points);
    if (site->week >= recorder->window_start && site->week < recorder->window_end) {
        add_to_window(&recorder->window, site, row);
    }
}

void recorder_week(struct recorder *recorder, struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const double discount = discount_factor(k, site->week);
    const int taken = places_taken(site);
    float *points = site->patients.draw[0]; /* free until the next week's draws */
    census_add_wellbeing(site, points, (float)discount);
    record_row(recorder, site, points, taken);
    recorder->discount[site->week] = discount;
    recorder->consultations_unmet[site->week] = site->week_consultations_unmet;
    recorder->link_worker_cost_weeks +=
        discount * site->link_worker_count * k->diary.full_time_equivalent;
    recorder->place_cost_weeks += discount * taken;
    recorder->consultations_discounted += discount * (double)site->week_consultations;
    recorder->stepped_patient_weeks += (int64_t)site->offered;
    if (site->link_worker_count > 0) {
        take_snapshots(site);
        fix_pathways(site);
    }
}
