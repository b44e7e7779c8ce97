"""Boxes, and who may fill a slot; never what a sealed ballot holds."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.attendance.models import Attendance, AttendanceStatus
from cpts_sessions.core import links
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SeasonAnimator, SessionAnimator, SessionStatus
from cpts_sessions.questionnaires import keys
from cpts_sessions.questionnaires.models import (
    Answer,
    Box,
    BoxState,
    Questionnaire,
    QuestionnaireLink,
    Slot,
    SlotKind,
)
from cpts_sessions.registrations.queries import season_bounds


@dataclass(frozen=True)
class FoundBox:
    """The box that a link leads to; `is_open` when it still takes answers."""

    box: Box

    @property
    def is_open(self) -> bool:
        """Whether an answer may still come in."""
        return self.box.state == BoxState.COLLECTING


def box_by_token(organisation_id: int, token: str) -> FoundBox | None:
    """Return the box of a personal link, opened ones included; None when no link of this CPTS is made so."""
    digest = links.digest(token)
    of_slot = exists().where(Slot.box_id == Box.id, Slot.token_hash == digest)
    of_link = exists().where(QuestionnaireLink.box_id == Box.id, QuestionnaireLink.link_hash == digest)
    statement = select(Box).where(Box.organisation_id == organisation_id, or_(of_slot, of_link))
    box = db.session.execute(statement).scalar_one_or_none()
    return FoundBox(box) if box else None


def box_of_year(programme_id: int, year: int) -> Box | None:
    """Return the box of a programme and a calendar year; None when nobody was asked."""
    statement = select(Box).where(Box.programme_id == programme_id, Box.year == year)
    return db.session.execute(statement).scalar_one_or_none()


def boxes(organisation_id: int) -> list[Box]:
    """Return every box of a CPTS, the newest year first, programmes in their order."""
    statement = (
        select(Box)
        .join(Box.programme)
        .where(Box.organisation_id == organisation_id)
        .order_by(Box.year.desc(), Programme.sort_order, Programme.id)
    )
    return list(db.session.execute(statement).scalars())


def collecting_boxes(organisation_id: int) -> list[Box]:
    """Return the boxes of a CPTS that still take answers, with their programmes, the oldest year first."""
    statement = (
        select(Box)
        .join(Box.programme)
        .where(Box.organisation_id == organisation_id, Box.state == BoxState.COLLECTING.value)
        .order_by(Box.year, Programme.sort_order, Programme.id)
        .options(contains_eager(Box.programme))
    )
    return list(db.session.execute(statement).scalars())


def boxes_without_key() -> list[Box]:
    """Return the boxes that still collect and whose key is missing or cannot be read, of every CPTS."""
    statement = select(Box).where(Box.state == BoxState.COLLECTING.value).order_by(Box.year, Box.id)
    return [box for box in db.session.execute(statement).scalars() if not keys.is_there(box.key_id)]


def newest_questionnaire(organisation_id: int, slug: str) -> Questionnaire | None:
    """Return the newest version of a questionnaire of a CPTS; None when no box ever asked it."""
    mine = Questionnaire.organisation_id == organisation_id, Questionnaire.slug == slug
    newest = select(Questionnaire).where(*mine).order_by(Questionnaire.version.desc()).limit(1)
    return db.session.execute(newest).scalar_one_or_none()


def lock_box(box_id: int) -> Box:
    """Return the box as it is now; nothing else adds, opens or removes its slots until the end of the transaction."""
    statement = select(Box).where(Box.id == box_id).with_for_update().execution_options(populate_existing=True)
    return db.session.execute(statement).scalar_one()


def lock_slots(box_id: int) -> list[Slot]:
    """Return the slots of a box, locked, in the order of their random ids."""
    statement = select(Slot).where(Slot.box_id == box_id).order_by(Slot.id).with_for_update()
    return list(db.session.execute(statement.execution_options(populate_existing=True)).scalars())


def paper_count(box_id: int) -> int:
    """Return how many paper ballots were typed in a box that still collects."""
    statement = select(Slot.id).where(Slot.box_id == box_id, Slot.kind == SlotKind.PAPER)
    return len(db.session.execute(statement).all())


def values_of(box_id: int, question: str) -> list[Any]:
    """Return what was answered to one question of an opened box, in no order; one value per respondent."""
    statement = select(Answer.value).where(Answer.box_id == box_id, Answer.question == question).order_by(Answer.id)
    return list(db.session.execute(statement).scalars())


def answers_of(box_id: int) -> dict[str, list[Any]]:
    """Return the values of every question of an opened box, in no order."""
    by_question: dict[str, list[Any]] = defaultdict(list)
    statement = select(Answer.question, Answer.value).where(Answer.box_id == box_id).order_by(Answer.id)
    for question, value in db.session.execute(statement):
        by_question[question].append(value)
    return by_question


def box_by_public_id(organisation_id: int, public_id: UUID) -> Box | None:
    """Return one box of a CPTS; None when it has none of this id."""
    statement = select(Box).where(Box.organisation_id == organisation_id, Box.public_id == public_id)
    return db.session.execute(statement).scalar_one_or_none()


def present_to_ask(group_session: GroupSession) -> list[int]:
    """Return the ids of those who were there and are asked: not whoever animates the programme this year."""
    first, end = season_bounds(group_session.season)
    animates = exists().where(
        SessionAnimator.person_id == Person.id,
        SessionAnimator.group_session_id == GroupSession.id,
        GroupSession.programme_id == group_session.programme_id,
        GroupSession.starts_at >= first,
        GroupSession.starts_at < end,
    )
    in_charge = exists().where(
        SeasonAnimator.person_id == Person.id,
        SeasonAnimator.programme_id == group_session.programme_id,
        SeasonAnimator.season == group_session.season,
    )
    statement = (
        select(Person.id)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(
            Attendance.group_session_id == group_session.id,
            Attendance.status == AttendanceStatus.PRESENT,
            Person.erased_at.is_(None),
            ~animates,
            ~in_charge,
        )
    )
    return list(db.session.execute(statement).scalars())


def sessions_to_ask_about(year: int) -> list[GroupSession]:
    """Return the sessions closed since the beginning of a year where something is asked; never imported ones."""
    first, _ = season_bounds(year)
    statement = (
        select(GroupSession)
        .join(GroupSession.programme)
        .where(
            GroupSession.starts_at >= first,
            GroupSession.status == SessionStatus.HELD,
            GroupSession.closed_at.is_not(None),
            GroupSession.imported_at.is_(None),
            GroupSession.is_discovery.is_(False),
            Programme.questionnaire_slug.is_not(None),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return list(db.session.execute(statement).scalars())


def links_since(programme_id: int, year: int) -> list[QuestionnaireLink]:
    """Return every link to the boxes of a programme, from one year on."""
    statement = (
        select(QuestionnaireLink)
        .join(QuestionnaireLink.box)
        .where(Box.programme_id == programme_id, Box.year >= year)
        .order_by(QuestionnaireLink.id)
    )
    return list(db.session.execute(statement).scalars())


def links_of_box(box_id: int) -> list[QuestionnaireLink]:
    """Return who may fill a slot of a box, without saying which."""
    statement = select(QuestionnaireLink).where(QuestionnaireLink.box_id == box_id).order_by(QuestionnaireLink.id)
    return list(db.session.execute(statement).scalars())
