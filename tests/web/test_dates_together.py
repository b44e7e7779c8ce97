"""Dates that go together, on every page where one signs up: all of them, in one form, without a word of who comes."""

from datetime import timedelta

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.french import normalise
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browsing import page_words, registration_link, submit, token_of
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.rows import rows
from tests.web.coordination import after
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

WEEK = timedelta(weeks=1)
FILLED = {
    "prenom": "Nadia",
    "nom": "Ferhat",
    "email": "nadia@example.org",
    "profession": "sage-femme",
    "charte": "y",
}
TOGETHER = "2 dates qui vont ensemble : lundi 16 et lundi 23 novembre"


def make_training(organisation, **changes):
    words = {"slug": "vade-mecum", "name": "Vade Mecum", "session_title": "Vade Mecum", "gender": "f"}
    return make_programme(organisation, **{**words, "goes_together": True, **changes})


def two_dates(programme, **changes):
    return [make_group_session(programme, starts_at=STARTS_AT + n * WEEK, **changes) for n in range(2)]


@pytest.fixture
def dates(app, clock):
    """Two Mondays, two places each."""
    return two_dates(make_training(make_organisation()))


def page_of(group_session):
    return f"/seances/{group_session.public_id}"


def form_of(group_session):
    return f"{page_of(group_session)}/inscription"


def told_by(browser, path):
    return normalise(page_words(browser.get(path)))


def test_the_agenda_and_the_page_of_a_date_say_which_dates_it_goes_with(browser, dates):
    alone = make_group_session(make_programme(db.session.get_one(Organisation, dates[0].organisation_id)))

    assert told_by(browser, "/").count(TOGETHER) == 2
    for one in dates:
        shown = told_by(browser, page_of(one))
        assert f"{TOGETHER}. L'inscription vaut pour toutes." in shown
        assert "Je m'inscris aux 2 dates" in shown
    assert "vont ensemble" not in told_by(browser, page_of(alone))
    january = make_group_session(dates[0].programme, starts_at=STARTS_AT + 8 * WEEK)
    assert told_by(browser, "/").count("D'autres dates en 2027, avec une inscription à part : lundi 11 janvier") == 2
    for path in (page_of(dates[0]), form_of(dates[0])):
        assert "L'inscription vaut pour toutes. D'autres dates en 2027, avec une" in told_by(browser, path)
    for path in (page_of(january), form_of(january)):
        apart = "D'autres dates en 2026, avec une inscription à part : lundi 16 et lundi 23 novembre."
        assert apart in told_by(browser, path)


def test_one_form_asks_for_all_and_offers_nothing_else(browser, dates):
    form = browser.get(form_of(dates[0]))
    assert "Pour quelles séances ?" not in page_words(form)
    assert f"{TOGETHER}. L'inscription vaut pour toutes." in normalise(page_words(form))

    answer = submit(browser, form_of(dates[0]), **FILLED)

    assert answer.location == f"{page_of(dates[0])}/c-est-note"
    assert "C'est noté pour toutes les dates : elles vont ensemble." in told_by(browser, answer.location)
    assert [(one.group_session_id, one.status) for one in rows(Registration)] == [
        (dates[0].id, "confirmed"),
        (dates[1].id, "confirmed"),
    ]
    assert len(rows(Enrolment)) == 1


def test_a_form_that_asks_for_one_date_all_the_same_has_them_all(browser, dates):
    submit(browser, form_of(dates[1]), **FILLED, dates="une")

    assert [one.status for one in rows(Registration)] == ["confirmed", "confirmed"]


def test_a_full_date_says_so_before_and_the_page_after_is_the_same_for_whoever_asks(browser, app, dates):
    organisation = db.session.get_one(Organisation, dates[0].organisation_id)
    for _ in range(2):
        make_registration(dates[0], make_person(organisation))
    assert "À une date complète, vous entrez sur sa liste d'attente." in told_by(browser, form_of(dates[0]))
    pages = []
    for _ in range(2):  # new, then known and waiting
        client = app.test_client()
        pages.append(client.get(submit(client, form_of(dates[0]), **FILLED).location).get_data())

    assert pages[0] == pages[1]
    assert sorted(one.status for one in rows(Registration)) == ["confirmed", "confirmed", "confirmed", "waiting"]


def test_a_programme_for_members_asks_the_coordination_for_all_its_dates(browser, app, clock):
    circles = make_circles(make_organisation(), goes_together=True)
    dates = two_dates(circles)

    answer = submit(browser, form_of(dates[0]), **FILLED)

    assert "les membres y trouvent leurs places, les autres la suite donnée à leur demande" in told_by(
        browser, answer.location
    )
    assert [one.status for one in rows(Registration)] == ["requested", "requested"]


def test_a_personal_link_shows_no_other_date_and_its_form_still_open_asks_for_all(browser, dates):
    organisation = db.session.get_one(Organisation, dates[0].organisation_id)
    submit(browser, form_of(dates[0]), **FILLED)
    mine = rows(Registration)[0]
    assert "S'inscrire aussi à" not in page_words(browser.get(registration_link(mine)))
    one_gapp = make_group_session(make_programme(organisation))
    other = make_registration(one_gapp, make_person(organisation))
    person_id, path = other.person_id, registration_link(other)
    token = token_of(browser.get(path))

    browser.post(f"{path}/aussi", data={"csrf_token": token, "seance": str(dates[1].public_id)})

    hers = [one for one in rows(Registration) if one.person_id == person_id]
    assert {one.group_session_id for one in hers} == {one_gapp.id, dates[0].id, dates[1].id}


def test_the_follow_up_link_leaves_one_date_or_all(browser, dates):
    submit(browser, form_of(dates[0]), **FILLED)
    path = f"/mon-suivi/{links.token(Purpose.ENROLMENT, rows(Enrolment)[0].public_id)}"
    shown = told_by(browser, path)
    assert "Vade Mecum : vos dates de 2026" in shown
    assert "Ces dates vont ensemble : votre inscription vaut pour toutes." in shown

    submit(browser, f"{path}/pas-cette-fois", page=path, inscription=str(rows(Registration)[1].public_id))
    assert [one.status for one in rows(Registration)] == ["confirmed", "declined"]
    submit(browser, f"{path}/arreter", page=path)

    assert [one.status for one in rows(Registration)] == ["cancelled", "declined"]
    assert "Reprendre toutes mes dates" in told_by(browser, path)


def test_a_programme_becomes_a_training_from_its_form_or_its_model(coordinator, organisation):
    blank = "/coordination/dispositifs/nouveau?modele=formation"
    made = send(coordinator, blank, holding="nom", nom="Vade Mecum", titre="Vade Mecum")
    programme = db.session.query(Programme).one()

    assert (made.status_code, programme.slug, programme.goes_together) == (303, "vade-mecum", True)
    listed = told_by(coordinator, "/coordination/dispositifs")
    assert "Dates qui vont ensemble" in listed
    assert "Partir d'un modèle GAPP Cercles de paroles Formation" in listed
    page = f"/coordination/dispositifs/{programme.public_id}"
    assert "Rien à enregistrer" in after(coordinator, send(coordinator, page, holding="nom"))
    made_anew = send(coordinator, page, holding="nom", dates_ensemble=None)
    assert "Enregistré." in after(coordinator, made_anew)
    db.session.refresh(programme)
    assert programme.goes_together is False


def test_the_coordination_registers_somebody_to_all_at_once(coordinator, organisation):
    first, second = two_dates(make_training(organisation))
    claire = make_person(organisation)
    path = f"/coordination/seances/{second.public_id}/inscrire/{claire.public_id}"
    form = coordinator.get(path)
    assert "Pour quelles dates ?" not in page_words(form)
    assert "Ses dates vont ensemble : l'inscription vaut pour toutes." in page_words(form)

    answer = submit(coordinator, path, charte="y")

    assert "Inscription faite à toutes les dates (2 dates)." in told_by(coordinator, answer.location)
    assert {(one.group_session_id, one.person_id, one.status) for one in rows(Registration)} == {
        (first.id, claire.id, "confirmed"),
        (second.id, claire.id, "confirmed"),
    }
    assert len(rows(Person)) == 2  # who coordinates, and Claire


def test_the_agenda_asks_as_many_queries_for_one_training_as_for_three(browser, dates):
    organisation = db.session.get_one(Organisation, dates[0].organisation_id)
    one = queries_for(browser, "/?places=1")
    for n in range(2):
        two_dates(make_training(organisation, slug=f"vade-mecum-{n}"))

    assert queries_for(browser, "/?places=1") == one
