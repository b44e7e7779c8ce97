"""The codes that change on a screen in the room, and what proves that somebody is there.

The code of thirty seconds is an HMAC of their number, by a key of the session: the animator's telephone
draws it without network, and the server knows it without a word from her. It says that somebody is in the
room, not who she is: hence a name, or a link of her own (see `own_presence`).
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import hour
from cpts_sessions.core.secrets import derive
from cpts_sessions.programmes.models import GroupSession, SessionStatus

WINDOW_SECONDS: Final = 30
#: The window under way and the two before: somebody scans, unlocks, types. One after: telephones run a little ahead.
_ACCEPTED: Final = (0, -1, -2, 1)
#: People come early and leave late; nobody is in the room at other hours.
MARGIN: Final = timedelta(minutes=30)
#: How long after having scanned a name may still be typed.
PASSAGE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Codes:
    """What is shown during thirty seconds: the end of the address to scan (80 bits), and six digits to type."""

    scanned: str
    typed: str


@dataclass(frozen=True)
class Screen:
    """What a device needs to draw the codes of one session by itself."""

    key: str  # base64url, without padding
    url: str  # what is scanned, but its end
    address: str  # where the digits are typed, as it is said aloud
    opens_at: datetime
    closes_at: datetime

    @property
    def hours(self) -> str:
        """When it serves: « de 19 h 30 à 22 h 30 »."""
        return f"de {hour(local(self.opens_at))} à {hour(local(self.closes_at))}"


def device_key(group_session: GroupSession) -> bytes:
    """Return the key from which a device makes the codes of this session: 32 bytes."""
    return derive(f"check-in:{group_session.public_id}")


def in_base64(key: bytes) -> str:
    """Return a key as a page carries it: base64url, without padding (RFC 4648, 5)."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def window(at: datetime) -> int:
    """Return the number of the thirty seconds of an instant, since 1970."""
    return int(at.timestamp()) // WINDOW_SECONDS


def codes(key: bytes, number: int) -> Codes:
    """Return the codes of one window; static/js/check_in.js makes the same."""
    mac = hmac.new(key, number.to_bytes(8), sha256).digest()
    six = int.from_bytes(mac[-4:]) % 1_000_000
    return Codes(base64.b32encode(mac[:10]).decode().lower(), f"{six // 1000:03} {six % 1000:03}")


def codes_now(group_session: GroupSession) -> Codes:
    """Return the codes of this instant."""
    return codes(device_key(group_session), window(now()))


def screen(group_session: GroupSession) -> Screen:
    """Return what the screen of the room draws."""
    base = group_session.organisation.public_url
    return Screen(
        key=in_base64(device_key(group_session)),
        url=f"{base}/presence/{group_session.public_id}/",
        address=f"{base.partition('://')[2]}/presence",
        opens_at=group_session.starts_at - MARGIN,
        closes_at=group_session.ends_at + MARGIN,
    )


def is_open(group_session: GroupSession, at: datetime) -> bool:
    """Whether one can say that one is there: announced, not closed, from 30 min before the start to 30 min after."""
    is_on = group_session.starts_at - MARGIN <= at <= group_session.ends_at + MARGIN
    return group_session.status == SessionStatus.OPEN and is_on


def was_scanned(group_session: GroupSession, code: str) -> bool:
    """Whether this is the end of an address shown in the last 90 seconds, while the session is on."""
    return is_open(group_session, now()) and _is_one_of(code, [one.scanned for one in _accepted(group_session)])


def _accepted(group_session: GroupSession) -> list[Codes]:
    key, current = device_key(group_session), window(now())
    return [codes(key, current + shift) for shift in _ACCEPTED]


def _is_one_of(given: str, right: list[str]) -> bool:
    """Compare with every one, always as long."""
    return sum(hmac.compare_digest(given.encode(), one.encode()) for one in right) > 0


def was_typed(group_session: GroupSession, digits: str) -> bool:
    """Whether these are the six digits, however spaced, shown in the last 90 seconds, while the session is on."""
    right = [one.typed.replace(" ", "") for one in _accepted(group_session)]
    return is_open(group_session, now()) and _is_one_of(re.sub(r"\D", "", digits), right)


def passage(group_session: GroupSession) -> str:
    """Return what a form keeps of a code that was right a moment ago: its instant, signed for this session."""
    return _stamp(group_session, int(now().timestamp()))


def is_passage(group_session: GroupSession, given: str) -> bool:
    """Whether this was given for this session at most 10 minutes ago, and the session is still on."""
    said = given.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,12}", said) or not _is_one_of(given, [_stamp(group_session, int(said))]):
        return False
    at = now()
    return 0 <= at.timestamp() - int(said) <= PASSAGE.total_seconds() and is_open(group_session, at)


def _stamp(group_session: GroupSession, second: int) -> str:
    return f"{second}.{derive(f'check-in-passage:{group_session.public_id}:{second}').hex()[:32]}"
