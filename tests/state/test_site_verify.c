/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "site_fixture.h"

/* A lawful site: 0 engaged with a suggestion, 1 connected, 2 waiting, 3 with support of her own. */
static void lawful(struct fixture *f)
{
    fixture_start(f);
    fixture_build(f, 5, 2);
    struct patients *p = &f->site.patients;
    const int s = fixture_add_service(f, NEED_SOCIAL, FORMAT_GROUP, 2);
    fixture_engage(f, 0, 0);
    p->suggestion[0] = s;
    fixture_engage(f, 1, 1);
    p->status[1] = STATUS_CONNECTED;
    p->support_domain[1] = NEED_SOCIAL;
    p->support_place[1] = s;
    f->site.services[s].taken = 1;
    fixture_wait(f, 2, FIXTURE_WEEK);
    p->support_domain[3] = NEED_MENTAL;
    f->site.link_workers[0].minutes = 100.0;
    f->site.link_workers[0].given = 90.0;
    f->site.link_workers[0].unused = 20.0;
    f->site.link_workers[0].accompanying = 30.0;
    fixture_verify(f);
}

typedef void (*breach)(struct site *site);

static void trust_above_one(struct site *site)
{
    site->patients.trust[4] = 1.0001f;
}

static void uncertainty_not_a_number(struct site *site)
{
    site->patients.uncertainty[2] = NAN;
}

static void enjoyment_below_zero(struct site *site)
{
    site->patients.enjoyment[0] = -1e-6f;
}

static void need_above_one(struct site *site)
{
    site->patients.need[NEED_FINANCIAL][0] = 1.5f;
}

static void barrier_below_zero(struct site *site)
{
    site->patients.barrier[BARRIER_HEALTH][3] = -0.1f;
}

static void still_latent(struct site *site)
{
    site->patients.status[4] = STATUS_LATENT;
}

static void status_unknown(struct site *site)
{
    site->patients.status[4] = STATUS_COUNT;
}

static void engaged_with_nobody(struct site *site)
{
    site->patients.status[4] = STATUS_ENGAGED;
}

static void closed_but_named(struct site *site)
{
    site->patients.status[0] = STATUS_CLOSED;
}

static void suggestion_while_connected(struct site *site)
{
    site->patients.suggestion[1] = 0;
}

static void place_without_support(struct site *site)
{
    site->patients.support_domain[1] = NOTHING;
}

static void connected_to_nothing(struct site *site)
{
    site->patients.support_domain[1] = NOTHING;
    site->patients.support_place[1] = NOTHING;
    site->services[0].taken = 0;
}

static void caseload_too_large(struct site *site)
{
    site->link_workers[1].patients[1] = 1;
    site->link_workers[1].caseload = 2;
}

static void lists_swapped(struct site *site)
{
    site->link_workers[0].patients[0] = 1;
}

static void too_many_minutes(struct site *site)
{
    site->link_workers[0].given = 90.1;
}

static void burnt_out_beyond(struct site *site)
{
    site->link_workers[1].burnout = 1.01f;
}

static void negative_spare(struct site *site)
{
    site->link_workers[0].spare = -1.0;
}

static void negative_community(struct site *site)
{
    site->link_workers[0].community = -1.0;
}

static void place_lost(struct site *site)
{
    site->services[0].taken = 0;
}

static void overbooked(struct site *site)
{
    site->services[0].places = 0;
}

static const struct {
    breach break_law;
    const char *sentence;
} breaches[] = {
    {trust_above_one, "row 4: a state lies outside [0, 1]"},
    {uncertainty_not_a_number, "row 2: a state lies outside [0, 1]"},
    {enjoyment_below_zero, "row 0: a state lies outside [0, 1]"},
    {need_above_one, "row 0: a need lies outside [0, 1]"},
    {barrier_below_zero, "row 3: a barrier lies outside [0, 1]"},
    {still_latent, "row 4: after the first offer the status is none of the seven"},
    {status_unknown, "row 4: after the first offer the status is none of the seven"},
    {engaged_with_nobody, "row 4: status and caseload disagree"},
    {closed_but_named, "row 0: status and caseload disagree"},
    {suggestion_while_connected, "row 1: an open suggestion outside engaged and tapering"},
    {place_without_support, "row 1: a place is taken without support"},
    {connected_to_nothing, "row 1: connected without support"},
    {caseload_too_large, "row 1: a caseload differs from the patients who name its post"},
    {lists_swapped, "row 0: a caseload lists a patient of another post"},
    {too_many_minutes, "row 0: more minutes were used than there were"},
    {burnt_out_beyond, "row 1: burnout outside [0, 1] or negative minutes left"},
    {negative_spare, "row 0: burnout outside [0, 1] or negative minutes left"},
    {negative_community, "row 0: burnout outside [0, 1] or negative minutes left"},
    {place_lost, "row 0: places taken differ from the patients using them"},
    {overbooked, "row 0: more places are taken than there are"},
};

static void every_broken_law_is_named(void **state)
{
    (void)state;
    for (size_t b = 0; b < sizeof breaches / sizeof breaches[0]; b++) {
        struct fixture f;
        char expected[256];
        lawful(&f);
        f.site.key.site = 3;
        f.site.key.replicate = 2;
        breaches[b].break_law(&f.site);
        assert_int_equal(site_verify(&f.site), ERROR_MODEL);
        (void)snprintf(expected, sizeof expected, "site 3, replicate 2, week %d, %s", FIXTURE_WEEK,
                       breaches[b].sentence);
        assert_string_equal(error_message(), expected);
        fixture_end(&f);
    }
}

/* Each of the eleven states, whichever it is. */
static void every_state_is_watched(void **state)
{
    (void)state;
    struct fixture f;
    lawful(&f);
    struct patients *p = &f.site.patients;
    float *const states[] = {p->trust,     p->hope,      p->stress,     p->confidence,
                             p->isolation, p->clarity,   p->motivation, p->coping,
                             p->ties,      p->enjoyment, p->uncertainty};
    for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
        const float before = states[s][1];
        states[s][1] = -0.01f;
        assert_int_equal(site_verify(&f.site), ERROR_MODEL);
        states[s][1] = before;
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        const float before = p->barrier[k][1];
        p->barrier[k][1] = 1.01f;
        assert_int_equal(site_verify(&f.site), ERROR_MODEL);
        p->barrier[k][1] = before;
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        const float before = p->need[d][1];
        p->need[d][1] = 1.01f;
        assert_int_equal(site_verify(&f.site), ERROR_MODEL);
        p->need[d][1] = before;
    }
    fixture_verify(&f);
    fixture_end(&f);
}

/* Rows that come later are nobody's yet. */
static void rows_before_their_offer_are_not_looked_at(void **state)
{
    (void)state;
    struct fixture f;
    lawful(&f);
    f.site.offered = 4;
    f.site.patients.trust[4] = 7.0f;
    f.site.patients.status[4] = STATUS_LATENT;
    fixture_verify(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_broken_law_is_named),
        cmocka_unit_test(every_state_is_watched),
        cmocka_unit_test(rows_before_their_offer_are_not_looked_at),
    };
    return cmocka_run_group_tests_name("site_verify", tests, NULL, NULL);
}
