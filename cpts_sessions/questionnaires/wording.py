"""The words of a box: until when one may answer, and from when answers are read. Pure."""

from datetime import date

from cpts_sessions.core.clock import local
from cpts_sessions.core.french import day, day_month, typo
from cpts_sessions.questionnaires import rules
from cpts_sessions.questionnaires.models import Box


def month_of_reading(year: int, today: date) -> str:
    """Return what nobody reads the answers before: « décembre », or their opening once December has come."""
    if today >= rules.looked_at_from(year):
        return "leur dépouillement"
    return "décembre" if year == today.year else f"décembre {year}"


def answer_before(year: int, today: date) -> str:
    """Return the sentence that says until when to answer."""
    opening, end = day(rules.opens_from(year)), day(rules.ends_on(year))
    if today < rules.opens_from(year):
        return typo(
            f"Répondez avant le {opening} : l’urne peut être dépouillée à partir de ce jour-là, "
            f"et le sera le {end} au plus tard."
        )
    return typo(
        f"Répondez sans tarder : l’urne peut être dépouillée d’un jour à l’autre, et le sera le {end} au plus tard."
    )


def opening_values(box: Box) -> dict[str, str]:
    """Return the values of the messages that say from when a box may be opened."""
    return {
        "jour_depouillement": day(rules.opens_from(box.year)),
        "jour_depouillement_court": day_month(rules.opens_from(box.year)),
    }


def opened_on(box: Box) -> str:
    """Return the day on which a box was opened; empty when it was not."""
    return day(local(box.ended_at)) if box.ended_at else ""
