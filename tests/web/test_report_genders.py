"""Feminine or masculine in the report, chosen by hand where civilities do not settle it."""

import pytest

from cpts_sessions.reports import services
from cpts_sessions.reports.annual.published import present_sentence
from cpts_sessions.reports.models import ChosenGender
from cpts_sessions.reports.season import season_report
from tests.page import words
from tests.reports.seasons import season_2025
from tests.web.coordination import after, stored
from tests.web.forms_read import send
from tests.web.test_counting import as_coordinator

PAGE = "/coordination/rapport/2025/accords"


@pytest.fixture
def season(app, clock):
    return season_2025()


def sentence(season):
    """The inscrits, then the présents."""
    part = season_report(season.organisation.id, 2025).part("30")
    assert part
    return words(f"{part.sentence} {present_sentence(part)}")


def test_a_gender_chosen_by_hand_wins_over_civilities_in_its_year_alone(browser, season):
    coordinator = as_coordinator(browser, season)
    assert "2 psychologues" in sentence(season)
    assert "3 diététiciennes" in sentence(season)

    answer = send(coordinator, PAGE, holding="dieteticien", **{"dieteticien": "m", "pharmacien": "f"})

    assert answer.status_code == 303
    assert "Le rapport s'accorde ainsi." in after(coordinator, answer)
    assert sentence(season).count("3 diététiciens") == 2
    assert "1 pharmacienne" in sentence(season)
    assert sorted((one.year, one.profession_slug, one.gender) for one in stored(ChosenGender)) == [
        (2025, "dieteticien", "m"),
        (2025, "pharmacien", "f"),
    ]

    send(coordinator, PAGE, holding="dieteticien", **{"dieteticien": "", "pharmacien": "f"})
    assert "3 diététiciennes" in sentence(season)


def test_a_profession_with_one_form_is_not_asked_about(browser, season):
    html = as_coordinator(browser, season).get(PAGE).get_data(as_text=True)

    assert 'name="dieteticien"' in html
    assert 'name="orthophoniste"' not in html


def test_a_frozen_report_keeps_its_forms(browser, season):
    coordinator = as_coordinator(browser, season)
    services.freeze(season.organisation.id, 2025, actor_id=1)

    answer = send(coordinator, PAGE, holding="dieteticien", **{"dieteticien": "m"})

    assert "Le rapport 2025 est figé" in after(coordinator, answer)
    assert stored(ChosenGender).count() == 0
