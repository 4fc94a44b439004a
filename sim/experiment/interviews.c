/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/interviews.h"

#include "base/error.h"
#include "experiment/characteristics.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

static bool has(const struct person *person, int characteristic)
{
    return characteristics[characteristic].holds(person);
}

static bool never_connected(const struct person *person, int which)
{
    (void)which;
    return person->reason >= 0;
}

static bool is_followed(const struct person *person, int which)
{
    (void)which;
    return person->is_followed;
}

static double is_on(const struct person *person, int pathway)
{
    return person->pathway == pathway;
}

static double is_one(const struct person *person, int characteristic)
{
    return has(person, characteristic);
}

static double is_connected(const struct person *person, int which)
{
    (void)which;
    return person->pathway == PATHWAY_A_RAPID || person->pathway == PATHWAY_B_ANCHORED;
}

enum stage { STAGE_NO_SUGGESTION, STAGE_NOT_TRIED, STAGE_BARRIER, STAGE_SERVICE };

static double is_reason(const struct person *person, int stage)
{
    const int obstacle = person->reason - REASON_OBSTACLE;
    const int reached = person->reason == REASON_NEVER_SUGGESTED ? STAGE_NO_SUGGESTION
                        : obstacle < 0                           ? STAGE_NOT_TRIED
                        : obstacle < REASON_AVERSION             ? STAGE_BARRIER
                                                                 : STAGE_SERVICE;
    return reached == stage;
}

enum number { AGE, SESSIONS, TRUST, SWEMWBS_CHANGE };

static double number_of(const struct person *person, int which)
{
    return which == AGE        ? (double)person->age
           : which == SESSIONS ? person->sessions
           : which == TRUST    ? (double)person->trust
                               : (double)person->change;
}

#define PATHWAY(key, name, pathway)                                                                \
    {                                                                                              \
        "pathway", key, name, has, is_on, 0, pathway, "share"                                      \
    }
#define WHO(key, name, who)                                                                        \
    {                                                                                              \
        "participants", key, name, has, is_one, 0, who, "share"                                    \
    }
#define CONNECTED(key, name, who)                                                                  \
    {                                                                                              \
        "connected", key, name, has, is_connected, who, 0, "share"                                 \
    }
#define REASON(key, name, stage)                                                                   \
    {                                                                                              \
        "reason", key, name, never_connected, is_reason, 0, stage, "share"                         \
    }

/* clang-format off */
const struct study_question study_questions[STUDY_QUESTIONS] = {
    PATHWAY("a_rapid", "a rapid", PATHWAY_A_RAPID),
    PATHWAY("b_anchored", "b anchored", PATHWAY_B_ANCHORED),
    PATHWAY("c_connecting_with", "c connecting with", PATHWAY_C_CONNECTING_WITH),
    PATHWAY("own_support", "own support", PATHWAY_OWN_SUPPORT),
    PATHWAY("disengaged", "dropped out", PATHWAY_DISENGAGED),
    PATHWAY("brief", "brief", PATHWAY_BRIEF),
    PATHWAY("waiting", "waiting", PATHWAY_WAITING),
    PATHWAY("declined", "declined", PATHWAY_DECLINED),
    WHO("woman", "women", IS_WOMAN),
    WHO("quintiles_1_2", "quintiles 1-2", IS_DEPRIVED),
    WHO("carer", "carers", IS_CARER),
    WHO("language", "little English", LACKS_ENGLISH),
    WHO("transport", "poor transport", LACKS_TRANSPORT),
    WHO("housing", "poor housing", LACKS_HOUSING),
    WHO("health", "poor health", LACKS_HEALTH),
    CONNECTED("everyone", "everyone", EVERYONE_THERE_IS),
    CONNECTED("woman", "women", IS_WOMAN),
    CONNECTED("quintiles_1_2", "quintiles 1-2", IS_DEPRIVED),
    CONNECTED("carer", "carers", IS_CARER),
    CONNECTED("language", "little English", LACKS_ENGLISH),
    CONNECTED("transport", "poor transport", LACKS_TRANSPORT),
    CONNECTED("housing", "poor housing", LACKS_HOUSING),
    CONNECTED("health", "poor health", LACKS_HEALTH),
    REASON("no_suggestion", "nothing was suggested", STAGE_NO_SUGGESTION),
    REASON("not_tried", "refused or not tried", STAGE_NOT_TRIED),
    REASON("barrier", "a barrier", STAGE_BARRIER),
    REASON("group_or_no_place", "group, or no place", STAGE_SERVICE),
    {"mean", "age", "age", has, number_of, 0, AGE, "year"},
    {"mean", "sessions", "sessions attended", has, number_of, 0, SESSIONS, "session"},
    {"mean", "trust", "trust, last session", has, number_of, 0, TRUST, "index 0-1"},
    {"mean", "swemwbs_change", "SWEMWBS change", is_followed, number_of, 0, SWEMWBS_CHANGE, "SWEMWBS point"},
};
/* clang-format on */

/* Mean answers of these people; NaN where nobody is asked. */
static void ask(const struct person *persons, const size_t *who, size_t count, double *answers)
{
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        const struct study_question *question = &study_questions[q];
        double asked = 0.0, sum = 0.0;
        for (size_t n = 0; n < count; n++) {
            const struct person *person = &persons[who[n]];
            if (question->is_asked(person, question->of_whom)) {
                asked += 1.0;
                sum += question->answer(person, question->which);
            }
        }
        answers[q] = asked > 0.0 ? sum / asked : NAN;
    }
}

/* Everything that is drawn and counted, before it is summed up. */
struct findings {
    size_t draws, replicates;
    double *values;  /* [source][question][replicate][draw] */
    double *bias;    /* [seen, offered][source][question][replicate] */
    double *truth;   /* [seen, offered][question][replicate] */
    size_t *persons; /* scratch: numbers of people */
};

enum { SEEN, OFFERED, TRUTHS };

static double *values_of(const struct findings *findings, int source, int question,
                         size_t replicate)
{
    const size_t row = (size_t)source * STUDY_QUESTIONS + (size_t)question;
    return &findings->values[(row * findings->replicates + replicate) * findings->draws];
}

static double *truth_of(const struct findings *findings, int truth, int question)
{
    return &findings->truth[((size_t)truth * STUDY_QUESTIONS + (size_t)question) *
                            findings->replicates];
}

static double *bias_of(const struct findings *findings, int truth, int source, int question)
{
    const size_t row = ((size_t)truth * SOURCE_COUNT + (size_t)source) * STUDY_QUESTIONS;
    return &findings->bias[(row + (size_t)question) * findings->replicates];
}

static void record_truth(struct findings *findings, const struct person *persons, size_t count,
                         size_t replicate)
{
    for (int truth = SEEN; truth < TRUTHS; truth++) {
        double answers[STUDY_QUESTIONS];
        size_t n = 0;
        for (size_t i = 0; i < count; i++) {
            if (truth == OFFERED || persons[i].is_seen) {
                findings->persons[n++] = i;
            }
        }
        ask(persons, findings->persons, n, answers);
        for (int q = 0; q < STUDY_QUESTIONS; q++) {
            truth_of(findings, truth, q)[replicate] = answers[q];
        }
    }
}

/* Mean of what is defined. */
static double mean_of(const double *values, size_t count)
{
    return estimate_of(values, count).mean;
}

static void record_bias(struct findings *findings, size_t replicate)
{
    for (int source = 0; source < SOURCE_COUNT; source++) {
        for (int q = 0; q < STUDY_QUESTIONS; q++) {
            const double mean = mean_of(values_of(findings, source, q, replicate), findings->draws);
            for (int truth = SEEN; truth < TRUTHS; truth++) {
                bias_of(findings, truth, source, q)[replicate] =
                    mean - truth_of(findings, truth, q)[replicate];
            }
        }
    }
}

static int draw_replicate(struct interviews *s, struct findings *findings,
                          const struct people *people, size_t r, const struct parameters *k)
{
    int status = 0;
    const struct person *persons = &people->persons[people->starts[r]];
    const size_t count = people->starts[r + 1] - people->starts[r];
    const struct random_key key = {.seed = (uint32_t)k->run.seed, .replicate = (uint32_t)r};
    struct participants study;
    TRY(participants_open(&study, persons, count, k));
    if (study.askable < study.all) {
        FAIL(ERROR_INPUT,
             "only %zu people seen in replicate %zu have a weight above 0: a study of %zu cannot "
             "be drawn",
             study.askable, r, study.all);
    }
    for (size_t d = 0; d < findings->draws; d++) {
        struct random_stream stream = random_open(&key, (uint32_t)d, 1, PURPOSE_INTERVIEW);
        participants_draw(&study, &stream);
        for (int source = 0; source < SOURCE_COUNT; source++) {
            double answers[STUDY_QUESTIONS];
            ask(persons, study.who[source], study.count[source], answers);
            for (int q = 0; q < STUDY_QUESTIONS; q++) {
                values_of(findings, source, q, r)[d] = answers[q];
            }
            s->persons[source] +=
                (double)study.count[source] / (double)(findings->draws * findings->replicates);
        }
    }
    record_truth(findings, persons, count, r);
    record_bias(findings, r);
out:
    participants_close(&study);
    return status;
}

/* Sorts the values, those that are not defined going first. */
static void sum_up(struct study_answer *answer, double *values, size_t count)
{
    size_t defined = 0;
    for (size_t n = 0; n < count; n++) {
        if (isfinite(values[n])) {
            values[defined++] = values[n];
        }
    }
    *answer = (struct study_answer){.mean = NAN, .low = NAN, .high = NAN};
    if (defined > 0) {
        gsl_sort(values, 1, defined);
        answer->mean = gsl_stats_mean(values, 1, defined);
        answer->low = gsl_stats_quantile_from_sorted_data(values, 1, defined, 0.025);
        answer->high = gsl_stats_quantile_from_sorted_data(values, 1, defined, 0.975);
    }
}

static void sum_up_all(struct interviews *s, const struct findings *findings)
{
    const size_t replicates = findings->replicates;
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        s->seen[q] = estimate_of(truth_of(findings, SEEN, q), replicates);
        s->offered[q] = estimate_of(truth_of(findings, OFFERED, q), replicates);
        for (int source = 0; source < SOURCE_COUNT; source++) {
            struct study_answer *answer = &s->answers[source][q];
            sum_up(answer, values_of(findings, source, q, 0), findings->draws * replicates);
            answer->from_seen = estimate_of(bias_of(findings, SEEN, source, q), replicates);
            answer->from_offered = estimate_of(bias_of(findings, OFFERED, source, q), replicates);
        }
    }
}

int interviews_draw(struct interviews *s, const struct people *people, const struct parameters *k,
                    size_t draws)
{
    int status = 0;
    const size_t rows = (size_t)SOURCE_COUNT * STUDY_QUESTIONS * people->replicates;
    struct findings findings = {.draws = draws, .replicates = people->replicates};
    *s = (struct interviews){
        .draws = draws,
        .wanted = {(size_t)k->study.interviewees, (size_t)k->study.followed_up,
                   (size_t)k->study.observed,
                   (size_t)(k->study.interviewees + k->study.observed - k->study.overlap)},
        .weeks = k->run.weeks,
        .trust_exponent = k->study.trust_exponent,
        .session_exponent = k->study.session_exponent};
    findings.values = malloc(rows * draws * sizeof *findings.values);
    findings.bias = malloc(TRUTHS * rows * sizeof *findings.bias);
    findings.truth = malloc(TRUTHS * rows * sizeof *findings.truth);
    findings.persons = malloc((people->count + 1) * sizeof *findings.persons);
    if (findings.values == NULL || findings.bias == NULL || findings.truth == NULL ||
        findings.persons == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu studies", draws * people->replicates);
    }
    for (size_t r = 0; r < people->replicates; r++) {
        TRY(draw_replicate(s, &findings, people, r, k));
    }
    sum_up_all(s, &findings);
out:
    free(findings.values);
    free(findings.bias);
    free(findings.truth);
    free(findings.persons);
    return status;
}
