/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_INTERVIEWS_H
#define BUYIN_EXPERIMENT_INTERVIEWS_H

#include "base/estimate.h"
#include "experiment/participants.h"

#include <stdio.h>

/** The study in silico: what the interviewed, the re-interviewed, the observed and all participants
 *  would show, many studies in every replicate, beside the truth.
 *
 *    range     2.5 % and 97.5 % quantile over all studies: what chance alone does to one study
 *    bias      mean over the studies of a replicate minus the truth in that replicate; its estimate
 *              is over replicates: what invitation and observation distort
 */
struct study_question {
    const char *section; /* key of what belongs together */
    const char *key;
    const char *name;
    bool (*is_asked)(const struct person *person, int which); /* whom the answer is about */
    double (*answer)(const struct person *person, int which);
    int of_whom, which; /* for is_asked and for answer */
    const char *unit;   /* "share": an answer is 0 or 1 */
};

enum { STUDY_QUESTIONS = 31 };
extern const struct study_question study_questions[STUDY_QUESTIONS];

struct study_answer {
    double mean, low, high; /* over studies in which somebody could be asked; NaN if never */
    struct estimate from_seen, from_offered; /* bias against everyone seen, everyone offered */
};

struct interviews {
    size_t draws; /* per replicate */
    size_t wanted[SOURCE_COUNT];
    double persons[SOURCE_COUNT]; /* taking part, mean over studies */
    int weeks;                    /* of the run */
    double trust_exponent, session_exponent;
    struct study_answer answers[SOURCE_COUNT][STUDY_QUESTIONS];
    struct estimate seen[STUDY_QUESTIONS], offered[STUDY_QUESTIONS]; /* the truth */
};

/** Draws `draws` studies in every replicate. Fails: ERROR_MEMORY, ERROR_INPUT (too few were seen).
 */
int interviews_draw(struct interviews *interviews, const struct people *people,
                    const struct parameters *parameters, size_t draws);

/** The tables of one study design. */
void interviews_print(FILE *stream, const struct interviews *interviews);

/** How the bias of the interviewees depends on the weight of trust: one column a design. */
void interviews_print_weights(FILE *stream, const struct interviews *designs, size_t count);

/** One line a design, source and question. */
void interviews_print_csv(FILE *stream, const struct interviews *designs, size_t count);

#endif
