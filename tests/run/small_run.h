/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_RUN_SMALL_RUN_H
#define BUYIN_TESTS_RUN_SMALL_RUN_H

#include "base/checks.h"
#include "base/error.h"
#include "parameters/configuration.h"
#include "run/piece.h"

/** A configuration of a few hundred patients over a year and a half: milliseconds a piece. */
static inline void small_configuration_read(struct configuration *configuration, const char *path,
                                            const char *const *settings, size_t count)
{
    const char *all[40] = {"run.weeks=80",         "population.arrival_weeks=60",
                           "run.burn_in_weeks=10", "run.replicates=2",
                           "site.number=2",        "population.offers_per_week=4.45"};
    assert_true(count <= 30);
    for (size_t i = 0; i < count; i++) {
        all[6 + i] = settings[i];
    }
    if (configuration_read(configuration, path, all, 6 + count) != 0) {
        fail_msg("%s", error_message());
    }
}

static inline void small_configuration(struct configuration *configuration,
                                       const char *const *settings, size_t count)
{
    small_configuration_read(configuration, NULL, settings, count);
}

/** A piece of it, run with every law checked every week. */
struct small_piece {
    struct configuration configuration;
    struct coefficients coefficients;
    struct piece piece;
};

static inline void small_piece_read(struct small_piece *small, const char *path,
                                    const char *const *settings, size_t count)
{
    small_configuration_read(&small->configuration, path, settings, count);
    coefficients_compute(&small->coefficients, &small->configuration.parameters);
    assert_int_equal(piece_init(&small->piece), 0);
    if (piece_run(&small->piece, &small->configuration, &small->coefficients, GROUP_ALL, true) !=
        0) {
        fail_msg("%s", error_message());
    }
}

static inline void small_piece_run(struct small_piece *small, const char *const *settings,
                                   size_t count)
{
    small_piece_read(small, NULL, settings, count);
}

static inline void small_piece_end(struct small_piece *small)
{
    piece_free(&small->piece);
    configuration_free(&small->configuration);
}

#endif
