"""The coordinator counts: every figure of the page opens the rows it counts, and every table leaves as a workbook."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from cpts_sessions.accounts.models import Role
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from tests.browsing import sign_in
from tests.page import words
from tests.reports.opened import answers_of_2025, opened
from tests.reports.seasons import Season, season_2025

PAGE = "/coordination/compter?annee=2025&au=2025-12-20"
LINK = re.compile(r'href="(/coordination/compter/[^"]+)"')


def as_coordinator(browser, season):
    """Give the season's organisation its coordinator, signed in."""
    forget_sites()
    person = season.person("Eva", None, last_name="Coordinatrice")
    with transaction():
        season.organisation.public_url = "http://localhost"
        db.session.add(Role(organisation_id=season.organisation.id, person_id=person.id, name="coordinator"))
    forget_sites()
    sign_in(browser, person)
    return browser


@pytest.fixture
def coordinator(browser):
    return as_coordinator(browser, season_2025())


def read(browser, url):
    response = browser.get(url.replace("&amp;", "&"))
    assert response.status_code == 200, url
    return words(response.get_data(as_text=True))


def lines(browser, url):
    """How many rows the table of a page has."""
    html = browser.get(url.replace("&amp;", "&")).get_data(as_text=True)
    return len(re.findall(r"<tr>", html.partition("<tbody>")[2].partition("</tbody>")[0]))


def test_the_page_of_2025_says_its_figures_and_both_sentences(coordinator):
    page = read(coordinator, PAGE)
    for told in (
        "26 inscrits distincts, GAPP et cercles de paroles réunis",
        "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, "
        "1 audioprothésiste, 1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) "
        "se sont inscrits à l'activité",
        "19 professionnels (3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres professionnels) "
        "se sont inscrits à l'activité",
        "19 en comptant l'animateur, 18 sans lui",
        "Total 19 17 77",
        "Total 11 11 30",
        "un dernier est prévu le 30 décembre",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("figure", "rows"),
    [
        ("inscrits?annee=2025&au=2025-12-20", 26),
        ("presents?annee=2025&au=2025-12-20", 24),
        ("presences?annee=2025&au=2025-12-20", 107),
        ("inscrits?annee=2025&au=2025-12-20&de=30", 19),
        ("presents?annee=2025&au=2025-12-20&de=30", 17),
        ("presences?annee=2025&au=2025-12-20&de=30", 77),
        ("sans-animation?annee=2025&au=2025-12-20&de=30", 18),
        ("inscrits?annee=2025&au=2025-12-20&de=30&profession=medecin-generaliste", 3),
        ("tenues?annee=2025&au=2025-12-20&de=29", 5),
        ("tenues?annee=2025&au=2025-12-20&de=30", 13),
        ("prevues?annee=2025&au=2025-12-20&de=30", 1),
        ("decouvertes?annee=2025&au=2025-12-20&de=30", 2),
    ],
)
def test_a_figure_opens_as_many_rows_as_it_says(coordinator, figure, rows):
    assert lines(coordinator, f"/coordination/compter/{figure}") == rows


def test_every_link_of_the_page_opens(coordinator):
    html = coordinator.get(PAGE).get_data(as_text=True)
    for url in dict.fromkeys(LINK.findall(html)):
        assert coordinator.get(url.replace("&amp;", "&")).status_code == 200, url


def test_rows_lead_to_the_person_and_to_the_session(coordinator):
    html = coordinator.get("/coordination/compter/inscrits?annee=2025&de=30").get_data(as_text=True)
    fatou = db.session.query(Person).filter_by(email="fatou.diallo@example.org").one()
    assert f'<a href="/coordination/personnes/{fatou.public_id}">Diallo</a>' in html
    html = coordinator.get("/coordination/compter/tenues?annee=2025&de=29").get_data(as_text=True)
    assert len(re.findall(r'href="/coordination/seances/[0-9a-f-]{36}"', html)) == 5


def test_a_session_that_is_over_and_not_closed_is_to_close(coordinator):
    path = "/coordination/compter/tenues?annee=2025&de=29"
    assert "à clore" not in read(coordinator, path)
    with transaction():
        one = db.session.query(GroupSession).join(Programme).filter(Programme.action == 29).first()
        one.status = "open"
    assert "à clore" in read(coordinator, path)


def test_a_nul_figure_says_so(coordinator):
    assert "Ce nombre est nul" in read(coordinator, "/coordination/compter/annulees?annee=2025&de=29")


@pytest.mark.parametrize(
    "url",
    [
        "/coordination/compter/tout?annee=2025",
        "/coordination/compter/inscrits?annee=1950",
        "/coordination/compter/inscrits?annee=2025&de=31",
        "/coordination/compter/inscrits?annee=2025&au=hier",
        "/coordination/compter/professions?annee=2025",
        "/coordination/compter/tout.xlsx?annee=2025",
    ],
)
def test_what_is_not_counted_is_not_found(coordinator, url):
    assert coordinator.get(url).status_code == 404


def test_a_day_that_does_not_exist_is_said_at_its_field(coordinator):
    response = coordinator.get("/coordination/compter?annee=2025&au=2025-02-30")
    assert response.status_code == 422
    assert 'href="#au"' in response.get_data(as_text=True)


def test_the_table_by_profession_is_downloaded_for_somebody(coordinator):
    asked = "annee=2025&au=2025-12-20&de=30"
    page = read(coordinator, f"/coordination/compter/professions?{asked}")
    assert "Pour qui est ce document ?" in page
    unsaid = coordinator.get(f"/coordination/compter/professions.xlsx?{asked}")
    assert (unsaid.status_code, "/coordination/compter/professions?" in unsaid.location) == (303, True)
    exact, public = (
        coordinator.get(f"/coordination/compter/professions.xlsx?{asked}&pour={whom}") for whom in ("cpam", "publier")
    )
    assert exact.headers["Content-Disposition"] == (
        'attachment; filename="compter-2025-action-30-professions-cpam.xlsx"'
    )
    assert [cell.value for cell in sheet(public)["A"]] == [
        "Profession",
        "médecins généralistes",
        "diététiciennes",
        "orthophonistes",
        "autres professionnels",
    ]
    assert sum(cell.value for cell in sheet(exact)["B"][1:]) == sum(cell.value for cell in sheet(public)["B"][1:]) == 19


def sheet(response):
    return load_workbook(BytesIO(response.data))["Tableau"]


def test_a_name_that_looks_like_a_formula_stays_a_name(browser, clock):
    season = Season(2026)
    circles = season.programme()
    person = season.person("Ana", last_name='=HYPERLINK("http://evil.example.org";"clic")')
    season.register(person, season.session(circles, "2026-10-05"))
    coordinator = as_coordinator(browser, season)

    cell = sheet(coordinator.get("/coordination/compter/inscrits.xlsx?annee=2026&de=30"))["A2"]

    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", person.last_name, None)


def test_the_present_year_is_counted_when_none_is_asked(browser, clock):
    season = Season(2026)
    circles = season.programme()
    session = season.session(circles, "2026-10-05")
    season.tally(session, 3)
    page = read(as_coordinator(browser, season), "/coordination/compter")
    assert "Année 2026, comptée au 2 novembre 2026" in page
    assert "Au moins 3 personnes ont participé" in page


def test_the_evaluation_of_an_opened_box_is_on_the_page(coordinator):
    assert "L'évaluation" not in read(coordinator, PAGE)
    circles = db.session.query(Programme).filter_by(slug="cercle-de-paroles").one()
    opened(circles, answers_of_2025())
    page = read(coordinator, PAGE)
    assert "Taux de réponse : 6 sur 16 (38 %)" in page
    assert "Un questionnaire a été transmis aux participants : 6 des 16 personnes invitées ont répondu (38 %)." in page
    assert "soit 5 réponses « oui » contre 1 mention de durée « un peu longue »." in page


def test_an_organisation_without_programmes_has_nothing_to_count(browser, clock):
    assert "Rien à compter" in read(as_coordinator(browser, Season(2026)), "/coordination/compter")
