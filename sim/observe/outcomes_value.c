/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outcomes: the study in silico, equity, the contrast with no link workers, costs
 *
 *   slope index   slope of a regression on the ridit of the quintile (0 most deprived, 1 least),
 *                 quintile means weighted by size
 *   net cost      link workers and VCSE places less GP consultations saved, discounted
 *   QALY, WELLBY  discounted SWEMWBS point-years gained times a placeholder coefficient
 *   economics     costs and SWEMWBS point-years themselves, for everyone and by quintile
 */
#include "outcome_emitter.h"

static const enum pathway order[] = {PATHWAY_A_RAPID,           PATHWAY_B_ANCHORED,
                                     PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
                                     PATHWAY_DISENGAGED,        PATHWAY_BRIEF};
enum { ORDER_COUNT = sizeof order / sizeof order[0] };

static void study(struct emitter *e)
{
    const struct study_sample *study = &e->tally->study;
    const struct sums *s = &e->tally->sums;
    const double *all = e->tally->groups[GROUP_ALL];
    double on[PATHWAY_COUNT] = {0.0}, trust = 0.0, change = 0.0;
    double followed = 0.0, weights = 0.0;
    for (int n = 0; n < study->count; n++) {
        on[study->drawn[n].pathway] += 1.0;
        trust += (double)study->drawn[n].trust;
        if (study->drawn[n].followed && followed < e->parameters->study.followed_up) {
            change += (double)study->drawn[n].change;
            followed += 1.0;
        }
    }
    for (int p = 0; p < PATHWAY_COUNT; p++) {
        weights += s->trust_weight[p];
    }
    for (int n = 0; n < ORDER_COUNT; n++) {
        emit(e, share(on[order[n]], study->count), "share",
             "Interviewees on this pathway, drawn by trust as in the study.", "study_of_61.%s",
             pathway_names[order[n]]);
    }
    emit(e, share(trust, study->count), "index 0-1",
         "Trust just after the last session, mean over interviewees.",
         "study_of_61.trust_of_interviewees");
    emit(e, share(s->trust_of_seen, all[SUM_SEEN]), "index 0-1",
         "Trust just after the last session, mean over everyone seen.",
         "study_of_61.trust_of_all_seen");
    emit(e, share(s->trust_of_seen, all[SUM_OFFERED]), "index 0-1",
         "Trust just after the last session, mean over everyone ever offered; 0 for those never "
         "seen.",
         "study_of_61.trust_of_all_offered");
    emit(e, share(change, followed), "SWEMWBS point",
         "Observed SWEMWBS change over 39 weeks of the interviewees followed up (not an effect).",
         "study_of_61.swemwbs_change_of_41_followed_up");
    for (int n = 0; n < ORDER_COUNT; n++) {
        emit(e, share(s->trust_weight[order[n]], weights), "share",
             "Share of this pathway that a very large interview study would see.",
             "trust_weighted.%s", pathway_names[order[n]]);
    }
    emit(e,
         e->tally->has_contrast ? share(s->contrast_swemwbs_weighted, weights) : __builtin_nan(""),
         "SWEMWBS point",
         "Mean weekly SWEMWBS from the first offer on, with minus without link workers, over the "
         "people whom a very large interview study would see.",
         "trust_weighted.contrast_swemwbs");
}

/* Slope over quintiles of numerator / denominator, two of the group sums. */
static double slope_index(const struct tally *t, enum group_sum numerator,
                          enum group_sum denominator)
{
    double all = 0.0, before = 0.0, mean_y = 0.0, sxy = 0.0, sxx = 0.0;
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        all += t->groups[GROUP_QUINTILE1 + q][denominator];
        mean_y += t->groups[GROUP_QUINTILE1 + q][numerator];
    }
    mean_y = share(mean_y, all);
    for (int q = 0; q < QUINTILE_COUNT; q++) {
        const double *sums = t->groups[GROUP_QUINTILE1 + q];
        const double n = sums[denominator];
        if (n > 0.0) {
            const double x = (before + 0.5 * n) / all - 0.5;
            sxy += n * x * (sums[numerator] / n - mean_y);
            sxx += n * x * x;
        }
        before += n;
    }
    return share(sxy, sxx);
}

static void equity(struct emitter *e)
{
    emit(e, slope_index(e->tally, SUM_TAKEN_UP, SUM_OFFERED), "share",
         "Slope index over deprivation: ever taken up, people ever offered.",
         "slope_index.taken_up");
    emit(e, slope_index(e->tally, SUM_CONNECTED, SUM_OFFERED), "share",
         "Slope index over deprivation: ever connected through the link worker, people ever "
         "offered.",
         "slope_index.connected");
    emit(e, slope_index(e->tally, SUM_SWEMWBS_CHANGE, SUM_CHANGE_PERSONS), "SWEMWBS point",
         "Slope index over deprivation: observed SWEMWBS change over 39 weeks, people seen.",
         "slope_index.swemwbs_change");
}

static void contrast(struct emitter *e)
{
    const struct sums *s = &e->tally->sums;
    const double *all = e->tally->groups[GROUP_ALL];
    const bool known = e->tally->has_contrast;
    const double none = __builtin_nan("");
    emit(e, known ? share(all[SUM_CONTRAST_GP_WITH], all[SUM_CONTRAST_GP_WITHOUT]) - 1.0 : none,
         "ratio",
         "GP consultations in the up to 52 weeks from the first session against the same people in "
         "the "
         "same weeks without link workers, minus 1.",
         "contrast.gp_change_among_seen");
    emit(e,
         known ? share(s->contrast_gp_accepted_with, s->contrast_gp_accepted_without) - 1.0 : none,
         "ratio",
         "GP consultations in the up to 52 weeks from the first offer against the same people in "
         "the same weeks without link workers, minus 1; people who ever accepted in the run with "
         "link workers.",
         "contrast.gp_change_among_accepted");
    emit(
        e, known ? share(all[SUM_CONTRAST_SWEMWBS], all[SUM_OFFERED]) : none, "SWEMWBS point",
        "Mean weekly SWEMWBS from the first offer on, with minus without link workers, people ever "
        "offered.",
        "contrast.swemwbs_mean_difference_all_offered");
    emit(e, known ? share(s->contrast_swemwbs_seen, all[SUM_SEEN]) : none, "SWEMWBS point",
         "Mean weekly SWEMWBS from the first offer on, with minus without link workers, people "
         "seen.",
         "contrast.swemwbs_mean_difference_seen");
}

/* Discounted cost of link workers' posts, with what the policy takes besides. */
static double cost_of_posts(const struct emitter *e)
{
    const struct parameters *k = e->parameters;
    return e->tally->sums.link_worker_weeks *
           (k->cost.link_worker_year + k->cost.programme_post_year) / 52.0;
}

static void costs(struct emitter *e)
{
    const struct parameters *k = e->parameters;
    const struct sums *s = &e->tally->sums;
    const bool known = e->tally->has_contrast;
    const double none = __builtin_nan("");
    const double offered = e->tally->groups[GROUP_ALL][SUM_OFFERED];
    const double net = cost_of_posts(e) + s->place_weeks * k->cost.place_week -
                       s->consultations_saved * k->cost.gp_consultation;
    const double point_years = s->swemwbs_weeks_gained / 52.0;
    const double qalys = point_years * k->cost.qaly_per_swemwbs_point_year;
    const double wellbys = point_years * k->cost.wellby_per_swemwbs_point_year;
    emit(e,
         share(cost_of_posts(e) + s->place_weeks * k->cost.place_week,
               e->tally->groups[GROUP_ALL][SUM_CONNECTED]),
         "GBP", "Discounted cost of link workers and places in use per person connected.",
         "cost.service_per_person_connected");
    emit(
        e, known ? share(net, offered) : none, "GBP",
        "Discounted cost of link workers and places in use less GP consultations saved, per person "
        "offered.",
        "cost.net_per_person_offered");
    emit(e, known ? 100.0 * share(qalys, offered) : none, "QALY",
         "Discounted QALYs gained per 100 people offered; the coefficient is a placeholder.",
         "cost.qaly_gain_per_100_offered");
    emit(e, known ? 100.0 * share(wellbys, offered) : none, "WELLBY",
         "Discounted WELLBYs gained per 100 people offered; the coefficient is a placeholder.",
         "cost.wellby_gain_per_100_offered");
    emit(e, known ? share(net, qalys) : none, "GBP/QALY",
         "Net cost per QALY gained; rests on a placeholder coefficient, do not quote.",
         "cost.net_per_qaly");
}

/* The part of a service's cost that a group bears: by its share of what the cost goes with. */
static double part(const struct tally *t, int group, enum group_sum sum)
{
    const double all = t->groups[GROUP_ALL][sum];
    return all > 0.0 ? t->groups[group][sum] / all
                     : share(t->groups[group][SUM_OFFERED], t->groups[GROUP_ALL][SUM_OFFERED]);
}

/* Costs and effects as they are, not as differences: what economic evaluations compare. */
static void economics(struct emitter *e)
{
    const struct parameters *k = e->parameters;
    const struct tally *t = e->tally;
    const bool known = t->has_contrast || t->sums.posts == 0.0;
    for (int group = GROUP_ALL; group <= GROUP_QUINTILE5; group++) {
        char name[GROUP_NAME_SIZE];
        const double *sums = t->groups[group];
        const double offered = sums[SUM_OFFERED], none = __builtin_nan("");
        const double cost =
            cost_of_posts(e) * part(t, group, SUM_SESSIONS) +
            t->sums.place_weeks * k->cost.place_week * part(t, group, SUM_CONNECTED) +
            t->sums.consultations * k->cost.gp_consultation * part(t, group, SUM_CONSULTATIONS);
        const double without = t->sums.consultations_without * k->cost.gp_consultation *
                               part(t, group, SUM_CONSULTATIONS_WITHOUT);
        if (group == GROUP_FEMALE || group == GROUP_MALE) {
            continue;
        }
        group_name(group, name);
        emit(e, offered, "person", "People ever offered a referral.", "economics.%s.offered", name);
        emit(
            e, share(cost, offered), "GBP",
            "Discounted cost of link workers, places in use and GP consultations since the first "
            "offer, per person offered; a group bears link workers by sessions attended, places by "
            "people connected.",
            "economics.%s.cost", name);
        emit(e, known ? share(without, offered) : none, "GBP",
             "Discounted cost of GP consultations since the first offer, per person offered, of "
             "the same people without link workers.",
             "economics.%s.cost_without", name);
        emit(e, share(sums[SUM_WELLBEING] / 52.0, offered), "SWEMWBS point-year",
             "Discounted SWEMWBS added up from the first offer to the end of the run, per person "
             "offered.",
             "economics.%s.swemwbs_years", name);
        emit(e, known ? share(sums[SUM_WELLBEING_WITHOUT] / 52.0, offered) : none,
             "SWEMWBS point-year",
             "Discounted SWEMWBS added up from the first offer to the end of the run, per person "
             "offered, of the same people without link workers.",
             "economics.%s.swemwbs_years_without", name);
    }
}

void emit_value(struct emitter *e)
{
    study(e);
    equity(e);
    contrast(e);
    costs(e);
    economics(e);
}
