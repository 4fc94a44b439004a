/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_VECTOR_H
#define BUYIN_BASE_VECTOR_H

/** Compiles a loop over people for several generations of processors; the bits are the same. */
#ifdef BUYIN_CLONES
#define VECTOR_LOOP __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_LOOP
#endif

#endif
