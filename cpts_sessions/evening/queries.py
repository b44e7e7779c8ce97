"""What an evening link opens, and what can be done once a session is over."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts.queries import roles_of
from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance.queries import Roll
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.evening import rules
from cpts_sessions.evening.models import EveningLink, EveningNote, LinkState
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus


@dataclass(frozen=True)
class LinkLine:
    """Where the evening link of one person who animates stands, for the coordination; the link itself is not in it."""

    group_session: GroupSession
    person: Person
    link: EveningLink | None
    seen_at: datetime

    @property
    def last_day(self) -> date:
        """Until when it serves, that day included."""
        return rules.link_last_day(self.group_session.starts_at)

    @property
    def eve(self) -> datetime:
        """When it leaves by itself."""
        return rules.eve_at(self.group_session.starts_at)

    @property
    def state(self) -> str:
        """One word: cut, over, sent, opened (from her desk, no mail left), no_mail or to_come."""
        if self.link is not None and self.link.revoked_at is not None:
            return "cut"
        if self.is_over:
            return "over"
        if self.link is not None and self.link.sent_at is not None:
            return "sent"
        if not self.person.email:
            return "no_mail"
        return "opened" if self.link is not None and self.seen_at >= self.eve else "to_come"

    @property
    def is_over(self) -> bool:
        """Whether it serves no more."""
        return self.seen_at >= rules.link_ends_at(self.group_session.starts_at)

    @property
    def can_cut(self) -> bool:
        """Whether something may still be opened by it."""
        return self.link is not None and self.link.revoked_at is None and not self.is_over

    @property
    def can_send(self) -> bool:
        """Whether another one may be sent in its place."""
        return bool(self.person.email) and self.link is not None and not self.is_over


@dataclass(frozen=True)
class Evening:
    """Where the evening of one session stands, for whoever animates it."""

    group_session: GroupSession
    roll: Roll
    nameless: int  # presences counted without names
    note: EveningNote | None
    seen_at: datetime

    @property
    def state(self) -> LinkState:
        """Whether its page is open to whoever animates."""
        return rules.link_state(self.group_session, is_cut=False, at=self.seen_at)

    @property
    def opens_at(self) -> datetime:
        """From when its page is open."""
        return rules.link_opens_at(self.group_session.starts_at)

    @property
    def last_day(self) -> date:
        """Until when it is, that day included."""
        return rules.link_last_day(self.group_session.starts_at)

    @property
    def present(self) -> int:
        """How many came, as far as it is noted."""
        return self.roll.present + self.nameless

    @property
    def is_note_open(self) -> bool:
        """Whether the note for the coordination may still be written."""
        return rules.is_note_open(self.group_session, at=self.seen_at)


def evening_of(group_session: GroupSession) -> Evening:
    """Return where the evening of a session stands now."""
    return Evening(
        group_session=group_session,
        roll=attendance.roll(group_session.id),
        nameless=sum(attendance.tallies_at(group_session.id).values()),
        note=note_of(group_session.id),
        seen_at=now(),
    )


def is_to_note(group_session: GroupSession, at: datetime) -> bool:
    """Whether the presences of a session can be noted on the page of its evening, and it is not closed."""
    if group_session.status != SessionStatus.OPEN:
        return False
    return rules.link_state(group_session, is_cut=False, at=at) == LinkState.OPEN


def can_be_reopened(group_session: GroupSession) -> bool:
    """Whether a session was closed, or put among the cancelled because nobody came."""
    return rules.is_reopenable(group_session)


def link_by_token(organisation_id: int, token: str) -> EveningLink | None:
    """Return the evening link of this token, with its session and person, whether it still serves or not."""
    statement = (
        select(EveningLink)
        .where(EveningLink.organisation_id == organisation_id, EveningLink.link_hash == links.digest(token))
        .options(
            joinedload(EveningLink.person),
            joinedload(EveningLink.group_session).joinedload(GroupSession.programme),
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def state_of_link(link: EveningLink, at: datetime) -> LinkState:
    """Return whether an evening link serves at an instant; one of somebody who no longer animates is cut."""
    is_cut = link.revoked_at is not None or not animates(link.group_session, link.person)
    return rules.link_state(link.group_session, is_cut=is_cut, at=at)


def animates(group_session: GroupSession, person: Person) -> bool:
    """Whether a session was given to her, or she animates its programme as a whole."""
    if person.erased_at:
        return False
    if any(animator.person_id == person.id for animator in group_session.animators):
        return True
    return group_session.programme_id in roles_of(person).programme_ids


def link_of(group_session_id: int, person_id: int) -> EveningLink | None:
    """Return the evening link of one person for one session, cut or not; None when none was made."""
    statement = select(EveningLink).where(
        EveningLink.group_session_id == group_session_id, EveningLink.person_id == person_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def links_of(group_session: GroupSession) -> list[LinkLine]:
    """Return where the links of those who animate a session stand; none of one that does not take place."""
    if group_session.status not in (SessionStatus.OPEN, SessionStatus.HELD) or group_session.imported_at is not None:
        return []
    statement = (
        select(EveningLink)
        .where(EveningLink.group_session_id == group_session.id)
        .order_by(EveningLink.id)
        .options(joinedload(EveningLink.person))
    )
    known = {link.person_id: link for link in db.session.execute(statement).scalars()}
    moment = now()
    given = [animator.person for animator in group_session.animators]
    of_programme = [link.person for link in known.values() if link.person not in given]
    persons = given + [person for person in of_programme if animates(group_session, person)]
    return [LinkLine(group_session, person, known.get(person.id), moment) for person in persons]


def note_of(group_session_id: int) -> EveningNote | None:
    """Return what whoever animates told the coordination of a session."""
    statement = (
        select(EveningNote)
        .where(EveningNote.group_session_id == group_session_id)
        .options(joinedload(EveningNote.person))
    )
    return db.session.execute(statement).scalar_one_or_none()
