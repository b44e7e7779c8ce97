"""Bad files, as people make them: each is refused with its sentence."""

import io
import time as clock
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpts_sessions.core.errors import RuleBroken
from tests.core.tables import LINE, SOUND_WORKBOOK, read, refusal, repacked, workbook, zipped

NOT_A_TABLE = (
    "Ce fichier n’est pas un tableau CSV ou Excel. Enregistrez-le en « CSV » ou « .xlsx » depuis votre tableur, "
    "puis recommencez."
)
EMPTY = "Ce fichier ne contient aucune ligne sous les titres de colonnes."
PASSWORD = "Ce classeur est protégé par un mot de passe. Retirez la protection, puis recommencez."


def encrypted_workbook() -> bytes:
    """The head of what Excel writes for a locked workbook: a compound file with an « EncryptedPackage » stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def locked_zip() -> bytes:
    data = bytearray(workbook(["prénom", "nom", "email"]))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    return bytes(data)


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


def test_a_line_numbered_beyond_any_sheet_does_not_hang():
    data = workbook(["prénom", "nom", "email"], ["Hélène", "Vautrin", "helene@example.org"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="2"', b'<row r="999999999999"')
    assert far != sheet
    started = clock.process_time()

    assert refusal(repacked(data, "xl/worksheets/sheet1.xml", far), "membres.xlsx") == EMPTY
    assert clock.process_time() - started < 20


def outcome(data, *name):
    """Whether a file gave rows, or a whole sentence."""
    try:
        return bool(read(data, *name).rows)
    except RuleBroken as refused:
        return str(refused).endswith(".")


@settings(max_examples=150)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    assert outcome(data)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_with_a_sentence(data):
    whole = bytearray(SOUND_WORKBOOK)
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole), "membres.xlsx")
