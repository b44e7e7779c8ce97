"""Answers of agendas, read from mails as they come."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.ical.answers import LONGEST_COMMENT, Answer, Said, read
from cpts_sessions.ical.uids import matches
from cpts_sessions.mail.incoming import CalendarMail, open_mail
from tests.ical.answer_samples import names, sample
from tests.ical.samples import UID

ZOE = "zoe.noel@example.org"
MONDAY = (datetime(2026, 11, 16, 19, tzinfo=UTC), datetime(2026, 11, 16, 21, tzinfo=UTC))
TUESDAY = (datetime(2026, 11, 17, 19, tzinfo=UTC), datetime(2026, 11, 17, 21, tzinfo=UTC))
TUESDAY_LATER = (datetime(2026, 11, 17, 18, 30, tzinfo=UTC), datetime(2026, 11, 17, 20, 30, tzinfo=UTC))

#: sample -> METHOD, what Zoé says, her comment, the date it is about.
READ = {
    "gmail_accept": ("REPLY", "ACCEPTED", "", MONDAY),
    "gmail_decline": ("REPLY", "DECLINED", "", MONDAY),
    "gmail_decline_with_note": ("REPLY", "DECLINED", "Je suis de garde, desolee.\nÀ la prochaine", MONDAY),
    "gmail_counter": ("COUNTER", "TENTATIVE", "Le mardi me va mieux", TUESDAY),
    "exchange_accept": ("REPLY", "ACCEPTED", "", MONDAY),
    "exchange_decline_with_comment": ("REPLY", "DECLINED", "Empêchée ce soir-là; bonne séance", MONDAY),
    "exchange_tentative": ("REPLY", "TENTATIVE", "", MONDAY),
    "outlook_mac_counter": ("COUNTER", "TENTATIVE", "", TUESDAY_LATER),
    "ios_decline_private_comment": ("REPLY", "DECLINED", "Je garde les enfants", MONDAY),
    "macos_accept_part_without_method": ("REPLY", "ACCEPTED", "", MONDAY),
    "android_accept_without_charset": ("REPLY", "ACCEPTED", "", MONDAY),
    "thunderbird_decline_single_part": ("REPLY", "DECLINED", "", MONDAY),
    "two_attendees": ("REPLY", "DECLINED", "", MONDAY),
    "party_crasher": ("REPLY", None, "On m’a fait suivre", MONDAY),
    "delegated": ("REPLY", "DELEGATED", "", MONDAY),
    "refresh": ("REFRESH", "NEEDS-ACTION", "", MONDAY),
    "icloud_email_parameter": ("REPLY", "ACCEPTED", "", MONDAY),
    "latin1_without_charset": ("REPLY", "DECLINED", "Désolée", MONDAY),
    "recurring_and_two_events": ("REPLY", "ACCEPTED", "", MONDAY),
    "without_message_id_nor_stamp": ("REPLY", "TENTATIVE", "", MONDAY),
    "proton_attached_file_only": ("REPLY", "ACCEPTED", "", MONDAY),
}
NOT_ANSWERS = {
    "bounce_headers_only",
    "bounce_with_our_request",
    "delay",
    "forwarded_answer",
    "newsletter_with_calendar",
    "read_receipt",
    "tnef",
    "vacation",
}


def answer_in(name: str) -> Answer | None:
    mail = open_mail(sample(name))
    contents = mail.contents if isinstance(mail, CalendarMail) else ()
    return next(filter(None, map(read, contents)), None)


def test_every_sample_is_expected_here():
    assert sorted([*READ, *NOT_ANSWERS]) == names()
    assert len(names()) >= 20


@pytest.mark.parametrize("name", READ)
def test_what_agendas_write_is_understood(name):
    answer = answer_in(name)

    assert answer is not None
    said = answer.of(ZOE.upper())
    told = (answer.method, said.partstat if said else None, answer.comment, (answer.starts_at, answer.ends_at))
    assert told == READ[name]
    assert matches(answer.uid, UID)


@pytest.mark.parametrize("name", sorted(NOT_ANSWERS))
def test_what_is_no_answer_is_none(name):
    assert answer_in(name) is None


def written(*lines: str, method: str = "REPLY") -> bytes:
    inside = "\r\n".join(lines)
    text = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{UID}\r\n{inside}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    return text.encode()


def test_what_is_inside_an_alarm_or_another_event_is_not_hers():
    answer = read(
        written(
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ZOE}",
            "BEGIN:VALARM",
            f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ZOE}",
            "END:VALARM",
        )
    )

    assert answer is not None
    assert answer.said == (Said(ZOE, "ACCEPTED"),)


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "CANCEL", "ADD", "", "REPLY;X"])
def test_other_methods_are_no_answers(method):
    assert read(written(f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ZOE}", method=method)) is None


def test_numbers_and_dates_that_mean_nothing_are_passed_over():
    answer = read(written("SEQUENCE:-1", "DTSTAMP:99999999T999999Z", "DTSTART:20261399T000000", "DTEND:x"))

    assert answer == Answer(
        method="REPLY", uid=UID, said=(), sequence=0, stamp=None, starts_at=None, ends_at=None, comment=""
    )


def test_an_end_may_be_told_by_a_duration():
    answer = read(
        written("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20261116T200000", "DURATION:PT2H")
    )

    assert answer is not None
    assert (answer.starts_at, answer.ends_at) == MONDAY


@pytest.mark.parametrize("tzid", ["", "../../etc/passwd", "Nowhere/Land", "Heure de Paris", "America/Argentina"])
def test_an_unknown_zone_is_the_one_of_paris(tzid):
    answer = read(written(f'DTSTART;TZID="{tzid}":20261116T200000'))

    assert answer is not None
    assert answer.starts_at == MONDAY[0]


def test_a_comment_has_an_end_and_no_control_characters():
    answer = read(written(f"COMMENT:\x00\x1b{'a' * 9000}", "COMMENT:another"))

    assert answer is not None
    assert answer.comment == "a" * LONGEST_COMMENT


def test_of_two_words_of_one_address_the_last_stands():
    answer = read(
        written(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ZOE}", f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{ZOE.upper()}")
    )

    assert answer is not None
    assert answer.of(ZOE) == Said(ZOE, "DECLINED")


_WORDS = st.sampled_from(
    [
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "METHOD:REPLY",
        f"UID:{UID}",
        'ATTENDEE;CN="',
        "ATTENDEE;PARTSTAT=DECLINED:mailto:zoe.noel@example.org",
        "SEQUENCE:99999999999999999999",
        "DTSTAMP:00000000T000000Z",
        "DTSTART;TZID=:99991231T235959",
        "DURATION:P999W9999D",
        "COMMENT:\\",
        "X-CALENDARSERVER-PRIVATE-COMMENT:",
        " ",
        "\t;",
        "\x00",
        "é\ud800",
    ]
)


@given(st.lists(st.one_of(_WORDS, st.text(max_size=30)), max_size=30), st.sampled_from(["\r\n", "\n", "\r", "\n "]))
def test_no_text_makes_it_fail(lines, line_end):
    read(line_end.join(lines).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(raw):
    read(raw)


@given(st.sampled_from(sorted(READ)), st.integers(0, 4000), st.binary(max_size=20))
def test_no_damage_to_a_mail_makes_it_fail(name, where, bytes_put_in):
    raw = sample(name)
    mail = open_mail(raw[:where] + bytes_put_in + raw[where + len(bytes_put_in) :])
    for content in mail.contents if isinstance(mail, CalendarMail) else ():
        read(content)


def test_the_names_of_the_samples_are_invented():
    for name in names():
        text = sample(name).decode("latin-1")
        assert re.findall(r"@(?!\S*example\.org)[a-z0-9.-]+\.(?:com|fr|org|net)\b", text) == []
