/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/site.h"

#include "base/vector.h"
#include "state/snapshots.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_MOVES = 16 }; /* a key, on average */

static int compare_keys(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Insertion, as long as little has to be moved; false: the keys are far from order. */
static bool sort_by_insertion(uint64_t *keys, size_t count)
{
    size_t moves_left = MOST_MOVES * count;
    for (size_t n = 1; n < count; n++) {
        const uint64_t key = keys[n];
        size_t to = n;
        for (; to > 0 && keys[to - 1] > key; to--) {
            keys[to] = keys[to - 1];
        }
        keys[to] = key;
        if (n - to > moves_left) {
            return false;
        }
        moves_left -= n - to;
    }
    return true;
}

void site_sort(uint64_t *keys, size_t count)
{
    if (!sort_by_insertion(keys, count)) {
        qsort(keys, count, sizeof keys[0], compare_keys);
    }
}

/* Most whole vectors of flags are empty: one look for all of them. */
static bool none_flagged(const int32_t *event)
{
    uint64_t any = 0, two;
    for (int l = 0; l < VECTOR_ROWS; l += 2) {
        memcpy(&two, &event[l], sizeof two);
        any |= two;
    }
    return any == 0;
}

size_t site_list_flagged(struct site *site, int any)
{
    const int32_t *event = site->patients.event;
    int32_t *flagged = site->flagged;
    const size_t n = any != 0 ? site->offered : 0;
    size_t count = 0;
    for (size_t first = 0; first < n; first += VECTOR_ROWS) {
        if (none_flagged(&event[first])) { /* columns have room for whole vectors */
            continue;
        }
        const size_t end = first + VECTOR_ROWS < n ? first + VECTOR_ROWS : n;
        for (size_t i = first; i < end; i++) {
            flagged[count] = (int32_t)i;
            count += event[i] != 0;
        }
    }
    return count;
}

void site_join_caseload(struct site *site, size_t i, int post)
{
    struct link_worker *worker = &site->link_workers[post];
    worker->patients[worker->caseload++] = (int32_t)i;
    site->patients.link_worker[i] = post;
}

void site_leave_caseload(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    struct link_worker *worker = &site->link_workers[p->link_worker[i]];
    for (int slot = 0; slot < worker->caseload; slot++) {
        if (worker->patients[slot] == (int32_t)i) {
            worker->patients[slot] = worker->patients[--worker->caseload];
            break;
        }
    }
    p->link_worker[i] = NOBODY;
    p->suggestion[i] = NOTHING;
    p->held[i] = 0;
}

void site_leave_support(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    if (p->support_place[i] != NOTHING) {
        site->services[p->support_place[i]].taken--;
    }
    p->support_place[i] = NOTHING;
    p->support_domain[i] = NOTHING;
    p->support_social[i] = 0.0f;
}

void site_count_try(struct site *site, size_t i, int s)
{
    uint8_t *tries = &site->tries[i * (size_t)site->service_count + (size_t)s];
    if (*tries < UINT8_MAX - 1) {
        (*tries)++;
    }
}

void site_carry(struct site *site, struct parcel *parcel)
{
    struct site s = *site;
    bool has_snapshots = s.snapshots != NULL;
    if (!parcel->is_opening) { /* what stays behind */
        s.patients = (struct patients){0};
        s.coefficients = NULL;
        s.attributes = NULL;
        s.tries = NULL;
        s.link_workers = NULL;
        s.services = NULL;
        s.practices = NULL;
        s.seen = NULL;
        s.seen_before = NULL;
        s.snapshots = NULL;
        s.openings = s.opening_posts = NULL;
        s.order = NULL;
        s.flagged = NULL;
    }
    parcel_carry_sparse(parcel, &s, sizeof s);
    parcel_carry(parcel, &has_snapshots, sizeof has_snapshots);
    if (parcel->is_opening) {
        *site = s;
    }
    patients_carry(&site->patients, parcel);
    const size_t measures = site->patients.count * LAG_COUNT * MEASURE_COUNT;
    site->snapshots = parcel_array(parcel, site->snapshots,
                                   has_snapshots ? measures * sizeof *site->snapshots : 0);
}
