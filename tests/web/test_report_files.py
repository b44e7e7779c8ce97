"""The report leaves as a file: the page asks for whom, the file says it in its name."""

import json

import pytest

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.french import normalise
from tests.browsing import page_words
from tests.reports.exports.opened import Format, everything
from tests.reports.seasons import Season, season_2025
from tests.web.forms_read import send
from tests.web.test_counting import as_coordinator

ASKED = "/coordination/rapport/2025.{}?au=2025-12-20"
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@pytest.fixture
def coordinator(browser):
    return as_coordinator(browser, season_2025())


def test_without_saying_for_whom_the_page_asks_and_each_answer_leads_to_its_file(coordinator):
    response = coordinator.get(ASKED.format("docx"))
    page = page_words(response)

    assert response.status_code == 200
    for told in (
        "Pour qui est ce document ?",
        "Pour la CPAM",
        "Nombres exacts par profession, comme le contrat le demande.",
        "À publier",
        "Les professions de moins de 3 personnes sont regroupées : « … et 4 autres professionnels ».",
        "compté au 20 décembre 2025",
    ):
        assert told in page
    html = response.get_data(as_text=True)
    for address in (
        "/coordination/rapport/2025.docx?pour=cpam&amp;au=2025-12-20",
        "/coordination/rapport/2025.docx?pour=publier&amp;au=2025-12-20",
        "/coordination/rapport/2025.pdf?au=2025-12-20",
    ):
        assert f'href="{address}"' in html


def test_before_publishing_one_is_told_which_small_professions_one_typed(coordinator, app):
    command = ["export", "--year", "2025", "--as-of", "2025-12-20", "--format", "csv", "-o", "-"]
    silent = app.test_cli_runner().invoke(report_cli, [*command, "--public"])
    before = page_words(coordinator.get(ASKED.format("pdf")))
    text = "{participants}. Une sage-femme et deux **kinés** sont venues, un diététicien aussi. Un audio-livre."
    send(coordinator, "/coordination/rapport/2025/action-30", holding="texte", texte=text)

    page = page_words(coordinator.get(ASKED.format("pdf")))

    assert "professions de moins de 3 personnes :" not in before
    assert "Ils nomment des professions de moins de 3 personnes : action 30 (sage-femme, kinés)." in page
    for_all = app.test_cli_runner().invoke(report_cli, [*command, "--public"])
    for_cpam = app.test_cli_runner().invoke(report_cli, command)
    assert (silent.stderr, for_cpam.stderr) == ("", "")
    assert normalise(for_all.stderr).splitlines() == [
        "Ce qui a été tapé à la main dans les textes y reste tel quel : relisez-le avant de publier.",
        "Ils nomment des professions de moins de 3 personnes : action 30 (sage-femme, kinés).",
    ]


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize(("pour", "exact"), [("cpam", True), ("publier", False)])
def test_each_file_is_given_under_its_type_and_a_neutral_name(coordinator, kind, pour, exact):
    response = coordinator.get(f"{ASKED.format(kind)}&pour={pour}")

    assert (response.status_code, response.headers["Content-Type"]) == (200, TYPES[kind])
    assert response.headers["Content-Disposition"] == f'attachment; filename="rapport-2025-{pour}.{kind}"'
    assert ("audioprothésiste" in everything(kind, response.data)) is exact


def test_somebody_else_s_report_is_never_given(browser):
    Season(2025, "ailleurs").programme(name="Un dispositif d’ailleurs", action=31)
    here = as_coordinator(browser, season_2025())

    told = here.get("/coordination/rapport/2025.json?pour=cpam").get_data(as_text=True)

    assert json.loads(told)["organisation"] == "CPTS du Val d'Ambre"
    assert "ailleurs" not in told


@pytest.mark.parametrize(
    "path",
    ["2025.odt?pour=cpam", "1999.pdf?pour=cpam", "20250.pdf", "2025.pdf?pour=cpam&au=hier", "2025.csv?au=2025-02-30"],
)
def test_what_does_not_exist_is_not_found(coordinator, path):
    assert coordinator.get(f"/coordination/rapport/{path}").status_code == 404


def test_a_visitor_is_asked_to_sign_in(browser):
    as_coordinator(browser, season_2025())
    visitor = browser.application.test_client()

    assert visitor.get(ASKED.format("json") + "&pour=cpam").status_code in (302, 303, 401, 403)


def test_no_number_of_one_or_two_people_is_offered_to_copy_once_the_page_is_to_be_published(browser):
    season = Season(2026)
    circles = season.programme()
    person = season.person("Ana")
    for day in ("2026-03-02", "2026-04-02", "2026-05-04"):
        session = season.session(circles, day)
        season.register(person, session)
        season.note(person, session)
    coordinator = as_coordinator(browser, season)
    page = "/coordination/rapport/2026/action-30"

    exact, public = (page_words(coordinator.get(path)) for path in (page, f"{page}?pour=publier"))

    copied = ("1 inscrit distinct en 2026", "1 présent distinct en 2026", "3 présences cumulées en 2026")
    assert [one in exact for one in copied] == [True, True, True]
    assert [one in public for one in copied] == [False, False, False]
    assert "3 séances tenues en 2026" in public
