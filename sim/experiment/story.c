/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One patient's story. Only this patient is counted, so that the site's event counters are hers:
 * what they gained in a week is what happened to her.
 */
#include "experiment/story.h"

#include "base/error.h"
#include "base/words.h"
#include "observe/pathways.h"
#include "run/setup.h"
#include "run/timeline.h"
#include "run/week.h"
#include "state/indices.h"

#include <stdlib.h>

/* The patient at the end of the week before. */
struct before {
    struct events events;
    int status, held, sessions, failed_attempts, suggestion, own_week;
};

static struct before remember(const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    return (struct before){.events = site->events,
                           .status = p->status[i],
                           .held = p->held[i],
                           .sessions = p->sessions[i],
                           .failed_attempts = p->failed_attempts[i],
                           .suggestion = p->suggestion[i],
                           .own_week = p->own_connection_week[i]};
}

static void say(FILE *stream, int *said, const char *words)
{
    (void)fprintf(stream, "%s%s", *said > 0 ? "; " : "", words);
    (*said)++;
}

static void tell_enrolment(FILE *stream, int *said, const struct site *site,
                           const struct before *before)
{
    const struct events *now = &site->events, *then = &before->events;
    const int64_t offers_gp = now->offers_gp - then->offers_gp;
    const int64_t offers_other = now->offers_other - then->offers_other;
    if (offers_gp + offers_other > 0) {
        const bool accepted =
            now->accepted_gp + now->accepted_other > then->accepted_gp + then->accepted_other;
        say(stream, said, offers_gp > 0 ? "offered a referral by the GP" : "offered a referral");
        (void)fputs(accepted ? ", accepts" : ", declines", stream);
    }
    if (now->returns > then->returns) {
        say(stream, said, "comes back by the known way");
    }
    if (now->left_waiting_list > then->left_waiting_list) {
        say(stream, said, "leaves the waiting list");
    }
    if (now->openings > then->openings) {
        say(stream, said,
            now->takeups > then->takeups ? "opening contact, takes up"
                                         : "opening contact, does not take up");
    }
}

static void tell_session(FILE *stream, int *said, const struct site *site, size_t i,
                         const struct before *before)
{
    const struct patients *p = &site->patients;
    const struct events *now = &site->events, *then = &before->events;
    if (p->sessions[i] > before->sessions) {
        say(stream, said, "");
        (void)fprintf(stream, "session %d", p->sessions[i]);
    }
    if (now->missed_sessions > then->missed_sessions) {
        say(stream, said, "misses a session");
    }
    if (now->goals_met > then->goals_met) {
        say(stream, said, "meets a goal");
    }
    if (now->arranged > then->arranged) {
        say(stream, said, "a GP appointment is arranged");
    }
    if (now->suggestions > then->suggestions) {
        say(stream, said,
            now->pushes > then->pushes ? "pushed towards a service" : "a service is suggested");
        (void)fputs(now->suggestions_accepted > then->suggestions_accepted ? ", accepts"
                                                                           : ", refuses",
                    stream);
        if (p->suggestion[i] != NOTHING) {
            const struct vcse_service *service = &site->services[p->suggestion[i]];
            (void)fprintf(stream, " (%s, %s)", need_names[service->domain],
                          format_names[service->format]);
        }
    }
}

static void tell_connection(FILE *stream, int *said, const struct site *site, size_t i,
                            const struct before *before)
{
    const struct patients *p = &site->patients;
    const struct events *now = &site->events, *then = &before->events;
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        if (now->failed[reason] > then->failed[reason]) {
            say(stream, said, "tries to connect, stopped by ");
            (void)fputs(reason_names[reason], stream);
        }
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        if (now->connections_domain[d] > then->connections_domain[d]) {
            say(stream, said, "connects to a service for ");
            (void)fprintf(stream, "%s needs", need_names[d]);
        }
    }
    if (p->own_connection_week[i] != before->own_week) {
        say(stream, said, "finds support without the link worker's suggestion");
    }
    if (p->held[i] && !before->held) {
        say(stream, said, "is held: seen every four weeks");
    }
}

static void tell_status(FILE *stream, int *said, const struct site *site, size_t i,
                        const struct before *before)
{
    const int status = site->patients.status[i];
    if (status == before->status) {
        return;
    }
    if (status == STATUS_TAPERING) {
        say(stream, said, "contact begins to taper off");
    } else if (status == STATUS_CLOSED) {
        say(stream, said, "contact ends");
    } else if (status == STATUS_DISENGAGED) {
        say(stream, said, "drops out");
    } else if (status == STATUS_ENGAGED && before->status == STATUS_CONNECTED) {
        say(stream, said, "leaves the service connected to");
    }
}

static void tell_week(FILE *stream, const struct site *site, size_t i, const struct before *before)
{
    const struct patients *p = &site->patients;
    char *words = NULL;
    size_t size = 0;
    int said = 0;
    FILE *line = open_memstream(&words, &size);
    if (line == NULL) {
        return;
    }
    tell_enrolment(line, &said, site, before);
    tell_session(line, &said, site, i, before);
    tell_connection(line, &said, site, i, before);
    tell_status(line, &said, site, i, before);
    (void)fclose(line);
    if (said > 0) {
        (void)fprintf(stream, "  week %3d  T %.2f H %.2f S %.2f R %.2f  %s\n", site->week,
                      (double)p->trust[i], (double)p->hope[i], (double)p->stress[i],
                      (double)readiness(site->coefficients, p, i), words);
    }
    free(words);
}

static void write_csv_head(FILE *csv)
{
    (void)fputs(
        "week,status,sessions,suggestion,support,trust,hope,stress,confidence,isolation,clarity,"
        "motivation,coping,ties,enjoyment,uncertainty,readiness,capacity,severity,swemwbs\n",
        csv);
}

static void write_csv_week(FILE *csv, const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    const struct coefficients *c = site->coefficients;
    const float values[] = {p->trust[i],       p->hope[i],        p->stress[i],
                            p->confidence[i],  p->isolation[i],   p->clarity[i],
                            p->motivation[i],  p->coping[i],      p->ties[i],
                            p->enjoyment[i],   p->uncertainty[i], readiness(c, p, i),
                            capacity(c, p, i), severity(c, p, i), wellbeing(c, p, i)};
    (void)fprintf(csv, "%d,%s,%d,%d,%s", site->week, status_names[p->status[i]], p->sessions[i],
                  p->suggestion[i],
                  p->support_domain[i] == NOTHING  ? "none"
                  : p->support_place[i] == NOTHING ? "own"
                                                   : "place");
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
        (void)fprintf(csv, ",%.6g", (double)values[v]);
    }
    (void)fputs("\n", csv);
}

static void introduce(FILE *stream, const struct site *site, size_t i)
{
    const struct patients *p = &site->patients;
    (void)fprintf(stream, "Person %d of %s: %s, %.0f years, %s, deprivation quintile %d\n",
                  p->person[i], site->attributes->name, p->female[i] ? "woman" : "man",
                  (double)p->age[i], ethnicity_names[p->ethnicity[i]], p->quintile[i]);
    (void)fputs("Needs:", stream);
    for (int d = 0; d < NEED_COUNT; d++) {
        if (p->starting_need[d][i] > 0.0f) {
            (void)fprintf(stream, " %s %.2f", need_names[d], (double)p->starting_need[d][i]);
        }
    }
    (void)fputs("\nBarriers:", stream);
    for (int k = 0; k < BARRIER_COUNT; k++) {
        if (p->starting_barrier[k][i] > 0.0f) {
            (void)fprintf(stream, " %s %.2f", barrier_names[k], (double)p->starting_barrier[k][i]);
        }
    }
    (void)fprintf(
        stream,
        "\nRapport %.2f, group aversion %.2f\n\n  At the end of each week, from 0 to 1: T trust, H "
        "hope, S stress, R readiness\n\n",
        (double)p->rapport[i], (double)p->group_aversion[i]);
}

static int find_row(const struct site *site, int person, size_t *row)
{
    for (size_t i = 0; i < site->patients.count; i++) {
        if (site->patients.person[i] == person) {
            *row = i;
            return 0;
        }
    }
    return error_set(ERROR_INPUT,
                     "--id = %d: nobody of that number is offered a referral at %s in replicate %u "
                     "(/cohort lists who is)",
                     person, site->attributes->name, (unsigned)site->key.replicate);
}

/* The pathway is what it was outcome.pathway_weeks after the first session, as in /cohort. */
static void note_pathway(struct site *site, size_t row)
{
    const int first = site->patients.first_session_week[row];
    if (first != NEVER &&
        site->week == first + site->coefficients->parameters.outcome.pathway_weeks) {
        site->patients.pathway[row] = (int32_t)pathway_now(site, row);
    }
}

static void live(FILE *stream, FILE *csv, const struct configuration *configuration,
                 const struct timeline *timeline, struct site *site, size_t row)
{
    for (size_t i = 0; i < site->patients.count; i++) {
        site->patients.counted[i] = i == row;
    }
    while (site->week < site->weeks - 1) {
        const struct before before = remember(site, row);
        timeline_act(timeline, configuration, site);
        week_step(site);
        note_pathway(site, row);
        if (row < site->offered) {
            tell_week(stream, site, row, &before);
            if (csv != NULL) {
                write_csv_week(csv, site, row);
            }
        }
    }
}

int story_tell(FILE *stream, FILE *csv, const struct configuration *configuration,
               const struct story_address *address)
{
    int status = 0;
    struct arena arena = {0};
    struct site site;
    struct timeline timeline;
    size_t row = 0;
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    if (coefficients == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a site");
    }
    if (address->site >= configuration->site_count ||
        address->replicate >= (size_t)configuration->parameters.run.replicates) {
        FAIL(ERROR_INPUT,
             "site %zu, --replicate = %zu: the run has sites 0 to %zu and replicates 0 to %d",
             address->site, address->replicate, configuration->site_count - 1,
             configuration->parameters.run.replicates - 1);
    }
    coefficients_compute(coefficients, &configuration->parameters);
    TRY(setup_site(&site, &arena, coefficients, configuration, address->site,
                   (int)address->replicate, false));
    TRY(find_row(&site, address->person, &row));
    introduce(stream, &site, row);
    if (csv != NULL) {
        write_csv_head(csv);
    }
    TRY(timeline_init(&timeline, &arena, configuration, &site));
    live(stream, csv, configuration, &timeline, &site, row);
    weeks_complete(&site);
    (void)fprintf(stream, "\nPathway: %s; %d session%s; at the end %s\n",
                  pathway_names[site.patients.pathway[row]], site.patients.sessions[row],
                  plural((size_t)site.patients.sessions[row]),
                  status_names[site.patients.status[row]]);
out:
    free(coefficients);
    arena_free(&arena);
    return status;
}
