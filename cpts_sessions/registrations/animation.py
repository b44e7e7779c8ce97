"""Who animates a session, and the invitations of her own."""

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.outbox import About
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.registrations import calendar, queries


def write(animator: SessionAnimator, kind: str, event: Event, **values: str) -> None:
    """Write one message to an animator, with her own calendar part."""
    group_session = animator.group_session
    write_to(
        animator.person,
        kind,
        {**wording.session_values(group_session), **values},
        calendar=calendar.tell(animator, group_session, event),
        about=About(group_session_id=group_session.id, useless_after=group_session.ends_at),
    )


def tell_all(group_session: GroupSession, kind: str, event: Event, **values: str) -> None:
    """Write the same news to every animator of a session."""
    for animator in group_session.animators:
        write(animator, kind, event, **values)


def invite_all(group_session: GroupSession) -> None:
    """Give a session that has just been announced to its animators."""
    for animator in group_session.animators:
        if not animator.is_invited:
            write(animator, "animation_confiee", Event.SEAT_GIVEN)


def attach(group_session: GroupSession, person: Person) -> SessionAnimator:
    """Make a person animate a session, with the profession and civility she has today; no mail."""
    animator = SessionAnimator(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=person.id,
        profession_slug=person.profession_slug,
        civility=person.civility,
    )
    animator.person = person
    group_session.animators.append(animator)
    db.session.flush()
    return animator


def set_animators(group_session_id: int, person_ids: list[int], *, actor_id: int | None = None) -> None:
    """Make exactly these persons animate a session; those who leave and those who come are told."""
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        is_told = group_session.status == SessionStatus.OPEN and group_session.starts_at > now()
        wanted = list(dict.fromkeys(person_ids))
        for animator in list(group_session.animators):
            if animator.person_id not in wanted:
                if is_told:
                    write(animator, "animation_retiree", Event.WITHDRAWN)
                group_session.animators.remove(animator)
        known = {animator.person_id for animator in group_session.animators}
        for person_id in wanted:
            if person_id not in known:
                person = db.session.get_one(Person, person_id)
                animator = attach(group_session, person)
                if is_told:
                    write(animator, "animation_confiee", Event.SEAT_GIVEN)
        audit.record(
            group_session.organisation_id,
            "animation_changee",
            actor_id=actor_id,
            group_session_id=group_session.id,
        )
