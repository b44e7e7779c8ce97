"""The demonstration: whole, invented, the season 2025 as it was, something on every page, whatever the day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts import services as sign_in
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.founding import remove_demonstration
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Installation, Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.polls.queries import polls_of
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes import rules
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.queries import seats_taken
from cpts_sessions.reports.season import season_report

THE_19 = (
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, 1 audioprothésiste, "
    "1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) se sont inscrits à l'activité"
)


def states():
    """How many sessions not past are in each state, or are to be closed, by their programme."""
    counted: dict[str, int] = {}
    for session in db.session.execute(select(GroupSession).order_by(GroupSession.starts_at)).scalars():
        state = rules.state(session, seats_taken(session.id), at=now())
        if state == "held":
            continue
        kind = f"{session.programme.slug}: {'discovery ' if session.is_discovery else ''}{state}"
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def total(model, *where):
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


@pytest.fixture
def loaded(app, clock):
    demonstration.load()
    return demonstration.find()


def test_the_season_2025_is_told_character_for_character(loaded):
    report = season_report(loaded.id, 2025, date(2025, 12, 20))
    told = {part.key: part for part in report.parts}

    assert normalise(told["30"].sentence) == THE_19
    assert normalise(told["29"].dates_sentence) == "19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025"
    assert normalise(told["30"].dates_sentence) == (
        "23 janvier, 4 et 20 février, 4 et 20 mars, 1er et 17 avril, 6 mai, 3 juin, 24 septembre, 29 octobre, "
        "27 novembre et 18 décembre 2025 ; un dernier est prévu le 30 décembre"
    )
    assert {key: normalise(part.figures_sentence) for key, part in told.items()} == {
        "29": "11 inscrits distincts, 11 présents distincts, 30 présences cumulées",
        "30": "19 inscrits distincts, 17 présents distincts, 77 présences cumulées",
        "vade-mecum-printemps": "7 inscrits distincts, 7 présents distincts, 12 présences cumulées",
        "vade-mecum-automne": "6 inscrits distincts, 6 présents distincts, 16 présences cumulées",
    }
    assert normalise(report.together.sentence) == "26 inscrits distincts, GAPP et cercles de paroles réunis"
    together = report.together.counting
    assert (together.enrolled_distinct, together.present_distinct, together.attendances) == (26, 24, 107)
    assert {normalise(part.discovery_sentence) for part in report.parts if not part.is_training} == {
        "2 séances de découverte ont été proposées les 26 et 27 juin 2025 (Colloque pluriprofessionnel) ; "
        "elles ne sont pas comptées ci-dessus"
    }


def test_the_two_trainings_of_2025_trained_seven_and_six_people_of_the_season_and_are_put_away(loaded):
    report = season_report(loaded.id, 2025, date(2025, 12, 20))
    told = {part.key: normalise(part.trained_sentence) for part in report.parts if part.is_training}
    trained = {one.person_id for part in report.parts if part.is_training for one in part.counting.enrolled}

    assert told == {
        "vade-mecum-printemps": "7 professionnels ont été formés les 13 et 20 mai 2025",
        "vade-mecum-automne": "6 professionnels ont été formés les 2, 9 et 16 octobre 2025",
    }
    assert trained <= {one.person_id for one in report.together.counting.enrolled}
    assert [(one.slug, one.is_archived) for one in db.session.query(Programme).filter_by(goes_together=True)] == [
        ("vade-mecum-printemps", True),
        ("vade-mecum-automne", True),
    ]


def test_every_page_has_something_to_show(loaded):
    assert states() == {
        "gapp: open": 4,
        "gapp: discovery open": 1,
        "gapp: draft": 1,
        "cercle-de-paroles: to_close": 1,
        "cercle-de-paroles: below_minimum": 1,
        "cercle-de-paroles: full": 1,
        "cercle-de-paroles: open": 2,
        "cercle-de-paroles: cancelled": 1,
    }
    waiting = select(Registration.status, func.count()).where(
        Registration.status.in_(("offered", "waiting", "requested"))
    )
    assert dict(db.session.execute(waiting.group_by(Registration.status)).all()) == {
        "offered": 1,
        "waiting": 2,
        "requested": 1,
    }
    assert total(Enrolment, Enrolment.season == 2026) == 3
    [circles] = [one.id for one in db.session.query(Programme).filter_by(slug="cercle-de-paroles")]
    assert (effect_counts.years(circles), effect_counts.cards_counted(circles, 2026)) == ([2026], 5)
    assert total(Person, Person.email.is_(None)) == 1
    assert total(Person, Person.email == "cabinet.keller@example.org") == 2


def test_a_poll_waits_for_answers_and_five_have_answered(loaded):
    (line,) = polls_of(loaded.id)
    assert (line.poll.programme.slug, line.slots, line.answered, line.is_open) == ("gapp", 3, 5, True)
    assert line.asked > line.answered
    weekdays = sorted(local(one.starts_at).weekday() for one in line.poll.slots)
    assert (weekdays[-1], set(weekdays[:2]) <= {1, 3}) == (5, True)


def test_a_circle_to_come_lasts_an_hour_and_a_half_and_a_gapp_two_hours(loaded):
    to_come = db.session.execute(select(GroupSession).where(GroupSession.starts_at > now())).scalars()
    evening = [one for one in to_come if local(one.starts_at).weekday() < 5]
    assert {(one.programme.slug, local(one.starts_at).time(), local(one.ends_at).time()) for one in evening} == {
        ("gapp", time(19, 30), time(21, 30)),
        ("cercle-de-paroles", time(19, 30), time(21)),
    }


def test_everybody_is_invented_and_no_message_will_ever_leave(loaded):
    known = db.session.execute(select(Person.email).where(Person.email.is_not(None))).scalars().all()
    assert [email for email in known if not email.endswith("@example.org")] == []
    statuses = db.session.execute(select(OutboxMessage.status).distinct()).scalars().all()
    assert statuses == ["withheld"]


def test_each_role_has_somebody_and_a_link_that_opens_for_an_hour_in_any_browser(loaded, clock):
    entrances = demonstration.entrances()
    assert [(entrance.role, entrance.person.full_name) for entrance in entrances] == [
        ("Coordination", "Eva Martin"),
        ("Animation", "Olivier Chastel"),
        ("Participante", "Hélène Vautrin"),
    ]
    clock.shift(timedelta(minutes=59))
    opened = [
        sign_in.open_by_token(loaded.id, entrance.url.rpartition("/")[2], None, "Firefox") for entrance in entrances
    ]
    roles = [accounts.signed_in(secret, loaded.id).roles.names for secret in opened]
    assert roles == [
        frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
        frozenset({RoleName.ANIMATOR}),
        frozenset(),
    ]


def test_it_is_loaded_once_and_not_again_after_it_went_away(app, clock):
    assert demonstration.load(if_never=True) is True
    with pytest.raises(RuleBroken, match=r"^La démonstration est déjà chargée\. Rien n’a changé\.$"):
        demonstration.load()
    with transaction():
        remove_demonstration()
    assert demonstration.load(if_never=True) is False
    assert total(Organisation) == 0


def test_removing_it_leaves_no_row_behind(loaded):
    with transaction():
        remove_demonstration()
    left = {table.name: total(table) for table in db.metadatas[None].sorted_tables}
    assert {name: rows for name, rows in left.items() if rows} == {"installation": 1}
    assert db.session.execute(select(Installation)).scalar_one().first_organisation_at == now()


def test_it_follows_the_public_address_and_the_sender(loaded, app):
    was = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(was)(**{**vars(was), "public_url": "https://essai.example.org"})
    try:
        assert (demonstration.follow_settings(), demonstration.follow_settings()) == (True, False)
    finally:
        app.config["SETTINGS"] = was
    assert demonstration.find().public_url == "https://essai.example.org"


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 1, 1, 11, 30, tzinfo=UTC),  # yesterday was 2025
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),  # the hour changes in a minute
        datetime(2027, 3, 26, 21, 30, tzinfo=UTC),  # under its minimum on the day of the change
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 6, 0, tzinfo=UTC),
        datetime(2026, 12, 30, 22, 59, tzinfo=UTC),  # the season ends tomorrow
        datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
        datetime(2027, 4, 30, 12, 0, tzinfo=UTC),
    ],
    ids=lambda instant: instant.strftime("%Y-%m-%d"),
)
def test_it_can_be_loaded_on_any_day(app, clock, instant):
    clock.move_to(instant)
    demonstration.load()

    organisation = demonstration.find()
    report = season_report(organisation.id, 2025, date(2025, 12, 20))
    assert normalise(report.part("30").sentence) == THE_19
    assert normalise(report.part("30").figures_sentence) == (
        "19 inscrits distincts, 17 présents distincts, 77 présences cumulées"
    )
    told = states()
    assert told["cercle-de-paroles: full"] == told["cercle-de-paroles: below_minimum"] == 1
    assert told.get("cercle-de-paroles: to_close", 0) == (0 if instant.date() == date(2026, 1, 1) else 1)
    gapp = programmes.programme_by_slug(organisation.id, "gapp")
    assert total(Enrolment, Enrolment.programme_id == gapp.id, Enrolment.season > 2025) in (3, 6)
    assert db.session.execute(select(Programme.slug).order_by(Programme.sort_order)).scalars().all() == [
        "gapp",
        "cercle-de-paroles",
        "vade-mecum-printemps",
        "vade-mecum-automne",
    ]
