"""What the page of an evening and its device say to each other, in JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from cpts_sessions.attendance.models import AttendanceStatus, ChangeKind
from cpts_sessions.attendance.queries import Word
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import hour, short_day, typo
from cpts_sessions.evening.room import Room, Seat
from cpts_sessions.evening.sync import Change, Outcome
from cpts_sessions.people.services import Told
from cpts_sessions.web.typing_rules import one_line

_LONGEST_NAME: Final = 80
_LONGEST_EMAIL: Final = 254
MOST_CHANGES: Final = 200  # in one sending; a device sends the rest afterwards


def state(room: Room, sentence_once_ended: str | None) -> dict[str, Any]:
    """Return one evening as its device keeps it; no name once it is ended."""
    start, end = room.group_session.starts_at, room.group_session.ends_at
    return {
        "now": _milliseconds(now()),
        "list": typo(f"{short_day(now())} à {hour(local(now()))}"),
        "notesFrom": _milliseconds(room.notes_from),
        "startsAt": _milliseconds(start),
        "endsAt": _milliseconds(end),
        "isFull": room.is_full,
        "ended": sentence_once_ended,
        "present": room.present + room.nameless,
        "people": [] if sentence_once_ended else [_seat(seat) for seat in room.seats],
        "counts": {} if sentence_once_ended else {one.slug: one.count for one in room.counts if one.count},
    }


def answers(outcomes: list[Outcome]) -> list[dict[str, str | None]]:
    """Return what became of each change."""
    return [{"key": str(one.key), "refusal": one.refusal, "sentence": one.sentence} for one in outcomes]


def read_changes(sent: Any) -> tuple[UUID, datetime, list[Change]]:
    """Return who sends, what its clock says, and the changes; one that makes no sense has no kind.

    Raises:
        ValueError: this is not a sending.
    """
    if not isinstance(sent, dict) or not isinstance(sent.get("changes"), list) or len(sent["changes"]) > MOST_CHANGES:
        raise ValueError("not a sending")
    changes = [_change(one) for one in sent["changes"] if isinstance(one, dict)]
    return UUID(str(sent.get("device"))), _instant(sent.get("now")), changes


def _change(sent: Mapping[str, Any]) -> Change:
    key, said_at = UUID(str(sent.get("key"))), _instant(sent.get("at"))
    try:
        return Change(
            key=key,
            kind=ChangeKind(str(sent.get("kind"))),
            said_at=said_at,
            has_waited=sent.get("waited") is True,
            person=UUID(str(sent["person"])) if sent.get("person") else None,
            mark=AttendanceStatus(str(sent["mark"])) if sent.get("mark") else None,
            seen=datetime.fromisoformat(str(sent["seen"])) if sent.get("seen") else None,
            told=_told(sent) if sent.get("kind") == ChangeKind.WALK_IN else None,
            profession_slug=str(sent["profession"]) if "profession" in sent else None,
            step=sent["step"] if sent.get("step") in (-1, 1) else 0,
            is_early=sent.get("early") is True,
        )
    except ValueError:
        return Change(key=key, kind=None, said_at=said_at)


def _told(sent: Mapping[str, Any]) -> Told:
    first_name, last_name = (one_line(str(sent.get(name) or "")) or "" for name in ("first", "last"))
    email = (one_line(str(sent.get("email") or "")) or "").lower()
    if not (0 < len(first_name) <= _LONGEST_NAME and 0 < len(last_name) <= _LONGEST_NAME):
        raise ValueError("a name is missing, or too long")
    return Told(
        first_name=first_name,
        last_name=last_name,
        email=email if _is_address(email) else None,  # whoever came is never refused for a letter in an address
        profession_slug=str(sent.get("profession") or ""),
    )


def _is_address(email: str) -> bool:
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return len(email) <= _LONGEST_EMAIL


def _seat(seat: Seat) -> dict[str, Any]:
    person = seat.registration.person
    return {
        "id": str(seat.registration.public_id),
        "keys": [str(key) for key in seat.added_by],
        "name": person.full_name,
        "profession": typo(seat.profession),
        "mark": seat.mark,
        "at": seat.taken_at.isoformat() if seat.taken_at else None,
        "unannounced": seat.is_unannounced,
        "words": [_word(word) for word in seat.disagreement or ()],
    }


def _word(word: Word) -> dict[str, Any]:
    said_at = local(word.said_at)
    return {"device": str(word.device), "mark": word.mark, "hour": typo(f"{said_at.hour} h {said_at.minute:02}")}


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _instant(milliseconds: Any) -> datetime:
    """Read an instant as devices count them: milliseconds since 1970.

    Raises:
        ValueError: it is not one.
    """
    if not isinstance(milliseconds, int | float) or not 0 < milliseconds < 1e13:
        raise ValueError("not an instant")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
