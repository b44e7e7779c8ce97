"""The date poll of the demonstration: three slots for the GAPP of the coming weeks, and what some have answered."""

from datetime import date, time, timedelta

from sqlalchemy import select

from cpts_sessions.core.clock import at, today
from cpts_sessions.extensions import db
from cpts_sessions.installation.days import PUBLIC_HOLIDAYS, SATURDAY, evening_near, hours_on
from cpts_sessions.installation.stage import Stage
from cpts_sessions.people.models import Person
from cpts_sessions.polls import services
from cpts_sessions.polls.models import DatePoll, PollInvitation, Reply
from cpts_sessions.polls.queries import Circle

_YES, _MAYBE, _NO = Reply.YES, Reply.IF_NEEDED, Reply.NO
#: What each says of the three slots: two evenings, then a Saturday morning.
_ANSWERS = {
    "Antoine Riegert": (_YES, _NO, _MAYBE),
    "Charlotte Munsch": (_YES, _YES, _NO),
    "Sylvie Anstett": (_YES, _MAYBE, _NO),
    "Géraldine Ostertag": (_NO, _YES, _YES),
    "Paul Ebersolt": (_YES, _NO, _NO),
}
_SUGGESTION = "Un mercredi midi m’irait aussi."


def load(organisation_id: int, *, actor_id: int) -> None:
    """Ask those who come to the GAPP; five have answered, the others still may. Call inside a transaction."""
    stage = Stage(organisation_id)
    gapp = stage.programme("gapp")
    length = timedelta(minutes=gapp.duration_minutes)
    days = [evening_near(_in_days(70)), evening_near(_in_days(84)), _saturday_from(_in_days(70))]
    plan = services.PollPlan(
        slots=[hours_on(day, length) for day in days],
        deadline_at=at(_in_days(12), time(18)),
        circles=[Circle.FOLLOWERS, Circle.CAME],
    )
    poll = services.send(gapp.id, plan, actor_id=actor_id)
    for name, replies in _ANSWERS.items():
        given = {slot.id: reply for slot, reply in zip(poll.slots, replies, strict=True)}
        suggestion = _SUGGESTION if name == "Paul Ebersolt" else ""
        services.answer(_invitation(poll, stage.person(name)).id, given, suggestion)


def _in_days(count: int) -> date:
    return today() + timedelta(days=count)


def _saturday_from(day: date) -> date:
    while day.weekday() != SATURDAY or (day.month, day.day) in PUBLIC_HOLIDAYS:
        day += timedelta(days=1)
    return day


def _invitation(poll: DatePoll, person: Person) -> PollInvitation:
    hers = select(PollInvitation).where(PollInvitation.poll_id == poll.id, PollInvitation.person_id == person.id)
    return db.session.execute(hers).scalar_one()
