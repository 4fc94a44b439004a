/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "invented_people.h"
#include "observe/outcomes.h"

/* Outcomes of a tally against a recount, person by person, of the same invented people. */

static struct invented people;
static struct tally *tally;
static struct outcome_list list;
static double *values;

static int begin(void **state)
{
    (void)state;
    invent(&people, 2026);
    tally = calloc(1, sizeof *tally);
    if (tally == NULL || outcome_list_init(&list, &people.with.parameters, 1) != 0) {
        return -1;
    }
    tally_site(tally, &people.with.site, &people.recorder, &people.without, 1);
    values = malloc(list.count * sizeof *values);
    outcomes_compute(tally, &people.with.parameters, 1, values);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(values);
    outcome_list_free(&list);
    tally_free(tally);
    free(tally);
    invented_end(&people);
    return 0;
}

static double outcome(const char *name)
{
    const size_t at = outcome_find(&list, name);
    if (at == list.count) {
        fail_msg("there is no outcome %s", name);
    }
    return values[at];
}

typedef bool (*who)(const struct patients *p, size_t i);
typedef double (*what)(const struct patients *p, size_t i);

static bool offered(const struct patients *p, size_t i)
{
    return p->counted[i] != 0;
}

static bool accepted(const struct patients *p, size_t i)
{
    return p->ever_accepted[i] != 0;
}

static bool taken_up(const struct patients *p, size_t i)
{
    return p->ever_taken_up[i] != 0;
}

static bool seen(const struct patients *p, size_t i)
{
    return p->first_session_week[i] != NEVER;
}

static bool often_seen(const struct patients *p, size_t i)
{
    return seen(p, i) && p->sessions[i] >= 4;
}

static bool connected(const struct patients *p, size_t i)
{
    return p->link_connection_week[i] != NEVER;
}

static bool had_opening(const struct patients *p, size_t i)
{
    return p->waited_weeks[i] != NEVER;
}

static bool ever_closed(const struct patients *p, size_t i)
{
    return p->ever_taken_up[i] && p->ever_closed[i];
}

static bool still_closed(const struct patients *p, size_t i)
{
    return p->closing_week[i] != NEVER && p->after_closing_stress[i] >= 0.0f;
}

static bool not_connected(const struct patients *p, size_t i)
{
    return taken_up(p, i) && !connected(p, i);
}

static bool followed(const struct patients *p, size_t i)
{
    return seen(p, i) && p->first_session_week[i] + 39 < FIXTURE_WEEKS;
}

static bool on_pathway_c(const struct patients *p, size_t i)
{
    return p->pathway[i] == PATHWAY_C_CONNECTING_WITH;
}

static bool seen_on_pathway_a(const struct patients *p, size_t i)
{
    return seen(p, i) && p->pathway[i] == PATHWAY_A_RAPID;
}

static bool seen_on_pathway_c(const struct patients *p, size_t i)
{
    return seen(p, i) && on_pathway_c(p, i);
}

static bool never_connected(const struct patients *p, size_t i)
{
    return seen(p, i) && !connected(p, i) && p->own_connection_week[i] == NEVER;
}

static bool with_money_need(const struct patients *p, size_t i)
{
    return seen(p, i) && p->starting_need[NEED_FINANCIAL][i] > 0.0f;
}

#define WHAT(name, value)                                                                          \
    static double name(const struct patients *p, size_t i)                                         \
    {                                                                                              \
        return (double)(value);                                                                    \
    }

static double snapshot(size_t i, int weeks, int measure)
{
    return (double)snapshot_at(&people.with.site, i, lag_index(weeks))[measure];
}

static double snapshot_contrast(size_t i, int weeks, int measure)
{
    return snapshot(i, weeks, measure) - (double)counterfactual_at(&people.without,
                                                                   &people.with.site, i,
                                                                   lag_index(weeks))[measure];
}

/* Sums minus the same without link workers, per week since the first offer. */
static double wellbeing_gained(const struct patients *p, size_t i)
{
    const double without = (double)people.without.wellbeing_sum[i];
    return ((double)p->wellbeing_sum[i] - without) / (FIXTURE_WEEKS - p->first_offer_week[i]);
}

static double late_change(const struct patients *p, size_t i)
{
    double late = snapshot(i, 39, MEASURE_SWEMWBS);
    if (p->first_session_week[i] + 52 < FIXTURE_WEEKS) {
        late = (late + snapshot(i, 52, MEASURE_SWEMWBS)) / 2.0;
    }
    return late - (double)p->starting_session_wellbeing[i];
}

WHAT(is_accepted_first, p->accepted_first[i])
WHAT(is_accepted, accepted(p, i))
WHAT(is_taken_up, taken_up(p, i))
WHAT(is_seen, seen(p, i))
WHAT(is_connected, connected(p, i))
WHAT(is_any_connected, connected(p, i) || p->own_connection_week[i] != NEVER)
WHAT(is_own, p->own_connection_week[i] != NEVER)
WHAT(is_group, p->ever_group[i])
WHAT(is_once, p->sessions[i] == 1)
WHAT(is_twice, p->sessions[i] >= 2)
WHAT(is_thrice, p->sessions[i] >= 3)
WHAT(is_censored, p->first_session_week[i] + 52 >= FIXTURE_WEEKS)
WHAT(is_disengaged, p->pathway[i] == PATHWAY_DISENGAGED)
WHAT(is_ever_disengaged, p->ever_disengaged[i])
WHAT(is_returned, p->ever_returned[i])
WHAT(sessions, p->sessions[i])
WHAT(waited, p->waited_weeks[i])
WHAT(weeks_to_connection, p->link_connection_week[i] - p->first_session_week[i])
WHAT(trust, p->trust_last_session[i])
WHAT(first_wellbeing, p->starting_session_wellbeing[i])
WHAT(isolation_change,
     p == NULL ? 0.0 : snapshot(i, 39, MEASURE_ISOLATION) - snapshot(i, 0, MEASURE_ISOLATION))
WHAT(closing_stress, p->after_closing_stress[i])
WHAT(closing_hope, p->after_closing_hope[i])
WHAT(hope_change, p->after_closing_hope[i] - p->closing_hope[i])
WHAT(wellbeing_change, p->after_closing_wellbeing[i] - p->closing_wellbeing[i])
WHAT(no_suggestion, p->suggestions_made[i] == 0)
WHAT(refused, p->suggestions_made[i] > 0 && p->suggestions_accepted[i] == 0)
WHAT(no_attempt, p->suggestions_accepted[i] > 0 && p->attempts[i] == 0)
WHAT(failed, p->suggestions_accepted[i] > 0 && p->attempts[i] > 0)
WHAT(is_carer, p->starting_barrier[BARRIER_CARING][i] > 0.0f)
WHAT(no_transport, p->starting_barrier[BARRIER_TRANSPORT][i] > 0.0f)
WHAT(no_language, p->starting_barrier[BARRIER_LANGUAGE][i] > 0.0f)
WHAT(bad_housing, p->starting_barrier[BARRIER_HOUSING][i] > 0.0f)
WHAT(bad_health, p->starting_barrier[BARRIER_HEALTH][i] > 0.0f)
WHAT(woman, p->female[i])
WHAT(trusts_after_2, p->trusted_after[i] == 2)
WHAT(trusts_late, p->trusted_after[i] >= 5)
WHAT(trusts_never, p->trusted_after[i] == 0)
WHAT(trust_at_26, p != NULL ? snapshot(i, 26, MEASURE_TRUST) : 0.0)
WHAT(stress_at_13, p != NULL ? snapshot(i, 13, MEASURE_STRESS) : 0.0)
WHAT(motivation_at_13, p != NULL ? snapshot(i, 13, MEASURE_MOTIVATION) : 0.0)
WHAT(capacity_at_26, p != NULL ? snapshot(i, 26, MEASURE_CAPACITY) : 0.0)
WHAT(hope_gained_at_26, p != NULL ? snapshot_contrast(i, 26, MEASURE_HOPE) : 0.0)
WHAT(trust_gained_at_52, p != NULL ? snapshot_contrast(i, 52, MEASURE_TRUST) : 0.0)
WHAT(closing_gained, p->after_closing_wellbeing[i] - people.without.after_closing_wellbeing[i])
WHAT(caseload_weeks, p->caseload_weeks[i])
WHAT(hope_at_0, p != NULL ? snapshot(i, 0, MEASURE_HOPE) : 0.0)

static const struct {
    const char *name;
    who of;
    what mean;
    int within; /* weeks after the first session that must lie within the run */
} means[] = {
    {"funnel.first_offer_accepted_share", offered, is_accepted_first, 0},
    {"funnel.accepted_share_of_offered", offered, is_accepted, 0},
    {"funnel.taken_up_share_of_accepted", accepted, is_taken_up, 0},
    {"funnel.taken_up_share_of_offered", offered, is_taken_up, 0},
    {"funnel.seen_share_of_accepted", accepted, is_seen, 0},
    {"funnel.two_sessions_share_of_taken_up", taken_up, is_twice, 0},
    {"funnel.three_sessions_share_of_accepted", accepted, is_thrice, 0},
    {"funnel.once_share_of_seen", seen, is_once, 0},
    {"funnel.connected_share_of_taken_up", taken_up, is_connected, 0},
    {"funnel.connected_share_of_accepted", accepted, is_connected, 0},
    {"funnel.connected_share_of_offered", offered, is_connected, 0},
    {"funnel.any_connection_share_of_accepted", accepted, is_any_connected, 0},
    {"wait.weeks_mean", had_opening, waited, 0},
    {"sessions.mean_of_seen", seen, sessions, 0},
    {"sessions.mean_of_taken_up", taken_up, sessions, 0},
    {"connect.weeks_mean", connected, weeks_to_connection, 0},
    {"pathway.censored_share_of_seen", seen, is_censored, 0},
    {"disengaged.share_of_taken_up", taken_up, is_disengaged, 0},
    {"disengaged.ever_share_of_taken_up", taken_up, is_ever_disengaged, 0},
    {"ending.returned_share_of_closed", ever_closed, is_returned, 0},
    {"ending.stress_4_weeks_after", still_closed, closing_stress, 0},
    {"ending.hope_4_weeks_after", still_closed, closing_hope, 0},
    {"ending.hope_change_over_ending", still_closed, hope_change, 0},
    {"ending.swemwbs_change_over_ending", still_closed, wellbeing_change, 0},
    {"swemwbs.at_first_session", seen, first_wellbeing, 0},
    {"swemwbs.change_at_9_to_12_months", followed, late_change, 0},
    {"isolation.change_at_9_months", followed, isolation_change, 0},
    {"own_connections.share_of_seen", seen, is_own, 0},
    {"group_connections.share_of_seen", seen, is_group, 0},
    {"not_connected.no_suggestion", not_connected, no_suggestion, 0},
    {"not_connected.suggestions_refused", not_connected, refused, 0},
    {"not_connected.no_attempt", not_connected, no_attempt, 0},
    {"not_connected.attempts_failed", not_connected, failed, 0},
    {"barrier_share.carer.c_connecting_with", on_pathway_c, is_carer, 0},
    {"barrier_share.transport.c_connecting_with", on_pathway_c, no_transport, 0},
    {"barrier_share.language.c_connecting_with", on_pathway_c, no_language, 0},
    {"barrier_share.poor_housing.c_connecting_with", on_pathway_c, bad_housing, 0},
    {"barrier_share.poor_health.c_connecting_with", on_pathway_c, bad_health, 0},
    {"barrier_share.female.c_connecting_with", on_pathway_c, woman, 0},
    {"trust_reaches_0.4_after_sessions.2", often_seen, trusts_after_2, 0},
    {"trust_reaches_0.4_after_sessions.5_or_more", often_seen, trusts_late, 0},
    {"trust_reaches_0.4_after_sessions.never", often_seen, trusts_never, 0},
    {"study_of_61.trust_of_all_seen", seen, trust, 0},
    {"study_of_61.trust_of_all_offered", offered, trust, 0},
    {"contrast.swemwbs_mean_difference_all_offered", offered, wellbeing_gained, 0},
    {"contrast.swemwbs_mean_difference_seen", seen, wellbeing_gained, 0},
    {"after_first_session.trust.week26", seen, trust_at_26, 26},
    {"after_first_session.hope.week0", seen, hope_at_0, 0},
    {"never_connected.stress.week13", never_connected, stress_at_13, 13},
    {"pathway_c.trust.week26", seen_on_pathway_c, trust_at_26, 26},
    {"pathway_a.motivation.week13", seen_on_pathway_a, motivation_at_13, 13},
    {"pathway_c.capacity.week26", seen_on_pathway_c, capacity_at_26, 26},
    {"contrast.never_connected.hope.week26", never_connected, hope_gained_at_26, 26},
    {"contrast.never_connected.trust.week52", never_connected, trust_gained_at_52, 52},
    {"contrast.swemwbs_4_weeks_after_ending", still_closed, closing_gained, 0},
    {"caseload_weeks.mean.a_rapid", seen_on_pathway_a, caseload_weeks, 0},
    {"caseload_weeks.mean.c_connecting_with", seen_on_pathway_c, caseload_weeks, 0},
    {"money_need.stress.week13", with_money_need, stress_at_13, 13},
};

static void means_over_people(void **state)
{
    (void)state;
    const struct patients *p = &people.with.site.patients;
    for (size_t n = 0; n < sizeof means / sizeof means[0]; n++) {
        double sum = 0.0, persons = 0.0;
        for (size_t i = 0; i < PEOPLE; i++) {
            const bool in_run =
                means[n].within == 0 || p->first_session_week[i] + means[n].within < FIXTURE_WEEKS;
            if (means[n].of(p, i) && in_run) {
                sum += means[n].mean(p, i);
                persons += 1.0;
            }
        }
        assert_true(persons > 5.0); /* the people are varied enough to test it */
        const double actual = outcome(means[n].name), expected = sum / persons;
        if (!(fabs(actual - expected) <= 1e-5 * (1.0 + fabs(expected)))) {
            fail_msg("%s is %.9g, recounted %.9g", means[n].name, actual, expected);
        }
    }
}

/* What a very large interview study would see: everyone with the weight of their trust. */
static void weighted_gain_of_people(void **state)
{
    (void)state;
    const struct patients *p = &people.with.site.patients;
    double sum = 0.0, weights = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) {
        if (seen(p, i)) {
            sum += trust(p, i) * wellbeing_gained(p, i); /* the default exponent is 1 */
            weights += trust(p, i);
        }
    }
    assert_near(outcome("trust_weighted.contrast_swemwbs"), sum / weights, 1e-6);
}

/* Consultations per year, before and after; against the paired run. */
static void consultations_of_people(void **state)
{
    (void)state;
    const struct patients *p = &people.with.site.patients;
    const struct counterfactual *q = &people.without;
    double before = 0, before_weeks = 0, after = 0, after_weeks = 0, other = 0;
    double accepted_with = 0, accepted_without = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        if (seen(p, i)) {
            const int first = p->first_session_week[i];
            before += p->consultations_before_session[i];
            before_weeks += first < 52 ? first : 52;
            after += p->consultations_from_session[i];
            after_weeks += FIXTURE_WEEKS - first < 52 ? FIXTURE_WEEKS - first : 52;
            other += q->consultations_from_session[i];
        }
        if (accepted(p, i)) {
            accepted_with += p->consultations_from_offer[i];
            accepted_without += q->consultations_from_offer[i];
        }
    }
    assert_near(outcome("gp.per_year_before_first_session"), 52.0 * before / before_weeks, 1e-9);
    assert_near(outcome("gp.per_year_after_first_session"), 52.0 * after / after_weeks, 1e-9);
    assert_near(outcome("gp.change_after_vs_before"),
                after / after_weeks / (before / before_weeks) - 1.0, 1e-9);
    assert_near(outcome("contrast.gp_change_among_seen"), after / other - 1.0, 1e-9);
    assert_near(outcome("contrast.gp_change_among_accepted"),
                accepted_with / accepted_without - 1.0, 1e-9);
}

static void quantiles_of_people(void **state)
{
    (void)state;
    const struct patients *p = &people.with.site.patients;
    double of_seen[PEOPLE], left[PEOPLE];
    size_t n = 0, m = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        if (seen(p, i)) {
            of_seen[n++] = p->sessions[i];
            if (p->status[i] != STATUS_ENGAGED && p->status[i] != STATUS_CONNECTED &&
                p->status[i] != STATUS_TAPERING) {
                left[m++] = p->caseload_weeks[i];
            }
        }
    }
    qsort(of_seen, n, sizeof of_seen[0], compare_doubles);
    qsort(left, m, sizeof left[0], compare_doubles);
    assert_near(outcome("sessions.q50_of_seen"), (of_seen[(n - 1) / 2] + of_seen[n / 2]) / 2.0,
                1e-9);
    assert_near(outcome("caseload_weeks.median_of_left"), (left[(m - 1) / 2] + left[m / 2]) / 2.0,
                1e-9);
}

static void costs_of_people(void **state)
{
    (void)state;
    const struct parameters *k = &people.with.parameters;
    const struct recorder *r = &people.recorder;
    double gained = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) {
        gained += ((double)people.with.site.patients.wellbeing_discounted[i] -
                   (double)people.without.wellbeing_discounted[i]) /
                  52.0;
    }
    const double saved = people.without.consultations_discounted - r->consultations_discounted;
    const double net = r->link_worker_cost_weeks * k->cost.link_worker_year / 52.0 +
                       r->place_cost_weeks * k->cost.place_week - saved * k->cost.gp_consultation;
    assert_near(outcome("cost.net_per_person_offered"), net / PEOPLE, 1e-6);
    assert_near(outcome("cost.qaly_gain_per_100_offered"),
                100.0 * gained * k->cost.qaly_per_swemwbs_point_year / PEOPLE, 1e-6);
}

/* What economic evaluations compare; its differences are the costs and gains above. */
static void economics_of_people(void **state)
{
    (void)state;
    const struct parameters *k = &people.with.parameters;
    const struct patients *p = &people.with.site.patients;
    const struct counterfactual *q = &people.without;
    double with = 0.0, without = 0.0, persons = 0.0, visits = 0.0, sessions = 0.0;
    double all_sessions = 0.0, all_visits = 0.0, connected = 0.0, all_connected = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) {
        const double is_connected = p->link_connection_week[i] != NEVER;
        all_sessions += p->sessions[i];
        all_visits += p->consultations[i];
        all_connected += is_connected;
        if (p->quintile[i] == 2) {
            persons += 1.0;
            with += (double)p->wellbeing_discounted[i] / 52.0;
            without += (double)q->wellbeing_discounted[i] / 52.0;
            visits += p->consultations[i];
            sessions += p->sessions[i];
            connected += is_connected;
        }
    }
    assert_near(outcome("economics.quintile2.offered"), persons, 1e-12);
    assert_near(outcome("economics.quintile2.swemwbs_years"), with / persons, 1e-9);
    assert_near(outcome("economics.quintile2.swemwbs_years_without"), without / persons, 1e-9);
    const struct recorder *r = &people.recorder;
    const double cost =
        r->link_worker_cost_weeks * k->cost.link_worker_year / 52.0 * sessions / all_sessions +
        r->place_cost_weeks * k->cost.place_week * connected / all_connected +
        r->consultations_discounted * k->cost.gp_consultation * visits / all_visits;
    assert_near(outcome("economics.quintile2.cost"), cost / persons, 1e-9);
    assert_near(outcome("economics.all.cost") - outcome("economics.all.cost_without"),
                outcome("cost.net_per_person_offered"), 1e-9);
    assert_near(100.0 * k->cost.qaly_per_swemwbs_point_year *
                    (outcome("economics.all.swemwbs_years") -
                     outcome("economics.all.swemwbs_years_without")),
                outcome("cost.qaly_gain_per_100_offered"), 1e-9);
}

static void events_of_people(void **state)
{
    (void)state;
    const struct events *n = &people.with.site.events;
    const double attended = (double)(n->diary_sessions - n->missed_sessions);
    int64_t failed_attempts = 0;
    for (int r = 0; r < REASON_COUNT; r++) {
        failed_attempts += n->failed[r];
    }
    assert_near(outcome("enrolment.accept_gp"), (double)n->accepted_gp / (double)n->offers_gp,
                1e-12);
    assert_near(outcome("enrolment.accept_other"),
                (double)n->accepted_other / (double)n->offers_other, 1e-12);
    assert_near(outcome("funnel.takeup_per_opening"), (double)n->takeups / (double)n->openings,
                1e-12);
    assert_near(outcome("sessions.dna_rate"),
                (double)n->missed_sessions / (double)n->diary_sessions, 1e-12);
    assert_near(outcome("attempts.per_open_week"), (double)n->attempts / (double)n->open_weeks,
                1e-12);
    assert_near(outcome("failed_attempts.caring"),
                (double)n->failed[BARRIER_CARING] / (double)failed_attempts, 1e-12);
    assert_near(outcome("failed_attempts.no_place"),
                (double)n->failed[REASON_NO_PLACE] / (double)failed_attempts, 1e-12);
    assert_near(outcome("goals.met_per_session"), (double)n->goals_met / attended, 1e-12);
    assert_near(outcome("session.interpersonal_input"), 1e-6 * (double)n->session_input / attended,
                1e-12);
    assert_near(outcome("session.change_of.coping"), 1e-6 * (double)n->session_coping / attended,
                1e-12);
    assert_near(outcome("ending.shock"), 1e-6 * (double)n->ending_shock / (double)n->endings,
                1e-12);
    assert_near(outcome("gp.per_year_on_caseload"),
                52.0 * (double)n->caseload_consultations / (double)n->caseload_weeks, 1e-12);
}

/* Deviation of SWEMWBS before the first session, as of the whole of the people seen. */
static void the_spread_of_wellbeing(void **state)
{
    (void)state;
    const struct patients *p = &people.with.site.patients;
    struct sample before = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        if (seen(p, i)) {
            sample_add(&before, (double)p->starting_session_wellbeing[i]);
        }
    }
    assert_near(outcome("swemwbs.sd_at_first_session"),
                sqrt(sample_variance(&before) * (before.n - 1.0) / before.n), 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_over_people),       cmocka_unit_test(weighted_gain_of_people),
        cmocka_unit_test(consultations_of_people), cmocka_unit_test(quantiles_of_people),
        cmocka_unit_test(costs_of_people),         cmocka_unit_test(economics_of_people),
        cmocka_unit_test(events_of_people),        cmocka_unit_test(the_spread_of_wellbeing),
    };
    return cmocka_run_group_tests_name("recount", tests, begin, end);
}
