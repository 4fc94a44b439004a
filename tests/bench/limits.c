/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this machine can do: memory, random blocks, exponentials, compressing, writing
 *
 * The engine's figures are set against these, taken in the same rounds. The loops are compiled like
 * the engine's kernels and are as simple as what is measured allows: no more is to be had from it.
 */
#include "base/error.h"
#include "base/numeric.h"
#include "base/random.h"
#include "base/threefry.h"
#include "base/vector.h"
#include "bench/measure.h"
#include "run/piece.h"
#include "storage/hdf5_file.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    IN_CACHE = 4096,        /* floats: four such arrays fit the first cache or nearly so */
    CACHED_TURNS = 2000,    /* over them */
    CHUNK = 1 << 17,        /* bytes compressed at once */
    AT_ONCE = 1 << 20,      /* bytes written at once */
    WRITTEN = 256 << 20,    /* bytes written */
    MOST_DEFLATED = 8 << 20 /* bytes compressed in a repetition */
};

static float cached[4][IN_CACHE] __attribute__((aligned(64)));
#pragma omp threadprivate(cached)

/* Three arrays of the memory tests; larger together than the last cache. */
static struct {
    double *a, *b, *c;
    size_t count;
} arrays;

VECTOR_LOOP
static void triad(double *restrict a, const double *restrict b, const double *restrict c, long n)
{
#pragma omp simd
    for (long i = 0; i < n; i++) {
        a[i] = b[i] + 3.0 * c[i];
    }
}

VECTOR_LOOP
static void update(float *restrict a, long n)
{
#pragma omp simd
    for (long i = 0; i < n; i++) {
        a[i] += 0.01f * (0.5f - a[i]);
    }
}

VECTOR_LOOP
static void make_blocks(float *restrict u0, float *restrict u1, float *restrict u2,
                        float *restrict u3, uint32_t week)
{
#pragma omp simd
    for (int i = 0; i < IN_CACHE; i++) {
        const struct threefry_words words = threefry((uint32_t)i, week, 20, 0, 1, 2, 3, 0);
        u0[i] = random_unit(words.a);
        u1[i] = random_unit(words.b);
        u2[i] = random_unit(words.c);
        u3[i] = random_unit(words.d);
    }
}

VECTOR_LOOP
static void take_exponentials(float *restrict y, const float *restrict x)
{
#pragma omp simd
    for (int i = 0; i < IN_CACHE; i++) {
        y[i] = exponential(x[i]);
    }
}

static int run_triad(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    const long n = (long)arrays.count;
#pragma omp parallel for num_threads(self->threads) schedule(static)
    for (long part = 0; part < 256; part++) {
        const long from = part * n / 256, to = (part + 1) * n / 256;
        triad(arrays.a + from, arrays.b + from, arrays.c + from, to - from);
    }
    self->work = 3.0 * sizeof(double) * (double)n;
    return 0;
}

static int run_update(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    const long n = 2 * (long)arrays.count;
    float *a = (float *)arrays.a;
#pragma omp parallel for num_threads(self->threads) schedule(static)
    for (long part = 0; part < 256; part++) {
        const long from = part * n / 256, to = (part + 1) * n / 256;
        update(a + from, to - from);
    }
    self->work = 2.0 * sizeof(float) * (double)n;
    return 0;
}

static int run_update_in_cache(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    for (int turn = 0; turn < CACHED_TURNS; turn++) {
        update(cached[turn % 4], IN_CACHE);
    }
    self->work = 2.0 * sizeof(float) * IN_CACHE * CACHED_TURNS;
    return 0;
}

static int run_blocks(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    for (int turn = 0; turn < CACHED_TURNS; turn++) {
        make_blocks(cached[0], cached[1], cached[2], cached[3], (uint32_t)turn);
    }
    self->work = (double)IN_CACHE * CACHED_TURNS;
    return 0;
}

/* On each of `threads` threads: also the probe of how many cores are free. */
static int run_exponentials(struct bench *bench, struct bench_case *self)
{
    (void)bench;
#pragma omp parallel num_threads(self->threads)
    {
        for (int i = 0; i < IN_CACHE; i++) {
            cached[0][i] = (float)(i - IN_CACHE / 2) * 0.01f;
        }
        for (int turn = 0; turn < self->number; turn++) {
            take_exponentials(cached[1 + turn % 2], cached[0]);
        }
    }
    self->work = (double)IN_CACHE * self->number * self->threads;
    return 0;
}

/* Weekly states, and what they are compressed with: shuffled, so that like bytes stand together. */
struct shuffled {
    size_t bytes;
    unsigned char data[MOST_DEFLATED];
    unsigned char chunk[CHUNK];
    unsigned char packed[2 * CHUNK];
    struct libdeflate_compressor *compressor;
};

static int fill_shuffled(struct shuffled *s)
{
    int status = 0;
    const char *settings[] = {"run.record=trajectories", "run.trajectory_fields=states",
                              "run.counterfactual=no", "site.number=1"};
    struct configuration configuration = {0};
    struct piece piece = {0};
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    if (coefficients == NULL) {
        FAIL(ERROR_MEMORY, "no memory for coefficients");
    }
    TRY(configuration_read(&configuration, NULL, settings, 4));
    coefficients_compute(coefficients, &configuration.parameters);
    TRY(piece_init(&piece));
    TRY(piece_run(&piece, &configuration, coefficients, GROUP_ALL, false));
    const size_t floats = (TRAJECTORY_COUNT - piece.first_kept) * piece.followed_count *
                          (size_t)configuration.parameters.run.weeks;
    const size_t most =
        floats * sizeof(float) < MOST_DEFLATED ? floats * sizeof(float) : MOST_DEFLATED;
    s->bytes = most / CHUNK * CHUNK;
    const unsigned char *from = (const unsigned char *)piece.trajectories;
    memcpy(s->data, from, s->bytes);
    s->compressor = libdeflate_alloc_compressor(RESULTS_DEFLATE_LEVEL);
    if (s->compressor == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a compressor");
    }
out:
    piece_free(&piece);
    configuration_free(&configuration);
    free(coefficients);
    return status;
}

/* All first bytes of the values, then all second ones and so on. */
VECTOR_LOOP
static void shuffle(unsigned char *restrict to, const unsigned char *restrict from)
{
    for (int byte = 0; byte < 4; byte++) {
        for (long i = 0; i < CHUNK / 4; i++) {
            to[byte * (CHUNK / 4) + i] = from[4 * i + byte];
        }
    }
}

static int run_deflate(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    struct shuffled *s = self->context;
    int status = 0;
    self->work = self->more_work = 0.0;
    for (size_t at = 0; at < s->bytes; at += CHUNK) {
        shuffle(s->chunk, s->data + at);
        const size_t packed =
            libdeflate_zlib_compress(s->compressor, s->chunk, CHUNK, s->packed, sizeof s->packed);
        if (packed == 0) {
            FAIL(ERROR_MODEL, "libdeflate could not compress");
        }
        self->work += CHUNK;
        self->more_work += (double)packed;
    }
out:
    return status;
}

static int run_write(struct bench *bench, struct bench_case *self)
{
    int status = 0;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/written", bench->folder);
    const int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    const size_t bytes = bench->quick ? WRITTEN / 8 : WRITTEN;
    bool good = file >= 0;
    for (size_t done = 0; good && done < bytes; done += AT_ONCE) {
        good = write(file, (const char *)arrays.b + done, AT_ONCE) == AT_ONCE;
    }
    good = good && fdatasync(file) == 0;
    if (file >= 0) {
        (void)close(file);
        (void)unlink(path);
    }
    if (!good) {
        FAIL(ERROR_FILE, "%s: could not be written", path);
    }
    self->work = (double)bytes;
out:
    return status;
}

static int make_arrays(const struct bench *bench)
{
    const long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
    size_t bytes = (size_t)(cache > 0 ? cache : 0);
    bytes = bytes < (64U << 20) ? 64U << 20 : bytes > (512U << 20) ? 512U << 20 : bytes;
    arrays.count = (bench->quick ? (size_t)(64U << 20) : bytes) / sizeof(double);
    double **all[] = {&arrays.a, &arrays.b, &arrays.c};
    for (int i = 0; i < 3; i++) {
        if (*all[i] == NULL) {
            *all[i] = aligned_alloc(2U << 20, (arrays.count * sizeof(double) + (2U << 20) - 1) &
                                                  ~(size_t)((2U << 20) - 1));
        }
        if (*all[i] == NULL) {
            return error_set(ERROR_MEMORY, "no memory for three arrays of %zu numbers",
                             arrays.count);
        }
        (void)madvise(*all[i], arrays.count * sizeof(double), MADV_HUGEPAGE);
        memset(*all[i], 0, arrays.count * sizeof(double));
    }
    return 0;
}

static int add(struct bench *bench)
{
    int status = 0;
    struct shuffled *shuffled = calloc(1, sizeof *shuffled);
    if (shuffled == NULL) {
        return error_set(ERROR_MEMORY, "no memory for what is compressed");
    }
    struct bench_case *deflate = bench_add(bench, run_deflate, shuffled, "limit.deflate");
    TRY(make_arrays(bench));
    TRY(fill_shuffled(deflate->context));
    (void)bench_add(bench, run_triad, NULL, "limit.triad");
    bench_add(bench, run_triad, NULL, "limit.triad_all")->threads = bench->threads;
    (void)bench_add(bench, run_update, NULL, "limit.update");
    (void)bench_add(bench, run_update_in_cache, NULL, "limit.update_cached");
    (void)bench_add(bench, run_blocks, NULL, "limit.threefry");
    bench_add(bench, run_exponentials, NULL, "limit.exponential")->number = CACHED_TURNS;
    bench_add(bench, run_write, NULL, "limit.write")->threads = 0; /* by the wall clock */
    for (int threads = 1; threads <= bench->threads; threads++) {
        struct bench_case *probe = bench_add(bench, run_exponentials, NULL, "probe.%d", threads);
        probe->threads = threads;
        probe->number = 20 * CACHED_TURNS;
    }
out:
    return status;
}

static void report_rate(struct bench *bench, const char *name, const char *unit, double scale,
                        const char *meaning)
{
    const struct bench_case *c = bench_find(bench, "%s", name);
    (void)figure_rate(bench, name, unit, scale, c, c->work, meaning);
}

static void report(struct bench *bench)
{
    report_rate(bench, "limit.triad", "GB/s", 1e-9,
                "STREAM triad in memory, one thread: 24 bytes a number");
    if (bench->threads > 1) {
        report_rate(bench, "limit.triad_all", "GB/s", 1e-9, "the same on all threads");
    }
    report_rate(bench, "limit.update", "GB/s", 1e-9,
                "numbers updated in place in memory, one thread: read and written");
    report_rate(bench, "limit.update_cached", "GB/s", 1e-9, "the same in cache");
    report_rate(bench, "limit.threefry", "M blocks/s", 1e-6,
                "Threefry4x32-20 in vectors, made into four uniforms, one thread");
    report_rate(bench, "limit.exponential", "M/s", 1e-6,
                "the engine's own exponential in vectors, one thread");
    report_rate(
        bench, "limit.deflate", "MB/s", 1e-6,
        "weekly states, rounded as in results files, shuffled and compressed alike, one thread");
    report_rate(bench, "limit.write", "MB/s", 1e-6,
                "a file written in pieces of 1 MiB and synchronised with the disk");
}

const struct bench_part part_limits = {"limits", "what the machine can do; always run", add,
                                       report};
