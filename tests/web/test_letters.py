"""« Courrier reçu »: what came back by mail, what to do with it, and how many human messages wait in the mailbox."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import Mailbox, MessageStatus
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.registrations.answers import ingest
from cpts_sessions.registrations.received import Letter
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.retention import apply
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW, Browser
from tests.counting_queries import statements
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)
from tests.ical.answer_samples import sample
from tests.ical.samples import PUBLIC_ID
from tests.registrations.outbox import last
from tests.web.forms_read import fields_of

PAGE = "/coordination/courrier"


@pytest.fixture
def cpts(app, clock) -> Organisation:
    return make_organisation()


@pytest.fixture
def zoe(app, cpts):
    """Zoé has a seat; the samples answer her invitation, and bring the message back that told her."""
    kept, app.config["MASTER_KEY"] = app.config["MASTER_KEY"], b"a key for the tests"
    group_session = make_group_session(make_programme(cpts))
    registration = signed_up(group_session, first_name="Zoé", last_name="Noël", email="zoe.noel@example.org")
    with transaction():
        registration.public_id = PUBLIC_ID
        message = last()
        message.status, message.sent_at = MessageStatus.SENT.value, NOW
        message.public_id = UUID("11111111-2222-4333-8444-555555555555")
    yield registration
    app.config["MASTER_KEY"] = kept


@pytest.fixture
def desk(cpts, zoe, browser) -> Browser:
    """The browser of who coordinates."""
    sign_in(browser, make_coordinator(cpts, email="eva@example.org"))
    return browser


def test_nothing_to_look_at_says_so(desk):
    assert "Rien à regarder : toutes les réponses d'agenda ont été comprises." in page_words(desk.get(PAGE))


def test_everything_that_came_in_is_explained_with_what_to_do(desk):
    for name in ("party_crasher", "gmail_counter", "gmail_decline_with_note", "bounce_with_our_request"):
        ingest(sample(name))
    page = page_words(desk.get(PAGE))

    for words in (
        "La réponse est « non », et vient d'une autre adresse que l'adresse invitée : autre@ailleurs.example.org.",
        "La personne propose un autre horaire.",
        "Horaire proposé : mardi 17 novembre 2026 de 20 h à 22 h",
        "La réponse porte un commentaire.",
        "Je suis de garde, desolee.",
        "L'adresse a refusé notre message : zoe.noel@example.org.",
        "User unknown",
        "À faire : vérifiez l'adresse ou appelez la personne.",
        "Zoé Noël",
        "lundi 16 novembre",
        "Pour cette séance, aujourd'hui : Désinscription",
    ):
        assert words in page
    assert "Courrier reçu : 4 à regarder" in page_words(desk.get("/coordination/messages"))


def test_what_is_settled_says_so_once(desk, cpts):
    ingest(sample("party_crasher"))
    (letter,) = db.session.query(Letter)
    for _ in range(2):
        submit(desk, f"{PAGE}/{letter.public_id}/traite", page="/coordination/messages")

    assert "Traité" in page_words(desk.get(PAGE))
    assert "Courrier reçu :" not in page_words(desk.get("/coordination/messages"))
    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(kind="courrier_traite").count() == 1


def test_an_address_found_to_be_good_is_written_to_again(desk, zoe):
    ingest(sample("bounce_headers_only"))
    assert "Adresse rejetée" in page_words(desk.get(f"/coordination/personnes/{zoe.person.public_id}"))
    (letter,) = db.session.query(Letter)

    answer = submit(desk, f"{PAGE}/{letter.public_id}/adresse-bonne", page="/coordination/messages")

    assert answer.status_code == 303
    db.session.rollback()
    assert zoe.person.bounced_at is None
    assert "Adresse confirmée : 1 message part." in page_words(desk.get(PAGE))


def test_a_corrected_address_settles_what_the_old_one_refused(desk, zoe):
    ingest(sample("bounce_headers_only"))
    record = f"/coordination/personnes/{zoe.person.public_id}/corriger"

    submit(desk, record, **{**typed_on(desk, record), "email": "zoe@example.org"})

    db.session.rollback()
    (letter,) = db.session.query(Letter)
    assert (zoe.person.email, zoe.person.bounced_at, letter.settled_at) == ("zoe@example.org", None, NOW)


def typed_on(desk: Browser, record: str) -> dict[str, str]:
    """What the form of a record holds."""
    found = fields_of(desk.get(record).get_data(as_text=True), "email")
    return {name: values[0] for name, values in found.items() if name != "csrf_token"}


def test_human_messages_are_counted_and_a_box_that_fails_is_told(app, desk):
    was = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(was)(**{**vars(was), "imap_url": "imaps://boite:secret@mail.example.org"})
    with transaction():
        db.session.add(Mailbox(human_uids=[101, 102, 105], trouble="le serveur ne répond pas"))
    page = page_words(desk.get(PAGE))
    app.config["SETTINGS"] = was

    assert "3 messages humains dans la boîte." in page
    assert "La boîte ne se lit pas. Pour l'instant le serveur ne répond pas." in page
    assert "secret" not in page


def test_another_organisation_sees_none_of_it(app, zoe, browser):
    ingest(sample("party_crasher"))
    other = make_organisation(public_url="http://ailleurs.example.org")
    sign_in(browser, make_coordinator(other, email="ida@example.org"))
    path = f"{PAGE}/{db.session.query(Letter).one().public_id}"

    assert "Zoé" not in page_words(browser.get(PAGE, base_url="http://ailleurs.example.org"))
    for act in ("traite", "adresse-bonne"):
        answer = submit(browser, f"{path}/{act}", page="/coordination/messages", base_url="http://ailleurs.example.org")
        assert answer.status_code == 404


def test_letters_are_forgotten_with_the_messages_and_erased_with_the_person(cpts, zoe):
    with transaction():
        cpts.message_months = 3
    ingest(sample("gmail_decline_with_note"))
    apply(cpts.id, datetime(2027, 1, 15, 4, tzinfo=UTC))
    assert db.session.query(Letter).count() == 1

    apply(cpts.id, datetime(2027, 2, 3, 4, tzinfo=UTC))
    assert db.session.query(Letter).count() == 0


def test_erasing_a_person_erases_what_she_wrote(cpts, zoe):
    make_coordinator(cpts)
    ingest(sample("gmail_decline_with_note"))
    erase(zoe.person_id, by_herself=True)

    assert db.session.query(Letter).count() == 0


def test_the_page_asks_the_database_no_more_for_three_than_for_one(desk, cpts):
    def add(n):
        for person in [make_person(cpts) for _ in range(n)]:
            with transaction():
                db.session.add(Letter(organisation_id=cpts.id, person_id=person.id, why="commentaire"))

    counts = []
    for n in (1, 2):
        add(n)
        with statements() as sent:
            desk.get(PAGE)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_maybe_is_shown_beside_the_name(desk, zoe):
    path = f"/coordination/seances/{zoe.group_session.public_id}"
    assert "Peut-être" not in page_words(desk.get(path))
    ingest(sample("exchange_tentative"))

    assert "Peut-être" in page_words(desk.get(path))
