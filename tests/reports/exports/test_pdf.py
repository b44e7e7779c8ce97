"""The PDF of a report: read aloud, printed, kept."""

import io

import pytest
from pypdf import PdfReader

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.annual.contents import Audience
from tests.reports.annual import samples
from tests.reports.exports.opened import Format, made

pytestmark = pytest.mark.usefixtures("clock")


def opened(report=None, audience=Audience.CPAM):
    return PdfReader(io.BytesIO(made(Format.PDF, report or samples.frozen(), audience)))


def told(reader):
    return normalise(" ".join(" ".join(page.extract_text() for page in reader.pages).split()))


def roles(reader):
    """How often each kind of element stands in what is read aloud."""
    found = {}

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            role = str(node.get("/S", ""))
            found[role] = found.get(role, 0) + 1
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_it_is_tagged_titled_and_in_french():
    reader = opened()
    root = reader.trailer["/Root"]

    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "fr-FR")
    assert (reader.metadata.title, reader.metadata.author) == (
        "Rapport d’activité 2025, mission 6",
        "CPTS du Val d’Ambre",
    )
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode().replace('="', ">")


def test_titles_tables_and_lists_are_what_they_look_like():
    found = roles(opened())

    assert {name: found[name] for name in ("/H1", "/H2", "/H3", "/H4", "/Table", "/THead", "/Caption", "/L")} == {
        "/H1": 1,
        "/H2": 3,
        "/H3": 1,
        "/H4": 1,
        "/Table": 5,
        "/THead": 5,
        "/Caption": 5,
        "/L": 2,
    }
    assert (found["/TH"], found["/Figure"]) == (2 + 3 + 2 + 3 + 3, 1)


def test_its_pages_hold_the_text_the_figures_and_the_tables():
    text = told(opened())

    for words in (
        "Rapport figé le 5 janvier 2026 par Dominique Vasseur. Les chiffres ne bougent plus.",
        "26 inscrits distincts, GAPP et cercles de paroles réunis.",
        "Part variable : 2 000 + 4 000 = 6 000 €.",
        "4 professionnels (3 sages-femmes, 1 médecin généraliste) se sont inscrits à l'activité. La salle est trop",
        "3. Premier 4. Second",
        "Séances tenues 1 300 2",
        "Tableau 3. Inscrits par profession Profession Inscrits sages-femmes 3 médecin généraliste 1 Total 4",
        "30 décembre 2025 – –",
        "page 1 sur 2",
    ):
        assert words in text


def test_its_pages_can_be_reached_from_the_outline():
    def flat(entries):
        return [title for one in entries for title in (flat(one) if isinstance(one, list) else [one.title])]

    assert [normalise(title) for title in flat(opened().outline)] == [
        "Rapport d'activité 2025, mission 6",
        "Action 27 : Aider les autres CPTS",
        "Action 30 : Mettre en place des cercles de paroles",
        "Synthèse",
        "Effets",
        "Annexes",
    ]
