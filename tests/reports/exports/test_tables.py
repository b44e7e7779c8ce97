"""The workbook, the CSV and the JSON of a report: values another program can use."""

import csv
import io
import json
from datetime import datetime

import pytest
from openpyxl import load_workbook

from cpts_sessions.reports.annual.contents import Audience, Grid
from tests.reports.annual import samples
from tests.reports.exports.opened import Format, made

pytestmark = pytest.mark.usefixtures("clock")

NOT_FORMULAS = ("=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "＝1+1")


def workbook(report=None, audience=Audience.CPAM):
    return load_workbook(io.BytesIO(made(Format.XLSX, report or samples.report(), audience)))


def lines(report=None, audience=Audience.CPAM):
    data = made(Format.CSV, report or samples.report(), audience)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def document(report=None, audience=Audience.CPAM):
    return json.loads(made(Format.JSON, report or samples.report(), audience))


def injected():
    grid = Grid("pieges", "Des pièges", ("=Titre", "Autre"), tuple((one, one) for one in NOT_FORMULAS))
    return samples.report(pages=(samples.page(grids=(grid,)),), annexes=())


def test_the_first_sheet_says_what_the_others_hold():
    book = workbook(samples.frozen())
    first = [tuple(cell.value for cell in row) for row in book["Lisez-moi"].iter_rows()]

    assert book.sheetnames == [
        "Lisez-moi",
        "Phrases",
        "Chiffres",
        "27 outils",
        "30 professions",
        "30 dates",
        "calendrier",
    ]
    assert first[:3] == [
        ("Ce classeur", "Rapport d’activité 2025, mission 6"),
        ("CPTS", "CPTS du Val d’Ambre"),
        ("Pour qui", "Pour la CPAM"),
    ]
    assert [row[0] for row in first[-6:]] == book.sheetnames[1:]
    assert book["Lisez-moi"].cell(len(first), 1).hyperlink.location == "'calendrier'!A1"


def test_cells_keep_their_kind_under_titles_that_stay():
    sheet = workbook()["30 dates"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Jour", "Lieu", "Présences"],
        [datetime(2025, 3, 19), "Maison de santé", 7],
        [datetime(2025, 12, 30), None, None],
    ]
    assert (sheet["A2"].number_format, sheet["C2"].data_type) == ("dd/mm/yyyy", "n")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")


def test_a_total_is_below_what_is_filtered():
    sheet = workbook()["30 professions"]

    assert [cell.value for cell in sheet[4]] == ["Total", 4]
    assert sheet.auto_filter.ref == "A1:B3"


def test_the_figures_of_both_years_are_numbers():
    sheet = workbook()["Chiffres"]

    assert [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=2)] == [
        ["Action 30\u00a0: Mettre en place des cercles de paroles", "Inscrits distincts", 4, 1],
        ["Action 30\u00a0: Mettre en place des cercles de paroles", "Séances tenues", 1300, 2],
    ]


def test_nothing_in_a_workbook_is_a_formula():
    book = workbook(injected())

    assert [cell.value for cell in book["30 pieges"]["A"]] == ["=Titre", *NOT_FORMULAS]
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n"}


def test_sheets_never_have_the_same_name_nor_one_that_is_refused():
    twin = samples.dates()
    grids = (twin, twin, Grid("a/b:c[d]*?" + "e" * 40, "Long", ("Un",), ()), Grid("''", "Vide", ("Un",), ()))
    book = workbook(samples.report(pages=(samples.page(grids=grids),), annexes=()))

    assert book.sheetnames[3:] == ["30 dates", "30 dates 2", "30 a b c d   " + 18 * "e", "30"]


def test_the_csv_is_one_table_that_excel_opens_in_french():
    data = made(Format.CSV, samples.report(), Audience.CPAM)
    told = lines()

    assert data.startswith("\ufeffpage;rubrique;numero;ligne;colonne;valeur\r\n".encode())
    assert {len(line) for line in told} == {6}
    circles = [line[1:] for line in told if line[0].startswith("Action 30")]
    assert circles[:4] == [
        ["Phrases", "1", "Les participants", "", samples.EXACT],
        ["Chiffres", "1", "Inscrits distincts", "2025", "4"],
        ["Chiffres", "1", "Inscrits distincts", "2024", "1"],
        ["Chiffres", "2", "Séances tenues", "2025", "1300"],
    ]
    assert [line for line in circles if line[0] == "Les dates"] == [
        ["Les dates", "1", "2025-03-19", "Lieu", "Maison de santé"],
        ["Les dates", "1", "2025-03-19", "Présences", "7"],
    ]


def test_nothing_in_the_csv_would_be_computed():
    values = [line for line in lines(injected()) if line[1] == "Des pièges"]

    assert [(line[3], line[5]) for line in values] == [(f"'{one}", f"'{one}") for one in NOT_FORMULAS]


def test_the_json_has_the_names_other_programs_rely_on():
    told = document(samples.frozen())

    assert list(told) == [
        "version",
        "audience",
        "organisation",
        "year",
        "as_of",
        "frozen",
        "together",
        "part_variable",
        "notes",
        "pages",
        "annexes",
    ]
    assert (told["version"], told["audience"], told["as_of"]) == (1, "cpam", "2025-12-20")
    assert told["frozen"] == {"at": "2026-01-05T09:00:00+00:00", "by": "Dominique Vasseur"}
    assert told["pages"][1]["figures"][0] == {
        "key": "inscrits",
        "label": "Inscrits distincts",
        "value": 4,
        "previous": 1,
        "sentence": "4 inscrits distincts en 2025, contre 1",
    }
    assert told["pages"][1]["tables"][0] == {
        "key": "professions",
        "title": "Inscrits par profession",
        "about": None,
        "columns": ["Profession", "Inscrits"],
        "rows": [["sages-femmes", 3], ["médecin généraliste", 1]],
        "total": ["Total", 4],
    }
    assert told["pages"][1]["text"][2] == {
        "kind": "bullets",
        "level": None,
        "said": ["Des échanges utiles", "Le site en parle"],
    }
