/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_VECTOR_H
#define BUYIN_BASE_VECTOR_H

/** Compiles a loop over people for several generations of processors; the bits are the same. */
#ifdef BUYIN_CLONES
#define VECTOR_LOOP __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_LOOP
#endif

enum { VECTOR_ROWS = 16 };

/** Rows [0, n) rounded up to whole vectors, which columns have room for.
 *
 *  A loop over people that runs this far has no remainder, which would cost as much as the rest at the
 *  size of a site; the rows from n on must come out as they went in, or be nobody's business.
 */
static inline int whole_vectors(int n)
{
    return (n + VECTOR_ROWS - 1) & ~(VECTOR_ROWS - 1);
}

#endif
