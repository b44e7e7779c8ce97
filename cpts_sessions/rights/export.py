"""Everything the CPTS knows of one person, for herself (RGPD, articles 15 and 20)."""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts.models import OpenSignIn, Role, SignInLink
from cpts_sessions.attendance.models import Attendance, AttendanceChange, Attestation
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import now
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import DistinctPair, Person
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.polls.queries import told_of
from cpts_sessions.programmes.models import GroupSession, Programme, SeasonAnimator, SessionAnimator
from cpts_sessions.questionnaires.models import Box, QuestionnaireLink, Word
from cpts_sessions.registrations import alerts, letters
from cpts_sessions.registrations.models import Enrolment, PersonalFeed, Registration

Export = dict[str, Any]


def export_person(person_id: int) -> Export:
    """Return what is known of a person, ready for JSON: plain values, instants in ISO 8601.

    Names no other participant, and holds no link nor secret that would open anything.
    """
    person = db.session.get_one(Person, person_id)
    known: Export = _plain(
        {
            "cpts": db.session.get_one(Organisation, person.organisation_id).name,
            "exporte_le": now(),
            "fiche": _record(person),
            "roles": _roles(person_id),
            "inscriptions_aux_dispositifs": _enrolments(person_id),
            "inscriptions": _registrations(person_id),
            "presences": _attendances(person_id),
            "attestations": _attestations(person_id),
            "questionnaires_proposes": _questionnaires(person_id),
            "mots_a_la_coordination": _words(person_id),
            "courrier_recu": letters.of_person(person_id),
            "sondages_de_dates": told_of(person_id),
            "annonces_demandees": alerts.told_of(person_id),
            "releves_de_presence": _marks(person_id),
            "animations": _animated(person_id),
            "saisons_animees": _seasons(person_id),
            "liens_de_soiree": _evening_links(person_id),
            "notes_de_soiree": _evening_notes(person_id),
            "messages": _messages(person_id),
            "liens_de_connexion": _links(person_id),
            "agenda_abonne": _feed(person_id),
            "connexions_ouvertes": _sign_ins(person_id),
            "fiches_distinctes": _distinct(person_id),
            "journal": _journal(person_id),
        }
    )
    return known


def _record(person: Person) -> Export:
    labels = profession_labels(person.organisation_id)
    return {
        "identifiant": person.public_id,
        "civilite": person.civility,
        "prenom": person.first_name,
        "nom": person.last_name,
        "email": person.email,
        "profession": labels.get(person.profession_slug or "", person.profession_slug),
        "telephone": person.phone,
        "rpps": person.rpps,
        "membre": person.is_member,
        "connue_depuis": person.created_at,
        "importee_le": person.imported_at,
        "derniere_activite": person.active_at,
        "adresse_rejetee_le": person.bounced_at,
    }


def _all(model: Any, person_id: int, *options: Any) -> list[Any]:
    statement = select(model).where(model.person_id == person_id).order_by(model.id).options(*options)
    return list(db.session.execute(statement).scalars())


def _roles(person_id: int) -> list[Export]:
    return [
        {"role": one.name, "dispositif": _programme(one.programme_id), "depuis": one.granted_at, "fin": one.ends_at}
        for one in _all(Role, person_id)
    ]


def _programme(programme_id: int | None) -> str | None:
    return db.session.get_one(Programme, programme_id).name if programme_id else None


def _enrolments(person_id: int) -> list[Export]:
    return [
        {
            "dispositif": row.programme.name,
            "annee": row.season,
            "profession": row.profession_slug,
            "civilite": row.civility,
            "demandee": row.is_pending,
            "le": row.created_at,
            "importee_le": row.imported_at,
            "quittee_le": row.left_at,
        }
        for row in _all(Enrolment, person_id, joinedload(Enrolment.programme))
    ]


def _session(group_session: GroupSession) -> Export:
    return {"dispositif": group_session.programme.name, "seance": group_session.starts_at}


def _registrations(person_id: int) -> list[Export]:
    return [
        {
            **_session(row.group_session),
            "etat": row.status,
            "prenom": row.first_name,
            "nom": row.last_name,
            "civilite": row.civility,
            "profession": row.profession_slug,
            "telephone": row.phone,
            "demandee_le": row.created_at,
            "importee_le": row.imported_at,
            "terminee_le": row.ended_at,
            "terminee_par": row.ended_by,
            "offre_jusqu_au": row.offer_expires_at,
            "reponse_agenda": row.partstat,
            "prevenue_par_telephone_le": row.called_at,
        }
        for row in _all(Registration, person_id, joinedload(Registration.group_session))
    ]


def _attendances(person_id: int) -> list[Export]:
    return [
        {
            **_session(db.session.get_one(GroupSession, row.group_session_id)),
            "etat": row.status,
            "moyen": row.means,
            "releve_le": row.taken_at,
        }
        for row in _all(Attendance, person_id)
    ]


def _marks(person_id: int) -> list[Export]:
    """What was sent of her during an evening, before or after which another device said otherwise."""
    return [
        {
            **_session(db.session.get_one(GroupSession, row.group_session_id)),
            "etat": row.value.get("mark", "present"),
            "sans_inscription": row.kind == "walk_in",
            "dit_le": row.said_at,
            "recu_le": row.received_at,
            "retenu": row.is_retained,
        }
        for row in _all(AttendanceChange, person_id)
    ]


def _attestations(person_id: int) -> list[Export]:
    """What was printed, with the code that verifies it: hers to show to whom she wants."""
    return [
        {
            "code": row.code,
            "annee": row.season,
            "contenu": row.facts,
            "emise_le": row.issued_at,
            "envoyee_le": row.mailed_at,
            "retiree_le": row.withdrawn_at,
        }
        for row in _all(Attestation, person_id)
    ]


def _questionnaires(person_id: int) -> list[Export]:
    """That she was asked, never whether or what she answered: nobody knows."""
    return [
        {"dispositif": row.box.programme.name, "annee": row.box.year, "envoye_le": row.sent_at}
        for row in _all(QuestionnaireLink, person_id, joinedload(QuestionnaireLink.box).joinedload(Box.programme))
    ]


def _words(person_id: int) -> list[Export]:
    return [
        {"mot": row.text, "ecrit_le": row.written_at, "repondu_le": row.answered_at} for row in _all(Word, person_id)
    ]


def _animated(person_id: int) -> list[Export]:
    return [
        {
            **_session(row.group_session),
            "profession": row.profession_slug,
            "civilite": row.civility,
            "reponse_agenda": row.partstat,
        }
        for row in _all(SessionAnimator, person_id)
    ]


def _seasons(person_id: int) -> list[Export]:
    return [
        {"dispositif": _programme(row.programme_id), "annee": row.season} for row in _all(SeasonAnimator, person_id)
    ]


def _evening_links(person_id: int) -> list[Export]:
    return [
        {
            **_session(row.group_session),
            "envoye_le": row.sent_at,
            "rappel_le": row.reminded_at,
            "coupe_le": row.revoked_at,
        }
        for row in _all(EveningLink, person_id, joinedload(EveningLink.group_session))
    ]


def _evening_notes(person_id: int) -> list[Export]:
    return [
        {
            **_session(db.session.get_one(GroupSession, row.group_session_id)),
            "note": row.text,
            "ecrite_le": row.written_at,
        }
        for row in _all(EveningNote, person_id)
    ]


def _messages(person_id: int) -> list[Export]:
    """What was written to her; the texts, emptied once sent, only while they wait, and never their links."""
    return [
        {
            "type": row.kind,
            "objet": row.subject,
            "adresse": row.to_address,
            "nom": row.to_name,
            "etat": row.status,
            "ecrit_le": row.created_at,
            "envoye_le": row.sent_at,
            "contenu": {} if row.is_sign_in else row.values,
        }
        for row in _all(OutboxMessage, person_id)
    ]


def _links(person_id: int) -> list[Export]:
    return [
        {"demande_le": row.created_at, "valable_jusqu_au": row.expires_at, "utilise_le": row.used_at}
        for row in _all(SignInLink, person_id)
    ]


def _sign_ins(person_id: int) -> list[Export]:
    return [{"appareil": row.device, "depuis": row.created_at} for row in _all(OpenSignIn, person_id)]


def _feed(person_id: int) -> list[Export]:
    """Since when; its address is secret, and on Ma page."""
    return [{"depuis": row.created_at} for row in _all(PersonalFeed, person_id)]


def _distinct(person_id: int) -> int:
    """How many other records the coordination found not to be hers; they are other people's and are not named."""
    mine = or_(DistinctPair.lower_id == person_id, DistinctPair.higher_id == person_id)
    return len(db.session.execute(select(DistinctPair.lower_id).where(mine)).all())


def _journal(person_id: int) -> list[Export]:
    statement = select(AuditEntry).where(or_(AuditEntry.person_id == person_id, AuditEntry.actor_id == person_id))
    return [
        {"acte": row.kind, "le": row.at, "par_elle": row.actor_id == person_id, "details": row.values}
        for row in db.session.execute(statement.order_by(AuditEntry.id)).scalars()
    ]


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID():
            return str(value)
    return value
