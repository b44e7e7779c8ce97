"""Answers at the same moment, by thousands, and by people who mean harm."""

import random
import threading
from datetime import timedelta

import pytest

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.answers import What, ingest
from cpts_sessions.registrations.models import Registration
from tests.factories import make_group_session, make_organisation, make_programme, signed_up
from tests.ical.answer_samples import names, sample
from tests.ical.samples import PUBLIC_ID, UID
from tests.registrations.agenda_mail import ZOE, everything, reply, state

SEED = 20261102
ROUNDS = 400


@pytest.fixture
def zoe_now(app):
    """Zoé has a seat far enough for the real clock."""
    kept, app.config["MASTER_KEY"] = app.config["MASTER_KEY"], b"a key for the tests"
    session = make_group_session(make_programme(make_organisation()), starts_at=now() + timedelta(days=9))
    registration = signed_up(session, email=ZOE)
    with transaction():
        registration.public_id = PUBLIC_ID
    yield registration
    app.config["MASTER_KEY"] = kept


def test_two_workers_that_read_the_same_mail_act_once(app, zoe_now):
    mail, outcomes, ready = reply("DECLINED"), [], threading.Barrier(4)

    def work():
        with app.app_context():
            ready.wait(60)
            outcomes.append(ingest(mail))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)

    assert sorted(outcomes) == [What.AGAIN, What.AGAIN, What.AGAIN, What.TAKEN]
    assert state(zoe_now)[:2] == ("cancelled", "calendar")
    assert db.session.query(OutboxMessage).filter_by(kind="reponse_agenda_absence").count() == 1


def crowded(count: int, partstat: str) -> bytes:
    head, _, tail = reply(partstat).partition(b"ATTENDEE")
    crowd = b"".join(b"ATTENDEE:a@b\r\n" for _ in range(count))
    return head + crowd + b"ATTENDEE" + tail


def test_an_answer_among_thousands_of_attendees_is_still_hers(zoe):
    assert ingest(crowded(15_000, "DECLINED")) == What.TAKEN
    assert state(zoe)[0] == "cancelled"


def test_twenty_thousand_attendees_are_too_many(zoe):
    before = everything()
    mail = crowded(20_000, "DECLINED")

    assert len(mail) > 256_000
    assert ingest(mail) == What.NOT_OURS
    assert everything() == before


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """A mail with a few pieces cut, doubled, swapped or replaced."""
    for _ in range(chance.randint(1, 6)):
        a, b = sorted((chance.randrange(len(raw)), chance.randrange(len(raw))))
        b = min(b, a + 60)
        piece = chance.choice([b"", raw[a:b] * 2, chance.randbytes(b - a), b"\r\n", b"\x00", b'"', b"BEGIN:VEVENT\r\n"])
        raw = raw[:a] + piece + raw[b:] or b"\r\n"
    return raw


def test_hostile_mails_never_fail_and_change_no_seat_but_by_her_secret(zoe, group_session):
    """The secret of the UID is another one: whatever else the mails hold, nothing may change."""
    signed_up(group_session)
    before, chance = everything(), random.Random(SEED)
    wrong = UID[37:63].encode()
    mails = [sample(name) for name in names()] + [reply("DECLINED"), reply("ACCEPTED", method="COUNTER")]
    for _ in range(ROUNDS):
        raw = damaged(chance.choice(mails), chance)
        ingest(
            raw.replace(wrong, b"a" * len(wrong)).replace(wrong.upper(), b"A" * len(wrong)).replace(b"base64", b"7bit")
        )

    assert everything() == before


def test_damaged_mails_with_the_secret_never_fail_nor_break_the_seats(zoe, group_session):
    signed_up(group_session)
    signed_up(group_session)
    chance = random.Random(SEED)
    mails = [reply(partstat) for partstat in ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")]
    outcomes = set()
    for number in range(ROUNDS):
        raw = damaged(chance.choice(mails), chance)
        outcomes.add(ingest(b"X-Number: %d\r\n" % number + raw))
        assert queries.seats_taken(group_session.id) <= group_session.capacity

    assert outcomes > {What.NOT_OURS, What.TAKEN}
    assert db.session.query(Registration).count() == 3
