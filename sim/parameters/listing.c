/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/listing.h"

#include "base/error.h"
#include "base/words.h"
#include "parameters/table.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = PARAMETER_TEXT_SIZE, LINE_LENGTH = 92 };

static const char *const kind_words[] = {"real", "whole", "flag", "choice", "text"};

static int check_stream(FILE *stream)
{
    if (fflush(stream) != 0 || ferror(stream)) {
        return error_set(ERROR_FILE, "a listing could not be written");
    }
    return 0;
}

/* ---- words about a row ---- */

static const struct parameters *standard_values(void)
{
    static _Thread_local struct parameters standard;
    parameters_default(&standard);
    return &standard;
}

/** The range in words: "0 to 50", "true or false", "cohort, registered". */
static void write_range(const struct parameter_row *row, char *range, size_t size)
{
    char low[40], high[40];
    size_t length = 0;
    if (row->kind == PARAMETER_FLAG) {
        (void)snprintf(range, size, "0 or 1");
    } else if (row->kind == PARAMETER_TEXT) {
        (void)snprintf(range, size, "text");
    } else if (row->kind == PARAMETER_CHOICE) {
        range[0] = '\0';
        for (size_t word = 0; word < row->word_count && length < size; word++) {
            length += (size_t)snprintf(range + length, size - length, "%s%s", word == 0 ? "" : ", ",
                                       row->words[word].word);
        }
    } else {
        (void)parameter_format_number(row->low, low, sizeof low);
        (void)parameter_format_number(row->high, high, sizeof high);
        (void)snprintf(range, size, "%s to %s", low, high);
    }
}

static const char *short_name(const struct parameter_row *row)
{
    return row->name + strlen(row->section) + 1;
}

/** Which rows are listed: those in which the words occur, of which each is given once. */
struct listed_rows {
    const char *const *words;
    size_t next;         /* where to look */
    const char *section; /* of the row given last; NULL: none yet */
    const char *title;   /* of the section that the row given last begins; otherwise NULL */
};

static bool row_has_words(const struct parameter_row *row, const char *const *words)
{
    const char *const texts[] = {row->name,          row->meaning, row->unit,
                                 row->configuration, row->symbol,  NULL};
    return words_occur(words, texts);
}

static const char *section_title(const char *name)
{
    for (size_t section = 0; section < parameter_section_count(); section++) {
        if (strcmp(parameter_section(section)->name, name) == 0) {
            return parameter_section(section)->title;
        }
    }
    return "";
}

/** The next row to list, or NULL after the last. */
static const struct parameter_row *next_row(struct listed_rows *rows)
{
    while (rows->next < parameter_count()) {
        const struct parameter_row *row = parameter_row(rows->next++);
        if (row_has_words(row, rows->words)) {
            const bool begins = rows->section == NULL || strcmp(rows->section, row->section) != 0;
            rows->title = begins ? section_title(row->section) : NULL;
            rows->section = row->section;
            return row;
        }
    }
    return NULL;
}

void listing_print_quoted(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text != '\0'; text++) {
        unsigned char letter = (unsigned char)*text;
        if (letter == '"' || letter == '\\') {
            fprintf(stream, "\\%c", letter);
        } else if (letter == '\n') {
            fputs("\\n", stream);
        } else if (letter < ' ' || letter == 0x7f) {
            fprintf(stream, "\\u%04x", (unsigned)letter);
        } else {
            fputc(letter, stream);
        }
    }
    fputc('"', stream);
}

/* ---- table ---- */

static void print_table(FILE *stream, const struct parameters *parameters, struct listed_rows rows)
{
    char value[VALUE_SIZE], standard[VALUE_SIZE], range[160];
    const char *gap = "";
    for (const struct parameter_row *row; (row = next_row(&rows)) != NULL;) {
        if (rows.title != NULL) {
            fprintf(stream, "%s%s\n", gap, rows.title);
            gap = "\n";
        }
        (void)parameter_format(parameters, row, value, sizeof value);
        (void)parameter_format(standard_values(), row, standard, sizeof standard);
        write_range(row, range, sizeof range);
        fprintf(stream, "  %-38s %12s %-18s default %s; %s; %s%s%s\n      %s\n", row->name,
                value[0] == '\0' ? "\"\"" : value, row->unit,
                standard[0] == '\0' ? "\"\"" : standard, range, row->source,
                row->configuration[0] == '\0' ? "" : "; ", row->configuration, row->meaning);
    }
}

/* ---- YAML ---- */

/** Writes a comment, broken into lines. */
static void print_comment(FILE *stream, const char *text)
{
    while (*text != '\0') {
        size_t length = strlen(text);
        if (length > LINE_LENGTH) {
            length = LINE_LENGTH;
            while (length > 0 && text[length] != ' ') {
                length--;
            }
            length = length == 0 ? strcspn(text, " ") : length;
        }
        fprintf(stream, "  # %.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static void print_yaml_row(FILE *stream, const struct parameter_row *row, const char *value)
{
    char standard[VALUE_SIZE], range[160], comment[2 * VALUE_SIZE];
    (void)parameter_format(standard_values(), row, standard, sizeof standard);
    write_range(row, range, sizeof range);
    print_comment(stream, row->meaning);
    bool has_unit = row->unit[0] != '\0' && strcmp(row->unit, "1") != 0;
    (void)snprintf(comment, sizeof comment, "[%s%s%s; default %s; source: %s%s%s%s%s]", range,
                   has_unit ? ", " : "", has_unit ? row->unit : "",
                   standard[0] == '\0' ? "empty" : standard, row->source,
                   row->symbol[0] == '\0' ? "" : "; symbol: ", row->symbol,
                   row->configuration[0] == '\0' ? "" : "; configuration: ", row->configuration);
    print_comment(stream, comment);
    fprintf(stream, "  %s: ", short_name(row));
    if (row->kind == PARAMETER_TEXT) {
        listing_print_quoted(stream, value);
    } else {
        fputs(value, stream);
    }
    fputc('\n', stream);
}

/** `population_path` replaces the path of the starting patients unless it is NULL. */
static void print_yaml(FILE *stream, const struct parameters *parameters, struct listed_rows rows,
                       const char *population_path)
{
    char value[VALUE_SIZE];
    const char *gap = "";
    for (const struct parameter_row *row; (row = next_row(&rows)) != NULL;) {
        if (rows.title != NULL) {
            fprintf(stream, "%s# %s\n%s:\n", gap, rows.title, row->section);
            gap = "\n";
        }
        (void)parameter_format(parameters, row, value, sizeof value);
        print_yaml_row(stream, row,
                       row->kind == PARAMETER_TEXT && population_path != NULL ? population_path
                                                                              : value);
    }
}

/* ---- JSON ---- */

static void print_json_value(FILE *stream, const struct parameter_row *row,
                             const struct parameters *parameters)
{
    char value[VALUE_SIZE];
    (void)parameter_format(parameters, row, value, sizeof value);
    if (row->kind == PARAMETER_TEXT || row->kind == PARAMETER_CHOICE) {
        listing_print_quoted(stream, value);
    } else if (row->kind == PARAMETER_FLAG) {
        fputs(value[0] == '0' ? "false" : "true", stream);
    } else {
        fputs(value, stream);
    }
}

static void print_json_text(FILE *stream, const char *key, const char *text)
{
    fprintf(stream, ", \"%s\": ", key);
    listing_print_quoted(stream, text);
}

static void print_json(FILE *stream, const struct parameters *parameters, struct listed_rows rows)
{
    char low[40], high[40];
    const char *gap = "[\n";
    for (const struct parameter_row *row; (row = next_row(&rows)) != NULL;) {
        fputs(gap, stream);
        gap = ",\n";
        fprintf(stream, "  {\"name\": \"%s\", \"section\": \"%s\", \"kind\": \"%s\", \"value\": ",
                row->name, row->section, kind_words[row->kind]);
        print_json_value(stream, row, parameters);
        fputs(", \"default\": ", stream);
        print_json_value(stream, row, standard_values());
        if (row->kind == PARAMETER_REAL || row->kind == PARAMETER_INT) {
            (void)parameter_format_number(row->low, low, sizeof low);
            (void)parameter_format_number(row->high, high, sizeof high);
            fprintf(stream, ", \"low\": %s, \"high\": %s", low, high);
        }
        if (row->word_count > 0) {
            fputs(", \"words\": [", stream);
            for (size_t word = 0; word < row->word_count; word++) {
                fprintf(stream, "%s\"%s\"", word == 0 ? "" : ", ", row->words[word].word);
            }
            fputc(']', stream);
        }
        print_json_text(stream, "unit", row->unit);
        print_json_text(stream, "source", row->source);
        print_json_text(stream, "symbol", row->symbol);
        print_json_text(stream, "configuration", row->configuration);
        print_json_text(stream, "meaning", row->meaning);
        fputs("}", stream);
    }
    fputs("\n]\n", stream);
}

/* ---- Markdown ---- */

static void print_markdown(FILE *stream, const struct parameters *parameters,
                           struct listed_rows rows)
{
    char value[VALUE_SIZE], standard[VALUE_SIZE], range[160];
    const char *gap = "";
    for (const struct parameter_row *row; (row = next_row(&rows)) != NULL;) {
        if (rows.title != NULL) {
            fprintf(stream,
                    "%s## %s\n\n| name | value | unit | default | range | source | symbol | "
                    "configuration | meaning |\n| --- | ---: | --- | ---: | --- | --- | --- | "
                    "--- | --- |\n",
                    gap, rows.title);
            gap = "\n";
        }
        (void)parameter_format(parameters, row, value, sizeof value);
        (void)parameter_format(standard_values(), row, standard, sizeof standard);
        write_range(row, range, sizeof range);
        fprintf(stream, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", row->name, value,
                row->unit, standard, range, row->source, row->symbol, row->configuration,
                row->meaning);
    }
    fputs("\n## Sources\n\n| key | source |\n| --- | --- |\n", stream);
    for (size_t source = 0; source < parameter_source_count(); source++) {
        const char *key = parameter_source_key(source);
        fprintf(stream, "| %s | %s |\n", key, parameter_source_text(key));
    }
}

int parameters_print(FILE *stream, enum listing_format format, const struct parameters *parameters,
                     const char *const *words)
{
    const struct listed_rows rows = {.words = words};
    struct listed_rows first = rows;
    if (next_row(&first) == NULL) {
        return error_set(ERROR_INPUT,
                         "no parameter has '%s'%s in its name, unit, symbol, configuration or "
                         "meaning",
                         words[0], words[1] != NULL ? " and the other words" : "");
    }
    switch (format) {
    case LISTING_TABLE:
        print_table(stream, parameters, rows);
        break;
    case LISTING_YAML:
        print_yaml(stream, parameters, rows, NULL);
        break;
    case LISTING_JSON:
        print_json(stream, parameters, rows);
        break;
    case LISTING_MARKDOWN:
        print_markdown(stream, parameters, rows);
        break;
    }
    return check_stream(stream);
}

int population_fields_print(FILE *stream, enum listing_format format)
{
    char low[40], high[40];
    bool is_markdown = format == LISTING_MARKDOWN;
    if (is_markdown) {
        fputs("| field | unit | range | meaning |\n| --- | --- | --- | --- |\n"
              "| `id` |  | at most 31 bytes | Name of the patient; any text or number. |\n",
              stream);
    }
    for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
        const struct population_field_row *row = population_field_row((enum population_field)field);
        (void)parameter_format_number(row->low, low, sizeof low);
        (void)parameter_format_number(row->high, high, sizeof high);
        fprintf(stream, is_markdown ? "| `%s` | %s | %s to %s | %s |\n" : "%s (%s, %s to %s): %s\n",
                row->name, row->unit, low, high, row->meaning);
    }
    return check_stream(stream);
}

/* ---- configurations ---- */

static void print_sites(FILE *stream, const struct configuration *configuration)
{
    char months[40];
    const struct parameter_row *deprivation = parameter_find("site1.deprivation");
    fputs("\n# Sites\nsites:\n", stream);
    for (size_t index = 0; index < configuration->site_count; index++) {
        const struct site_attributes *site = &configuration->sites[index];
        const char *word = "";
        for (size_t choice = 0; choice < deprivation->word_count; choice++) {
            if (deprivation->words[choice].number == site->deprivation) {
                word = deprivation->words[choice].word;
            }
        }
        (void)parameter_format_number(site->months_in_role, months, sizeof months);
        fputs("  - name: ", stream);
        listing_print_quoted(stream, site->name);
        fputs("\n    region: ", stream);
        listing_print_quoted(stream, site->region);
        fprintf(stream,
                "\n    link_workers: %d\n    months_in_role: %s\n    deprivation: %s\n"
                "    primary_care_managed: %d\n    practices: %d\n"
                "    set_up_with_link_workers: %d\n",
                site->link_workers, months, word, site->primary_care_managed ? 1 : 0,
                site->practices, site->set_up_with_link_workers ? 1 : 0);
    }
}

static void print_changes(FILE *stream, const struct intervention *intervention)
{
    static const char *const kinds[] = {"set", "scale", "add"};
    char value[VALUE_SIZE];
    for (int kind = 0; kind < 3; kind++) {
        bool is_begun = false;
        for (size_t i = 0; i < intervention->change_count; i++) {
            const struct change *change = &intervention->changes[i];
            if (!change->is_shock && (int)change->kind == kind) {
                (void)parameter_format_number(change->value, value, sizeof value);
                fprintf(stream, "%s      %s: %s\n",
                        is_begun    ? ""
                        : kind == 0 ? "    set:\n"
                        : kind == 1 ? "    scale:\n"
                                    : "    add:\n",
                        change->key, value);
                is_begun = true;
            }
        }
    }
    bool is_begun = false;
    for (size_t i = 0; i < intervention->change_count; i++) {
        const struct change *change = &intervention->changes[i];
        if (change->is_shock) {
            (void)parameter_format_number(change->value, value, sizeof value);
            fprintf(stream, "%s      %s: {%s: %s}\n", is_begun ? "" : "    shock:\n", change->key,
                    kinds[change->kind], value);
            is_begun = true;
        }
    }
}

static void print_interventions(FILE *stream, const struct configuration *configuration)
{
    if (configuration->intervention_count > 0) {
        fputs("\ninterventions:\n", stream);
    }
    for (size_t n = 0; n < configuration->intervention_count; n++) {
        const struct intervention *intervention = &configuration->interventions[n];
        fputs("  - name: ", stream);
        listing_print_quoted(stream, intervention->name);
        fprintf(stream, "\n    start: %d\n", intervention->start);
        if (intervention->end >= 0) {
            fprintf(stream, "    end: %d\n", intervention->end);
        }
        if (intervention->sites[0] != '\0') { /* kept as ",a,b," */
            fprintf(stream, "    sites: [%.*s]\n", (int)strlen(intervention->sites) - 2,
                    intervention->sites + 1);
        }
        if (intervention->group[0] != '\0') {
            fprintf(stream, "    group: %s\n", intervention->group);
        }
        print_changes(stream, intervention);
    }
}

/* As YAML, which is how they were written. */
void configuration_print_interventions(FILE *stream, const struct configuration *configuration)
{
    print_interventions(stream, configuration);
}

int configuration_write_yaml(FILE *stream, const struct configuration *configuration)
{
    const char *file = configuration->parameters.population.file;
    char *absolute = file[0] == '\0' ? NULL : realpath(file, NULL);
    fputs("title: ", stream);
    listing_print_quoted(stream, configuration->title);
    fputs("\ndescription: ", stream);
    listing_print_quoted(stream, configuration->description);
    fputs("\n\n", stream);
    print_yaml(stream, &configuration->parameters, (struct listed_rows){0}, absolute);
    print_sites(stream, configuration);
    print_interventions(stream, configuration);
    uncertain_print_yaml(stream, configuration);
    free(absolute);
    return check_stream(stream);
}

/* ---- differences ---- */

enum { SITE_ATTRIBUTE_COUNT = 8, ATTRIBUTE_SIZE = 48 };

static const char *const attribute_names[SITE_ATTRIBUTE_COUNT] = {
    "name",        "region",    "link_workers",         "months_in_role",
    "deprivation", "practices", "primary_care_managed", "set_up_with_link_workers"};

/** An attribute of a site as text; "none" where there is no such site. */
static void write_attribute(const struct configuration *configuration, size_t index,
                            size_t attribute, char *text)
{
    if (index >= configuration->site_count) {
        (void)snprintf(text, ATTRIBUTE_SIZE, "none");
        return;
    }
    const struct site_attributes *site = &configuration->sites[index];
    const double values[] = {site->link_workers,
                             site->months_in_role,
                             site->deprivation,
                             site->practices,
                             site->primary_care_managed ? 1 : 0,
                             site->set_up_with_link_workers ? 1 : 0};
    if (attribute < 2) {
        (void)snprintf(text, ATTRIBUTE_SIZE, "'%s'", attribute == 0 ? site->name : site->region);
    } else {
        (void)parameter_format_number(values[attribute - 2], text, ATTRIBUTE_SIZE);
    }
}

/** Prints the sites that differ in one attribute; neighbours with the same change share a line. */
static int print_attribute_difference(FILE *stream, const struct configuration *a,
                                      const struct configuration *b, size_t attribute)
{
    char old[ATTRIBUTE_SIZE], new[ATTRIBUTE_SIZE], next_old[ATTRIBUTE_SIZE],
        next_new[ATTRIBUTE_SIZE];
    size_t most = a->site_count > b->site_count ? a->site_count : b->site_count;
    int count = 0;
    for (size_t first = 0; first < most;) {
        write_attribute(a, first, attribute, old);
        write_attribute(b, first, attribute, new);
        size_t last = first + 1;
        for (; last < most; last++) {
            write_attribute(a, last, attribute, next_old);
            write_attribute(b, last, attribute, next_new);
            if (strcmp(old, next_old) != 0 || strcmp(new, next_new) != 0) {
                break;
            }
        }
        if (strcmp(old, new) != 0) {
            fprintf(stream, "sites[%zu", first + 1);
            if (last > first + 1) {
                fprintf(stream, " to %zu", last);
            }
            fprintf(stream, "].%s: %s -> %s\n", attribute_names[attribute], old, new);
            count++;
        }
        first = last;
    }
    return count;
}

int configuration_difference(FILE *stream, const struct configuration *a,
                             const struct configuration *b)
{
    int count = 0;
    char old[VALUE_SIZE], new[VALUE_SIZE];
    for (size_t index = 0; index < parameter_count(); index++) {
        const struct parameter_row *row = parameter_row(index);
        (void)parameter_format(&a->parameters, row, old, sizeof old);
        (void)parameter_format(&b->parameters, row, new, sizeof new);
        if (strcmp(old, new) != 0) {
            fprintf(stream, "%s: %s -> %s%s%s  # %s\n", row->name, old[0] == '\0' ? "\"\"" : old,
                    new[0] == '\0' ? "\"\"" : new, row->unit[0] == '\0' ? "" : " ", row->unit,
                    row->meaning);
            count++;
        }
    }
    for (size_t attribute = 0; attribute < SITE_ATTRIBUTE_COUNT; attribute++) {
        count += print_attribute_difference(stream, a, b, attribute);
    }
    count += uncertain_print_difference(stream, a, b);
    int status = check_stream(stream);
    return status != 0 ? status : count;
}

int configuration_text(const struct configuration *configuration, char **text)
{
    int status = 0;
    size_t size = 0;
    *text = NULL;
    FILE *stream = open_memstream(text, &size);
    if (stream == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the resolved configuration");
    }
    TRY(configuration_write_yaml(stream, configuration));
out:
    if (stream != NULL && fclose(stream) != 0 && status == 0) {
        status = error_set(ERROR_MEMORY, "no memory for the resolved configuration");
    }
    return status;
}
