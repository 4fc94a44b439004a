/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/model_kinds.h"

const char *const need_names[NEED_COUNT] = {"mental", "somatic", "social", "relationships",
                                            "financial"};
const char *const barrier_names[BARRIER_COUNT] = {"housing", "income",   "transport",
                                                  "caring",  "language", "health"};
const char *const format_names[FORMAT_COUNT] = {"group", "one_to_one", "advice", "remote"};
const char *const ethnicity_names[ETHNICITY_COUNT] = {"white_british", "white_other", "asian",
                                                      "black",         "mixed",       "other"};
const char *const status_names[STATUS_COUNT] = {"latent",   "waiting", "engaged",  "connected",
                                                "tapering", "closed",  "declined", "disengaged"};
const char *const reason_names[REASON_COUNT] = {"housing",  "income", "transport",      "caring",
                                                "language", "health", "group_aversion", "no_place"};
