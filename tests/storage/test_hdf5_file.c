/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results_fixture.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <hdf5.h>

/* The whole file: making, completing, attributes, groups, and opening what is no results file. */

/* ---- create, commit, discard ---- */

static void test_commit_renames(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    assert_true(is_there(partial));
    assert_false(is_there(target));
    ASSERT_DONE(results_file_commit(&file));
    assert_null(file);
    assert_true(is_there(target));
    assert_false(is_there(partial));
}

static void test_discard_leaves_partial(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    results_file_discard(&file);
    assert_null(file);
    results_file_discard(&file);
    assert_true(is_there(partial));
    assert_false(is_there(target));
    file = create(); /* and is replaced */
    ASSERT_DONE(results_file_commit(&file));
}

static void test_existing_refused(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    ASSERT_DONE(results_file_commit(&file));
    ASSERT_FAILS(results_file_create(&file, target, false, 1), ERROR_INPUT,
                 "results.h5: exists already: give --force to replace it");
    assert_null(file);
    assert_false(is_there(partial));
    ASSERT_DONE(results_file_create(&file, target, true, 1));
    ASSERT_DONE(results_file_text(file, "/", "note", "second"));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    char *note = NULL;
    ASSERT_DONE(results_reader_read_text(reader, "/", "note", &note));
    assert_string_equal(note, "second");
    free(note);
    results_reader_close(&reader);
}

static void test_appeared_meanwhile(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    FILE *other = fopen(target, "w");
    assert_non_null(other);
    assert_int_equal(fclose(other), 0);
    ASSERT_FAILS(results_file_commit(&file), ERROR_FILE, "appeared during the run");
    assert_null(file);
    assert_true(is_there(partial));
}

static void test_two_writers(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    struct results_file *second = NULL;
    ASSERT_FAILS(results_file_create(&second, target, false, 1), ERROR_INPUT,
                 "results.h5.part: another run is writing it");
    ASSERT_DONE(results_file_commit(&file)); /* which the second one left whole */
    struct results_reader *reader = open_target();
    results_reader_close(&reader);
}

static void test_open_locked(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    struct results_reader *reader = NULL;
    ASSERT_DONE(results_file_commit(&file));
    const int descriptor = open(target, O_RDONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "another program has it open");
    assert_int_equal(close(descriptor), 0);
}

static void test_bad_targets(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = NULL;
    char path[256];
    ASSERT_FAILS(results_file_create(&file, "", false, 1), ERROR_INPUT, "no name");
    ASSERT_FAILS(results_file_create(&file, "/tmp/", false, 1), ERROR_INPUT, "no name");
    ASSERT_FAILS(results_file_create(&file, directory, false, 1), ERROR_INPUT, "is a directory");
    ASSERT_FAILS(results_file_create(&file, "/dev/null", true, 1), ERROR_INPUT, "regular file");
    ASSERT_FAILS(results_file_create(&file, "/nowhere/a/results.h5", false, 1), ERROR_INPUT,
                 "its directory /nowhere/a cannot be used: No such file");
    ASSERT_FAILS(results_file_create(&file, "/etc/passwd/results.h5", false, 1), ERROR_INPUT,
                 "/etc/passwd is not a directory");
    ASSERT_FAILS(results_file_create(&file, "/proc/results.h5", false, 1), ERROR_INPUT,
                 "/proc/results.h5.part: cannot be written");
    ASSERT_FAILS(results_file_create(&file, target, false, 10), ERROR_MODEL, "level is 10");
    if (geteuid() != 0) { /* root may write anywhere */
        (void)snprintf(path, sizeof path, "%s/locked", directory);
        assert_int_equal(mkdir(path, 0500), 0);
        (void)snprintf(path, sizeof path, "%s/locked/results.h5", directory);
        ASSERT_FAILS(results_file_create(&file, path, false, 1), ERROR_INPUT, "cannot be written");
        (void)snprintf(path, sizeof path, "%s/locked", directory);
        assert_int_equal(rmdir(path), 0);
    }
}

static void test_same_bytes(void **state)
{
    (void)state;
    remove_files();
    static char bytes[2][65536];
    size_t sizes[2];
    for (int turn = 0; turn < 2; turn++) {
        struct results_file *file = create_table();
        const struct dataset_description texts = describe("texts", RESULTS_TEXT);
        const char *const words[] = {"one", "two", "three"};
        const size_t start[] = {0, 0};
        const size_t count[] = {1, 3};
        ASSERT_DONE(results_file_dataset(file, &texts));
        ASSERT_DONE(results_file_write(file, "g/texts", start, count, words));
        ASSERT_DONE(results_file_commit(&file));
        FILE *stream = fopen(target, "rb");
        assert_non_null(stream);
        sizes[turn] = fread(bytes[turn], 1, sizeof bytes[turn], stream);
        assert_int_equal(fclose(stream), 0);
        assert_int_equal(unlink(target), 0);
        (void)sleep(turn == 0 ? 1 : 0); /* times of day would differ */
    }
    assert_true(sizes[0] < sizeof bytes[0]);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
}

/* Runs in a child process: the limit and HDF5's own state after a failure stay there. */
static int fill_disk(rlim_t bytes)
{
    const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};
    struct results_file *file = NULL;
    const struct dataset_description numbers = describe("numbers", RESULTS_FLOAT64);
    const size_t rows = 50000;
    int status = 0;
    double *data = calloc(rows * 3, sizeof *data);
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; data != NULL && i < rows * 3; i++) {
        data[i] = sin((double)i);
    }
    file = create_table();
    if (data == NULL || results_file_dataset(file, &numbers) != 0 ||
        setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 2;
    }
    for (size_t turn = 0; status == 0 && turn < 4; turn++) {
        status = results_file_write(file, "/g/numbers", (const size_t[]){turn * rows, 0},
                                    (const size_t[]){rows, 3}, data);
    }
    const int first = status == 0 ? results_file_commit(&file) : status;
    if (first != ERROR_FILE || strstr(error_message(), "results.h5.part: /") == NULL ||
        strstr(error_message(), "File too large") == NULL) {
        (void)fprintf(stderr, "%d: %s\n", first, error_message());
        return 3;
    }
    if (file != NULL && results_file_commit(&file) != ERROR_FILE) {
        return 4;
    }
    free(data);
    return file == NULL && is_there(partial) && !is_there(target) ? 0 : 5;
}

static void test_disk_full(void **state)
{
    (void)state;
    static const rlim_t limits[] = {0, 1000, 20000, 300000, 2000000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        int result = -1;
        remove_files();
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)signal(SIGSEGV, SIG_DFL); /* cmocka's own handler would run the other tests */
            exit(fill_disk(limits[i]));
        }
        assert_int_equal(waitpid(child, &result, 0), child);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), 0);
        assert_false(is_there(target));
    }
}

/* ---- writing, and reading it again ---- */

static void test_attributes(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    char long_text[60002];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    ASSERT_DONE(results_file_text(file, "/", "empty", ""));
    ASSERT_DONE(results_file_text(file, "/", "long", long_text + 1));
    ASSERT_DONE(results_file_integer(file, "/", "seed", INT64_MIN));
    ASSERT_DONE(results_file_number(file, "", "share", 0.1));
    for (int i = 0; i < 20; i++) { /* enough to leave HDF5's compact storage */
        char name[32];
        (void)snprintf(name, sizeof name, "more_%d", i);
        ASSERT_DONE(results_file_integer(file, "/", name, i));
    }
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    char *text = NULL;
    int64_t seed;
    double share;
    ASSERT_DONE(results_reader_read_text(reader, "/", "empty", &text));
    assert_string_equal(text, "");
    free(text);
    ASSERT_DONE(results_reader_read_text(reader, "/", "long", &text));
    assert_string_equal(text, long_text + 1);
    free(text);
    ASSERT_DONE(results_reader_read_integer(reader, "/", "seed", &seed));
    assert_true(seed == INT64_MIN);
    ASSERT_DONE(results_reader_read_number(reader, "/", "share", &share));
    assert_true(share == 0.1);
    ASSERT_DONE(results_reader_read_number(reader, "/", "more_19", &share));
    assert_true(share == 19.0);
    ASSERT_FAILS(results_reader_read_integer(reader, "/", "share", &seed), ERROR_INPUT,
                 "share is not an integer");
    ASSERT_FAILS(results_reader_read_number(reader, "/", "format", &share), ERROR_INPUT,
                 "format is not a number");
    ASSERT_FAILS(results_reader_read_text(reader, "/", "seed", &text), ERROR_INPUT,
                 "seed is not a text");
    ASSERT_FAILS(results_reader_read_text(reader, "/", "none", &text), ERROR_INPUT,
                 "has no attribute none");
    ASSERT_FAILS(results_reader_read_text(reader, "/a/b", "none", &text), ERROR_INPUT,
                 "/a/b: has no attribute none");
    results_reader_close(&reader);
}

static void test_bad_attributes(void **state)
{
    (void)state;
    remove_files();
    static char text[60002];
    memset(text, 'x', sizeof text - 1);
    struct results_file *file = create();
    ASSERT_FAILS(results_file_text(file, "/", "long", text), ERROR_MODEL, "60001 bytes");
    ASSERT_FAILS(results_file_text(file, "/", "a name", "x"), ERROR_MODEL, "cannot be a name");
    ASSERT_FAILS(results_file_integer(file, "/", "", 1), ERROR_MODEL, "cannot be a name");
    ASSERT_FAILS(results_file_integer(file, "/none", "a", 1), ERROR_FILE, "/none: opening it");
    ASSERT_FAILS(results_file_text(file, "/", "format", "x"), ERROR_FILE, "attribute format");
    ASSERT_FAILS(results_file_commit(&file), ERROR_FILE, "writing failed before");
    assert_false(is_there(target));
}

static void test_groups_and_documents(void **state)
{
    (void)state;
    remove_files();
    const size_t size = 300000;
    char *yaml = malloc(size);
    char *text = NULL;
    assert_non_null(yaml);
    memset(yaml, 'y', size - 1);
    yaml[size - 1] = '\0';
    struct results_file *file = create();
    ASSERT_DONE(results_file_group(file, "a", "A group."));
    ASSERT_DONE(results_file_group(file, "/a/b", "A group in it."));
    ASSERT_DONE(results_file_document(file, "/a/b", "yaml", "A text", yaml));
    ASSERT_DONE(results_file_document(file, "/a/b", "empty", "No text", ""));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    assert_true(results_reader_has(reader, "/"));
    assert_true(results_reader_has(reader, "a/b"));
    assert_true(results_reader_has(reader, "/a/b/yaml"));
    assert_false(results_reader_has(reader, "/a/c"));
    assert_false(results_reader_has(reader, "/c/d/e"));
    ASSERT_DONE(results_reader_read_document(reader, "/a/b/yaml", &text));
    assert_string_equal(text, yaml);
    free(text);
    ASSERT_DONE(results_reader_read_document(reader, "/a/b/empty", &text));
    assert_string_equal(text, "");
    free(text);
    ASSERT_FAILS(results_reader_read_document(reader, "/a", &text), ERROR_INPUT, "no dataset /a");
    assert_null(text);
    results_reader_close(&reader);
    free(yaml);
}

static void test_bad_groups(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    ASSERT_DONE(results_file_group(file, "a", "A group."));
    ASSERT_FAILS(results_file_group(file, "/a", "Again."), ERROR_FILE, "/a: creating the group");
    ASSERT_FAILS(results_file_group(file, "b/c", "No b."), ERROR_FILE, "/b/c: creating");
    ASSERT_FAILS(results_file_group(file, "a b", "A space."), ERROR_MODEL, "'a b' cannot be");
    ASSERT_FAILS(results_file_group(file, "/", "The root."), ERROR_MODEL, "'' cannot be");
    ASSERT_FAILS(results_file_document(file, "/b", "x", "X", ""), ERROR_FILE, "/b/x: creating");
    ASSERT_FAILS(results_file_document(file, "/a", "1", "X", ""), ERROR_MODEL, "'1' cannot be");
    results_file_discard(&file);
}

/* ---- opening what is no results file ---- */

static void write_bytes(const char *bytes, size_t size)
{
    FILE *stream = fopen(target, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void test_open_other_things(void **state)
{
    (void)state;
    remove_files();
    struct results_reader *reader = NULL;
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "No such file");
    ASSERT_FAILS(results_reader_open(&reader, directory), ERROR_INPUT, "is a directory");
    ASSERT_FAILS(results_reader_open(&reader, "/dev/null"), ERROR_INPUT, "no regular file");
    write_bytes("", 0);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "is empty");
    write_bytes("patients: 100\n", 14);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "is not an HDF5 file");
    write_bytes("\x89HDF\r\n\x1a\n and rubbish", 20);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "results.h5: ");
    assert_null(reader);
    results_reader_close(&reader);
}

static void test_open_truncated(void **state)
{
    (void)state;
    remove_files();
    struct results_reader *reader = NULL;
    struct stat facts;
    struct results_file *file = create_table();
    ASSERT_DONE(results_file_commit(&file));
    assert_int_equal(stat(target, &facts), 0);
    assert_int_equal(truncate(target, facts.st_size - 1), 0);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "is cut short");
    assert_int_equal(truncate(target, 600), 0);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "is cut short");
    assert_int_equal(truncate(target, 20), 0);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "results.h5: ");
}

static void test_open_partial(void **state)
{
    (void)state;
    remove_files();
    struct results_reader *reader = NULL;
    struct results_file *file = create();
    results_file_discard(&file);
    ASSERT_FAILS(results_reader_open(&reader, partial), ERROR_INPUT, "is incomplete");
}

/* Writes a file as another program, or another Buyin, would: HDF5 with two attributes. */
static void write_foreign(const char *format, int version)
{
    hid_t file = H5Fcreate(target, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t type = H5Tcopy(H5T_C_S1);
    assert_true(H5Tset_size(type, H5T_VARIABLE) >= 0);
    hid_t text = H5Acreate2(file, "format", type, space, H5P_DEFAULT, H5P_DEFAULT);
    hid_t number =
        H5Acreate2(file, "format_version", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(text, type, &format) >= 0);
    assert_true(H5Awrite(number, H5T_NATIVE_INT, &version) >= 0);
    (void)H5Aclose(number);
    (void)H5Aclose(text);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    assert_true(H5Fclose(file) >= 0);
}

static void test_open_foreign(void **state)
{
    (void)state;
    remove_files();
    struct results_reader *reader = NULL;
    write_foreign("other", 1);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "not a results file of Buyin");
    write_foreign(RESULTS_FORMAT, RESULTS_FORMAT_VERSION + 1);
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT,
                 "has results format 2, this program reads up to 1");
    write_foreign(RESULTS_FORMAT, RESULTS_FORMAT_VERSION); /* without `complete` */
    ASSERT_FAILS(results_reader_open(&reader, target), ERROR_INPUT, "is incomplete");
    assert_null(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commit_renames),   cmocka_unit_test(test_discard_leaves_partial),
        cmocka_unit_test(test_existing_refused), cmocka_unit_test(test_appeared_meanwhile),
        cmocka_unit_test(test_two_writers),      cmocka_unit_test(test_open_locked),
        cmocka_unit_test(test_bad_targets),      cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_disk_full),        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_bad_attributes),   cmocka_unit_test(test_groups_and_documents),
        cmocka_unit_test(test_bad_groups),       cmocka_unit_test(test_open_other_things),
        cmocka_unit_test(test_open_truncated),   cmocka_unit_test(test_open_partial),
        cmocka_unit_test(test_open_foreign),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
