"""Date polls on screen: proposed by the coordination, answered by link, turned into sessions."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.polls import services
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation
from cpts_sessions.polls.queries import Circle
from cpts_sessions.programmes.models import GroupSession, Programme
from tests.browsing import page_words, sign_in, submit
from tests.conftest import Browser
from tests.factories import make_circles, make_coordinator, make_organisation, make_person
from tests.web.counted_queries import queries_for
from tests.web.forms_read import fields_of

TUESDAY = datetime(2027, 1, 12, 19, 0, tzinfo=UTC)
SATURDAY = datetime(2027, 1, 16, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 12, 19, 0, tzinfo=UTC)
TYPED = {
    "liste": "12/01/2027\r\nsamedi 16 janvier 2027 à 10 h",
    "debut": "20:00",
    "fin": "",
    "jusqu_au": "2026-11-12",
    "heure_limite": "20:00",
    "qui": [Circle.MEMBERS.value],
}


@pytest.fixture
def cpts(app, clock) -> Organisation:
    organisation = make_organisation()
    make_circles(organisation, minimum=1, capacity=1)
    for name, profession in (("Ana", "sage-femme"), ("Bea", "sage-femme"), ("Cora", "medecin-generaliste")):
        make_person(
            organisation,
            first_name=name,
            last_name="Vautrin",
            email=f"{name.lower()}@example.org",
            is_member=True,
            profession_slug=profession,
        )
    return organisation


@pytest.fixture
def eva(cpts) -> Person:
    return make_coordinator(cpts, email="eva@example.org")


@pytest.fixture
def desk(cpts, eva, browser) -> Browser:
    sign_in(browser, eva)
    return browser


@pytest.fixture
def poll(cpts, eva) -> DatePoll:
    plan = services.PollPlan(slots=[(TUESDAY, None), (SATURDAY, None)], deadline_at=DEADLINE, circles=[Circle.MEMBERS])
    return services.send(only_programme().id, plan, actor_id=eva.id)


def only_programme() -> Programme:
    return db.session.query(Programme).one()


def link_of(first_name: str) -> str:
    invitation = db.session.query(PollInvitation).join(Person).filter(Person.first_name == first_name).one()
    return f"/sondage/{links.token(Purpose.POLL, invitation.public_id)}"


def said() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.query(PollAnswer).order_by(PollAnswer.slot_id, PollAnswer.id)
    return [(one.person.first_name, one.reply) for one in rows]


def fields(poll: DatePoll, *replies: str) -> dict[str, str]:
    return {f"creneau_{slot.id}": reply for slot, reply in zip(poll.slots, replies, strict=False)}


def kinds() -> list[str]:
    db.session.rollback()
    return sorted(one.kind for one in db.session.query(OutboxMessage) if not one.kind.startswith("connexion"))


def test_a_poll_is_proposed_after_a_look_at_whom_it_asks(cpts, desk):
    page = desk.get("/coordination/sondages")
    assert "Aucun sondage de dates en cours." in page_words(page)
    typed = {**TYPED, "dispositif": str(only_programme().public_id)}

    preview = submit(desk, "/coordination/sondages/nouveau", **typed)

    seen = page_words(preview)
    assert (preview.status_code, kinds()) == (200, [])
    assert "3 personnes recevront un message" in seen
    assert "Samedi 16 janvier 2027, de 10 h à 12 h" in seen
    before = submit(desk, "/coordination/sondages/nouveau", **typed, etape="modifier")
    kept = fields_of(before.get_data(as_text=True), "liste")
    assert (before.status_code, kept["liste"][0].split("\n"), kept["qui"]) == (
        200,
        ["12/01/2027", "samedi 16 janvier 2027 à 10 h"],
        typed["qui"],
    )

    sent = submit(desk, "/coordination/sondages/nouveau", **typed, etape="envoyer")

    assert sent.status_code == 303
    assert kinds() == ["sondage"] * 3
    shown = page_words(desk.get(sent.location))
    assert "0 réponse sur 3 personnes interrogées" in shown
    assert "On répond jusqu'au jeudi 12 novembre à 20 h" in shown
    assert "0 sur 3" in page_words(desk.get("/coordination/sondages"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"liste": "demain"}, "Date non comprise"),
        ({"liste": "12/01/2026"}, "Un des créneaux est déjà passé"),
        ({"jusqu_au": "2027-02-01"}, "La date limite tombe après le premier créneau"),
        ({"qui": []}, "Dites à qui proposer ces créneaux."),
        ({"fin": "19:00"}, "La fin précède le début."),
    ],
)
def test_what_cannot_be_proposed_is_said_before_anything_leaves(cpts, desk, changes, sentence):
    typed = {**TYPED, "dispositif": str(only_programme().public_id), **changes}
    answer = submit(desk, "/coordination/sondages/nouveau", **typed, etape="envoyer")
    assert (answer.status_code, kinds()) == (422, [])
    assert sentence in page_words(answer)


def test_one_answers_by_link_changes_and_nobody_else_shows(poll, app):
    phone = app.test_client()
    for path in (link_of("Bea"), link_of("Ana")):
        assert phone.get(path).status_code == 200
    assert said() == []  # opening changes nothing

    submit(phone, link_of("Bea"), **fields(poll, "no", "no"), suggestion="Le midi")
    answer = submit(phone, link_of("Ana"), **fields(poll, "yes", "if_needed"))

    assert (answer.status_code, answer.location) == (303, link_of("Ana"))
    page = page_words(phone.get(link_of("Ana")))
    assert "Merci, vos réponses sont notées. Vous pouvez les changer jusqu'au jeudi 12 novembre à 20 h." in page
    assert "Mardi 12 janvier, de 20 h à 22 h : oui" in page
    assert [word for word in ("Bea", "Le midi", "Vautrin", "Cora") if word in page] == []

    submit(phone, link_of("Ana"), **fields(poll, "no"))
    assert said() == [("Bea", "no"), ("Ana", "no"), ("Bea", "no"), ("Ana", "if_needed")]


def test_one_button_says_that_no_slot_suits(poll, app):
    phone = app.test_client()
    submit(phone, link_of("Ana"), **fields(poll, "yes", "yes"), suggestion="Le vendredi midi", reponse="aucun")
    assert said() == [("Ana", "no"), ("Ana", "no")]
    assert db.session.query(PollInvitation).filter_by(suggestion="Le vendredi midi").count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Répondez à au moins un créneau"),
        ({"suggestion": "a" * 201}, "200 caractères au plus."),
    ],
)
def test_an_empty_answer_and_too_long_a_wish_are_refused(poll, app, sent, sentence):
    answer = submit(app.test_client(), link_of("Ana"), **sent)
    assert (answer.status_code, said()) == (422, [])
    assert sentence in page_words(answer)


def test_a_reply_that_was_not_offered_is_refused(poll, app):
    answer = submit(app.test_client(), link_of("Ana"), **fields(poll, "perhaps"))
    assert (answer.status_code, said()) == (422, [])


def test_a_closed_poll_says_so_and_an_unknown_link_is_nothing(clock, poll, browser):
    clock.move_to(DEADLINE)
    answer = browser.get(link_of("Ana"))
    assert answer.status_code == 410
    assert "Ce sondage est clos" in page_words(answer)
    assert browser.get("/sondage/inconnu").status_code == 404


def test_the_title_and_the_address_of_a_confidential_poll_name_nothing(poll, browser):
    html = browser.get(link_of("Ana")).get_data(as_text=True)
    title = html.partition("<title>")[2].partition("</title>")[0]
    assert "paroles" not in (title + link_of("Ana")).lower()
    assert "Cercles de paroles" in html


def test_another_cpts_opens_neither_the_link_nor_the_poll(app, poll):
    elsewhere = make_organisation(public_url="http://b.example.org")
    stranger = app.test_client()
    sign_in(stranger, make_coordinator(elsewhere))
    assert stranger.get(link_of("Ana"), base_url="http://b.example.org").status_code == 404
    path = f"/coordination/sondages/{poll.public_id}"
    assert stranger.get(path, base_url="http://b.example.org").status_code == 404


def test_the_coordination_reads_the_grid_and_makes_sessions_of_the_best(poll, desk, app):
    phone = app.test_client()
    submit(phone, link_of("Ana"), **fields(poll, "yes", "no"))
    submit(phone, link_of("Cora"), **fields(poll, "yes", "if_needed"), suggestion="Le jeudi midi")
    path = f"/coordination/sondages/{poll.public_id}"

    seen = page_words(desk.get(path))

    assert "Mardi 12 janvier 2027, de 20 h à 22 h En tête 2 0 0 médecin généraliste : 1, sage-femme : 1" in seen
    assert "Samedi 16 janvier 2027, de 10 h à 12 h 0 1 1 aucune" in seen
    assert "Cora Vautrin : Le jeudi midi" in seen
    assert "1 personne n'a pas répondu" in seen

    chosen = {"creneaux": [str(poll.slots[0].id)], "places": "1"}
    confirm = submit(desk, f"{path}/retenir", page=path, **chosen)
    assert (confirm.status_code, db.session.query(GroupSession).count()) == (200, 0)
    assert "1 place donnée à qui a dit oui, 1 sur liste d'attente" in page_words(confirm)

    done = submit(desk, f"{path}/retenir", page=path, **chosen, etape="confirmer")
    after = page_words(desk.get(done.location))
    assert "Dates retenues : 1 séance est ouverte, 1 place donnée, 1 sur liste d'attente." in after
    assert kinds() == ["liste_attente", "sondage", "sondage", "sondage", "sondage_retenu"]

    again = submit(desk, f"{path}/retenir", page="/coordination/sondages/nouveau", **chosen, etape="confirmer")
    assert again.status_code == 422
    assert "vient d'être clos" in page_words(again)
    assert db.session.query(GroupSession).count() == 1


def test_a_poll_is_closed_without_any_date(poll, desk):
    path = f"/coordination/sondages/{poll.public_id}"
    answer = submit(desk, f"{path}/abandonner", page=path)
    assert "Sondage clos sans date. Personne n'est prévenu." in page_words(desk.get(answer.location))
    assert kinds() == ["sondage"] * 3


def test_the_pages_ask_the_database_as_often_for_three_answers_as_for_one(poll, desk, app):
    phone = app.test_client()
    path = f"/coordination/sondages/{poll.public_id}"

    def asked() -> tuple[int, ...]:
        return tuple(queries_for(desk, one) for one in (path, "/coordination/sondages"))

    submit(phone, link_of("Ana"), **fields(poll, "yes", "no"))
    desk.get(path)
    once = asked()
    for name in ("Bea", "Cora"):
        submit(phone, link_of(name), **fields(poll, "yes", "no"))
    assert asked() == once
