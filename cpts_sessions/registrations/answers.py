"""Answers that come back from agendas change seats, by the rules that hold for the same acts on the web."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical import uids
from cpts_sessions.ical.answers import Answer, Said, read
from cpts_sessions.mail.incoming import Bounce, CalendarMail, open_mail
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.registrations import answered, bounces, letters, queries
from cpts_sessions.registrations.letters import Inside
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.received import CalendarAnswer, Why

Invited = Registration | SessionAnimator
_T = TypeVar("_T", Registration, SessionAnimator)


class What(StrEnum):
    """What became of a mail."""

    NOT_OURS = "not_ours"  # nothing of it is kept
    AGAIN = "again"  # this very mail was read already
    OLDER = "older"  # a later answer of hers was read before this one
    TOO_LATE = "too_late"  # the session has begun, or does not take place
    TAKEN = "taken"  # the answer stands
    LISTED = "listed"  # for the coordination to look at
    ASKED_AGAIN = "asked_again"  # she answered an invitation that was replaced since
    BOUNCED = "bounced"


def ingest(raw: bytes) -> What:
    """Read one mail of the mailbox: apply the answer of an agenda, mark an address that refused us, or leave it alone.

    Never raises for what a mail holds. Of a mail that is not ours nothing is kept, not even that it came.
    """
    mail = open_mail(raw)
    if isinstance(mail, Bounce):
        return What.BOUNCED if bounces.note(mail) else What.NOT_OURS
    return _take(mail) if mail is not None else What.NOT_OURS


def concerns_us(raw: bytes) -> bool:
    """Read one mail of the mailbox, and tell whether it was ours."""
    return ingest(raw) is not What.NOT_OURS


def _take(mail: CalendarMail) -> What:
    answer = next(filter(None, map(read, mail.contents)), None)
    parsed = uids.parse_uid(answer.uid) if answer else None
    if answer is None or parsed is None:
        return What.NOT_OURS
    secret = uids.derive_secret(current_app.config["MASTER_KEY"], parsed.public_id)
    if not uids.matches(parsed.secret, secret):  # in constant time; the domain of the CPTS may have changed since
        return What.NOT_OURS
    with transaction():
        found = _locked_session(parsed)
        if found is None:
            return What.NOT_OURS
        invited, group_session = found
        if not bounces.first_time(invited.organisation_id, mail.key):
            return What.AGAIN
        return _answered(invited, group_session, answer)


def _locked_session(parsed: uids.ParsedUid) -> tuple[Invited, GroupSession] | None:
    """Whose invitation it is, read afresh once its session's row is locked."""
    session_id = _session_of(Registration, parsed) or _session_of(SessionAnimator, parsed)
    if session_id is None:
        return None
    group_session = queries.lock_group_session(session_id)
    afresh = _invited(Registration, parsed) or _invited(SessionAnimator, parsed)
    return (afresh, group_session) if afresh is not None and afresh.sequence is not None else None


def _session_of(model: type[_T], parsed: uids.ParsedUid) -> int | None:
    statement = select(model.group_session_id).where(model.public_id == parsed.public_id)
    return db.session.execute(statement).scalar_one_or_none()


def _invited(model: type[_T], parsed: uids.ParsedUid) -> _T | None:
    statement = select(model).where(model.public_id == parsed.public_id).options(joinedload(model.person))
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def _answered(invited: Invited, group_session: GroupSession, answer: Answer) -> What:
    person = invited.person
    is_to_come = group_session.status == SessionStatus.OPEN and now() < group_session.starts_at
    if not is_to_come or person.email is None or person.erased_at:
        return What.TOO_LATE
    if answer.method == "REFRESH":
        answered.send_again(invited)
        return What.ASKED_AGAIN
    said = answer.of(person.email)
    if said is None:
        last = answer.said[-1] if answer.said else Said("", "")
        why = (
            letters.BY_A_STRANGER.get(last.partstat, Why.OTHER_ADDRESS)
            if answer.method == "REPLY"
            else Why.OTHER_ADDRESS
        )
        letters.add(why, person, group_session, Inside(address=last.address[:254], text=answer.comment))
        return What.LISTED
    if not _is_the_last_word(invited, answer, said.partstat):
        return What.OLDER
    return _apply(invited, group_session, answer, said.partstat)


def _apply(invited: Invited, group_session: GroupSession, answer: Answer, partstat: str) -> What:
    assert invited.sequence is not None  # never invited, she has no UID
    if answer.method == "COUNTER":
        letters.add(Why.COUNTER, invited.person, group_session, answered.proposal(answer))
        return What.LISTED
    if answer.comment:
        letters.add(Why.COMMENT, invited.person, group_session, Inside(text=answer.comment))
    if answer.sequence < invited.sequence:
        answered.ask_again(invited, answer)
        return What.ASKED_AGAIN
    if isinstance(invited, SessionAnimator):
        why = answered.by_animator(invited, partstat)
    else:
        why = answered.by_registrant(invited, group_session, partstat)
    if why is not None:
        letters.add(why, invited.person, group_session)
    return What.LISTED if why else What.TAKEN


def _is_the_last_word(invited: Invited, answer: Answer, partstat: str) -> bool:
    """Whether nothing later came from her before (RFC 5546, section 2.1.5); notes this answer if so.

    No agenda can stop her next answer by a number that we never gave, or a date to come.
    """
    assert invited.sequence is not None
    stamp = min(answer.stamp or now(), now())
    order = (min(answer.sequence, invited.sequence), stamp)
    statement = select(CalendarAnswer).where(_of(invited))
    last = db.session.execute(statement).scalar_one_or_none()
    said = partstat if answer.method == "REPLY" and partstat in answered.SAID else answer.method
    if last is not None and (order < (last.sequence, last.stamp) or (*order, said) == _told(last)):
        return False
    if last is None:
        is_animator = isinstance(invited, SessionAnimator)
        last = CalendarAnswer(
            organisation_id=invited.organisation_id,
            registration_id=None if is_animator else invited.id,
            session_animator_id=invited.id if is_animator else None,
            sequence=order[0],
            stamp=stamp,
            partstat=said,
        )
        db.session.add(last)
    last.sequence, last.stamp, last.partstat = *order, said
    return True


def _told(last: CalendarAnswer) -> tuple[int, datetime, str]:
    return last.sequence, last.stamp, last.partstat


def _of(invited: Invited) -> ColumnElement[bool]:
    if isinstance(invited, SessionAnimator):
        return CalendarAnswer.session_animator_id == invited.id
    return CalendarAnswer.registration_id == invited.id
