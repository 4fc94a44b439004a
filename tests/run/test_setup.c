/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/setup.h"

#include "parameters/table.h"
#include "small_run.h"

struct made {
    struct configuration configuration;
    struct coefficients coefficients;
    struct arena arena;
    struct site site;
};

static void make(struct made *m, size_t site, int replicate, const char *const *settings,
                 size_t count)
{
    *m = (struct made){0};
    small_configuration(&m->configuration, settings, count);
    coefficients_compute(&m->coefficients, &m->configuration.parameters);
    assert_int_equal(
        setup_site(&m->site, &m->arena, &m->coefficients, &m->configuration, site, replicate, true),
        0);
}

static void unmake(struct made *m)
{
    arena_free(&m->arena);
    configuration_free(&m->configuration);
}

static void a_cohort_stands_in_the_order_of_offers(void **state)
{
    (void)state;
    struct made m;
    make(&m, 1, 3, NULL, 0);
    const struct patients *p = &m.site.patients;
    assert_int_equal(m.site.key.seed, 1);
    assert_int_equal(m.site.key.replicate, 3);
    assert_int_equal(m.site.key.site, 1);
    assert_int_equal(m.site.week, -1);
    assert_int_equal(m.site.weeks, 80);
    assert_int_equal(m.site.offered, 0);
    assert_int_equal(m.site.population, lround(4.45 * 60)); /* offers a week times weeks */
    assert_int_equal(p->count, m.site.population);
    bool met[400] = {false};
    for (size_t i = 0; i < p->count; i++) {
        assert_true(p->first_offer_week[i] >= 0 && p->first_offer_week[i] < 60);
        assert_true(i == 0 || p->first_offer_week[i - 1] < p->first_offer_week[i] ||
                    (p->first_offer_week[i - 1] == p->first_offer_week[i] &&
                     p->person[i - 1] < p->person[i]));
        assert_false(met[p->person[i]]);
        met[p->person[i]] = true;
        assert_int_equal(p->status[i], STATUS_LATENT);
    }
    unmake(&m);
}

static void services_stand_in_the_order_of_domains(void **state)
{
    (void)state;
    struct made m;
    const char *settings[] = {"services.places=10", "services.places_spread=0.5"};
    make(&m, 0, 0, settings, 2);
    int s = 0;
    for (int d = 0; d < NEED_COUNT; d++) {
        assert_int_equal(m.site.domain_services[d], s);
        for (int f = 0; f < FORMAT_COUNT; f++) {
            char name[64];
            (void)snprintf(name, sizeof name, "services.%s_%s", need_names[d], format_names[f]);
            const int count =
                (int)parameter_value(&m.configuration.parameters, parameter_find(name));
            for (int n = 0; n < count; n++, s++) {
                const struct vcse_service *service = &m.site.services[s];
                assert_int_equal(service->domain, d);
                assert_int_equal(service->format, f);
                assert_true(service->places >= 5 && service->places <= 15);
                assert_int_equal(service->taken, 0);
                assert_true(service->reach > 0.0f && service->reach < 1.0f);
            }
        }
    }
    assert_int_equal(m.site.domain_services[NEED_COUNT], s);
    assert_int_equal(m.site.service_count, s);
    unmake(&m);
}

/* Places are round(mean (1 + spread (2u - 1))), reach Beta: means over many replicates. */
static void services_have_their_means(void **state)
{
    (void)state;
    struct sample places = {0}, reach = {0}, language = {0};
    for (int replicate = 0; replicate < 60; replicate++) {
        struct made m;
        const char *settings[] = {
            "population.offers_per_week=0",        "services.places=16.1",
            "services.places_spread=0.5",          "services.reach_mean=0.6",
            "services.language_support_mean=0.25", "services.concentration=6"};
        make(&m, 0, replicate, settings, 6);
        for (int s = 0; s < m.site.service_count; s++) {
            sample_add(&places, m.site.services[s].places);
            sample_add(&reach, (double)m.site.services[s].reach);
            sample_add(&language, (double)m.site.services[s].language_support);
        }
        unmake(&m);
    }
    assert_sample_mean(&places, 16.1);
    assert_near(sample_variance(&places), 16.1 * 16.1 / 12.0, 3.5); /* width 16.1 */
    assert_sample_mean(&reach, 0.6);
    assert_sample_mean(&language, 0.25);
    assert_near(sample_variance(&reach), 0.24 / 7.0, 0.005);
}

/* Credibility is integration plus N(0, sd); integration by who manages, less by practices. */
static void practices_follow_the_site(void **state)
{
    (void)state;
    const char *settings[] = {"population.offers_per_week=0",
                              "site.number=7",
                              "practice.introduction_sd=0.02",
                              "practice.integration_base=0.6",
                              "practice.integration_primary_care=0.2",
                              "practice.integration_per_practice=0.05",
                              "practice.adoption_mean=0.6"};
    struct sample adoption = {0}, deviation = {0};
    for (size_t site = 0; site < 7; site++) {
        const int practices[7] = {2, 1, 2, 2, 2, 5, 5}; /* Table 1 */
        const bool primary_care[7] = {false, false, false, true, true, false, true};
        struct sample credibility = {0};
        for (int replicate = 0; replicate < 20; replicate++) {
            struct made m;
            make(&m, site, replicate, settings, 7);
            assert_int_equal(m.site.practice_count, practices[site]);
            for (int n = 0; n < m.site.practice_count; n++) {
                sample_add(&credibility, (double)m.site.practices[n].credibility);
                sample_add(&deviation, (double)m.site.practices[n].credibility -
                                           (0.6 + (primary_care[site] ? 0.2 : 0.0) -
                                            0.05 * (practices[site] - 1)));
                sample_add(&adoption, (double)m.site.practices[n].adoption);
            }
            unmake(&m);
        }
        assert_sample_mean(&credibility,
                           0.6 + (primary_care[site] ? 0.2 : 0.0) - 0.05 * (practices[site] - 1));
    }
    assert_near(sqrt(sample_variance(&deviation)), 0.02,
                0.02 * FIVE_SIGMA / sqrt(2.0 * deviation.n));
    assert_sample_mean(&adoption, 0.6);
}

/* Knowledge by months in the role, with a bonus where a VCSE organisation manages. */
static void link_workers_know_by_their_months(void **state)
{
    (void)state;
    const char *settings[] = {"site.number=7", "site.link_workers=2",
                              "link_worker.knowledge_maximum=0.9",
                              "link_worker.knowledge_months=12", "link_worker.knowledge_vcse=0.1"};
    const double months[7] = {24, 2, 16, 8, 32, 31, 38};
    const bool primary_care[7] = {false, false, false, true, true, false, true};
    for (size_t site = 0; site < 7; site++) {
        struct made m;
        make(&m, site, 0, settings, 5);
        assert_int_equal(m.site.link_worker_count, 2);
        const double known =
            0.9 * (1.0 - exp(-months[site] / 12.0)) + (primary_care[site] ? 0.0 : 0.1);
        for (int post = 0; post < 2; post++) {
            assert_near(m.site.link_workers[post].knowledge[2], fmin(known, 1.0), 1e-5);
            assert_int_equal(m.site.link_workers[post].caseload, 0);
        }
        assert_false(m.site.link_workers[0].listening == m.site.link_workers[1].listening);
        unmake(&m);
    }
}

static void the_same_address_makes_the_same_site(void **state)
{
    (void)state;
    struct made a, b, c;
    make(&a, 0, 2, NULL, 0);
    make(&b, 0, 2, NULL, 0);
    make(&c, 0, 3, NULL, 0);
    const size_t n = a.site.patients.count;
    assert_true(patients_hash(&a.site.patients, n, 1) == patients_hash(&b.site.patients, n, 1));
    assert_false(patients_hash(&a.site.patients, n, 1) == patients_hash(&c.site.patients, n, 1));
    unmake(&a);
    unmake(&b);
    unmake(&c);
}

/* A policy changes what it changes: the people of paired scenarios stay the same. */
static void policies_leave_the_people_alone(void **state)
{
    (void)state;
    struct made a, b;
    const char *settings[] = {"site.link_workers=3", "diary.caseload_cap=20", "services.places=2",
                              "mechanisms.IS1=0"};
    make(&a, 0, 0, NULL, 0);
    make(&b, 0, 0, settings, 4);
    const size_t n = a.site.patients.count;
    assert_true(patients_hash(&a.site.patients, n, 1) == patients_hash(&b.site.patients, n, 1));
    assert_true(a.site.link_workers[0].listening == b.site.link_workers[0].listening);
    unmake(&a);
    unmake(&b);
}

static void registered_lists_are_the_practices_adults(void **state)
{
    (void)state;
    struct made m;
    const char *settings[] = {"run.mode=registered", "registered.list_size_per_practice=3000"};
    make(&m, 0, 0, settings, 2); /* site 1 has two practices */
    assert_int_equal(m.site.population, 6000);
    const struct patients *p = &m.site.patients;
    assert_true(p->count > 50 && p->count < 1000);
    for (size_t i = 0; i < p->count; i++) {
        assert_int_equal(p->practice[i], p->person[i] / 3000);
        assert_true(i == 0 || p->first_offer_week[i - 1] <= p->first_offer_week[i]);
    }
    unmake(&m);
}

/* Where nearly everyone is offered a referral, all of them find room. */
static void many_offers_find_room(void **state)
{
    (void)state;
    struct made m;
    const char *settings[] = {"run.mode=registered", "registered.list_size_per_practice=900",
                              "gp.other_route_hazard=1", "registered.need_scale=1"};
    make(&m, 0, 0, settings, 4);
    const struct patients *p = &m.site.patients;
    bool met[1800] = {false};
    assert_true(p->count > 1400);
    for (size_t i = 0; i < p->count; i++) {
        assert_true(p->person[i] >= 0 && p->person[i] < 1800);
        assert_false(met[p->person[i]]);
        met[p->person[i]] = true;
        assert_true(i == 0 || p->first_offer_week[i - 1] <= p->first_offer_week[i]);
    }
    unmake(&m);
}

static void files_of_patients_go_to_their_sites(void **state)
{
    (void)state;
    struct made m = {0};
    small_configuration(&m.configuration, NULL, 0);
    struct population_file *file = &m.configuration.population;
    enum { ROWS = 6 };
    m.configuration.has_population = true;
    file->rows = ROWS;
    file->values = malloc(ROWS * POPULATION_FIELD_COUNT * sizeof *file->values);
    assert_non_null(file->values);
    const double sites[ROWS] = {1, 2, NAN, 2, 1, 2}; /* a patient of no site is at each */
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
            file->values[row * POPULATION_FIELD_COUNT + field] = NAN;
        }
        file->values[row * POPULATION_FIELD_COUNT + POPULATION_FIELD_site] = sites[row];
        file->values[row * POPULATION_FIELD_COUNT + POPULATION_FIELD_age] = 30.0 + (double)row;
        file->values[row * POPULATION_FIELD_COUNT + POPULATION_FIELD_first_offer_week] =
            row == 5 ? 80.0 : 10.0 - (double)row; /* the last comes after the run */
    }
    coefficients_compute(&m.coefficients, &m.configuration.parameters);
    assert_int_equal(setup_site(&m.site, &m.arena, &m.coefficients, &m.configuration, 1, 0, false),
                     0);
    assert_int_equal(m.site.population, 4);
    assert_int_equal(m.site.patients.count, 3);
    const float ages[3] = {33.0f, 32.0f, 31.0f}; /* in the order of their offers */
    for (size_t i = 0; i < 3; i++) {
        assert_true(m.site.patients.age[i] == ages[i]);
    }
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cohort_stands_in_the_order_of_offers),
        cmocka_unit_test(services_stand_in_the_order_of_domains),
        cmocka_unit_test(services_have_their_means),
        cmocka_unit_test(practices_follow_the_site),
        cmocka_unit_test(link_workers_know_by_their_months),
        cmocka_unit_test(the_same_address_makes_the_same_site),
        cmocka_unit_test(policies_leave_the_people_alone),
        cmocka_unit_test(registered_lists_are_the_practices_adults),
        cmocka_unit_test(many_offers_find_room),
        cmocka_unit_test(files_of_patients_go_to_their_sites),
    };
    return cmocka_run_group_tests_name("setup", tests, NULL, NULL);
}
