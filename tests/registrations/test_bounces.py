"""Messages that come back: the address is marked, the coordination is told, nothing leaves for it meanwhile."""

from dataclasses import replace
from uuid import UUID

import pytest

from cpts_sessions.accounts.services import Asker, ask_sign_in
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.wording import Standing, standing
from cpts_sessions.registrations import bounces, messages, on_behalf, services
from cpts_sessions.registrations.answers import What, ingest
from cpts_sessions.registrations.received import Letter
from tests.conftest import NOW
from tests.factories import make_coordinator, signed_up
from tests.ical.answer_samples import sample
from tests.registrations.outbox import kinds, last

REASON = "550 5.1.1 <zoe.noel@example.org>: Recipient address rejected: User unknown"


@pytest.fixture
def zoe(app, clock, group_session):
    """Zoé has a seat; the message that says so left, under the id that the samples bring back."""
    registration = signed_up(group_session, email="zoe.noel@example.org")
    with transaction():
        message = last()
        message.status, message.sent_at = MessageStatus.SENT.value, NOW
        message.public_id = UUID("11111111-2222-4333-8444-555555555555")
    return registration


def test_a_bounce_marks_the_address_and_tells_the_coordination_once(zoe, group_session):
    eva = make_coordinator(group_session.organisation)

    assert [ingest(sample("bounce_with_our_request")), ingest(sample("bounce_headers_only"))] == [What.BOUNCED] * 2

    db.session.expire_all()
    assert (zoe.status, zoe.person.bounced_at) == ("confirmed", NOW)
    (letter,) = db.session.query(Letter)
    assert (letter.why, letter.address, letter.text) == ("rejet", "zoe.noel@example.org", REASON)
    assert kinds(of=eva) == ["adresse_rejetee"]
    assert "zoe" not in repr({k: v for k, v in last().values.items() if k != "motif_technique"})


def test_the_message_that_came_back_says_so(zoe):
    ingest(sample("bounce_headers_only"))

    (message,) = db.session.query(OutboxMessage).filter_by(person_id=zoe.person_id)
    assert standing(message, NOW) == Standing("undelivered", "revenu\u00a0: 552 5.2.2 Mailbox full")


def test_nothing_leaves_for_it_until_it_is_found_to_be_good(zoe, group_session):
    eva = make_coordinator(group_session.organisation)
    ingest(sample("bounce_headers_only"))
    services.leave(zoe.id)
    held = db.session.query(OutboxMessage).filter_by(kind="desinscription").one()
    assert (held.status, held.last_error) == ("failed", "adresse rejetée, à confirmer ou à corriger")

    (letter,) = db.session.query(Letter)
    assert bounces.address_is_good(group_session.organisation_id, letter.public_id, actor_id=eva.id) == 1

    db.session.expire_all()
    assert (held.status, held.last_error, zoe.person.bounced_at) == ("queued", "", None)
    assert letter.settled_at == NOW


def test_what_she_did_not_receive_of_her_seat_leaves_for_the_corrected_address(zoe, group_session):
    eva = make_coordinator(group_session.organisation)
    ingest(sample("bounce_headers_only"))
    right = replace(services.as_told(zoe), email="zoe@autre.example.org")

    assert on_behalf.correct_person(zoe.person_id, right, is_member=False, rpps=None, actor_id=eva.id) == 1

    assert (last().kind, last().to_address, last().status) == (
        "inscription_confirmee",
        "zoe@autre.example.org",
        "queued",
    )
    assert (last().calendar["method"], last().calendar["sequence"]) == ("REQUEST", 0)
    assert zoe.person.bounced_at is None


def test_her_sign_in_leaves_all_the_same(zoe, group_session):
    ingest(sample("bounce_headers_only"))
    with transaction():
        messages.write(zoe, "deja_inscrit")
    ask_sign_in(group_session.organisation_id, "zoe.noel@example.org", Asker(browser="hers", ask="once"))

    assert [(one.kind, one.status) for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)][-2:] == [
        ("deja_inscrit", "failed"),
        ("connexion", "queued"),
    ]


def test_a_corrected_address_is_not_marked_by_the_old_one(zoe):
    with transaction():
        zoe.person.email = "zoe@autre.example.org"

    assert ingest(sample("bounce_with_our_request")) == What.BOUNCED
    assert (zoe.person.bounced_at, db.session.query(Letter).count()) == (None, 0)


@pytest.mark.parametrize("change", [b"11111111-2222-4333-8444-555555555556", b".liste_attente@"])
def test_a_bounce_of_a_message_we_never_sent_leaves_no_trace(zoe, change):
    raw = sample("bounce_with_our_request")
    old = b".inscription_confirmee@" if change.startswith(b".") else b"11111111-2222-4333-8444-555555555555"

    assert ingest(raw.replace(old, change)) == What.NOT_OURS
    assert (zoe.person.bounced_at, db.session.query(Letter).count()) == (None, 0)


def test_the_calendar_inside_a_bounce_is_nobodys_answer(zoe):
    assert b"PARTSTAT=DECLINED" in sample("bounce_with_our_request")
    ingest(sample("bounce_with_our_request"))

    assert zoe.status == "confirmed"
