/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_ENROLMENT_H
#define BUYIN_MECHANISMS_ENROLMENT_H

#include "state/site.h"

/** Holds the opening contact of patient `i` with a post at session quality q (page in enrolment.c).
 */
void enrolment_open(struct site *site, size_t i, int post, float quality);

#endif
