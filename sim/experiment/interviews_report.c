/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/interviews.h"

#include <math.h>
#include <string.h>

enum { CELL = 64 };

static const char *const source_keys[SOURCE_COUNT] = {"interviewed", "interviewed_again",
                                                      "observed", "participants"};
static const char *const source_names[SOURCE_COUNT] = {"interviewed", "interviewed again",
                                                       "observed", "all participants"};

static const char *title_of(const char *section)
{
    static const char *const titles[][2] = {
        {"pathway", "Pathways, %"},
        {"participants", "Who takes part, %"},
        {"connected", "Connected through the link worker, % of"},
        {"reason", "What stopped those who took up and never connected, %"},
        {"mean", "Means"},
    };
    for (size_t n = 0; n < sizeof titles / sizeof titles[0]; n++) {
        if (strcmp(titles[n][0], section) == 0) {
            return titles[n][1];
        }
    }
    return section;
}

static double scale_of(const struct study_question *question)
{
    return strcmp(question->unit, "share") == 0 ? 100.0 : 1.0;
}

static int decimals_of(const struct study_question *question)
{
    static const char *const coarse[] = {"share", "year", "session"};
    for (size_t n = 0; n < sizeof coarse / sizeof coarse[0]; n++) {
        if (strcmp(coarse[n], question->unit) == 0) {
            return 1;
        }
    }
    return 2;
}

static const char *write_number(char cell[CELL], const struct study_question *question,
                                double value)
{
    if (isfinite(value)) {
        (void)snprintf(cell, CELL, "%.*f", decimals_of(question), scale_of(question) * value);
        return cell;
    }
    return "-";
}

static const char *write_range(char cell[CELL], const struct study_question *question,
                               const struct study_answer *answer)
{
    const double scale = scale_of(question);
    const int decimals = decimals_of(question);
    if (isfinite(answer->mean)) {
        (void)snprintf(cell, CELL, "%5.*f (%.*f to %.*f)", decimals, scale * answer->mean, decimals,
                       scale * answer->low, decimals, scale * answer->high);
        return cell;
    }
    return "    -";
}

/* Value and half its interval; without a second replicate there is none. */
static const char *write_bias(char cell[CELL], const struct study_question *question,
                              const struct estimate *bias)
{
    const double scale = scale_of(question);
    const int decimals = decimals_of(question);
    if (isfinite(bias->low)) {
        (void)snprintf(cell, CELL, "%+6.*f +- %.*f", decimals, scale * bias->mean, decimals,
                       0.5 * scale * (bias->high - bias->low));
    } else if (isfinite(bias->mean)) {
        (void)snprintf(cell, CELL, "%+6.*f", decimals, scale * bias->mean);
    } else {
        return "     -";
    }
    return cell;
}

/* A line with the title of the section before its first question. */
static void print_section(FILE *stream, int question)
{
    const char *section = study_questions[question].section;
    if (question == 0 || strcmp(section, study_questions[question - 1].section) != 0) {
        (void)fprintf(stream, "%s\n", title_of(section));
    }
}

static void print_answers(FILE *stream, const struct interviews *s)
{
    (void)fputs("\nMean study (95 % range: what one study could find by chance), and the truth\n\n",
                stream);
    (void)fprintf(stream, "  %-22s", "");
    for (int source = 0; source < SOURCE_COUNT; source++) {
        (void)fprintf(stream, " %-20s", source_names[source]);
    }
    (void)fprintf(stream, " %7s %7s\n", "seen", "offered");
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        const struct study_question *question = &study_questions[q];
        char cell[CELL];
        print_section(stream, q);
        (void)fprintf(stream, "  %-22s", question->name);
        for (int source = 0; source < SOURCE_COUNT; source++) {
            (void)fprintf(stream, " %-20s", write_range(cell, question, &s->answers[source][q]));
        }
        (void)fprintf(stream, " %7s", write_number(cell, question, s->seen[q].mean));
        (void)fprintf(stream, " %7s\n", write_number(cell, question, s->offered[q].mean));
    }
}

static void print_bias(FILE *stream, const struct interviews *s)
{
    (void)fputs("\nBias: mean study minus everyone seen (+- half the 95 % interval over "
                "replicates), percentage points or units\n\n",
                stream);
    (void)fprintf(stream, "  %-22s", "");
    for (int source = 0; source < SOURCE_COUNT; source++) {
        (void)fprintf(stream, " %-*s", source + 1 < SOURCE_COUNT ? 20 : 0, source_names[source]);
    }
    (void)fputs("\n", stream);
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        char cell[CELL];
        print_section(stream, q);
        (void)fprintf(stream, "  %-22s", study_questions[q].name);
        for (int source = 0; source < SOURCE_COUNT; source++) {
            (void)fprintf(stream, " %-*s", source + 1 < SOURCE_COUNT ? 20 : 0,
                          write_bias(cell, &study_questions[q], &s->answers[source][q].from_seen));
        }
        (void)fputs("\n", stream);
    }
}

static void print_shortfall(FILE *stream, const struct interviews *s)
{
    const double again = s->persons[SOURCE_INTERVIEWED_AGAIN];
    if (again < (double)s->wanted[SOURCE_INTERVIEWED_AGAIN] - 1e-6) {
        (void)fprintf(stream,
                      "Interviewed again are %.1f people on average, not %zu: the run ends after "
                      "%d weeks, before week 39 after\nthe first session of the others.\n",
                      again, s->wanted[SOURCE_INTERVIEWED_AGAIN], s->weeks);
    }
}

void interviews_print(FILE *stream, const struct interviews *s)
{
    const size_t all = s->wanted[SOURCE_PARTICIPANTS];
    (void)fprintf(
        stream,
        "The study in silico: %zu people interviewed, %zu of them again, %zu observed, "
        "%zu both; %zu in all\n"
        "%zu studies in each of %zu replicates. Weights: invited by trust^%g, observed by "
        "sessions^%g x trust^%g.\n",
        s->wanted[SOURCE_INTERVIEWED], s->wanted[SOURCE_INTERVIEWED_AGAIN],
        s->wanted[SOURCE_OBSERVED],
        s->wanted[SOURCE_INTERVIEWED] + s->wanted[SOURCE_OBSERVED] - all, all, s->draws,
        s->seen[0].replicates, s->trust_exponent, s->session_exponent, s->trust_exponent);
    print_shortfall(stream, s);
    print_answers(stream, s);
    print_bias(stream, s);
    (void)fputs("\nSWEMWBS change: observed over 39 weeks, not an effect. Interviewed: those whose "
                "week 39 lies within the run.\n",
                stream);
    if (s->seen[0].replicates < 2) {
        (void)fputs("One replicate: the bias has no interval; set run.replicates to see its "
                    "uncertainty.\n",
                    stream);
    }
}

void interviews_print_weights(FILE *stream, const struct interviews *designs, size_t count)
{
    (void)fputs("\nBias of the interviewed by the weight of invitation: mean study minus everyone "
                "seen\n(+- half the 95 % interval over replicates), percentage points or units\n\n",
                stream);
    (void)fprintf(stream, "  %-22s", "");
    for (size_t n = 0; n < count; n++) {
        char name[CELL];
        (void)snprintf(name, sizeof name, "trust^%g", designs[n].trust_exponent);
        (void)fprintf(stream, " %-*s", n + 1 < count ? 15 : 0, name);
    }
    (void)fputs("\n", stream);
    for (int q = 0; q < STUDY_QUESTIONS; q++) {
        char cell[CELL];
        print_section(stream, q);
        (void)fprintf(stream, "  %-22s", study_questions[q].name);
        for (size_t n = 0; n < count; n++) {
            const struct study_answer *answer = &designs[n].answers[SOURCE_INTERVIEWED][q];
            (void)fprintf(stream, " %-*s", n + 1 < count ? 15 : 0,
                          write_bias(cell, &study_questions[q], &answer->from_seen));
        }
        (void)fputs("\n", stream);
    }
}

static void print_csv_bias(FILE *stream, const struct estimate *truth, const struct estimate *bias)
{
    (void)fprintf(stream, ",%.9g,%.9g,%.9g,%.9g", truth->mean, bias->mean, bias->low, bias->high);
}

void interviews_print_csv(FILE *stream, const struct interviews *designs, size_t count)
{
    (void)fputs("trust_exponent,session_exponent,source,persons,section,question,unit,mean,low,"
                "high,seen,bias_from_seen,bias_from_seen_low,bias_from_seen_high,offered,"
                "bias_from_offered,bias_from_offered_low,bias_from_offered_high,studies,"
                "replicates\n",
                stream);
    for (size_t n = 0; n < count; n++) {
        const struct interviews *s = &designs[n];
        for (int source = 0; source < SOURCE_COUNT; source++) {
            for (int q = 0; q < STUDY_QUESTIONS; q++) {
                const struct study_question *question = &study_questions[q];
                const struct study_answer *answer = &s->answers[source][q];
                (void)fprintf(stream, "%.9g,%.9g,%s,%.9g,%s,%s,%s,%.9g,%.9g,%.9g",
                              s->trust_exponent, s->session_exponent, source_keys[source],
                              s->persons[source], question->section, question->key, question->unit,
                              answer->mean, answer->low, answer->high);
                print_csv_bias(stream, &s->seen[q], &answer->from_seen);
                print_csv_bias(stream, &s->offered[q], &answer->from_offered);
                (void)fprintf(stream, ",%zu,%zu\n", s->draws, s->seen[0].replicates);
            }
        }
    }
}
