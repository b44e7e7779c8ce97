"""What an answer of an agenda does: a seat given back, taken again, kept; the invitation sent once more.

The session's row is locked by the caller, which has checked who answers, and that the session is to come.
"""

from datetime import timedelta
from typing import Final

from cpts_sessions.accounts import limits
from cpts_sessions.core import audit, french
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.ical.answers import Answer
from cpts_sessions.ical.changes import Event
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.registrations import animation, coordination, messages, queries, rules, services
from cpts_sessions.registrations.letters import Inside
from cpts_sessions.registrations.models import EndedBy, Registration, Status
from cpts_sessions.registrations.received import Why
from cpts_sessions.registrations.seats import can_take, confirm, give_place, revive_or_add
from cpts_sessions.registrations.waiting_list import end, serve

#: What is understood of an answer, and its word in the journal.
SAID: Final = {"ACCEPTED": "présence", "DECLINED": "absence", "TENTATIVE": "peut-être"}
_FAR: Final = timedelta(days=1000)
_LONG: Final = timedelta(days=1)


def by_registrant(registration: Registration, group_session: GroupSession, partstat: str) -> Why | None:
    """Apply what she answers to the invitation as it now stands, and confirm it by mail when something changed.

    Returns:
        Why the coordination must look at it; None when all is done.
    """
    if partstat == "NEEDS-ACTION":
        return None
    if partstat not in SAID:
        return Why.OTHER_ANSWER
    audit.record(
        registration.organisation_id,
        "reponse_agenda",
        person_id=registration.person_id,
        group_session_id=group_session.id,
        reponse=SAID[partstat],
    )
    if partstat == "ACCEPTED":
        return _comes(registration, group_session)
    if partstat == "TENTATIVE":
        return _may_come(registration)
    _does_not_come(registration, group_session)
    return None


def by_animator(animator: SessionAnimator, partstat: str) -> Why | None:
    """Note what the animator answers; that she does not come is for the coordination to settle."""
    if partstat == "NEEDS-ACTION":
        return None
    if partstat not in SAID:
        return Why.OTHER_ANSWER
    animator.partstat = partstat
    audit.record(
        animator.organisation_id,
        "reponse_agenda",
        person_id=animator.person_id,
        group_session_id=animator.group_session_id,
        reponse=SAID[partstat],
    )
    return Why.ANIMATOR_AWAY if partstat == "DECLINED" else None


def _does_not_come(registration: Registration, group_session: GroupSession) -> None:
    """Free her seat and serve the list. No CANCEL leaves: her agenda shows the date as declined, and may take it back.

    Whoever has no seat yet leaves the list, the offer or the request, as on the web.
    """
    if registration.status != Status.CONFIRMED:
        services.leave(registration.id, EndedBy.CALENDAR)
        return
    declines = registration.enrolment_id is not None
    end(registration, Status.DECLINED if declines else Status.CANCELLED, EndedBy.CALENDAR)
    registration.partstat = "DECLINED"
    messages.write(registration, "reponse_agenda_absence")
    serve(group_session)


def _comes(registration: Registration, group_session: GroupSession) -> Why | None:
    if registration.status == Status.CONFIRMED:
        if registration.partstat != "ACCEPTED":
            _is_expected(registration)
        return None
    if registration.status == Status.OFFERED or can_take(registration, group_session):
        return _takes(registration, group_session)
    if registration.status == Status.WAITING:
        _still_waits(registration)
        return None
    if registration.is_live:  # a request that waits for the coordination's yes, or somebody already in the room
        return None
    return _comes_back(registration, group_session)


def _takes(registration: Registration, group_session: GroupSession) -> Why | None:
    """Take the seat that is kept for her, or that nobody took; an offer that is over is the clock's to end."""
    expires_at = registration.offer_expires_at
    if registration.status == Status.OFFERED and (expires_at is None or expires_at <= now()):
        return None
    confirm(registration, group_session)
    _is_expected(registration)
    return None


def _comes_back(registration: Registration, group_session: GroupSession) -> Why | None:
    """Give a seat again to somebody who had left, while one is free; else the end of the list."""
    try:
        rules.check_open(group_session, at=now())
    except RuleBroken:
        return Why.SIGN_UPS_CLOSED
    enrolment_id = registration.enrolment_id
    revive_or_add(registration, group_session, registration.person, services.as_told(registration))
    registration.enrolment_id = enrolment_id
    give_place(registration, group_session)
    if registration.status == Status.CONFIRMED:
        _is_expected(registration)
    elif registration.status == Status.WAITING:
        db.session.flush()  # her rank is counted in the database
        _still_waits(registration)
    else:
        messages.signed_up(registration)
        coordination.request_to_decide(group_session.programme, [group_session])
    return None


def _is_expected(registration: Registration) -> None:
    """Her agenda has the date already, unless it was withdrawn from it, or has changed since it was last told."""
    changed_at, told_at = registration.group_session.changed_at, registration.stamp
    is_known = registration.is_invited and (changed_at is None or told_at is None or changed_at <= told_at)
    event = None if is_known else Event.SEAT_ASKED
    registration.partstat = "ACCEPTED"
    messages.write(registration, "reponse_agenda_presence", event=event)


def _still_waits(registration: Registration) -> None:
    """Say that the session is full; the date leaves her agenda, which would show a seat that she has not."""
    rank = {"rang": french.ordinal_f(queries.rank(registration))}
    event = Event.WITHDRAWN if registration.is_invited else None
    messages.write(registration, "reponse_agenda_presence_complet", rank, event=event)


def _may_come(registration: Registration) -> Why | None:
    if registration.status == Status.CONFIRMED:
        if registration.partstat != "TENTATIVE":
            registration.partstat = "TENTATIVE"
            messages.write(registration, "reponse_agenda_peut_etre")
        return None
    return None if registration.is_live else Why.MAYBE_WITHOUT_SEAT


def ask_again(invited: Registration | SessionAnimator, answer: Answer) -> None:
    """Say that she answered an invitation which was replaced since, and that nothing changed."""
    if isinstance(invited, SessionAnimator):
        send_again(invited)
        return
    if not _may_be_written_to(invited):
        return
    group_session = invited.group_session
    before = proposal(answer)
    starts_at, ends_at = before.proposed_from, before.proposed_to
    if not starts_at or not ends_at or (starts_at, ends_at) == (group_session.starts_at, group_session.ends_at):
        messages.write(invited, "reponse_agenda_ancienne_invitation")
        return
    told = {"ancien_quand": french.when(local(starts_at), local(ends_at))}
    messages.write(invited, "reponse_agenda_ancienne_date", told)


def proposal(answer: Answer) -> Inside:
    """Return the date that is in an answer, and its comment; no date when it is a day nobody would mean."""
    starts_at, ends_at = answer.starts_at, answer.ends_at
    is_meant = starts_at and ends_at and abs(starts_at - now()) < _FAR and timedelta(0) < ends_at - starts_at < _LONG
    if not is_meant:
        return Inside(text=answer.comment)
    return Inside(text=answer.comment, proposed_from=starts_at, proposed_to=ends_at)


def send_again(invited: Registration | SessionAnimator) -> None:
    """Send the invitation as it stands once more: an agenda asks for it (REFRESH)."""
    if not invited.is_invited or not _may_be_written_to(invited):
        return
    if isinstance(invited, SessionAnimator):
        animation.write(invited, "animation_confiee", Event.TEXT_MENDED)
    elif invited.status == Status.CONFIRMED:
        messages.write(invited, "inscription_confirmee", event=Event.TEXT_MENDED)


def _may_be_written_to(invited: Registration | SessionAnimator) -> bool:
    """An agenda that answers without end is not answered without end."""
    return limits.allow("agenda", invited.organisation_id, str(invited.public_id))
