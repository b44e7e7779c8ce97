import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from flask import Flask
from flask_mail import Mail
from hypothesis import example, given
from hypothesis import strategies as st

from cpts_sessions.mail.headers import one_line
from cpts_sessions.mail.mime import CalendarPart, RawMessage, build_message
from tests.golden_files import golden

DATE = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
MESSAGE_ID = "<7c6f1f5e-52a4-4f0e-9a5b-0d2f1c3b4a59.confirmed.1@cpts.example.org>"
SUBJECT = "Votre place est notée : GAPP, mardi 16 mars 2027 à 20\u00a0h\u00a030, maison de santé des Tilleuls"
TEXT = "Bonjour Zoé,\n\nVotre place est notée – à bientôt.\n" + "é" * 90 + "\nFrom here\n.\n"
HTML = "<!doctype html>\n<p>Bonjour Zoé,</p>\n<p>Votre place est notée – à bientôt.</p>\n"
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-LONG:" + "é".encode() * 40 + b"\r\nEND:VCALENDAR\r\n"
INVITATION = CalendarPart("REQUEST", ICS)


def message(**changed) -> EmailMessage:
    values = {
        "sender_name": "CPTS du Pays d’Aval, Nord",
        "sender_address": "contact@cpts.example.org",
        "to_name": "Zoé Noël",
        "to_address": "zoe.noel@example.org",
        "subject": SUBJECT,
        "text": TEXT,
        "html": HTML,
        "message_id": MESSAGE_ID,
        "date": DATE,
    }
    return build_message(**values | changed)


def received(sent: EmailMessage) -> EmailMessage:
    """The message as a mail program reads its bytes."""
    return email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)


def outline(part: EmailMessage, depth: int = 0) -> list[str]:
    """One line per part: its type, parameters, encoding and disposition."""
    facts = [part["Content-Type"].content_type, *(f"{k}={v}" for k, v in part["Content-Type"].params.items())]
    facts = [fact for fact in facts if not fact.startswith("boundary=")]
    facts += [str(part[name]) for name in ("Content-Transfer-Encoding", "Content-Disposition") if name in part]
    return ["  " * depth + " ".join(facts), *(line for sub in part.iter_parts() for line in outline(sub, depth + 1))]


def test_an_invitation_has_the_parts_that_mail_programs_look_for():
    assert outline(received(message(calendar=INVITATION))) == [
        "multipart/mixed",
        "  multipart/alternative",
        "    text/plain charset=utf-8 quoted-printable",
        "    text/html charset=utf-8 quoted-printable",
        "    text/calendar charset=UTF-8 method=REQUEST base64",
        '  application/ics base64 attachment; filename="invite.ics"',
    ]


def test_a_message_without_a_date_has_two_alternatives_and_nothing_else():
    assert outline(received(message())) == [
        "multipart/alternative",
        "  text/plain charset=utf-8 quoted-printable",
        "  text/html charset=utf-8 quoted-printable",
    ]


def test_the_method_of_a_cancellation_is_told_unquoted():
    sent = message(calendar=CalendarPart("CANCEL", ICS)).as_bytes()

    assert b'\r\nContent-Type: text/calendar; charset="UTF-8"; method=CANCEL\r\n' in sent


def test_every_part_holds_what_was_given():
    alternatives, attached = received(message(calendar=INVITATION)).iter_parts()
    text, html, invitation = alternatives.iter_parts()

    assert [part.get_content().replace("\r\n", "\n") for part in (text, html)] == [TEXT, HTML]
    assert [invitation.get_payload(decode=True), attached.get_payload(decode=True)] == [ICS, ICS]


def test_every_header_is_there_once_and_reads_as_it_was_given():
    mail = received(message(calendar=INVITATION, headers={"List-Unsubscribe": f"<https://example.org/{'a' * 90}>"}))

    assert [(name, str(value)) for name, value in mail.items() if name != "Content-Type"] == [
        ("From", '"CPTS du Pays d’Aval, Nord" <contact@cpts.example.org>'),
        ("To", "Zoé Noël <zoe.noel@example.org>"),
        ("Reply-To", "contact@cpts.example.org"),
        ("Subject", SUBJECT),
        ("Date", "Mon, 01 Mar 2027 08:30:00 +0000"),
        ("Message-ID", MESSAGE_ID),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", f"<https://example.org/{'a' * 90}>"),
        ("MIME-Version", "1.0"),
    ]


def test_what_leaves_is_ascii_with_crlf_and_short_lines():
    sent = message(calendar=INVITATION).as_bytes()

    assert sent.isascii()
    assert sent.replace(b"\r\n", b"").count(b"\n") == sent.replace(b"\r\n", b"").count(b"\r") == 0
    assert [line for line in sent.split(b"\r\n") if len(line) > 78] == [b"Message-ID: " + MESSAGE_ID.encode()]
    assert sent.count(b"MIME-Version") == 1


def test_the_same_values_give_the_same_bytes():
    golden("email/mime-invitation.eml", message(calendar=INVITATION).as_bytes())
    golden("email/mime-notice.eml", message().as_bytes())


@pytest.mark.parametrize("field", ["subject", "sender_name", "to_name", "message_id"])
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_line_break_starts_no_header(field, line_break):
    given_text = {"message_id": "<a@example.org>"}.get(field, "Zoé")
    names = message().keys()

    mail = received(message(**{field: f"{given_text}{line_break}Bcc: autre@example.org"}))

    assert mail.keys() == names
    assert mail["Bcc"] is None


#: Those of any message, in their order.
HEADERS = message().keys()


@given(st.text(max_size=200))
@example("a" * 200)
@example("mot " * 40)
@example("é " * 90)
@example("=?utf-8?q?a=0D=0ABcc:_autre@example.org?=")
@example("=\x00?utf-8?q?Bcc?=")
@example("  ?  =  ")
@example("😀" * 60)
@example("20\u00a0h\u202f30")
def test_any_subject_is_read_back_on_one_line(text):
    mail = received(message(subject=f"[{text}]"))

    assert mail["Subject"] == one_line(f"[{text}]")
    assert mail.keys() == HEADERS


@given(st.text(max_size=150))
@example('Noël, Zoé "Z" <autre@example.org>; dr: \\')
@example("a" * 150)
@example("é, " * 50)
@example("=?utf-8?q?a=0D=0ABcc:_autre@example.org?=")
def test_any_name_is_read_back_and_adds_no_address(text):
    mail = email.message_from_bytes(message(to_name=f"Z{text}Z").as_bytes(), policy=email.policy.compat32)

    ((name, address),) = getaddresses(mail.get_all("To"))
    assert (str(make_header(decode_header(name))), address) == (one_line(f"Z{text}Z"), "zoe.noel@example.org")
    assert [found.addr_spec for found in received(message(to_name=text))["To"].addresses] == [address]
    assert mail.keys() == HEADERS


def test_an_accented_domain_is_written_in_ascii():
    assert received(message(to_address="zoe@santé.example.org"))["To"].addresses[0].addr_spec == (
        "zoe@xn--sant-epa.example.org"
    )


@pytest.mark.parametrize(
    "address",
    ["", "zoe", "@example.org", "zoe@", "zoé@example.org", "zoe@example.org\r\nBcc: a@b.example", "zoe noel@b.example"],
)
def test_an_address_that_cannot_leave_is_refused(address):
    with pytest.raises(ValueError, match="plain e-mail address"):
        message(to_address=address)


def test_a_date_without_a_zone_and_a_header_given_twice_are_refused():
    with pytest.raises(ValueError, match="aware"):
        message(date=datetime(2027, 3, 1, 8, 30))
    with pytest.raises(ValueError, match="header set twice: reply-to"):
        message(headers={"reply-to": "autre@example.org"})


@pytest.fixture
def mail() -> Mail:
    app = Flask(__name__)
    app.config["TESTING"] = True
    with app.app_context():
        yield Mail(app)


def test_flask_mail_captures_the_message_and_would_send_its_very_bytes(mail):
    sent = message(calendar=INVITATION)

    with mail.record_messages() as outbox:
        mail.send(RawMessage(sent))

    (captured,) = outbox
    assert captured.as_bytes() == sent.as_bytes()
    assert captured.as_bytes().lower().count(b"message-id:") == 1
    assert (captured.msgId, captured.subject, captured.sender, captured.send_to, captured.body, captured.html) == (
        MESSAGE_ID,
        SUBJECT,
        "contact@cpts.example.org",
        {"zoe.noel@example.org"},
        TEXT,
        HTML,
    )
