"""Who is counted, once, and as what: the three figures, person by person."""

from datetime import UTC, date, datetime

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
from tests.reports.seasons import Season, circles_of, figures_of

MID_OCTOBER = date(2027, 10, 15)


@pytest.fixture
def season(app):
    return Season(2027)


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
    told = to_json_of(season)
    assert (told["present_distinct"], told["attendances"], told["unnamed_attendances"]) == (1, 6, 5)
    assert told["unnamed_by_profession"] == [
        {"profession": "psychologue", "attendances": 3, "text": "3 psychologues, sans noms"},
        {"profession": "", "attendances": 2, "text": "2 personnes, sans noms"},
    ]
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
