"""Good files, as people make them: what is read of them, and the lines refused."""

import io
import time as clock
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter

from cpts_sessions.core.grid import weight
from cpts_sessions.core.spreadsheet import Column, Row, read_table
from tests.core.tables import HELENE, LINE, read, repacked, workbook


@pytest.mark.parametrize(
    "text",
    [
        f"prenom;nom;email\n{LINE}\n",
        f"PRÉNOM ; Nom de famille ; Adresse_e-mail\r\n{LINE}\r\n",
        f"Prénom*;NOM;Courriel (professionnel)\r{LINE}\r",
        "email,nom,prénom\nhelene@example.org,Vautrin,Hélène",
        'prénom\tnom\te-mail\n"Hélène"\tVautrin\thelene@example.org\n\t\t\n\n',
        f"sep=;\nprénom;nom;email\n{LINE}\n",
        f"\ufeffprénom;nom;email\n{LINE}\n",
        "Adhérents de 2025;;\n;;\nprénom;nom;email\n  Hélène\u00a0; Vautrin ;helene@example.org\n",
        f"prénom;nom;email;Mail pro\n{LINE};autre@example.org\n",
    ],
)
def test_titles_separators_and_ends_of_line_do_not_matter(text):
    assert [row.cells for row in read(text).rows] == [HELENE]


def test_a_line_has_the_number_that_a_tableur_shows():
    table = read(f'prénom;nom;email\n"Anne\nLaure";Pfister;anne@example.org\n\n{LINE}\n')

    assert table.rows == (
        Row(2, {"prénom": "Anne Laure", "nom": "Pfister", "email": "anne@example.org"}),
        Row(4, HELENE),
    )


def test_windows_1252_is_read_and_said():
    table = read(f"prénom;nom;email\n{LINE}\nÉlodie;Bœglin;elodie@example.org".encode("cp1252"))

    assert [row.cells["nom"] for row in table.rows] == ["Vautrin", "Bœglin"]
    assert table.notices == ("Fichier lu en Windows-1252. Vérifiez les accents ci-dessous.",)


def test_the_unicode_text_of_excel_is_read():
    assert read("prénom\tnom\temail\nHélène\tVautrin\thelene@example.org".encode("utf-16")).rows == (Row(2, HELENE),)


def test_a_column_that_is_not_known_is_said_and_its_formulas_do_not_matter():
    table = read(f"n°;prénom;nom;email;Mail pro\n=LIGNE();{LINE};\n")

    assert table.columns == {"prénom": "prénom", "nom": "nom", "email": "email"}
    assert table.notices == ("Colonne « n° » ignorée.", "Colonne « Mail pro » ignorée.")
    assert table.rows == (Row(2, HELENE),)


@pytest.mark.parametrize("formula", ["=1+1", "@SOMME(A1)", "+SOMME(A1:A3)", "-2+cmd|' /C calc'!A0", " =A1", "\t=A1"])
def test_a_formula_typed_in_a_csv_refuses_its_line(formula):
    assert read(f'Prénom;nom;email\n{LINE}\n"{formula}";Chastel;o@example.org').rows[1].refusals == (
        "Ligne 3 : la case « Prénom » contient une formule. Remplacez-la par sa valeur.",
    )


@pytest.mark.parametrize("harmless", ["+33 (0)6 12 34 56 78", "-", "- à confirmer", "+", "d’Arc", "O'Neil (fille)"])
def test_a_sign_is_not_always_a_formula(harmless):
    assert read(f"prénom;nom;email\n{harmless};Chastel;o@example.org").rows[0].refusals == ()


def test_a_formula_in_a_workbook_refuses_its_line_whatever_its_cached_value():
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Prénom", "Nom", "E-mail"])
        sheet.write_row(1, 0, ["Hélène", "Vautrin"])
        sheet.write_formula(1, 2, '=LOWER("HELENE@EXAMPLE.ORG")', None, "helene@example.org")
        sheet.write_row(2, 0, ["Hélène", "Vautrin", "helene@example.org"])

    assert [row.refusals for row in read(packed.getvalue(), "membres.xlsx").rows] == [
        ("Ligne 2 : la case « E-mail » contient une formule. Remplacez-la par sa valeur.",),
        (),
    ]


def test_more_cells_than_titles_refuses_the_line():
    assert read(f"prénom,nom,email\n{LINE.replace(';', ',')}\nAnne,Pfister,née Roth,anne@example.org").rows[
        1
    ].refusals == (
        "Ligne 3 : plus de cases que de titres de colonnes. Vérifiez les séparateurs et les guillemets de cette ligne.",
    )


def test_a_workbook_gives_dates_hours_and_numbers_as_they_are_read():
    columns = tuple(Column(title) for title in ("jour", "heure", "durée", "places", "part", "membre", "instant"))
    data = workbook(
        ["jour", "heure", "durée", "places", "part", "membre", "instant"],
        [date(2025, 3, 19), time(20, 30), timedelta(hours=1, minutes=30), 12.0, 1.5, True, datetime(2025, 3, 19, 20)],
    )

    assert read_table(data, "seances.xlsx", columns).rows[0].cells == {
        "jour": "2025-03-19",
        "heure": "20:30",
        "durée": "01:30",
        "places": "12",
        "part": "1.5",
        "membre": "oui",
        "instant": "2025-03-19 20:00",
    }


def test_the_first_visible_sheet_is_read_and_said():
    data = workbook(["prénom", "nom", "email"], ["Hélène", "Vautrin", "helene@example.org"], sheets=("Notes",))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.create_sheet("Cachée", 0).sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)

    table = read(packed.getvalue(), "membres.xlsx")

    assert table.rows == (Row(2, HELENE),)
    assert table.notices == ("Ce classeur a 3 feuilles : seule la première, « Membres », est lue.",)


def test_lines_far_down_a_sheet_are_read_even_when_it_declares_a_smaller_size():
    data = workbook(["prénom", "nom", "email"], *[[None]] * 40, ["Hélène", "Vautrin", "helene@example.org"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b'<dimension ref="A1:C42"' in sheet

    lying = repacked(data, "xl/worksheets/sheet1.xml", sheet.replace(b'ref="A1:C42"', b'ref="A1:A1"'))

    assert read(lying, "membres.xlsx").rows == (Row(42, HELENE),)


def test_ten_megabytes_are_read_within_seconds():
    lines = f"{LINE};{'x' * 900}\n" * 9_999
    started = clock.process_time()

    assert len(read(f"prénom;nom;email;note\n{lines}").rows) == 9_999
    assert clock.process_time() - started < 20


@pytest.mark.parametrize(
    ("size", "text"),
    [(48_000, "48 ko"), (1, "1 ko"), (999_001, "1000 ko"), (10_000_001, "10,1 Mo"), (12_000_000, "12 Mo")],
)
def test_a_weight_is_rounded_up(size, text):
    assert weight(size) == text
