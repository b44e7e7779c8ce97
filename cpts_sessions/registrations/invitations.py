"""The calendar invitations of somebody who signs up to several dates, each in a message of its own."""

from collections.abc import Mapping

from cpts_sessions.ical.changes import Event
from cpts_sessions.registrations import messages
from cpts_sessions.registrations.models import Enrolment, Registration, Status


def answer(enrolment: Enrolment, registrations: list[Registration], event: Event) -> None:
    """Answer a sign-up to a season: one message lists its dates, then the invitation of each leaves.

    When the dates go together, the message that lists them carries the first invitation: there are no more messages
    than invitations. Nor fewer: two invitations in one message would be one in most agendas, for a REQUEST has one UID
    (RFC 5546, 3.2.2), and Outlook leaves out all events but the first ([MS-STANOICAL], 2.2.175).
    """
    if not enrolment.programme.goes_together:
        messages.enrolled(enrolment, "inscription_dispositif", registrations)
        invite_to_each(registrations, event)
        return
    invited = [one for one in registrations if _is_to_invite(one)]
    first = invited[0] if invited else None
    messages.enrolled(enrolment, "inscription_dispositif", registrations, first=first, event=event)
    for one in invited[1:]:
        number = {"rang_date": str(registrations.index(one) + 1), "n_ensemble": str(len(registrations))}
        messages.write(one, "date_suivante", number, event=event)


def announce(enrolment: Enrolment, registrations: list[Registration], ranks: Mapping[int, int]) -> None:
    """Tell who follows a season of the dates that were added: one carries its invitation, several send theirs apart."""
    first = registrations[0] if len(registrations) == 1 and _is_to_invite(registrations[0]) else None
    messages.enrolled(enrolment, "dates_ajoutees", registrations, ranks, first=first, event=Event.SEAT_GIVEN)
    if first is None:
        invite_to_each(registrations, Event.SEAT_GIVEN)


def invite_to_each(registrations: list[Registration], event: Event) -> None:
    """Send the calendar invitation of each date in a message of its own, to whoever has a seat and none that stands."""
    for registration in registrations:
        if _is_to_invite(registration):
            messages.write(registration, "inscription_confirmee", event=event)


def _is_to_invite(registration: Registration) -> bool:
    """Whether she has a seat, and no invitation that stands.

    One that her agenda declined does not stand: the date is there crossed out, perhaps on its former day.
    """
    stands = registration.is_invited and registration.partstat != "DECLINED"
    return registration.status == Status.CONFIRMED and not stands
