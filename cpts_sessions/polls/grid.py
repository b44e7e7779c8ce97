"""The answers of a poll laid out for the coordination: slot by slot, person by person; and what choosing would give."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.polls import queries, rules
from cpts_sessions.polls.models import DatePoll, PollSlot, Reply


@dataclass(frozen=True)
class Column:
    """One slot: how many said what, and the professions of those who said yes, the most frequent first."""

    slot: PollSlot
    yes: int
    if_needed: int
    no: int
    professions: Sequence[tuple[str, int]]
    is_best: bool


@dataclass(frozen=True)
class Row:
    """One person who answered: what she said of each slot, in the order of the slots; None where she said nothing."""

    person: Person
    replies: Sequence[str | None]
    suggestion: str


@dataclass(frozen=True)
class Grid:
    """The whole of a poll; `silent` are those who have not answered yet."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    silent: Sequence[Person]

    @property
    def ranked(self) -> list[Column]:
        """The slots, those that unite the most people then the most professions first."""
        return sorted(self.columns, key=lambda one: (-one.yes, -len(one.professions), one.slot.starts_at))


def grid(poll: DatePoll) -> Grid:
    """Return the answers of a poll, names included: for the coordination only."""
    said = {(one.person_id, one.slot_id): one.reply for one in queries.answers_of(poll)}
    invitations = queries.invitations_of(poll)
    people = [one.person for one in invitations]
    labels = profession_labels(poll.organisation_id)
    mixes = {slot.id: _mix(people, said, slot, labels) for slot in poll.slots}
    counts = {slot.id: _counts(said, slot) for slot in poll.slots}
    best = rules.best({slot.id: (counts[slot.id][0], len(mixes[slot.id])) for slot in poll.slots})
    return Grid(
        columns=[Column(slot, *counts[slot.id], mixes[slot.id], slot.id in best) for slot in poll.slots],
        rows=[
            Row(one.person, [said.get((one.person_id, slot.id)) for slot in poll.slots], one.suggestion)
            for one in invitations
            if one.answered_at
        ],
        silent=[one.person for one in invitations if one.answered_at is None],
    )


def _counts(said: dict[tuple[int, int], str], slot: PollSlot) -> tuple[int, int, int]:
    """How many said yes, « si besoin » and no, those whose names are forgotten included."""
    named = Counter(reply for (_, slot_id), reply in said.items() if slot_id == slot.id)
    return (
        named[Reply.YES] + slot.nameless_yes,
        named[Reply.IF_NEEDED] + slot.nameless_if_needed,
        named[Reply.NO] + slot.nameless_no,
    )


def _mix(
    people: Sequence[Person], said: dict[tuple[int, int], str], slot: PollSlot, labels: dict[str, str]
) -> Sequence[tuple[str, int]]:
    coming = [one for one in people if said.get((one.id, slot.id)) == Reply.YES]
    words = Counter(labels.get(one.profession_slug or "", "profession non dite") for one in coming)
    return sorted(words.items(), key=lambda one: (-one[1], one[0]))
