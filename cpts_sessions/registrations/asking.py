"""Asking for a date, or for all those of a season; for all, whatever is asked, when the dates go together."""

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import enrolments, on_behalf, rules, services
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.services import Outcome


def ask(group_session: GroupSession, told: Told, *, whole_season: bool) -> None:
    """Sign somebody up to one date, or to every open date of its season.

    Raises:
        RuleBroken: this date takes no sign-ups now, or is over.
    """
    if whole_season or group_session.goes_together:
        rules.check_open(group_session, at=now())
        enrolments.enrol(group_session.programme_id, group_session.season, told)
    else:
        services.sign_up(group_session.id, told)


def ask_on_behalf(group_session: GroupSession, told: Told, *, whole_season: bool, actor_id: int) -> Outcome:
    """Sign somebody up at her request by telephone, to one date or to every open date of its season.

    Raises:
        RuleBroken: the date has begun or is cancelled; her own request for the season waits for a yes.
    """
    if group_session.goes_together:
        rules.check_not_begun(group_session, at=now())
    if whole_season or group_session.goes_together:
        return on_behalf.enrol(group_session.programme_id, group_session.season, told, actor_id=actor_id)
    return on_behalf.register(group_session.id, told, actor_id=actor_id)


def also_ask(registration_id: int, other_session_id: int) -> None:
    """Sign the same person up to another date, with what she said of herself for this one.

    Raises:
        RuleBroken: the other session takes no sign-ups now, or belongs to another organisation.
    """
    registration = db.session.get_one(Registration, registration_id)
    other = db.session.get(GroupSession, other_session_id)
    if other is None or other.organisation_id != registration.organisation_id:
        raise RuleBroken("Cette séance n’existe plus.")
    ask(other, services.person_told(registration), whole_season=False)
