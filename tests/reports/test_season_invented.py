"""A second season, invented: nothing of the counting is made for 2025 alone."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import update

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.season_json import to_json
from tests.reports.seasons import Season

MID_OCTOBER = date(2027, 10, 15)


@pytest.fixture
def season(app):
    return Season(2027)


def circles_of(season, as_of=MID_OCTOBER, key="30"):
    return season_report(season.organisation.id, season.year, as_of).part(key)


def figures_of(season, as_of=MID_OCTOBER, key="30"):
    counting = circles_of(season, as_of, key).counting
    return counting.enrolled_distinct, counting.present_distinct, counting.attendances


def test_a_whole_other_season_gives_its_own_sentences(season):
    circles = season.programme()
    ana, lou = season.person("Ana", "sage-femme"), season.person("Lou", "medecin-generaliste", "Mme")
    women = [season.person(name, "medecin-specialiste") for name in ("Eva", "Ida")]
    first = season.session(circles, "2027-01-05", animator=lou)
    season.session(circles, "2027-03-01", animator=lou)
    season.session(circles, "2027-04-01", status="cancelled", cancel_reason="Effectif insuffisant", animator=lou)
    season.session(circles, "2027-05-01", is_discovery=True, animator=lou)
    for day in ("2027-11-18", "2027-12-30", "2027-12-02"):
        season.session(circles, day, status="open", animator=lou)
    season.session(circles, "2027-12-31", status="draft")
    for person in (ana, *women):
        season.register(person, first)
        season.note(person, first)
    season.note(lou, first)

    part = circles_of(season)

    assert [normalise(one) for one in (part.sessions_sentence, part.cancelled_sentence, part.discovery_sentence)] == [
        "2 cercles de paroles ont été organisés les 5 janvier et 1er mars 2027 ; "
        "trois autres sont prévus les 18 novembre, 2 et 30 décembre",
        "1 séance a été annulée : le 1er avril 2027 (effectif insuffisant)",
        "1 séance de découverte a été proposée le 1er mai 2027 ; elle n'est pas comptée ci-dessus",
    ]
    assert normalise(part.sentence) == (
        "4 professionnelles (1 sage-femme ; 1 médecin généraliste, l'animatrice ; 2 médecins spécialistes) "
        "se sont inscrites à l'activité"
    )
    assert normalise(part.public_sentence) == "4 professionnelles se sont inscrites à l'activité"
    assert normalise(part.animators_sentence) == "4 en comptant l'animatrice, 3 sans elle"
    assert normalise(part.figures_sentence) == "4 inscrits distincts, 4 présents distincts, 4 présences cumulées"


def test_a_line_is_feminine_only_when_everyone_of_it_said_so(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    for name, profession, civility in (
        ("Ana", "psychologue", "Mme"),
        ("Eva", "dieteticien", "Mme"),
        ("Ida", "dieteticien", "Mme"),
        ("Una", "pharmacien", "Mme"),
        ("Max", "pharmacien", None),
    ):
        season.register(season.person(name, profession, civility), session)

    assert normalise(circles_of(season).sentence) == (
        "5 professionnels (2 pharmaciens, 2 diététiciennes, 1 psychologue) se sont inscrits à l'activité"
    )


def test_one_person_with_two_addresses_counts_twice_until_she_is_merged(season):
    circles = season.programme()
    sessions = [season.session(circles, day) for day in ("2027-01-05", "2027-02-05")]
    home, work = (season.person("Ana", email=f"{place}@example.org") for place in ("home", "work"))
    for person, session in zip((home, work), sessions, strict=True):
        season.register(person, session)
        season.note(person, session)
    assert figures_of(season) == (2, 2, 2)

    with transaction():
        for table in (Registration, Attendance):
            db.session.execute(update(table).where(table.person_id == work.id).values(person_id=home.id))
        db.session.delete(work)

    assert figures_of(season) == (1, 1, 2)


@pytest.mark.parametrize(
    ("status", "counted", "apart"),
    [
        ("confirmed", 1, 0),
        ("walk_in", 1, 0),
        ("waiting", 0, 1),
        ("offered", 0, 1),
        ("requested", 0, 1),
        ("cancelled", 0, 0),
        ("declined", 0, 0),
    ],
)
def test_only_those_who_have_a_seat_or_came_are_counted(season, status, counted, apart):
    circles = season.programme()
    season.register(season.person("Ana"), season.session(circles, "2027-11-05", status="open"), status)

    counting = circles_of(season).counting
    assert (counting.enrolled_distinct, len(counting.apart)) == (counted, apart)


def test_who_has_a_seat_and_waits_for_another_is_counted_once_and_not_apart(season):
    circles = season.programme()
    ana = season.person("Ana")
    season.register(ana, season.session(circles, "2027-11-05", status="open"), "waiting")
    season.register(ana, season.session(circles, "2027-11-06", status="open"))

    counting = circles_of(season).counting
    assert (counting.enrolled_distinct, counting.apart) == (1, frozenset())


@pytest.mark.parametrize("session", [{"is_discovery": True}, {"status": "cancelled"}, {"status": "draft"}])
def test_what_happens_at_other_sessions_counts_nowhere(season, session):
    circles = season.programme()
    ana, lou = season.person("Ana"), season.person("Lou")
    other = season.session(circles, "2027-01-05", animator=lou, **session)
    season.register(ana, other)
    season.note(ana, other)
    season.note(lou, other)
    season.tally(other, 4)

    assert figures_of(season) == (0, 0, 0)


def test_a_person_of_two_professions_counts_once_with_the_later_session_s(season):
    circles = season.programme()
    ana = season.person("Ana", "sage-femme")
    season.register(ana, season.session(circles, "2027-11-05", status="open"), profession_slug="psychologue")
    season.register(ana, season.session(circles, "2027-01-05"), profession_slug="infirmier-liberal")
    season.enrol(ana, circles, profession_slug="pharmacien")

    assert normalise(circles_of(season).sentence) == "1 professionnelle (1 psychologue) s'est inscrite à l'activité"


def test_without_a_registration_the_enrolment_says_the_profession(season):
    circles = season.programme()
    season.session(circles, "2027-01-05")
    season.enrol(season.person("Ana", "sage-femme"), circles, profession_slug="pharmacien")

    assert [line.profession for line in circles_of(season).lines] == ["pharmacien"]


def test_a_person_without_any_profession_has_a_line_so_that_lines_add_up(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    season.register(season.person("Ana", None), session)
    season.register(season.person("Eva", "psychologue"), session)

    assert [(line.profession, line.text) for line in circles_of(season).lines] == [
        ("psychologue", "1 psychologue"),
        ("", "1 personne de profession non précisée"),
    ]


@pytest.mark.parametrize(
    ("left_at", "counted"),
    [
        (None, 1),
        (datetime(2027, 3, 1, tzinfo=UTC), 0),  # before the first date that follows the enrolment
        (datetime(2027, 6, 1, tzinfo=UTC), 1),
    ],
)
def test_an_enrolment_counts_unless_it_was_left_before_its_first_date(season, left_at, counted):
    circles = season.programme()
    for day in ("2027-01-05", "2027-05-05"):
        season.session(circles, day)
    season.enrol(season.person("Ana"), circles, created_at=datetime(2027, 2, 1, tzinfo=UTC), left_at=left_at)

    assert figures_of(season) == (counted, 0, 0)


def test_an_imported_enrolment_covers_the_dates_before_its_import(season):
    circles = season.programme()
    season.session(circles, "2027-01-05")
    season.enrol(
        season.person("Ana"),
        circles,
        created_at=datetime(2027, 2, 1, tzinfo=UTC),
        imported_at=datetime(2027, 2, 1, tzinfo=UTC),
        left_at=datetime(2027, 3, 1, tzinfo=UTC),
    )

    assert figures_of(season) == (1, 0, 0)


def test_an_enrolment_that_waits_for_a_yes_is_shown_apart(season):
    circles = season.programme()
    season.enrol(season.person("Ana"), circles, is_pending=True)

    counting = circles_of(season).counting
    assert (counting.enrolled_distinct, len(counting.apart)) == (0, 1)


def test_an_animator_counts_once_a_session_was_held_and_needs_no_registration(season):
    circles = season.programme()
    lou = season.person("Lou", "psychologue")
    season.session(circles, "2027-11-05", status="open", animator=lou)
    session = season.session(circles, "2027-01-05", animator=lou)
    season.note(lou, session)

    assert figures_of(season, date(2027, 1, 4)) == (0, 0, 0)
    assert figures_of(season) == (1, 1, 1)
    assert to_json_of(season)["without_animator"] == 0


def to_json_of(season):
    return to_json(season_report(season.organisation.id, 2027, MID_OCTOBER))["actions"]["30"]["participants"]


def test_an_animator_without_a_profession_is_not_counted(season):
    circles = season.programme()
    speaker = season.person("Lou", None)
    season.note(speaker, season.session(circles, "2027-01-05", animator=speaker))

    assert figures_of(season) == (0, 0, 0)


def test_a_programme_that_does_not_count_its_animators_counts_neither_them_nor_their_presence(season):
    circles = season.programme(counts_animators=False)
    lou = season.person("Lou")
    animated, other = season.session(circles, "2027-01-05", animator=lou), season.session(circles, "2027-02-05")
    season.note(lou, animated)
    assert figures_of(season) == (0, 0, 0)

    season.register(lou, other)
    season.note(lou, other)

    assert figures_of(season) == (1, 1, 1)
    assert to_json_of(season)["without_animator"] == 1


def test_people_noted_without_names_are_attendances_and_never_distinct(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    ana = season.person("Ana")
    season.register(ana, session, "walk_in")
    season.note(ana, session)
    season.tally(session, 3, "psychologue")
    season.tally(session, 2)

    part = circles_of(season)
    assert figures_of(season) == (1, 1, 6)
    assert normalise(part.figures_sentence) == (
        "Au moins 1 inscrit distinct, au moins 1 présent distinct, 6 présences cumulées"
    )
    assert normalise(part.sentence) == "Au moins 1 professionnelle (1 psychologue) s'est inscrite à l'activité"
    assert [normalise(note) for note in part.notes] == [
        "5 présences relevées sans nom : comptées dans les présences cumulées, pas dans les présents distincts."
    ]


def test_an_erased_person_counts_like_everyone(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    ana = season.person("Ana")
    season.register(ana, session)
    season.note(ana, session)
    with transaction():
        ana.email, ana.first_name, ana.last_name = None, "", ""
        ana.identity, ana.erased_at = Person.nameless_identity(), now()

    assert figures_of(season) == (1, 1, 1)


def test_absent_and_excused_are_enrolled_and_not_present(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    for name, status in (("Ana", "absent"), ("Eva", "excused"), ("Ida", "present")):
        person = season.person(name)
        season.register(person, session)
        season.note(person, session, status)

    assert figures_of(season) == (3, 1, 1)


def test_a_past_session_nobody_closed_is_held_and_said(season):
    circles = season.programme()
    season.session(circles, "2027-01-05", status="open")
    one = circles_of(season)
    season.session(circles, "2027-02-05", status="open")
    two = circles_of(season)

    assert [[normalise(note) for note in part.notes] for part in (one, two)] == [
        ["1 séance tenue n'est pas encore close : ses présences manquent."],
        ["2 séances tenues ne sont pas encore closes : leurs présences manquent."],
    ]


def test_a_year_begins_and_ends_at_midnight_in_paris(season):
    circles = season.programme()
    season.session(circles, "2027-01-01", time(0, 30), time(2))
    season.session(circles, "2027-12-31", time(23, 30), time(23, 59))
    season.session(circles, "2028-01-01", time(0, 30), time(2))

    assert circles_of(season, date(2028, 6, 1)).held_days == [date(2027, 1, 1), date(2027, 12, 31)]


def test_a_session_of_the_evening_is_held_on_its_day_and_planned_the_day_before(season):
    circles = season.programme()
    season.session(circles, "2027-07-06", status="open")

    seen = {day: circles_of(season, date(2027, 7, day)).held_days for day in (5, 6)}
    assert seen == {5: [], 6: [date(2027, 7, 6)]}


def test_without_a_day_the_count_stands_at_this_minute(season, clock):
    circles = season.programme()
    season.session(circles, "2027-07-06", time(20), time(22), status="open")
    seen = []
    for hour in (17, 18, 20):  # in UTC: before, during, at its end
        clock.move_to(datetime(2027, 7, 6, hour, tzinfo=UTC))
        part = circles_of(season, None)
        seen.append((part.held_days, part.planned_days))

    evening = [date(2027, 7, 6)]
    assert seen == [([], evening), ([], evening), (evening, [])]


def test_programmes_of_one_action_are_counted_together_and_others_apart(season):
    circles, walks = season.programme(), season.programme("marche", action=30, gender="f", sort_order=2)
    training = season.programme("formation", sort_order=3)
    ana = season.person("Ana")
    for programme in (circles, walks, training):
        session = season.session(programme, "2027-01-05")
        season.register(ana, session)
        season.note(ana, session)

    report = season_report(season.organisation.id, 2027, MID_OCTOBER)

    assert [(part.key, part.title, part.counting.enrolled_distinct) for part in report.parts] == [
        ("30", "Cercles de paroles et marche", 1),
        ("formation", "formation", 1),
    ]
    assert normalise(report.parts[0].sessions_sentence) == "2 séances ont été organisées le 5 janvier 2027"
    assert figures_of(season) == (1, 1, 2)
    assert list(to_json(report)["actions"]) == ["30"]
    assert normalise(report.together.sentence) == "1 inscrit distinct, cercles de paroles, marches et formations réunis"


def test_nothing_of_another_organisation_or_year_is_counted(season):
    other, last_year = Season(2027, "autre"), date(2026, 5, 5).isoformat()
    circles, theirs = season.programme(), other.programme()
    for where, programme, day in ((other, theirs, "2027-01-05"), (season, circles, last_year)):
        session = where.session(programme, day)
        person = where.person(f"Ana{day}")
        where.register(person, session)
        where.note(person, session)

    assert figures_of(season) == (0, 0, 0)
    assert normalise(circles_of(season).sentence) == "Aucun professionnel ne s'est inscrit à l'activité"
