"""Messages and the journal are filtered in their address."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core import audit
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from tests.factories import make_person
from tests.web.coordination import rows_of
from tests.web.counted_queries import queries_for

MESSAGES, JOURNAL = "/coordination/messages", "/coordination/journal"


def message(person, month=11, name=""):
    with transaction():
        db.session.add(
            OutboxMessage(
                organisation_id=person.organisation_id,
                person_id=person.id,
                kind="mot",
                to_address=person.email,
                to_name=name or person.full_name,
                subject="Un mot",
                status="sent",
                created_at=datetime(2026, month, 1, 12, tzinfo=UTC),
            )
        )


@pytest.fixture
def people(organisation):
    return [
        make_person(organisation, first_name="Élodie", last_name="Bœglin", email="cabinet@example.org"),
        make_person(organisation, first_name="Fatima", last_name="Zidane", email="fatima@example.org"),
    ]


def named(text):
    return [name for name in ("Bœglin", "Zidane") if name in text]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Bœglin", "Zidane"]),
        ("q=boeglin", ["Bœglin"]),
        ("q=cabinet@", ["Bœglin"]),
        ("mois=2026-09", ["Zidane"]),
        ("q=boeglin&mois=2026-09", []),
        ("mois=2019-01&q=%00", ["Bœglin", "Zidane"]),
        ("page=0", ["Bœglin", "Zidane"]),
        ("page=99999999999999999999", ["Bœglin", "Zidane"]),
    ],
)
def test_messages_are_found_by_who_received_them_and_by_month(coordinator, people, asked, found):
    message(people[0])
    message(people[1], month=9)

    assert named(rows_of(coordinator, f"{MESSAGES}?boite=envoyes&{asked}")) == found


def test_the_lists_of_messages_count_what_is_asked_for(coordinator, people):
    message(people[0])
    message(people[1])
    page = coordinator.get(f"{MESSAGES}?boite=envoyes&q=zidane").get_data(as_text=True)

    assert f'href="{MESSAGES}?boite=echecs&amp;q=zidane"' in page
    assert "Envoyés : 1" in page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Bœglin", "Zidane"]),
        ("mois=2026-11", ["Bœglin", "Zidane"]),
        ("mois=2026-10", []),
        ("mois=x&par=x&sur=x&page=x", ["Bœglin", "Zidane"]),
        ("sur=seances", []),
    ],
)
def test_the_journal_is_read_by_month_and_by_who_did_it(coordinator, organisation, people, asked, found):
    with transaction():
        for person in people:
            audit.record(organisation.id, "fiche_creee", actor_id=person.id, person_id=person.id)

    assert named(rows_of(coordinator, f"{JOURNAL}?{asked}")) == found
    assert named(rows_of(coordinator, f"{JOURNAL}?par={people[0].public_id}")) == ["Bœglin"]


@pytest.mark.parametrize("path", [f"{MESSAGES}?boite=envoyes&q=a", f"{JOURNAL}?mois=2026-11"])
def test_a_filtered_list_asks_as_much_of_the_database_for_many_rows(coordinator, organisation, people, path):
    def add(person):
        message(person)
        with transaction():
            audit.record(organisation.id, "fiche_creee", actor_id=person.id, person_id=person.id)

    add(people[0])
    few = queries_for(coordinator, path)
    for person in [people[1], make_person(organisation), make_person(organisation)]:
        add(person)

    assert queries_for(coordinator, path) == few


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("personnes?q=zidane&profession=&parmi=toutes&saison=2026", "personnes?q=zidane&saison=2026"),
        ("seances?vue=mois&mois=2026-11&q=&dispositif=&lieu=", "seances?vue=mois&mois=2026-11"),
        ("messages?boite=envoyes&q=&mois=2026-11", "messages?boite=envoyes&mois=2026-11"),
        ("journal?sur=acces&par=&mois=", "journal?sur=acces"),
    ],
)
def test_what_a_form_sends_of_fields_left_alone_does_not_stay_in_the_address(coordinator, sent, kept):
    assert coordinator.get(f"/coordination/{sent}").location == f"/coordination/{kept}"
