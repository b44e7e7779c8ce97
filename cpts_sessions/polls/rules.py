"""Until when one answers, what may be proposed, which slots suit best; pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from cpts_sessions.core.errors import RuleBroken

MOST_SLOTS = 30
CLOSED = "Ce sondage est clos. Les dates retenues sont dans l’agenda."


def is_open(closed_at: datetime | None, deadline_at: datetime, at: datetime) -> bool:
    """Whether answers are taken: nothing was chosen yet, and the deadline has not passed."""
    return closed_at is None and at < deadline_at


def check_open(closed_at: datetime | None, deadline_at: datetime, at: datetime) -> None:
    """Refuse an answer that comes too late.

    Raises:
        RuleBroken: the deadline has passed, or the dates are chosen.
    """
    if not is_open(closed_at, deadline_at, at):
        raise RuleBroken(CLOSED)


def check_undecided(closed_at: datetime | None) -> None:
    """Refuse to decide twice: two coordinators may look at the same poll.

    Raises:
        RuleBroken: somebody has just decided.
    """
    if closed_at is not None:
        raise RuleBroken("Ce sondage vient d’être clos, peut-être par quelqu’un d’autre. Rien n’a changé.")


def check_proposal(starts: Sequence[datetime], deadline_at: datetime, at: datetime) -> None:
    """Refuse slots and a deadline that leave nobody time to answer.

    Raises:
        RuleBroken: no slot, too many, one of them past, or a deadline that is past or after the first slot.
    """
    if not starts:
        raise RuleBroken("Proposez au moins un créneau.")
    if len(starts) > MOST_SLOTS:
        raise RuleBroken(f"Un sondage compte {MOST_SLOTS} créneaux au plus.")
    if min(starts) <= at:
        raise RuleBroken("Un des créneaux est déjà passé : retirez-le de la liste.")
    if deadline_at <= at:
        raise RuleBroken("La date limite est déjà passée : choisissez-en une autre.")
    if deadline_at >= min(starts):
        raise RuleBroken("La date limite tombe après le premier créneau : avancez-la.")


def best(scores: Mapping[int, tuple[int, int]]) -> Collection[int]:
    """Return the keys that unite the most people, then the most professions; several when they are level.

    Args:
        scores: (how many said yes, how many professions among them) by key.
    """
    highest = max(scores.values(), default=(0, 0))
    return {key for key, score in scores.items() if score == highest and score[0]}
