/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_SWEEP_H
#define BUYIN_EXPERIMENT_SWEEP_H

#include "experiment/quantity.h"
#include "experiment/scenarios.h"
#include "parameters/table.h"

#include <stdio.h>

/** A sweep: one configuration at many points of its parameters, all points and replicates sharing the
 *  threads as one pool of pieces, and the random numbers replicate by replicate.
 */

enum { SWEEP_AXES = 8, SWEEP_VALUES = 256 };

/** What one parameter takes: the values of a grid or, for a design, a range. */
struct sweep_axis {
    const struct parameter_row *row;
    size_t count;
    double values[SWEEP_VALUES];
    double low, high;
};

enum sweep_design { SWEEP_GRID, SWEEP_LATIN_HYPERCUBE, SWEEP_SOBOL };

struct sweep {
    size_t axis_count;
    struct sweep_axis axes[SWEEP_AXES];
    enum sweep_design design;
    size_t points;       /* of a Latin hypercube or a Sobol sequence */
    double *coordinates; /* [point][axis], after sweep_make */
    struct scenarios scenarios;
};

/** Adds an axis from `key=1,2,3`, `key=low:high:step` or, for a design, `key=low:high`.
 *  Fails: ERROR_INPUT `where: key=range: rule`.
 */
int sweep_add_axis(struct sweep *sweep, const char *where, const char *text);

/** Adds the axes of the configuration's `sweep:` list. */
int sweep_add_listed(struct sweep *sweep, const struct configuration *base);

/** Makes the scenarios. Fails: ERROR_INPUT (no axis, a point that breaks a rule), ERROR_MEMORY. */
int sweep_make(struct sweep *sweep, const struct configuration *base);

/** Prints the points with what a caseload sweep is about. */
void sweep_print(FILE *stream, const struct sweep *sweep);

/** One line a point and outcome: point, coordinates, outcome, mean, standard error, interval. */
void sweep_print_csv(FILE *stream, const struct sweep *sweep);

/** For each objective, the best point and the band of points not significantly worse than it (paired
 *  95 % intervals), within each combination of the other axes: along the first axis.
 */
int sweep_print_bands(FILE *stream, const struct sweep *sweep);

/** The trade-off between reach and relationship: people connected a post and year against trust. */
int sweep_draw(FILE *stream, const struct sweep *sweep);

/** Writes a results file with the outcomes and the group /sweep: a coordinate a parameter. */
int sweep_write(const struct sweep *sweep, const char *path, bool force, const char *command,
                int threads);

void sweep_free(struct sweep *sweep);

#endif
