/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: GP consultations, suggestions, attempts, connections
 */
#include "outcome_emitter.h"

static void consultations(struct emitter *e)
{
    const struct sums *s = &e->tally->sums;
    const struct events *n = &e->tally->events;
    const double before = 52.0 * share(s->gp_before, s->gp_before_weeks);
    const double after = 52.0 * share(s->gp_after, s->gp_after_weeks);
    emit(e, before, "1/year",
         "GP consultations a year in the up to 52 weeks before the first session, people seen.",
         "gp.per_year_before_first_session");
    emit(e, after, "1/year",
         "GP consultations a year in the up to 52 weeks from the first session on, arranged ones "
         "included.",
         "gp.per_year_after_first_session");
    emit(e, share(after, before) - 1.0, "ratio",
         "The latter over the former minus 1: an observed before-after change, not an effect.",
         "gp.change_after_vs_before");
    emit(e, 52.0 * share((double)n->caseload_consultations, (double)n->caseload_weeks), "1/year",
         "GP consultations a year while on a caseload, arranged ones included.",
         "gp.per_year_on_caseload");
    emit(e, 100.0 * share((double)n->arranged, e->tally->groups[GROUP_ALL][SUM_SEEN]),
         "per 100 persons", "GP consultations arranged in a session, per 100 people seen.",
         "gp.arranged_per_100_seen");
}

/* Before and after of the `wanted` most (or least) frequent attenders; ties by site, then in part.
 */
static double change_of(const struct tally *t, double wanted, bool most)
{
    struct frequency_class sum = {0};
    const int slots = MOST_SITE_GROUPS + 1;
    for (int c = 0; c <= WINDOW_WEEKS && sum.persons < wanted; c++) {
        for (int s = 0; s < slots && sum.persons < wanted; s++) {
            const struct frequency_class *class =
                &t->frequency[most ? s : slots - 1 - s][most ? WINDOW_WEEKS - c : c];
            const double room = wanted - sum.persons;
            const double part = class->persons > room ? room / class->persons : 1.0;
            sum.persons += part * class->persons;
            sum.before += part * class->before;
            sum.after += part * class->after;
            sum.after_weeks += part * class->after_weeks;
        }
    }
    return share(share(sum.after, sum.after_weeks), share(sum.before, WINDOW_WEEKS * sum.persons)) -
           1.0;
}

static void frequent_attenders(struct emitter *e)
{
    const struct tally *t = e->tally;
    double seen = 0.0, everyone = 0.0, consultations_of_all = 0.0;
    double per_count[WINDOW_WEEKS + 1] = {0.0};
    for (int c = 0; c <= WINDOW_WEEKS; c++) {
        for (int s = 0; s <= MOST_SITE_GROUPS; s++) {
            seen += t->frequency[s][c].persons;
            per_count[c] += t->frequency[s][c].everyone;
        }
        everyone += per_count[c];
        consultations_of_all += c * per_count[c];
    }
    double left = (double)(int64_t)(everyone / 10.0), of_top = 0.0;
    for (int c = WINDOW_WEEKS; c >= 0; c--) {
        const double taken = per_count[c] < left ? per_count[c] : left;
        of_top += c * taken;
        left -= taken;
    }
    emit(e, change_of(t, (double)(int64_t)(seen / 10.0), true), "ratio",
         "Observed before-after change of GP consultations of the tenth of people seen who "
         "consulted "
         "most in the 52 weeks before the first offer; regression to the mean included.",
         "gp.change_top_decile");
    emit(e, change_of(t, (double)(int64_t)(seen / 2.0), false), "ratio",
         "Observed before-after change of GP consultations of the half of people seen who "
         "consulted least in the 52 weeks before the first offer; regression to the mean included.",
         "gp.change_bottom_half");
    emit(e, share(of_top, consultations_of_all), "share",
         "Consultations of the tenth with most, of all consultations in the 52 weeks before the "
         "first offer.",
         "gp.top_decile_share_of_consultations");
}

static void failures(struct emitter *e)
{
    static const char *const reasons[4] = {"no_suggestion", "suggestions_refused", "no_attempt",
                                           "attempts_failed"};
    const struct events *n = &e->tally->events;
    int64_t failed = 0;
    for (int r = 0; r < REASON_COUNT; r++) {
        failed += n->failed[r];
    }
    for (int r = 0; r < REASON_COUNT; r++) {
        emit(e, share((double)n->failed[r], (double)failed), "share",
             "Failed attempts to connect whose first failing check was this one, of failed "
             "attempts.",
             "failed_attempts.%s", reason_names[r]);
    }
    emit(e, share((double)failed, (double)n->attempts), "share",
         "Failed attempts to connect, of attempts.", "failed_attempts.per_attempt");
    for (int r = 0; r < 4; r++) {
        emit(e, share(e->tally->sums.not_connected[r], e->tally->sums.not_connected_persons),
             "share",
             "How far people came who took up and never connected through the link worker.",
             "not_connected.%s", reasons[r]);
    }
}

static void suggestions(struct emitter *e)
{
    const struct events *n = &e->tally->events;
    const double seen = e->tally->groups[GROUP_ALL][SUM_SEEN];
    const double attended = (double)(n->diary_sessions - n->missed_sessions);
    emit(e, share((double)n->suggestions, seen), "per person", "Suggestions made, per person seen.",
         "suggestions.per_seen");
    emit(e, share((double)n->suggestions_accepted, (double)n->suggestions), "share",
         "Suggestions accepted, of those made.", "suggestions.accepted_share");
    emit(e, share((double)n->pushes, (double)n->suggestions), "share",
         "Suggestions made while readiness was below the push threshold, of those made.",
         "suggestions.push_share");
    emit(e, 100.0 * share((double)n->pushes, attended), "per 100 sessions",
         "Such suggestions per 100 sessions attended.", "suggestions.pushes_per_100_sessions");
    emit(e, share(e->tally->sums.own_connection_of_seen, seen), "share",
         "People who ever found support of their own, of those seen.",
         "own_connections.share_of_seen");
    emit(e, share((double)n->attempts, (double)n->open_weeks), "1/week",
         "Attempts to connect per person-week with an open suggestion.", "attempts.per_open_week");
    emit(e, share(e->tally->sums.group_connection_of_seen, seen), "share",
         "People ever connected to a group through the link worker, of those seen.",
         "group_connections.share_of_seen");
    emit(e, share((double)n->goals_met, attended), "per session", "Goals met per session attended.",
         "goals.met_per_session");
}

static void within_sessions(struct emitter *e)
{
    const struct events *n = &e->tally->events;
    const double attended = 1e6 * (double)(n->diary_sessions - n->missed_sessions);
    const struct {
        const char *name;
        int64_t sum;
    } changes[] = {{"trust", n->session_trust},     {"hope", n->session_hope},
                   {"stress", n->session_stress},   {"confidence", n->session_confidence},
                   {"clarity", n->session_clarity}, {"motivation", n->session_motivation},
                   {"coping", n->session_coping},   {"isolation", n->session_isolation}};
    emit(e, share((double)n->session_input, attended), "index 0-1",
         "Interpersonal input x, mean over sessions attended.", "session.interpersonal_input");
    for (size_t c = 0; c < sizeof changes / sizeof changes[0]; c++) {
        emit(e, share((double)changes[c].sum, attended), "index",
             "Change from just before to just after a session, its suggestion included, mean over "
             "sessions attended.",
             "session.change_of.%s", changes[c].name);
    }
    emit(e, share((double)n->suggestions_accepted, e->tally->groups[GROUP_ALL][SUM_SEEN]),
         "per person", "Suggestions accepted, per person seen.", "suggestions.accepted_per_seen");
    emit(e, share((double)n->ending_shock, 1e6 * (double)n->endings), "index 0-1",
         "Shock of an ending, mean over endings.", "ending.shock");
}

static void connections(struct emitter *e)
{
    const struct events *n = &e->tally->events;
    int64_t all = 0;
    for (int f = 0; f < FORMAT_COUNT; f++) {
        all += n->connections_format[f];
    }
    for (int f = 0; f < FORMAT_COUNT; f++) {
        emit(e, share((double)n->connections_format[f], (double)all), "share",
             "Connections through the link worker to this format, of all (events).",
             "connections.format.%s", format_names[f]);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        emit(e, share((double)n->connections_domain[d], (double)all), "share",
             "Connections through the link worker for this need, of all (events).",
             "connections.domain.%s", need_names[d]);
    }
}

void emit_use(struct emitter *e)
{
    consultations(e);
    frequent_attenders(e);
    failures(e);
    suggestions(e);
    within_sessions(e);
    connections(e);
}
