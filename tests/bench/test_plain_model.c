/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain model is the same model as the engine: its headline outcomes agree within chance. Only
 * so is it fair to compare how fast they are.
 */
#include "base/checks.h"
#include "base/error.h"
#include "base/estimate.h"
#include "bench/plain_model.h"
#include "run/piece.h"

#include <math.h>
#include <stdlib.h>

enum { REPLICATES = 24 };

/* Two independent means of this many standard errors apart come once in 150,000 pairs. */
static const double MOST_APART = 4.5;

static const char *const names[PLAIN_OUTCOME_COUNT] = {
    "offered",  "accepted the first offer",     "taken up",         "seen",   "connected",
    "sessions", "trust after the last session", "GP consultations", "SWEMWBS"};

/* Outcomes of a replicate, one for each implementation. */
struct both {
    double engine[PLAIN_OUTCOME_COUNT][REPLICATES], plain[PLAIN_OUTCOME_COUNT][REPLICATES];
};

static void add_engine(struct plain_sums *sums, const struct piece *piece)
{
    const struct patients *p = &piece->result.patients;
    for (size_t i = 0; i < p->count; i++) {
        sums->sum[PLAIN_OFFERED] += 1.0;
        sums->sum[PLAIN_ACCEPTED] += p->accepted_first[i];
        sums->sum[PLAIN_TAKEN_UP] += p->ever_taken_up[i];
        sums->sum[PLAIN_SEEN] += p->first_session_week[i] != NEVER;
        sums->sum[PLAIN_CONNECTED] += p->link_connection_week[i] != NEVER;
        sums->sum[PLAIN_SESSIONS] += p->sessions[i];
        sums->sum[PLAIN_TRUST] += (double)p->trust_last_session[i];
        sums->sum[PLAIN_CONSULTATIONS] += p->consultations[i];
        sums->sum[PLAIN_SWEMWBS] += (double)p->wellbeing_sum[i];
    }
    sums->patient_weeks += (double)piece->recorder.stepped_patient_weeks;
}

/* A share of the offered or a mean for each; SWEMWBS a week; offered: persons. */
static double outcome(const struct plain_sums *sums, int which)
{
    return which == PLAIN_OFFERED   ? sums->sum[which]
           : which == PLAIN_SWEMWBS ? sums->sum[which] / sums->patient_weeks
                                    : sums->sum[which] / sums->sum[PLAIN_OFFERED];
}

static void run_both(struct both *both, const char *path, const char *const *settings, size_t count)
{
    struct configuration configuration;
    struct piece piece;
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    assert_non_null(coefficients);
    if (configuration_read(&configuration, path, settings, count) != 0) {
        fail_msg("%s", error_message());
    }
    coefficients_compute(coefficients, &configuration.parameters);
    assert_int_equal(piece_init(&piece), 0);
    for (int r = 0; r < REPLICATES; r++) {
        struct plain_sums engine = {0}, plain = {0};
        for (size_t site = 0; site < configuration.site_count; site++) {
            piece.replicate = (size_t)r;
            piece.site = site;
            assert_int_equal(piece_run(&piece, &configuration, coefficients, GROUP_ALL, false), 0);
            add_engine(&engine, &piece);
            assert_int_equal(plain_run(&configuration, coefficients, site, r, &plain), 0);
        }
        for (int which = 0; which < PLAIN_OUTCOME_COUNT; which++) {
            both->engine[which][r] = outcome(&engine, which);
            both->plain[which][r] = outcome(&plain, which);
        }
    }
    piece_free(&piece);
    configuration_free(&configuration);
    free(coefficients);
}

static void expect_the_same(const struct both *both)
{
    for (int which = 0; which < PLAIN_OUTCOME_COUNT; which++) {
        const struct estimate e = estimate_of(both->engine[which], REPLICATES);
        const struct estimate p = estimate_of(both->plain[which], REPLICATES);
        const double error = hypot(e.standard_error, p.standard_error);
        print_message("%-30s engine %9.4f, plain %9.4f, %5.2f %% or %4.1f standard errors apart\n",
                      names[which], e.mean, p.mean, 100.0 * (p.mean / e.mean - 1.0),
                      error > 0.0 ? (p.mean - e.mean) / error : 0.0);
        assert_true(e.mean > 0.0);
        assert_true(error < 0.03 * e.mean); /* else agreement would say little */
        assert_true(fabs(p.mean - e.mean) <= MOST_APART * error);
    }
}

static void study_is_the_same(void **state)
{
    (void)state;
    static struct both both;
    const char *settings[] = {"run.counterfactual=no"};
    run_both(&both, BUYIN_SOURCE_DIR "/configs/study.yaml", settings, 1);
    expect_the_same(&both);
}

static void register_is_the_same(void **state)
{
    (void)state;
    static struct both both;
    const char *settings[] = {"run.counterfactual=no", "registered.list_size_per_practice=1500",
                              "gp.offer_base=0.15"};
    run_both(&both, BUYIN_SOURCE_DIR "/configs/pcn.yaml", settings, 3);
    expect_the_same(&both);
}

static void counterfactual_steps_the_same_people(void **state)
{
    (void)state;
    const char *settings[] = {"site.number=1"};
    struct configuration configuration;
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    struct plain_sums alone = {0}, paired = {0};
    assert_non_null(coefficients);
    assert_int_equal(configuration_read(&configuration, NULL, settings, 1), 0);
    coefficients_compute(coefficients, &configuration.parameters);
    assert_int_equal(plain_run(&configuration, coefficients, 0, 0, &paired), 0);
    coefficients->parameters.run.counterfactual = 0;
    assert_int_equal(plain_run(&configuration, coefficients, 0, 0, &alone), 0);
    assert_true(alone.patient_weeks > 0.0);
    assert_true(paired.patient_weeks == 2.0 * alone.patient_weeks);
    assert_memory_equal(paired.sum, alone.sum, sizeof alone.sum);
    configuration_free(&configuration);
    free(coefficients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(study_is_the_same),
                                       cmocka_unit_test(register_is_the_same),
                                       cmocka_unit_test(counterfactual_steps_the_same_people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
