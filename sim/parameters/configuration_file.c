/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/configuration_file.h"

#include "base/error.h"
#include "parameters/configuration.h"
#include "parameters/table.h"
#include "parameters/yaml_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_COUNT_MAX = 256, WHERE_SIZE = 512, KEY_SIZE = 96 };

/** The chain of files that inherit from one another, innermost first. */
struct chain {
    const struct chain *parent;
    const char *path;
    dev_t device;
    ino_t inode;
};

struct application {
    struct configuration *configuration;
    bool *seen; /**< one per row: given in this file */
    size_t file_count;
};

static int apply_file(struct application *application, struct yaml_file *file,
                      const struct chain *parent);

static void write_where(const struct yaml_file *file, size_t line, size_t column, char *where)
{
    (void)snprintf(where, WHERE_SIZE, "%.480s:%zu:%zu", file->path, line, column);
}

static int fail_value(const struct yaml_file *file, const struct yaml_entry *entry,
                      const char *rule)
{
    const char *shown = entry->kind == YAML_ENTRY_LIST  ? "[...]"
                        : entry->kind == YAML_ENTRY_MAP ? "{...}"
                                                        : entry->value;
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %.80s = %.80s: %s", file->path, entry->value_line,
                     entry->value_column, entry->key, shown, rule);
}

/** The path of a file that another one names. The caller frees it. */
static char *join_path(const char *file_path, const char *name)
{
    const char *slash = strrchr(file_path, '/');
    size_t stem = name[0] == '/' || slash == NULL ? 0 : (size_t)(slash - file_path) + 1;
    size_t size = stem + strlen(name) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        (void)snprintf(path, size, "%.*s%s", (int)stem, file_path, name);
    }
    return path;
}

static int append_text(struct configuration *configuration, const struct yaml_file *file)
{
    size_t old = strlen(configuration->text);
    size_t size = old + strlen(file->path) + strlen(file->text) + 8;
    char *text = realloc(configuration->text, size);
    if (text == NULL) {
        return error_set(ERROR_MEMORY, "%s: no memory to keep its text", file->path);
    }
    configuration->text = text;
    size_t length = strlen(file->text);
    const char *end = length > 0 && file->text[length - 1] != '\n' ? "\n" : "";
    (void)snprintf(text + old, size - old, "# %s\n%s%s", file->path, file->text, end);
    return 0;
}

/* ---- inherits ---- */

static bool is_inherits(const struct yaml_entry *entry)
{
    return strcmp(entry->key, "inherits") == 0 || strncmp(entry->key, "inherits[", 9) == 0;
}

/** Refuses a file that is already being read, and names the loop. */
static int check_loop(const struct yaml_file *file, const struct yaml_entry *entry,
                      const char *path, const struct chain *chain)
{
    struct stat information;
    char names[512] = "";
    if (stat(path, &information) != 0) {
        return 0; /* reading it will say so */
    }
    const struct chain *link = chain;
    while (link != NULL &&
           !(link->device == information.st_dev && link->inode == information.st_ino)) {
        link = link->parent;
    }
    if (link == NULL) {
        return 0;
    }
    size_t length = (size_t)snprintf(names, sizeof names, "%s", path);
    for (const struct chain *step = chain; step != link->parent && length < sizeof names - 1;
         step = step->parent) {
        char longer[sizeof names];
        length = (size_t)snprintf(longer, sizeof longer, "%.200s -> %.300s", step->path, names);
        memcpy(names, longer, sizeof names);
    }
    return error_set(ERROR_INPUT, "%s:%zu:%zu: inherits = %.80s: must not form a loop: %s",
                     file->path, entry->value_line, entry->value_column, entry->value, names);
}

static int inherit_one(struct application *application, const struct yaml_file *file,
                       const struct yaml_entry *entry, const struct chain *chain)
{
    int status = 0;
    struct yaml_file parent;
    memset(&parent, 0, sizeof parent);
    char *path = join_path(file->path, entry->value);
    if (path == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory to inherit from a file", file->path);
    }
    TRY(check_loop(file, entry, path, chain));
    if (++application->file_count > FILE_COUNT_MAX) {
        TRY(fail_value(file, entry, "is one file too many to inherit from"));
    }
    status = yaml_file_read(&parent, path);
    if (status == ERROR_FILE) {
        char reason[512];
        (void)snprintf(reason, sizeof reason, "%s", error_message());
        FAIL(ERROR_FILE, "%s:%zu:%zu: inherits = %.80s: %s", file->path, entry->value_line,
             entry->value_column, entry->value, reason);
    }
    if (status != 0) {
        goto out;
    }
    TRY(apply_file(application, &parent, chain));
out:
    yaml_file_free(&parent);
    free(path);
    return status;
}

static int inherit_all(struct application *application, const struct yaml_file *file,
                       const struct chain *chain)
{
    int status = 0;
    for (size_t index = 0; status == 0 && index < file->count; index++) {
        const struct yaml_entry *entry = &file->entries[index];
        if (!is_inherits(entry) ||
            (entry->kind == YAML_ENTRY_LIST && strcmp(entry->key, "inherits") == 0)) {
            continue;
        }
        if (entry->kind != YAML_ENTRY_SCALAR || entry->value[0] == '\0') {
            return fail_value(file, entry, "must be the name of a file or a list of names");
        }
        status = inherit_one(application, file, entry, chain);
    }
    return status;
}

/* ---- sites ---- */

/** The keys of a site; the number is checked as that of the parameter named here. */
static const struct {
    const char *key;
    enum site_key bit;
    const char *parameter;
} site_keys[] = {
    {"name", SITE_KEY_NAME, NULL},
    {"region", SITE_KEY_REGION, NULL},
    {"link_workers", SITE_KEY_LINK_WORKERS, "site.link_workers"},
    {"months_in_role", SITE_KEY_MONTHS_IN_ROLE, "site1.months_in_role"},
    {"deprivation", SITE_KEY_DEPRIVATION, "site1.deprivation"},
    {"primary_care_managed", SITE_KEY_PRIMARY_CARE_MANAGED, "site1.primary_care_managed"},
    {"practices", SITE_KEY_PRACTICES, "site1.practices"},
    {"set_up_with_link_workers", SITE_KEY_SET_UP_WITH_LINK_WORKERS,
     "site1.set_up_with_link_workers"},
    {"copies", SITE_KEY_COPIES, NULL},
};

enum { SITE_KEY_COUNT = sizeof site_keys / sizeof site_keys[0] };

static int fail_site_key(const struct yaml_file *file, const struct yaml_entry *entry,
                         const char *key)
{
    const char *nearest = site_keys[0].key;
    size_t best = parameter_distance(key, nearest);
    for (size_t index = 1; index < SITE_KEY_COUNT; index++) {
        size_t distance = parameter_distance(key, site_keys[index].key);
        if (distance < best) {
            best = distance;
            nearest = site_keys[index].key;
        }
    }
    char where[WHERE_SIZE], advice[64] = "";
    write_where(file, entry->key_line, entry->key_column, where);
    if (best <= 3) {
        (void)snprintf(advice, sizeof advice, "; did you mean '%s'?", nearest);
    }
    return error_set(ERROR_INPUT, "%s: %.80s = %.80s: unknown key of a site%s", where, entry->key,
                     entry->value, advice);
}

/** Takes over a text of a site. */
static int set_site_text(const struct yaml_file *file, const struct yaml_entry *entry,
                         struct listed_site *site, enum site_key bit)
{
    if (strlen(entry->value) >= SITE_TEXT_SIZE) {
        return fail_value(file, entry, "must be at most 31 bytes long");
    }
    if (bit == SITE_KEY_NAME && entry->value[0] == '\0') {
        return fail_value(file, entry, "must not be empty");
    }
    char *target = bit == SITE_KEY_NAME ? site->attributes.name : site->attributes.region;
    (void)snprintf(target, SITE_TEXT_SIZE, "%s", entry->value);
    return 0;
}

/** Takes over a number of a site; `scratch` serves to read and check it. */
static int set_site_number(const struct yaml_file *file, const struct yaml_entry *entry,
                           struct listed_site *site, enum site_key bit,
                           const struct parameter_row *row)
{
    struct parameters scratch;
    char where[WHERE_SIZE], name[KEY_SIZE];
    struct site_attributes *attributes = &site->attributes;
    parameters_default(&scratch);
    write_where(file, entry->value_line, entry->value_column, where);
    (void)snprintf(name, sizeof name, "%s", entry->key);
    int status = parameter_read_text(&scratch, row, name, entry->value, where);
    if (status != 0) {
        return status;
    }
    double value = parameter_value(&scratch, row);
    switch (bit) {
    case SITE_KEY_LINK_WORKERS:
        attributes->link_workers = (int)value;
        break;
    case SITE_KEY_MONTHS_IN_ROLE:
        attributes->months_in_role = value;
        break;
    case SITE_KEY_DEPRIVATION:
        attributes->deprivation = (int)value;
        break;
    case SITE_KEY_PRIMARY_CARE_MANAGED:
        attributes->primary_care_managed = value != 0;
        break;
    case SITE_KEY_PRACTICES:
        attributes->practices = (int)value;
        break;
    case SITE_KEY_SET_UP_WITH_LINK_WORKERS:
        attributes->set_up_with_link_workers = value != 0;
        break;
    default:
        site->copies = (int)value;
    }
    return 0;
}

static int set_site_key(const struct yaml_file *file, const struct yaml_entry *entry,
                        const char *key, struct listed_site *site)
{
    static const struct parameter_row copies = {
        "copies", "sites", "count", "design",
        "",       "",      "",      PARAMETER_INT,
        1,        1,       1000000, offsetof(struct parameters, site.number),
        NULL,     0,       NULL};
    int status = 0;
    size_t index = 0;
    while (index < SITE_KEY_COUNT && strcmp(site_keys[index].key, key) != 0) {
        index++;
    }
    if (index == SITE_KEY_COUNT) {
        return fail_site_key(file, entry, key);
    }
    if (entry->kind != YAML_ENTRY_SCALAR) {
        return fail_value(file, entry, "must be a single value");
    }
    enum site_key bit = site_keys[index].bit;
    if (bit == SITE_KEY_NAME || bit == SITE_KEY_REGION) {
        TRY(set_site_text(file, entry, site, bit));
    } else {
        const struct parameter_row *row =
            bit == SITE_KEY_COPIES ? &copies : parameter_find(site_keys[index].parameter);
        TRY(set_site_number(file, entry, site, bit, row));
    }
    site->given |= (unsigned)bit;
out:
    return status;
}

/** Refuses a name that an earlier site of the list has. */
static int check_site_name(const struct configuration *configuration, const struct yaml_file *file,
                           const struct yaml_entry *entry, const struct listed_site *site)
{
    for (size_t index = 0; index < configuration->listed_count; index++) {
        const struct listed_site *other = &configuration->listed[index];
        if ((site->given & SITE_KEY_NAME) && (other->given & SITE_KEY_NAME) &&
            strcmp(other->attributes.name, site->attributes.name) == 0) {
            return error_set(ERROR_INPUT,
                             "%s:%zu:%zu: %.80s.name = %s: must differ from the name of sites[%zu]",
                             file->path, entry->value_line, entry->value_column, entry->key,
                             site->attributes.name, index + 1);
        }
    }
    return 0;
}

/** Reads the item of the list that starts at entry `*index`, and moves past it. */
static int apply_site(struct configuration *configuration, const struct yaml_file *file,
                      size_t *index)
{
    int status = 0;
    const struct yaml_entry *item = &file->entries[*index];
    size_t stem = strlen(item->key);
    struct listed_site site;
    memset(&site, 0, sizeof site);
    site.copies = 1;
    if (item->kind != YAML_ENTRY_MAP) {
        return fail_value(file, item,
                          "must be a site: keys and values such as name: and practices:");
    }
    for ((*index)++; *index < file->count; (*index)++) {
        const struct yaml_entry *entry = &file->entries[*index];
        if (strncmp(entry->key, item->key, stem) != 0 || entry->key[stem] != '.') {
            break;
        }
        TRY(set_site_key(file, entry, entry->key + stem + 1, &site));
    }
    TRY(check_site_name(configuration, file, item, &site));
    TRY(configuration_add_site(configuration, &site.attributes, site.given, site.copies));
out:
    return status;
}

static int apply_sites(struct configuration *configuration, const struct yaml_file *file,
                       size_t *index)
{
    int status = 0;
    const struct yaml_entry *list = &file->entries[*index];
    if (list->kind != YAML_ENTRY_LIST || list->items == 0) {
        return fail_value(file, list, "must be a list of at least one site");
    }
    free(configuration->listed); /* a later list replaces an inherited one */
    configuration->listed = NULL;
    configuration->listed_count = 0;
    (*index)++;
    while (*index < file->count && strncmp(file->entries[*index].key, "sites[", 6) == 0) {
        TRY(apply_site(configuration, file, index));
    }
out:
    return status;
}

/* ---- parameters ---- */

static bool is_section(const char *key)
{
    for (size_t section = 0; section < parameter_section_count(); section++) {
        if (strcmp(parameter_section(section)->name, key) == 0) {
            return true;
        }
    }
    return false;
}

static int set_words(const struct yaml_file *file, const struct yaml_entry *entry, char **target)
{
    if (entry->kind != YAML_ENTRY_SCALAR) {
        return fail_value(file, entry, "must be a text");
    }
    char *copy = strdup(entry->value);
    if (copy == NULL) {
        return error_set(ERROR_MEMORY, "%s: no memory to keep its title", file->path);
    }
    free(*target);
    *target = copy;
    return 0;
}

static int fail_unknown(const struct yaml_file *file, const struct yaml_entry *entry)
{
    char where[WHERE_SIZE];
    struct parameters scratch;
    const char *shown = entry->kind == YAML_ENTRY_LIST  ? "[...]"
                        : entry->kind == YAML_ENTRY_MAP ? "{...}"
                                                        : entry->value;
    write_where(file, entry->key_line, entry->key_column, where);
    if (strchr(entry->key, '.') == NULL) { /* perhaps a section */
        for (size_t section = 0; section < parameter_section_count(); section++) {
            const char *name = parameter_section(section)->name;
            if (parameter_distance(entry->key, name) <= 2) {
                return error_set(ERROR_INPUT,
                                 "%s: %.80s = %.80s: unknown section; did you mean '%s'?", where,
                                 entry->key, shown, name);
            }
        }
    }
    return parameter_set_text(&scratch, entry->key, shown, where);
}

/** The file of starting patients is named relative to the file that names it. */
static int place_population_file(struct configuration *configuration, const struct yaml_file *file,
                                 const struct yaml_entry *entry)
{
    if (entry->value[0] == '\0') {
        return 0;
    }
    char *path = join_path(file->path, entry->value);
    int status = 0;
    if (path == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory for a path", file->path);
    }
    if (strlen(path) >= PARAMETER_TEXT_SIZE) {
        TRY(fail_value(file, entry, "must be a path of at most 511 bytes, with its folder"));
    }
    (void)snprintf(configuration->parameters.population.file, PARAMETER_TEXT_SIZE, "%s", path);
out:
    free(path);
    return status;
}

static int apply_parameter(struct application *application, const struct yaml_file *file,
                           const struct yaml_entry *entry)
{
    int status = 0;
    struct configuration *configuration = application->configuration;
    const struct parameter_row *row = parameter_find(entry->key);
    char where[WHERE_SIZE];
    if (row == NULL) {
        return fail_unknown(file, entry);
    }
    if (entry->kind != YAML_ENTRY_SCALAR) {
        return fail_value(file, entry, "must be a single value");
    }
    if (application->seen[parameter_index(row)]) {
        return error_set(ERROR_INPUT, "%s:%zu:%zu: %s = %.80s: %s is given twice in this file",
                         file->path, entry->key_line, entry->key_column, entry->key, entry->value,
                         row->name);
    }
    write_where(file, entry->value_line, entry->value_column, where);
    TRY(parameter_read_text(&configuration->parameters, row, entry->key, entry->value, where));
    if (strcmp(row->name, "population.file") == 0) {
        TRY(place_population_file(configuration, file, entry));
    }
    application->seen[parameter_index(row)] = true;
    configuration->is_set[parameter_index(row)] = true;
out:
    return status;
}

/* ---- sweep ---- */

static bool is_sweep(const struct yaml_entry *entry)
{
    return strcmp(entry->key, "sweep") == 0 || strncmp(entry->key, "sweep[", 6) == 0;
}

/** Keeps a line of the sweep with its place; what it says is read when it is run. */
static int apply_sweep(struct configuration *configuration, const struct yaml_file *file,
                       const struct yaml_entry *entry)
{
    if (strcmp(entry->key, "sweep") == 0) {
        if (entry->kind != YAML_ENTRY_LIST || entry->items == 0) {
            return fail_value(file, entry, "must be a list of one key=range or more");
        }
        configuration->sweep[0] = '\0'; /* replaces what an inherited file sweeps over */
        return 0;
    }
    if (entry->kind != YAML_ENTRY_SCALAR) {
        return fail_value(file, entry, "must be a text of the form key=range");
    }
    char where[WHERE_SIZE];
    write_where(file, entry->value_line, entry->value_column, where);
    const size_t old = strlen(configuration->sweep);
    const size_t size = old + strlen(where) + strlen(entry->value) + 3;
    char *sweep = realloc(configuration->sweep, size);
    if (sweep == NULL) {
        return error_set(ERROR_MEMORY, "%s: no memory to keep its sweep", file->path);
    }
    configuration->sweep = sweep;
    (void)snprintf(sweep + old, size - old, "%s\t%s\n", where, entry->value);
    return 0;
}

static int apply_entries(struct application *application, const struct yaml_file *file)
{
    int status = 0;
    struct configuration *configuration = application->configuration;
    size_t index = 0;
    while (status == 0 && index < file->count) {
        const struct yaml_entry *entry = &file->entries[index];
        if (strcmp(entry->key, "sites") == 0) {
            status = apply_sites(configuration, file, &index);
            continue;
        }
        if (strcmp(entry->key, "uncertain") == 0) {
            status = uncertain_read(configuration, file, &index);
            continue;
        }
        index++;
        if (is_inherits(entry)) {
            continue;
        }
        if (interventions_own(entry->key)) {
            status = interventions_read_entry(configuration, file, entry);
        } else if (is_sweep(entry)) {
            status = apply_sweep(configuration, file, entry);
        } else if (strcmp(entry->key, "title") == 0) {
            status = set_words(file, entry, &configuration->title);
        } else if (strcmp(entry->key, "description") == 0) {
            status = set_words(file, entry, &configuration->description);
        } else if (!is_section(entry->key)) {
            status = apply_parameter(application, file, entry);
        } else if (entry->kind == YAML_ENTRY_LIST || entry->value[0] != '\0') {
            status = fail_value(file, entry, "is a section: give keys and values below it");
        }
    }
    return status;
}

static int apply_file(struct application *application, struct yaml_file *file,
                      const struct chain *parent)
{
    int status = 0;
    struct stat information;
    struct chain chain = {parent, file->path, 0, 0};
    if (stat(file->path, &information) == 0) {
        chain.device = information.st_dev;
        chain.inode = information.st_ino;
    }
    TRY(inherit_all(application, file, &chain));
    memset(application->seen, 0, parameter_count() * sizeof *application->seen);
    TRY(append_text(application->configuration, file));
    TRY(apply_entries(application, file));
    uncertain_end_file(application->configuration, application->seen);
out:
    return status;
}

int configuration_apply_file(struct configuration *configuration, const char *path)
{
    int status = 0;
    struct yaml_file file;
    struct application application = {configuration, NULL, 1};
    memset(&file, 0, sizeof file);
    application.seen = calloc(parameter_count(), sizeof *application.seen);
    if (application.seen == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory to read it", path);
    }
    TRY(yaml_file_read(&file, path));
    TRY(apply_file(&application, &file, NULL));
out:
    yaml_file_free(&file);
    free(application.seen);
    return status;
}
