/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: the service in its window (run.burn_in_weeks to the end of arrivals or of the run)
 */
#include "outcome_emitter.h"

static void posts(struct emitter *e)
{
    const struct window *w = &e->tally->window;
    emit(
        e, share(w->caseload, w->staffed_weeks), "person",
        "Patients on the caseload at the end of the week, mean over weeks of link workers in post.",
        "service.caseload");
    emit(e, share(w->session_minutes, w->sessions), "min",
         "Minutes given per session in the diary, attended or not.", "service.minutes_per_session");
    emit(e, share(w->quality, w->sessions), "index 0-1", "Quality of the same sessions, mean.",
         "service.session_quality");
    emit(e, share(w->postponed, w->due), "share", "Sessions postponed, of those due.",
         "service.postponed_share_of_due");
    emit(e, share(w->community_minutes, w->staffed_weeks), "min/week",
         "Minutes left for learning the local offer, mean over weeks of link workers in post.",
         "service.community_minutes_per_week");
    emit(e, share(w->knowledge, w->staffed_weeks), "index 0-1",
         "Knowledge, mean over domains and weeks of link workers in post.", "service.knowledge");
    emit(e, share(w->overload, w->staffed_weeks), "share",
         "Minutes asked for that were not given, mean share over weeks of link workers in post.",
         "service.overload_share");
    emit(e, share(w->burnout, w->staffed_weeks), "index 0-1",
         "Burnout, mean over weeks of link workers in post.", "service.burnout");
    emit(e, 52.0 * share(w->leavers, w->post_weeks), "1/year",
         "Link workers who left, per post and year.", "service.leavers_per_link_worker_year");
}

static void places(struct emitter *e)
{
    const struct parameters *k = e->parameters;
    const struct window *w = &e->tally->window;
    const double seen = e->tally->groups[GROUP_ALL][SUM_SEEN];
    const int weeks = k->run.mode == RUN_MODE_COHORT ? k->population.arrival_weeks : k->run.weeks;
    emit(e, share(w->waiting, w->site_weeks), "person",
         "People waiting at the end of the week, mean over sites and weeks.",
         "service.waiting_list");
    emit(e, share(w->places_taken, w->places), "share", "VCSE places in use, of those there are.",
         "service.place_occupancy");
    emit(e, 100.0 * share((double)e->tally->events.accompanied, seen), "per 100 persons",
         "Attempts to connect at which the link worker went along, per 100 people seen.",
         "service.accompanied_per_100_seen");
    emit(e, share(seen, e->tally->sums.posts * weeks / 52.0), "1/year",
         "People seen per post and year (of arrivals in cohort mode, of the run otherwise).",
         "service.seen_per_link_worker_year");
    emit(e, share(e->tally->groups[GROUP_ALL][SUM_CONNECTED], e->tally->sums.posts * weeks / 52.0),
         "1/year",
         "People connected through the link worker per post and year (of arrivals in cohort mode, "
         "of the "
         "run otherwise).",
         "service.connected_per_link_worker_year");
    emit(e, share(w->contact_minutes, w->staffed_weeks), "min/week",
         "Minutes used for sessions, openings and going along, mean over weeks in post.",
         "service.contact_minutes_per_week");
}

/* Pearson correlation of the mid-rank of sessions with ever connected (0/1), people seen. */
static double dose_connection(const struct histograms *h)
{
    double n = 0.0, before = 0.0, connected = 0.0;
    double rank_squares = 0.0, rank_connected = 0.0;
    for (int s = 0; s < WEEK_BINS; s++) {
        n += h->sessions_of_seen[s];
        connected += h->sessions_of_connected[s];
    }
    const double middle = 0.5 * (n + 1.0);
    for (int s = 0; s < WEEK_BINS; s++) {
        const double here = h->sessions_of_seen[s];
        const double rank = before + 0.5 * (here + 1.0) - middle;
        rank_squares += here * rank * rank;
        rank_connected += h->sessions_of_connected[s] * rank;
        before += here;
    }
    const double spread = connected * (1.0 - share(connected, n));
    return share(rank_connected, __builtin_sqrt(rank_squares * spread));
}

void emit_service(struct emitter *e)
{
    const struct window *w = &e->tally->window;
    posts(e);
    places(e);
    emit(e, dose_connection(&e->tally->histograms), "correlation",
         "Correlation of the rank of sessions attended with ever connected, people seen.",
         "dose_connection_rank_correlation");
    for (int s = 0; s < STATUS_COUNT; s++) {
        emit(e, share(w->status_weeks[s], w->person_weeks), "share",
             "Person-weeks in this status at the end of the week, of all person-weeks.",
             "status_share.%s", status_names[s]);
    }
}
