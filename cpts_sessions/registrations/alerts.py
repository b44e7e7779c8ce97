"""« Prévenez-moi des prochaines dates »: asked, told once per opening, stopped by one button."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts import limits
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.models import DateAlert
from cpts_sessions.registrations.undoing import forget_if_alone


def ask(programme_id: int, told: Told) -> None:
    """Tell somebody of the next dates of a programme from now on; her message says how to stop.

    Asking twice changes nothing. Says nothing to the caller: the page is the same for known and unknown.
    """
    with transaction():
        programme = queries.lock_programme(programme_id)  # the same person may be asking elsewhere at this instant
        person, is_new = find_or_add(programme.organisation_id, told)
        alert = _alert(DateAlert.person_id == person.id, DateAlert.programme_id == programme.id)
        if alert is None:
            alert = DateAlert(
                organisation_id=programme.organisation_id,
                person_id=person.id,
                programme_id=programme.id,
                link_hash=b"",
                made_person=is_new,
            )
            alert.link_hash = links.digest_for(Purpose.ALERT, alert.public_id)
            alert.programme, alert.person = programme, person
            db.session.add(alert)
        elif not limits.allow("repeated", programme.organisation_id, person.email or ""):
            return
        _write(alert, "prevenir_note", {})


def stop(alert_id: int) -> None:
    """Tell somebody of no more dates; who was unknown before she asked is forgotten. Stopping twice changes nothing."""
    with transaction():
        alert = _alert(DateAlert.id == alert_id)
        if alert is None:
            return
        person, made_person = alert.person, alert.made_person
        db.session.delete(alert)
        db.session.flush()
        if made_person:
            forget_if_alone(person)


def announce(sessions: Sequence[GroupSession], told: Collection[int] = ()) -> None:
    """Write one message to each who asked to be told, for all the dates of her programme opened in this act.

    Not to the persons of `told`, nor to who has a place in one of these dates already.
    """
    to_come = sorted((one for one in sessions if one.starts_at > now()), key=lambda one: one.starts_at)
    placed = {person_id for _, person_id in queries.asked([one.id for one in to_come])}
    for programme_id in sorted({one.programme_id for one in to_come}):
        dates = [one for one in to_come if one.programme_id == programme_id]
        values = {"dates": wording.dates_list(dates), "premiere_date": wording.short_date(dates[0])}
        for alert in _alerts_of_programme(programme_id):
            if alert.person_id not in placed and alert.person_id not in told:
                _write(alert, "nouvelles_dates", values)


def _write(alert: DateAlert, kind: str, values: dict[str, str]) -> None:
    organisation = db.session.get_one(Organisation, alert.organisation_id)
    dates_of = f"{organisation.public_url}/?dispositif={alert.programme.public_id}"
    write_to(
        alert.person,
        kind,
        {**wording.programme_values(alert.programme), **values, "lien_dispositif": dates_of},
        links={"lien_arret": (Purpose.ALERT, alert.public_id)},
    )


def by_token(organisation_id: int, token: str) -> DateAlert | None:
    """Return what the link to stop opens; None once it was used."""
    return _alert(DateAlert.organisation_id == organisation_id, DateAlert.link_hash == links.digest(token))


def of_person(person_id: int) -> list[DateAlert]:
    """Return what one person asked to be told of, in the order she asked."""
    statement = select(DateAlert).where(DateAlert.person_id == person_id).order_by(DateAlert.id)
    return list(db.session.execute(statement.options(joinedload(DateAlert.programme))).scalars())


def of_person_by_id(person_id: int, public_id: UUID) -> DateAlert | None:
    """Return one of hers."""
    return _alert(DateAlert.person_id == person_id, DateAlert.public_id == public_id)


def _alert(*conditions: object) -> DateAlert | None:
    statement = select(DateAlert).where(*conditions)  # type: ignore[arg-type]
    return db.session.execute(statement.options(joinedload(DateAlert.programme))).scalar_one_or_none()


def _alerts_of_programme(programme_id: int) -> list[DateAlert]:
    statement = select(DateAlert).where(DateAlert.programme_id == programme_id).order_by(DateAlert.id)
    loaded = statement.options(joinedload(DateAlert.person), joinedload(DateAlert.programme))
    return list(db.session.execute(loaded).scalars())


def told_of(person_id: int) -> list[dict[str, Any]]:
    """Return what one person asked to be told of, for herself."""
    return [{"dispositif": one.programme.name, "depuis": one.created_at} for one in of_person(person_id)]


def join(keep_id: int, absorb_id: int) -> None:
    """Hang what two records of one person asked to be told of on the first, each programme once."""
    known = {one.programme_id for one in of_person(keep_id)}
    for alert in of_person(absorb_id):
        if alert.programme_id in known:
            db.session.delete(alert)
        else:
            alert.person_id, alert.made_person = keep_id, False  # stopping must not take the whole record away
    db.session.flush()
