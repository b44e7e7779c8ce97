"""The coordination plans, changes, cancels and reinstates sessions in her pages."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from cpts_sessions.core.clock import PARIS, local
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations.models import Registration
from tests.browsing import sign_in
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.page import words
from tests.registrations.outbox import written
from tests.web.counted_queries import queries_for
from tests.web.forms_read import fields_of, send, send_fields

LIST = "/coordination/seances"


@pytest.fixture
def organisation(app, clock):
    return make_organisation()


@pytest.fixture
def programme(organisation):
    return make_programme(organisation, capacity=10)


@pytest.fixture
def coordinator(browser, organisation) -> FlaskClient:
    sign_in(browser, make_coordinator(organisation))
    return browser


def page_of(one: GroupSession, act: str = "") -> str:
    return f"{LIST}/{one.public_id}{'/' + act if act else ''}"


def sessions() -> list[GroupSession]:
    return db.session.query(GroupSession).order_by(GroupSession.starts_at).populate_existing().all()


def text_of(browser: FlaskClient, path: str) -> str:
    return words(browser.get(path).get_data(as_text=True))


def after(browser: FlaskClient, response) -> str:
    assert response.status_code == 303, words(response.get_data(as_text=True))
    return text_of(browser, response.location)


def told() -> list[tuple[str, str]]:
    """Messages about sessions; those of sign-ins are left out."""
    return [one for one in written() if not one[0].startswith("connexion")]


# one session


def test_a_session_is_planned_as_a_draft_that_the_agenda_does_not_show(coordinator, programme):
    response = send(
        coordinator, f"{LIST}/nouvelle", holding="jour", jour="2026-12-08", debut="20:00", remarque="Parking au fond"
    )

    shown = after(coordinator, response)
    (one,) = sessions()
    assert "Séance créée. Elle est en préparation" in shown
    assert (one.status, local(one.starts_at), local(one.ends_at).hour, one.capacity, one.remark) == (
        "draft",
        datetime(2026, 12, 8, 20, tzinfo=PARIS),
        22,
        10,
        "Parking au fond",
    )
    assert coordinator.get(f"/seances/{one.public_id}").status_code == 404


def test_the_form_opens_with_the_settings_of_the_programme_asked_for(coordinator, organisation, programme):
    circles = make_circles(organisation, capacity=8, minimum=3, place_name="Chapelle")

    page = coordinator.get(f"{LIST}/nouvelle?dispositif={circles.public_id}").get_data(as_text=True)

    fields = fields_of(page, "jour")
    assert [fields[name] for name in ("dispositif", "places", "minimum", "lieu")] == [
        [str(circles.public_id)],
        ["8"],
        ["3"],
        ["Chapelle"],
    ]


def test_opening_a_draft_puts_it_in_the_agenda_and_registers_those_who_follow_the_season(
    coordinator, organisation, programme
):
    follower = make_person(organisation)
    make_enrolment(programme, follower)
    one = make_group_session(programme, status="draft")

    response = send(coordinator, page_of(one), holding="csrf_token", to=page_of(one, "ouvrir"))

    assert "La séance est dans l'agenda." in after(coordinator, response)
    (registration,) = db.session.query(Registration).all()
    assert (registration.person_id, registration.status) == (follower.id, "confirmed")
    assert coordinator.get(f"/seances/{one.public_id}").status_code == 200


def test_a_past_date_is_refused_until_it_is_said_to_be_entered_after_the_fact(coordinator, programme):
    given = {"jour": "2026-10-06", "debut": "20:00"}

    refused = send(coordinator, f"{LIST}/nouvelle", holding="jour", **given)
    accepted = send(coordinator, f"{LIST}/nouvelle", holding="jour", devenir="held", **given)

    assert refused.status_code == 422
    assert "cochez « saisie après coup » : personne ne sera prévenu" in words(refused.get_data(as_text=True))
    assert "Enregistré." in after(coordinator, accepted)
    assert [one.status for one in sessions()] == ["held"]
    assert told() == []


def test_an_end_before_the_start_is_refused_and_what_was_typed_stays(coordinator, programme):
    response = send(
        coordinator, f"{LIST}/nouvelle", holding="jour", jour="2026-12-08", debut="20:00", fin="19:00", lieu="Ailleurs"
    )

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "La fin (19 h) précède le début (20 h)." in words(page)
    assert fields_of(page, "jour")["lieu"] == ["Ailleurs"]
    assert sessions() == []


def test_an_empty_form_says_each_field_to_correct(coordinator, programme):
    response = send(coordinator, f"{LIST}/nouvelle", holding="jour", places="", debut="")

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "3 champs sont à corriger. Le reste est gardé." in words(page)
    assert "<title>Erreur : Planifier une séance" in page.replace("\u00a0", " ")


def test_a_copy_opens_with_everything_but_the_day_and_creates_another_session(coordinator, organisation, programme):
    model = make_group_session(programme, capacity=7, remark="Parking")
    path = f"{LIST}/nouvelle?comme={model.public_id}"

    fields = fields_of(coordinator.get(path).get_data(as_text=True), "jour")
    response = send_fields(coordinator, path, {**fields, "jour": "2026-12-08"})

    assert (fields["jour"], fields["debut"], fields["places"]) == ([""], ["20:00"], ["7"])
    assert response.status_code == 303
    assert [(one.capacity, one.remark) for one in sessions()] == [(7, "Parking"), (7, "Parking")]


def test_a_draft_is_removed_after_a_question_and_an_announced_session_is_not(coordinator, programme):
    draft, announced = make_group_session(programme, status="draft"), make_group_session(programme)

    response = send(coordinator, page_of(draft, "supprimer"), holding="csrf_token")
    assert "Séance en préparation supprimée." in after(coordinator, response)
    assert "elle s'annule" in after(coordinator, coordinator.get(page_of(announced, "supprimer")))

    assert sessions() == [announced]


# a session that stands


def test_moving_is_first_shown_with_whom_it_tells_then_done(coordinator, organisation, programme):
    one = make_group_session(programme)
    reachable, silent = make_person(organisation), make_person(organisation, email=None, last_name="Klein")
    for person in (reachable, silent):
        make_registration(one, person)

    question = send(coordinator, page_of(one, "modifier"), holding="jour", jour="2026-11-19")
    page = question.get_data(as_text=True)
    assert question.status_code == 200
    assert "Déplacer la séance au jeudi 19 novembre à 20 h ?" in words(page)
    assert "2 personnes recevront la nouvelle date" in words(page)
    assert "Klein sans e-mail : à appeler" in words(page)
    assert (sessions()[0].starts_at, told()) == (STARTS_AT, [])

    fields = {**fields_of(page, "mot"), "etape": "confirmer", "mot": "Avec nos excuses."}
    answer = send_fields(coordinator, page_of(one, "modifier"), fields)

    assert "Séance déplacée. 1 message part." in after(coordinator, answer)
    assert sessions()[0].starts_at == STARTS_AT + timedelta(days=3)
    assert told() == [("seance_deplacee", reachable.email)]


def test_a_change_that_tells_nobody_is_saved_at_once(coordinator, programme):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "modifier"), holding="jour", jour="2026-11-19")

    assert "Séance déplacée. Personne n'était à prévenir." in after(coordinator, response)
    assert sessions()[0].moved_at is not None


def test_two_coordinators_at_once_the_second_sees_what_is_stored_and_keeps_her_version(coordinator, programme):
    one = make_group_session(programme)
    mine = fields_of(coordinator.get(page_of(one, "modifier")).get_data(as_text=True), "jour")
    theirs = {**mine, "places": "9"}
    assert send_fields(coordinator, page_of(one, "modifier"), theirs).status_code == 303

    late = send_fields(coordinator, page_of(one, "modifier"), {**mine, "remarque": "La mienne"})
    page = late.get_data(as_text=True)

    assert late.status_code == 422
    assert "Votre version est gardée ci-dessous : comparez, puis enregistrez." in words(page)
    assert "Ce qui est enregistré maintenant :" in words(page)
    assert "9 places" in words(page)
    assert fields_of(page, "jour")["remarque"] == ["La mienne"]
    assert sessions()[0].remark == ""
    again = send_fields(coordinator, page_of(one, "modifier"), fields_of(page, "jour"))
    assert again.status_code == 303
    assert sessions()[0].remark == "La mienne"


def test_more_places_are_offered_to_the_waiting_list(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=1)
    make_registration(one, make_person(organisation))
    waiting = make_registration(one, make_person(organisation), "waiting")

    response = send(coordinator, page_of(one), holding="places", to=page_of(one, "places"), places="2")

    assert "Capacité relevée : 1 place est proposée à la liste d'attente." in after(coordinator, response)
    db.session.refresh(waiting)
    assert waiting.status == "offered"


def test_fewer_places_than_are_taken_are_refused_beside_the_field(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=3)
    for _ in range(2):
        make_registration(one, make_person(organisation))

    response = send(coordinator, page_of(one), holding="places", to=page_of(one, "places"), places="1")

    assert response.status_code == 422
    assert "Places prises ou gardées : 2. La capacité ne peut pas descendre à 1." in words(
        response.get_data(as_text=True)
    )
    assert sessions()[0].capacity == 3


def test_a_held_session_is_corrected_without_a_message(coordinator, organisation, programme):
    one = make_group_session(programme, status="held", starts_at=STARTS_AT - timedelta(days=30))
    make_registration(one, make_person(organisation))

    response = send(coordinator, page_of(one, "modifier"), holding="jour", debut="19:30", fin="21:30")

    assert "Enregistré." in after(coordinator, response)
    assert told() == []


def test_giving_a_session_to_somebody_new_makes_her_an_animator_and_tells_her(coordinator, programme):
    one = make_group_session(programme)

    response = send(
        coordinator,
        page_of(one, "animation"),
        holding="nom",
        prenom="Olivier",
        nom="Chastel",
        email="olivier@example.org",
        civilite="M.",
    )

    assert "Animation enregistrée." in after(coordinator, response)
    assert told() == [("animation_confiee", "olivier@example.org")]
    assert "Olivier Chastel" in text_of(coordinator, page_of(one, "animation"))


def test_a_holiday_and_an_animator_in_two_places_at_once_are_pointed_out_and_saved(
    coordinator, organisation, programme
):
    holiday = {"jour": "2026-11-11", "debut": "20:00"}
    assert "Le mercredi 11 novembre est férié. Enregistré quand même." in after(
        coordinator, send(coordinator, f"{LIST}/nouvelle", holding="jour", **holiday)
    )
    one, other = make_group_session(programme), make_group_session(programme, starts_at=STARTS_AT + timedelta(hours=1))
    given = {"prenom": "Olivier", "nom": "Chastel", "email": "olivier@example.org"}
    send(coordinator, page_of(one, "animation"), holding="nom", **given)

    response = send(coordinator, page_of(other, "animation"), holding="nom", **given)

    assert "Olivier Chastel : déjà une séance ce jour-là de 20 h à 22 h (GAPP)." in after(coordinator, response)


def test_half_a_name_for_the_animation_is_refused(coordinator, programme):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "animation"), holding="nom", prenom="Olivier")

    assert response.status_code == 422
    assert "Indiquez le prénom et le nom de cette personne." in words(response.get_data(as_text=True))


# cancelling


def test_cancelling_names_whom_it_tells_writes_to_each_with_the_reason_and_can_be_undone(
    coordinator, organisation, programme
):
    one = make_group_session(programme)
    seated = make_registration(one, make_person(organisation, last_name="Kieffer"))
    question = text_of(coordinator, page_of(one, "annuler"))
    assert "Annuler la séance du lundi 16 novembre ?" in question
    assert "1 personne recevra un message avec ce motif." in question
    assert "Claire Kieffer" in question

    response = send(coordinator, page_of(one, "annuler"), holding="motif", motif="lieu indisponible")

    assert "Séance annulée. 1 message part." in after(coordinator, response)
    assert (sessions()[0].status, sessions()[0].cancel_reason) == ("cancelled", "lieu indisponible")

    undone = send(coordinator, page_of(one), holding="csrf_token", to=page_of(one, "retablir"))
    assert "Séance rétablie. 1 message part." in after(coordinator, undone)
    db.session.refresh(seated)
    assert seated.status == "confirmed"
    assert [kind for kind, _ in told()] == ["seance_annulee", "seance_retablie"]


@pytest.mark.parametrize("given", [{}, {"motif": "autre"}, {"motif": "autre", "autre": "  "}])
def test_no_session_is_cancelled_without_a_reason(coordinator, programme, given):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "annuler"), holding="motif", **given)

    assert response.status_code == 422
    assert "Indiquez le motif : chacun le lira." in words(response.get_data(as_text=True))
    assert sessions()[0].status == "open"


def test_cancelling_on_the_day_leads_to_those_to_call_without_e_mail_first(coordinator, organisation, programme, clock):
    one = make_group_session(programme)
    late = make_person(organisation, first_name="Anne", last_name="Adam", phone="06 11 22 33 44")
    silent = make_person(organisation, first_name="Zoé", last_name="Zimmer", email=None)
    make_registration(one, late)
    make_registration(one, silent, phone="06 55 66 77 88")
    clock.move_to(STARTS_AT - timedelta(hours=5))
    sign_in(coordinator, make_coordinator(organisation))

    response = send(coordinator, page_of(one, "annuler"), holding="motif", motif="autre", autre="fuite d’eau.")
    shown = after(coordinator, response)

    assert response.location == page_of(one, "appels")
    assert "Séance annulée, pour aujourd'hui : appelez les personnes de la liste." in shown
    assert "2 appels à faire" in shown
    assert shown.index("Zoé Zimmer") < shown.index("Anne Adam")
    assert "06 55 66 77 88" in shown
    registration = db.session.query(Registration).filter_by(person_id=silent.id).one()
    done = send(
        coordinator,
        page_of(one, "appels"),
        holding="csrf_token",
        to=f"/coordination/inscriptions/{registration.public_id}/appel",
    )
    assert "1 appel à faire" in after(coordinator, done)
    assert "1 personne à appeler" in text_of(coordinator, "/coordination/")


# a series


def series_fields(coordinator: FlaskClient, **changes) -> dict:
    page = coordinator.get(f"{LIST}/serie").get_data(as_text=True)
    return {**fields_of(page, "liste"), **changes}


def test_every_other_tuesday_is_shown_date_by_date_then_created_as_drafts(coordinator, programme):
    given = series_fields(coordinator, jour_semaine="1", semaines="2", premier="2026-11-02", dernier="2026-12-20")

    preview = send_fields(coordinator, f"{LIST}/serie", given)
    page = preview.get_data(as_text=True)
    assert (preview.status_code, sessions()) == (200, [])
    assert "4 séances seront créées, du 3 novembre 2026 au 15 décembre 2026" in words(page)
    fields = fields_of(page, "dates")
    assert fields["dates"] == ["2026-11-03", "2026-11-17", "2026-12-01", "2026-12-15"]

    created = send_fields(coordinator, f"{LIST}/serie", {**fields, "dates": fields["dates"][:3], "etape": "creer"})

    assert "3 séances créées." in after(coordinator, created)
    assert [(local(one.starts_at).strftime("%d/%m %H:%M"), one.status) for one in sessions()] == [
        ("03/11 20:00", "draft"),
        ("17/11 20:00", "draft"),
        ("01/12 20:00", "draft"),
    ]


def test_holidays_past_days_and_days_already_taken_are_flagged_and_not_ticked(coordinator, programme):
    make_group_session(programme)
    text = "11/11/2026\n16/11/2026\n17/11/2026\n06/10/2026"

    preview = send_fields(coordinator, f"{LIST}/serie", series_fields(coordinator, comment="liste", liste=text))
    page = preview.get_data(as_text=True)

    assert fields_of(page, "dates")["dates"] == ["2026-11-17"]
    assert "mercredi 11 novembre 2026 : Jour férié : le 11 novembre." in words(page)
    assert "lundi 16 novembre 2026 : Déjà ce jour-là : GAPP, de 20 h à 22 h." in words(page)
    assert "mardi 6 octobre 2026 : Cette date est passée." in words(page)


def test_a_series_opened_at_once_gives_its_dates_to_those_who_follow_the_season(coordinator, organisation, programme):
    follower = make_person(organisation)
    make_enrolment(programme, follower)
    given = series_fields(coordinator, comment="liste", liste="17/11/2026, 01/12/2026")
    fields = fields_of(send_fields(coordinator, f"{LIST}/serie", given).get_data(as_text=True), "dates")

    created = send_fields(coordinator, f"{LIST}/serie", {**fields, "devenir": "open", "etape": "creer"})

    assert created.status_code == 303
    assert [one.status for one in sessions()] == ["open", "open"]
    kinds = [kind for kind, address in told() if address == follower.email]
    assert kinds == ["dates_ajoutees", "inscription_confirmee", "inscription_confirmee"]


def test_a_series_without_any_date_kept_creates_nothing(coordinator, programme):
    given = series_fields(coordinator, comment="liste", liste="17/11/2026")
    fields = fields_of(send_fields(coordinator, f"{LIST}/serie", given).get_data(as_text=True), "dates")
    del fields["dates"]

    refused = send_fields(coordinator, f"{LIST}/serie", {**fields, "etape": "creer"})

    assert (refused.status_code, sessions()) == (422, [])
    assert "Gardez au moins une date." in words(refused.get_data(as_text=True))


def test_a_date_that_is_not_understood_is_quoted_beside_the_list(coordinator, programme):
    refused = send_fields(
        coordinator, f"{LIST}/serie", series_fields(coordinator, comment="liste", liste="17/11/2026\n32/11/2026")
    )

    assert refused.status_code == 422
    assert "Date non comprise : « 32/11/2026 »" in words(refused.get_data(as_text=True))


# programmes


def test_a_programme_starts_from_a_model_and_is_edited(coordinator, organisation):
    path = "/coordination/dispositifs/nouveau?modele=cercle-de-paroles"
    created = send(coordinator, path, holding="nom", places="9")
    assert "Dispositif créé." in after(coordinator, created)
    programme = db.session.query(Programme).one()
    assert (programme.slug, programme.is_confidential, programme.audience, programme.capacity) == (
        "cercle-de-paroles",
        True,
        "members",
        9,
    )
    page = f"/coordination/dispositifs/{programme.public_id}"

    assert "Rien à enregistrer" in after(coordinator, send(coordinator, page, holding="nom"))
    assert "Enregistré." in after(coordinator, send(coordinator, page, holding="nom", minimum="5"))
    db.session.refresh(programme)
    assert (programme.minimum, len(programme.charter.splitlines())) == (5, 10)


def test_a_programme_is_put_away_and_taken_up_again(coordinator, programme):
    page = f"/coordination/dispositifs/{programme.public_id}"

    away = send(coordinator, "/coordination/dispositifs", holding="csrf_token", to=f"{page}/ranger")
    assert "Dispositif rangé." in after(coordinator, away)
    again = send(coordinator, "/coordination/dispositifs", holding="csrf_token", to=f"{page}/reprendre")

    assert "Dispositif repris." in after(coordinator, again)


# lists


def test_the_list_is_filtered_by_its_address_alone(coordinator, organisation, programme):
    circles = make_circles(organisation)
    make_group_session(programme, place_name="Ici")
    make_group_session(programme, place_name="Brouillonnerie", status="draft")
    make_group_session(circles, place_name="Chapelle")
    make_group_session(programme, place_name="Autrefois", starts_at=STARTS_AT - timedelta(days=365), status="held")

    def places(query: str) -> list[str]:
        shown = text_of(coordinator, f"{LIST}?{query}")
        return [name for name in ("Ici", "Brouillonnerie", "Chapelle", "Autrefois") if name in shown]

    assert places("") == ["Ici", "Brouillonnerie", "Chapelle"]
    assert places("annee=2025") == ["Autrefois"]
    assert places("etat=brouillons") == ["Brouillonnerie"]
    assert places(f"dispositif={circles.public_id}") == ["Chapelle"]
    assert places("etat=annulees") == []
    assert places("annee=1999&etat=rien&dispositif=x") == ["Ici", "Brouillonnerie", "Chapelle"]


def test_the_words_of_the_list_are_computed(coordinator, organisation, programme):
    full = make_group_session(programme, capacity=1)
    make_registration(full, make_person(organisation))
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=20))
    make_group_session(programme, closes_at=STARTS_AT - timedelta(days=20))

    shown = text_of(coordinator, LIST)

    assert [word for word in ("Complète", "À clore", "Inscriptions closes") if word not in shown] == []


def test_the_desk_has_a_good_day_or_says_what_waits(coordinator, organisation, programme):
    assert "Rien n'attend votre décision. Bonne journée." in text_of(coordinator, "/coordination/")
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=12), minimum=2)
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=20))
    asked = make_group_session(make_circles(organisation))
    make_registration(asked, make_person(organisation), "requested")

    shown = text_of(coordinator, "/coordination/")

    assert "3 décisions vous attendent" in shown
    assert "0 place prise pour un minimum de 2. Maintenir ou annuler ?" in shown
    assert "À clore" in shown
    assert "1 demande attend votre accord" in shown


@pytest.mark.parametrize("path", ["/coordination/", LIST, "/coordination/dispositifs", "/coordination/demandes"])
def test_a_list_asks_as_much_of_the_database_for_three_rows_as_for_one(coordinator, organisation, programme, path):
    programmes = [programme, make_circles(organisation)]

    def add(number: int) -> None:
        for _ in range(number):
            for one in programmes:
                session = make_group_session(one)
                make_group_session(one, starts_at=STARTS_AT - timedelta(days=13), minimum=5)
                make_registration(session, make_person(organisation), "requested")
                make_registration(session, make_person(organisation))

    add(1)
    few = queries_for(coordinator, path)
    add(2)

    assert queries_for(coordinator, path) == few


def test_the_page_of_a_session_asks_as_much_for_three_persons_as_for_one(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=9)
    statuses = ("confirmed", "waiting", "requested", "cancelled")

    def add(number: int) -> None:
        for _ in range(number):
            for status in statuses:
                make_registration(one, make_person(organisation), status)

    add(1)
    few = queries_for(coordinator, page_of(one))
    add(2)

    assert queries_for(coordinator, page_of(one)) == few


def test_the_rows_of_another_cpts_are_not_found(coordinator, app):
    elsewhere = make_programme(make_organisation(public_url="http://autre.example.org"))
    one = make_group_session(elsewhere)

    answers = {
        coordinator.get(path).status_code
        for path in (
            page_of(one),
            page_of(one, "modifier"),
            page_of(one, "annuler"),
            page_of(one, "inscrire"),
            f"/coordination/dispositifs/{elsewhere.public_id}",
        )
    }

    assert answers == {404}


def test_the_snapshot_of_a_registration_is_shown_beside_her_record(coordinator, organisation, programme):
    one = make_group_session(programme)
    person: Person = make_person(organisation, first_name="Élodie", last_name="Roth")
    registration = make_registration(one, person)
    with transaction():
        registration.last_name, registration.profession_slug = "Roth-Meyer", "medecin-generaliste"

    shown = text_of(coordinator, page_of(one))

    assert "Nom donné au moment de l'inscription : Élodie Roth-Meyer." in shown
    assert "médecin généraliste" in shown
    assert "Sa fiche dit : sage-femme." in shown
