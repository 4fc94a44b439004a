/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/yaml_file.h"

#include "base/error.h"
#include "parameters/file_text.h"
#include "scratch_folder.h"

static const struct yaml_entry *find_entry(const struct yaml_file *file, const char *key)
{
    for (size_t index = 0; index < file->count; index++) {
        if (strcmp(file->entries[index].key, key) == 0) {
            return &file->entries[index];
        }
    }
    fail_msg("no entry '%s'", key);
    return NULL;
}

static void read_good(struct yaml_file *file, const char *text)
{
    scratch_write("a.yaml", text);
    int status = yaml_file_read(file, "a.yaml");
    if (status != 0) {
        fail_msg("%s", error_message());
    }
}

static void nesting_becomes_dots(void **state)
{
    (void)state;
    struct yaml_file file;
    read_good(&file, "gp:\n  base_rate: 5\ndiary.caseload_cap: 40\nsites:\n  - {name: a}\n");
    assert_int_equal(file.count, 6);
    const struct yaml_entry *entry = find_entry(&file, "gp");
    assert_int_equal(entry->kind, YAML_ENTRY_MAP);
    entry = find_entry(&file, "gp.base_rate");
    assert_int_equal(entry->kind, YAML_ENTRY_SCALAR);
    assert_string_equal(entry->value, "5");
    assert_int_equal(entry->key_line, 2);
    assert_int_equal(entry->key_column, 3);
    assert_int_equal(entry->value_line, 2);
    assert_int_equal(entry->value_column, 14);
    assert_string_equal(find_entry(&file, "diary.caseload_cap")->value, "40");
    entry = find_entry(&file, "sites");
    assert_int_equal(entry->kind, YAML_ENTRY_LIST);
    assert_int_equal(entry->items, 1);
    assert_int_equal(find_entry(&file, "sites[1]")->kind, YAML_ENTRY_MAP);
    assert_string_equal(find_entry(&file, "sites[1].name")->value, "a");
    assert_true(strstr(file.text, "diary.caseload_cap: 40") != NULL);
    yaml_file_free(&file);
    assert_null(file.entries);
}

static void empty_files_hold_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "\n\n",         "# only words\n", "---\n",
                                        "{}\n", "\xEF\xBB\xBF", "---\n...\n"};
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        struct yaml_file file;
        read_good(&file, texts[index]);
        assert_int_equal(file.count, 0);
        yaml_file_free(&file);
    }
}

static void anchors_and_windows_lines_are_read(void **state)
{
    (void)state;
    struct yaml_file file;
    read_good(&file, "\xEF\xBB\xBFgp:\r\n  base_rate: &five 5\r\n  age_slope: *five\r\n");
    assert_string_equal(find_entry(&file, "gp.age_slope")->value, "5");
    yaml_file_free(&file);
}

static void expect_refusal(const char *text, const char *message)
{
    struct yaml_file file;
    scratch_write("a.yaml", text);
    assert_int_equal(yaml_file_read(&file, "a.yaml"), ERROR_INPUT);
    assert_string_equal(error_message(), message);
    assert_null(strchr(error_message(), '\n'));
    assert_null(file.entries);
}

static void malformed_yaml_is_refused(void **state)
{
    (void)state;
    expect_refusal("gp: [1, 2\n", "a.yaml:2:1: not valid YAML: while parsing a flow sequence, did "
                                  "not find expected ',' or ']'");
    expect_refusal("gp:\n\tbase_rate: 5\n",
                   "a.yaml:2:1: not valid YAML: while scanning for the next token, found character "
                   "that cannot start any token (indent with spaces, not tabs)");
    expect_refusal("a: 1\nb\xFF: 2\n", "a.yaml:2:2: not valid YAML: invalid leading UTF-8 octet");
    expect_refusal("a: *nobody\n", "a.yaml:1:4: not valid YAML: found undefined alias");
    expect_refusal("a: 1\n---\nb: [\n",
                   "a.yaml:4:1: not valid YAML: while parsing a flow node, did not find expected "
                   "node content");
}

static void other_shapes_are_refused(void **state)
{
    (void)state;
    expect_refusal("- 1\n", "a.yaml:1:1: a file must hold keys and values (key: value)");
    expect_refusal("hello\n", "a.yaml:1:1: a file must hold keys and values (key: value)");
    expect_refusal("? [a]\n: 1\n", "a.yaml:1:3: a key must be a word");
    expect_refusal("a: 1\n---\nb: 2\n",
                   "a.yaml:3:1: a second document starts here: a file holds one document");
    expect_refusal("a: [[[[[[[[[[1]]]]]]]]]]\n", "a.yaml:1:12: is nested too deeply");
    expect_refusal("a: &x [*x]\n", "a.yaml:1:4: is nested too deeply");
    expect_refusal("a: \"b\\0c\"\n", "a.yaml:1:4: a: must not hold a zero byte");
}

static void a_key_given_twice_is_refused(void **state)
{
    (void)state;
    expect_refusal("gp:\n  base_rate: 5\n  base_rate: 6\n",
                   "a.yaml:3:3: gp.base_rate = 6: the key is given twice (before in line 2)");
    expect_refusal("gp: {}\nrun: {}\ngp: {a: 1}\n",
                   "a.yaml:3:1: gp = {...}: the key is given twice (before in line 1)");
    expect_refusal("a: 1\na: [2]\n",
                   "a.yaml:2:1: a = [...]: the key is given twice (before in line 1)");
}

static void unreadable_files_are_refused(void **state)
{
    (void)state;
    struct yaml_file file;
    assert_int_equal(yaml_file_read(&file, "absent.yaml"), ERROR_FILE);
    assert_string_equal(error_message(),
                        "absent.yaml: cannot be opened: No such file or directory");
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(yaml_file_read(&file, "folder"), ERROR_FILE);
    assert_string_equal(error_message(), "folder: is a directory, not a file");
    FILE *stream = fopen("zero.yaml", "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite("a: 1\0b", 1, 6, stream), 6);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(yaml_file_read(&file, "zero.yaml"), ERROR_INPUT);
    assert_string_equal(error_message(), "zero.yaml: is not a text: it holds a zero byte");
    scratch_write("locked.yaml", "a: 1\n");
    assert_int_equal(chmod("locked.yaml", 0), 0);
    if (geteuid() != 0) { /* root reads everything */
        assert_int_equal(yaml_file_read(&file, "locked.yaml"), ERROR_FILE);
        assert_string_equal(error_message(), "locked.yaml: cannot be opened: Permission denied");
    }
}

static void a_long_file_is_read_whole(void **state)
{
    (void)state;
    size_t size = 300000, length = 0;
    char *text = malloc(size + 1), *read = NULL;
    assert_non_null(text);
    memset(text, '#', size);
    text[size] = '\0';
    scratch_write("long.yaml", text);
    assert_int_equal(file_text_read("long.yaml", &read, &length), 0);
    assert_int_equal(length, size);
    assert_string_equal(read, text);
    free(read);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting_becomes_dots),
        cmocka_unit_test(empty_files_hold_nothing),
        cmocka_unit_test(anchors_and_windows_lines_are_read),
        cmocka_unit_test(malformed_yaml_is_refused),
        cmocka_unit_test(other_shapes_are_refused),
        cmocka_unit_test(a_key_given_twice_is_refused),
        cmocka_unit_test(unreadable_files_are_refused),
        cmocka_unit_test(a_long_file_is_read_whole),
    };
    return cmocka_run_group_tests_name("parameters/yaml_file", tests, scratch_begin, scratch_end);
}
