"""Cards typed in from paper or printed, and what a year of them says."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.questionnaires.models import EffectCount
from cpts_sessions.registrations import animation
from tests.browsing import sign_in, token_of
from tests.factories import make_circles, make_coordinator, make_group_session, make_person
from tests.questionnaires.on_cards import ITEMS, card, filled, tonight, totals, with_cards
from tests.rows import rows


@pytest.fixture
def one(app, clock):
    """The session of today."""
    return tonight(with_cards(is_confidential=True))


@pytest.fixture
def coordinator(browser, one):
    """Somebody of the coordination, signed in."""
    person = make_coordinator(one.organisation)
    sign_in(browser, person)
    return person


def typed(*cards: tuple[int, int], **more: str) -> dict[str, str]:
    """The page filled with these cards, every mark of a passage the same."""
    fields = {"lignes": str(max(len(cards), 5))}
    for line, (before, after) in enumerate(cards):
        for item in ITEMS:
            fields |= {f"{item}-avant-{line}": str(before), f"{item}-apres-{line}": str(after)}
    return fields | more


def type_page(one) -> str:
    return f"/coordination/questionnaires/cartes/{one.programme.public_id}/2026/saisir"


def post(browser, path, fields):
    return browser.post(path, data=fields | {"csrf_token": token_of(browser.get(path))})


def test_five_cards_typed_at_once_enter_the_tables(browser, one, coordinator):
    answer = post(browser, type_page(one), typed((7, 3), (6, 3), (6, 2), (5, 5), (4, 6), (8, 1)))
    assert answer.status_code == 303
    assert totals(one.programme_id) == [6] * 4
    page = normalise(browser.get(answer.headers["Location"]).text)
    assert "6 cartes ajoutées aux tableaux de 2026." in page
    assert "Le stress passe d'une médiane de 6 à 3 sur 10" in page
    assert "sur 6 cartes : mieux pour 4, stable pour 1, moins bien pour 1." in page
    assert "La sérénité passe d'une médiane de 6 à 3 sur 10" in page
    assert "mieux pour 1, stable pour 1, moins bien pour 4." in page
    assert "Effet immédiat, sans groupe témoin ; pas de test statistique en dessous de 20 cartes." in page
    journal = normalise(browser.get("/coordination/journal").text)
    assert "a ajouté des cartes avant/après (6)" in journal


def test_four_cards_are_not_kept(browser, one, coordinator):
    answer = post(browser, type_page(one), typed(*[(7, 3)] * 4))
    page = normalise(answer.text)
    assert answer.status_code == 422
    assert "Moins de 5 cartes complètes : gardez le papier, sans nom, jusqu'à en avoir 5." in page
    assert page.count('value="7"') == 16
    assert rows(EffectCount) == []


def test_what_is_wrong_is_said_line_by_line_and_nothing_is_kept(browser, one, coordinator):
    fields = typed(*[(7, 3)] * 6) | {
        "e1-avant-1": "",
        "e2-avant-1": "",
        "e1-apres-2": "12",
        "carte-3": "A2B3",
        "carte-4": "a2 b3",
    }
    answer = post(browser, type_page(one), fields)
    page = normalise(answer.text)
    assert answer.status_code == 422
    assert "Ligne 2 : 2 notes manquent." in page
    assert "Ligne 3 : 1 note n'est pas entre 0 et 10." in page
    assert "Ligne 5 : le numéro est déjà celui de la ligne 4." in page
    assert page.count('aria-invalid="true"') == 3
    assert rows(EffectCount) == []


@pytest.mark.parametrize("mark", ["-1", "3,5", "²", "x", "999999999", "\u0663"])
def test_only_whole_marks_from_0_to_10_are_marks(browser, one, coordinator, mark):
    answer = post(browser, type_page(one), typed(*[(7, 3)] * 5) | {"e1-avant-0": mark})
    assert answer.status_code == 422
    assert rows(EffectCount) == []


def test_lines_are_added_without_losing_what_is_typed(browser, one, coordinator):
    answer = post(browser, type_page(one), typed((7, 3), suite="ligne"))
    assert answer.status_code == 200
    assert 'name="carte-9"' in answer.text
    assert answer.text.count('value="7"') == 4
    assert post(browser, type_page(one), typed(*[(7, 3)] * 9)).status_code == 303
    assert totals(one.programme_id) == [9] * 4


@pytest.mark.parametrize("lines", ["", "x", "-4", "99999999", "²"])
def test_a_strange_number_of_lines_is_a_page_like_another(browser, one, coordinator, lines):
    assert post(browser, type_page(one), typed((1, 1)) | {"lignes": lines}).status_code == 422


def test_the_page_of_a_year_shows_nothing_of_cards_that_wait(browser, one, coordinator):
    path = f"/coordination/questionnaires/cartes/{one.programme.public_id}/2026"
    before = browser.get(path).text
    for n in range(4):
        filled(one, f"A{n}B{n}")
    assert re.sub(r'value="[^"]*"', "", browser.get(path).text) == re.sub(r'value="[^"]*"', "", before)
    filled(one, "Z2Z2")
    assert "5 cartes" in normalise(browser.get(path).text)


def test_years_that_hold_cards_lead_to_each_other(browser, one, coordinator):
    effect_counts.type_in(one.programme, 2025, [card()] * 5, actor_id=coordinator.id)
    page = browser.get(f"/coordination/questionnaires/cartes/{one.programme.public_id}/2026").text
    assert f'/coordination/questionnaires/cartes/{one.programme.public_id}/2025"' in page


@pytest.mark.parametrize("year", ["2027", "1999", "0"])
def test_years_that_are_not_there_have_no_page(browser, one, coordinator, year):
    path = f"/coordination/questionnaires/cartes/{one.programme.public_id}/{year}"
    assert [browser.get(end).status_code for end in (path, f"{path}/saisir")] == [404, 404]


def test_programmes_without_cards_and_those_of_others_have_no_page(browser, one, coordinator):
    other = make_circles(one.organisation, slug="gapp", questionnaire_slug="gapp_eval")
    elsewhere = with_cards()
    for programme in (other, elsewhere):
        path = f"/coordination/questionnaires/cartes/{programme.public_id}"
        for end in ("/2026", "/2026/saisir", "/cartes.pdf"):
            assert browser.get(path + end).status_code == 404
    assert "/coordination/questionnaires/cartes/" in browser.get("/coordination/questionnaires").text


def test_each_card_of_a_session_carries_its_own_code(browser, one, coordinator):
    for path in (f"/coordination/seances/{one.public_id}", f"/animation/seances/{one.public_id}"):
        assert f"{path}/cartes.pdf" in browser.get(path).text
        answer = browser.get(f"{path}/cartes.pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="cartes.pdf"'
        [page] = PdfReader(BytesIO(answer.data)).pages
        words = normalise(page.extract_text())
        assert len(re.findall(r"Avant de partir [A-Z]\d[A-Z]\d", words)) == 6
        assert words.count("Le code sert le lundi 2 novembre 2026.") == 6
        assert "ercle" not in words


def test_blank_cards_are_given_without_session(browser, one, coordinator):
    answer = browser.get(f"/coordination/questionnaires/cartes/{one.programme.public_id}/cartes.pdf")
    assert len(PdfReader(BytesIO(answer.data)).pages) == 1


def test_an_animator_prints_the_cards_of_her_own_sessions_only(browser, one):
    other = make_group_session(one.programme)
    animator = make_person(one.organisation)
    with transaction():
        accounts.give(animator, RoleName.ANIMATOR)
        animation.attach(one, animator)
    sign_in(browser, animator)
    assert browser.get(f"/animation/seances/{one.public_id}/cartes.pdf").status_code == 200
    assert browser.get(f"/animation/seances/{other.public_id}/cartes.pdf").status_code == 404
