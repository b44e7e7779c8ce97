"""What every document promises: read aloud by machines, whole, whatever people are called."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from cpts_sessions.core.paths import beside
from cpts_sessions.documents import pdf
from cpts_sessions.organisations.brand import logo_svg

HEAD = {
    "name": "CPTS du Val d’Ambre",
    "details": "",
    "logo": logo_svg("#11645b").encode(),
    "logo_kind": "svg",
    "accent": "#11645b",
    "soft": "#e2f4f1",
}


def nameless(**changes: Any) -> dict[str, Any]:
    """The values of the shortest document."""
    texts = {
        "heading": "Décompte",
        "intro": "Des nombres.",
        "columns": ["Profession", "Nombre"],
        "kept": "Document confidentiel.",
        "total": "Nombre :",
        "signature": "Signature",
        "certification": "",
        "rights": "",
    }
    about = {"action": "", "programme": "GAPP", "when": "Lundi", "place": "", "animation": ""}
    values = {"head": HEAD, "title": "Décompte, lundi", "texts": texts, "professions": [], "blank": 1}
    return values | about | changes


def text_of(data: bytes) -> str:
    return " ".join(PdfReader(BytesIO(data)).pages[0].extract_text().split())


def test_a_document_is_tagged_titled_in_french_and_brings_its_fonts():
    reader = PdfReader(BytesIO(pdf.compile("nameless_sheet", nameless())))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert (root["/Lang"], reader.metadata.title, root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "fr-FR",
        "Décompte, lundi",
        True,
    )
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    descendants = [font["/DescendantFonts"][0].get_object() for font in fonts]
    assert {font["/BaseFont"].partition("+")[2] for font in fonts} == {
        "AtkinsonHyperlegibleNext-Regular",
        "AtkinsonHyperlegibleNext-Bold",
    }
    assert all("/FontFile2" in one["/FontDescriptor"].get_object() for one in descendants)
    assert all("/ToUnicode" in font for font in fonts)


def test_the_logo_is_said_to_those_who_do_not_see_it():
    data = pdf.compile("nameless_sheet", nameless())

    assert "Logo de la CPTS du Val d’Ambre" in _alternatives(
        PdfReader(BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]
    )


def _alternatives(node: Any) -> list[str]:
    node = node.get_object()
    if isinstance(node, list):
        return [text for child in node for text in _alternatives(child)]
    if not isinstance(node, dict):
        return []
    here = [str(node["/Alt"])] if "/Alt" in node else []
    return here + (_alternatives(node["/K"]) if "/K" in node else [])


@pytest.mark.parametrize(
    "name",
    ["Łukasz Đặng", "Işıl Öztürk-Ğ", "Sœur Æliana", "Zoë Dvořáková", "20\u202f000\u00a0€ – l’été", "Борис Ελένη"],
)
def test_names_from_elsewhere_are_drawn_letter_by_letter(name: str):
    data = pdf.compile("nameless_sheet", nameless(professions=[name]))

    assert " ".join(name.split()) in text_of(data)


def test_letters_in_two_parts_are_put_together():
    assert "Zoé" in text_of(pdf.compile("nameless_sheet", nameless(professions=["Zoe\u0301"])))


def test_what_no_font_can_draw_does_not_stop_the_printing():
    data = pdf.compile("nameless_sheet", nameless(professions=["Ana 😀 \u202e漢\x00\ud800 fin"]))

    assert "Ana ? ? fin" in text_of(data)


def test_what_people_type_is_never_an_instruction():
    typed = '#panic("non") $x$ *gras* #read("/etc/passwd") \\ `code` "guillemets" // rien'

    assert typed in text_of(pdf.compile("nameless_sheet", nameless(professions=[typed])))


def test_a_document_cannot_read_outside_its_folder():
    with pytest.raises(ValueError, match="no such document"):
        pdf.compile("../base", nameless())
    with pytest.raises(ValueError, match="no such document"):
        pdf.compile("unknown", nameless())


def test_a_value_that_is_missing_is_said():
    values = nameless()
    del values["title"]

    with pytest.raises(typst.TypstError, match="title"):
        pdf.compile("nameless_sheet", values)


@pytest.mark.parametrize(
    ("picture", "kind", "expected"),
    [(HEAD["logo"], "svg", True), (b"\x89PNG\r\n\x1a\nbroken", "png", False), (b"", "", False)],
)
def test_a_broken_picture_is_known_beforehand(picture: bytes, kind: str, expected: bool):
    assert pdf.can_draw(picture, kind) is expected


def test_threads_print_at_the_same_time_each_its_own():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: pdf.compile("nameless_sheet", nameless(professions=[f"no{n}fin"])), range(32)))

    assert [f"no{n}fin" in text_of(data) for n, data in enumerate(made)] == [True] * 32


def test_every_document_can_be_found_by_its_name():
    names = [path.stem for path in (beside("templates") / "documents").glob("[a-z]*.typ")]

    assert [name for name in names if not pdf.TEMPLATE_NAME.fullmatch(name)] == []
