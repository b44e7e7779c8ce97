"""What the devices of an evening send is applied in order, each change once; what is refused stays on the device."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cpts_sessions.attendance import changes as attendance
from cpts_sessions.attendance import queries
from cpts_sessions.attendance.changes import Said
from cpts_sessions.attendance.models import AttendanceStatus, ChangeKind
from cpts_sessions.attendance.rules import ARRIVALS, check_can_be_noted, check_profession
from cpts_sessions.core import audit
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import short_day, typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.evening.room import is_ended
from cpts_sessions.extensions import db
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.queries import lock_group_session

#: Under this, what lies between the clock of a device and ours is the time its message travelled.
_TRAVEL: Final = timedelta(seconds=5)
_NOT_UNDERSTOOD: Final = typo("Ce changement n’a pas été compris : notez-le à nouveau.")
_NOT_ON_THE_LIST: Final = typo("Cette personne n’est plus sur la liste : elle s’est peut-être désinscrite. Ajoutez-la.")
_FULL: Final = (
    "Toutes les places sont prises, et cette personne est ajoutée quand même : "
    "une venue sans inscription n’est jamais refusée."
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing somebody did on the page, as her device tells it; only what its kind needs is there.

    `person` is the public id of a registration, or the key of the change that added her.
    """

    key: UUID
    kind: ChangeKind | None  # None: not one that we know
    said_at: datetime  # by the clock of the device
    has_waited: bool = False
    person: UUID | None = None
    mark: AttendanceStatus | None = None
    seen: datetime | None = None  # when the mark that the device showed was taken
    told: Told | None = None
    profession_slug: str | None = None
    step: int = 0
    is_early: bool = False  # « Clore maintenant ? »: yes


@dataclass(frozen=True)
class Outcome:
    """What became of one change: `refusal` when it was not applied, `sentence` when there is something to say."""

    key: UUID
    refusal: str | None = None
    sentence: str | None = None


@dataclass
class _Batch:
    """One sending under way, inside its transaction."""

    link: EveningLink
    group_session: GroupSession
    device: UUID
    at: datetime
    ahead: datetime  # what the clock of the device says now
    professions: frozenset[str] = frozenset()  # switched off meanwhile included
    added: int = 0
    persons: dict[UUID, int] = field(default_factory=dict)  # those of the list; empty: to be read

    def person_id(self, asked: UUID) -> int:
        """Return who is meant: by her registration, or by the change that added her.

        Raises:
            RuleBroken: she is not on the list.
        """
        if not self.persons:
            lines = queries.roll(self.group_session.id).lines
            self.persons = {line.registration.public_id: line.registration.person_id for line in lines}
            added = queries.trace_of(self.group_session.id).added
            expected = set(self.persons.values())
            self.persons |= {key: person_id for key, person_id in added.items() if person_id in expected}
        if asked not in self.persons:
            raise RuleBroken(_NOT_ON_THE_LIST)
        return self.persons[asked]

    def said(self, change: Change) -> Said:
        """Who says it, and when by our clock; nothing is said in the future."""
        behind = self.at - self.ahead
        return Said(
            key=change.key,
            device=self.device,
            said_at=min(change.said_at + (behind if abs(behind) > _TRAVEL else timedelta()), self.at),
            received_at=self.at,
            actor_id=self.link.person_id,
            has_waited=change.has_waited,
        )


def apply(link: EveningLink, device: UUID, device_now: datetime, changes: Sequence[Change]) -> list[Outcome]:
    """Apply what one device sends, in order, all in one transaction; what was applied before is not applied again.

    A change that is refused stops none of the others and leaves nothing behind: sent again later, it is judged anew.

    Args:
        device_now: what the clock of the device says when it sends; the hours of the changes are set right by it.

    Returns:
        What became of each, in the same order.
    """
    at = now()  # before the lock is waited for
    with transaction():
        group_session = lock_group_session(link.group_session_id)
        batch = _Batch(link, group_session, device, at, device_now)
        batch.professions = frozenset(profession_labels(group_session.organisation_id))
        done = set(attendance.known([change.key for change in changes]))
        outcomes = []
        for change in changes:
            outcome = Outcome(change.key) if change.key in done else _apply(batch, change)
            outcomes.append(outcome)
            if outcome.refusal is None:
                done.add(change.key)
        if batch.added:
            audit.record(
                group_session.organisation_id,
                "presences_notees",
                actor_id=link.person_id,
                group_session_id=group_session.id,
                n=batch.added,
            )
    return outcomes


def _apply(batch: _Batch, change: Change) -> Outcome:
    try:
        with db.session.begin_nested():
            return Outcome(change.key, sentence=_do(batch, change))
    except RuleBroken as refusal:
        return Outcome(change.key, refusal=str(refusal))


def _do(batch: _Batch, change: Change) -> str | None:
    if change.kind in (ChangeKind.CLOSE, ChangeKind.NOBODY):
        _end(batch, change, change.kind)
        return None
    _check_not_ended(batch.group_session)
    check_can_be_noted(batch.group_session, at=batch.at, early=ARRIVALS)
    if change.kind is ChangeKind.WALK_IN and change.told:
        return _walk_in(batch, change, change.told)
    if change.kind is ChangeKind.MARK and change.person and change.mark:
        _mark(batch, change, change.person, change.mark)
    elif change.kind is ChangeKind.TALLY and change.step in (-1, 1) and change.profession_slug is not None:
        check_profession(change.profession_slug, batch.professions | {""})
        attendance.tally(batch.group_session, batch.said(change), change.profession_slug, change.step)
    else:
        raise RuleBroken(_NOT_UNDERSTOOD)
    return None


def _mark(batch: _Batch, change: Change, person: UUID, status: AttendanceStatus) -> None:
    if attendance.mark(batch.group_session, batch.said(change), batch.person_id(person), status, change.seen):
        batch.added += 1


def _walk_in(batch: _Batch, change: Change, told: Told) -> str | None:
    check_profession(told.profession_slug or "", batch.professions)
    added = attendance.walk_in(batch.group_session, batch.said(change), told)
    batch.persons.clear()
    if not added.is_new:
        return typo(f"{told.first_name} {told.last_name} est déjà sur la liste : sa présence est relevée.")
    return typo(_FULL) if added.is_over_capacity else None


def _end(batch: _Batch, change: Change, kind: ChangeKind) -> None:
    """Close the session, or say that nobody came; from a second device that says so too, it is done already."""
    is_done, one, actor_id = is_ended(batch.group_session), batch.group_session, batch.link.person_id
    if not is_done and kind is ChangeKind.CLOSE:
        services.close(one.id, actor_id=actor_id, by_animator=True, missing_are_absent=True, before_end=change.is_early)
    elif not is_done:
        services.nobody_came(one.id, actor_id=actor_id, before_end=change.is_early)
    attendance.keep(one, batch.said(change), kind, is_retained=not is_done)


def _check_not_ended(group_session: GroupSession) -> None:
    if is_ended(group_session):
        since = group_session.closed_at or group_session.cancelled_at or now()
        raise RuleBroken(
            typo(
                f"Cette séance est close depuis le {short_day(local(since))}. "
                "Pour corriger, demandez à la coordination de la rouvrir."
            )
        )
