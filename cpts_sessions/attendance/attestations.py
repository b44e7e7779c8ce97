"""Attestations: issued when a session is closed, or asked for later; withdrawn when a presence is corrected.

A name corrected since does not withdraw what was printed: she was there, under the name she had. It makes another
attestation, with another code.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from cpts_sessions.attendance import attested, messages
from cpts_sessions.attendance.attested import Facts, Presence
from cpts_sessions.attendance.attested_presences import presences_at, presences_of, year_lines
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.standing import State, latest_of, sessions_of, standing
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.people.professions import by_slug
from cpts_sessions.programmes.models import GroupSession, SessionStatus

_NOTHING = "Aucune présence à une séance close : il n’y a rien à attester."
_NOT_VALID = "Cette attestation n’est pas valable en ce moment : elle ne part pas."


def settle(group_session: GroupSession) -> None:
    """Attest who is present at a session just closed, withdraw what was attested to those who no longer are.

    Called in the transaction that closes the session, its row locked, once everything is noted; or in the one that
    says that nobody came. Those withdrawn are told by mail; who is attested is not: it waits on her page.
    """
    presences = presences_at(group_session)
    present = {presence.person.id for presence in presences}
    wronged: dict[int, Attestation] = {}
    for row in _about(group_session):
        if row.person_id not in present:
            row.withdrawn_at = now()
            if row.person_id is not None and row.group_session_id is not None:
                wronged[row.person_id] = row
    db.session.flush()
    for person_id, row in wronged.items():
        messages.attestation_withdrawn(db.session.get_one(Person, person_id), group_session, row.code)
    if group_session.status == SessionStatus.HELD:
        _issue_missing(group_session.organisation_id, presences)


def prepare(organisation_id: int, person_id: int) -> int:
    """Attest every presence of one person that is not attested yet, or was under a name she no longer has.

    Returns:
        How many attestations were issued: asked for twice, none.
    """
    with transaction():
        return _issue_missing(organisation_id, _held_presences(organisation_id, person_id))


def issue(organisation_id: int, person_id: int, group_session_id: int, *, actor_id: int | None = None) -> Attestation:
    """Return the attestation of one presence, made when there is none that says the same.

    Args:
        actor_id: who hands it over in her place, for the journal.

    Raises:
        RuleBroken: she was not present, or the session is not closed.
    """
    with transaction():
        presences = _held_presences(organisation_id, person_id)
        _issue_missing(organisation_id, [one for one in presences if one.group_session.id == group_session_id])
        found = latest_of(organisation_id, [person_id], [group_session_id]).get((person_id, group_session_id))
        if found is None or standing(found, sessions_of([found])) is not State.VALID:
            raise RuleBroken(_NOTHING)
        if actor_id is not None:
            _audit("attestation_remise", found, actor_id)
        return found


def issue_year(organisation_id: int, person_id: int, year: int, *, actor_id: int | None = None) -> Attestation:
    """Return the statement of one year, made when there is none that says the same.

    Presences older than what is kept of names are found in the attestations she was given.

    Raises:
        RuleBroken: nothing of that year can be attested.
    """
    with transaction():
        presences = _held_presences(organisation_id, person_id)
        _issue_missing(organisation_id, [one for one in presences if one.group_session.season == year])
        lines = year_lines(organisation_id, person_id, year)
        if not lines:
            raise RuleBroken(_NOTHING)
        person = db.session.get_one(Person, person_id)
        organisation = db.session.get_one(Organisation, organisation_id)
        facts = attested.year_facts(person, lines, by_slug(organisation_id), organisation)
        statement = select(Attestation).where(
            Attestation.person_id == person_id, Attestation.season == year, Attestation.withdrawn_at.is_(None)
        )
        every = db.session.execute(statement.order_by(Attestation.id.desc())).scalars()
        found = next((row for row in every if attested.says_the_same(row.facts, facts)), None)
        if found is None:
            found = _add(Attestation(organisation_id=organisation_id, person_id=person_id, season=year), facts)
        if actor_id is not None:
            _audit("releve_remis", found, actor_id)
        return found


def send(attestation: Attestation, *, actor_id: int | None = None) -> None:
    """Write to the person it is about the message that carries an attestation, or a statement.

    Raises:
        RuleBroken: it does not stand, or she has no e-mail.
    """
    with transaction():
        if not _write(attestation):
            raise RuleBroken("Il n’y a pas d’adresse e-mail : téléchargez le document pour le remettre.")
        if actor_id is not None:
            is_one = attestation.season is None
            _audit("attestation_envoyee" if is_one else "releve_envoye", attestation, actor_id)


def send_all(group_session_id: int, *, actor_id: int) -> int:
    """Send their attestation, one private message each, to those present at a session who did not receive it.

    Returns:
        How many messages are written.

    Raises:
        RuleBroken: the session is not closed.
    """
    with transaction():
        group_session = _shared([group_session_id])[0]
        if group_session.status != SessionStatus.HELD:
            raise RuleBroken(_NOTHING)
        presences = presences_at(group_session)
        _issue_missing(group_session.organisation_id, presences)
        ids = [presence.person.id for presence in presences]
        rows = latest_of(group_session.organisation_id, ids, [group_session_id]).values()
        written = sum(_write(row) for row in rows if row.mailed_at is None)
        if written:
            audit.record(
                group_session.organisation_id,
                "attestations_envoyees",
                actor_id=actor_id,
                group_session_id=group_session_id,
                n=written,
            )
        return written


def _write(attestation: Attestation) -> bool:
    sessions = sessions_of([attestation])
    if attestation.person_id is None or standing(attestation, sessions) is not State.VALID:
        raise RuleBroken(_NOT_VALID)
    person = db.session.get_one(Person, attestation.person_id)
    if not messages.attestation_given(person, attestation, sessions):
        return False
    attestation.mailed_at = now()
    return True


def _held_presences(organisation_id: int, person_id: int) -> list[Presence]:
    """The presences of a person, that no correction changes before the transaction ends."""
    _shared([one.group_session.id for one in presences_of(organisation_id, person_id)])
    statement = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    db.session.execute(statement)  # asked for twice at once, it is made once
    return presences_of(organisation_id, person_id)


def _shared(group_session_ids: Collection[int]) -> Sequence[GroupSession]:
    statement = select(GroupSession).where(GroupSession.id.in_(group_session_ids)).order_by(GroupSession.id)
    held = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return db.session.execute(held).scalars().all()


def _about(group_session: GroupSession) -> list[Attestation]:
    """What stands and names this session, statements of its year included, but what is past doubt."""
    settled = select(Attestation.person_id).where(
        Attestation.group_session_id == group_session.id, Attestation.is_past_doubt, Attestation.person_id.is_not(None)
    )
    statement = select(Attestation).where(
        Attestation.organisation_id == group_session.organisation_id,
        Attestation.withdrawn_at.is_(None),
        Attestation.is_past_doubt.is_(False),
        Attestation.person_id.not_in(settled),
        (Attestation.group_session_id == group_session.id) | (Attestation.season == group_session.season),
    )
    named = str(group_session.public_id)
    rows = db.session.execute(statement.order_by(Attestation.id)).scalars()
    return [row for row in rows if any(line["seance"] == named for line in row.facts["seances"])]


def _issue_missing(organisation_id: int, presences: Sequence[Presence]) -> int:
    """Attest these presences where nothing that stands says the same; return how many were."""
    known = latest_of(
        organisation_id, {one.person.id for one in presences}, {one.group_session.id for one in presences}
    )
    professions = by_slug(organisation_id)
    organisation = db.session.get_one(Organisation, organisation_id)
    issued = 0
    for one in presences:
        facts = attested.session_facts(one, professions, organisation)
        before = known.get((one.person.id, one.group_session.id))
        if before is None or not attested.says_the_same(before.facts, facts):
            row = Attestation(organisation_id=organisation_id, person_id=one.person.id)
            row.group_session_id = one.group_session.id
            _add(row, facts)
            issued += 1
    return issued


def _add(row: Attestation, facts: Facts) -> Attestation:
    row.code, row.facts = attested.new_code(), facts
    db.session.add(row)
    db.session.flush()
    return row


def _audit(kind: str, row: Attestation, actor_id: int) -> None:
    audit.record(
        row.organisation_id,
        kind,
        actor_id=actor_id,
        person_id=row.person_id,
        group_session_id=row.group_session_id,
        annee=row.season,
    )
