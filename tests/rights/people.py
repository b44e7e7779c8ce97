"""Somebody of whom every table knows something."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Column

from cpts_sessions.accounts.models import OpenSignIn, Role, SignInLink
from cpts_sessions.attendance.models import AttendanceChange, Attestation
from cpts_sessions.core.audit import record
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import Base, db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import DistinctPair
from cpts_sessions.people.services import Told
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation, PollSlot
from cpts_sessions.programmes.models import SeasonAnimator
from cpts_sessions.questionnaires.models import Box, Questionnaire, QuestionnaireLink, Word
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.models import PersonalFeed
from cpts_sessions.registrations.received import Letter

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def columns_of_persons() -> list[Column]:
    """Every column of the schema that points at a person."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == "person"
    ]


def rows_about(person_id):
    """How many rows of each column are about a person."""
    return {
        str(column): db.session.query(column.table).filter(column == person_id).count()
        for column in columns_of_persons()
    }


def make_known_everywhere(season, first_name="Anne", **changes):
    """Somebody with a row in every table that points at persons, in sessions of her own past and to come."""
    circles = season.programme(f"dispositif-{first_name.lower()}")
    before = season.person(f"Voisine{first_name[-1]}")
    person = season.person(first_name, **changes)
    after = season.person(f"Cousine{first_name[-1]}")
    held = season.session(circles, "2026-09-01")
    animated = season.session(circles, "2026-09-08", animator=person)
    to_come = season.session(circles, "2026-11-24", status="open")
    registrations = [
        season.register(person, held, first_name=first_name, last_name=person.last_name, phone="06 00 00 00 01"),
        season.register(person, to_come, first_name=first_name, last_name=person.last_name, phone="06 00 00 00 01"),
    ]
    season.enrol(person, circles, created_at=datetime(2026, 8, 1, tzinfo=UTC))
    season.note(person, held)
    _sign_in_and_write(season.organisation.id, person, circles, registrations[0], held)
    _ask(person, circles)
    _propose(person, circles)
    with transaction():
        db.session.add_all(
            [
                EveningLink(
                    organisation_id=person.organisation_id,
                    group_session_id=animated.id,
                    person_id=person.id,
                    link_hash=secrets.token_bytes(32),
                ),
                EveningNote(
                    organisation_id=person.organisation_id,
                    group_session_id=animated.id,
                    person_id=person.id,
                    text="La salle était fermée à clé.",
                ),
                _feed(person),
                DistinctPair(organisation_id=person.organisation_id, lower_id=before.id, higher_id=person.id),
                _attested(person, held),
                DistinctPair(organisation_id=person.organisation_id, lower_id=person.id, higher_id=after.id),
            ]
        )
    return person, {"held": held, "animated": animated, "to_come": to_come, "programme": circles}


def _feed(person):
    return PersonalFeed(organisation_id=person.organisation_id, person_id=person.id, link_hash=secrets.token_bytes(32))


def _attested(person, held):
    """An attestation that does not name her: those that do stay for their term, see test_attestations.py."""
    return Attestation(
        organisation_id=person.organisation_id,
        person_id=person.id,
        group_session_id=held.id,
        code=secrets.token_hex(6),
        facts={"seances": []},
    )


def _sign_in_and_write(organisation_id, person, programme, registration, held):
    with transaction():
        db.session.add_all(
            [
                AttendanceChange(
                    organisation_id=organisation_id,
                    group_session_id=held.id,
                    key=uuid4(),
                    kind="mark",
                    device=uuid4(),
                    said_at=held.ends_at,
                    received_at=held.ends_at,
                    person_id=person.id,
                    value={"mark": "present"},
                ),
                Role(organisation_id=organisation_id, person_id=person.id, name="animator", programme_id=programme.id),
                SignInLink(
                    organisation_id=organisation_id,
                    person_id=person.id,
                    token_hash=secrets.token_bytes(32),
                    expires_at=NOW + timedelta(hours=1),
                ),
                OpenSignIn(organisation_id=organisation_id, person_id=person.id, token_hash=secrets.token_bytes(32)),
                Word(organisation_id=organisation_id, person_id=person.id, text="La salle était froide."),
                SeasonAnimator(
                    organisation_id=organisation_id, person_id=person.id, programme_id=programme.id, season=2026
                ),
                OutboxMessage(
                    organisation_id=organisation_id,
                    person_id=person.id,
                    registration_id=registration.id,
                    group_session_id=held.id,
                    kind="inscription_confirmee",
                    to_address=person.email,
                    to_name=person.full_name,
                    values={"prenom": person.first_name},
                ),
            ]
        )
        record(organisation_id, "inscription", person_id=person.id, group_session_id=held.id)


def _propose(person, programme):
    """Ask her in a poll of the programme, let her say yes, and ask to be told of its dates."""
    alerts.ask(programme.id, Told.of(person))
    with transaction():
        db.session.add(Letter(organisation_id=person.organisation_id, person_id=person.id, why="commentaire"))
        poll = DatePoll(organisation_id=person.organisation_id, programme_id=programme.id, deadline_at=NOW)
        poll.slots = [PollSlot(starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=9, hours=2))]
        db.session.add(poll)
        db.session.flush()
        db.session.add(PollAnswer(slot_id=poll.slots[0].id, person_id=person.id, reply="yes"))
        db.session.add(
            PollInvitation(
                organisation_id=person.organisation_id,
                poll_id=poll.id,
                person_id=person.id,
                link_hash=secrets.token_bytes(32),
                answered_at=NOW,
                suggestion="Le vendredi midi",
            )
        )


def _ask(person, programme):
    """Give her the link to a box of the programme."""
    with transaction():
        asked = Questionnaire(organisation_id=person.organisation_id, slug=programme.slug, definition={})
        db.session.add(asked)
        db.session.flush()
        box = Box(
            organisation_id=person.organisation_id, programme_id=programme.id, questionnaire_id=asked.id, year=2026
        )
        db.session.add(box)
        db.session.flush()
        db.session.add(QuestionnaireLink(organisation_id=person.organisation_id, box_id=box.id, person_id=person.id))
