"""The page where the coordination holds a session under its minimum, or cancels it, each in one button."""

from datetime import timedelta

import pytest

from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import minimum
from tests.factories import (
    STARTS_AT,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.web.coordination import LIST, after, page_of, sessions, stored, text_of, told
from tests.web.forms_read import fields_of, send, send_fields

NEAR = STARTS_AT - timedelta(days=12)  # Wednesday 4 November 2026, two days from the clock of the tests
QUESTION = "0 place prise pour un minimum de 2. Maintenir ou annuler ?"


@pytest.fixture
def one(programme):
    """A session under its minimum."""
    return make_group_session(programme, starts_at=NEAR, minimum=2)


def test_one_button_holds_it_and_the_desk_stops_asking(coordinator, one):
    assert QUESTION in text_of(coordinator, "/coordination/")

    shown = after(
        coordinator, send(coordinator, page_of(one, "minimum"), holding="csrf_token", to=page_of(one, "maintenir"))
    )

    assert "Séance maintenue. Aucun message ne part." in shown
    assert "Séance maintenue. 0 place prise pour un minimum de 2 : elle a lieu." in shown
    assert QUESTION not in text_of(coordinator, "/coordination/")
    assert "Maintenue" in text_of(coordinator, f"{LIST}?etat=a-venir")
    assert "cette séance est maintenue : elle a lieu" in text_of(coordinator, page_of(one, "minimum"))
    assert "a maintenu la séance sous son minimum" in text_of(coordinator, "/coordination/journal?sujet=seances")
    assert (told(), sessions()[0].status) == ([], "open")


def test_one_button_cancels_it_and_tells_everybody_why(coordinator, organisation, one):
    reachable = make_person(organisation)
    make_registration(one, reachable)
    page = coordinator.get(page_of(one, "minimum")).get_data(as_text=True)
    assert "1 personne reçoit un message." in text_of(coordinator, page_of(one, "minimum"))
    fields = fields_of(page, "motif")
    assert fields["motif"] == ["effectif insuffisant"]

    shown = after(coordinator, send_fields(coordinator, page_of(one, "annuler"), fields))

    assert "Séance annulée. 1 message part." in shown
    assert (sessions()[0].status, sessions()[0].cancel_reason) == ("cancelled", "effectif insuffisant")
    assert told() == [("seance_annulee", reachable.email)]
    assert "Cette séance est annulée." in text_of(coordinator, page_of(one, "minimum"))


def test_the_message_to_the_coordination_leads_there(coordinator, organisation, one):
    minimum.run()

    (message,) = [row for row in stored(OutboxMessage) if row.kind == "sous_le_minimum"]

    assert message.values["lien_decider"] == f"{organisation.public_url}{page_of(one, 'minimum')}"
    assert "Maintenir ou annuler ?" in text_of(coordinator, page_of(one, "minimum"))


def test_a_look_decides_nothing(coordinator, one):
    for path in (page_of(one, "minimum"), page_of(one, "annuler")):
        coordinator.get(path)

    assert coordinator.get(page_of(one, "maintenir")).status_code == 405
    assert (sessions()[0].status, QUESTION in text_of(coordinator, "/coordination/")) == ("open", True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum": 0}, "0 place prise pour un minimum de 0 : la question ne se pose pas"),
        ({"starts_at": STARTS_AT}, "Elle se pose trois jours avant."),
        ({"starts_at": NEAR - timedelta(days=10)}, "La question se pose trois jours avant une séance annoncée"),
        ({"status": "draft"}, "La question se pose trois jours avant une séance annoncée"),
    ],
)
def test_where_there_is_nothing_to_decide_it_says_so(coordinator, programme, changes, sentence):
    one = make_group_session(programme, **{"starts_at": NEAR, "minimum": 2, **changes})

    shown = text_of(coordinator, page_of(one, "minimum"))

    assert ("Rien n'est à décider" in shown, sentence in shown, "Annuler et prévenir" in shown) == (True, True, False)


def test_holding_what_reached_its_minimum_meanwhile_changes_nothing_and_says_so(coordinator, organisation, one):
    fields = fields_of(coordinator.get(page_of(one, "minimum")).get_data(as_text=True), "motif")
    for _ in range(2):
        make_registration(one, make_person(organisation))

    shown = after(coordinator, send_fields(coordinator, page_of(one, "maintenir"), fields))

    assert "Rien n'a changé : cette séance n'est pas sous son minimum." in shown


def test_another_organisation_finds_no_such_page(coordinator):
    elsewhere = make_group_session(
        make_programme(make_organisation(public_url="http://ailleurs.example")), starts_at=NEAR
    )

    assert coordinator.get(page_of(elsewhere, "minimum")).status_code == 404


def test_a_programme_says_which_reminders_it_sends(coordinator, programme):
    page = f"/coordination/dispositifs/{programme.public_id}"
    fields = fields_of(coordinator.get(page).get_data(as_text=True), "nom")
    assert (fields["rappel_semaine"], fields["rappel_veille"]) == (["y"], ["y"])
    fields.pop("rappel_semaine")

    after(coordinator, send_fields(coordinator, page, fields))

    (kept,) = stored(type(programme))
    assert (kept.reminds_week_before, kept.reminds_day_before) == (False, True)
