"""The coordination notes who came, closes a session, and opens it again."""

from datetime import timedelta

import pytest

from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import (
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.page import words
from tests.registrations.outbox import kinds
from tests.web.coordination import after, page_of, sessions, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

LAST_EVENING = NOW - timedelta(hours=14)


@pytest.fixture
def one(programme) -> GroupSession:
    """A session of last evening, two places."""
    return make_group_session(programme, starts_at=LAST_EVENING)


def somebody(organisation, one, **changes) -> Registration:
    return make_registration(one, make_person(organisation, **changes))


def choice(registration: Registration) -> str:
    """The name of the choice of one person."""
    return f"presence_{registration.public_id.hex}"


def press(coordinator, one: GroupSession, to: str, page: str = "") -> str:
    """Press a button of one act, and read the page it leads to."""
    return after(coordinator, send(coordinator, page_of(one, page), holding="csrf_token", to=page_of(one, to)))


def test_an_evening_from_the_desk_to_the_closed_session(coordinator, organisation, programme, one):
    nadia = somebody(organisation, one, first_name="Nadia", last_name="Ferhat")
    yann = somebody(organisation, one, first_name="Yann", last_name="Le Goff")
    page = page_of(one, "presences")
    assert f'href="{page}"' in coordinator.get("/coordination/").get_data(as_text=True)

    saved = send(coordinator, page, holding="csrf_token", **{choice(nadia): "present", "suite": "clore"})
    closing = after(coordinator, saved)
    assert "Présences : 1. Absences excusées : 0. Absences : 0." in closing
    assert "1 personne n'est pas notée." in closing
    noted = press(coordinator, one, "presences/sans-reponse", page="clore")
    assert "Présences : 1. Absences excusées : 0. Absences : 1." in noted
    closed = press(coordinator, one, "clore", page="clore")

    assert "Séance close : 1 présence." in closed
    assert "Nadia Ferhat Présence" in closed
    assert "Yann Le Goff Absence" in closed
    assert "Rien n'attend votre décision." in text_of(coordinator, "/coordination/")
    assert (sessions()[0].status, kinds(of=nadia.person), kinds(of=yann.person)) == ("held", [], [])
    reopened = after(coordinator, send(coordinator, page_of(one, "rouvrir"), holding="raison", raison="corriger"))
    assert "Séance rouverte." in reopened
    journal = text_of(coordinator, "/coordination/journal")
    assert "Sophie Lambert a noté des présences ou absences (1) : GAPP, dimanche 1er novembre 2026" in journal
    assert "Sophie Lambert a clos la séance : GAPP, dimanche 1er novembre 2026" in journal
    why = "(une présence ou une absence est à corriger)"
    assert f"Sophie Lambert a rouvert la séance : GAPP, dimanche 1er novembre 2026 {why}" in journal


def test_what_is_chosen_is_saved_on_the_way_to_adding_somebody(coordinator, organisation, programme, one):
    nadia = somebody(organisation, one)

    to_add = send(
        coordinator,
        page_of(one, "presences"),
        holding="csrf_token",
        **{choice(nadia): "excused", "suite": "ajouter"},
    )
    assert to_add.location == page_of(one, "presences/sur-place")
    added = send(
        coordinator,
        page_of(one, "presences/sur-place"),
        holding="nom",
        prenom="Jean",
        nom="Klein",
        profession="sage-femme",
    )

    shown = after(coordinator, added)
    assert "Ajout fait : la présence de Jean Klein est notée." in shown
    assert "1 présence notée sur 2." in shown
    assert "Jean Klein sage-femme · sans inscription" in shown
    assert sorted(row.status for row in stored(Registration)) == ["confirmed", "walk_in"]


def test_whoever_came_without_a_profession_is_asked_for_it(coordinator, organisation, programme, one):
    response = send(coordinator, page_of(one, "presences/sur-place"), holding="nom", prenom="Jean", nom="Klein")

    assert response.status_code == 422
    assert "La profession est nécessaire : c'est elle que compte le rapport." in words(response.get_data(as_text=True))
    assert stored(Registration).count() == 0


def test_a_choice_that_is_not_offered_is_refused(coordinator, organisation, programme, one):
    nadia = somebody(organisation, one)

    response = send(coordinator, page_of(one, "presences"), holding="csrf_token", **{choice(nadia): "late"})

    assert response.status_code == 422


def test_a_session_to_which_nobody_came_is_put_among_the_cancelled(coordinator, organisation, programme, one):
    assert f'action="{page_of(one, "clore")}"' not in coordinator.get(page_of(one, "clore")).get_data(as_text=True)

    shown = press(coordinator, one, "personne-n-est-venu", page="clore")

    assert "Séance rangée parmi les annulées : « Personne n'est venu »." in shown
    assert "Motif : Personne n'est venu." in shown
    assert "Personnes à appeler" not in shown
    assert "Rouvrir la séance" in shown


def test_a_past_session_is_no_longer_offered_to_be_cancelled(coordinator, programme, one):
    to_come = make_group_session(programme)

    offered = ["Annuler la séance" in text_of(coordinator, page_of(session)) for session in (one, to_come)]

    assert offered == [False, True]


def test_before_it_begins_or_once_it_is_closed_its_pages_lead_back_to_the_session(coordinator, programme):
    to_come, closed = (
        make_group_session(programme),
        make_group_session(programme, starts_at=LAST_EVENING, status="held"),
    )

    for session in (to_come, closed):
        for page in ("presences", "presences/sur-place", "clore"):
            response = coordinator.get(page_of(session, page))
            assert response.location == page_of(session)
            assert "Les présences se notent quand la séance a commencé et n'est pas close." in after(
                coordinator, response
            )


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("clore", "La séance commence à 20 h : elle se clôt ensuite."),
        ("presences/sans-reponse", "Les présences se notent à partir du début, le lundi 16 novembre à 20 h."),
        ("personne-n-est-venu", "La séance commence à 20 h : elle se clôt ensuite."),
    ],
)
def test_an_act_that_comes_too_early_is_refused_in_a_sentence(coordinator, programme, act, sentence):
    to_come = make_group_session(programme)

    assert sentence in press(coordinator, to_come, act)
    assert sessions()[0].status == "open"


def test_the_session_of_another_cpts_is_not_found(coordinator, app):
    elsewhere = make_programme(make_organisation(public_url="http://autre.example.org"))
    one = make_group_session(elsewhere, starts_at=LAST_EVENING)

    read = [coordinator.get(page_of(one, page)).status_code for page in ("presences", "presences/sur-place", "clore")]
    acts = ("presences", "presences/sans-reponse", "clore", "personne-n-est-venu", "rouvrir")
    written = [
        send(coordinator, "/coordination/dispositifs/nouveau", holding="csrf_token", to=page_of(one, act)).status_code
        for act in acts
    ]

    assert (set(read), set(written), sessions()[0].status) == ({404}, {404}, "open")


@pytest.mark.parametrize("page", ["presences", "clore", ""])
def test_its_pages_ask_as_much_of_the_database_for_three_persons_as_for_one(coordinator, organisation, programme, page):
    one = make_group_session(programme, starts_at=LAST_EVENING, capacity=9)
    somebody(organisation, one)
    few = queries_for(coordinator, page_of(one, page))
    somebody(organisation, one)
    somebody(organisation, one)

    assert queries_for(coordinator, page_of(one, page)) == few
