/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_MODEL_KINDS_H
#define BUYIN_STATE_MODEL_KINDS_H

/** The kinds of things the model tells apart; the order is the order in files and tables. */

enum need {
    NEED_MENTAL,
    NEED_SOMATIC,
    NEED_SOCIAL,
    NEED_RELATIONSHIPS,
    NEED_FINANCIAL,
    NEED_COUNT
};

enum barrier {
    BARRIER_HOUSING,
    BARRIER_INCOME,
    BARRIER_TRANSPORT,
    BARRIER_CARING,
    BARRIER_LANGUAGE,
    BARRIER_HEALTH,
    BARRIER_COUNT
};

enum format { FORMAT_GROUP, FORMAT_ONE_TO_ONE, FORMAT_ADVICE, FORMAT_REMOTE, FORMAT_COUNT };

enum ethnicity {
    ETHNICITY_WHITE_BRITISH,
    ETHNICITY_WHITE_OTHER,
    ETHNICITY_ASIAN,
    ETHNICITY_BLACK,
    ETHNICITY_MIXED,
    ETHNICITY_OTHER,
    ETHNICITY_COUNT
};

/** Where a patient stands with the service. Engaged is connecting with, connected is connecting to.
 */
enum status {
    STATUS_LATENT,
    STATUS_WAITING,
    STATUS_ENGAGED,
    STATUS_CONNECTED,
    STATUS_TAPERING,
    STATUS_CLOSED,
    STATUS_DECLINED,
    STATUS_DISENGAGED,
    STATUS_COUNT
};

enum { QUINTILE_COUNT = 5, NOBODY = -1, NOTHING = -1, NEVER = -1 };

/** Weeks of consultations that are compared before and after. */
enum { WINDOW_WEEKS = 52 };

/** The first check that an attempt to connect failed: the six barriers, in their order, and then */
enum { REASON_AVERSION = BARRIER_COUNT, REASON_NO_PLACE, REASON_COUNT };

extern const char *const need_names[NEED_COUNT];
extern const char *const barrier_names[BARRIER_COUNT];
extern const char *const format_names[FORMAT_COUNT];
extern const char *const ethnicity_names[ETHNICITY_COUNT];
extern const char *const status_names[STATUS_COUNT];
extern const char *const reason_names[REASON_COUNT];

/** On a link worker's caseload: engaged, connected or tapering. */
static inline int status_is_on_caseload(int status)
{
    return (status >= STATUS_ENGAGED) & (status <= STATUS_TAPERING);
}

#endif
