"""What the coordination is told of seats: it names no participant, it leads to the page where names are read."""

from sqlalchemy import select

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.accounts.standing import in_force
from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations import rules
from cpts_sessions.registrations.messages import UNDER_MINIMUM


def coordinators(organisation_id: int) -> list[Person]:
    """Return those who coordinate, in the order they were given the role; when nobody does, those who administer."""
    return _having(RoleName.COORDINATOR, organisation_id) or _having(RoleName.ADMINISTRATOR, organisation_id)


def _having(role: RoleName, organisation_id: int) -> list[Person]:
    statement = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Role.organisation_id == organisation_id, Role.name == role, in_force(organisation_id))
        .order_by(Role.id)
    )
    return list(db.session.execute(statement).scalars())


def request_to_decide(programme: Programme, sessions: list[GroupSession]) -> None:
    """Tell the coordination that a request waits for its yes; one message waits at a time for each of them."""
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    values = {
        **wording.programme_values(programme),
        "dates": wording.dates_list(sessions),
        "lien_demande": f"{organisation.public_url}/coordination/demandes",
    }
    for person in coordinators(programme.organisation_id):
        if not _waits_already(person.id):
            write_to(person, "adhesion_a_valider", values)


def under_minimum(group_session: GroupSession, confirmed: int) -> None:
    """Ask each of those who coordinate what becomes of a session under its minimum."""
    moment = now()
    before = local(rules.decide_before(group_session.starts_at, now=moment))
    base = f"{group_session.organisation.public_url}/coordination/seances/{group_session.public_id}"
    people = french.counted(confirmed, "personne inscrite", "personnes inscrites")
    values = {
        **wording.session_values(group_session),
        "n_inscrits": people if confirmed else "Aucune personne inscrite",
        "minimum": str(group_session.minimum),
        "capacite": str(group_session.capacity),
        "dans_combien": rules.in_how_long(group_session.starts_at, now=moment),
        "echeance": f"{french.short_day(before)} à {french.hour(before)}",
        "lien_decider": f"{base}/minimum",
    }
    about = About(group_session_id=group_session.id, useless_after=group_session.starts_at)
    for person in coordinators(group_session.organisation_id):
        write_to(person, UNDER_MINIMUM, values, about=about)


def _waits_already(person_id: int) -> bool:
    statement = select(OutboxMessage.id).where(
        OutboxMessage.person_id == person_id,
        OutboxMessage.kind == "adhesion_a_valider",
        OutboxMessage.status == MessageStatus.QUEUED,
    )
    return db.session.execute(statement.limit(1)).first() is not None
