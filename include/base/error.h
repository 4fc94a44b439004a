/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_ERROR_H
#define BUYIN_BASE_ERROR_H

/** How a failure travels.
 *
 *  A function that can fail returns 0 or one of these negative codes, after
 *  putting one sentence (place, value, rule) into the calling thread's message.
 *  TRY passes a code on to the label `out:` of a function that has `int status`.
 *  Nobody below main.c prints or exits.
 */
enum error_code {
    ERROR_INPUT = -1,  /* the user's input is wrong: exit status 2 */
    ERROR_FILE = -2,   /* a file could not be read or written */
    ERROR_MEMORY = -3, /* memory could not be had */
    ERROR_MODEL = -4,  /* an invariant of the model broke: a defect of ours */
};

/** Sets the calling thread's message (at most 1023 bytes) and returns `code`. */
int error_set(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The calling thread's last message; "" if there was none. */
const char *error_message(void);

#define TRY(call)                                                                                  \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != 0) {                                                                         \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

#define FAIL(code, ...)                                                                            \
    do {                                                                                           \
        status = (code);                                                                           \
        (void)error_set(status, __VA_ARGS__);                                                      \
        goto out;                                                                                  \
    } while (0)

#endif
