/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/story.h"

#include "observe/pathways.h"
#include "run/piece.h"
#include "small_run.h"

/* The shipped sites for three years: the same lives as a run has, told one by one. */
static const char *const settings[] = {"site.number=3", "run.replicates=2", NULL};

enum { SITE = 1, REPLICATE = 1 };

struct told {
    struct configuration configuration;
    struct coefficients coefficients;
    struct piece piece;
};

static struct told world;

static int run_once(void **state)
{
    (void)state;
    if (configuration_read(&world.configuration, NULL, settings, 2) != 0 ||
        piece_init(&world.piece) != 0) {
        return -1;
    }
    coefficients_compute(&world.coefficients, &world.configuration.parameters);
    world.piece.site = SITE;
    world.piece.replicate = REPLICATE;
    return piece_run(&world.piece, &world.configuration, &world.coefficients, 0, false);
}

static int forget(void **state)
{
    (void)state;
    piece_free(&world.piece);
    configuration_free(&world.configuration);
    return 0;
}

struct story {
    struct printed text, csv;
};

static void tell(struct story *story, size_t row)
{
    const struct story_address address = {
        .replicate = REPLICATE, .site = SITE, .person = world.piece.result.patients.person[row]};
    print_begin(&story->text);
    print_begin(&story->csv);
    ASSERT_DONE(story_tell(story->text.stream, story->csv.stream, &world.configuration, &address));
    (void)print_end(&story->text);
    (void)print_end(&story->csv);
}

static void end_story(struct story *story)
{
    print_free(&story->text);
    print_free(&story->csv);
}

/* Times that a word which opens or closes an event is told. */
static int times(const struct story *story, const char *words)
{
    return count_words(story->text.text, words);
}

static void the_events_told_are_those_of_the_columns(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    int64_t sessions = 0, connected = 0, closed = 0;
    for (size_t i = 0; i < world.piece.result.offered; i += 7) {
        struct story story;
        tell(&story, i);
        assert_int_equal(times(&story, "session ") - times(&story, "misses a session "),
                         p->sessions[i]);
        for (int n = 1; n <= p->sessions[i]; n++) {
            char words[24];
            (void)snprintf(words, sizeof words, "  session %d", n);
            assert_true(times(&story, words) >= 1); /* in their order, none left out */
        }
        assert_int_equal(times(&story, "offered a referral") > 0, 1);
        assert_int_equal(times(&story, ", takes up") > 0, p->ever_taken_up[i]);
        assert_int_equal(times(&story, "connects to a service") > 0,
                         p->link_connection_week[i] != NEVER);
        assert_int_equal(times(&story, "finds support without the link worker's suggestion") > 0,
                         p->own_connection_week[i] != NEVER);
        assert_int_equal(times(&story, "contact ends") > 0, p->ever_closed[i]);
        assert_int_equal(times(&story, "drops out") > 0, p->ever_disengaged[i]);
        assert_int_equal(times(&story, "comes back by the known way") > 0, p->ever_returned[i]);
        assert_int_equal(times(&story, "a service is suggested") +
                             times(&story, "pushed towards a service"),
                         p->suggestions_made[i]);
        sessions += p->sessions[i];
        connected += p->link_connection_week[i] != NEVER;
        closed += p->ever_closed[i];
        end_story(&story);
    }
    assert_true(sessions > 100 && connected > 10 && closed > 10);
}

/* Attempts told: each ends at an obstacle or in a connection. */
static void attempts_are_told_with_what_stopped_them(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    int stopped = 0;
    for (size_t i = 0; i < world.piece.result.offered; i += 5) {
        struct story story;
        tell(&story, i);
        assert_int_equal(times(&story, "tries to connect, stopped by ") +
                             times(&story, "connects to a service"),
                         p->attempts[i]);
        stopped += times(&story, "stopped by ");
        end_story(&story);
    }
    assert_true(stopped > 10);
}

static void the_story_ends_as_the_run_does(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    for (size_t i = 0; i < world.piece.result.offered; i++) {
        struct story story;
        char end[120];
        tell(&story, i);
        (void)snprintf(end, sizeof end, "\nPathway: %s; %d session%s; at the end %s\n",
                       pathway_names[p->pathway[i]], p->sessions[i], p->sessions[i] == 1 ? "" : "s",
                       status_names[p->status[i]]);
        const char *told = strstr(story.text.text, "\nPathway: ");
        assert_non_null(told);
        if (told != NULL) {
            assert_string_equal(told, end); /* the pathway of /cohort, fixed after 52 weeks */
        }
        end_story(&story);
    }
}

static const char *line_number(const char *text, int number)
{
    for (int n = 0; n < number; n++) {
        text = strchr(text, '\n');
        assert_non_null(text);
        text++;
    }
    return text;
}

static void the_table_has_a_row_for_each_week_from_the_offer_on(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    const int weeks = world.piece.result.weeks;
    for (size_t i = 0; i < world.piece.result.offered; i += 11) {
        struct story story;
        tell(&story, i);
        const char *csv = story.csv.text;
        const int rows = weeks - p->first_offer_week[i];
        assert_int_equal(count_words(csv, "\n"), rows + 1);
        for (int n = 0; n < rows; n++) {
            assert_int_equal(atoi(line_number(csv, n + 1)), p->first_offer_week[i] + n);
        }
        char last[64];
        (void)snprintf(last, sizeof last, "%d,%s,%d,", weeks - 1, status_names[p->status[i]],
                       p->sessions[i]);
        const char *line = line_number(csv, rows);
        assert_memory_equal(line, last, strlen(last));
        (void)snprintf(last, sizeof last, ",%.6g,%.6g,%.6g,", (double)p->trust[i],
                       (double)p->hope[i], (double)p->stress[i]);
        assert_non_null(strstr(line, last));
        end_story(&story);
    }
}

static void the_person_is_introduced_as_she_began(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    struct story story;
    char words[80];
    tell(&story, 3);
    (void)snprintf(words, sizeof words, "Person %d of site2: %s, ", p->person[3],
                   p->female[3] ? "woman" : "man");
    assert_memory_equal(story.text.text, words, strlen(words));
    for (int d = 0; d < NEED_COUNT; d++) {
        (void)snprintf(words, sizeof words, " %s %.2f", need_names[d],
                       (double)p->starting_need[d][3]);
        const char *needs = strstr(story.text.text, "\nNeeds:");
        const char *barriers = strstr(story.text.text, "\nBarriers:");
        const char *told = strstr(needs, words);
        assert_int_equal(told != NULL && told<barriers, p->starting_need[d][3]> 0.0f);
    }
    end_story(&story);
}

static void a_story_without_a_row_is_another_story(void **state)
{
    (void)state;
    const struct patients *p = &world.piece.result.patients;
    struct configuration without;
    size_t row = 0;
    while (p->sessions[row] < 4) {
        row++;
    }
    ASSERT_DONE(configuration_copy(&without, &world.configuration));
    without.parameters.mechanisms.IS1 = 0.0;
    const struct story_address address = {
        .replicate = REPLICATE, .site = SITE, .person = p->person[row]};
    struct story story;
    struct printed other;
    tell(&story, row);
    print_begin(&other);
    ASSERT_DONE(story_tell(other.stream, NULL, &without, &address)); /* no table is asked for */
    const char *text = print_end(&other);
    assert_string_not_equal(story.text.text, text);
    const size_t same = (size_t)(strstr(text, "\n\n") - text); /* the person is the same */
    assert_memory_equal(story.text.text, text, same);
    print_free(&other);
    end_story(&story);
    configuration_free(&without);
}

static void a_stranger_has_no_story(void **state)
{
    (void)state;
    struct printed printed;
    struct story_address address = {.replicate = REPLICATE, .site = SITE, .person = 999999};
    print_begin(&printed);
    ASSERT_FAILS(story_tell(printed.stream, NULL, &world.configuration, &address), ERROR_INPUT,
                 "--id = 999999: nobody of that number is offered a referral at site2 in "
                 "replicate 1");
    address.person = -1;
    ASSERT_FAILS(story_tell(printed.stream, NULL, &world.configuration, &address), ERROR_INPUT,
                 "--id = -1");
    address = (struct story_address){.site = 3};
    ASSERT_FAILS(story_tell(printed.stream, NULL, &world.configuration, &address), ERROR_INPUT,
                 "site 3, --replicate = 0: the run has sites 0 to 2 and replicates 0 to 1");
    address = (struct story_address){.replicate = 2};
    ASSERT_FAILS(story_tell(printed.stream, NULL, &world.configuration, &address), ERROR_INPUT,
                 "site 0, --replicate = 2");
    assert_string_equal(print_end(&printed), "");
    print_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_events_told_are_those_of_the_columns),
        cmocka_unit_test(attempts_are_told_with_what_stopped_them),
        cmocka_unit_test(the_story_ends_as_the_run_does),
        cmocka_unit_test(the_table_has_a_row_for_each_week_from_the_offer_on),
        cmocka_unit_test(the_person_is_introduced_as_she_began),
        cmocka_unit_test(a_story_without_a_row_is_another_story),
        cmocka_unit_test(a_stranger_has_no_story),
    };
    return cmocka_run_group_tests_name("story", tests, run_once, forget);
}
