/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/partings.h"

#include "base/error.h"

int partings_init(struct partings *partings, struct arena *arena, size_t count)
{
    *partings =
        (struct partings){.list = arena_take_raw(arena, (count + 1) * sizeof(struct parting))};
    return partings->list != NULL ? 0 : error_set(ERROR_MEMORY, "no memory for a paired run");
}

void parting_note(struct partings *partings, const struct patients *p, size_t i, int week)
{
    if (partings->list == NULL) {
        return;
    }
    struct parting *parting = &partings->list[partings->count++];
    parting->row = (int32_t)i;
    parting->week = week;
    parting->status_week = p->status_week[i];
    parting->contact_week = p->contact_week[i];
    parting->consultations = p->consultations[i];
    parting->consultations_from_offer = p->consultations_from_offer[i];
    parting->wellbeing_sum = p->wellbeing_sum[i];
    parting->wellbeing_discounted = p->wellbeing_discounted[i];
    patients_take(p, i, &parting->person);
}

void parting_resume(const struct parting *parting, struct patients *p, size_t to)
{
    patients_put(p, to, &parting->person);
    p->status_week[to] = parting->status_week;
    p->contact_week[to] = parting->contact_week;
    p->consultations[to] = parting->consultations;
    p->consultations_from_offer[to] = parting->consultations_from_offer;
    p->consultations_from_session[to] = 0;
    p->wellbeing_sum[to] = parting->wellbeing_sum;
    p->wellbeing_discounted[to] = parting->wellbeing_discounted;
}
