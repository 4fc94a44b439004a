/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/yaml_file.h"

#include "base/error.h"
#include "parameters/file_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The only file that knows libyaml. */

enum { DEPTH_MAX = 8, SHOWN_MAX = 80, ENTRY_MAX = 2000000 };

struct reader {
    struct yaml_file *file;
    yaml_document_t *document;
    size_t capacity;
};

static int flatten(struct reader *reader, int node, int key_node, char *key, int depth);

static int fail_at(const struct reader *reader, yaml_mark_t mark, const char *rule)
{
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %s", reader->file->path, mark.line + 1,
                     mark.column + 1, rule);
}

static const char *scalar_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/** Adds an entry; takes the key over. */
static int add_entry(struct reader *reader, char *key, const yaml_node_t *node,
                     const yaml_node_t *key_node)
{
    int status = 0;
    struct yaml_file *file = reader->file;
    char *value = NULL;
    if (file->count == ENTRY_MAX) {
        FAIL(ERROR_INPUT, "%s: holds more than %d values", file->path, ENTRY_MAX);
    }
    if (file->count == reader->capacity) {
        size_t capacity = reader->capacity * 2 + 64;
        struct yaml_entry *grown = realloc(file->entries, capacity * sizeof *grown);
        if (grown == NULL) {
            FAIL(ERROR_MEMORY, "%s: no memory for its entries", file->path);
        }
        file->entries = grown;
        reader->capacity = capacity;
    }
    struct yaml_entry *entry = &file->entries[file->count];
    memset(entry, 0, sizeof *entry);
    if (node->type == YAML_SCALAR_NODE) {
        if (strlen(scalar_text(node)) != node->data.scalar.length) {
            FAIL(ERROR_INPUT, "%s:%zu:%zu: %.80s: must not hold a zero byte", file->path,
                 node->start_mark.line + 1, node->start_mark.column + 1, key);
        }
        entry->kind = YAML_ENTRY_SCALAR;
        value = strdup(scalar_text(node));
    } else if (node->type == YAML_SEQUENCE_NODE) {
        entry->kind = YAML_ENTRY_LIST;
        entry->items = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
        value = strdup("");
    } else {
        entry->kind = YAML_ENTRY_MAP;
        entry->items = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
        value = strdup("");
    }
    if (value == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory for its entries", file->path);
    }
    entry->key = key;
    entry->value = value;
    entry->key_line = key_node->start_mark.line + 1;
    entry->key_column = key_node->start_mark.column + 1;
    entry->value_line = node->start_mark.line + 1;
    entry->value_column = node->start_mark.column + 1;
    file->count++;
    return 0;
out:
    free(value);
    free(key);
    return status;
}

/** Copies a text for a message: one line, not too long. */
static void show_node(const yaml_node_t *node, char *shown, size_t size)
{
    const char *text = "{...}";
    if (node->type == YAML_SCALAR_NODE) {
        text = scalar_text(node);
    } else if (node->type == YAML_SEQUENCE_NODE) {
        text = "[...]";
    }
    (void)snprintf(shown, size, "%s", text);
    for (char *letter = shown; *letter != '\0'; letter++) {
        if ((unsigned char)*letter < ' ') {
            *letter = ' ';
        }
    }
}

struct key_place {
    const char *text;
    const yaml_node_pair_t *pair;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key_place *first = a, *second = b;
    int order = strcmp(first->text, second->text);
    if (order != 0) {
        return order;
    }
    return (first->pair > second->pair) - (first->pair < second->pair);
}

/** Refuses a key that is given twice in one mapping, and a key that is not a word. */
static int check_keys(struct reader *reader, const yaml_node_t *node, const char *prefix)
{
    int status = 0;
    const yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    size_t count = (size_t)(node->data.mapping.pairs.top - pairs);
    struct key_place *places = calloc(count + 1, sizeof *places);
    char shown[SHOWN_MAX];
    if (places == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory for its keys", reader->file->path);
    }
    for (size_t pair = 0; pair < count; pair++) {
        const yaml_node_t *key = yaml_document_get_node(reader->document, pairs[pair].key);
        if (key->type != YAML_SCALAR_NODE) {
            TRY(fail_at(reader, key->start_mark, "a key must be a word"));
        }
        places[pair].text = scalar_text(key);
        places[pair].pair = &pairs[pair];
    }
    qsort(places, count, sizeof *places, compare_keys);
    for (size_t place = 1; place < count; place++) {
        if (strcmp(places[place].text, places[place - 1].text) == 0) {
            const yaml_node_t *key =
                yaml_document_get_node(reader->document, places[place].pair->key);
            const yaml_node_t *first =
                yaml_document_get_node(reader->document, places[place - 1].pair->key);
            show_node(yaml_document_get_node(reader->document, places[place].pair->value), shown,
                      sizeof shown);
            FAIL(ERROR_INPUT,
                 "%s:%zu:%zu: %s%s%.80s = %s: the key is given twice (before in line %zu)",
                 reader->file->path, key->start_mark.line + 1, key->start_mark.column + 1, prefix,
                 prefix[0] == '\0' ? "" : ".", places[place].text, shown,
                 first->start_mark.line + 1);
        }
    }
out:
    free(places);
    return status;
}

static int flatten_mapping(struct reader *reader, const yaml_node_t *node, const char *prefix,
                           int depth)
{
    int status = check_keys(reader, node, prefix);
    const yaml_node_pair_t *top = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == 0 && pair < top;
         pair++) {
        const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
        size_t size = strlen(prefix) + strlen(scalar_text(key)) + 2;
        char *name = malloc(size);
        if (name == NULL) {
            return error_set(ERROR_MEMORY, "%s: no memory for its keys", reader->file->path);
        }
        (void)snprintf(name, size, "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".",
                       scalar_text(key));
        status = flatten(reader, pair->value, pair->key, name, depth + 1);
    }
    return status;
}

static int flatten_sequence(struct reader *reader, const yaml_node_t *node, const char *prefix,
                            int depth)
{
    int status = 0;
    const yaml_node_item_t *start = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - start);
    for (size_t item = 0; status == 0 && item < count; item++) {
        size_t size = strlen(prefix) + 24;
        char *name = malloc(size);
        if (name == NULL) {
            return error_set(ERROR_MEMORY, "%s: no memory for its lists", reader->file->path);
        }
        (void)snprintf(name, size, "%s[%zu]", prefix, item + 1);
        status = flatten(reader, start[item], start[item], name, depth + 1);
    }
    return status;
}

/** Adds the entries of a node; takes the key over. */
static int flatten(struct reader *reader, int node_index, int key_index, char *key, int depth)
{
    const yaml_node_t *node = yaml_document_get_node(reader->document, node_index);
    const yaml_node_t *key_node = yaml_document_get_node(reader->document, key_index);
    if (depth > DEPTH_MAX) {
        free(key);
        return fail_at(reader, node->start_mark, "is nested too deeply");
    }
    int status = add_entry(reader, key, node, key_node);
    if (status == 0 && node->type == YAML_MAPPING_NODE) {
        status = flatten_mapping(reader, node, key, depth);
    } else if (status == 0 && node->type == YAML_SEQUENCE_NODE) {
        status = flatten_sequence(reader, node, key, depth);
    }
    return status;
}

/** Whether the line of the mark is indented with a tab. */
static bool has_tab(const char *text, size_t line)
{
    while (line > 0 && text != NULL) {
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
        line--;
    }
    while (text != NULL && *text == ' ') {
        text++;
    }
    return text != NULL && *text == '\t';
}

/** Says what libyaml found wrong. */
static int fail_parse(const struct yaml_file *file, const yaml_parser_t *parser)
{
    const char *problem = parser->problem == NULL ? "cannot be parsed" : parser->problem;
    if (parser->error == YAML_MEMORY_ERROR) {
        return error_set(ERROR_MEMORY, "%s: no memory to parse it", file->path);
    }
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_READER_ERROR) {
        mark.line = 0;
        mark.column = 0;
        for (size_t byte = 0; byte < parser->problem_offset && file->text[byte] != '\0'; byte++) {
            mark.column = file->text[byte] == '\n' ? 0 : mark.column + 1;
            mark.line += file->text[byte] == '\n' ? 1 : 0;
        }
    }
    const char *advice = has_tab(file->text, mark.line) ? " (indent with spaces, not tabs)" : "";
    if (parser->context != NULL) {
        return error_set(ERROR_INPUT, "%s:%zu:%zu: not valid YAML: %s, %s%s", file->path,
                         mark.line + 1, mark.column + 1, parser->context, problem, advice);
    }
    return error_set(ERROR_INPUT, "%s:%zu:%zu: not valid YAML: %s%s", file->path, mark.line + 1,
                     mark.column + 1, problem, advice);
}

/** Whether the document holds nothing: no node, or one empty scalar. */
static bool is_empty(const yaml_node_t *root)
{
    return root == NULL || (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0);
}

static int read_document(struct reader *reader, yaml_parser_t *parser)
{
    int status = 0;
    yaml_document_t document, second;
    bool has_second = false;
    if (!yaml_parser_load(parser, &document)) {
        return fail_parse(reader->file, parser);
    }
    reader->document = &document;
    yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root == NULL) {
        goto out; /* an empty file */
    }
    if (!is_empty(root) && root->type != YAML_MAPPING_NODE) {
        TRY(fail_at(reader, root->start_mark, "a file must hold keys and values (key: value)"));
    }
    if (!is_empty(root)) {
        TRY(flatten_mapping(reader, root, "", 0));
    }
    if (!yaml_parser_load(parser, &second)) {
        status = fail_parse(reader->file, parser);
        goto out;
    }
    has_second = true;
    root = yaml_document_get_root_node(&second);
    if (root != NULL) {
        TRY(fail_at(reader, root->start_mark,
                    "a second document starts here: a file holds one document"));
    }
out:
    if (has_second) {
        yaml_document_delete(&second);
    }
    yaml_document_delete(&document);
    reader->document = NULL;
    return status;
}

int yaml_file_read(struct yaml_file *file, const char *path)
{
    int status = 0;
    size_t length = 0;
    yaml_parser_t parser;
    bool has_parser = false;
    struct reader reader = {file, NULL, 0};
    memset(file, 0, sizeof *file);
    file->path = strdup(path);
    if (file->path == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory to read it", path);
    }
    TRY(file_text_read(path, &file->text, &length));
    if (!yaml_parser_initialize(&parser)) {
        FAIL(ERROR_MEMORY, "%s: no memory to parse it", path);
    }
    has_parser = true;
    yaml_parser_set_input_string(&parser, (const unsigned char *)file->text, length);
    TRY(read_document(&reader, &parser));
out:
    if (has_parser) {
        yaml_parser_delete(&parser);
    }
    if (status != 0) {
        yaml_file_free(file);
    }
    return status;
}

void yaml_file_free(struct yaml_file *file)
{
    for (size_t entry = 0; entry < file->count; entry++) {
        free(file->entries[entry].key);
        free(file->entries[entry].value);
    }
    free(file->entries);
    free(file->text);
    free(file->path);
    memset(file, 0, sizeof *file);
}
