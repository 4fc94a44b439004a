/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/site.h"

#include "base/vector.h"
#include "state/snapshots.h"

#include <string.h>
#if defined(BUYIN_CLONES)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* By a digit of the upper half above `least`; keys that share it stay in their order. */
static void sort_by_digit(uint64_t *to, const uint64_t *from, size_t count, uint64_t least,
                          unsigned shift, size_t digits)
{
    size_t starts[DIGITS + 1];
    memset(starts, 0, (digits + 1) * sizeof *starts);
    for (size_t n = 0; n < count; n++) {
        starts[((((from[n] >> 32) - least) >> shift) & (DIGITS - 1)) + 1]++;
    }
    for (size_t digit = 1; digit < digits; digit++) {
        starts[digit] += starts[digit - 1];
    }
    for (size_t n = 0; n < count; n++) { /* a start moves on to where the next one goes */
        to[starts[(((from[n] >> 32) - least) >> shift) & (DIGITS - 1)]++] = from[n];
    }
}

/* Weeks lie close together: one pass is enough. */
void site_sort(uint64_t *keys, uint64_t *spare, size_t count)
{
    uint64_t least = UINT32_MAX, most = 0, *from = keys, *to = spare;
    for (size_t n = 0; n < count; n++) {
        const uint64_t upper = keys[n] >> 32;
        least = upper < least ? upper : least;
        most = upper > most ? upper : most;
    }
    for (unsigned shift = 0; count > 1 && shift < 32 && (most - least) >> shift != 0;
         shift += DIGIT_BITS) {
        const uint64_t span = (most - least) >> shift;
        uint64_t *const sorted = to;
        sort_by_digit(sorted, from, count, least, shift,
                      span < DIGITS ? (size_t)span + 1 : (size_t)DIGITS);
        to = from;
        from = sorted;
    }
    if (from != keys) {
        memcpy(keys, from, count * sizeof *keys);
    }
}

/* Bit l: row l of a vector is flagged. */
static unsigned flags_of(const int32_t *event)
{
#ifdef __SSE2__
    const __m128i zero = _mm_setzero_si128();
    __m128i none[4];
    for (int part = 0; part < 4; part++) {
        const __m128i *four = (const __m128i *)(const void *)&event[4 * part];
        none[part] = _mm_cmpeq_epi32(_mm_loadu_si128(four), zero);
    }
    const __m128i low = _mm_packs_epi32(none[0], none[1]), high = _mm_packs_epi32(none[2], none[3]);
    return ~(unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high)) & 0xffffU;
#else
    unsigned flags = 0;
    for (unsigned l = 0; l < VECTOR_ROWS; l++) {
        flags |= (unsigned)(event[l] != 0) << l;
    }
    return flags;
#endif
}

#ifdef BUYIN_CLONES
/* A vector at a time: the rows of its flags are pressed together at the end of the list, which has room
 * for a whole vector more. */
__attribute__((target("avx512f,popcnt"))) static size_t list_by_vectors(const int32_t *event,
                                                                        size_t n, int32_t *flagged)
{
    const __m512i step = _mm512_set1_epi32(VECTOR_ROWS);
    __m512i rows = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t count = 0;
    for (size_t first = 0; first < n; first += VECTOR_ROWS) {
        const __m512i flags = _mm512_loadu_si512(&event[first]);
        const __mmask16 set = _mm512_test_epi32_mask(flags, flags);
        _mm512_storeu_si512(&flagged[count], _mm512_maskz_compress_epi32(set, rows));
        count += (size_t)__builtin_popcount(set);
        rows = _mm512_add_epi32(rows, step);
    }
    return count;
}
#endif

static size_t list_by_rows(const int32_t *event, size_t n, int32_t *flagged)
{
    size_t count = 0;
    for (size_t first = 0; first < n; first += VECTOR_ROWS) {
        for (unsigned left = flags_of(&event[first]); left != 0; left &= left - 1) {
            flagged[count++] = (int32_t)first + __builtin_ctz(left);
        }
    }
    return count;
}

size_t site_list_flagged(struct site *site, int any)
{
    const size_t n = any != 0 ? site->offered : 0; /* none is flagged in the rest of the vector */
#ifdef BUYIN_CLONES
    if (__builtin_cpu_supports("avx512f")) {
        return list_by_vectors(site->patients.event, n, site->flagged);
    }
#endif
    return list_by_rows(site->patients.event, n, site->flagged);
}

void site_join_caseload(struct site *site, size_t i, int post)
{
    struct link_worker *worker = &site->link_workers[post];
    worker->patients[worker->caseload++] = (int32_t)i;
    site->patients.link_worker[i] = post;
}

/* From the week after the episode began. */
static void count_caseload_weeks(struct site *site, size_t i)
{
    site->patients.caseload_weeks[i] += site->week - site->patients.takeup_week[i];
}

void site_complete_caseloads(struct site *site)
{
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        for (int slot = 0; slot < worker->caseload; slot++) {
            count_caseload_weeks(site, (size_t)worker->patients[slot]);
        }
    }
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
    count_caseload_weeks(site, i);
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
    if (!parcel->is_opening) {
        snapshots_compact(site);
    }
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
        s.seen_number = NULL;
        s.snapshots = NULL;
        s.openings = s.opening_posts = NULL;
        s.order = s.order_spare = NULL;
        s.flagged = NULL;
        s.partings = (struct partings){0};
    }
    parcel_carry_sparse(parcel, &s, sizeof s);
    parcel_carry(parcel, &has_snapshots, sizeof has_snapshots);
    if (parcel->is_opening) {
        *site = s;
    }
    patients_carry(&site->patients, parcel);
    site->seen_number =
        parcel_array(parcel, site->seen_number,
                     has_snapshots ? site->patients.count * sizeof *site->seen_number : 0);
    const size_t measures = site->seen_count * LAG_COUNT * MEASURE_COUNT;
    site->snapshots = parcel_array(parcel, site->snapshots,
                                   has_snapshots ? measures * sizeof *site->snapshots : 0);
}
