"""The rows behind figures, and the workbooks in which they leave."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete, event

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.reports.listings import (
    TITLES,
    Column,
    Kind,
    Row,
    Table,
    What,
    professions,
    public_professions,
    rows_behind,
)
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.workbook import workbook
from tests.golden_files import golden
from tests.reports.seasons import Season, season_2025

EVENING = date(2027, 12, 31)


@pytest.fixture
def season(app):
    """A person who came, one who did not, the animator, people without names, someone who waits."""
    season = Season(2027)
    circles, lou = season.programme(), season.person("Lou", "medecin-generaliste", last_name="Zorn")
    first = season.session(circles, "2027-01-05", animator=lou)
    season.session(circles, "2027-02-05", status="cancelled", cancel_reason="Neige")
    ana, eva, ida = (season.person(name, last_name=f"{name}son") for name in ("Ana", "Eva", "Ida"))
    season.register(ana, first)
    season.register(eva, first)
    season.register(ida, first, "waiting")
    for person, status in ((ana, "present"), (lou, "present"), (eva, "absent")):
        season.note(person, first, status)
    season.tally(first, 2, "pharmacien")
    return season


def behind(season, what, key="30", profession=None):
    report = season_report(season.organisation.id, 2027, EVENING)
    table = rows_behind(season.organisation.id, report, report.part(key), what, profession)
    return [row.cells for row in table.rows]


def test_people_are_listed_with_what_they_were_counted_for(season):
    ana = ("Anason", "Ana", "psychologue", 1, "")
    eva = ("Evason", "Eva", "psychologue", 0, "")
    lou = ("Zorn", "Lou", "médecin généraliste", 1, "oui")
    assert {what: behind(season, what) for what in list(What)[:3]} == {
        What.ENROLLED: [ana, eva, lou],
        What.WITHOUT_ANIMATORS: [ana, eva],
        What.PRESENT: [ana, lou],
    }
    assert behind(season, What.ENROLLED, profession="psychologue") == [ana, eva]
    assert behind(season, What.APART) == [("Idason", "Ida")]


def test_attendances_are_listed_one_by_one_and_those_without_names_by_session(season):
    day = (date(2027, 1, 5), "Cercles de paroles")
    assert behind(season, What.ATTENDANCES) == [
        (*day, "Anason", "Ana", "psychologue", 1),
        (*day, "Zorn", "Lou", "médecin généraliste", 1),
        (*day, "2 pharmaciens, sans noms", "", "pharmacien", 2),
    ]
    assert (
        behind(season, What.UNNAMED)
        == behind(season, What.UNNAMED, profession="pharmacien")
        == [(*day, "2 pharmaciens, sans noms", "", "pharmacien", 2)]
    )
    assert behind(season, What.UNNAMED, profession="") == []


def test_one_person_without_a_name_nor_a_profession_is_a_row_too(season):
    season.tally(season.session(season.programme("marche", action=30, sort_order=8), "2027-03-05"), 1)
    assert behind(season, What.UNNAMED, key="marche") == [
        (date(2027, 3, 5), "marche", "1 personne, sans nom", "", "", 1)
    ]
    assert [row[4] for row in behind(season, What.UNNAMED)] == ["pharmacien", ""]


def test_sessions_are_listed_with_their_state_and_their_attendances(season):
    told = {
        what: [(row[0], row[4], row[6], row[7]) for row in behind(season, what)] for what in (What.HELD, What.CANCELLED)
    }
    assert told == {
        What.HELD: [(date(2027, 1, 5), "close", 4, "")],
        What.CANCELLED: [(date(2027, 2, 5), "annulée", 0, "Neige")],
    }


def test_an_erased_person_is_a_row_without_name_nor_page(season):
    report = season_report(season.organisation.id, 2027, EVENING)
    person = next(one for one in report.parts[0].counting.enrolled if one.is_animator)
    with transaction():
        db.session.get(Person, person.person_id).erased_at = now()
    table = rows_behind(season.organisation.id, report, report.parts[0], What.WITHOUT_ANIMATORS)
    assert len(table.rows) == 2
    erased = rows_behind(season.organisation.id, report, report.parts[0], What.ENROLLED).rows[-1]
    assert (erased.cells, erased.person) == (("une personne effacée", "", "médecin généraliste", 1, "oui"), None)


def test_both_tables_by_profession_add_up_to_the_inscrits(app):
    part = season_report(season_2025().organisation.id, 2025, date(2025, 12, 20)).part("30")
    exact, public = professions(part), public_professions(part)
    assert [sum(row.cells[column] for row in exact.rows) for column in (1, 2, 3, 4)] == [19, 17, 77, 1]
    assert [row.cells for row in public.rows] == [
        ("médecins généralistes", 3),
        ("diététiciennes", 3),
        ("orthophonistes", 3),
        ("autres professionnels", 10),
    ]


def test_fewer_than_three_people_are_never_numbered_in_public(season):
    with transaction():
        db.session.execute(delete(SessionAnimator))
    part = season_report(season.organisation.id, 2027, EVENING).parts[0]
    assert [row.cells for row in public_professions(part).rows] == [("moins de 3 professionnels", None)]


@pytest.mark.parametrize("how_many", [1, 3])
def test_opening_a_figure_costs_one_query_more_whatever_its_size(app, how_many):
    season = Season(2027)
    session = season.session(season.programme(), "2027-01-05")
    for number in range(how_many):
        person = season.person(f"Ana{number}")
        season.register(person, session)
        season.note(person, session)
    report = season_report(season.organisation.id, 2027, EVENING)
    organisation_id, statements = season.organisation.id, []
    listener = lambda *given: statements.append(given[2]) if given[2].startswith("SELECT") else None  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        tables = [rows_behind(organisation_id, report, None, what) for what in (What.ENROLLED, What.ATTENDANCES)]
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    assert ([len(table.rows) for table in tables], len(statements)) == ([how_many, how_many], 2)


def test_every_figure_has_a_title():
    assert set(TITLES) == set(What)


@pytest.mark.parametrize("what", [What.ENROLLED, What.ATTENDANCES, What.HELD])
def test_the_workbooks_are_those_expected(season, what):
    report = season_report(season.organisation.id, 2027, EVENING)
    table = rows_behind(season.organisation.id, report, report.part("30"), what)
    golden(f"xlsx/{what}.txt", spelt(workbook(table, [("Année", "2027"), ("À savoir", table.about)])))


def test_the_workbooks_by_profession_are_those_expected(app):
    part = season_report(season_2025().organisation.id, 2025, date(2025, 12, 20)).part("30")
    for name, table in (("cpam", professions(part)), ("publier", public_professions(part))):
        golden(f"xlsx/professions-{name}.txt", spelt(workbook(table, [("Pour qui", name)])))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=40))
def test_no_text_ever_becomes_a_formula_or_a_link(text):
    table = Table("Essai", (Column("Nom"), Column("Nombre", Kind.COUNT)), (Row((text, 1)),))
    cell = load_workbook(BytesIO(workbook(table, [("Nom", text)])))["Tableau"]["A2"]
    assert (cell.data_type in ("s", "n"), cell.value or "", cell.hyperlink) == (True, text, None)


def spelt(content):
    """Say all that a reader sees of a workbook: a line per cell, with its type and look."""
    said = []
    for sheet in load_workbook(BytesIO(content)):
        said.append(f"# {sheet.title}: frozen {sheet.freeze_panes}, filter {sheet.auto_filter.ref}")
        said += [
            f"{cell.coordinate} {cell.data_type} {cell.number_format} {cell.value!r}{' bold' if cell.font.bold else ''}"
            for line in sheet.iter_rows()
            for cell in line
        ]
    return ("\n".join(said) + "\n").encode()
