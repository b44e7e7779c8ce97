"""The DOCX of a report: a document a secretary can paste into a larger one, and that is read aloud well."""

import io
import re
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from cpts_sessions.core.french import held
from cpts_sessions.reports.annual.contents import Audience, Text
from cpts_sessions.reports.exports import docx
from tests.reports.annual import samples
from tests.reports.exports.opened import HEAD

pytestmark = pytest.mark.usefixtures("clock")


def made(report=None, audience=Audience.CPAM):
    return docx.made(report or samples.frozen(), audience, HEAD)


def opened(data):
    return Document(io.BytesIO(data))


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(name).decode()


def test_the_outline_is_in_real_styles():
    told = [(one.style.name, one.text) for one in opened(made()).paragraphs if one.style.name not in ("Remarque",)]

    assert told == [
        ("Title", "Rapport d’activité 2025, mission 6"),
        ("Subtitle", "CPTS du Val d’Ambre"),
        ("Normal", "26\u00a0inscrits distincts, GAPP et cercles de paroles réunis."),
        ("Normal", "Part variable\u00a0: 2\u202f000 + 4\u202f000 = 6\u202f000\u00a0€."),
        ("Heading 1", "Action 27\u00a0: Aider les autres CPTS"),
        ("Normal", "Rien d’autre."),
        ("Normal", "Un second paragraphe."),
        ("Caption", "Tableau\u00a0. Sollicitations par outil"),
        ("Heading 1", "Action 30\u00a0: Mettre en place des cercles de paroles"),
        ("Heading 2", "Synthèse"),
        ("Normal", f"{held(samples.EXACT)}. La salle est trop froide."),
        ("List Bullet", "Des échanges utiles"),
        ("List Bullet", "Le site en parle"),
        ("Heading 3", "Effets"),
        ("List Number", "Premier"),
        ("List Number", "Second"),
        ("Caption", "Tableau\u00a0. Les chiffres"),
        ("Caption", "Tableau\u00a0. Inscrits par profession"),
        ("Caption", "Tableau\u00a0. Les dates"),
        ("Heading 1", "Annexes"),
        ("Caption", "Tableau\u00a0. Le calendrier"),
        ("Normal", ""),
    ]


def test_tables_have_a_header_row_that_comes_back_and_numbers_on_the_right():
    table = opened(made()).tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert rows == [
        ["Ce qui est compté", "2025", "2024"],
        ["Inscrits distincts", "4", "1"],
        ["Séances tenues", "1\u202f300", "2"],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert [str(cell.paragraphs[0].alignment) for cell in table.rows[2].cells] == ["None", "RIGHT (2)", "RIGHT (2)"]
    assert table.style.name == "Tableau du rapport"
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Les chiffres"


def test_days_numbers_and_what_is_not_known_are_written_in_french():
    dates = opened(made()).tables[3]

    assert [cell.text for row in dates.rows[1:] for cell in row.cells] == [
        "19\u00a0mars 2025",
        "Maison de santé",
        "7",
        "30\u00a0décembre 2025",
        "–",
        "–",
    ]


def test_a_total_is_told_apart_by_the_style():
    exact = opened(made()).tables[2]

    assert [cell.text for cell in exact.rows[-1].cells] == ["Total", "4"]
    assert exact._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:lastRow")) == "1"


def test_bold_italics_and_links_of_the_text_are_kept():
    document = opened(made())
    synthesis = next(one for one in document.paragraphs if one.text.endswith("trop froide."))
    linked = next(one for one in document.paragraphs if one.text == "Le site en parle")

    assert [run.text for run in synthesis.runs if run.bold] == ["trop froide"]
    assert [(link.text, link.address) for link in linked.hyperlinks] == [("site", "https://cpts.example.org/")]
    assert [run.text for one in document.paragraphs for run in one.runs if run.italic] == ["utiles"]


def test_each_numbered_list_starts_where_it_says():
    twice = samples.page(text=Text("1. Un\n2. Deux\n\nPuis\n\n4. Quatre"))
    document = opened(made(samples.report(pages=(twice,))))
    used = [one._p.pPr.numPr.numId.val for one in document.paragraphs if one.style.name == "List Number"]
    numbering = document.part.numbering_part.element
    starts = [numbering.num_having_numId(one).lvlOverride_lst[0].startOverride.val for one in dict.fromkeys(used)]

    assert (len(set(used[:2])), used[0] != used[2], starts) == (1, True, [1, 4])


def test_it_is_in_french_and_tells_whose_it_is_and_no_machine():
    data = made()
    properties = opened(data).core_properties

    assert (properties.title, properties.author, properties.last_modified_by, properties.language) == (
        "Rapport d’activité 2025, mission 6",
        "CPTS du Val d’Ambre",
        "CPTS du Val d’Ambre",
        "fr-FR",
    )
    assert (properties.comments, properties.created.isoformat()) == ("", "2026-11-02T09:00:00+00:00")
    assert '<w:lang w:val="fr-FR"' in part(data, "word/styles.xml")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        leftovers = re.compile("thumbnail|customXml|app.xml|stylesWithEffects")
        assert [name for name in parts.namelist() if leftovers.search(name)] == []
        everything = b"".join(map(parts.read, parts.namelist()))
    assert re.findall(rb"en-US|python-docx|Macintosh", everything) == []


def test_the_head_has_the_logo_with_its_words_and_the_foot_the_number_of_the_page():
    data = made()

    assert 'descr="Logo de la CPTS du Val d’Ambre"' in part(data, "word/header1.xml")
    assert re.findall('w:instr="([A-Z]+)"', part(data, "word/footer1.xml")) == ["PAGE", "NUMPAGES"]
    assert part_png(data).startswith(b"\x89PNG")


def part_png(data):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("word/media/image1.png")


def test_the_colours_are_those_of_the_cpts():
    styles = part(made(), "word/styles.xml")

    assert ("11645B" in styles, "ACCENT" in styles, "SOFT" in styles) == (True, False, False)


def test_the_elements_of_every_table_and_paragraph_are_in_the_order_word_asks_for():
    body = parse_xml(part(made(), "word/document.xml").encode())
    orders = {
        "tblPr": ["tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption", "tblDescription"],
        "pPr": ["pStyle", "keepNext", "numPr", "jc"],
        "trPr": ["cantSplit", "tblHeader"],
    }
    for name, order in orders.items():
        for element in body.iter(qn(f"w:{name}")):
            found = [child.tag.rpartition("}")[2] for child in element]
            assert found == sorted(found, key=order.index)


def test_every_style_that_is_used_exists():
    data = made()
    used = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle|basedOn|next) w:val="(\w+)"', part(data, "word/document.xml")))
    defined = set(re.findall(r'w:styleId="(\w+)"', part(data, "word/styles.xml")))

    assert len(used) > 5
    assert used <= defined


@pytest.mark.parametrize("link", ["https://[1::", "https://cpts.example.org:99999/"])
def test_an_address_that_word_would_refuse_is_only_words(link):
    page = samples.page(text=Text(f"Voir [ici](<{link}>)."))
    document = opened(made(samples.report(pages=(page,))))

    told = next(one for one in document.paragraphs if one.text.startswith("Voir"))
    assert (told.text, len(told.hyperlinks)) == ("Voir ici.", 0)
