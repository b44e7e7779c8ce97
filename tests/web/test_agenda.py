"""The agenda and the page of a session: what every visitor sees, and how fast."""

from datetime import timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import SessionAnimator
from tests.browsing import page_words
from tests.conftest import NOW
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.page import words

LATER = timedelta(days=7)


def cpts_of(programme) -> Organisation:
    return db.session.get_one(Organisation, programme.organisation_id)


def session_url(group_session) -> str:
    return f"/seances/{group_session.public_id}"


@pytest.fixture
def ours(app, clock):
    """A CPTS with its GAPP; the clock stands still."""
    return make_programme(
        make_organisation(), description="Une situation vous travaille ?\n\nVenez.", charter="Un.\nDeux."
    )


def test_the_agenda_shows_the_sessions_to_come_oldest_first(browser, ours):
    second = make_group_session(ours, starts_at=STARTS_AT + LATER, capacity=12)
    first = make_group_session(ours)
    make_group_session(ours, starts_at=NOW - LATER)
    make_group_session(ours, starts_at=STARTS_AT, status="draft")
    make_registration(first, make_person(cpts_of(ours)))

    text = page_words(browser.get("/"))

    assert text.index("lundi 16 novembre : GAPP") < text.index("lundi 23 novembre : GAPP")
    assert text.count(" : GAPP") == 2
    assert "de 20 h à 22 h, Maison de santé, 1 rue des Tilleuls, Ambreville Il reste 1 place" in text
    assert "Il reste 12 places" in text
    assert [session_url(one) in browser.get("/").get_data(as_text=True) for one in (first, second)] == [True, True]


def test_a_confidential_programme_shows_its_town_only(browser, ours):
    circles = make_circles(cpts_of(ours))
    group_session = make_group_session(circles, place_access="code 1234", video_url="https://visio.example.org/secret")

    pages = [browser.get("/").get_data(as_text=True), browser.get(session_url(group_session)).get_data(as_text=True)]

    for page in pages:
        assert "Ambreville" in words(page)
        assert [secret for secret in ("Maison de santé", "Tilleuls", "1234", "visio.example") if secret in page] == []
    assert "L'adresse exacte est dans l'e-mail de confirmation." in words(pages[1])
    assert "Nos messages et votre agenda portent un titre neutre, « Réunion CPTS »." in words(pages[1])
    assert "les autres professionnels, sur demande" in words(pages[1])


def test_nobody_who_comes_is_named_on_a_public_page(browser, ours):
    group_session = make_group_session(ours)
    who = make_person(cpts_of(ours), first_name="Zénobie", last_name="Quatrefages")
    make_registration(group_session, who)

    for path in ("/", session_url(group_session), f"{session_url(group_session)}/inscription"):
        assert "Quatrefages" not in browser.get(path).get_data(as_text=True)


def test_the_animator_is_announced(browser, ours):
    group_session = make_group_session(ours)
    animator = make_person(cpts_of(ours), first_name="Camille", last_name="Aubertin")
    with transaction():
        db.session.add(
            SessionAnimator(
                organisation_id=ours.organisation_id, group_session_id=group_session.id, person_id=animator.id
            )
        )

    assert "Animation Camille Aubertin" in page_words(browser.get(session_url(group_session)))


def test_twenty_sessions_a_page_and_no_page_beyond(browser, ours):
    for day in range(21):
        make_group_session(ours, starts_at=STARTS_AT + timedelta(days=day))

    counts = [browser.get(path).get_data(as_text=True).count('class="seance"') for path in ("/", "/?page=2")]

    assert counts == [20, 1]
    missing = ("/?page=3", "/?page=0", "/?page=x", "/?page=99999999999999999999", "/?page=-1", "/?page=²")
    assert [browser.get(path).status_code for path in missing] == [404] * 6


def test_filters_keep_one_programme_and_those_with_places(browser, ours):
    circles = make_circles(cpts_of(ours))
    full = make_group_session(ours, capacity=1)
    make_registration(full, make_person(cpts_of(ours)))
    make_group_session(ours, starts_at=STARTS_AT + LATER)
    make_group_session(circles, starts_at=STARTS_AT + 2 * LATER)

    def shown(path: str) -> list[str]:
        text = page_words(browser.get(path))
        return [day for day in ("16 novembre", "23 novembre", "30 novembre") if f"{day} : " in text]

    assert shown("/") == ["16 novembre", "23 novembre", "30 novembre"]
    assert shown(f"/?dispositif={ours.public_id}") == ["16 novembre", "23 novembre"]
    assert shown("/?places=1") == ["23 novembre", "30 novembre"]
    assert shown(f"/?dispositif={ours.public_id}&places=1") == ["23 novembre"]
    assert [browser.get(f"/?dispositif={wrong}").status_code for wrong in ("x", full.public_id)] == [404, 404]


def test_states_are_said_in_words(browser, ours):
    full = make_group_session(ours, capacity=1)
    make_registration(full, make_person(cpts_of(ours)))
    make_registration(full, make_person(cpts_of(ours)), "waiting")
    closed = make_group_session(ours, closes_at=NOW - timedelta(days=1))
    not_yet = make_group_session(ours, opens_at=NOW + timedelta(days=1))
    cancelled = make_group_session(ours, status="cancelled", cancel_reason="l’animatrice est souffrante")
    past = make_group_session(ours, starts_at=NOW - LATER)
    begun = make_group_session(ours, starts_at=NOW - timedelta(minutes=5))
    only = make_group_session(make_circles(cpts_of(ours)), starts_at=NOW - LATER)

    def said(one) -> str:
        return page_words(browser.get(session_url(one)))

    assert "Complet, liste d'attente ouverte 1 personne sur la liste d'attente Je m'inscris sur la liste" in said(full)
    assert "Les inscriptions à cette séance sont closes depuis le dimanche 1er novembre 2026." in said(closed)
    assert "Les inscriptions ouvrent le mardi 3 novembre à 10 h." in said(not_yet)
    assert "Cette séance est annulée. Motif : l'animatrice est souffrante. Voici les prochaines." in said(cancelled)
    assert "Cette séance a eu lieu le lundi 26 octobre 2026. Voici les prochaines." in said(past)
    assert "Cette séance a eu lieu le lundi 26 octobre 2026. La suivante n'est pas encore annoncée." in said(only)
    assert "La séance a commencé. Si vous êtes sur place" in said(begun)
    forms = [browser.get(f"{session_url(one)}/inscription").status_code for one in (full, closed, not_yet, past)]
    assert forms == [200, 303, 303, 303]
    assert "Annulée" in page_words(browser.get("/"))


def test_a_session_in_preparation_or_of_another_cpts_is_not_there(browser, ours):
    draft = make_group_session(ours, status="draft")
    elsewhere = make_group_session(make_programme(make_organisation(public_url="http://autre.example.org")))

    for one in (draft, elsewhere):
        for suffix in ("", "/inscription", "/c-est-note"):
            assert browser.get(session_url(one) + suffix).status_code == 404


def test_an_empty_agenda_says_what_will_come(browser, ours):
    assert "Aucune séance n'est annoncée pour l'instant." in page_words(browser.get("/"))
    assert "Aucune séance ne correspond à ces filtres." in page_words(browser.get("/?places=1"))


def test_another_cpts_has_its_own_agenda_at_the_same_address(browser, ours):
    make_group_session(ours)
    make_organisation(name="CPTS d’Ailleurs", public_url="http://autre.example.org")

    here, there = browser.get("/"), browser.get("/", base_url="http://autre.example.org")

    assert ("CPTS du Val d'Ambre" in page_words(here), "CPTS d'Ailleurs" in page_words(there)) == (True, True)
    assert there.get_data(as_text=True).count('class="seance"') == 0


def test_colour_and_logo_are_those_of_the_cpts(browser, app, clock):
    make_organisation(brand_color="#d9480f", logo=b"\x89PNG", logo_type="image/png")

    colour, logo = browser.get("/marque.css"), browser.get("/logo")

    assert (colour.data, colour.headers["Cache-Control"]) == (b":root{--brand:#d9480f}\n", "public, max-age=31536000")
    assert (logo.data, logo.mimetype) == (b"\x89PNG", "image/png")
    assert browser.get("/logo", headers={"If-None-Match": logo.headers["ETag"]}).status_code == 304


def test_legal_pages_leave_out_what_the_cpts_did_not_fill_in(browser, app, clock):
    make_organisation(registration_months=9, legal={"hebergeur": "Hébergeur du Val", "dpo": ""})

    data, publisher = page_words(browser.get("/donnees")), page_words(browser.get("/mentions-legales"))

    assert "Hébergement, sur contrat : Hébergeur du Val" in data
    assert "9 mois après la séance" in data
    assert ("Délégué" in data, "Transferts" in data) == (False, False)
    assert "Hébergement Hébergeur du Val" in publisher
    assert "RGAA 4.1" in page_words(browser.get("/accessibilite"))
