"""What of the mail that comes in concerns us."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.mail.incoming import LARGEST_BYTES, Bounce, CalendarMail, open_mail
from tests.ical.answer_samples import sample

MESSAGE = UUID("11111111-2222-4333-8444-555555555555")


@pytest.mark.parametrize("name", ["vacation", "tnef", "forwarded_answer", "delay", "read_receipt"])
def test_what_is_neither_an_answer_nor_a_bounce_is_nobodys_business(name):
    assert open_mail(sample(name)) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bounce_with_our_request", "550 5.1.1 <zoe.noel@example.org>: Recipient address rejected: User unknown"),
        ("bounce_headers_only", "552 5.2.2 Mailbox full"),
    ],
)
def test_a_bounce_names_our_message_and_gives_the_servers_words(name, reason):
    bounce = open_mail(sample(name))

    assert isinstance(bounce, Bounce)
    assert (bounce.public_id, bounce.kind, bounce.reason) == (MESSAGE, "inscription_confirmee", reason)


def test_a_bounce_of_somebody_elses_message_is_not_ours():
    raw = sample("bounce_with_our_request").replace(b"<11111111-2222", b"<x11111-2222")

    assert open_mail(raw) is None


def test_auto_submitted_is_no_reason_to_pass_an_answer_over():
    raw = sample("gmail_accept")

    assert b"Auto-Submitted: auto-replied" in raw
    assert isinstance(open_mail(raw), CalendarMail)


def test_the_same_mail_has_the_same_key_by_its_message_id():
    raw = sample("gmail_accept")
    travelled = b"Received: by mx.example.org\r\n" + raw

    keys = {mail.key for mail in map(open_mail, (raw, travelled)) if mail}
    assert len(keys) == 1
    assert {mail.key for mail in map(open_mail, (raw, sample("gmail_decline"))) if mail} > keys


def test_a_mail_that_is_too_large_is_left_alone():
    raw = sample("gmail_accept")

    assert open_mail(raw + b" " * (LARGEST_BYTES - len(raw))) is not None
    assert open_mail(raw + b" " * (LARGEST_BYTES - len(raw) + 1)) is None


def nested(depth: int) -> bytes:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(depth))
    return f"{parts}Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(("depth", "is_opened"), [(5, True), (31, False), (4000, False)])
def test_parts_in_parts_in_parts_have_an_end(depth, is_opened):
    assert (open_mail(nested(depth)) is not None) is is_opened


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"Content-Type: text/calendar; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n====\r\n",
        b"Content-Type: text/calendar; name*0*=utf-99'x'%ff; name*1=\r\n\r\nBEGIN:VCALENDAR",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\r\n\xff\xff\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n",
    ],
)
def test_hostile_mails_never_make_it_fail(raw):
    assert not isinstance(open_mail(raw), Bounce)


@given(st.binary(max_size=600), st.sampled_from([b"", b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"]))
def test_no_bytes_make_it_fail(raw, before):
    open_mail(before + raw)
