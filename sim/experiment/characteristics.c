/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/characteristics.h"

static bool everyone(const struct person *person)
{
    (void)person;
    return true;
}

static bool is_woman(const struct person *person)
{
    return person->female != 0;
}

static bool is_man(const struct person *person)
{
    return person->female == 0;
}

static bool is_deprived(const struct person *person)
{
    return person->quintile <= 2;
}

static bool is_affluent(const struct person *person)
{
    return person->quintile >= 4;
}

#define HAS_BARRIER(name, barrier)                                                                 \
    static bool name(const struct person *person)                                                  \
    {                                                                                              \
        return (person->barriers >> (barrier)&1u) != 0;                                            \
    }
HAS_BARRIER(is_carer, BARRIER_CARING)
HAS_BARRIER(has_language_barrier, BARRIER_LANGUAGE)
HAS_BARRIER(has_transport_barrier, BARRIER_TRANSPORT)
HAS_BARRIER(has_housing_barrier, BARRIER_HOUSING)
HAS_BARRIER(has_health_barrier, BARRIER_HEALTH)

const struct characteristic_row characteristics[CHARACTERISTIC_COUNT] = {
    [EVERYONE_THERE_IS] = {"everyone", "everyone", everyone},
    [IS_WOMAN] = {"woman", "women", is_woman},
    [IS_MAN] = {"man", "men", is_man},
    [IS_DEPRIVED] = {"quintiles_1_2", "quintiles 1-2", is_deprived},
    [IS_AFFLUENT] = {"quintiles_4_5", "quintiles 4-5", is_affluent},
    [IS_CARER] = {"carer", "carers", is_carer},
    [LACKS_ENGLISH] = {"language", "little English", has_language_barrier},
    [LACKS_TRANSPORT] = {"transport", "poor transport", has_transport_barrier},
    [LACKS_HOUSING] = {"housing", "poor housing", has_housing_barrier},
    [LACKS_HEALTH] = {"health", "poor health", has_health_barrier},
};

static bool are(enum characteristic a, enum characteristic b, enum characteristic one,
                enum characteristic other)
{
    return (a == one && b == other) || (a == other && b == one);
}

bool characteristics_may_meet(enum characteristic a, enum characteristic b)
{
    return a != b && !are(a, b, IS_WOMAN, IS_MAN) && !are(a, b, IS_DEPRIVED, IS_AFFLUENT);
}

bool person_took_up(const struct person *person)
{
    return person->pathway != PATHWAY_DECLINED && person->pathway != PATHWAY_WAITING;
}
