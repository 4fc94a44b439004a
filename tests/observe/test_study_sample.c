/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/study_sample.h"

#include "base/checks.h"

enum { PEOPLE = 400, WANTED = 61 };

static void make_people(struct interviewee *people, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        people[i] = (struct interviewee){.rank = next_unit(&seed), .pathway = (int)i};
    }
}

static int compare_people(const void *a, const void *b)
{
    const struct interviewee *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void the_smallest_ranks_are_kept_in_order(void **state)
{
    (void)state;
    struct interviewee people[PEOPLE];
    struct study_sample sample = {0};
    make_people(people, PEOPLE, 1);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_true(study_sample_consider(&sample, WANTED, &people[i]));
    }
    qsort(people, PEOPLE, sizeof people[0], compare_people);
    assert_int_equal(sample.count, WANTED);
    for (int i = 0; i < WANTED; i++) {
        assert_int_equal(sample.drawn[i].pathway, people[i].pathway);
    }
    study_sample_free(&sample);
    assert_null(sample.drawn);
    assert_int_equal(sample.count, 0);
}

static void merging_is_the_union(void **state)
{
    (void)state;
    struct interviewee people[PEOPLE];
    struct study_sample whole = {0}, parts[3] = {{0}}, sum = {0};
    make_people(people, PEOPLE, 2);
    for (size_t i = 0; i < PEOPLE; i++) {
        const size_t site = i < 30 ? 0 : 1 + i % 2; /* one site has fewer than are wanted */
        (void)study_sample_consider(&whole, WANTED, &people[i]);
        (void)study_sample_consider(&parts[site], WANTED, &people[i]);
    }
    for (int site = 0; site < 3; site++) {
        assert_true(study_sample_merge(&sum, &parts[site]));
    }
    assert_int_equal(sum.count, whole.count);
    for (int i = 0; i < WANTED; i++) {
        assert_int_equal(sum.drawn[i].pathway, whole.drawn[i].pathway);
    }
    for (int site = 0; site < 3; site++) {
        study_sample_free(&parts[site]);
    }
    study_sample_free(&whole);
    study_sample_free(&sum);
}

static void fewer_than_wanted_are_all_drawn(void **state)
{
    (void)state;
    struct interviewee people[5];
    struct study_sample sample = {0}, empty = {0};
    make_people(people, 5, 3);
    for (size_t i = 0; i < 5; i++) {
        (void)study_sample_consider(&sample, WANTED, &people[i]);
    }
    assert_int_equal(sample.count, 5);
    assert_true(study_sample_merge(&sample, &empty));
    assert_int_equal(sample.count, 5);
    assert_true(study_sample_merge(&empty, &sample));
    assert_int_equal(empty.count, 5);
    study_sample_free(&sample);
    study_sample_free(&empty);
}

static void one_interviewee_is_the_smallest(void **state)
{
    (void)state;
    struct interviewee people[PEOPLE];
    struct study_sample sample = {0};
    make_people(people, PEOPLE, 4);
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)study_sample_consider(&sample, 1, &people[i]);
    }
    qsort(people, PEOPLE, sizeof people[0], compare_people);
    assert_int_equal(sample.count, 1);
    assert_int_equal(sample.drawn[0].pathway, people[0].pathway);
    study_sample_free(&sample);
}

/* Ranks E / w draw one after the other with weights: the first by w / sum, and the chance of two
 * of three together by hand.
 */
static void ranks_draw_by_weight(void **state)
{
    (void)state;
    enum { TRIALS = 40000 };
    const double weights[3] = {0.2, 0.3, 0.5};
    int first[3] = {0}, missing[3] = {0};
    uint64_t seed = 5;
    for (int t = 0; t < TRIALS; t++) {
        struct study_sample sample = {0};
        for (int i = 0; i < 3; i++) {
            const struct interviewee person = {.rank = -log(1.0 - next_unit(&seed)) / weights[i],
                                               .pathway = i};
            (void)study_sample_consider(&sample, 2, &person);
        }
        first[sample.drawn[0].pathway]++;
        missing[3 - sample.drawn[0].pathway - sample.drawn[1].pathway]++;
        study_sample_free(&sample);
    }
    for (int i = 0; i < 3; i++) {
        const double a = weights[(i + 1) % 3], b = weights[(i + 2) % 3];
        assert_frequency(first[i], TRIALS, weights[i]);
        assert_frequency(missing[i], TRIALS, a * b / (1.0 - a) + b * a / (1.0 - b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_ranks_are_kept_in_order),
        cmocka_unit_test(merging_is_the_union),
        cmocka_unit_test(fewer_than_wanted_are_all_drawn),
        cmocka_unit_test(one_interviewee_is_the_smallest),
        cmocka_unit_test(ranks_draw_by_weight),
    };
    return cmocka_run_group_tests_name("study_sample", tests, NULL, NULL);
}
