"""« Continuez en 2027 ? »: a season lapses on 31 December; who follows it is asked once, in December."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, joinedload

from cpts_sessions.core import clock
from cpts_sessions.core.clock import PARIS, local, now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations import enrolments, messages, queries, rules
from cpts_sessions.registrations.dates_asked import told_by
from cpts_sessions.registrations.models import Enrolment
from cpts_sessions.registrations.services import NOTHING, Outcome

ASKED_FROM: Final = (12, 1)  # the first of December of its season
_TOO_EARLY = "La question se pose en décembre."
_OVER = "Cette question a servi jusqu’au 31 janvier. L’agenda montre les dates de l’année."
_LEFT = "Vous ne suivez plus ce dispositif : l’agenda montre ses dates."
_ARCHIVED = "Ce dispositif ne continue pas."


class Answer(StrEnum):
    """What somebody said, or has not said yet, of the year to come."""

    NONE = "none"
    CONTINUES = "continues"
    STOPS = "stops"


def run() -> int:
    """Ask those who follow a season that lapses, each once, in December and in the daytime.

    Who already has an enrolment of the year to come, left or not, is asked nothing; nor anybody of a programme put
    away, or of a training: it ends with its dates.

    Returns:
        How many persons were asked, those without e-mail included.
    """
    if (today().month, today().day) < ASKED_FROM or not rules.is_daytime(now()):
        return 0
    season = today().year
    statement = select(Enrolment.programme_id).where(*_to_ask(season)).distinct().order_by(Enrolment.programme_id)
    return sum(_ask_those_of(one, season) for one in list(db.session.execute(statement).scalars()))


def _to_ask(season: int) -> tuple[ColumnElement[bool], ...]:
    following = aliased(Enrolment)
    goes_on = exists().where(
        following.person_id == Enrolment.person_id,
        following.programme_id == Enrolment.programme_id,
        following.season == season + 1,
    )
    return (
        Enrolment.season == season,
        Enrolment.left_at.is_(None),
        Enrolment.is_pending.is_(False),
        Enrolment.continue_asked_at.is_(None),
        Enrolment.continue_refused_at.is_(None),
        ~goes_on,
        Enrolment.programme_id.in_(
            select(Programme.id).where(Programme.is_archived.is_(False), Programme.goes_together.is_(False))
        ),
    )


def _ask_those_of(programme_id: int, season: int) -> int:
    with transaction():
        queries.lock_programme(programme_id)  # another worker asks nobody meanwhile
        statement = (
            select(Enrolment)
            .where(Enrolment.programme_id == programme_id, *_to_ask(season))
            .order_by(Enrolment.id)
            .options(joinedload(Enrolment.person), joinedload(Enrolment.programme))
            .execution_options(populate_existing=True)
        )
        asked = list(db.session.execute(statement).scalars())
        dates = queries.lock_group_sessions(queries.open_session_ids(programme_id, season + 1))
        for enrolment in asked:
            enrolment.continue_asked_at = now()
            messages.ask_to_continue(enrolment, dates, useless_after=_new_year(season))
        return len(asked)


def _new_year(season: int) -> datetime:
    return clock.at(date(season + 1, 1, 1), time())


def may_answer(enrolment: Enrolment, at: datetime) -> bool:
    """Whether the question stands at an instant: from 1 December to 31 January, for who still follows the season."""
    asked_from = datetime(enrolment.season, *ASKED_FROM, tzinfo=PARIS).astimezone(UTC)
    is_time = asked_from <= at < datetime(enrolment.season + 1, 2, 1, tzinfo=PARIS).astimezone(UTC)
    follows = enrolment.left_at is None and not enrolment.is_pending
    goes_on = not (enrolment.programme.is_archived or enrolment.programme.goes_together)
    return is_time and follows and goes_on


def answer_of(enrolment: Enrolment) -> Answer:
    """Return what she answered."""
    following = queries.enrolment(enrolment.person_id, enrolment.programme_id, enrolment.season + 1)
    if following is not None and following.left_at is None:
        return Answer.CONTINUES
    return Answer.STOPS if following is not None or enrolment.continue_refused_at else Answer.NONE


def carry_on(enrolment_id: int) -> Outcome:
    """Follow the programme in the year to come too: a place at each of its open dates, and at those to come.

    Whom the coordination took this year needs no new yes. Asking twice changes nothing.

    Raises:
        RuleBroken: it is too early or too late, she left the season, or the programme is put away.
    """
    with transaction():
        enrolment = _checked(enrolment_id)
        if answer_of(enrolment) == Answer.CONTINUES:
            return NOTHING
        enrolment.continue_refused_at = None
        following = enrolment.season + 1
        told = told_by(enrolment)
        enrolments.enrol(enrolment.programme_id, following, told, is_granted=True)
        return Outcome(typo(f"C’est noté pour {following} : vos places sont demandées dès qu’une date s’ouvre."))


def stop_there(enrolment_id: int) -> Outcome:
    """Let the season lapse: nothing is asked for in the year to come; her dates until then stay.

    Raises:
        RuleBroken: as `carry_on`; she continues already.
    """
    with transaction():
        enrolment = _checked(enrolment_id)
        answer = answer_of(enrolment)
        if answer == Answer.STOPS:
            return NOTHING
        if answer == Answer.CONTINUES:
            raise RuleBroken("Vous continuez déjà : pour arrêter, ouvrez le lien de la nouvelle année.")
        enrolment.continue_refused_at = now()
        return Outcome(typo("C’est noté : votre inscription s’arrête le 31 décembre."))


def _checked(enrolment_id: int) -> Enrolment:
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    queries.lock_programme(enrolment.programme_id)
    db.session.refresh(enrolment)
    if may_answer(enrolment, now()):
        return enrolment
    if enrolment.left_at is not None or enrolment.is_pending:
        raise RuleBroken(_LEFT)
    if enrolment.programme.is_archived or enrolment.programme.goes_together:
        raise RuleBroken(_ARCHIVED)
    raise RuleBroken(_TOO_EARLY if local(now()).year <= enrolment.season else _OVER)
