/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_STATE_SITE_FIXTURE_H
#define BUYIN_TESTS_STATE_SITE_FIXTURE_H

#include "base/checks.h"
#include "state/site.h"
#include "state/snapshots.h"

/** A site put together by hand, for tests of state, mechanisms and observation.
 *
 *  fixture_start gives default parameters, to be changed; fixture_build then makes the site in
 *  the middle of a run: all patients alike, after their first offer, on nobody's books; link
 *  workers alike, in post, with empty caseloads; one practice; no services.
 */
struct fixture {
    struct arena arena;
    struct parameters parameters;
    struct coefficients coefficients;
    struct site_attributes attributes;
    struct site site;
};

enum { FIXTURE_WEEK = 60, FIXTURE_WEEKS = 156, FIXTURE_SERVICES = 16 };

void fixture_start(struct fixture *f);
void fixture_build(struct fixture *f, size_t patients, int posts);
void fixture_end(struct fixture *f);

/** Adds a service, in the order of domains; returns its number. Reach 1, no language support. */
int fixture_add_service(struct fixture *f, int domain, int format, int places);

/** Puts a patient on a caseload, engaged, as if taken up four weeks ago and due this week. */
void fixture_engage(struct fixture *f, size_t i, int post);

/** Puts a patient on the waiting list, accepted in `week`. */
void fixture_wait(struct fixture *f, size_t i, int week);

/** All uniform draws of the week at this value. */
void fixture_draws(struct fixture *f, float u);

/** Fails the test with the sentence of a broken law. */
void fixture_verify(const struct fixture *f);

#endif
