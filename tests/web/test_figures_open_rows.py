"""Wherever a figure of the year is shown, it opens as many rows as it says: on every screen that shows one."""

import re

import pytest

from cpts_sessions.core.french import normalise
from tests.page import words
from tests.reports.seasons import Season, season_2025
from tests.web.test_counting import as_coordinator, read

STAT = re.compile(r'<b>([^<%]+)</b><a href="([^"]+)">')  # a part in per cent is no number of rows
CELL = re.compile(r'<td class="n"><a href="([^"]+)">([^<]+)</a></td>')
LISTED = re.compile(r'<a href="(/coordination/compter/[^"]+)">[^<]*?(\d+)(?: sans (?:lui|elle|eux|elles))?</a>')
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
LAST_NUMBER = re.compile(r'<td class="n">([^<]+)</td>\s*$')
BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)


def number(shown):
    return int(normalise(shown).replace(" ", ""))


def html_of(browser, url):
    response = browser.get(url.replace("&amp;", "&"))
    assert response.status_code == 200, url
    return response.get_data(as_text=True)


def figures_on(html):
    """Every number of a page that opens rows, with the address of its rows."""
    found = [(url, number(shown)) for shown, url in STAT.findall(html)]
    found += [(url, number(shown)) for url, shown in CELL.findall(html)]
    return found + [(url, number(shown)) for url, shown in LISTED.findall(html)]


def rows_behind(browser, url):
    """What the rows of a page amount to: attendances are added, people and sessions counted."""
    body = BODY.search(html_of(browser, url))
    rows = ROW.findall(body[1]) if body else []
    if re.search(r"/(presences|sans-noms)\?|/presents$", url):
        return sum(number(LAST_NUMBER.search(row.rstrip())[1]) for row in rows)
    return len(rows)


@pytest.fixture
def season(app, clock):
    """Who came with a name, without one, unannounced, who did not come, who animates; a session still to come."""
    season = Season(2026)
    circles, lou = season.programme(), season.person("Lou", "medecin-generaliste", "M.", last_name="Zorn")
    season.circles, season.walk = circles, season.programme("marche", action=30, gender="f", sort_order=2)
    ana, eva, ida, noa = (season.person(name, last_name=f"{name}son") for name in ("Ana", "Eva", "Ida", "Noa"))
    first, second = (season.session(circles, f"2026-10-{day}", animator=lou) for day in ("05", "12"))
    season.first = first
    for session in (first, second):
        season.register(ana, session)
        season.note(ana, session)
        season.note(lou, session)
    season.register(ida, first, "walk_in")
    season.note(ida, first)
    season.register(eva, first)
    season.note(eva, first, "absent")
    season.register(noa, season.session(season.walk, "2026-12-05", status="open"), "waiting")
    season.register(ana, season.session(season.walk, "2026-10-19"))
    season.tally(first, 3, "infirmier-liberal")
    season.tally(first, 1)
    season.tally(second, 2, "infirmier-liberal")
    return season


@pytest.fixture
def coordinator(browser, season):
    return as_coordinator(browser, season)


def assert_every_figure_opens_its_rows(browser, page, at_least):
    figures = figures_on(html_of(browser, page))
    assert len(figures) >= at_least
    assert {url: rows_behind(browser, url) for url, _ in figures} == dict(figures)


@pytest.mark.parametrize(
    ("page", "at_least"),
    [
        ("/coordination/compter", 25),
        ("/coordination/compter?annee=2026&au=2026-10-06", 25),
        ("/coordination/", 8),
        ("/coordination/?annee=2026&dispositif=", 8),
        ("/coordination/seances", 2),
    ],
)
def test_every_figure_of_a_screen_opens_its_rows(coordinator, page, at_least):
    assert_every_figure_opens_its_rows(coordinator, page, at_least)


def test_every_figure_of_2025_opens_its_rows(browser):
    coordinator = as_coordinator(browser, season_2025())
    assert_every_figure_opens_its_rows(coordinator, "/coordination/compter?annee=2025&au=2025-12-20", 60)


def test_a_programme_shows_its_own_figures_even_when_it_shares_an_action(coordinator, season):
    page = f"/coordination/dispositifs/{season.circles.public_id}"
    assert_every_figure_opens_its_rows(coordinator, page, 3)
    told = words(html_of(coordinator, page))
    assert "4 inscrits distincts" in told
    assert "3 présents distincts" in told
    assert "11 présences cumulées" in told
    walk = words(html_of(coordinator, f"/coordination/dispositifs/{season.walk.public_id}"))
    assert "1 inscrit distinct" in walk
    assert "Aucune présence relevée" in walk


def test_people_counted_without_names_are_rows_by_profession(coordinator):
    page = read(coordinator, "/coordination/compter")
    assert "IDEL, sans noms · · 5" in page
    assert "personne, sans nom · · 1" in page
    assert "Total 4 3 11" in page
    assert "Présences relevées sans nom : 6" in page
    rows = read(coordinator, "/coordination/compter/sans-noms?annee=2026&de=30&profession=infirmier-liberal")
    assert "3 IDEL, sans noms" in rows
    assert "2 IDEL, sans noms" in rows
    assert "1 personne, sans nom" not in rows


def test_people_counted_without_names_make_minimums_of_the_distinct_figures_only(coordinator):
    page = read(coordinator, "/coordination/")
    minimum = "Au moins ce nombre : des présences ont été relevées sans nom."
    assert page.count(minimum) == 2
    assert "11 présences cumulées" in page


def test_the_session_says_how_many_came_and_who(coordinator, season):
    page = f"/coordination/seances/{season.first.public_id}"
    html = html_of(coordinator, page)
    assert f'<a href="{page}/presents">7\u00a0présences</a>' in html
    told = read(coordinator, f"{page}/presents")
    for row in (
        "Ana Anason psychologue 1",
        "Ida Idason psychologue sans inscription 1",
        "Lou Zorn médecin généraliste animation 1",
        "3 IDEL, sans noms · relevées sans nom 3",
        "1 personne, sans nom · relevées sans nom 1",
    ):
        assert row in told
    assert "Eva" not in told


def test_a_session_nobody_was_noted_at_says_so(coordinator, season):
    session = season.session(season.circles, "2026-10-26")
    assert "Aucune présence relevée" in read(coordinator, f"/coordination/seances/{session.public_id}/presents")


def test_presences_of_a_discovery_session_are_said_to_count_nowhere(coordinator, season):
    session = season.session(season.circles, "2026-10-27", is_discovery=True)
    season.tally(session, 4)
    told = read(coordinator, f"/coordination/seances/{session.public_id}/presents")
    assert "Séance de découverte : ces présences ne comptent ni" in told
    assert rows_behind(coordinator, f"/coordination/seances/{session.public_id}/presents") == 4


def test_a_year_without_anybody_shows_no_figures_on_the_desk(browser, clock):
    season = Season(2026)
    season.session(season.programme(), "2026-12-05", status="open")
    shown = read(as_coordinator(browser, season), "/coordination/")
    assert "Rien à compter en 2026 pour l'instant." in shown
    assert "distinct" not in shown
