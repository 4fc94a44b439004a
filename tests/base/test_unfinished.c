/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/unfinished.h"

#include "checks.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
}

/* What a child says on standard error, and how it ends. */
static int interrupted(int number, bool is_ignored, const char *path, char *said, size_t size)
{
    int ends[2], result = 0;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)signal(number, is_ignored ? SIG_IGN : SIG_DFL);
        unfinished_watch();
        unfinished_begin(path);
        unfinished_begin("nowhere/at_all.part"); /* is not there: not said to be removed */
        unfinished_begin("finished.part");
        unfinished_end("finished.part");
        (void)raise(number);
        _exit(7);
    }
    (void)close(ends[1]);
    const ssize_t length = read(ends[0], said, size - 1);
    said[length > 0 ? length : 0] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    return result;
}

static void an_interruption_removes_what_is_unfinished(void **state)
{
    (void)state;
    char folder[] = "/tmp/buyin_unfinished_XXXXXX", path[64], other[64], said[256], expected[256];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.part", folder);
    (void)snprintf(other, sizeof other, "%s/b", folder);
    make_file(other);
    const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++) {
        make_file(path);
        const int result = interrupted(ends[i], false, path, said, sizeof said);
        assert_true(WIFSIGNALED(result) && WTERMSIG(result) == ends[i]);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_equal(access(other, F_OK), 0);
        (void)snprintf(expected, sizeof expected, "buyin: interrupted; removed the unfinished %s\n",
                       path);
        assert_string_equal(said, expected);
    }
    make_file(path);
    const int result = interrupted(SIGINT, true, path, said, sizeof said); /* as under nohup */
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 7);
    assert_int_equal(access(path, F_OK), 0);
    assert_string_equal(said, "");
    (void)unlink(path);
    (void)unlink(other);
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interruption_removes_what_is_unfinished),
    };
    return cmocka_run_group_tests_name("unfinished", tests, NULL, NULL);
}
