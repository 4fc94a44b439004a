/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site_fixture.h"

static void joining_and_leaving_a_caseload(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 5, 2);
    struct site *site = &f.site;
    for (size_t i = 0; i < 4; i++) {
        site_join_caseload(site, i, 1);
        site->patients.status[i] = STATUS_ENGAGED;
        site->patients.takeup_week[i] = FIXTURE_WEEK - 7 - (int)i;
    }
    site->patients.caseload_weeks[1] = 100; /* of an earlier episode */
    assert_int_equal(site->link_workers[1].caseload, 4);
    assert_int_equal(site->link_workers[0].caseload, 0);
    site->patients.suggestion[1] = 0;
    site->patients.held[1] = 1;
    site_leave_caseload(site, 1);
    site->patients.status[1] = STATUS_DISENGAGED;
    assert_int_equal(site->link_workers[1].caseload, 3);
    assert_int_equal(site->patients.link_worker[1], NOBODY);
    assert_int_equal(site->patients.suggestion[1], NOTHING);
    assert_int_equal(site->patients.held[1], 0);
    fixture_verify(&f);
    site_leave_caseload(site, 3); /* the last of the list */
    site->patients.status[3] = STATUS_CLOSED;
    assert_int_equal(site->link_workers[1].caseload, 2);
    fixture_verify(&f);
    site_complete_caseloads(site);
    const int weeks[] = {7, 100 + 8, 9, 10, 0};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(site->patients.caseload_weeks[i], weeks[i]);
    }
    fixture_end(&f);
}

static void leaving_support_frees_the_place(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 2, 0);
    struct site *site = &f.site;
    const int s = fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 3);
    site->services[s].taken = 2;
    site->patients.support_place[0] = s;
    site->patients.support_domain[0] = NEED_SOCIAL;
    site->patients.support_social[0] = 1.0f;
    site_leave_support(site, 0);
    assert_int_equal(site->services[s].taken, 1);
    assert_int_equal(site->patients.support_place[0], NOTHING);
    assert_int_equal(site->patients.support_domain[0], NOTHING);
    assert_true(site->patients.support_social[0] == 0.0f);
    site->patients.support_domain[1] = NEED_MENTAL; /* found on her own: no place */
    site_leave_support(site, 1);
    assert_int_equal(site->services[s].taken, 1);
    assert_int_equal(site->patients.support_domain[1], NOTHING);
    fixture_end(&f);
}

static void tries_are_counted_by_patient_and_service(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 0);
    for (int n = 0; n < 4; n++) {
        (void)fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 3);
    }
    site_count_try(&f.site, 2, 1);
    site_count_try(&f.site, 2, 1);
    site_count_try(&f.site, 0, 3);
    for (size_t i = 0; i < 3; i++) {
        for (size_t s = 0; s < 4; s++) {
            const int expected = i == 2 && s == 1 ? 2 : i == 0 && s == 3 ? 1 : 0;
            assert_int_equal(f.site.tries[4 * i + s], expected);
        }
    }
    for (int n = 0; n < 1000; n++) { /* never back to 0, and never what no service has */
        const int before = f.site.tries[9];
        site_count_try(&f.site, 2, 1);
        assert_true(f.site.tries[9] >= before && f.site.tries[9] < UINT8_MAX);
    }
    fixture_end(&f);
}

static void a_status_carries_its_week(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    site_set_status(&f.site, 0, STATUS_WAITING);
    assert_int_equal(f.site.patients.status[0], STATUS_WAITING);
    assert_int_equal(f.site.patients.status_week[0], FIXTURE_WEEK);
    for (int status = 0; status < STATUS_COUNT; status++) {
        const bool on =
            status == STATUS_ENGAGED || status == STATUS_CONNECTED || status == STATUS_TAPERING;
        assert_int_equal(status_is_on_caseload(status), on);
    }
    fixture_end(&f);
}

static void keys_are_sorted_however_many(void **state)
{
    (void)state;
    uint64_t keys[300], spare[300], seed = 99;
    for (size_t count = 0; count <= 300; count += count < 4 ? 1 : 37) {
        uint64_t sum = 0;
        for (size_t n = 0; n < count; n++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            keys[n] =
                (seed >> (count % 2 == 0 ? 61 : 33) << 32) | n; /* weeks or severities, rows */
            sum += keys[n];
        }
        site_sort(keys, spare, count);
        for (size_t n = 0; n < count; n++) {
            assert_true(n == 0 || keys[n - 1] <= keys[n]);
            sum -= keys[n];
        }
        assert_int_equal(sum, 0);
    }
}

static void flagged_rows_are_all_found(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 100, 0);
    const struct patients *p = &f.site.patients;
    for (size_t count = 0; count <= 100; count += 7) {
        for (size_t step = 1; step < 40; step += 3) {
            for (size_t i = 0; i < 100; i++) {
                p->event[i] = i < count && i % step == step / 2 ? (int)i + 1 : 0;
            }
            f.site.offered = count;
            assert_int_equal(site_list_flagged(&f.site, 0), 0);
            const size_t found = site_list_flagged(&f.site, 1);
            size_t n = 0;
            for (size_t row = 0; row < count; row++) {
                if (p->event[row] != 0) {
                    assert_true(n < found);
                    assert_int_equal(f.site.flagged[n++], row);
                }
            }
            assert_int_equal(n, found);
        }
    }
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_and_leaving_a_caseload),
        cmocka_unit_test(leaving_support_frees_the_place),
        cmocka_unit_test(tries_are_counted_by_patient_and_service),
        cmocka_unit_test(a_status_carries_its_week),
        cmocka_unit_test(keys_are_sorted_however_many),
        cmocka_unit_test(flagged_rows_are_all_found),
    };
    return cmocka_run_group_tests_name("site", tests, NULL, NULL);
}
