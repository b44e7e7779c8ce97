"""Good and bad files, as people make them."""

import io
import time as clock
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.grid import weight
from cpts_sessions.core.spreadsheet import Column, Row, Table, read_table

COLUMNS = (
    Column("prénom", required=True),
    Column("nom", ("nom de famille",), required=True),
    Column("email", ("e-mail", "courriel", "adresse e-mail"), ("mail pro",), required=True),
    Column("membre"),
)
NOT_A_TABLE = (
    "Ce fichier n’est pas un tableau CSV ou Excel. Enregistrez-le en « CSV » ou « .xlsx » depuis votre tableur, "
    "puis recommencez."
)
EMPTY = "Ce fichier ne contient aucune ligne sous les titres de colonnes."
PASSWORD = "Ce classeur est protégé par un mot de passe. Retirez la protection, puis recommencez."
HELENE = {"prénom": "Hélène", "nom": "Vautrin", "email": "helene@example.org"}
LINE = "Hélène;Vautrin;helene@example.org"


def read(data: bytes | str, filename: str = "membres.csv") -> Table:
    return read_table(data.encode() if isinstance(data, str) else data, filename, COLUMNS)


def refusal(data: bytes | str, filename: str = "membres.csv") -> str:
    with pytest.raises(RuleBroken) as refused:
        read(data, filename)
    return str(refused.value)


def workbook(*rows: list[object], sheets: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Membres"
    for row in rows:
        book.active.append(row)
    for title in sheets:
        book.create_sheet(title)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    return zipped(parts | {name: content})


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


def test_a_line_numbered_beyond_any_sheet_does_not_hang():
    data = workbook(["prénom", "nom", "email"], ["Hélène", "Vautrin", "helene@example.org"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="2"', b'<row r="999999999999"')
    assert far != sheet
    started = clock.monotonic()

    assert refusal(repacked(data, "xl/worksheets/sheet1.xml", far), "membres.xlsx") == EMPTY
    assert clock.monotonic() - started < 20


def encrypted_workbook() -> bytes:
    """The head of what Excel writes for a locked workbook: a compound file with an « EncryptedPackage » stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def locked_zip() -> bytes:
    data = bytearray(workbook(["prénom", "nom", "email"]))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    return bytes(data)


SOUND_WORKBOOK = workbook(["prénom", "nom", "email"], ["Hélène", "Vautrin", "helene@example.org"])
MIXED = (
    "Les accents de ce fichier sont écrits de deux façons à la fois (première ligne touchée : {}). "
    "Enregistrez-le en « CSV UTF-8 » ou « .xlsx », puis recommencez."
)
BAD_FILES = {
    "zero bytes": (
        b"",
        "Ce fichier est vide (0 octet). L’enregistrement a sans doute échoué : recommencez depuis votre tableur.",
    ),
    "above ten megabytes": (
        b"a;b\n" * 2_612_000,
        (
            "Ce fichier pèse 10,5 Mo, la limite est de 10 Mo. "
            "Retirez les feuilles et les images inutiles, ou coupez-le en deux."
        ),
    ),
    "one byte too many": (
        b"a" * 10_000_001,
        (
            "Ce fichier pèse 10,1 Mo, la limite est de 10 Mo. "
            "Retirez les feuilles et les images inutiles, ou coupez-le en deux."
        ),
    ),
    "titles only": ("prénom;nom;email\n;;\n\n", EMPTY),
    "blank lines only": ("\n \n", EMPTY),
    "an empty workbook": (workbook(), EMPTY),
    "a workbook with titles only": (workbook(["prénom", "nom", "email"]), EMPTY),
    "a missing column": (
        f"nom;prénom;profession\n{LINE}",
        "Il manque la colonne « email ». Colonnes trouvées : nom, prénom, profession.",
    ),
    "a missing column in a workbook": (
        workbook(["nom", "prénom", None, "profession"], ["Vautrin", "Hélène", None, "sage-femme"]),
        "Il manque la colonne « email ». Colonnes trouvées : nom, prénom, profession.",
    ),
    "a column twice": (
        f"prénom;nom;E-mail;Courriel\n{LINE};autre@example.org",
        "La colonne « email » figure deux fois. Gardez-en une.",
    ),
    "UTF-8 then Windows-1252": (
        f"prénom;nom;email\n{LINE}\n".encode() + "Étienne;Grosjean;e@example.org\n".encode("cp1252"),
        MIXED.format(3),
    ),
    "Windows-1252 then UTF-8": (
        f"prénom;nom;email\n{LINE}\n".encode("cp1252") + b"Luc;Hirtz;l@example.org\n" + "Inès;R;i@example.org".encode(),
        MIXED.format(4),
    ),
    "both on one line": (
        b"prenom;nom;email\n" + "Étienne;".encode() + "Bœglin;e@example.org\n".encode("cp1252"),
        MIXED.format(2),
    ),
    "a UTF-8 mark above Windows-1252": (
        b"\xef\xbb\xbfprenom;nom;email\n" + "Étienne;Grosjean;e@example.org".encode("cp1252"),
        MIXED.format(2),
    ),
    "a quote never closed": (
        f'prénom;nom;email\n{LINE}\n"Anne;Pfister;a@example.org\n{LINE}\n',
        (
            "Les guillemets de la ligne 3 ne se referment pas. Corrigez-les, ou enregistrez le fichier "
            "en « .xlsx » depuis votre tableur, puis recommencez."
        ),
    ),
    "too many lines": (
        "prénom;nom;email\n" + f"{LINE}\n" * 10_001,
        "Ce fichier compte plus de 10 000 lignes, la limite d’un import. Coupez-le en deux, puis recommencez.",
    ),
    "a locked workbook": (encrypted_workbook(), PASSWORD),
    "a locked zip": (locked_zip(), PASSWORD),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), NOT_A_TABLE),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj;\n", NOT_A_TABLE),
    "a web page": ("<!doctype html><table><tr><td>prénom;nom;email</td></tr></table>\n", NOT_A_TABLE),
    "JSON": ('[{"prénom": "Hélène", "nom": "Vautrin", "email": ""}]', NOT_A_TABLE),
    "prose": ("Bonjour,\n\nvoici la liste, comme convenu.\n".replace(",", " "), NOT_A_TABLE),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NOT_A_TABLE),
    "binary": (bytes(range(256)) * 8, NOT_A_TABLE),
    "an OpenDocument": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
        NOT_A_TABLE,
    ),
    "a zip cut short": (workbook(["prénom", "nom", "email"])[:2000], NOT_A_TABLE),
    "a workbook with a broken sheet": (
        repacked(workbook(["prénom"]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        NOT_A_TABLE,
    ),
    "a workbook that unpacks to 300 MB": (
        repacked(workbook(["prénom"]), "xl/sharedStrings.xml", bytes(300_000_000)),
        (
            "Une fois ouvert, ce classeur pèse 300,1 Mo, la limite est de 30 Mo. "
            "Retirez les feuilles et les lignes inutiles, ou coupez-le en deux."
        ),
    ),
    "a workbook with too many lines": (
        workbook(["prénom", "nom", "email"], *[["a", "b", "c"]] * 10_001),
        "Ce fichier compte plus de 10 000 lignes, la limite d’un import. Coupez-le en deux, puis recommencez.",
    ),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_with_its_sentence(kind):
    data, sentence = BAD_FILES[kind]

    assert refusal(data) == sentence


@pytest.mark.parametrize("extension", ["ods", "pdf", "xlsx", "XLS"])
def test_text_under_the_name_of_another_kind_of_file_is_not_a_table(extension):
    assert refusal(f"prénom;nom;email\n{LINE}", f"membres.{extension}") == NOT_A_TABLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_that_grow_are_never_opened(part, encoding):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a0 "nom">{entities}]><x>&a11;</x>'

    assert refusal(repacked(SOUND_WORKBOOK, part, bomb.encode(encoding))) == NOT_A_TABLE


def test_ten_megabytes_are_read_within_seconds():
    lines = f"{LINE};{'x' * 900}\n" * 9_999
    started = clock.monotonic()

    assert len(read(f"prénom;nom;email;note\n{lines}").rows) == 9_999
    assert clock.monotonic() - started < 20


@pytest.mark.parametrize(
    ("size", "text"),
    [(48_000, "48 ko"), (1, "1 ko"), (999_001, "1000 ko"), (10_000_001, "10,1 Mo"), (12_000_000, "12 Mo")],
)
def test_a_weight_is_rounded_up(size, text):
    assert weight(size) == text


def outcome(data, *name):
    """Whether a file gave rows, or a whole sentence."""
    try:
        return bool(read(data, *name).rows)
    except RuleBroken as refused:
        return str(refused).endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    assert outcome(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_with_a_sentence(data):
    whole = bytearray(SOUND_WORKBOOK)
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole), "membres.xlsx")
