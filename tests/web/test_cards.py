"""The page of a card in the room, cards typed in from paper, and what a year of them says."""

import re

import pytest
from sqlalchemy import text

from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import card_entry, effect_counts
from cpts_sessions.questionnaires.models import WaitingCards
from tests.factories import make_organisation
from tests.questionnaires.on_cards import ITEMS, filled, tonight, with_cards
from tests.rows import rows

SCALES = dict.fromkeys(ITEMS, "4")


@pytest.fixture
def one(app, clock):
    """The session of today; its first half is not over."""
    return tonight(with_cards(is_confidential=True))


@pytest.fixture
def address(one) -> str:
    """What the code of a card opens."""
    return card_entry.address(one, "A2B3").removeprefix("http://localhost")


def everything_but_cards() -> dict[str, list[str]]:
    db.session.rollback()
    names = [table.name for table in db.metadata.sorted_tables if table.name != "waiting_cards"]
    return {name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {name}")))) for name in names}


def test_a_card_is_filled_on_arriving_and_again_before_leaving(browser, address, one, clock):
    page = normalise(browser.get(address).text)
    assert "En arrivant" in page
    assert "pour chaque question, choisissez de 0 à 10 où vous en êtes, maintenant." in page
    assert "Votre carte : A2B3." in page
    answer = browser.post(address, data=SCALES)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/carte/merci/arrivee")
    assert "Gardez votre carte" in normalise(browser.get("/carte/merci/arrivee").text)

    clock.move_to(one.ends_at)
    assert "<h1>Avant de partir" in browser.get(address).text
    answer = browser.post(address, data=SCALES)
    assert answer.headers["Location"] == "/carte/merci/depart"
    assert "Merci, votre carte est complète" in normalise(browser.get("/carte/merci/depart").text)

    for n in range(4):
        filled(one, f"C{n}D{n}", 4, 4)
    assert effect_counts.tables(one.programme_id, 2026)["e1"] == {(4, 4): 5}


def test_whoever_leaves_early_says_so(browser, address, one):
    browser.post(address, data=SCALES)
    page = browser.get(address, query_string={"moment": "depart"})
    assert 'name="moment" value="depart"' in page.text
    assert browser.post(address, data=SCALES | {"moment": "depart"}).headers["Location"] == "/carte/merci/depart"


def test_the_number_is_typed_where_the_address_does_not_carry_it(browser, one):
    address = card_entry.address(one).removeprefix("http://localhost")
    assert 'name="carte"' in browser.get(address).text
    wrong = browser.post(address, data=SCALES | {"carte": "12"})
    assert wrong.status_code == 422
    assert "deux lettres et deux chiffres" in normalise(wrong.text)
    assert browser.post(address, data=SCALES | {"carte": " a2b3 "}).status_code == 303
    browser.post(address, data=SCALES | {"carte": "A2B3", "moment": "depart"})
    again = browser.post(address, data=SCALES | {"carte": "A2B3"})
    assert again.status_code == 422
    assert "Cette carte est déjà remplie." in normalise(again.text)


def test_every_scale_is_expected_and_what_was_chosen_is_kept(browser, address):
    answer = browser.post(address, data={"e1": "3", "e2": "11"})
    page = normalise(answer.text)
    assert answer.status_code == 422
    assert "3 questions" in page
    assert re.search(r'name="e1" value="3" checked', page)
    assert "Sans réponse" not in page
    assert rows(WaitingCards) == []


def test_a_card_that_was_not_begun_is_pointed_out(browser, address):
    answer = browser.post(address, data=SCALES | {"moment": "depart"})
    assert answer.status_code == 422
    assert "Aucune réponse d'arrivée pour cette carte." in normalise(answer.text)


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_no_cookie_is_read_or_set_and_only_what_waits_is_written(browser, address, method):
    browser.get("/connexion")
    browser.post("/connexion", data={"email": "claire@example.org"})
    before = everything_but_cards()

    answer = getattr(browser, method)(address, data=SCALES if method == "post" else None)

    assert answer.status_code in (200, 303)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert everything_but_cards() == before
    assert len(rows(WaitingCards)) == (method == "post")


def test_the_page_opens_empty_whatever_was_sent(browser, address):
    before = browser.get(address).text
    browser.post(address, data=SCALES)
    assert browser.get(address).text == before
    assert " checked" not in before


def test_the_page_does_not_say_what_the_group_is(browser, address, one):
    pages = [browser.get(address).text, browser.get("/carte/merci/depart").text]
    assert not [page for page in pages if one.programme.name in page or "ercle" in page]


@pytest.mark.parametrize("end", ["x", "", "a" * 16, "%00", "é"])
def test_any_other_address_opens_no_card(browser, address, end):
    for path in (f"/carte/{end or 'b' * 16}", f"/carte/{end or 'b'}/A2B3"):
        for answer in (browser.get(path), browser.post(path, data=SCALES)):
            assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)


def test_the_day_after_the_address_says_that_paper_counts_as_much(browser, address, one, clock):
    clock.shift(24 * 3600)
    page = normalise(browser.get(address).text)
    assert "elle compte autant" in page


def test_a_megabyte_is_refused_unread(browser, address):
    answer = browser.post(address, data=SCALES | {"carte": "a" * 1_000_000})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (413, False)


def test_the_cards_of_another_organisation_are_not_served(browser, one):
    elsewhere = tonight(with_cards(make_organisation(public_url="http://ailleurs.example.org")))
    path = f"/carte/{card_entry.token(elsewhere)}/A2B3"
    assert browser.get(path).status_code == 404
    assert browser.get(path, base_url="http://ailleurs.example.org").status_code == 200
