/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crew_private.h"

#include "base/error.h"
#include "base/version.h"

#include <stdio.h>
#include <string.h>

int message_receive(const struct crew *crew, struct parcel *parcel, bool *is_there, int *from,
                    uint32_t *message)
{
    int status = 0;
    size_t length = 0;
    *is_there = crew->look(from, &length);
    if (!*is_there) {
        return 0;
    }
    TRY(parcel_receive(parcel, length));
    TRY(crew->take(*from, parcel->bytes, length));
    parcel_open(parcel);
    parcel_carry(parcel, message, sizeof *message);
out:
    return status;
}

int message_wait(const struct crew *crew, struct parcel *parcel, int *from, uint32_t *message)
{
    for (;;) {
        bool is_there = false;
        const int status = message_receive(crew, parcel, &is_there, from, message);
        if (status != 0 || is_there) {
            return status;
        }
        rest_a_moment();
    }
}

void message_begin(struct parcel *parcel, enum message message)
{
    uint32_t number = message;
    parcel_pack(parcel);
    parcel_carry(parcel, &number, sizeof number);
}

/* A parcel's memory reaches to the end of its last line. */
int message_post(const struct crew *crew, int to, struct parcel *parcel)
{
    const int status = parcel_check(parcel);
    const size_t length = (parcel->length + PARCEL_LINE - 1) / PARCEL_LINE * PARCEL_LINE;
    if (status != 0) {
        return status;
    }
    memset(parcel->bytes + parcel->length, 0, length - parcel->length);
    return crew->post(to, parcel->bytes, length);
}

int message_post_number(const struct crew *crew, int to, struct parcel *parcel,
                        enum message message, size_t number)
{
    message_begin(parcel, message);
    parcel_carry(parcel, &number, sizeof number);
    return message_post(crew, to, parcel);
}

void message_version(char version[MESSAGE_SIZE])
{
    memset(version, 0, MESSAGE_SIZE);
    (void)snprintf(version, MESSAGE_SIZE, "%s (%s)", BUYIN_VERSION, BUYIN_COMMIT);
}
