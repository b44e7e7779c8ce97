"""One row of everything, somebody of each role, and an example for each argument of a URL."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.attendance.attested import year_facts
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage, WorkerBeat
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.polls.models import DatePoll, PollInvitation, PollSlot
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator
from cpts_sessions.questionnaires import card_entry
from cpts_sessions.questionnaires import services as questionnaires
from cpts_sessions.questionnaires.models import QuestionnaireLink, SlotKind, Word
from cpts_sessions.questionnaires.sealed_box import EMPTY
from cpts_sessions.registers.models import Communication, HelpRequest, Step
from cpts_sessions.registers.queries import Row
from cpts_sessions.registrations.models import DateAlert, PersonalFeed
from tests.browsing import sign_in
from tests.conftest import NOW
from tests.factories import (
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

#: The public id of one row of every table, so that any page asked with it finds something to show.
ONE = UUID("11111111-1111-4111-8111-111111111111")
#: The public id of another person, for pages about two.
OTHER = UUID("22222222-2222-4222-8222-222222222222")
#: The code of her attestation.
CODE = "7K2M-9QTR-4BXW"
ELSEWHERE = "http://autre.example.org"

#: An example for each argument of a URL: « argument », or « endpoint.argument » when one endpoint needs another.
SAMPLES: dict[str, object] = {
    "public_id": ONE,
    "person_id": ONE,
    "role": "coordination",
    "evening.end.act": "clore",
    "professional.act_on_registration.act": "liberer",
    "professional.act_on_enrolment.act": "arreter",
    "public.act_on_registration.act": "liberer",
    "public.act_on_date.act": "finalement",
    "public.act_on_enrolment.act": "arreter",
    "what": "inscrits",
    "keep_id": ONE,
    "absorb_id": OTHER,
    "slug": "sage-femme",
    "admin.revoke.public_id": OTHER,
    "admin.revoke.role": "animator",
    "coordinator.trial.what": "personnes",
    "coordinator.trial.token": "1793610000-" + "a" * 32,
    "coordinator.refused_lines.what": "personnes",
    "coordinator.refused_lines.token": "1793610000-" + "a" * 32,
    "coordinator.help_requests_workbook.what": "outils",
    "step": "nom",
    "coordinator.read_text.answer_id": OTHER,
    "coordinator.guide.guide": "coordination",
    "coordinator.guide_picture.picture": "bureau",
    "coordinator.questionnaire_preview.key": "gapp_eval",
    "cards.fill.number": "A2B3",
    "cards.thanks.moment": "depart",
    "public.check_in_here.code": "a" * 16,
    "public.verified.code": CODE,
    "year": 2026,
    "fmt": "csv",
    "name": "action-30",
    "coordinator.hand_attestation.act": "telecharger",
    "coordinator.hand_statement.act": "telecharger",
    # those of personal links are added by make_world(): see PERSONAL_LINKS
}


#: What the token of each endpoint opens; sign_in.link has a link of its own.
PERSONAL_LINKS: dict[str, Purpose] = {
    "evening.add_walk_in": Purpose.EVENING,
    "evening.changes": Purpose.EVENING,
    "evening.count": Purpose.EVENING,
    "evening.end": Purpose.EVENING,
    "evening.manifest": Purpose.EVENING,
    "evening.page": Purpose.EVENING,
    "evening.presences": Purpose.EVENING,
    "evening.service_worker": Purpose.EVENING,
    "evening.state": Purpose.EVENING,
    "public.act_on_date": Purpose.ENROLMENT,
    "public.act_on_enrolment": Purpose.ENROLMENT,
    "public.act_on_registration": Purpose.REGISTRATION,
    "public.also_sign_up": Purpose.REGISTRATION,
    "public.calendar_file": Purpose.REGISTRATION,
    "public.check_in_screen": Purpose.EVENING,
    "public.enrolment": Purpose.ENROLMENT,
    "public.i_am_here": Purpose.REGISTRATION,
    "public.not_me": Purpose.REGISTRATION,
    "public.not_me_at_all": Purpose.ENROLMENT,
    "public.personal_feed": Purpose.FEED,
    "public.alert": Purpose.ALERT,
    "public.poll": Purpose.POLL,
    "public.registration": Purpose.REGISTRATION,
    "questionnaire.answer": Purpose.QUESTIONNAIRE,
}

#: What an endpoint needs after the question mark to show something.
QUERIES: dict[str, str] = {
    "coordinator.colour_sample": "couleur=1c6b62",
    "coordinator.counting_professions": "de=29",
    "coordinator.counting_professions_workbook": "de=29&pour=cpam",
}


@dataclass(frozen=True)
class World:
    """The persons of a world, by role, and examples for the arguments of URLs."""

    organisation: Organisation
    persons: dict[str, Person]
    samples: dict[str, object]


def make_world() -> World:
    """A CPTS with one row of everything, and the coordinator of another CPTS."""
    here = make_organisation(public_id=ONE)
    elsewhere = make_organisation(public_url=ELSEWHERE)
    persons = {
        "professional": make_person(here, public_id=ONE),
        "animator": make_person(here, public_id=OTHER),
        "coordinator": make_person(here),
        "administrator": make_person(here),
        "foreign coordinator": make_person(elsewhere),
    }
    for role in RoleName:
        services.give(persons[role.value], role)
    services.give(persons["foreign coordinator"], RoleName.COORDINATOR)
    programme = make_programme(here, public_id=ONE, questionnaire_slug="cercle_eval")
    group_session = make_group_session(programme, public_id=ONE)
    make_registration(group_session, persons["professional"], public_id=ONE)
    make_enrolment(programme, persons["professional"], public_id=ONE)
    make_group_session(programme, starts_at=NOW - timedelta(days=7))
    tonight = make_group_session(programme, starts_at=NOW)
    with transaction():
        db.session.add(WorkerBeat())
        db.session.add(_message(here))
        db.session.add(
            SessionAnimator(
                public_id=ONE,
                organisation_id=here.id,
                group_session_id=group_session.id,
                person_id=persons["animator"].id,
            )
        )
        db.session.add(_attestation(here, persons["professional"]))
        db.session.add(Word(public_id=ONE, organisation_id=here.id, person_id=persons["professional"].id, text="Merci"))
        _ask(programme, persons["professional"])
        db.session.add_all([_feed(persons["professional"]), _alert(programme, persons["professional"])])
        db.session.add_all([_evening_link(group_session, persons["animator"]), *_registers(here)])
    still_open = services.links_for(here, persons["professional"].email or "")[0].url.rpartition("/")[2]
    tokens = {f"{endpoint}.token": links.token(purpose, ONE) for endpoint, purpose in PERSONAL_LINKS.items()}
    samples = {**SAMPLES, **tokens, "sign_in.link.token": still_open, "cards.fill.token": card_entry.token(tonight)}
    return World(organisation=here, persons=persons, samples=samples)


def _feed(person: Person) -> PersonalFeed:
    link_hash = links.digest_for(Purpose.FEED, ONE)
    return PersonalFeed(public_id=ONE, organisation_id=person.organisation_id, person_id=person.id, link_hash=link_hash)


def _registers(here: Organisation) -> list[Row]:
    """A row of each register."""
    day, of = NOW.date(), {"public_id": ONE, "organisation_id": here.id}
    return [
        HelpRequest(**of, year=day.year, day=day, tool="ICCOPE", asker="CPTS des Trois Rivières"),
        Communication(**of, day=day, is_month_only=False, channel="site", what="page du site"),
        Step(**of, day=day, title="Rencontre"),
    ]


def _evening_link(group_session: GroupSession, animator: Person) -> EveningLink:
    return EveningLink(
        public_id=ONE,
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=animator.id,
        link_hash=links.digest_for(Purpose.EVENING, ONE),
    )


def _poll(programme: Programme, person: Person) -> None:
    """One slot proposed to one person, who has not answered yet."""
    week = timedelta(days=7)
    poll = DatePoll(
        public_id=ONE,
        organisation_id=programme.organisation_id,
        programme_id=programme.id,
        deadline_at=NOW + week,
    )
    poll.slots = [PollSlot(starts_at=NOW + 2 * week, ends_at=NOW + 2 * week + timedelta(hours=2))]
    db.session.add(poll)
    db.session.flush()
    invitation = PollInvitation(
        public_id=ONE,
        organisation_id=poll.organisation_id,
        poll_id=poll.id,
        person_id=person.id,
        link_hash=links.digest_for(Purpose.POLL, ONE),
    )
    db.session.add(invitation)


def _alert(programme: Programme, person: Person) -> DateAlert:
    """Somebody who asked to be told of the next dates."""
    return DateAlert(
        public_id=ONE,
        organisation_id=programme.organisation_id,
        person_id=person.id,
        programme_id=programme.id,
        link_hash=links.digest_for(Purpose.ALERT, ONE),
    )


def _attestation(here: Organisation, person: Person) -> Attestation:
    """A statement of a year with nothing in it: it stands."""
    row = Attestation(public_id=ONE, organisation_id=here.id, person_id=person.id, season=2026, code=CODE)
    row.facts = year_facts(person, [], {}, here)
    return row


def _ask(programme: Programme, person: Person) -> None:
    """A poll; and an empty ballot, with the link that may fill it."""
    _poll(programme, person)
    box = questionnaires.collecting_box(programme, 2026)
    box.public_id = ONE
    link = QuestionnaireLink(public_id=ONE, organisation_id=box.organisation_id, box_id=box.id, person_id=person.id)
    db.session.add(link)
    token_hash = links.digest_for(Purpose.QUESTIONNAIRE, ONE)
    questionnaires.insert_slots(box, SlotKind.PERSONAL, [(token_hash, EMPTY)], questionnaires.sealer_of(box))


def _message(here: Organisation) -> OutboxMessage:
    """A message that waits."""
    return OutboxMessage(
        public_id=ONE,
        organisation_id=here.id,
        kind="effacement_fait",
        to_address="quelquun@example.org",
        to_name="",
        values={"delai_sauvegardes": "35 jours", "exception_emargement": ""},
    )


def url_of(rule: Rule, samples: dict[str, object]) -> str:
    """Return an address of this rule, its arguments taken from the samples.

    Raises:
        AssertionError: an argument has no sample; the line to add is named.
    """
    values = {}
    for name in rule.arguments:
        keys = [key for key in (f"{rule.endpoint}.{name}", name) if key in samples]
        assert keys, f"add to SAMPLES in tests/web/world.py: {rule.endpoint}.{name}"
        values[name] = samples[keys[0]]
    built = rule.build(values)
    assert built, f"{rule.rule} cannot be built from {values}"
    return f"{built[1]}?{QUERIES[rule.endpoint]}" if rule.endpoint in QUERIES else built[1]


def browsers_of(app: Flask, world: World) -> dict[str, FlaskClient]:
    """Return a browser for a visitor, and one signed in for each person of a world."""
    browsers = {"anonymous": app.test_client()}
    for role, person in world.persons.items():
        browsers[role] = app.test_client()
        sign_in(browsers[role], person)
    stolen = browsers["foreign coordinator"].get_cookie("cpts", domain="autre.example.org")
    assert stolen is not None
    browsers["foreign coordinator"].set_cookie("cpts", stolen.value, domain="localhost")  # as if she brought it here
    return browsers
