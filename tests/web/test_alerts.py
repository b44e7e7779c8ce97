"""« Prévenez-moi des prochaines dates » on screen: the same answer whoever asks, one button to stop."""

import re

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.models import DateAlert
from tests.browsing import page_words, sign_in, submit
from tests.factories import make_circles, make_group_session, make_organisation, make_person, make_programme
from tests.registrations.outbox import written

LOU = {"prenom": "Lou", "nom": "Passager", "email": "lou@example.org", "profession": "sage-femme"}

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def circles(app):
    return make_circles(make_organisation())


def asked() -> list[str]:
    db.session.rollback()
    return [one.person.email for one in db.session.query(DateAlert).order_by(DateAlert.id)]


def page_after(browser, circles, **changes):
    answer = submit(browser, "/prevenez-moi", dispositif=str(circles.public_id), **{**LOU, **changes})
    assert (answer.status_code, answer.location) == (303, "/prevenez-moi/c-est-note")
    return browser.get(answer.location).get_data()


def test_known_and_unknown_get_the_same_bytes_and_a_message(app, circles):
    pages = [page_after(app.test_client(), circles) for _ in range(2)]  # unknown, then known and already asking
    tokens = re.compile(rb'value="[^"]*"')
    assert tokens.sub(b"", pages[0]) == tokens.sub(b"", pages[1])
    assert b"<strong>lou@example.org</strong>, avec de quoi" in pages[0]
    assert asked() == ["lou@example.org"]
    assert set(written()) == {("prevenir_note", "lou@example.org")}


@pytest.mark.parametrize("changes", [{"email": "lou@"}, {"nom": ""}, {"profession": "dompteur"}, {"dispositif": "x"}])
def test_what_is_missing_is_asked_and_nothing_kept(browser, circles, changes):
    answer = submit(browser, "/prevenez-moi", **{"dispositif": str(circles.public_id), **LOU, **changes})
    assert (answer.status_code, asked()) == (422, [])


def test_the_page_after_is_nothing_without_having_asked(browser, circles):
    assert browser.get("/prevenez-moi/c-est-note").location == "/prevenez-moi"


def test_the_link_of_a_message_shows_then_stops(browser, circles):
    page_after(browser, circles)
    db.session.rollback()
    alert = db.session.query(DateAlert).one()
    path = f"/annonces/{links.token(Purpose.ALERT, alert.public_id)}"

    assert "Cercles de paroles" in page_words(browser.get(path))
    assert asked() == ["lou@example.org"]  # opening changes nothing
    stopped = submit(browser, path)

    assert "Vous ne recevrez plus ces annonces." in page_words(browser.get(stopped.location))
    assert (asked(), browser.get(path).status_code) == ([], 404)


def test_ma_page_lists_and_stops_one_s_own_and_nobody_else_s(app, browser, circles):
    organisation = db.session.get_one(Organisation, circles.organisation_id)
    claire, other = make_person(organisation), make_person(organisation)
    for one in (claire, other):
        alerts.ask(circles.id, Told.of(one))
    mine, foreign = (one.public_id for one in db.session.query(DateAlert).order_by(DateAlert.id))
    sign_in(browser, claire)

    assert "Cercles de paroles : un message quand des dates s'ouvrent." in page_words(browser.get("/ma-page"))
    assert submit(browser, f"/ma-page/annonces/{foreign}/arreter", page="/ma-page").status_code == 404
    submit(browser, f"/ma-page/annonces/{mine}/arreter", page="/ma-page")

    assert asked() == [other.email]
    assert "Aucune demande d'annonce pour l'instant." in page_words(browser.get("/ma-page"))


def test_the_agenda_and_a_full_session_lead_to_it(browser, circles):
    full = make_group_session(circles, capacity=1, status="cancelled")
    assert 'href="/prevenez-moi"' in browser.get("/").get_data(as_text=True)
    page = browser.get(f"/seances/{full.public_id}").get_data(as_text=True)
    assert f'href="/prevenez-moi?dispositif={circles.public_id}"' in page
    chosen = browser.get(f"/prevenez-moi?dispositif={circles.public_id}").get_data(as_text=True)
    assert f'selected value="{circles.public_id}"' in chosen


def test_without_a_programme_in_its_address_the_page_offers_them_all_and_says_when_there_is_none(browser, circles):
    make_programme(db.session.get_one(Organisation, circles.organisation_id))
    for path in ("/prevenez-moi", "/prevenez-moi?dispositif=rien"):
        assert "Pour quel dispositif ? Cercles de paroles GAPP" in page_words(browser.get(path))
    with transaction():
        for one in db.session.query(Programme):
            one.is_archived = True

    page = browser.get("/prevenez-moi")

    assert (page.status_code, "Aucun dispositif n'est proposé pour l'instant." in page_words(page)) == (200, True)
    assert b"<form" not in page.get_data()
