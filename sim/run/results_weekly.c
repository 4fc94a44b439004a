/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /weekly and /link_workers: sites are gathered into blocks, so that a large run makes few writes.
 */
#include "results_writer_private.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_FIRST = RECORD_TRUST, STATE_COUNT = RECORD_SWEMWBS - RECORD_TRUST };

/* Variables that stand alone: every column but statuses and states. */
static bool stands_alone(int column)
{
    return column >= RECORD_OFFERED && (column < STATE_FIRST || column == RECORD_SWEMWBS);
}

static size_t block_chunk(const struct results_writer *w)
{
    return w->sites < BLOCK_SITES ? w->sites : BLOCK_SITES;
}

static size_t post_chunk(const struct results_writer *w)
{
    const size_t wanted = RESULTS_STREAM_BYTES / (w->weeks * sizeof(float)) + 1;
    return w->posts < wanted ? w->posts : wanted;
}

int define_sites(struct results_writer *w, const char *group)
{
    int status = 0;
    const char **names = malloc((w->sites + 1) * sizeof *names);
    if (names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the names of sites");
    }
    for (size_t s = 0; s < w->sites; s++) {
        names[s] = w->scenarios[0].sites[s].name;
    }
    TRY(define_labels(w, group, "site", "Site.", w->sites, names));
out:
    free(names);
    return status;
}

static int define_family(struct results_writer *w, const char *name, const char *meaning,
                         const char *units, const char *dimension)
{
    return results_file_dataset(
        w->file, &(struct dataset_description){
                     .group = "/weekly",
                     .name = name,
                     .units = units,
                     .long_name = meaning,
                     .type = RESULTS_FLOAT32,
                     .rank = 5,
                     .dimensions = {"scenario", "replicate", "site", "week", dimension},
                     .chunk = {1, 1, block_chunk(w), 0, 0},
                     .has_fill = true,
                     .fill = NAN,
                     .is_stream = true});
}

static int define_moved(struct results_writer *w)
{
    int status = 0;
    TRY(define_labels(w, "/weekly", "status_before", "Status a week before.", STATUS_COUNT,
                      status_names));
    TRY(results_file_dataset(
        w->file,
        &(struct dataset_description){
            .group = "/weekly",
            .name = "moved",
            .units = "person",
            .long_name = "People whose status at the end of the week is another than a week "
                         "before, all sites.",
            .type = RESULTS_INT32,
            .rank = 5,
            .dimensions = {"scenario", "replicate", "week", "status_before", "status"},
            .chunk = {1, 1, 0, 0, 0},
            .is_stream = true}));
out:
    return status;
}

static int define_weekly(struct results_writer *w)
{
    int status = 0;
    const char *states[STATE_COUNT];
    TRY(results_file_group(w->file, "/weekly", "State of each site at the end of each week."));
    TRY(define_scenario(w, "/weekly"));
    TRY(define_replicate(w, "/weekly"));
    TRY(define_sites(w, "/weekly"));
    TRY(define_weeks(w, "/weekly"));
    TRY(define_labels(w, "/weekly", "status", "Status in the service.", STATUS_COUNT,
                      status_names));
    for (int n = 0; n < STATE_COUNT; n++) {
        states[n] = weekly_columns[STATE_FIRST + n].name;
    }
    TRY(define_labels(w, "/weekly", "state", "State of a patient.", STATE_COUNT, states));
    TRY(define_family(w, "persons", "People in each status at the end of the week.", "person",
                      "status"));
    TRY(define_family(
        w, "state_mean",
        "Mean over patients after their first offer, at the end of the week; missing if "
        "there is none.",
        "1", "state"));
    TRY(define_moved(w));
    for (int c = 0; c < RECORD_MOVES; c++) {
        if (stands_alone(c)) {
            TRY(results_file_dataset(w->file,
                                     &(struct dataset_description){
                                         .group = "/weekly",
                                         .name = weekly_columns[c].name,
                                         .units = weekly_columns[c].unit,
                                         .long_name = weekly_columns[c].meaning,
                                         .type = RESULTS_FLOAT32,
                                         .rank = 4,
                                         .dimensions = {"scenario", "replicate", "site", "week"},
                                         .chunk = {1, 1, block_chunk(w), 0},
                                         .has_fill = true,
                                         .fill = NAN,
                                         .is_stream = true}));
        }
    }
out:
    return status;
}

static int define_posts(struct results_writer *w)
{
    int status = 0;
    int32_t *sites = malloc((w->posts + 1) * sizeof *sites);
    if (sites == NULL) {
        FAIL(ERROR_MEMORY, "no memory for posts");
    }
    for (size_t s = 0; s < w->sites; s++) {
        for (size_t post = w->first_post[s]; post < w->first_post[s + 1]; post++) {
            sites[post] = (int32_t)s;
        }
    }
    TRY(results_file_group(w->file, "/link_workers", "Diary and state of each post, by week."));
    TRY(define_scenario(w, "/link_workers"));
    TRY(define_replicate(w, "/link_workers"));
    TRY(results_file_dimension(
        w->file, &(struct dimension_description){.group = "/link_workers",
                                                 .name = "post",
                                                 .units = "1",
                                                 .long_name = "Site of the post, counted from 0.",
                                                 .size = w->posts,
                                                 .type = RESULTS_INT32,
                                                 .values = sites}));
    TRY(define_weeks(w, "/link_workers"));
    for (int c = 0; c < POST_COUNT; c++) {
        TRY(results_file_dataset(
            w->file,
            &(struct dataset_description){.group = "/link_workers",
                                          .name = post_columns[c].name,
                                          .units = post_columns[c].unit,
                                          .long_name = post_columns[c].meaning,
                                          .type = RESULTS_FLOAT32,
                                          .rank = 4,
                                          .dimensions = {"scenario", "replicate", "post", "week"},
                                          .chunk = {1, 1, post_chunk(w), 0},
                                          .has_fill = true,
                                          .fill = NAN,
                                          .is_stream = true}));
    }
out:
    free(sites);
    return status;
}

int weekly_define(struct results_writer *w)
{
    int status = 0;
    TRY(define_weekly(w));
    if (w->posts > 0) {
        TRY(define_posts(w));
    }
out:
    return status;
}

/* Copies `columns` columns from the block into w->series, the column fastest. */
static void gather(struct results_writer *w, int first, size_t columns)
{
    for (size_t s = 0; s < w->block_count; s++) {
        for (size_t week = 0; week < w->weeks; week++) {
            for (size_t c = 0; c < columns; c++) {
                w->series[(s * w->weeks + week) * columns + c] =
                    w->weekly_block[(((size_t)first + c) * BLOCK_SITES + s) * w->weeks + week];
            }
        }
    }
}

static int write_block(struct results_writer *w, size_t scenario, size_t replicate)
{
    int status = 0;
    const size_t start[] = {scenario, replicate, w->block_start, 0, 0};
    size_t count[] = {1, 1, w->block_count, w->weeks, STATUS_COUNT};
    gather(w, RECORD_STATUS, STATUS_COUNT);
    TRY(results_file_write(w->file, "/weekly/persons", start, count, w->series));
    gather(w, STATE_FIRST, STATE_COUNT);
    count[4] = STATE_COUNT;
    TRY(results_file_write(w->file, "/weekly/state_mean", start, count, w->series));
    for (int c = 0; c < RECORD_MOVES; c++) {
        if (stands_alone(c)) {
            char path[64];
            (void)snprintf(path, sizeof path, "/weekly/%s", weekly_columns[c].name);
            gather(w, c, 1);
            TRY(results_file_write(w->file, path, start, count, w->series));
        }
    }
    w->block_start += w->block_count;
    w->block_count = 0;
out:
    return status;
}

static int write_posts(struct results_writer *w, const struct piece *piece)
{
    int status = 0;
    const struct recorder *recorder = &piece->recorder;
    const size_t posts = (size_t)recorder->posts;
    const size_t start[] = {piece->scenario, piece->replicate, w->first_post[piece->site], 0};
    const size_t count[] = {1, 1, posts, w->weeks};
    const size_t needed = posts * w->weeks;
    if (needed > w->scratch_room) {
        float *larger = realloc(w->scratch, needed * sizeof *larger);
        if (larger == NULL) {
            FAIL(ERROR_MEMORY, "no memory for posts");
        }
        w->scratch = larger;
        w->scratch_room = needed;
    }
    for (int c = 0; c < POST_COUNT; c++) {
        char path[64];
        for (size_t n = 0; n < needed; n++) {
            w->scratch[n] = recorder->post_weekly[n * POST_COUNT + (size_t)c];
        }
        (void)snprintf(path, sizeof path, "/link_workers/%s", post_columns[c].name);
        TRY(results_file_write(w->file, path, start, count, w->scratch));
    }
out:
    return status;
}

/* Adds a site's moves; writes them after the last site of a replicate. */
static int add_moved(struct results_writer *w, const struct piece *piece)
{
    enum { PAIRS = STATUS_COUNT * STATUS_COUNT };
    const size_t start[] = {piece->scenario, piece->replicate, 0, 0, 0};
    const size_t count[] = {1, 1, w->weeks, STATUS_COUNT, STATUS_COUNT};
    if (piece->site == 0) {
        memset(w->moved, 0, w->weeks * PAIRS * sizeof *w->moved);
    }
    const float *weekly = piece->recorder.weekly;
    for (size_t week = 0; week < w->weeks; week++) {
        for (size_t pair = 0; pair < PAIRS; pair++) {
            w->moved[week * PAIRS + pair] +=
                (int32_t)weekly[week * RECORD_COUNT + RECORD_MOVES + pair];
        }
    }
    return piece->site + 1 == w->sites
               ? results_file_write(w->file, "/weekly/moved", start, count, w->moved)
               : 0;
}

int weekly_add(struct results_writer *w, const struct piece *piece)
{
    int status = 0;
    if (piece->site == 0) {
        w->block_start = 0;
    }
    for (size_t week = 0; week < w->weeks; week++) {
        for (size_t c = 0; c < RECORD_MOVES; c++) {
            w->weekly_block[(c * BLOCK_SITES + w->block_count) * w->weeks + week] =
                piece->recorder.weekly[week * RECORD_COUNT + c];
        }
    }
    w->block_count++;
    TRY(add_moved(w, piece));
    if (w->block_count == BLOCK_SITES || piece->site + 1 == w->sites) {
        TRY(write_block(w, piece->scenario, piece->replicate));
    }
    if (piece->recorder.posts > 0) {
        TRY(write_posts(w, piece));
    }
out:
    return status;
}
