"""What the coordination is told of seats: it names no participant, it leads to the page where names are read."""

from sqlalchemy import select

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme


def coordinators(organisation_id: int) -> list[Person]:
    """Return those who coordinate, in the order they were given the role."""
    statement = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Role.organisation_id == organisation_id, Role.name == RoleName.COORDINATOR)
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


def _waits_already(person_id: int) -> bool:
    statement = select(OutboxMessage.id).where(
        OutboxMessage.person_id == person_id,
        OutboxMessage.kind == "adhesion_a_valider",
        OutboxMessage.status == MessageStatus.QUEUED,
    )
    return db.session.execute(statement.limit(1)).first() is not None
