"""The cards « avant / après » of the demonstration: five of this year, as if typed in from paper."""

from cpts_sessions.core.clock import today
from cpts_sessions.installation import season_2025
from cpts_sessions.installation.stage import Stage
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.questionnaires.effects import Card

#: Stress, fatigue, isolation and serenity, on arriving then before leaving: no more cards than people who came.
_MARKS = (
    ((7, 6, 5, 4), (4, 5, 3, 6)),
    ((6, 7, 4, 5), (3, 6, 3, 7)),
    ((8, 8, 7, 3), (5, 7, 4, 6)),
    ((5, 6, 6, 5), (5, 6, 3, 6)),
    ((4, 3, 2, 6), (5, 3, 2, 6)),
)


def load(stage: Stage, *, actor_id: int) -> None:
    """Count the cards of this year in the circles; 2025 keeps exactly what it had. Call inside a transaction."""
    if today().year == season_2025.YEAR:
        return
    circles = stage.programme("cercle-de-paroles")
    asked = [one.id for one in effect_counts.asked_by(circles).items]
    cards = [
        Card(dict(zip(asked, before, strict=True)), dict(zip(asked, after, strict=True))) for before, after in _MARKS
    ]
    effect_counts.type_in(circles, today().year, cards, actor_id=actor_id)
