/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Switching a row of the theory off changes nothing that it should not.
 *
 * A row acts on a patient at certain moments only: in a session, at an offer, at an ending ...
 * Patients of a site are bound to each other by what they share: link workers' diaries and minds,
 * and places at services. Every random draw has an address, so the full model and the model
 * without the row differ in nothing else. From that follow three claims, each tested bit by bit
 * in every column, for each of the 26 rows, in every week:
 *
 *   landmarks   Until the first event at the site in which the row can act, the whole site is
 *               identical: all patients, link workers, services and counts.
 *   the tie     On the shipped diary, a patient differs only after the row has acted on her, or
 *               after she was waiting or on a caseload while what is shared differed; and what
 *               is shared differs only after the row has acted on someone.
 *   one's own   With minutes and places for all, patients share nothing that could run short:
 *               then a patient differs only after the row has acted on herself, for three years.
 *
 * When a row can act on a patient is written down below, from the model's text, as a function of
 * her week. Where all that the row does is tip a decision (EN1 to EN3, KS3, RD4), it has acted when
 * the decision came out differently; then nothing may differ without such a decision.
 */
#include "two_lives.h"

#include "run/piece.h"

/* The shipped site 1 for three years. */
static const char *const shipped[] = {"site.number=2", NULL};

/* Minutes and places for all: nobody waits, is postponed, or finds a service full. */
static const char *const ample[] = {"site.number=2",           "diary.full_time_equivalent=2",
                                    "diary.hours_per_week=80", "diary.admin_share=0",
                                    "diary.travel_share=0",    "diary.caseload_cap=1000",
                                    "services.places=10000",   NULL};

/* ---------------------------------------------------------------------------------------
 * When a row can act on a patient */

struct moment {
    const struct parameters *k;
    const struct patients *then, *now; /* in the full model, before and after the week */
    const struct patients *other;      /* after it, without the row */
    int week;
};

static bool on_caseload(const struct patients *p, size_t i)
{
    return status_is_on_caseload(p->status[i]);
}

/* Anyone who is told that she is offered a referral: nobody's patient, and now an answer. */
static bool was_offered(const struct moment *m, size_t i)
{
    const int before = m->then->status[i];
    return (before == STATUS_LATENT || before >= STATUS_CLOSED) &&
           m->now->status_week[i] == m->week && m->now->status[i] != STATUS_LATENT;
}

static bool was_opened(const struct moment *m, size_t i)
{
    return m->then->status[i] == STATUS_WAITING && m->now->contact_week[i] == m->week;
}

static bool attended(const struct moment *m, size_t i)
{
    return m->now->sessions[i] > m->then->sessions[i];
}

static bool heard_of_an_option(const struct moment *m, size_t i)
{
    return m->now->options_heard[i] > m->then->options_heard[i];
}

static bool stands_elsewhere(const struct moment *m, size_t i)
{
    return m->now->status[i] != m->other->status[i];
}

/* Nobody trusts more in a session than before it began: T of the week before. */
static bool attended_trusting(const struct moment *m, size_t i)
{
    return attended(m, i) && m->then->trust[i] > 0.0f;
}

/* A life event of the week comes before the session and may raise any need, and stress. */
static bool had_life_event(const struct moment *m, size_t i)
{
    return m->now->draw[DRAW_LIFE][i] < (float)m->k->events.life_event_hazard;
}

/* Found support of her own, or could have left it again in the same week, at the least capacity. */
static bool may_find_own(const struct moment *m, size_t i)
{
    const double leaves = m->k->support.leave_base + m->k->support.leave_capacity;
    const bool has = m->now->support_domain[i] != NOTHING && m->now->support_place[i] == NOTHING;
    return m->now->options_heard[i] > 0 && m->then->support_domain[i] == NOTHING &&
           (has || second_happens(m->now->draw[DRAW_SUPPORT][i], (float)m->k->support.attend,
                                  (float)leaves));
}

/* Has support at the time of step 6; also when it was found and left within the week. */
static bool is_supported(const struct moment *m, size_t i)
{
    return m->then->support_domain[i] != NOTHING || m->now->support_domain[i] != NOTHING ||
           (on_caseload(m->then, i) && m->now->connected_week[i] == m->week) || may_find_own(m, i);
}

static bool is_closed_now(const struct moment *m, size_t i)
{
    return m->now->closing_week[i] == m->week;
}

static bool en1(const struct moment *m, size_t i)
{
    return (was_offered(m, i) || was_opened(m, i)) && stands_elsewhere(m, i);
}

static bool en2_en3(const struct moment *m, size_t i)
{
    return was_offered(m, i) && stands_elsewhere(m, i);
}

static bool en4(const struct moment *m, size_t i)
{
    const bool first = m->then->status[i] == STATUS_LATENT;
    const bool by_gp = !first || m->now->first_offer_by_gp[i] != 0;
    return was_offered(m, i) && by_gp &&
           (m->now->status[i] == STATUS_WAITING || stands_elsewhere(m, i)); /* lends trust */
}

static bool is1_is2(const struct moment *m, size_t i)
{
    return attended(m, i) || (was_opened(m, i) && stands_elsewhere(m, i));
}

static bool ks3(const struct moment *m, size_t i)
{
    return heard_of_an_option(m, i) &&
           m->now->suggestions_accepted[i] != m->other->suggestions_accepted[i];
}

static bool ks4(const struct moment *m, size_t i)
{
    return attended(m, i) && (m->then->need[NEED_FINANCIAL][i] > 0.0f || had_life_event(m, i));
}

/* Between sessions too, as long as there is someone to trust. */
static bool ap1(const struct moment *m, size_t i)
{
    return (on_caseload(m->then, i) || on_caseload(m->now, i)) &&
           (m->then->trust[i] > 0.0f || m->now->trust[i] > 0.0f);
}

static bool ap2(const struct moment *m, size_t i)
{
    static const enum barrier within_reach[] = {BARRIER_HOUSING, BARRIER_INCOME, BARRIER_TRANSPORT,
                                                BARRIER_LANGUAGE};
    bool any = m->then->trust[i] > 0.0f;
    for (size_t b = 0; b < sizeof within_reach / sizeof within_reach[0]; b++) {
        any |= m->then->barrier[within_reach[b]][i] > 0.0f;
    }
    return attended(m, i) && any;
}

static bool ap3(const struct moment *m, size_t i)
{
    return attended(m, i) &&
           (m->then->stress[i] > (float)m->k->session.arranged_gp_stress || had_life_event(m, i));
}

static bool ap4(const struct moment *m, size_t i)
{
    return on_caseload(m->then, i) && m->then->trust[i] > 0.0f;
}

static bool ap5(const struct moment *m, size_t i)
{
    return is_closed_now(m, i) && m->now->taper_attended[i] > 0;
}

/* At the ending, and whenever someone who was told of the way back moves. */
static bool ap6(const struct moment *m, size_t i)
{
    const bool may_return = m->then->status[i] == STATUS_CLOSED && m->then->told[i] != 0;
    return is_closed_now(m, i) ||
           (may_return && (m->now->status_week[i] == m->week || stands_elsewhere(m, i)));
}

/* Trusted, a session motivates; and the link worker may misjudge who is ready for a suggestion. */
static bool rd1(const struct moment *m, size_t i)
{
    return attended_trusting(m, i) ||
           (attended(m, i) && m->now->suggestions_made[i] != m->other->suggestions_made[i]);
}

static bool rd2(const struct moment *m, size_t i)
{
    return heard_of_an_option(m, i) || may_find_own(m, i);
}

static bool rd3(const struct moment *m, size_t i)
{
    return m->now->attempts[i] > m->then->attempts[i] || is_supported(m, i);
}

static bool rd4(const struct moment *m, size_t i)
{
    const bool open = m->then->suggestion[i] != NOTHING || heard_of_an_option(m, i);
    return open && m->now->attempts[i] != m->other->attempts[i];
}

static bool rd6(const struct moment *m, size_t i)
{
    return attended(m, i) && m->then->clarity[i] > (float)m->k->session.goal_clarity;
}

/* ---------------------------------------------------------------------------------------
 * The first event at a site in which a row can act: counts that are 0 until then */

static int64_t offers(const struct site *site)
{
    return site->events.offers_gp + site->events.offers_other;
}

static int64_t offers_by_gp(const struct site *site)
{
    return site->events.offers_gp;
}

static int64_t openings(const struct site *site)
{
    return site->events.openings;
}

static int64_t takeups(const struct site *site)
{
    return site->events.takeups;
}

static int64_t sessions(const struct site *site)
{
    return site->events.diary_sessions - site->events.missed_sessions;
}

static int64_t suggestions(const struct site *site)
{
    return site->events.suggestions;
}

static int64_t open_suggestions(const struct site *site)
{
    return site->events.suggestions_accepted;
}

/* Attempts to connect, and support of one's own. */
static int64_t steps_taken(const struct site *site)
{
    int64_t own = 0;
    for (size_t i = 0; i < site->offered; i++) {
        own += site->patients.own_connection_week[i] != NEVER;
    }
    return own + site->events.attempts;
}

static int64_t endings(const struct site *site)
{
    return site->events.endings;
}

static const struct {
    bool (*acts)(const struct moment *moment, size_t i);
    int64_t (*landmark)(const struct site *site);
} rows[THEORY_COUNT] = {
    [THEORY_EN1] = {en1, offers},
    [THEORY_EN2] = {en2_en3, offers},
    [THEORY_EN3] = {en2_en3, offers},
    [THEORY_EN4] = {en4, offers_by_gp},
    [THEORY_IS1] = {is1_is2, openings},
    [THEORY_IS2] = {is1_is2, openings},
    [THEORY_IS3] = {attended_trusting, sessions},
    [THEORY_IS4] = {attended_trusting, sessions},
    [THEORY_IS5] = {attended_trusting, sessions},
    [THEORY_KS1] = {attended_trusting, sessions},
    [THEORY_KS2] = {attended_trusting, sessions},
    [THEORY_KS3] = {ks3, suggestions},
    [THEORY_KS4] = {ks4, sessions},
    [THEORY_KS5] = {attended, sessions},
    [THEORY_AP1] = {ap1, takeups},
    [THEORY_AP2] = {ap2, sessions},
    [THEORY_AP3] = {ap3, sessions},
    [THEORY_AP4] = {ap4, takeups},
    [THEORY_AP5] = {ap5, endings},
    [THEORY_AP6] = {ap6, endings},
    [THEORY_RD1] = {rd1, sessions},
    [THEORY_RD2] = {rd2, suggestions},
    [THEORY_RD3] = {rd3, steps_taken},
    [THEORY_RD4] = {rd4, open_suggestions},
    [THEORY_RD5] = {is_supported, steps_taken},
    [THEORY_RD6] = {rd6, sessions},
};

/* ---------------------------------------------------------------------------------------
 * The claims */

static struct two_lives lives; /* too large for the stack */

static void the_starting_population_is_the_same(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        for (size_t site = 0; site < 2; site++) {
            lives_begin(&lives, shipped, row, site, (int)site);
            const struct site *a = &lives.on.site, *b = &lives.off.site;
            assert_true(a->patients.count > 400);
            assert_int_equal(a->population, b->population);
            assert_int_equal(a->week, -1);
            assert_int_equal(compare_columns(&lives, NULL, NULL), 0);
            assert_true(same_shared(&lives));
            assert_memory_equal(a->practices, b->practices,
                                (size_t)a->practice_count * sizeof *a->practices);
            assert_memory_equal(a->services, b->services,
                                (size_t)a->service_count * sizeof *a->services);
            lives_end(&lives);
        }
    }
}

/* What does not move must not move: traits, and when and by whom the first offer is made. */
static void check_traits(void)
{
    const struct patients *a = &lives.on.site.patients, *b = &lives.off.site.patients;
    const size_t n = a->count;
    (void)n;
#define SAME(column)                                                                               \
    if (memcmp(a->column, b->column, n * sizeof *a->column) != 0) {                                \
        fail_msg("without %s: %s differs", theory[lives.row].id, #column);                         \
    }
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning) SAME(name)
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (int part = 0; part < (length); part++) {                                                  \
        SAME(name[part])                                                                           \
    }
#define HISTORY(type, name, unit, meaning)
#define STATE(type, name, unit, meaning)
#define STATES(type, name, length, unit, meaning)
#include "state/patient_fields.def"
    SAME(offer_urgency) /* how she was at the first decision */
    SAME(offer_uncertainty)
    SAME(consultations_before_offer)
#undef SAME
}

/* A strength moves the chance of accepting, and the draw stays: without EN1 nobody who accepted
 * declines, without EN2 to EN4 nobody who declined accepts; offers that no GP made stay. */
static void check_first_decisions(void)
{
    const struct patients *a = &lives.on.site.patients, *b = &lives.off.site.patients;
    int moved = 0;
    for (size_t i = 0; i < lives.on.site.offered; i++) {
        const int change = b->accepted_first[i] - a->accepted_first[i];
        moved += change != 0;
        assert_true(lives.row == THEORY_EN1 ? change >= 0 : change <= 0);
        assert_true(lives.row != THEORY_EN4 || a->first_offer_by_gp[i] || change == 0);
    }
    if (lives.row <= THEORY_EN4) {
        assert_true(moved > 5);
    } else {
        assert_int_equal(moved, 0);
    }
}

static void first_offers_and_decisions_are_the_same(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        for (size_t site = 0; site < 2; site++) {
            lives_begin(&lives, shipped, row, site, (int)site);
            while (lives_step(&lives)) {
                assert_int_equal(lives.on.site.offered, lives.off.site.offered);
            }
            assert_true(lives.on.site.offered > 400);
            check_traits();
            check_first_decisions();
            assert_true(count_parted(&lives) > 0); /* the row does do something */
            lives_end(&lives);
        }
    }
}

static void check_landmark(const char *const *settings, int row)
{
    int same_weeks = 0;
    lives_begin(&lives, settings, row, 1, 0);
    while (lives_step(&lives) && rows[row].landmark(&lives.on.site) == 0) {
        const struct site *a = &lives.on.site, *b = &lives.off.site;
        assert_true(rows[row].landmark(b) == 0);
        assert_int_equal(compare_columns(&lives, NULL, NULL), 0);
        assert_true(same_shared(&lives));
        assert_memory_equal(&a->events, &b->events, sizeof a->events);
        assert_int_equal(a->week_consultations, b->week_consultations);
        same_weeks++;
    }
    assert_true(same_weeks > 0 || rows[row].landmark == offers ||
                rows[row].landmark == offers_by_gp);
    assert_true(same_weeks < 30); /* the landmark is reached */
    assert_true(rows[row].landmark != endings || same_weeks > 8);
    lives_end(&lives);
}

static void the_site_is_the_same_until_the_first_event_that_matters(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        check_landmark(shipped, row);
        check_landmark(ample, row);
    }
}

/* Adds those on whom the row acted this week; returns how many have been in all. */
static size_t note_acts(bool *touched, size_t *early)
{
    const struct moment moment = {.k = &lives.on.coefficients.parameters,
                                  .then = &lives.on.then,
                                  .now = &lives.on.site.patients,
                                  .other = &lives.off.site.patients,
                                  .week = lives.on.site.week};
    size_t count = 0;
    for (size_t i = 0; i < lives.on.site.offered; i++) {
        if (!touched[i] && rows[lives.row].acts(&moment, i)) {
            touched[i] = true;
            (*early)++;
        }
        count += touched[i];
    }
    return count;
}

/* Someone on whom the row acted stands on another place, or tried more or less often: who came
 * first to a place, or to the minutes for going along, may differ though the sums agree. */
static bool took_another_place(const bool *touched)
{
    const struct patients *a = &lives.on.site.patients, *b = &lives.off.site.patients;
    for (size_t i = 0; i < lives.on.site.offered; i++) {
        if (touched[i] &&
            (a->support_place[i] != b->support_place[i] || a->attempts[i] != b->attempts[i])) {
            return true;
        }
    }
    return false;
}

/* While what is shared differs, it touches all who wait or are on a caseload. */
static void spread(bool *touched)
{
    const struct patients *then = &lives.on.then, *now = &lives.on.site.patients;
    for (size_t i = 0; i < lives.on.site.offered; i++) {
        touched[i] |= then->status[i] == STATUS_WAITING || now->status[i] == STATUS_WAITING ||
                      on_caseload(then, i) || on_caseload(now, i);
    }
}

static bool *begin_touching(const char *const *settings, int row)
{
    lives_begin(&lives, settings, row, 0, 0);
    bool *touched = calloc(lives.on.site.patients.count, sizeof *touched);
    assert_non_null(touched);
    return touched;
}

static void a_patient_differs_only_by_the_row_or_by_the_shared_diary(void **state)
{
    (void)state;
    int rows_that_part = 0;
    for (int row = 0; row < THEORY_COUNT; row++) {
        bool *touched = begin_touching(shipped, row);
        bool parted = false;
        size_t acted = 0, untouched = 0, same_weeks = 0;
        while (lives_step(&lives)) {
            (void)note_acts(touched, &acted);
            if (acted == 0) {
                assert_true(same_shared(&lives));
                same_weeks++;
            }
            parted |= !same_shared(&lives) || took_another_place(touched);
            if (parted) {
                spread(touched);
            }
            (void)compare_columns(&lives, touched, NULL);
        }
        for (size_t i = 0; i < lives.on.site.offered; i++) {
            untouched += !touched[i];
        }
        assert_true(acted > 0);
        assert_true(same_weeks > 0 || row <= THEORY_EN4);
        assert_true(untouched > 10); /* those who declined, and never came back */
        rows_that_part += parted;
        free(touched);
        lives_end(&lives);
    }
    assert_true(rows_that_part > 18); /* the diary was shared indeed */
}

/* With minutes and places for all, link workers are the same people with the same knowledge. */
static void check_ample_week(void)
{
    const struct site *sites[] = {&lives.on.site, &lives.off.site};
    assert_true(same_staff(&lives));
    for (size_t s = 0; s < 2; s++) {
        const struct link_worker *worker = &sites[s]->link_workers[0];
        const struct parameters *k = &sites[s]->coefficients->parameters;
        assert_int_equal(sites[s]->link_worker_count, 1);
        assert_true(worker->asked <= worker->minutes && worker->postponed == 0);
        assert_true(!worker->worked || worker->spare >= k->connect.accompany_minutes);
        assert_true(worker->caseload < k->diary.caseload_cap);
        assert_int_equal(sites[s]->events.failed[REASON_NO_PLACE], 0);
    }
}

static void with_time_for_all_a_patient_differs_only_by_the_row(void **state)
{
    (void)state;
    for (int row = 0; row < THEORY_COUNT; row++) {
        bool *touched = begin_touching(ample, row);
        size_t acted = 0, at_once = 0, last = 0, parted = 0;
        while (lives_step(&lives)) {
            const size_t before = parted;
            last = acted;
            (void)note_acts(touched, &acted);
            check_ample_week();
            (void)compare_columns(&lives, touched, NULL);
            parted = count_parted(&lives);
            at_once += acted > last && parted > before;
        }
        const size_t untouched = lives.on.site.offered - acted;
        assert_true(untouched > 20);
        assert_true(parted > 5 && parted <= acted);
        assert_true(at_once > 5); /* the moments written down are those at which it acts */
        free(touched);
        lives_end(&lives);
    }
}

/* AP4 makes consultations rarer and nothing else: a GP's other contacts change nobody's state. */
static void a_link_worker_in_the_gps_place_changes_consultations_alone(void **state)
{
    (void)state;
    static const char *const consultations[] = {"consulting",
                                                "consulted",
                                                "consultation_history",
                                                "consultations",
                                                "consultations_from_offer",
                                                "consultations_from_session",
                                                "consultations_before_session",
                                                NULL};
    const char *const *const both[] = {shipped, ample};
    for (size_t n = 0; n < 2; n++) {
        for (size_t site = 0; site < 2; site++) {
            size_t apart = 0;
            lives_begin(&lives, both[n], THEORY_AP4, site, 0);
            while (lives_step(&lives)) {
                apart += compare_columns(&lives, NULL, consultations);
                assert_true(same_shared(&lives));
                assert_int_equal(lives.on.site.events.arranged, lives.off.site.events.arranged);
            }
            assert_true(apart > 100);
            int64_t more = 0;
            for (size_t i = 0; i < lives.on.site.offered; i++) {
                const int a = lives.on.site.patients.consultations[i];
                const int b = lives.off.site.patients.consultations[i];
                assert_true(b >= a); /* the same draw against a larger chance */
                more += b - a;
            }
            assert_true(more > 100);
            lives_end(&lives);
        }
    }
}

/* A link worker goes along whether it helps (RD3) or not: whom, and the minutes, are the same. */
static void going_along_takes_its_time_in_any_case(void **state)
{
    (void)state;
    for (size_t site = 0; site < 2; site++) {
        lives_begin(&lives, ample, THEORY_RD3, site, 0);
        while (lives_step(&lives) && lives.on.site.events.accompanied == 0) {
        }
        assert_true(lives.on.site.events.accompanied > 0);
        assert_int_equal(lives.on.site.events.accompanied, lives.off.site.events.accompanied);
        assert_true(lives.on.site.link_workers[0].accompanying > 0.0);
        assert_true(lives.on.site.link_workers[0].accompanying ==
                    lives.off.site.link_workers[0].accompanying);
        lives_end(&lives);
    }
}

static uint64_t hash_of_piece(const char *const *settings, size_t site, struct tally *sums)
{
    struct configuration c;
    struct piece piece;
    static struct coefficients coefficients;
    small_configuration(&c, settings);
    coefficients_compute(&coefficients, &c.parameters);
    ASSERT_DONE(piece_init(&piece));
    piece.site = site;
    piece.replicate = 1;
    ASSERT_DONE(piece_run(&piece, &c, &coefficients, 0, true));
    uint64_t hash =
        patients_hash(&piece.result.patients, piece.result.patients.count, 14695981039346656037ULL);
    for (size_t i = 0; piece.is_paired && i < piece.result.patients.count; i++) {
        hash = hash * 31 + (uint64_t)piece.without.consultations[i];
        hash = hash * 31 + (uint64_t)(1e6 * (double)piece.without.wellbeing_sum[i]);
    }
    *sums = *piece.tally;
    sums->study.drawn = NULL;
    piece_free(&piece);
    configuration_free(&c);
    return hash;
}

static void strengths_of_1_are_the_model_itself(void **state)
{
    (void)state;
    static char texts[THEORY_COUNT][24];
    static struct tally plain, explicit_one, changed;
    const char *ones[THEORY_COUNT + 2] = {"site.number=2"};
    for (int row = 0; row < THEORY_COUNT; row++) {
        (void)snprintf(texts[row], sizeof texts[row], "mechanisms.%s=1", theory[row].id);
        ones[1 + row] = texts[row];
    }
    for (size_t site = 0; site < 2; site++) {
        const uint64_t hash = hash_of_piece(shipped, site, &plain);
        assert_true(hash == hash_of_piece(ones, site, &explicit_one));
        assert_memory_equal(&plain.events, &explicit_one.events, sizeof plain.events);
        assert_memory_equal(plain.groups, explicit_one.groups, sizeof plain.groups);
        for (int row = 0; row < THEORY_COUNT; row++) { /* and 1.5 is not */
            (void)snprintf(texts[row], sizeof texts[row], "mechanisms.%s=1.5", theory[row].id);
            assert_true(hash != hash_of_piece(ones, site, &changed));
            (void)snprintf(texts[row], sizeof texts[row], "mechanisms.%s=1", theory[row].id);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_starting_population_is_the_same),
        cmocka_unit_test(first_offers_and_decisions_are_the_same),
        cmocka_unit_test(the_site_is_the_same_until_the_first_event_that_matters),
        cmocka_unit_test(a_patient_differs_only_by_the_row_or_by_the_shared_diary),
        cmocka_unit_test(with_time_for_all_a_patient_differs_only_by_the_row),
        cmocka_unit_test(a_link_worker_in_the_gps_place_changes_consultations_alone),
        cmocka_unit_test(going_along_takes_its_time_in_any_case),
        cmocka_unit_test(strengths_of_1_are_the_model_itself),
    };
    return cmocka_run_group_tests_name("isolation", tests, NULL, NULL);
}
