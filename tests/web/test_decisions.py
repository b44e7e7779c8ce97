"""« À décider »: each kind of decision appears when it is due, leads to where it is settled, and goes away with it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.people.duplicates import mark_distinct
from cpts_sessions.people.models import Person
from cpts_sessions.polls.models import DatePoll
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.questionnaires import words
from cpts_sessions.registrations import alerts, animation
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.received import Letter, Why
from tests.browsing import sign_in
from tests.conftest import NOW
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_enrolment,
    make_group_session,
    make_person,
    make_registration,
    told,
)
from tests.page import words as words_of
from tests.reports.opened import opened
from tests.web.coordination import text_of

DESK = "/coordination/"
DAY = timedelta(days=1)
GOOD_DAY = "Rien n'attend votre décision. Bonne journée."
CARD = re.compile(r'<li class="card snug">(.*?)</li>', re.DOTALL)
TITLE = re.compile(r"<h3>(.*?)</h3>")
BUTTON = re.compile(r'<a class="btn quiet small" href="([^"]+)"')


@pytest.fixture
def held(programme):
    """A session of the past, closed, so that the CPTS is not a new one."""
    return make_group_session(programme, starts_at=STARTS_AT - 60 * DAY, status="held")


def cards(browser, path=DESK):
    """The title of each decision of the desk, with the page its one button leads to."""
    page = browser.get(path)
    assert page.status_code == 200
    found = {}
    for card in CARD.findall(page.get_data(as_text=True)):
        buttons = BUTTON.findall(card)
        assert len(buttons) == 1
        found[words_of(TITLE.search(card)[1])] = buttons[0]
    return found


def change(row, **values):
    """Write values on a row."""
    with transaction():
        known = db.session.get(type(row), row.id)
        for name, value in values.items():
            setattr(known, name, value)


def assert_it_waits(browser, title, told_there):
    """One decision waits, under this title; its page says what it is about."""
    found = cards(browser)
    assert list(found) == [title]
    assert "1 décision vous attend" in text_of(browser, DESK)
    page = browser.get(found[title])
    assert page.status_code == 200
    assert told_there in words_of(page.get_data(as_text=True))


def assert_nothing_waits(browser):
    assert GOOD_DAY in text_of(browser, DESK)


@pytest.fixture
def animated(organisation):
    """Give a session to whoever animates."""

    def animate(one: GroupSession) -> GroupSession:
        person = make_person(organisation, email=None)
        with transaction():
            animation.attach(db.session.get_one(GroupSession, one.id), db.session.get_one(Person, person.id))
        return one

    return animate


@pytest.mark.usefixtures("held")
def test_a_session_under_its_minimum(coordinator, organisation, programme, animated):
    one = make_group_session(programme, starts_at=NOW + 4 * DAY, minimum=2, capacity=3)
    make_registration(one, make_person(organisation))
    assert list(cards(coordinator)) == ["Confier : GAPP, vendredi 6 novembre"]
    change(one, starts_at=NOW + 2 * DAY, ends_at=NOW + 2 * DAY + timedelta(hours=2))
    assert_it_waits(coordinator, "Décider : GAPP, mercredi 4 novembre", "Maintenir la séance")
    change(one, minimum=1)
    animated(one)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_session_to_close_the_late_ones_first(coordinator, programme):
    new = make_group_session(programme, starts_at=NOW - DAY)
    assert_it_waits(coordinator, "Clore : GAPP, dimanche 1er novembre", "Présences")
    old = make_group_session(programme, starts_at=NOW - 20 * DAY)
    assert list(cards(coordinator)) == ["Clore : GAPP, mardi 13 octobre", "Clore : GAPP, dimanche 1er novembre"]
    assert "À clore depuis 19 jours" in text_of(coordinator, DESK)
    for one in (new, old):
        change(one, status="held")
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_session_that_nobody_animates(coordinator, programme, organisation, animated):
    one = make_group_session(programme, starts_at=NOW + 15 * DAY)
    make_registration(one, make_person(organisation))
    assert_nothing_waits(coordinator)
    change(one, starts_at=NOW + 6 * DAY, ends_at=NOW + 6 * DAY + timedelta(hours=2))
    assert_it_waits(coordinator, "Confier : GAPP, dimanche 8 novembre", "Changer l'animation")
    animated(one)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_draft_whose_date_comes_near(coordinator, programme):
    one = make_group_session(programme, starts_at=NOW + 22 * DAY, status="draft")
    assert_nothing_waits(coordinator)
    change(one, starts_at=NOW + 9 * DAY, ends_at=NOW + 9 * DAY + timedelta(hours=2))
    assert_it_waits(coordinator, "Ouvrir : GAPP, mercredi 11 novembre", "En préparation")
    assert "dans 9 jours" in text_of(coordinator, DESK)
    change(one, status="cancelled")
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_near_session_that_nobody_chose(coordinator, programme, organisation, animated):
    one = animated(make_group_session(programme, starts_at=NOW + 8 * DAY, minimum=0))
    assert_it_waits(coordinator, "Faire connaître : GAPP, mardi 10 novembre", "lettre d'information")
    make_registration(one, make_person(organisation))
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_request_for_one_date(coordinator, organisation):
    asked = make_group_session(make_circles(organisation), starts_at=NOW + 30 * DAY)
    mine = make_registration(asked, make_person(organisation, last_name="Ferhat"), "requested")
    assert_it_waits(coordinator, "Répondre aux demandes", "Claire Ferhat")
    with transaction():
        db.session.get_one(Registration, mine.id).status = "confirmed"
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_season_asked_for_that_has_no_date_yet(coordinator, organisation):
    circles, nadia = make_circles(organisation), make_person(organisation, last_name="Ferhat")
    asked = make_enrolment(circles, nadia, is_pending=True)
    make_enrolment(circles, make_person(organisation), 2025, is_pending=True)  # a season that is over
    assert_it_waits(coordinator, "Répondre aux demandes", "Claire Ferhat")
    assert "Cercles de paroles, toute la saison 2026" in text_of(coordinator, "/coordination/demandes")
    with transaction():
        db.session.get_one(Enrolment, asked.id).left_at = NOW
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_message_that_could_not_leave(coordinator, organisation):
    with transaction():
        message = OutboxMessage(
            organisation_id=organisation.id, kind="rappel_j7", to_address="a@example.org", to_name="Ana", values={}
        )
        message.status = MessageStatus.FAILED.value
        db.session.add(message)
        db.session.flush()
    assert_it_waits(coordinator, "Regarder ce qui n'est pas parti", "En échec")
    change(message, status=MessageStatus.OBSOLETE.value)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_somebody_whom_no_message_reaches_and_who_has_a_place(coordinator, organisation, programme):
    zoe = make_person(organisation, first_name="Zoé", last_name="Noël", bounced_at=NOW)
    assert_nothing_waits(coordinator)
    mine = make_registration(make_group_session(programme, starts_at=NOW + 30 * DAY), zoe)
    assert_it_waits(coordinator, "Prévenir Zoé Noël autrement", "Zoé Noël")
    make_registration(mine.group_session, make_person(organisation, bounced_at=NOW + DAY))
    assert cards(coordinator) == {"Prévenir 2 personnes autrement": "/coordination/courrier"}
    with transaction():
        db.session.query(Person).update({"bounced_at": None})
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_what_came_by_mail(coordinator, organisation):
    eva = make_person(organisation)
    with transaction():
        letter = Letter(organisation_id=organisation.id, person_id=eva.id, why=Why.COUNTER.value)
        db.session.add(letter)
        db.session.flush()
    assert_it_waits(coordinator, "Lire le courrier reçu", "propose un autre horaire")
    change(letter, settled_at=NOW)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_refused_address_still_to_be_looked_at_is_told_once(coordinator, organisation):
    zoe = make_person(organisation, first_name="Zoé", last_name="Noël", bounced_at=NOW)
    with transaction():
        letter = Letter(organisation_id=organisation.id, person_id=zoe.id, why=Why.BOUNCE.value)
        message = OutboxMessage(
            organisation_id=organisation.id,
            person_id=zoe.id,
            kind="rappel_j7",
            to_address="a@example.org",
            to_name="Zoé",
            values={},
        )
        message.status = MessageStatus.FAILED.value
        db.session.add_all([letter, message])
        db.session.flush()
    assert_it_waits(coordinator, "Prévenir Zoé Noël autrement", "Zoé Noël")


@pytest.mark.usefixtures("held")
def test_a_signed_word(coordinator, organisation):
    writer = make_person(organisation)
    words.send(writer.id, "La salle était froide.")
    assert_it_waits(coordinator, "Lire les mots signés", "La salle était froide.")
    one = words.words(organisation.id)[0]
    words.mark_answered(organisation.id, one.public_id, actor_id=writer.id)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_a_poll_that_has_ended(coordinator, programme):
    with transaction():
        poll = DatePoll(
            organisation_id=programme.organisation_id, programme_id=programme.id, deadline_at=NOW + timedelta(hours=1)
        )
        db.session.add(poll)
        db.session.flush()
    assert_nothing_waits(coordinator)
    change(poll, deadline_at=NOW - DAY)
    assert_it_waits(coordinator, "Choisir les dates : GAPP", "GAPP")
    change(poll, closed_at=NOW)
    assert_nothing_waits(coordinator)


def of_boxes(browser):
    """The decisions about boxes; in January the report waits too."""
    return [title for title in cards(browser) if "GAPP" in title]


@pytest.mark.usefixtures("held")
def test_a_box_that_is_ready_then_in_its_last_days(coordinator, programme, clock):
    sophie = db.session.query(Person).filter_by(first_name="Sophie").one()
    box = opened(programme, {}, 2026, "gapp_eval", state="collecting")
    for day, ready, title in (
        ((2026, 12, 9), True, None),
        ((2026, 12, 10), False, None),
        ((2026, 12, 10), True, "Dépouiller l'urne : GAPP 2026"),
        ((2027, 1, 15), False, None),
        ((2027, 1, 16), False, "Saisir les derniers bulletins : GAPP 2026"),
        ((2027, 1, 16), True, "Dépouiller l'urne : GAPP 2026"),
    ):
        clock.move_to(datetime(*day, 9, tzinfo=UTC))
        change(box, is_ready=ready)
        sign_in(coordinator, sophie)
        assert of_boxes(coordinator) == [title] * bool(title), (day, ready)
    assert "Derniers jours" in text_of(coordinator, DESK)
    change(box, state="carried")
    assert of_boxes(coordinator) == []


@pytest.mark.usefixtures("held")
def test_records_that_may_be_one_person(coordinator, organisation):
    one, other = (make_person(organisation, last_name="Roth") for _ in range(2))
    assert_it_waits(coordinator, "Comparer des fiches", "Claire Roth")
    mark_distinct(one.id, other.id)
    assert_nothing_waits(coordinator)


@pytest.mark.usefixtures("held")
def test_people_who_wait_for_dates(coordinator, programme):
    alerts.ask(programme.id, told(email="ana@example.org"))
    assert_it_waits(coordinator, "Ajouter une date : GAPP", "Planifier")
    assert "1 personne a demandé à être prévenue : GAPP." in text_of(coordinator, DESK)
    make_group_session(programme, starts_at=NOW + 40 * DAY)
    assert_nothing_waits(coordinator)
