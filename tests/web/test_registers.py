"""The pages of the registers of actions 27, 28 and 31."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from cpts_sessions.registers import services
from cpts_sessions.registers.entries import Communicated, Done, Request, RequestsOfYear
from cpts_sessions.registers.models import Channel, Communication, HelpRequest, Step, SupportedPeople
from tests.browsing import submit
from tests.factories import make_organisation
from tests.page import words
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

pytestmark = pytest.mark.usefixtures("clock")

REQUESTS = "/coordination/registres/action-27"
COMMUNICATIONS = "/coordination/registres/action-28"
STEPS = "/coordination/registres/action-31"
REQUEST = {
    "jour": "2026-03-10",
    "outil": "ICCOPE",
    "structure": "CPTS des Trois Rivières",
    "nature": "Formation, inclusions",
    "besoin": "Un parcours",
}
COMMUNICATION = {"date": "mai 2026", "canal": "newsletter", "quoi": "lettre d’information", "lien": ""}
STEP = {"jour": "2026-02-03", "titre": "Accueil de deux internes", "texte": "Visite des cabinets.", "lien": ""}
EMPTY = {
    REQUESTS: "Aucune sollicitation notée cette année (action 27).",
    COMMUNICATIONS: "Aucune communication notée cette année (action 28).",
    STEPS: "Le journal de l'année est vide (action 31).",
}


def noted(organisation, number=1):
    """Some rows of each register, in 2026."""
    for n in range(1, number + 1):
        day = date(2026, 2, n)
        services.note(organisation.id, Request(day=day, tool=f"Outil {n}", asker="CPTS du Moulin", natures="formation"))
        services.note(
            organisation.id,
            Communicated(
                day=day, is_month_only=False, channel=Channel.STAND, what=f"stand {n}", link="https://exemple.org/a"
            ),
        )
        services.note(organisation.id, Done(day=day, title=f"Étape {n}", text="Un texte."))


def rows_of(response):
    """The first sheet of a workbook, as rows of values."""
    book = openpyxl.load_workbook(BytesIO(response.get_data()))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("path", [REQUESTS, COMMUNICATIONS, STEPS])
def test_an_empty_register_says_what_to_do(coordinator, path):
    page = coordinator.get(path).get_data(as_text=True)

    assert EMPTY[path] in text_of(coordinator, path)
    assert f'href="{path}/noter"' in page
    assert "en 2024" in text_of(coordinator, f"{path}?annee=2024") or path == STEPS


def test_the_address_without_a_register_leads_to_the_first_of_the_same_year(coordinator):
    answers = [coordinator.get(f"/coordination/registres{end}") for end in ("", "?annee=2025")]

    assert [one.location for one in answers] == [REQUESTS, f"{REQUESTS}?annee=2025"]


@pytest.mark.parametrize("year", ["", "25", "1999", "2101", "20 25", "٢٠٢٥", "2025.0", "' OR 1=1"])
@pytest.mark.parametrize("path", [REQUESTS, COMMUNICATIONS, STEPS, f"{STEPS}.xlsx"])
def test_a_year_that_is_none_is_not_found(coordinator, path, year):
    assert coordinator.get(path, query_string={"annee": year}).status_code == 404


def test_a_request_is_noted_and_read_in_the_sentence_the_table_and_the_list(coordinator):
    told = after(coordinator, submit(coordinator, f"{REQUESTS}/noter", **REQUEST))

    assert "Sollicitation notée." in told
    assert "1 sollicitation a été reçue en 2026" in told
    assert "ICCOPE 1 Formation, inclusions Un parcours" in told
    assert "10 mars 2026 ICCOPE Formation, inclusions. Besoin : Un parcours CPTS des Trois Rivières 1" in told
    assert [one.day for one in stored(HelpRequest)] == [date(2026, 3, 10)]


def test_several_are_noted_in_a_row(coordinator):
    answer = submit(coordinator, f"{REQUESTS}/noter", **REQUEST, encore="1")

    assert answer.location == f"{REQUESTS}/noter"
    assert "Sollicitation notée." in after(coordinator, answer)


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        (REQUESTS, {**REQUEST, "structure": ""}, "Indiquez la CPTS ou la structure."),
        (REQUESTS, {**REQUEST, "outil": " "}, "Indiquez l'outil."),
        (REQUESTS, {**REQUEST, "nature": ""}, "Indiquez au moins une nature"),
        (REQUESTS, {**REQUEST, "jour": "hier"}, "Date : "),
        (REQUESTS, {**REQUEST, "jour": "1980-01-01"}, "n'est pas une année entre 2000 et 2100"),
        (COMMUNICATIONS, {**COMMUNICATION, "date": "un jour"}, "n'est ni un jour ni un mois"),
        (COMMUNICATIONS, {**COMMUNICATION, "date": "31/02/2026"}, "n'est ni un jour ni un mois"),
        (COMMUNICATIONS, {**COMMUNICATION, "canal": ""}, "Choisissez le canal"),
        (COMMUNICATIONS, {**COMMUNICATION, "lien": "javascript:alert(1)"}, "n'est pas l'adresse d'une page"),
        (STEPS, {**STEP, "titre": ""}, "Donnez un titre à cette étape."),
        (STEPS, {**STEP, "lien": "exemple.org"}, "n'est pas l'adresse d'une page"),
    ],
)
def test_what_cannot_be_noted_is_said_and_what_was_typed_is_kept(coordinator, path, fields, told):
    answer = submit(coordinator, f"{path}/noter", **fields)

    assert answer.status_code == 422
    assert told in words(answer.text)
    kept = next(value for name, value in fields.items() if name in ("besoin", "quoi", "texte"))
    assert kept in answer.text
    assert [stored(one).count() for one in (HelpRequest, Communication, Step)] == [0, 0, 0]


def test_the_requests_about_one_tool_are_one_click_away(coordinator, organisation):
    noted(organisation, 2)

    page = text_of(coordinator, f"{REQUESTS}?outil=outil 2")
    assert "Les sollicitations pour outil 2" in page
    assert ("2 février 2026" in page, "1er février 2026" in page) == (True, False)
    assert "2 sollicitations ont été reçues en 2026, pour 2 outils" in page
    assert "Aucune sollicitation pour cet outil en 2026." in text_of(coordinator, f"{REQUESTS}?outil=Autre")


def test_a_line_of_a_whole_year_is_corrected_as_one(coordinator, organisation):
    row = services.note(organisation.id, RequestsOfYear(year=2025, tool="ICCOPE", count=7, natures="inclusions"))
    path = f"{REQUESTS}/{row.public_id}"

    assert "toute l'année 2025" in text_of(coordinator, path)
    told = after(coordinator, send(coordinator, path, holding="outil", nombre="8", nature=""))
    assert "8 sollicitations ont été reçues en 2025, toutes pour le même outil" in told
    assert "Toute l'année ICCOPE" in told
    told = after(coordinator, send(coordinator, path, holding="outil", nombre="8", nature=""))
    assert "Rien à enregistrer : tout était déjà ainsi." in told


def test_a_communication_is_noted_by_its_month_and_opened_by_its_link(coordinator):
    told = after(coordinator, submit(coordinator, f"{COMMUNICATIONS}/noter", **COMMUNICATION))

    assert "Communication notée." in told
    assert "1 communication a été réalisée en 2026 : lettre d'information (mai 2026)" in told
    assert "Mai 2026 Lettre d'information lettre d'information" in told
    row = stored(Communication).one()
    page = coordinator.get(f"{COMMUNICATIONS}/{row.public_id}").text
    assert 'value="mai 2026"' in page
    changed = {**COMMUNICATION, "date": "4/05/2026", "lien": "https://exemple.org/lettre"}
    told = after(coordinator, send(coordinator, f"{COMMUNICATIONS}/{row.public_id}", holding="quoi", **changed))
    assert "4 mai 2026 Lettre d'information lettre d'information Ouvrir" in told
    assert 'href="https://exemple.org/lettre"' in coordinator.get(f"{COMMUNICATIONS}?annee=2026").text


def test_the_number_of_people_supported_refuses_names(coordinator):
    path = f"{COMMUNICATIONS}/accompagnes?annee=2025"
    page = f"{COMMUNICATIONS}?annee=2025"
    before = text_of(coordinator, page)
    refused = submit(coordinator, path, page=page, nombre="Mme Vautrin")
    told = after(coordinator, submit(coordinator, path, page=page, nombre="4"))

    assert refused.status_code == 422
    assert "Ce registre ne garde qu’un nombre. Retirez les noms." in refused.text
    assert "Non renseigné." in before
    assert ("4 professionnels ont été accompagnés en 2025" in told, "Non renseigné." in told) == (True, False)
    assert stored(SupportedPeople).one().count == 4
    assert "Rien à enregistrer" in after(coordinator, submit(coordinator, path, page=page, nombre="4"))


def test_a_step_is_added_and_corrected(coordinator):
    told = after(coordinator, submit(coordinator, f"{STEPS}/noter", **STEP))
    row = stored(Step).one()
    changed = after(coordinator, send(coordinator, f"{STEPS}/{row.public_id}", holding="texte", titre="Autre titre"))

    assert "Mardi 3 février 2026" in told
    assert "Accueil de deux internes Visite des cabinets." in told
    assert "Autre titre Visite des cabinets." in changed


@pytest.mark.parametrize(("path", "kind"), [(REQUESTS, HelpRequest), (COMMUNICATIONS, Communication), (STEPS, Step)])
def test_a_row_is_removed_once_confirmed(coordinator, organisation, path, kind):
    noted(organisation)
    remove = f"{path}/{stored(kind).one().public_id}/retirer"

    assert "Elle disparaît tout à fait" in text_of(coordinator, remove)
    assert stored(kind).count() == 1
    told = after(coordinator, send(coordinator, remove, holding="lu"))
    assert ("du registre." in told) or ("du journal." in told)
    assert stored(kind).count() == 0
    assert coordinator.get(remove).status_code == 404


@pytest.mark.parametrize(("path", "kind"), [(REQUESTS, HelpRequest), (COMMUNICATIONS, Communication), (STEPS, Step)])
def test_what_another_cpts_notes_is_not_shown_nor_found(coordinator, path, kind):
    noted(make_organisation(public_url="http://autre.example.org"))
    row = stored(kind).one()

    assert EMPTY[path] in text_of(coordinator, path)
    assert [coordinator.get(f"{path}/{row.public_id}{end}").status_code for end in ("", "/retirer")] == [404, 404]


def test_each_register_leaves_as_a_workbook(coordinator, organisation):
    noted(organisation)
    services.note_supported(organisation.id, 2026, "4")
    services.note(organisation.id, RequestsOfYear(year=2026, tool="=1+1", count=2))
    year = "?annee=2026"

    day = stored(HelpRequest).first().day
    assert rows_of(coordinator.get(f"{REQUESTS}/outils.xlsx{year}")) == [
        ("Outil", "Nombre", "Nature", "Besoins"),
        ("Outil 1", 1, "formation", None),
        ("=1+1", 2, None, None),
    ]
    one_by_one = rows_of(coordinator.get(f"{REQUESTS}/sollicitations.xlsx{year}"))
    assert [(row[0].date() if row[0] else None, *row[1:4]) for row in one_by_one[1:]] == [
        (day, "Outil 1", "CPTS du Moulin", 1),
        (None, "=1+1", None, 2),
    ]
    answer = coordinator.get(f"{COMMUNICATIONS}.xlsx{year}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="action-28-2026.xlsx"'
    assert [(row[0], *row[2:]) for row in rows_of(answer)[1:]] == [
        ("1er\xa0février 2026", "Stand", "stand 1", "https://exemple.org/a")
    ]
    assert [row[1:] for row in rows_of(coordinator.get(f"{STEPS}.xlsx{year}"))[1:]] == [("Étape 1", "Un texte.", None)]


@pytest.mark.parametrize("path", [REQUESTS, COMMUNICATIONS, STEPS])
def test_a_register_asks_as_much_of_the_database_whatever_it_holds(coordinator, organisation, path):
    noted(organisation)
    one = queries_for(coordinator, path)
    noted(organisation, 3)

    assert queries_for(coordinator, path) == one


@pytest.mark.parametrize("path", [REQUESTS, COMMUNICATIONS, STEPS])
def test_what_is_noted_of_another_year_is_asked_its_day(coordinator, path):
    add = f"{path}/noter?annee=2025"
    assert f'href="{add}"' in coordinator.get(f"{path}?annee=2025").get_data(as_text=True)

    asked = coordinator.get(add).get_data(as_text=True)

    assert f'href="{path}?annee=2025"' in asked
    assert "2026" not in asked.partition('<form method="post" novalidate>')[2].partition("</form>")[0]


def test_the_journal_of_acts_tells_who_noted_what_without_its_words(coordinator):
    page = f"{COMMUNICATIONS}?annee=2025"
    submit(coordinator, f"{REQUESTS}/noter", **REQUEST)
    submit(coordinator, f"{COMMUNICATIONS}/accompagnes?annee=2025", page=page, nombre="4")
    row = stored(HelpRequest).one()
    send(coordinator, f"{REQUESTS}/{row.public_id}", holding="outil", outil="Frottis")
    send(coordinator, f"{REQUESTS}/{row.public_id}/retirer", holding="lu")

    journal = text_of(coordinator, "/coordination/journal?sujet=rapport")
    for told in (
        "Sophie Lambert a noté une sollicitation (registre 2026, action 27)",
        "Sophie Lambert a noté le nombre de professionnels accompagnés en 2025 (action 28) : 4",
        "Sophie Lambert a corrigé une sollicitation (registre 2026, action 27)",
        "Sophie Lambert a retiré une sollicitation (registre 2026, action 27)",
    ):
        assert told in journal
    assert [word for word in ("ICCOPE", "Frottis", "Rivières") if word in journal] == []


def test_the_report_leads_to_the_register_of_its_year(coordinator):
    for action, path in ((27, REQUESTS), (28, COMMUNICATIONS), (31, STEPS)):
        assert f'href="{path}?annee=2026"' in coordinator.get(f"/coordination/rapport/2026/action-{action}").text


def test_the_counting_page_leads_to_the_registers_of_its_year(coordinator):
    assert 'href="/coordination/registres?annee=2026"' in coordinator.get("/coordination/compter").text
