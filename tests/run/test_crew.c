/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A crew without MPI: servers are forked, messages go through sockets.
 */
#include "run/crew.h"

#include "../../sim/run/crew_private.h"
#include "run/results.h"
#include "small_run.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 4 };

/* Sockets to the others, by process; of a server only the first is used. */
static int sockets[MOST];
static pid_t servers[MOST];
static struct crew crew;
static size_t outstanding[MOST],
    most_outstanding; /* tasks that a server was given and has not sent */

static void move_bytes(int socket, void *bytes, size_t length, bool is_out)
{
    for (size_t done = 0; done < length;) {
        char *at = (char *)bytes + done;
        const ssize_t moved =
            is_out ? write(socket, at, length - done) : read(socket, at, length - done);
        if (moved <= 0) {
            _exit(3);
        }
        done += (size_t)moved;
    }
}

static int post(int to, const void *bytes, size_t length)
{
    uint32_t message;
    memcpy(&message, bytes, sizeof message);
    outstanding[to] += message == MESSAGE_TASK;
    most_outstanding = outstanding[to] > most_outstanding ? outstanding[to] : most_outstanding;
    move_bytes(sockets[to], &length, sizeof length, true);
    void *copy = malloc(length);
    memcpy(copy, bytes, length);
    move_bytes(sockets[to], copy, length, true);
    free(copy);
    return length % PARCEL_LINE == 0 ? 0 : error_set(ERROR_MODEL, "a message of %zu bytes", length);
}

static bool look(int *from, size_t *length)
{
    for (int process = 0; process < MOST; process++) {
        struct pollfd one = {.fd = sockets[process], .events = POLLIN};
        if (one.fd > 0 && poll(&one, 1, 0) == 1) {
            *from = process;
            move_bytes(one.fd, length, sizeof *length, false);
            return true;
        }
    }
    return false;
}

static int take(int from, void *bytes, size_t length)
{
    uint32_t message;
    move_bytes(sockets[from], bytes, length, false);
    memcpy(&message, bytes, sizeof message);
    outstanding[from] -= message == MESSAGE_RESULT || message == MESSAGE_FAILED;
    return 0;
}

/* Ends like a program that only serves. */
static void serve(int socket)
{
    memset(sockets, 0, sizeof sockets);
    sockets[0] = socket;
    _exit(crew_serve(&crew) == 0 ? 0 : 4);
}

/* Forked before any thread has begun. */
static int begin_crew(void **state)
{
    (void)state;
    crew = (struct crew){.count = MOST, .post = post, .look = look, .take = take};
    for (int process = 1; process < MOST; process++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
            return -1;
        }
        servers[process] = fork();
        if (servers[process] == 0) {
            (void)close(pair[0]);
            serve(pair[1]);
        }
        (void)close(pair[1]);
        sockets[process] = pair[0];
    }
    return 0;
}

static int end_crew(void **state)
{
    (void)state;
    int wrong = 0;
    crew_lead(&crew);
    crew_dismiss();
    for (int process = 1; process < MOST; process++) {
        int result = 0;
        wrong += waitpid(servers[process], &result, 0) != servers[process] || result != 0;
    }
    return wrong;
}

/* A number of all that a sink may read of a piece. */
struct received {
    size_t count, fail_at;
    uint64_t digest;
    enum piece_detail detail;
};

static uint64_t add(uint64_t digest, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        digest = (digest ^ byte[i]) * 0x100000001b3ULL;
    }
    return digest;
}

static uint64_t add_site(uint64_t digest, const struct site *site)
{
    const struct patients *p = &site->patients;
    digest = add(digest, &site->weeks, sizeof site->weeks);
    digest = add(digest, &site->offered, sizeof site->offered);
    digest = add(digest, &site->population, sizeof site->population);
    digest = add(digest, &site->key, sizeof site->key);
    digest = add(digest, &site->events, sizeof site->events);
    digest = patients_hash(p, p->count, digest);
    for (int lag = 0; site->snapshots != NULL && lag < LAG_COUNT; lag++) {
        digest = add(digest, &site->snapshots[snapshot_place(site->snapshot_room, 0, lag)],
                     site->seen_count * MEASURE_COUNT * sizeof *site->snapshots);
    }
    return digest;
}

static uint64_t add_counterfactual(uint64_t digest, const struct piece *piece)
{
    const size_t n = piece->is_paired ? piece->result.patients.count : 0;
    digest = add(digest, &piece->is_paired, sizeof piece->is_paired);
    const struct counterfactual *without = &piece->without;
    digest = add(digest, without->wellbeing_sum, n * sizeof(float));
    digest = add(digest, without->wellbeing_discounted, n * sizeof(float));
    digest = add(digest, without->after_closing_wellbeing, n * sizeof(float));
    digest = add(digest, without->consultations, n * sizeof(int32_t));
    digest = add(digest, without->consultations_from_offer, n * sizeof(int32_t));
    return add(digest, without->consultations_from_session, n * sizeof(int32_t));
}

static uint64_t add_record(uint64_t digest, const struct recorder *recorder)
{
    const size_t weeks = (size_t)recorder->weeks, posts = (size_t)recorder->posts;
    digest = add(digest, recorder->weekly, weeks * RECORD_COUNT * sizeof(float));
    digest = add(digest, recorder->post_weekly, posts * weeks * POST_COUNT * sizeof(float));
    return add(digest, &recorder->window, sizeof recorder->window);
}

static uint64_t add_tally(uint64_t digest, const struct tally *tally)
{
    struct tally scalars = *tally;
    scalars.study = (struct study_sample){0};
    digest = add(digest, &scalars, sizeof scalars);
    for (int i = 0; i < tally->study.count; i++) {
        digest = add(digest, &tally->study.drawn[i].rank, sizeof(double));
    }
    return digest;
}

static int receive(void *context, const struct piece *piece)
{
    struct received *r = context;
    const size_t address[] = {piece->scenario, piece->replicate, piece->site};
    r->digest = add_tally(add(r->digest, address, sizeof address), piece->tally);
    if (r->detail != PIECE_TALLY) {
        r->digest = add_record(r->digest, &piece->recorder);
    }
    if (r->detail == PIECE_WHOLE) {
        const size_t weeks = (size_t)piece->result.weeks, n = piece->followed_count;
        r->digest = add_site(r->digest, &piece->result);
        r->digest = add_counterfactual(r->digest, piece);
        r->digest = add(r->digest, piece->followed, n * sizeof *piece->followed);
        r->digest = add(r->digest, piece->trajectories,
                        (TRAJECTORY_COUNT - piece->first_kept) * n * weeks * sizeof(float));
        r->digest = add(r->digest, piece->result.attributes->name, 1);
    }
    if (++r->count == r->fail_at) {
        return error_set(ERROR_FILE, "disk full at piece %zu", r->count);
    }
    return 0;
}

static void two_scenarios(struct configuration scenarios[2])
{
    const char *const settings[] = {"run.weeks=40",
                                    "population.arrival_weeks=30",
                                    "run.replicates=9",
                                    "run.record=trajectories",
                                    "run.trajectory_sample=5",
                                    "diary.caseload_cap=10"};
    small_configuration(&scenarios[0], settings, 5);
    small_configuration(&scenarios[1], settings, 6);
}

static struct received run(const struct configuration *scenarios, int threads,
                           enum piece_detail detail, const struct crew *by)
{
    struct received received = {.detail = detail};
    struct ensemble ensemble = {.scenarios = scenarios,
                                .scenario_count = 2,
                                .threads = threads,
                                .verify = true,
                                .detail = detail};
    crew_lead(by);
    assert_int_equal(crew_size(), by != NULL ? MOST : 1);
    if (ensemble_run(&ensemble, receive, &received) != 0) {
        fail_msg("%s", error_message());
    }
    return received;
}

static void a_crew_gives_the_same(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    two_scenarios(scenarios);
    for (int d = PIECE_WHOLE; d <= PIECE_TALLY; d++) {
        const enum piece_detail detail = (enum piece_detail)d;
        const struct received alone = run(scenarios, 2, detail, NULL);
        assert_int_equal(alone.count, 36);
        for (int threads = 1; threads <= 3; threads++) {
            most_outstanding = 0;
            const struct received shared = run(scenarios, threads, detail, &crew);
            assert_int_equal(shared.count, 36);
            assert_true(shared.digest == alone.digest);
            assert_in_range(most_outstanding, 1, 2 * (size_t)threads); /* none holds more */
        }
    }
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

struct outcomes {
    size_t count, values, next;
    uint64_t digest;
    int64_t stepped;
};

static int receive_outcomes(void *context, const struct replicate_outcomes *o)
{
    struct outcomes *outcomes = context;
    if (o->scenario * 9 + o->replicate != outcomes->next++) {
        return error_set(ERROR_MODEL, "replicate %zu came out of turn", o->replicate);
    }
    outcomes->count++;
    outcomes->stepped += o->stepped_patient_weeks;
    outcomes->digest = add(outcomes->digest, o->values, outcomes->values * sizeof *o->values);
    return 0;
}

/* 18 replicates: with 4 threads in all by replicate, with more by piece. */
static void outcomes_are_the_same_by_replicate_and_by_piece(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    struct results results;
    two_scenarios(scenarios);
    assert_int_equal(results_init(&results, scenarios, 2), 0);
    uint64_t digest = 0;
    for (int threads = 1; threads <= 6; threads++) {
        for (int shared = 0; shared < 2; shared++) {
            struct outcomes outcomes = {.values = results.list.count};
            struct ensemble ensemble = {
                .scenarios = scenarios, .scenario_count = 2, .threads = threads};
            crew_lead(shared ? &crew : NULL);
            if (ensemble_outcomes(&ensemble, receive_outcomes, &outcomes) != 0) {
                fail_msg("%s", error_message());
            }
            assert_int_equal(outcomes.count, 18);
            assert_true(outcomes.stepped > 10000);
            digest = digest == 0 ? outcomes.digest : digest;
            assert_true(outcomes.digest == digest);
        }
    }
    results_free(&results);
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

/* Whoever fails, here or there, the first piece in order is told of, and the crew can go on. */
static void an_error_stops_all_of_them(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    two_scenarios(scenarios);
    crew_lead(&crew);
    for (size_t at = 1; at <= 36; at += 7) {
        char expected[64];
        struct received received = {.fail_at = at};
        struct ensemble ensemble = {.scenarios = scenarios, .scenario_count = 2, .threads = 1};
        assert_int_equal(ensemble_run(&ensemble, receive, &received), ERROR_FILE);
        assert_int_equal(received.count, at);
        (void)snprintf(expected, sizeof expected, "disk full at piece %zu", at);
        assert_string_equal(error_message(), expected);
    }
    scenarios[1].parameters.events.social_easing = -5.0; /* breaks a law */
    for (int by_outcomes = 0; by_outcomes < 2; by_outcomes++) {
        struct received received = {0};
        struct outcomes outcomes = {.values = 1};
        struct ensemble ensemble = {
            .scenarios = scenarios, .scenario_count = 2, .threads = 1, .verify = true};
        assert_int_equal(by_outcomes ? ensemble_outcomes(&ensemble, receive_outcomes, &outcomes)
                                     : ensemble_run(&ensemble, receive, &received),
                         ERROR_MODEL);
        assert_int_equal(by_outcomes ? 2 * outcomes.count : received.count, 18);
        assert_non_null(strstr(error_message(), "site 0, replicate 0, week "));
    }
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

/* One that answers as another version would. */
static void another_version_is_refused(void **state)
{
    (void)state;
    int pair[2];
    struct configuration scenarios[2];
    struct crew strangers = crew;
    const int known = sockets[1];
    two_scenarios(scenarios);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    char version[MESSAGE_SIZE] = "9.9.9 (abcdef)";
    int threads = 1;
    struct parcel hello = {0};
    message_begin(&hello, MESSAGE_HELLO);
    parcel_carry(&hello, version, sizeof version);
    parcel_carry(&hello, &threads, sizeof threads);
    size_t length = (hello.length + PARCEL_LINE - 1) / PARCEL_LINE * PARCEL_LINE;
    assert_int_equal(write(pair[1], &length, sizeof length), sizeof length);
    assert_int_equal(write(pair[1], hello.bytes, length), length);
    sockets[1] = pair[0];
    strangers.count = 2;
    struct received received = {0};
    struct ensemble ensemble = {.scenarios = scenarios, .scenario_count = 2, .threads = 1};
    crew_lead(&strangers);
    assert_int_equal(ensemble_run(&ensemble, receive, &received), ERROR_INPUT);
    assert_int_equal(received.count, 0);
    assert_non_null(strstr(error_message(), "process 1 runs Buyin 9.9.9 (abcdef)"));
    crew_lead(NULL);
    sockets[1] = known;
    parcel_free(&hello);
    (void)close(pair[0]);
    (void)close(pair[1]);
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crew_gives_the_same),
        cmocka_unit_test(outcomes_are_the_same_by_replicate_and_by_piece),
        cmocka_unit_test(an_error_stops_all_of_them),
        cmocka_unit_test(another_version_is_refused),
    };
    return cmocka_run_group_tests_name("crew", tests, begin_crew, end_crew);
}
