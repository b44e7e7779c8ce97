"""Who is asked, and when: the link on the day after the first presence, then two reminders to all.

Nobody knows who answered, hence a reminder goes to everyone who has a link, at once, in an order that says nothing.
Messages leave in the daytime; what the worker could not write in time is written the next morning, or given up.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from cpts_sessions.core.clock import at, local, now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.wording import programme_values
from cpts_sessions.questionnaires import queries, rules, wording
from cpts_sessions.questionnaires.models import Box, BoxState, QuestionnaireLink

#: How long before the box may be opened each reminder leaves: 19 November, 5 December.
REMINDERS: Final = (
    ("questionnaire_rappel", timedelta(days=21)),
    ("questionnaire_dernier_rappel", timedelta(days=5)),
)
KINDS: Final = ("questionnaire", *(kind for kind, _ in REMINDERS))
_FROM, _UNTIL = time(9), time(20)  # in Paris


def run() -> int:
    """Write what is due, the first messages then the reminders.

    Returns:
        How many messages were written.
    """
    instant = now()
    if not _FROM <= local(instant).time() < _UNTIL:
        return 0
    return sum(ask(box_id, instant) for box_id in _boxes_to_ask(instant)) + sum(
        _remind(box_id, instant) for box_id in _boxes_to_remind(local(instant).date())
    )


def reminder_due(year: int, made_on: date, today: date, sent: int) -> int | None:
    """Return which reminder of a box is due today: 0, 1, or None.

    One whose time passed while nothing ran is given up when the next is due, as is one older than the box: whoever
    has a link then has just had it.

    Args:
        year: the box's.
        made_on: the day on which the box was made.
        today: in Paris.
        sent: how many reminders are done with.
    """
    opening = rules.opens_from(year)
    days = [opening - before for _, before in REMINDERS]
    for number, (day, end) in enumerate(zip(days, [*days[1:], opening], strict=True)):
        if number >= sent and made_on < day <= today < end:
            return number
    return None


def _boxes_to_ask(instant: datetime) -> list[int]:
    statement = (
        select(QuestionnaireLink.box_id)
        .join(Box, Box.id == QuestionnaireLink.box_id)
        .join(Person, Person.id == QuestionnaireLink.person_id)
        .where(
            Box.state == BoxState.COLLECTING,
            QuestionnaireLink.due_at <= instant,
            QuestionnaireLink.sent_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(QuestionnaireLink.box_id)
    )
    return list(db.session.execute(statement).scalars())


def _boxes_to_remind(today: date) -> list[int]:
    statement = select(Box).where(
        Box.state == BoxState.COLLECTING, Box.reminders_sent < len(REMINDERS), Box.year == today.year
    )
    boxes = db.session.execute(statement.order_by(Box.id)).scalars()
    return [box.id for box in boxes if _reminder_of(box, today) is not None]


def _reminder_of(box: Box, today: date) -> int | None:
    return reminder_due(box.year, local(box.created_at).date(), today, box.reminders_sent)


def ask(box_id: int, instant: datetime) -> int:
    """Write the first message to whoever is due one: once for each person, programme and year.

    Returns:
        How many messages were written.
    """
    written = 0
    with transaction():
        box = queries.lock_box(box_id)
        if box.state != BoxState.COLLECTING:
            return 0
        values = _values(box, local(instant).date())
        for link in queries.links_of_box(box_id):
            if link.due_at is None or link.due_at > instant or link.sent_at is not None:
                continue
            if _write(link, "questionnaire", values, at(rules.ends_on(box.year), time(0))):
                link.sent_at = instant
                written += 1
    return written


def _remind(box_id: int, instant: datetime) -> int:
    """Write the same reminder to everyone who has a link, in one batch; not to who has had the link this very day."""
    today = local(instant).date()
    with transaction():
        box = queries.lock_box(box_id)
        number = _reminder_of(box, today) if box.state == BoxState.COLLECTING else None
        if number is None:
            return 0
        box.reminders_sent = number + 1
        values = _values(box, today)
        due = [link for link in queries.links_of_box(box_id) if not _is_of(link, today)]
        useless_after = at(rules.opens_from(box.year), time(0))
        return sum(_write(link, REMINDERS[number][0], values, useless_after) for link in due)


def _is_of(link: QuestionnaireLink, today: date) -> bool:
    """Whether the first message left this day, or has still to leave."""
    if link.sent_at is None:
        return link.due_at is not None
    return local(link.sent_at).date() == today


def _write(link: QuestionnaireLink, kind: str, values: Mapping[str, str], useless_after: datetime) -> bool:
    links = {"lien_questionnaire": (Purpose.QUESTIONNAIRE, link.public_id)}
    return write_to(link.person, kind, values, links=links, about=About(useless_after=useless_after)) is not None


def _values(box: Box, today: date) -> dict[str, str]:
    organisation = db.session.get_one(Organisation, box.organisation_id)
    return {
        **programme_values(box.programme),
        **wording.opening_values(box),
        "annee": str(box.year),
        "duree_min": str(box.questionnaire.definition["duree_min"]),
        "animation_article": "la personne qui anime",
        "mois_lecture": wording.month_of_reading(box.year, today),
        "repondre_avant": wording.answer_before(box.year, today),
        "lien_mot": f"{organisation.public_url}/ma-page/mot",
    }
