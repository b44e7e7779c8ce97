"""What each act of a story may change, whom it tells, and what must hold after it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row

from cpts_sessions.core.clock import PARIS, now
from cpts_sessions.core.errors import RuleBroken
from tests.registrations.look import Look, look

Changes = set[tuple[str, str]]

_ENDED, _HELD = ("cancelled", "declined"), ("confirmed", "waiting", "offered", "requested")


def _from(before: tuple[str, ...], *after: str) -> Changes:
    return {(was, state) for was in before for state in after}


ASKED = _from(_ENDED, "confirmed", "waiting", "requested")
DECIDED = _from(("requested",), "confirmed", "waiting")
SERVED = {("waiting", "offered")}
TAKEN = {("offered", "confirmed"), ("waiting", "confirmed")}
#: What each act may make of a registration that was there.
MAY: dict[str, Changes] = {
    "sign_up": ASKED | {("waiting", "confirmed")},
    "register": _from(_ENDED, "confirmed", "waiting") | DECIDED,
    "enrol": ASKED | DECIDED,
    "take_back": ASKED,
    "take_seat": TAKEN,
    "take_offer": TAKEN,
    "leave_offer": {("offered", "declined")} | SERVED,
    "move_up": TAKEN,
    "leave": _from(_HELD, "declined") | _from(("confirmed", "waiting", "requested"), "cancelled") | SERVED,
    "withdraw": _from(_HELD, "cancelled") | SERVED,
    "stop": _from(_HELD, "cancelled") | SERVED,
    "not_me": _from(_HELD, "cancelled") | SERVED,
    "accept": DECIDED,
    "refuse": {("requested", "declined")},
    "time": {("offered", "declined")} | SERVED,
    "capacity": SERVED,
    "move": SERVED | {("offered", "waiting")},
    "cancel": _from(_HELD, "cancelled"),
    "reinstate": _from(("cancelled",), *_HELD),
    "merge": SERVED,
    "walk_in": _from(("waiting", "offered", "requested", *_ENDED), "walk_in"),
    "attend": set(),
    "answer": TAKEN | ASKED | _from(_HELD, "cancelled", "declined") | SERVED,
}
#: What each act may make of somebody who was not there yet.
NEW: dict[str, tuple[str, ...]] = {
    "sign_up": ("confirmed", "waiting", "requested"),
    "register": ("confirmed", "waiting"),
    "enrol": ("confirmed", "waiting", "requested"),
    "reinstate": ("confirmed", "waiting"),  # who follows the season since the session was cancelled
    "walk_in": ("walk_in",),
}
AT_THE_END = ("sign_up", "register", "enrol", "take_back", "answer")
#: Acts told by one message about the season; a seat has its invitation apart.
OF_A_SEASON = ("enrol", "stop", "accept", "reinstate")


def mail_leaves_at(instant: datetime) -> datetime:
    """Return when a mail about a seat leaves, in the words of the contract: 21 h to 8 h is the night."""
    wall = instant.astimezone(PARIS)
    if wall.hour >= 21:
        wall += timedelta(days=1)
    elif wall.hour >= 8:
        return instant
    return datetime.combine(wall.date(), time(8), PARIS).astimezone(UTC)


def kept_until(instant: datetime, starts_at: datetime) -> datetime | None:
    """Return until when a seat freed at an instant is kept, in the words of the contract; None: not kept."""
    leaves = mail_leaves_at(instant)
    if starts_at - leaves < timedelta(hours=3):
        return None
    return min(leaves + timedelta(hours=48), leaves + (starts_at - leaves) / 2, starts_at - timedelta(hours=2))


class Act:
    """Looks before and after: what changed was allowed, and was told once."""

    def __init__(self, story: Any, name: str) -> None:
        self.story, self.name = story, name

    def __enter__(self) -> None:
        self.story.clock.shift(timedelta(milliseconds=10))  # no two acts at one instant
        self.before: Look = self.story.look
        self.had_begun = now() >= self.before.session.starts_at

    def __exit__(self, kind: type[BaseException] | None, _error: object, _where: object) -> bool:
        if kind is not None and not issubclass(kind, RuleBroken):
            return False
        self.after = self.story.look = look(self.before.known)
        before, after = self.before.states, self.after.states
        changed = {one: (before.get(one), state) for one, state in after.items() if before.get(one) != state}
        self.story.acts[self.name if kind is None else "refused"] += 1
        self.story.seen.update((self.name, *change) for change in changed.values())
        if kind is not None:
            assert (changed, self.after.messages, after) == ({}, [], before)
            assert self.after.seasons == self.before.seasons
        self.check_changes(changed)
        self.check_line(set(changed))
        self.check_offers()
        self.check_messages(changed)
        self.check_seasons()
        self.check_agendas()
        return True

    def check_changes(self, changed: dict[int, tuple[str | None, str]]) -> None:
        for was, state in changed.values():
            if was is None:
                assert state in NEW[self.name]
            else:
                assert (was, state) in MAY[self.name]
        gone = self.before.registrations.keys() - self.after.registrations.keys()
        assert not gone or self.name in ("not_me", "merge")
        assert not (self.had_begun and changed) or self.name == "walk_in"

    def check_line(self, changed: set[int]) -> None:
        before, line = self.before.line, self.after.line
        assert [one for one in line if one in before] == [one for one in before if one in line]
        if self.name in AT_THE_END:
            assert set(line[len([one for one in line if one not in changed]) :]) == set(line) & changed

    def check_offers(self) -> None:
        """A seat goes to the first of those who wait, for as long as the rule says; the mail keeps out of the night."""
        rows, before, deadlines = self.after.registrations, self.before.states, self.before.deadlines
        waiting = [(one.queued_at, one.id) for one in rows.values() if one.status == "waiting"]
        for one in rows.values():
            if one.offer_expires_at is None or one.offer_expires_at == deadlines.get(one.id):
                continue
            assert one.offer_expires_at == kept_until(now(), self.after.session.starts_at)
            if before.get(one.id) != "offered":
                assert all((one.queued_at, one.id) < other for other in waiting)
        for message in self.after.messages:
            if message.kind in ("place_proposee", "place_de_derniere_minute") and self.name != "sign_up":
                assert message.not_before == mail_leaves_at(now())

    def check_messages(self, changed: dict[int, tuple[str | None, str]]) -> None:
        """Each change of a seat is told by one row: to nobody without e-mail, and but for what `told_of` says."""
        for number, change in changed.items():
            one = self.after.registrations[number]
            written = sorted(message.kind for message in self.after.messages if message.registration_id == number)
            if one.email is None:
                assert written == []
                continue
            exactly = self.told_of(one, change)
            assert (len(written) == 1) if exactly is None else (written == exactly)
        if self.name in ("attend", "walk_in"):
            assert self.after.messages == []

    def told_of(self, one: Row[Any], change: tuple[str | None, str]) -> list[str] | None:
        """Return the kinds of the rows about a change where it is not any single one; None: it is.

        Who came is told nothing, nor who says « Ce n'est pas moi ». What happens to a whole season is told by one
        row about it: a seat then has its invitation apart, but for a date added alone; a rank is in the list of dates.
        A move is told, and what it makes of the seat; nothing of a seat in the middle of the night.
        """
        leaves_before_start = mail_leaves_at(now()) < self.after.session.starts_at
        if self.name == "walk_in" or (self.name == "not_me" and change[1] == "cancelled"):
            return []
        if self.name == "move":
            if change == ("waiting", "offered"):
                return ["place_proposee", "seance_deplacee_attente"]
            return ["place_de_derniere_minute"] if leaves_before_start else []
        is_of_a_season = self.name in ("enrol", "stop") or (
            one.enrolment_id is not None and (self.name == "accept" or (self.name, change[0]) == ("reinstate", None))
        )
        if not is_of_a_season or change == ("waiting", "offered"):
            return None
        if change[1] == "confirmed":
            return ["dates_ajoutees" if self.name == "reinstate" else "inscription_confirmee"]
        return ["desinscription"] if change == ("confirmed", "cancelled") else []

    def check_seasons(self) -> None:
        """Each change of a season is told by one row about it: not a refusal, told about its date, nor an undoing."""
        before = self.before.seasons
        changed = {one for one, state in self.after.seasons.items() if before.get(one) != state}
        if self.name in ("refuse", "not_me", "merge"):
            return
        assert not changed or self.name in OF_A_SEASON
        for one in (self.after.enrolments[number] for number in changed):
            about = [m for m in self.after.messages if m.registration_id is None and m.person_id == one.person_id]
            assert len(about) == (1 if one.email else 0)

    def check_agendas(self) -> None:
        for message in self.after.messages:
            if message.calendar:
                uid, stamp = message.calendar["uid_of"], datetime.fromisoformat(message.calendar["stamp"])
                sequence, last = self.story.told.get(uid, (-1, datetime.min.replace(tzinfo=UTC)))
                assert message.calendar["sequence"] > sequence
                assert stamp > last
                self.story.told[uid] = (message.calendar["sequence"], stamp)
