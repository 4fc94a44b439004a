/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Link workers' diaries (step 3)
 *
 *   minutes    FTE hours 60 (1 - admin share - travel share (practices - 1)), per post and week
 *   openings   to the waiting (from contact_delay_weeks after acceptance on), first come first served
 *              or most severe first; spread by free caseload, never beyond caseload_cap
 *   asked      preferred_minutes a session due, first_contact_minutes an opening
 *   factor     min(1, max(minutes / asked, minimum / preferred)), one for all
 *   order      sessions by the week due, then openings; what does not fit is postponed: due again
 *              next week, and a broken promise costs trust: T falls by k_miss; the first opening
 *              that does not fit ends the openings
 *   community  what demand leaves, up to community_minutes FTE: time for learning the local offer
 *   quality    q = factor^eta = (minutes given / preferred)^eta
 *
 * A post that is vacant sees nobody and nothing counts as postponed.
 *
 * units   minutes
 * source  hours and shares: assumed; caseload and minutes calibrated (evidence in sim/MODEL.md);
 *         P7: larger caseloads shorten sessions and thin out local knowledge
 */
#include "base/numeric.h"
#include "mechanisms/enrolment.h"
#include "mechanisms/mechanisms.h"
#include "mechanisms/session.h"
#include "state/indices.h"

/* Small first: by the number in the upper half; made in the order of rows, which decides then. */
static uint64_t key_of(uint32_t rank, size_t row)
{
    return ((uint64_t)rank << 32) | (uint64_t)row;
}

/* Flags those on the waiting list who may be opened; 0: nobody. */
VECTOR_LOOP
static int flag_waiting(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int latest = site->week - site->coefficients->parameters.waiting.contact_delay_weeks;
    const int32_t *restrict status = site->patients.status;
    const int32_t *restrict accepted = site->patients.accepted_week;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (status[i] == STATUS_WAITING) & (accepted[i] <= latest);
        any |= event[i];
    }
    return any;
}

/* Their rows, in the order of the policy. */
static size_t order_waiting(struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const size_t flagged = site_list_flagged(site, flag_waiting(site));
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        const float mild = 1.0f - severity(site->coefficients, p, i);
        const uint32_t rank = k->waiting.policy == WAITING_POLICY_SEVERITY
                                  ? (uint32_t)bits_of_float(mild)
                                  : (uint32_t)p->accepted_week[i];
        site->order[f] = key_of(rank, i);
    }
    site_sort(site->order, site->order_spare, flagged);
    return flagged;
}

/* Gives each opening to the post with most free caseload; returns how many there are. */
static size_t spread_openings(struct site *site)
{
    const int cap = site->coefficients->parameters.diary.caseload_cap;
    bool some_free = false;
    for (int post = 0; post < site->link_worker_count; post++) {
        struct link_worker *worker = &site->link_workers[post];
        worker->promised = 0;
        some_free |= link_worker_is_in_post(worker) && worker->caseload < cap;
    }
    const size_t waiting = some_free ? order_waiting(site) : 0;
    size_t n = 0;
    while (n < waiting) {
        int most = 0, to = NOBODY;
        for (int post = 0; post < site->link_worker_count; post++) {
            const struct link_worker *worker = &site->link_workers[post];
            const int free =
                link_worker_is_in_post(worker) ? cap - worker->caseload - worker->promised : 0;
            if (free > most) {
                most = free;
                to = post;
            }
        }
        if (to == NOBODY) {
            break;
        }
        site->link_workers[to].promised++;
        site->openings[n] = (int32_t)(site->order[n] & 0xffffffffu);
        site->opening_posts[n] = to;
        n++;
    }
    return n;
}

/* Flags those on a caseload who are due; 0: nobody. */
VECTOR_LOOP
static int flag_due(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const int32_t *restrict post = site->patients.link_worker;
    const int32_t *restrict due = site->patients.due_week;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (post[i] != NOBODY) & (due[i] <= week);
        any |= event[i];
    }
    return any;
}

/* Those of the flagged rows who are due at a post, longest overdue first. */
static int order_due(struct site *site, int post, size_t flagged)
{
    const struct patients *p = &site->patients;
    int due = 0;
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        site->order[due] = key_of((uint32_t)p->due_week[i], i);
        due += p->link_worker[i] == post;
    }
    site_sort(site->order, site->order_spare, (size_t)due);
    return due;
}

static void postpone(struct site *site, size_t i)
{
    const float loss_of_trust = (float)site->coefficients->parameters.diary.broken_promise_loss;
    struct patients *p = &site->patients;
    p->trust[i] = fall(p->trust[i], loss_of_trust);
    p->postponed[i] = 1;
    p->was_due[i] = 1;
}

static void hold_sessions(struct site *site, int post, int due, double minutes, float quality)
{
    struct link_worker *worker = &site->link_workers[post];
    const double tolerance = 1e-9 * worker->minutes;
    int32_t rows[MEETINGS];
    int held = 0;
    for (int n = 0; n < due; n++) {
        const size_t i = (size_t)(site->order[n] & 0xffffffffu);
        if (worker->given + minutes > worker->minutes + tolerance) {
            worker->postponed++;
            postpone(site, i);
            continue;
        }
        worker->given += minutes;
        worker->session_minutes += minutes;
        worker->quality_sum += (double)quality;
        worker->sessions++;
        rows[held++] = (int32_t)i;
        if (held == MEETINGS) {
            sessions_hold(site, post, rows, held, (float)minutes, quality);
            held = 0;
        }
    }
    if (held > 0) {
        sessions_hold(site, post, rows, held, (float)minutes, quality);
    }
}

static void hold_openings(struct site *site, int post, size_t openings, double minutes,
                          float quality)
{
    struct link_worker *worker = &site->link_workers[post];
    const double tolerance = 1e-9 * worker->minutes;
    for (size_t n = 0; n < openings; n++) {
        if (site->opening_posts[n] != post) {
            continue;
        }
        if (worker->given + minutes > worker->minutes + tolerance) {
            return;
        }
        worker->given += minutes;
        enrolment_open(site, (size_t)site->openings[n], post, quality);
    }
}

static void keep_diary(struct site *site, int post, size_t flagged, size_t openings)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct link_worker *worker = &site->link_workers[post];
    const double shares =
        k->diary.admin_share + k->diary.travel_share * (double)(site->practice_count - 1);
    worker->minutes = k->diary.full_time_equivalent * k->diary.hours_per_week * 60.0 *
                      (shares < 1.0 ? 1.0 - shares : 0.0);
    worker->due = order_due(site, post, flagged);
    int opening = 0;
    for (size_t n = 0; n < openings; n++) {
        opening += site->opening_posts[n] == post;
    }
    worker->asked =
        worker->due * k->diary.preferred_minutes + opening * k->diary.first_contact_minutes;
    double factor = 1.0;
    if (worker->asked > worker->minutes) {
        const double least = k->diary.minimum_minutes / k->diary.preferred_minutes;
        const double share = worker->minutes / worker->asked;
        factor = share > least ? share : least;
    }
    const float quality = exponential((float)k->diary.quality_exponent * logarithm((float)factor));
    hold_sessions(site, post, worker->due, factor * k->diary.preferred_minutes, quality);
    hold_openings(site, post, openings, factor * k->diary.first_contact_minutes, quality);
    const double left = worker->minutes > worker->given ? worker->minutes - worker->given : 0.0;
    const double wanted = k->diary.community_minutes * k->diary.full_time_equivalent;
    worker->community = left < wanted ? left : wanted;
    worker->spare = left - worker->community + worker->unused;
}

void diary_step(struct site *site)
{
    if (site->link_worker_count == 0) {
        return;
    }
    const size_t openings = spread_openings(site);
    const size_t flagged = site_list_flagged(site, flag_due(site));
    for (int post = 0; post < site->link_worker_count; post++) {
        struct link_worker *worker = &site->link_workers[post];
        worker->minutes = worker->asked = worker->given = worker->spare = 0.0;
        worker->community = worker->accompanying = worker->unused = 0.0;
        worker->session_minutes = worker->quality_sum = 0.0;
        worker->sessions = worker->due = worker->postponed = 0;
        worker->worked = link_worker_is_in_post(worker);
        worker->left = false;
        if (worker->worked) {
            keep_diary(site, post, flagged, openings);
        }
    }
}
