"""Content lines of an iCalendar object (RFC 5545, section 3.1): escaping, folding, instants, Europe/Paris.

Lines are put together by hand because the download of one date must cost about as much as a bare page:
a general library takes twenty times longer. The tests read every object back with four other parsers.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TZID = "Europe/Paris"
_ZONE = ZoneInfo(TZID)
_FOLD_AT = 75  # octets, line break excluded

_BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# C0 and C1 controls, lone surrogates (they cannot be encoded) and byte order marks (some parsers eat them).
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_UNSAFE_IN_ADDRESS = re.compile(r'[\s\x00-\x1f\x7f-\x9f\ud800-\udfff",;:<>\\]')
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})

# Section 3.6.5: the rules in force since 1996, told as if they had begun in 1970, as calendars do.
PARIS: tuple[str, ...] = (
    "BEGIN:VTIMEZONE",
    f"TZID:{TZID}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def cleaned(text: str) -> str:
    r"""The text a calendar may carry: line breaks as `\\n`, tabs as spaces, no other control character."""
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


def escaped(text: str) -> str:
    """A TEXT value (section 3.3.11), cleaned first."""
    return cleaned(text).translate(_ESCAPES)


def named(name: str) -> str:
    """A CN parameter with its semicolon, on one line and quoted, or nothing when no name is left.

    Quotes cannot stand in a parameter and carets mean something since RFC 6868, which half of the agendas do not
    know: the first become apostrophes; carets and backslashes are left out.
    """
    plain = " ".join(cleaned(name).replace('"', "'").replace("^", "").replace("\\", "").split())
    return f';CN="{plain}"' if plain else ""


def mailbox(address: str) -> str:
    """The `mailto:` value of an address.

    Raises:
        ValueError: it holds a space, a control character or a delimiter, hence could write another property.
    """
    if _UNSAFE_IN_ADDRESS.search(address) or "@" not in address:
        raise ValueError(f"not a plain e-mail address: {address!r}")
    return f"mailto:{address}"


def utc_stamp(instant: datetime) -> str:
    """The instant in UTC, to the second: `20270316T190000Z`. Aware instants only."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def paris_time(name: str, instant: datetime) -> str:
    """One line such as `DTSTART;TZID=Europe/Paris:20270316T200000`.

    In the hour that comes twice in October a local time means the first one (section 3.3.5): the second is
    written in UTC.
    """
    local = instant.astimezone(_ZONE)
    if local.fold:
        return f"{name}:{utc_stamp(instant)}"
    return f"{name};TZID={TZID}:{local:%Y%m%dT%H%M%S}"


def folded(line: str) -> bytes:
    """The line with its CRLF, broken every 75 octets at most and never inside a character."""
    data = line.encode()
    if len(data) <= _FOLD_AT:
        return data + b"\r\n"
    pieces = []
    start, room = 0, _FOLD_AT
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # inside a UTF-8 character: step back to where it begins
            end -= 1
        pieces.append(data[start:end])
        start, room = end, _FOLD_AT - 1  # a continuation begins with a space, which counts
    pieces.append(data[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def assembled(lines: Iterable[str]) -> bytes:
    """All the lines, folded, in UTF-8."""
    return b"".join(map(folded, lines))
