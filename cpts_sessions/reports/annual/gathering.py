"""The report of a year as it stands, gathered from what is noted: a fixed number of queries, whatever the size."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date as Day

from sqlalchemy import func, select

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.reports.annual.actions import ACTIONS, OTHERS, OTHERS_TITLE, amount
from cpts_sessions.reports.annual.amounts import stored_amounts
from cpts_sessions.reports.annual.annexes import annexes
from cpts_sessions.reports.annual.contents import AnnualReport, Page
from cpts_sessions.reports.annual.counted import Year, action_piece, none_held, programme_piece
from cpts_sessions.reports.annual.pieces import Piece, page
from cpts_sessions.reports.annual.registered import pieces_of
from cpts_sessions.reports.card_effects import effects_of_year
from cpts_sessions.reports.evaluation import evaluations
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.sentences.registers import part_variable_sentence

FIGURES_NOTE = french.typo(
    "Inscrits distincts : personnes qui ont eu une place à une séance non annulée, sont venues sans inscription, "
    "suivent le dispositif dans l’année ou sont comptées comme animation. Présents distincts : personnes présentes au "
    "moins une fois. Présences cumulées : somme des présences de toutes les séances, relevés sans noms compris."
)


def gathered(organisation_id: int, year: int, as_of: Day | None = None) -> AnnualReport:
    """Return the report of a year, live, with the texts that the application proposes.

    Args:
        organisation_id: whose report.
        year: a calendar year.
        as_of: the day whose evening it stands at, whatever the clock says; None for now.
    """
    counted = _year(organisation_id, year, as_of)
    registered = pieces_of(organisation_id, year, counted.report.as_of)
    pages = tuple(_pages(organisation_id, counted, registered))
    return AnnualReport(
        organisation=db.session.execute(
            select(Organisation.name).where(Organisation.id == organisation_id)
        ).scalar_one(),
        year=year,
        as_of=counted.report.as_of,
        pages=pages,
        together=counted.report.together.sentence,
        part_variable=part_variable_sentence([one.amount_euros for one in pages if one.amount_euros]),
        annexes=annexes(counted, pages),
        notes=(FIGURES_NOTE,),
    )


def _year(organisation_id: int, year: int, as_of: Day | None) -> Year:
    return Year(
        report=season_report(organisation_id, year, as_of),
        before=season_report(organisation_id, year - 1, as_of),
        evaluations=evaluations(organisation_id, year),
        evaluations_before=evaluations(organisation_id, year - 1),
        cards=effects_of_year(organisation_id, year),
        known=_begun_before(organisation_id, year),
    )


def _pages(organisation_id: int, year: Year, registered: Mapping[int, Piece]) -> Iterator[Page]:
    """Go through the pages: those of the actions by their numbers, then what belongs to none."""
    programmes = _programmes(organisation_id)
    stored = stored_amounts(organisation_id, year.report.year)
    actions = {one.id: one.action for one in programmes if one.action}
    had_something = [part for part in year.report.parts if part.has_something]
    used = {actions[one] for part in had_something for one in part.programme_ids if one in actions}
    for number in sorted({*ACTIONS, *used}):
        pieces = [registered[number]] if number in registered else []
        pieces += _action_pieces(year, number)
        pieces += [
            programme_piece(year, part)
            for part in had_something
            if part.is_training and actions.get(part.programme_ids[0]) == number
        ]
        yield page(str(number), _title(year, number), _amount(programmes, number, stored), pieces)
    others = [part for part in had_something if part.programme_ids[0] not in actions]
    if others:
        euros = _amount(
            [one for one in programmes if one.id in {part.programme_ids[0] for part in others}], None, stored
        )
        yield page(OTHERS, OTHERS_TITLE, euros, [programme_piece(year, part) for part in others])


def _action_pieces(year: Year, number: int) -> Iterator[Piece]:
    part = next((one for one in year.report.parts if one.action == number), None)
    if part and (ACTIONS.get(number) is None or ACTIONS[number].names or part.has_something):
        yield action_piece(year, part)
    elif part is None and number in ACTIONS and (names := ACTIONS[number].names):
        yield none_held(names, year.report.year)


def _title(year: Year, number: int) -> str:
    part = year.report.part(str(number))
    return ACTIONS[number].title if number in ACTIONS else part.title if part else ""


def _amount(programmes: Sequence[Programme], number: int | None, stored: Mapping[str, int]) -> int | None:
    """What the programmes of an action, those without any when `number` is None, bring to the part variable."""
    carried = [one.part_variable_euros for one in programmes if one.action == number and not one.is_archived]
    return amount(number, [euros for euros in carried if euros], stored.get(str(number) if number else OTHERS))


def _programmes(organisation_id: int) -> Sequence[Programme]:
    statement = select(Programme).where(Programme.organisation_id == organisation_id).order_by(Programme.id)
    return db.session.execute(statement).scalars().all()


def _begun_before(organisation_id: int, year: int) -> frozenset[int]:
    """Return the programmes that had a date before this year: of the others, nothing is known of the year before."""
    statement = (
        select(GroupSession.programme_id, func.min(GroupSession.starts_at))
        .where(GroupSession.organisation_id == organisation_id, GroupSession.status != SessionStatus.DRAFT)
        .group_by(GroupSession.programme_id)
    )
    return frozenset(programme for programme, first in db.session.execute(statement) if local(first).year < year)
