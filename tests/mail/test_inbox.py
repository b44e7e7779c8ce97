"""The mailbox is read by its numbers; what is not ours keeps its place and its marks, and leaves no trace."""

import imaplib
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import Base, db
from cpts_sessions.mail import imap, inbox
from cpts_sessions.registrations.answers import concerns_us
from tests.factories import make_group_session, make_organisation, make_programme, signed_up
from tests.ical.answer_samples import sample
from tests.ical.samples import PUBLIC_ID
from tests.imap_server import ImapServer

HUMANS = [
    b"From: Louise <louise@ami.example.org>\r\nSubject: Un souci personnel\r\n\r\nJe prefere vous ecrire a vous seule.",
    b"From: Paul <paul@ami.example.org>\r\nSubject: Devis\r\nMIME-Version: 1.0\r\n\r\nLe devis du traiteur.",
    b"From: Ana <ana@ami.example.org>\r\nSubject: Invitation\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:colloque@ami.example.org\r\nEND:VEVENT\r\nEND:VCALENDAR",
]
#: What is only in those mails.
PRIVATE = ["louise", "Un souci", "paul@ami", "traiteur", "ana@ami", "colloque", "presse.example", "novembre</"]


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


@pytest.fixture
def zoe(app, clock):
    """Zoé has a seat, and the invitation that the samples answer."""
    kept, app.config["MASTER_KEY"] = app.config["MASTER_KEY"], b"a key for the tests"
    group_session = make_group_session(make_programme(make_organisation()))
    registration = signed_up(group_session, first_name="Zoé", last_name="Noël", email="zoe.noel@example.org")
    with transaction():
        registration.public_id = PUBLIC_ID
    yield registration
    app.config["MASTER_KEY"] = kept


def read(server, ingest=concerns_us, *, moves=False):
    return inbox.Reader(imap.parse(server.url), ingest, moves=moves).read()


def state():
    db.session.expire_all()
    return inbox.state()


def dump() -> str:
    with db.engine.connect() as connection:
        rows = [connection.execute(table.select()).all() for table in Base.metadata.sorted_tables]
    return repr(rows)


def fill(server) -> None:
    """Three human mails, a newsletter, and an answer that somebody already read."""
    server.box.put(HUMANS[0])
    server.box.put(HUMANS[1], "\\Seen", "\\Flagged")
    server.box.put(sample("newsletter_with_calendar"))
    server.box.put(sample("gmail_decline"), "\\Seen")
    server.box.put(HUMANS[2], "\\Answered")


def test_the_answer_is_applied_and_the_others_keep_their_marks_their_place_and_their_secrets(zoe, server):
    fill(server)
    before = server.box.marks()

    assert read(server) == 1

    db.session.expire_all()
    assert zoe.status == "cancelled"
    assert server.box.marks() == before
    assert [word for word in PRIVATE if word in dump()] == []
    assert len(state().human_uids) == 3


def test_what_cannot_be_an_answer_is_not_even_opened(zoe, server):
    fill(server)
    read(server)

    assert server.box.bodies_read == [103, 104, 105]  # those with a calendar


def test_each_message_is_looked_at_once(zoe, server):
    fill(server)
    assert [read(server), read(server)] == [1, 0]
    assert server.box.bodies_read == [103, 104, 105]

    server.box.put(sample("gmail_accept").replace(b"080000Z", b"083000Z"))
    assert read(server) == 1
    assert server.box.bodies_read == [103, 104, 105, 106]


def test_human_mails_are_those_still_there(app, clock, server):
    fill(server)
    read(server)
    server.box.messages = server.box.messages[1:]
    read(server)

    assert state().human_uids == [102, 104 + 1]


def test_numbers_begin_again_when_the_server_says_so(zoe, server):
    fill(server)
    read(server)
    server.box.validity = 8

    assert read(server) == 1  # read again, and known by its Message-ID: it acts once
    assert state().uid_validity == 8
    assert len(state().human_uids) == 3


def test_ours_and_ours_alone_is_put_away_when_asked_to(zoe, server):
    fill(server)
    read(server, moves=True)

    assert [one.uid for one in server.box.folders["Trait&AOk-"]] == [104]
    assert [uid for uid, _ in server.box.marks()] == [101, 102, 103, 105]


def test_a_server_that_cannot_move_keeps_everything_in_place(zoe, server):
    server.box.can_move = False
    fill(server)
    before = server.box.marks()

    assert read(server, moves=True) == 1
    assert server.box.marks() == before


def test_a_message_too_large_is_not_fetched(app, clock, server):
    server.box.put(sample("gmail_accept") + b" " * 256_000)
    read(server)

    assert server.box.bodies_read == []


def test_a_message_that_makes_us_fail_stops_none_of_the_others(app, clock, server):
    fill(server)
    seen = []

    def fragile(raw):
        seen.append(raw)
        if len(seen) == 1:
            raise ZeroDivisionError
        return True

    assert read(server, fragile) == 2


def test_a_message_met_while_the_database_is_out_of_reach_is_read_next_time(zoe, server):
    fill(server)

    def out_of_reach(raw):
        raise OperationalError("", {}, OSError())

    with pytest.raises(OperationalError):
        read(server, out_of_reach)
    assert state() is None

    assert read(server) == 1


@pytest.mark.parametrize("fault", ["silent", "password", "folder", "gone"])
def test_a_server_that_fails_is_told_and_nothing_is_lost(app, clock, server, fault):
    fill(server)
    server.box.is_silent = fault == "silent"
    wrong = {
        "password": server.url.replace("passe", "faux"),
        "folder": f"{server.url}/Rien",
        "gone": server.url.replace(str(server.port), "1"),
    }

    with pytest.raises((OSError, imaplib.IMAP4.error)):
        inbox.Reader(imap.parse(wrong.get(fault, server.url)), concerns_us).read()

    refused = "le serveur refuse l’identifiant, le mot de passe ou le dossier"
    told = {"password": refused, "folder": refused}.get(fault, "le serveur ne répond pas")
    assert (state().trouble, state().last_uid) == (told, 0)
    server.box.is_silent = False
    read(server)
    assert (state().trouble, state().last_uid) == ("", 105)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("imap://eva:motdepasse@mail.example.org", "il faut imaps://"),
        ("pop3://eva:motdepasse@mail.example.org", "commence par imaps://"),
        ("imaps://mail.example.org", "identifiant"),
        ("imaps://eva:motdepasse@mail.example.org:x", "port"),
        ("imaps://eva:mot%0Adepasse@mail.example.org", "sans accent"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url, why):
    with pytest.raises(ValueError, match=why) as refused:
        imap.parse(url)

    assert "depasse" not in str(refused.value)


def test_the_password_is_in_no_text_of_the_server(server):
    told = imap.parse("imaps://eva%40x:un%20secret@mail.example.org/Bo%C3%AEte")

    assert (told.username, told.password, told.port, told.folder) == ("eva@x", "un secret", 993, "Boîte")
    assert "un secret" not in repr(told) + told.source
    assert imap.quoted('Boîte "à" & co') == '"Bo&AO4-te \\"&AOA-\\" &- co"'
