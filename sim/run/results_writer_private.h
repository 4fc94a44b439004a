/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_RESULTS_WRITER_PRIVATE_H
#define BUYIN_RUN_RESULTS_WRITER_PRIVATE_H

#include "run/results_writer.h"
#include "storage/hdf5_file.h"

/** Sites whose weekly records are gathered before they are written together. */
enum { BLOCK_SITES = 64 };

struct results_writer {
    struct results_file *file;
    const struct configuration *scenarios;
    size_t scenario_count;
    const struct results *results;
    const char *const *scenario_names;
    struct run_part part;
    size_t weeks, sites, replicates;

    /* weekly records of the sites [block_start, block_start + block_count) */
    size_t block_start, block_count;
    float *weekly_block; /* [column][site][week] */
    int32_t *moved;      /* [week][status before][status], sites added up */
    float *series;       /* one variable of the block, as it is laid out in the file */

    size_t posts;       /* in a replicate: posts of all sites one after the other */
    size_t *first_post; /* [site]; the last entry is posts */

    size_t patients;     /* rows of /cohort written so far */
    size_t trajectories; /* rows of /trajectories written so far */
    float *scratch;      /* a column of a piece */
    size_t scratch_room;
};

/** Definitions of the dimensions that several groups share; each group has its own. */
int define_scenario(struct results_writer *writer, const char *group);
int define_replicate(struct results_writer *writer, const char *group);
int define_labels(struct results_writer *writer, const char *group, const char *name,
                  const char *meaning, size_t count, const char *const *labels);
int define_sites(struct results_writer *writer, const char *group);
int define_weeks(struct results_writer *writer, const char *group);

/** /weekly and /link_workers (results_weekly.c). */
int weekly_define(struct results_writer *writer);
int weekly_add(struct results_writer *writer, const struct piece *piece);

/** /pathways, /groups and /course (results_groups.c). */
int groups_define(struct results_writer *writer);
int groups_add_site(struct results_writer *writer, const struct piece *piece);
int groups_add_replicate(struct results_writer *writer, size_t scenario, size_t replicate);

/** /cohort and /trajectories (results_cohort.c). */
int cohort_define(struct results_writer *writer);
int cohort_add(struct results_writer *writer, const struct piece *piece);

#endif
