"""The copies of a report that were frozen, then unfrozen: named with their reason, read again, never changed."""

import pytest

from cpts_sessions.reports.models import FrozenReport
from tests.browsing import page_words
from tests.reports.seasons import season_2025
from tests.web.coordination import after, stored, text_of
from tests.web.forms_read import send
from tests.web.test_counting import as_coordinator
from tests.web.test_report_pages import PAGE, YEAR, one_more

WHY = "La CPAM a demandé le détail des séances."


@pytest.fixture
def season(app, clock):
    return season_2025()


@pytest.fixture
def coordinator(browser, season):
    return as_coordinator(browser, season)


def frozen_then_unfrozen(coordinator, why=""):
    send(coordinator, f"{YEAR}/figer", holding="csrf_token")
    return after(coordinator, send(coordinator, f"{YEAR}/defiger", holding="motif", motif=why))


def test_each_is_named_with_its_authors_and_why(coordinator):
    frozen_then_unfrozen(coordinator)
    page = frozen_then_unfrozen(coordinator, why=f"  {WHY} ")

    told = "Figé le 2 novembre 2026 par Eva Coordinatrice, défigé le 2 novembre 2026 par Eva Coordinatrice."
    for shown in (page, text_of(coordinator, f"{YEAR}/figer")):
        assert f"{told} Motif : {WHY} Relire cette version {told} Aucun motif noté. Relire cette version" in shown
    assert WHY not in text_of(coordinator, "/coordination/journal?sujet=rapport")


def test_one_is_read_as_it_was_with_what_changed_since(coordinator, season):
    frozen_then_unfrozen(coordinator, why=WHY)
    one_more(season)

    year, page = f"{YEAR}?copie=1", f"{PAGE}?copie=1"
    assert "Inscrits distincts : 19 ·" in text_of(coordinator, year)
    assert "Inscrits distincts : 20 ·" in text_of(coordinator, YEAR)
    changed = "Depuis, des corrections changent ce chiffre : 19 dans le rapport figé, 20 aujourd'hui."
    for address in (year, page):
        words = text_of(coordinator, address)
        assert "Une ancienne version figée, à lire seulement." in words
        assert (WHY in words, changed in words) == (True, True)
    html = coordinator.get(year).get_data(as_text=True) + coordinator.get(page).get_data(as_text=True)
    assert f'href="{PAGE}?copie=1"' in html
    for act in ("defiger", "Figer l", "2025.docx", "Modifier le texte", "Modifier les montants"):
        assert act not in html
    assert stored(FrozenReport).count() == 1


def test_a_copy_that_is_not_there_is_not_found(coordinator):
    frozen_then_unfrozen(coordinator)

    found = {one: coordinator.get(f"{YEAR}?copie={one}").status_code for one in ("1", "0", "2", "un", "-1")}
    assert found == {"1": 200, "0": 404, "2": 404, "un": 404, "-1": 404}
    assert coordinator.get("/coordination/rapport/2024?copie=1").status_code == 404
    assert coordinator.get(f"{PAGE}?copie=2").status_code == 404


def test_a_reason_too_long_is_refused_and_kept_on_the_page(coordinator):
    send(coordinator, f"{YEAR}/figer", holding="csrf_token")
    refused = send(coordinator, f"{YEAR}/defiger", holding="motif", motif="très long " * 30)

    assert (refused.status_code, "très long très long" in refused.get_data(as_text=True)) == (422, True)
    assert stored(FrozenReport).one().unfrozen_at is None
    assert "Garder figé" in page_words(refused)
