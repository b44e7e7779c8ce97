"""What is written about a poll: the question, then to each person what the chosen dates are for her."""

from collections.abc import Sequence
from typing import Final

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.links import Purpose
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.outbox import About
from cpts_sessions.mail.services import drop_leading_to
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.polls import queries
from cpts_sessions.polls.models import DatePoll, PollInvitation
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import messages
from cpts_sessions.registrations.models import Registration, Status

ASKED: Final = "sondage"


def deadline(poll: DatePoll) -> str:
    """Return « jeudi 3 avril à 18 h », until when one answers."""
    wall = local(poll.deadline_at)
    return f"{french.short_day(wall)} à {french.hour(wall)}"


def asked(invitation: PollInvitation, poll: DatePoll) -> None:
    """Ask one person which slots suit her; useless once the deadline has passed."""
    values = {
        "n_creneaux": french.counted(len(poll.slots), "créneau", "créneaux"),
        "echeance": deadline(poll),
    }
    write_to(
        invitation.person,
        ASKED,
        {**wording.programme_values(poll.programme), **values},
        links={"lien_sondage": (Purpose.POLL, invitation.public_id)},
        about=About(useless_after=poll.deadline_at),
    )


def withdraw(poll: DatePoll) -> None:
    """Let the question not leave any more to whom it still waits: the poll is closed."""
    public_ids = [one.public_id for one in queries.invitations_of(poll)]
    drop_leading_to(poll.organisation_id, (ASKED,), Purpose.POLL, public_ids)


def given(registration: Registration) -> None:
    """Tell who said yes to a date that is chosen: her seat with its invitation, or her place on the list."""
    if registration.status == Status.CONFIRMED:
        messages.write(registration, "sondage_retenu", event=Event.SEAT_ASKED)
    else:
        messages.signed_up(registration)


def left_to_choose(person: Person, group_session: GroupSession, places: int) -> None:
    """Tell who said « si besoin » that the date is chosen: no seat is taken for her."""
    values = {
        **wording.session_values(group_session),
        "places": wording.places_left(places, group_session.capacity),
    }
    about = About(group_session_id=group_session.id, useless_after=group_session.starts_at)
    write_to(person, "sondage_retenu_si_besoin", values, about=about)


def not_suited(person: Person, poll: DatePoll, chosen: Sequence[GroupSession]) -> None:
    """Tell who answered that none of the dates that suited her is among those chosen."""
    values = {**wording.programme_values(poll.programme), "dates": wording.dates_list(list(chosen))}
    values["lien_agenda"] = f"{chosen[0].organisation.public_url}/"
    about = About(useless_after=max(one.starts_at for one in chosen))
    write_to(person, "sondage_non_retenu", values, about=about)
