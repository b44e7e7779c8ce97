"""The first steps of a new CPTS: where they stand, told by what exists; what was passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, or_, select

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import FIRST_COLOUR, FirstSteps, Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus


class Step(StrEnum):
    """One thing to do, by the word in the address of its page; in order."""

    NAME = "nom"
    MAILBOX = "boite"
    LOOK = "logo"
    PROGRAMME = "dispositif"
    DATES = "dates"
    MEMBERS = "membres"
    POSTER = "affiche"


class State(StrEnum):
    """Where one step stands."""

    TO_DO = "to_do"
    DONE = "done"
    SKIPPED = "skipped"


STEPS: Final = tuple(Step)
_COORDINATES: Final = (RoleName.COORDINATOR.value, RoleName.ADMINISTRATOR.value)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the first steps of a CPTS stand."""

    states: Mapping[Step, State]
    sessions: int  # planned, whatever became of them
    drafts: int  # still to come, and that nobody sees yet
    draft_year: int | None  # of the first of them
    opened: int  # still to come, and that anybody may sign up for
    persons: int  # of the directory, besides those who coordinate
    trial: FirstSteps | None  # what became of the trial message
    is_shown: bool  # on the desk

    @property
    def current(self) -> Step | None:
        """The first step that was neither done nor passed over; None when there is none left."""
        return next((step for step in STEPS if self.states[step] is State.TO_DO), None)

    @property
    def left(self) -> list[Step]:
        """What may still be worth doing: to do, or passed over."""
        return [step for step in STEPS if self.states[step] is not State.DONE]


def standing(organisation: Organisation) -> Standing:
    """Return where the first steps of a CPTS stand: three queries, whatever it holds."""
    row = db.session.get(FirstSteps, organisation.id, populate_existing=True)
    total, drafts, first_draft, opened = _sessions(organisation.id)
    persons = _persons(organisation.id)
    exists = {
        Step.MAILBOX: row is not None and _is_tried(row, organisation.mail_address),
        Step.LOOK: organisation.logo_type is not None or organisation.brand_color != FIRST_COLOUR,
        Step.DATES: total > 0,
        Step.MEMBERS: persons > 0,
    }
    passed = row.passed if row else {}
    states = {step: State.DONE if exists.get(step) else State(passed.get(step, State.TO_DO)) for step in STEPS}
    is_over = State.TO_DO not in states.values()
    return Standing(
        states=states,
        sessions=total,
        drafts=drafts,
        draft_year=local(first_draft).year if first_draft else None,
        opened=opened,
        persons=persons,
        trial=row,
        is_shown=row is not None and row.dismissed_at is None and not is_over,
    )


def after(step: Step) -> Step | None:
    """Return the step that follows, None after the last one."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


def mark(organisation_id: int, step: Step, state: State) -> None:
    """Note that a step was done or passed over; a step once done is not passed over afterwards."""
    with transaction():
        row = hold(organisation_id)
        if row.passed.get(step) != State.DONE:
            row.passed = {**row.passed, step.value: state.value}


def dismiss(organisation_id: int) -> None:
    """Say nothing of the first steps on the desk any more; their pages stay."""
    with transaction():
        hold(organisation_id).dismissed_at = now()


def hold(organisation_id: int) -> FirstSteps:
    """Return where the first steps stand, locked until the transaction ends; a CPTS older than they has its row now."""
    lock = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(lock.with_for_update(key_share=True)).one()
    row = db.session.get(FirstSteps, organisation_id, populate_existing=True)
    if row is None:
        row = FirstSteps(organisation_id=organisation_id)
        db.session.add(row)
    return row


def _is_tried(row: FirstSteps, mail_address: str) -> bool:
    """Whether a message left from the address of today."""
    return row.tested_at is not None and not row.test_trouble and row.tested_address == mail_address


def _sessions(organisation_id: int) -> tuple[int, int, datetime | None, int]:
    to_come = GroupSession.starts_at > now()
    is_draft = to_come, GroupSession.status == SessionStatus.DRAFT.value
    statement = select(
        func.count(),
        func.count().filter(*is_draft),
        func.min(GroupSession.starts_at).filter(*is_draft),
        func.count().filter(to_come, GroupSession.status == SessionStatus.OPEN.value),
    ).where(GroupSession.organisation_id == organisation_id)
    total, drafts, first_draft, opened = db.session.execute(statement).one()
    return total, drafts, first_draft, opened


def _persons(organisation_id: int) -> int:
    of_here = or_(Role.organisation_id == organisation_id, Role.organisation_id.is_(None))
    staff = select(Role.person_id).where(of_here, Role.name.in_(_COORDINATES))
    statement = select(func.count()).select_from(Person)
    others = (
        Person.organisation_id == organisation_id,
        Person.erased_at.is_(None),
        Person.id.not_in(staff),
    )
    return db.session.execute(statement.where(*others)).scalar_one()
