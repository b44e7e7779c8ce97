"""The tables of « avant / après »: for each question of a programme and a year, how many cards went from mark to mark.

Only `add` writes there, five complete cards at least at a time.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Select, func, select

from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.questionnaires.definition import Questionnaire
from cpts_sessions.questionnaires.effects import Card, Pairs, asked_on_cards, check_batch, counts_of
from cpts_sessions.questionnaires.models import EffectCount


def asked_by(programme: Programme) -> Questionnaire:
    """Return what is asked on the cards of a programme.

    Raises:
        RuleBroken: it has none.
    """
    asked = asked_on_cards(programme.questionnaire_slug)
    if asked is None:
        raise RuleBroken("Ce dispositif n’a pas de cartes avant/après.")
    return asked


def with_cards(organisation_id: int) -> list[Programme]:
    """Return the programmes of a CPTS that have cards, in their order."""
    return [one for one in programmes_of(organisation_id) if asked_on_cards(one.questionnaire_slug)]


def years(programme_id: int) -> list[int]:
    """Return the years of a programme that hold cards, the latest first."""
    statement = select(EffectCount.year).where(EffectCount.programme_id == programme_id).distinct()
    return sorted(db.session.execute(statement).scalars(), reverse=True)


def tables(programme_id: int, year: int) -> dict[str, Pairs]:
    """Return the table of each question, by its id; empty without cards."""
    found: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
    for row in db.session.execute(_rows(programme_id, year)).scalars():
        found[row.item][row.before, row.after] = row.count
    return dict(found)


def tables_of_year(organisation_id: int, year: int) -> dict[int, dict[str, Pairs]]:
    """Return the tables of every programme of a CPTS, by its id, then by that of the question; one query."""
    statement = (
        select(EffectCount)
        .where(EffectCount.organisation_id == organisation_id, EffectCount.year == year)
        .order_by(EffectCount.programme_id, EffectCount.item, EffectCount.before, EffectCount.after)
    )
    found: dict[int, dict[str, dict[tuple[int, int], int]]] = defaultdict(lambda: defaultdict(dict))
    for row in db.session.execute(statement).scalars():
        found[row.programme_id][row.item][row.before, row.after] = row.count
    return {programme_id: dict(of_questions) for programme_id, of_questions in found.items()}


def cards_counted(programme_id: int, year: int) -> int:
    """Return how many cards the tables of a year hold: none, or five at least."""
    statement = (
        select(func.sum(EffectCount.count))
        .where(EffectCount.programme_id == programme_id, EffectCount.year == year)
        .group_by(EffectCount.item)
    )
    return max(map(int, db.session.execute(statement).scalars()), default=0)


def type_in(programme: Programme, year: int, cards: Sequence[Card], *, actor_id: int) -> None:
    """Add cards that came on paper, all those of one page.

    Raises:
        RuleBroken: fewer than five, or one is not complete; nothing is kept of them.
    """
    with transaction():
        add(programme, year, cards)
        audit.record(
            programme.organisation_id,
            "cartes_ajoutees",
            actor_id=actor_id,
            n=len(cards),
            dispositif=programme.id,
            annee=year,
        )


def add(programme: Programme, year: int, cards: Sequence[Card]) -> None:
    """Count a batch of complete cards, in the order of the tables.

    Raises:
        RuleBroken: fewer than five, or one is not complete; nothing was written.
    """
    asked = asked_by(programme)
    check_batch(asked, cards)
    with transaction():
        lock_programme(programme.id)
        statement = _rows(programme.id, year).with_for_update().execution_options(populate_existing=True)
        known = {(row.item, row.before, row.after): row for row in db.session.execute(statement).scalars()}
        for item in sorted(asked.items, key=lambda one: one.id):
            for (before, after), count in sorted(counts_of(cards, item.id).items()):
                row = known.get((item.id, before, after))
                if row is not None:
                    row.count += count
                    continue
                db.session.add(
                    EffectCount(
                        organisation_id=programme.organisation_id,
                        programme_id=programme.id,
                        year=year,
                        item=item.id,
                        before=before,
                        after=after,
                        count=count,
                    )
                )


def lock_programme(programme_id: int) -> None:
    """Two batches of a programme are counted one after the other."""
    db.session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


def _rows(programme_id: int, year: int) -> Select[EffectCount]:
    return (
        select(EffectCount)
        .where(EffectCount.programme_id == programme_id, EffectCount.year == year)
        .order_by(EffectCount.item, EffectCount.before, EffectCount.after)
    )
