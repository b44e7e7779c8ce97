"""Cards as evenings give them: a programme that has some, its session of today, marks."""

from datetime import timedelta
from typing import Any

from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import card_entry, effect_counts
from cpts_sessions.questionnaires.effects import Card
from tests.conftest import NOW
from tests.factories import make_circles, make_group_session, make_organisation

ITEMS = ("e1", "e2", "e3", "e4")


def with_cards(organisation: Organisation | None = None, **changes: Any) -> Programme:
    """Circles, with their cards."""
    return make_circles(organisation or make_organisation(), **{"questionnaire_slug": "cercle_eval", **changes})


def tonight(programme: Programme, **changes: Any) -> GroupSession:
    """The session of the day of the clock; it began an hour ago and lasts three."""
    begun = NOW - timedelta(hours=1)
    return make_group_session(
        programme, **{"starts_at": begun, "ends_at": begun + timedelta(hours=3), "status": "open", **changes}
    )


def marks(*given: int) -> dict[str, int]:
    """The four marks of one passage."""
    return dict(zip(ITEMS, given, strict=True))


def card(before: int = 7, after: int = 3) -> Card:
    """A card on which everything went from one mark to another."""
    return Card(marks(*[before] * 4), marks(*[after] * 4))


def filled(group_session: GroupSession, number: str, before: int = 7, after: int = 3) -> None:
    """Both passages of one card, by telephone."""
    card_entry.fill(group_session, number, marks(*[before] * 4), is_leaving=False)
    card_entry.fill(group_session, number, marks(*[after] * 4), is_leaving=True)


def totals(programme_id: int, year: int = 2026) -> list[int]:
    """How many cards each table shows now."""
    db.session.rollback()
    tables = effect_counts.tables(programme_id, year)
    return [sum(tables.get(item, {}).values()) for item in ITEMS]
