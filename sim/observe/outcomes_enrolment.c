/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: the funnel from offer to connection, who accepts, waiting, sessions
 */
#include "outcome_emitter.h"

static void funnel(struct emitter *e)
{
    const double *all = e->tally->groups[GROUP_ALL];
    const struct sums *s = &e->tally->sums;
    const struct events *n = &e->tally->events;
    const double offered = all[SUM_OFFERED], accepted = all[SUM_ACCEPTED];
    const double taken_up = all[SUM_TAKEN_UP], seen = all[SUM_SEEN];
    emit(e, offered, "person", "People ever offered a referral within the run.", "funnel.offered");
    emit(e, share(all[SUM_ACCEPTED_FIRST], offered), "share",
         "People who accepted their first offer, of those ever offered.",
         "funnel.first_offer_accepted_share");
    emit(e, share(accepted, offered), "share", "People who ever accepted, of those ever offered.",
         "funnel.accepted_share_of_offered");
    emit(e, share(taken_up, accepted), "share",
         "People who ever took up at an opening contact, of those who ever accepted.",
         "funnel.taken_up_share_of_accepted");
    emit(e, share(taken_up, offered), "share",
         "People who ever took up at an opening contact, of those ever offered.",
         "funnel.taken_up_share_of_offered");
    emit(e, share((double)n->takeups, (double)n->openings), "share",
         "Opening contacts that ended in take-up (events, returns included).",
         "funnel.takeup_per_opening");
    emit(e, share(seen, accepted), "share",
         "People who ever attended a session (the opening contact is none), of those who accepted.",
         "funnel.seen_share_of_accepted");
    emit(e, share(s->two_sessions, taken_up), "share",
         "People with two or more sessions, of those who took up.",
         "funnel.two_sessions_share_of_taken_up");
    emit(e, share(s->three_sessions, accepted), "share",
         "People with three or more sessions, of those who accepted.",
         "funnel.three_sessions_share_of_accepted");
    emit(e, share(e->tally->histograms.sessions_of_seen[1], seen), "share",
         "People with exactly one session, of those seen.", "funnel.once_share_of_seen");
    emit(e, share(s->connected_of_taken_up, taken_up), "share",
         "People ever connected through the link worker, of those who took up.",
         "funnel.connected_share_of_taken_up");
    emit(e, share(s->connected_of_accepted, accepted), "share",
         "People ever connected through the link worker, of those who accepted.",
         "funnel.connected_share_of_accepted");
    emit(e, share(all[SUM_CONNECTED], offered), "share",
         "People ever connected through the link worker, of those ever offered.",
         "funnel.connected_share_of_offered");
    emit(e, share(s->any_of_accepted, accepted), "share",
         "People ever connected through the link worker or to support of their own, of those who "
         "accepted.",
         "funnel.any_connection_share_of_accepted");
    emit(e, share((double)n->left_waiting_list, (double)(n->accepted_gp + n->accepted_other)),
         "share", "Departures from the waiting list per accepted offer (events).",
         "funnel.left_waiting_list_share_of_accepted");
}

/* Share accepting among the `wanted` lowest (or highest) of an index; a bin cut in two counts in
 * part. */
static double accepting_end(const struct index_histogram *index, double wanted, bool highest)
{
    double persons = 0.0, accepted = 0.0;
    for (size_t n = 0; n < INDEX_BINS && persons < wanted; n++) {
        const size_t b = highest ? INDEX_BINS - 1 - n : n;
        if (index->persons[b] == 0) {
            continue;
        }
        const double room = wanted - persons;
        const double part = room < index->persons[b] ? room / index->persons[b] : 1.0;
        persons += part * index->persons[b];
        accepted += part * index->accepted[b];
    }
    return share(accepted, persons);
}

/* People at or below the quantile q of n values, linear between order statistics. */
static double at_or_below(double n, double q)
{
    return n > 0.0 ? (double)(int64_t)((n - 1.0) * q) + 1.0 : 0.0;
}

static void enrolment(struct emitter *e)
{
    const struct events *n = &e->tally->events;
    const struct histograms *h = &e->tally->histograms;
    const double offered = e->tally->groups[GROUP_ALL][SUM_OFFERED];
    const double low = at_or_below(offered, 1.0 / 3.0);
    const double high = offered - at_or_below(offered, 2.0 / 3.0);
    const double *most = e->tally->groups[GROUP_QUINTILE1];
    const double *least = e->tally->groups[GROUP_QUINTILE5];
    emit(e, share((double)n->accepted_gp, (double)n->offers_gp), "share",
         "Offers by a GP that were accepted (events).", "enrolment.accept_gp");
    emit(e, share((double)n->accepted_other, (double)n->offers_other), "share",
         "Offers by another route that were accepted (events).", "enrolment.accept_other");
    emit(e, accepting_end(&h->urgency, low, false), "share",
         "Accepting the first offer in the lowest third of stress times severity at the decision.",
         "enrolment.accept_low_urgency");
    emit(e, accepting_end(&h->urgency, high, true), "share",
         "Accepting the first offer in the highest third of stress times severity at the decision.",
         "enrolment.accept_high_urgency");
    emit(e, accepting_end(&h->uncertainty, low, false), "share",
         "Accepting the first offer in the lowest third of uncertainty about the role.",
         "enrolment.accept_low_uncertainty");
    emit(e, accepting_end(&h->uncertainty, high, true), "share",
         "Accepting the first offer in the highest third of uncertainty about the role.",
         "enrolment.accept_high_uncertainty");
    emit(e, accepting_end(&h->few_alternatives, low, false), "share",
         "Accepting the first offer in the lowest third of the feeling that there is no other "
         "choice.",
         "enrolment.accept_low_few_alternatives");
    emit(e, accepting_end(&h->few_alternatives, high, true), "share",
         "Accepting the first offer in the highest third of the feeling that there is no other "
         "choice.",
         "enrolment.accept_high_few_alternatives");
    emit(e,
         share(share(most[SUM_OFFERED] - most[SUM_ACCEPTED_FIRST], most[SUM_OFFERED]),
               share(least[SUM_OFFERED] - least[SUM_ACCEPTED_FIRST], least[SUM_OFFERED])),
         "ratio", "Share declining the first offer in quintile 1 over that in quintile 5.",
         "enrolment.decline_ratio_most_to_least_deprived");
}

static void waiting(struct emitter *e)
{
    const uint32_t *waited = e->tally->histograms.waited;
    emit(e, histogram_mean(waited), "week",
         "Weeks from acceptance to the first opening contact, mean over people who had one.",
         "wait.weeks_mean");
    emit(e, histogram_quantile(waited, 0.5), "week",
         "Weeks from acceptance to the first opening contact, median.", "wait.weeks_median");
    emit(e, histogram_quantile(waited, 0.75), "week",
         "Weeks from acceptance to the first opening contact, upper quartile.",
         "wait.weeks_upper_quartile");
}

static void sessions(struct emitter *e)
{
    static const int percents[] = {25, 50, 75, 90};
    const struct histograms *h = &e->tally->histograms;
    const struct events *n = &e->tally->events;
    const double *all = e->tally->groups[GROUP_ALL];
    emit(e, share(all[SUM_SESSIONS], all[SUM_SEEN]), "session",
         "Sessions attended by the end of the run, mean over people seen.",
         "sessions.mean_of_seen");
    for (int q = 0; q < 4; q++) {
        emit(e, histogram_quantile(h->sessions_of_seen, percents[q] / 100.0), "session",
             "Sessions attended by the end of the run, quantile over people seen.",
             "sessions.q%d_of_seen", percents[q]);
    }
    emit(e, share(e->tally->sums.takers_sessions, all[SUM_TAKEN_UP]), "session",
         "Sessions attended by the end of the run, mean over people who took up.",
         "sessions.mean_of_taken_up");
    for (int q = 0; q < 3; q++) {
        emit(e, histogram_quantile(h->sessions_of_taken_up, percents[q] / 100.0), "session",
             "Sessions attended by the end of the run, quantile over people who took up.",
             "sessions.q%d_of_taken_up", percents[q]);
    }
    emit(e, share((double)n->missed_sessions, (double)n->diary_sessions), "share",
         "Sessions in the diary that were not attended (postponed ones and openings do not count).",
         "sessions.dna_rate");
    emit(e, histogram_quantile(h->caseload_weeks_of_left, 0.5), "week",
         "Weeks on a caseload, all episodes, median over people seen and off it at the end.",
         "caseload_weeks.median_of_left");
    emit(e, histogram_mean(h->weeks_to_connection), "week",
         "Weeks from the first session to the first connection through the link worker, mean.",
         "connect.weeks_mean");
    emit(e, histogram_quantile(h->weeks_to_connection, 0.5), "week",
         "Weeks from the first session to the first connection through the link worker, median.",
         "connect.weeks_median");
}

void emit_enrolment(struct emitter *e)
{
    funnel(e);
    enrolment(e);
    waiting(e);
    sessions(e);
}
