"""The ways an attacker guesses who wrote what: each gives the texts in the order she believes they were answered."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.questionnaires.attacker.evidence import Evidence, Row, Snapshot, frames

Guess = list[bytes]
Matcher = Callable[[Evidence], Guess]
Order = Callable[[Row], Any]
Choice = Callable[[Snapshot, Snapshot, list[Row]], Row]


def by_position(evidence: Evidence) -> Guess:
    """The rowid, or the ctid, gives the order of insertion."""
    return [evidence.text_in(row.content) or b"" for row in evidence.answers()]


def by_position_backwards(evidence: Evidence) -> Guess:
    """The same, from the end."""
    return by_position(evidence)[::-1]


def by_key(evidence: Evidence) -> Guess:
    """The key, if it were given in order."""
    return [evidence.text_in(row.content) or b"" for row in sorted(evidence.answers(), key=lambda row: row.key)]


def by_stamp(evidence: Evidence) -> Guess:
    """The number of the transaction that wrote each answer (xmin)."""
    rows = sorted(evidence.answers(), key=lambda row: (row.stamp, row.position))
    return [evidence.text_in(row.content) or b"" for row in rows]


def by_offset(evidence: Evidence) -> Guess:
    """Where each text lies in the file: pages are filled in order, each from its end."""
    return sorted(evidence.texts, key=lambda one: _where(evidence, one))


def by_offset_backwards(evidence: Evidence) -> Guess:
    """Cells of one page are written from its end to its beginning."""
    page = 4096
    return sorted(evidence.texts, key=lambda one: (_where(evidence, one) // page, -_where(evidence, one)))


def by_log_of_writes(evidence: Evidence) -> Guess:
    """The first copy, and the first frame, of the log of writes where each text is seen."""
    seen: dict[bytes, tuple[int, int, int]] = {}
    for number, snapshot in enumerate([*evidence.snapshots, evidence.last]):
        missing = [one for one in evidence.texts if one not in seen and one in snapshot.wal]
        for one in missing:
            at = snapshot.wal.find(one)
            seen[one] = (number, _frame_of(snapshot, one), at)
    return sorted(evidence.texts, key=lambda one: seen.get(one, (len(evidence.snapshots) + 1, 0, 0)))


def by_new_row(evidence: Evidence) -> Guess:
    """What a copy holds that the one before did not."""
    guess = []
    for before, after in _steps(evidence):
        new = [row for key, row in after.rows.items() if key not in before.rows or before.rows[key] != row]
        guess.append(next((found for row in new if (found := evidence.text_in(row.content))), None))
    return _complete(evidence, guess)


def by_same_transaction(evidence: Evidence) -> Guess:
    """The ticket burnt by the transaction that wrote the answer (xmin of both)."""
    text_of = {row.stamp: evidence.text_in(row.content) for row in evidence.answers()}
    guess = []
    for before, after in _steps(evidence):
        stamps = {row.stamp for key, row in after.rows.items() if key in before.rows and before.rows[key] != row}
        guess.append(next((text_of[stamp] for stamp in sorted(stamps) if stamp in text_of), None))
    return _complete(evidence, guess)


def by_changed_slot(choose: Choice, slots: Order) -> Matcher:
    """The slot that changed most, or first, or last, and the answer of the same rank in the opened box."""

    def match(evidence: Evidence) -> Guess:
        ranks, texts = _ranks(evidence, slots), by_position(evidence)
        guess = []
        for before, after in _steps(evidence):
            changed = _changed(evidence, before, after)
            chosen = choose(before, after, changed).key if changed else b""
            guess.append(texts[ranks[chosen]] if ranks.get(chosen, len(texts)) < len(texts) else None)
        return _complete(evidence, guess)

    return match


def most_changed(before: Snapshot, _after: Snapshot, changed: list[Row]) -> Row:
    """The row whose bits differ most."""
    return max(changed, key=lambda row: _difference(_former(before, row), row))


def only_or_first(_before: Snapshot, _after: Snapshot, changed: list[Row]) -> Row:
    """The first where it lies."""
    return changed[0]


def last_where_it_lies(_before: Snapshot, _after: Snapshot, changed: list[Row]) -> Row:
    """The last where it lies."""
    return changed[-1]


def first_written(before: Snapshot, after: Snapshot, changed: list[Row]) -> Row:
    """The first in the log of writes of this answer."""
    return min(changed, key=lambda row: _written_at(before, after, row))


def last_written(before: Snapshot, after: Snapshot, changed: list[Row]) -> Row:
    """The last in the log of writes of this answer."""
    return max(changed, key=lambda row: _written_at(before, after, row))


def by_known_slot(slots: Order, texts: Matcher) -> Matcher:
    """Her slot, known by its number, and the answer of the same rank in the opened box."""

    def match(evidence: Evidence) -> Guess:
        ranks, ordered = _ranks(evidence, slots), texts(evidence)
        return _complete(evidence, [ordered[ranks[slot]] for slot in evidence.slot_of])

    return match


def by_size(evidence: Evidence) -> Guess:
    """A long answer makes something grow: her slot, or all there is."""
    sizes = []
    for (before, after), slot in zip(_steps(evidence), evidence.slot_of, strict=True):
        hers = after.rows.get((evidence.sealed_table, slot))
        sizes.append((len(hers.content) if hers else 0, after.weight() - before.weight()))
    ranks = sorted(range(len(sizes)), key=lambda k: sizes[k])
    by_length = sorted(evidence.texts, key=len)
    return [by_length[ranks.index(k)] for k in range(len(sizes))]


def _of_position(row: Row) -> object:
    return row.position


def _of_key(row: Row) -> object:
    return row.key


_ORDERS: dict[str, Order] = {"positions": _of_position, "keys": _of_key}
_CHOICES = {
    "difference: most changed": most_changed,
    "difference: first": only_or_first,
    "difference: last": last_where_it_lies,
    "WAL: first slot": first_written,
    "WAL: last slot": last_written,
}
#: Every way there is; a campaign is attacked by all.
MATCHERS: dict[str, Matcher] = {
    "position": by_position,
    "position, backwards": by_position_backwards,
    "key": by_key,
    "xmin": by_stamp,
    "xmin of both": by_same_transaction,
    "page offset": by_offset,
    "page offset, backwards": by_offset_backwards,
    "WAL frame": by_log_of_writes,
    "difference: new row": by_new_row,
    "size": by_size,
    **{
        f"{what}, {how}": by_changed_slot(choose, slots)
        for what, choose in _CHOICES.items()
        for how, slots in _ORDERS.items()
    },
    **{
        f"known slot, {how} to {where}": by_known_slot(slots, texts)
        for how, slots in _ORDERS.items()
        for where, texts in (("position", by_position), ("key", by_key))
    },
}


def score(evidence: Evidence, answered: Sequence[bytes]) -> dict[str, int]:
    """How many links each way finds right; `answered` is the truth.

    Also how many times each way tells, of two copies, whose slot was filled in between: who answered, if not what.
    """
    links = {
        name: sum(guessed == true for guessed, true in zip(match(evidence), answered, strict=True))
        for name, match in MATCHERS.items()
    }
    who = {f"who answered: {what}": _who_answered(evidence, choose) for what, choose in _CHOICES.items()}
    return links | who


def _who_answered(evidence: Evidence, choose: Choice) -> int:
    right = 0
    for (before, after), slot in zip(_steps(evidence), evidence.slot_of, strict=True):
        changed = _changed(evidence, before, after)
        right += bool(changed) and choose(before, after, changed).key == slot
    return right


def _steps(evidence: Evidence) -> list[tuple[Snapshot, Snapshot]]:
    return list(zip(evidence.snapshots, evidence.snapshots[1:], strict=False))


def _complete(evidence: Evidence, guess: Sequence[bytes | None]) -> Guess:
    """Put the texts nobody was given where nothing was found."""
    given: Guess = []
    for one in guess:
        given.append(one if one and one not in given else b"")
    left = [one for one in by_position(evidence) if one not in given]
    return [one or left.pop(0) for one in given]


def _changed(evidence: Evidence, before: Snapshot, after: Snapshot) -> list[Row]:
    rows = after.table(evidence.sealed_table)
    return [row for row in rows if (former := _former(before, row)) and former.content != row.content]


def _ranks(evidence: Evidence, order: Order) -> dict[bytes, int]:
    """The rank of each slot, as they lay when the box was opened."""
    slots = sorted(evidence.snapshots[-1].table(evidence.sealed_table), key=order)
    return {row.key: rank for rank, row in enumerate(slots)}


def _former(before: Snapshot, row: Row) -> Row | None:
    return before.rows.get((row.table, row.key))


def _difference(former: Row | None, row: Row) -> int:
    if former is None:
        return 0
    return (int.from_bytes(former.content) ^ int.from_bytes(row.content)).bit_count()


def _written_at(before: Snapshot, after: Snapshot, row: Row) -> int:
    """Where in what was added to the log since the copy before this row's new bytes are."""
    added = after.wal[len(before.wal) :] if after.wal.startswith(before.wal[:32]) else after.wal
    return added.find(row.content[-64:])


def _where(evidence: Evidence, one: bytes) -> int:
    return evidence.last.image.find(one)


def _frame_of(snapshot: Snapshot, one: bytes) -> int:
    return next((number for number, (_, content) in enumerate(frames(snapshot.wal)) if one in content), 0)
