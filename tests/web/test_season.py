"""The coordination reads a season as a list or as a month, and filters every list in its address."""

import re
from datetime import UTC, date, datetime

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.web.coordinator.month import following, weeks
from tests.factories import make_group_session, make_organisation, make_person, make_programme
from tests.web.coordination import LIST, rows_of, text_of
from tests.web.counted_queries import queries_for

MONTH = f"{LIST}?vue=mois"


def at(month, day, year=2026):
    return datetime(year, month, day, 19, 0, tzinfo=UTC)


@pytest.fixture
def circles(organisation):
    return make_programme(organisation, name="Cercles", session_title="Cercle", slug="cercles")


@pytest.fixture
def season(organisation, programme, circles):
    make_group_session(programme, starts_at=at(11, 10), place_name="Chapelle")
    make_group_session(circles, starts_at=at(11, 24), place_name="Hôtel de ville")
    make_group_session(programme, starts_at=at(12, 1), place_name="CHAPELLE", status="cancelled")
    held = make_group_session(programme, starts_at=at(3, 12, 2025), place_name="Mairie", status="held")
    animator = make_person(organisation, first_name="Béatrice", last_name="Morel")
    with transaction():
        db.session.add(
            SessionAnimator(organisation_id=organisation.id, group_session_id=held.id, person_id=animator.id)
        )
    away = make_organisation(public_url="http://ailleurs.example.org")
    make_group_session(make_programme(away), starts_at=at(11, 12), place_name="Ailleurs")
    return animator


PLACES = ("Chapelle", "CHAPELLE", "Hôtel de ville", "Mairie", "Ailleurs")


def places(browser, asked):
    shown = rows_of(browser, f"{LIST}?{asked}")
    return [place for place in PLACES if place in shown]


def test_each_filter_of_the_address_narrows_the_list(coordinator, season, circles):
    assert places(coordinator, "") == ["Chapelle", "CHAPELLE", "Hôtel de ville"]
    assert places(coordinator, "annee=2025") == ["Mairie"]
    assert places(coordinator, "annee=toutes") == list(PLACES[:4])
    assert places(coordinator, "mois=2026-12") == ["CHAPELLE"]
    assert places(coordinator, f"dispositif={circles.public_id}") == ["Hôtel de ville"]
    assert places(coordinator, "lieu=chapelle") == ["Chapelle", "CHAPELLE"]
    assert places(coordinator, "lieu=chapelle&etat=annulees") == ["CHAPELLE"]
    assert places(coordinator, f"animation={season.public_id}&annee=toutes") == ["Mairie"]
    assert places(coordinator, "q=morel") == ["Mairie"]
    assert places(coordinator, "q=chapelle&annee=2025") == []


def states(browser, asked=""):
    read = browser.get(f"{LIST}?{asked}").get_data(as_text=True)
    return re.findall(r">([^<>]+ \(\d+\))</a>", normalise(read))


def test_each_state_counts_what_it_lists_and_says_of_when(coordinator, season, programme):
    assert states(coordinator) == ["Toutes en 2026 (3)", "À venir (2)", "Annulées (1)"]
    make_group_session(programme, starts_at=at(1, 12, 2027), place_name="Chapelle")

    both = ["Toutes en 2026 (3)", "À venir, toutes années (3)", "Annulées (1)"]
    assert states(coordinator) == states(coordinator, "etat=a-venir") == both
    assert rows_of(coordinator, f"{LIST}?etat=a-venir").count("Chapelle") == 2
    assert states(coordinator, "mois=2026-12") == [
        "Toutes en décembre 2026 (1)",
        "À venir, toutes années (3)",
        "Annulées (1)",
    ]
    assert states(coordinator, "annee=toutes") == ["Toutes (5)", "À venir (3)", "Tenues (1)", "Annulées (1)"]


def test_all_those_in_preparation_open_at_once_only_where_all_of_them_are_listed(coordinator, programme):
    for day in (17, 18):
        make_group_session(programme, starts_at=at(11, day), place_name="Chapelle", status="draft")

    words = "Ouvrir toutes celles en préparation"
    assert words in text_of(coordinator, f"{LIST}?etat=brouillons")
    assert words not in text_of(coordinator, f"{LIST}?etat=brouillons&lieu=chapelle")
    assert words not in text_of(coordinator, LIST)


@pytest.mark.parametrize(
    "nonsense",
    ["annee=x", "annee=1", "mois=2026-13", "mois=1999-01", "mois=x", "lieu=x", "animation=x", "vue=x", "q=%20"],
)
def test_a_filter_that_means_nothing_is_left_out(coordinator, season, nonsense):
    assert places(coordinator, nonsense) == ["Chapelle", "CHAPELLE", "Hôtel de ville"]


def test_each_filter_is_shown_and_its_link_takes_it_off_alone(coordinator, season):
    page = coordinator.get(f"{LIST}?etat=annulees&annee=2025&lieu=chapelle").get_data(as_text=True)

    assert f'href="{LIST}?etat=annulees&amp;lieu=chapelle"' in page
    assert f'href="{LIST}?etat=annulees&amp;annee=2025"' in page
    assert f'<a class="all" href="{LIST}?etat=annulees">' in page
    assert '<input type="hidden" name="etat" value="annulees">' in page


def test_the_month_shows_its_sessions_today_and_holidays_and_leads_to_the_months_around(coordinator, season):
    page = coordinator.get(MONTH).get_data(as_text=True)
    shown = text_of(coordinator, MONTH)

    assert "Séances, novembre 2026" in shown
    assert "Novembre 2026, 2 séances" in shown
    assert "2 novembre 2026 aujourd'hui" in shown
    assert "11 novembre 2026 le 11 novembre" in shown
    assert "20 h Cercle 0 sur" in shown
    assert f'rel="prev" href="{LIST}?vue=mois&amp;mois=2026-10"' in page
    assert f'rel="next" href="{LIST}?vue=mois&amp;mois=2026-12"' in page
    assert "Ailleurs" not in shown
    assert "décembre (1)" in shown


def test_the_month_keeps_the_filters_and_the_list_finds_them_again(coordinator, season, circles):
    page = coordinator.get(f"{MONTH}&mois=2026-11&dispositif={circles.public_id}").get_data(as_text=True)

    assert "Novembre 2026, 1 séance" in text_of(coordinator, f"{MONTH}&mois=2026-11&dispositif={circles.public_id}")
    assert f'href="{LIST}?dispositif={circles.public_id}"' in page
    assert f'href="{LIST}?vue=mois&amp;mois=2026-12&amp;dispositif={circles.public_id}"' in page


@pytest.mark.parametrize("asked", ["mois=2000-01", "mois=2099-12", "mois=9999-99", "annee=2025", "mois=%00"])
def test_any_month_is_answered(coordinator, season, asked):
    assert coordinator.get(f"{MONTH}&{asked}").status_code == 200


def test_the_month_asks_as_much_of_the_database_for_five_sessions_as_for_one(coordinator, organisation, programme):
    def add(day):
        person = make_person(organisation)
        one = make_group_session(programme, starts_at=at(11, day))
        with transaction():
            db.session.add(
                SessionAnimator(organisation_id=organisation.id, group_session_id=one.id, person_id=person.id)
            )

    asked = f"{MONTH}&q=gapp&lieu=x"
    add(10)
    few = queries_for(coordinator, asked)
    for day in range(11, 15):
        add(day)

    assert queries_for(coordinator, asked) == few


def test_weeks_begin_on_monday_and_hold_the_whole_month():
    november = weeks(date(2026, 11, 1), [], date(2026, 11, 2))

    assert [len(week) for week in november] == [7] * 6
    assert (november[0][0].date, november[-1][-1].date) == (date(2026, 10, 26), date(2026, 12, 6))
    assert [day.date.day for week in november for day in week if day.is_of_month] == list(range(1, 31))
    assert [day.date for week in november for day in week if day.is_today] == [date(2026, 11, 2)]
    assert [len(weeks(date(2021, 2, 1), [], date(2026, 11, 2)))] == [4]


def test_months_follow_each_other_over_the_new_year():
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert following(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert following(date(2026, 11, 1), -24) == date(2024, 11, 1)
