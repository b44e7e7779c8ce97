"""What an agenda answers to an invitation (RFC 5546, sections 3.2.3, 3.2.6 and 3.2.7), as agendas really write it.

A reader of our own rather than a strict one: Outlook quotes TZIDs with commas, iOS folds with TABs, Exchange leaves
ORGANIZER out, and whatever is not understood must be passed over, never raise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Literal, NamedTuple, cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from cpts_sessions.core.clock import PARIS

Method = Literal["REPLY", "COUNTER", "REFRESH"]

METHODS: Final = frozenset({"REPLY", "COUNTER", "REFRESH"})
LONGEST_COMMENT: Final = 2000  # characters
_NAMES: Final = (
    "BEGIN",
    "END",
    "METHOD",
    "UID",
    "ATTENDEE",
    "SEQUENCE",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "COMMENT",
    "X-CALENDARSERVER-",
)
_LINE = re.compile(r'([A-Za-z0-9-]+)\s*((?:;[^":;]*(?:"[^"]*"[^":;]*)*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^;"]*)')
_INSTANT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?)?(Z?)")
_DURATION = re.compile(r"\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?")
_ZONE = re.compile(r"(?:^|/)([A-Z][A-Za-z_]+/[A-Z][A-Za-z_-]+)$")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


class Said(NamedTuple):
    """One ATTENDEE: her address in lower case, and her PARTSTAT in upper case."""

    address: str
    partstat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. Nothing of it is to be believed before its UID is checked; instants are aware or None."""

    method: Method
    uid: str
    said: tuple[Said, ...]
    sequence: int  # 0 when it is not told (RFC 5545, 3.8.7.4)
    stamp: datetime | None
    starts_at: datetime | None  # the date answered, or the one proposed by a COUNTER
    ends_at: datetime | None
    comment: str

    def of(self, address: str) -> Said | None:
        """What this address answers, whatever its case and however many others are named; the last word stands."""
        mine = [one for one in self.said if one.address == address.strip().lower()]
        return mine[-1] if mine else None


@dataclass
class _Found:
    """What was read so far of the calendar object and of its first event."""

    method: str = ""
    uid: str = ""
    said: list[Said] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    values: dict[str, "_Property"] = field(default_factory=dict)


class _Property(NamedTuple):
    name: str
    parameters: str
    value: str

    def parameter(self, wanted: str) -> str:
        """The value of one parameter, without its quotes; empty when it is not there."""
        for name, value in _PARAMETER.findall(self.parameters):
            if name.upper() == wanted:
                return str(value).strip().strip('"').strip()
        return ""


def read(calendar: bytes) -> Answer | None:
    """Read the answer in a calendar object; None when there is none in it. Never raises.

    METHOD is the one of the body: Gmail says REPLY in the header of what is a COUNTER. Of several events the first
    one counts: our invitations never recur.
    """
    found = _walk(calendar)
    if found.method not in METHODS or not found.uid:
        return None
    starts_at = _instant(found.values.get("DTSTART"))
    return Answer(
        method=cast(Method, found.method),
        uid=found.uid,
        said=tuple(found.said),
        sequence=_whole(found.values.get("SEQUENCE")),
        stamp=_instant(found.values.get("DTSTAMP"), zone=UTC),
        starts_at=starts_at,
        ends_at=_end(found, starts_at),
        comment="\n".join(dict.fromkeys(found.comments))[:LONGEST_COMMENT],
    )


def _walk(calendar: bytes) -> _Found:
    found, inside, events = _Found(), list[str](), 0
    for one in _properties(calendar):
        if one.name == "BEGIN":
            inside.append(one.value.strip().upper())
            events += inside == ["VCALENDAR", "VEVENT"]
        elif one.name == "END":
            ended = one.value.strip().upper()
            while inside and inside.pop() != ended:
                pass
        elif one.name == "METHOD" and inside == ["VCALENDAR"]:
            found.method = found.method or one.value.strip().upper()
        elif inside == ["VCALENDAR", "VEVENT"] and events == 1:
            _note(found, one)
    return found


def _note(found: _Found, one: _Property) -> None:
    if one.name == "UID":
        found.uid = found.uid or _SPACES.sub("", one.value)
    elif one.name == "ATTENDEE":
        address = _address(one)
        if address:
            found.said.append(Said(address, one.parameter("PARTSTAT").upper() or "NEEDS-ACTION"))
    elif one.name == "COMMENT" or one.name.endswith("-COMMENT"):
        comment = _text(one.value)
        if comment and sum(map(len, found.comments)) < LONGEST_COMMENT:
            found.comments.append(comment)
    else:
        found.values.setdefault(one.name, one)


def _properties(calendar: bytes) -> Iterator[_Property]:
    """The lines that matter, unfolded, in order (RFC 5545, section 3.1)."""
    text = _decoded(calendar).replace("\r\n", "\n").replace("\r", "\n")
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        if line[:24].lstrip().upper().startswith(_NAMES):
            matched = _LINE.fullmatch(line.strip())
            if matched:
                yield _Property(matched[1].upper(), matched[2], matched[3])


def _decoded(calendar: bytes) -> str:
    """The text, whatever the mail said of its charset: UTF-8, or what Windows and old Androids write."""
    if calendar[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return calendar.decode("utf-16", errors="replace")
    try:
        return calendar.decode("utf-8-sig")
    except UnicodeDecodeError:
        return calendar.decode("cp1252", errors="replace")


def _address(one: _Property) -> str:
    """The mailbox of an attendee; its EMAIL parameter when the value is no mailbox (iCloud: urn:uuid, RFC 7986)."""
    for given in (one.value, one.parameter("EMAIL")):
        bare = _SPACES.sub("", given).strip('<>"').lower()
        if bare.startswith("mailto:"):
            bare = unquote(bare.removeprefix("mailto:"))
        if "@" in bare and not _CONTROLS.search(bare):
            return bare
    return ""


def _text(value: str) -> str:
    plain = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return _CONTROLS.sub("", plain.replace("\r", "")).strip()


def _whole(one: _Property | None) -> int:
    digits = one.value.strip() if one else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _instant(one: _Property | None, zone: tzinfo | None = None) -> datetime | None:
    matched = _INSTANT.fullmatch(one.value.strip()) if one else None
    if one is None or matched is None:
        return None
    told = zone or _zone(one.parameter("TZID"))
    try:
        parts = [int(part or 0) for part in matched.groups()[:6]]
        year, month, day, hour, minute, second = parts
        wall = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC if matched[7] else told)
        return wall.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end(found: _Found, starts_at: datetime | None) -> datetime | None:
    ends_at = _instant(found.values.get("DTEND"))
    told = found.values.get("DURATION")
    matched = _DURATION.fullmatch(told.value.strip()) if told else None
    if ends_at or not starts_at or not matched:
        return ends_at
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in matched.groups())
    lasts = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        return starts_at + lasts
    except OverflowError:
        return None


@lru_cache(maxsize=128)
def _zone(tzid: str) -> tzinfo:
    """The zone of this name, Olson's or Windows's; Paris for any other: every date of ours is there."""
    matched = _ZONE.search(tzid)
    name = matched[1] if matched else WINDOWS_TO_OLSON.get(tzid, "")
    try:
        return ZoneInfo(name) if name else PARIS
    except (KeyError, ValueError, OSError):
        return PARIS
