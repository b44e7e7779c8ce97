"""Whatever the file: it opens whatever was typed, and what is to be published says nothing of a few people."""

import io
import re

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.annual.contents import Audience, Field, Figure, Grid, Text
from tests.reports.annual import samples
from tests.reports.exports.opened import Format, everything, made

pytestmark = pytest.mark.usefixtures("clock")

HARD = (
    '#set page(fill: red) $x$ @cite <b>gras</b> & "guillemets" ]]> {{ x }} \\u{41} `code` *x* \x00\x07\x1b\x85\u2028'
    "\ufffe\ud83d Łukasz 😀 👩‍⚕️ \u202eesrever" + "x" * 400
)
OPENED = {
    Format.DOCX: lambda data: Document(io.BytesIO(data)),
    Format.PDF: lambda data: PdfReader(io.BytesIO(data)).pages[0].extract_text(),
    Format.XLSX: lambda data: load_workbook(io.BytesIO(data)),
    Format.CSV: lambda data: data.decode("utf-8-sig"),
    Format.JSON: lambda data: data.decode(),
}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("kind", Format)
def test_whatever_was_typed_makes_a_file_that_opens(kind, audience):
    field = Field("dure", HARD, HARD, HARD)
    figure = Figure("n", HARD, -3, None, HARD)
    grid = Grid(HARD, HARD, (HARD, ""), ((HARD, 1), ("", None)), about=HARD, total=(HARD, 1))
    page = samples.page(
        key="autres", title=HARD, fields=(field,), figures=(figure,), grids=(grid, grid), notes=(HARD,),
        text=Text(f"# {HARD}\n\n{{dure}} **{HARD}**\n\n- {HARD}\n\n1. [{HARD}](https://cpts.example.org/é?a=b&c=<d>)"),
    )  # fmt: skip
    hard = samples.report(organisation=HARD, pages=(page,), together=HARD, part_variable=HARD, notes=(HARD,))

    data = made(kind, hard, audience)

    assert "ukasz" in everything(kind, data)
    OPENED[kind](data)


@pytest.mark.parametrize("kind", Format)
def test_a_report_without_anything_is_a_file_too(kind):
    data = made(kind, samples.report(pages=(), annexes=(), together="", part_variable="", notes=()), Audience.CPAM)

    assert "CPTS du Val d" in everything(kind, data)
    OPENED[kind](data)


@pytest.mark.parametrize("kind", Format)
def test_the_cpam_reads_every_exact_count(kind):
    words = normalise(everything(kind, made(kind, samples.frozen(), Audience.CPAM)))

    assert [one for one in ("médecin généraliste", "3 sages-femmes", "Inscrits distincts") if one not in words] == []


@pytest.mark.parametrize("kind", Format)
def test_what_is_to_be_published_lets_nobody_see_a_profession_of_fewer_than_three(kind):
    words = normalise(everything(kind, made(kind, samples.frozen(), Audience.PUBLIC)))

    assert [one for one in samples.ONLY_FOR_THE_CPAM if one in words] == []
    assert "4 professionnels se sont inscrits" in words
    assert "À publier" in words or '"audience": "publier"' in words


@pytest.mark.parametrize("kind", Format)
def test_a_number_of_one_or_two_people_is_not_published_and_that_of_dates_is(kind):
    words = everything(kind, made(kind, samples.report(), Audience.PUBLIC))

    assert ("Inscrits distincts" in words, "Séances tenues" in words) == (False, True)


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize(("count", "is_told"), [(2, False), (4, True)])
def test_the_sum_of_all_programmes_is_not_published_where_it_shows_one_or_two_people(kind, count, is_told):
    few = Figure("inscrits", "Inscrits distincts", count, None, "", "inscrits", "30")
    report = samples.report(pages=(samples.page(figures=(few,)),))

    published, exact = (everything(kind, made(kind, report, audience)) for audience in (Audience.PUBLIC, Audience.CPAM))

    assert ("paroles réunis" in normalise(published), "paroles réunis" in normalise(exact)) == (is_told, True)


@pytest.mark.parametrize("kind", Format)
def test_no_file_tells_the_machine_that_made_it(kind):
    words = everything(kind, made(kind, samples.report(), Audience.CPAM))

    assert re.findall(r"/(?:home|root|tmp|work|usr)/", words) == []
