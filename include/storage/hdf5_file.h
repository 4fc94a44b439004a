/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STORAGE_HDF5_FILE_H
#define BUYIN_STORAGE_HDF5_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Results files: HDF5 in the netCDF-4 manner, read with labels by xarray, netCDF, h5py and R.
 *
 *  A file is written to PATH.part and renamed by results_file_commit: a file with the final name is
 *  complete. Same calls, same bytes: no times of day are stored. One thread at a
 *  time, but for results_file_help.
 *  An object is named by its path from the root ("/weekly/week"; the leading '/' may be left out).
 *  Names are letters, digits and underscores and begin with a letter.
 *  units   "day", "week", "1"; never "days" or "hours", which xarray turns into timedelta64
 *  fails   ERROR_INPUT  the path given by the user is no good
 *          ERROR_FILE   HDF5 or the system refused: path, object, innermost reason
 *          ERROR_MEMORY, and ERROR_MODEL when a caller broke a rule written here
 */

#define RESULTS_FORMAT "buyin-results" /* root attribute `format` */
#define RESULTS_FORMAT_VERSION 1       /* root attribute `format_version`: newer ones are refused */
#define RESULTS_RANK_LIMIT 6           /* dimensions of one dataset */
#define RESULTS_DATASET_LIMIT 1024     /* datasets of one file, coordinates included */
#define RESULTS_DIMENSION_LIMIT 256    /* dimensions of one file */
#define RESULTS_DEFLATE_LEVEL 1        /* the usual compression: higher ones only cost time */
#define RESULTS_STREAM_BYTES 65536     /* of a chunk of a stream that leaves its size open */

enum results_type {
    RESULTS_NONE, /* a dimension without coordinates; no dataset */
    RESULTS_FLOAT32,
    RESULTS_FLOAT64,
    RESULTS_INT8,
    RESULTS_UINT8,
    RESULTS_INT16,
    RESULTS_INT32,
    RESULTS_INT64,
    RESULTS_TEXT, /* variable-length UTF-8; in memory `const char *` */
    RESULTS_TYPE_COUNT
};

/** A dimension of one group, known to that group's datasets by its name.
 *
 *  The coordinates are a dataset of the same name, in `type`: RESULTS_INT32 or RESULTS_FLOAT64 and
 *  so on for numbers, RESULTS_TEXT for labels, RESULTS_NONE for none.
 */
struct dimension_description {
    const char *group;
    const char *name;
    const char *units;     /* needed with numbers; labels have none */
    const char *long_name; /* needed with coordinates */
    size_t size;           /* of a growing dimension: at first, mostly 0 */
    bool is_growing;
    enum results_type type;
    const void *values; /* `size` coordinates of `type`; NULL: results_file_write brings them */
};

/** A dataset whose dimensions are those of its own group.
 *
 *  A stream is written once, from the beginning to the end: chunk after chunk in the order of the
 *  file, and each from its first row to its last; values that are left out stay missing. Its chunks
 *  are compressed by whichever threads call results_file_help, and each goes into the file whole.
 *  A chunk of it has extent 1 along the first axes, any along the next one, and the whole of the
 *  others.
 */
struct dataset_description {
    const char *group;
    const char *name;
    const char *units;     /* needed, but for RESULTS_TEXT */
    const char *long_name; /* needed */
    enum results_type type;
    size_t rank; /* 0: one value */
    const char *dimensions[RESULTS_RANK_LIMIT];
    size_t chunk[RESULTS_RANK_LIMIT]; /* 0: the whole extent; if it grows, some 256 KiB */
    const int *flag_values;           /* codes of a categorical dataset, as many as meanings */
    const char *flag_meanings;        /* separated by single spaces; NULL: not categorical */
    bool has_fill;                    /* what was never written reads as `fill`, a missing value */
    double fill;
    int rounded_bits; /* binary digits that the values were rounded to, 0: they were not */
    bool is_stream;   /* does nothing in a file without compression */
};

struct results_file;

/** Begins PATH.part, replacing what an interrupted run left there.
 *
 *  `force` lets an existing file at `path` be replaced, at commit. `deflate_level` 0 (off) to 9.
 *  Writes root attributes format, format_version and complete (0 until commit).
 */
int results_file_create(struct results_file **file, const char *path, bool force,
                        int deflate_level);

/** The same in memory, to be measured and discarded. */
int results_file_create_in_memory(struct results_file **file, int deflate_level);

/** Bytes of the file as far as it was written. */
int results_file_size(struct results_file *file, double *bytes);

/** Bytes of data by what their datasets grow with, and of everything else. */
struct results_sizes {
    double by_row;       /* growing dimensions */
    double by_site;      /* dimensions site or post */
    double by_replicate; /* dimension replicate */
    double fixed;        /* other data */
    double other;        /* descriptions, indices of chunks, texts */
    double row_chunks, site_chunks;
};

/** Measures a file to which nothing will be added: it can only be discarded after it. */
int results_file_measure(struct results_file *file, struct results_sizes *sizes);

/** Completes, syncs and renames the file, and frees `*file`, which becomes NULL.
 *
 *  Datasets on a growing dimension are brought to its size first. After a failure only PATH.part is
 *  left; after any failed call that wrote, commit refuses.
 */
int results_file_commit(struct results_file **file);

/** Closes the file, leaves PATH.part as it is, frees `*file`. Nothing if it is NULL. */
void results_file_discard(struct results_file **file);

/** Creates a group; the parent of "a/b" has to exist. `description` becomes an attribute. */
int results_file_group(struct results_file *file, const char *path, const char *description);

int results_file_dimension(struct results_file *file, const struct dimension_description *);
int results_file_dataset(struct results_file *file, const struct dataset_description *);

/** Writes a block of a dataset or of a dimension's coordinates.
 *
 *  `data` holds the product of `count` values of the dataset's type, last dimension fastest
 *  (RESULTS_TEXT: an array of const char *). NULL for both `start` and `count`: the whole.
 *  A growing dimension grows to start + count.
 */
int results_file_write(struct results_file *file, const char *path, const size_t *start,
                       const size_t *count, const void *data);

/** Compresses a chunk that waits for it; false if there is none. For any thread, at any time between
 *  results_file_create and commit: it neither writes nor fails, what goes wrong is told by the
 *  functions that write.
 */
bool results_file_help(struct results_file *file);

/** Threads that commit may take for what is left to compress, and results_merge_add to unpack and
 *  compress; 1 if it is not told. */
void results_file_threads(struct results_file *file, int threads);

/** Defines a dimension whose coordinates are `count` labels. */
int results_file_labels(struct results_file *file, const char *group, const char *name,
                        const char *long_name, size_t count, const char *const *labels);

/** Defines and writes a text for every position of a dimension of the group. */
int results_file_texts(struct results_file *file, const char *group, const char *name,
                       const char *long_name, const char *dimension, const char *const *texts);

/** Sets the size of a growing dimension (never less than it is), its scale and its datasets. */
int results_file_grow(struct results_file *file, const char *group, const char *dimension,
                      size_t size);

/** Attributes of a group or dataset; each name once. Texts up to 60 000 bytes. */
int results_file_text(struct results_file *file, const char *path, const char *name,
                      const char *text);
int results_file_integer(struct results_file *file, const char *path, const char *name,
                         int64_t value);
int results_file_number(struct results_file *file, const char *path, const char *name,
                        double value);

/** Writes a text of any length as a dataset without dimensions. */
int results_file_document(struct results_file *file, const char *group, const char *name,
                          const char *long_name, const char *text);

struct results_reader;

/** Opens a complete results file for reading; a sentence of ERROR_INPUT tells what else it is. */
int results_reader_open(struct results_reader **reader, const char *path);

/** The same for part `number` of `count` of a file: root attributes part and parts. */
int results_reader_open_part(struct results_reader **reader, const char *path, size_t *number,
                             size_t *count);
void results_reader_close(struct results_reader **reader);

/** Whether a group or dataset is there. */
bool results_reader_has(struct results_reader *reader, const char *path);

/** Attributes of a group or dataset. The caller frees `*text`. */
int results_reader_read_text(struct results_reader *reader, const char *path, const char *name,
                             char **text);
int results_reader_read_integer(struct results_reader *reader, const char *path, const char *name,
                                int64_t *value);
int results_reader_read_number(struct results_reader *reader, const char *path, const char *name,
                               double *value);

/** Reads what results_file_document wrote. The caller frees `*text`. */
int results_reader_read_document(struct results_reader *reader, const char *path, char **text);

int results_reader_read_shape(struct results_reader *reader, const char *path, size_t *rank,
                              size_t shape[RESULTS_RANK_LIMIT]);

/** Reads a numeric dataset; missing values become NAN. The caller frees `*values`. */
int results_reader_read_values(struct results_reader *reader, const char *path, size_t *rank,
                               size_t shape[RESULTS_RANK_LIMIT], double **values);

/** Reads a block of a numeric dataset into the caller's `values`; missing values become NAN. */
int results_reader_read_block(struct results_reader *reader, const char *path, const size_t *start,
                              const size_t *count, double *values);

/** Reads a text dataset of rank 1. The caller frees `*labels`, one block with all the texts. */
int results_reader_read_labels(struct results_reader *reader, const char *path, size_t *count,
                               char ***labels);

#endif
