"""A table of requests for help enters the register of action 27; a bad one leaves nothing."""

from importlib.resources import files

import pytest

from cpts_sessions.cli.main import cli
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.registers import queries, services
from cpts_sessions.registers.entries import Request
from cpts_sessions.registers.import_requests import import_requests
from cpts_sessions.registers.models import HelpRequest
from cpts_sessions.registers.queries import ToolLine
from cpts_sessions.reports.sentences.registers import requests_sentence
from tests.factories import STARTS_AT, make_organisation

pytestmark = pytest.mark.usefixtures("clock")

OF_2025 = files("cpts_sessions.installation").joinpath("saison-2025", "sollicitations-action-27.csv").read_bytes()
TITLES = "outil,nombre,nature,besoins\n"


@pytest.fixture
def here(app):
    """The id of one CPTS."""
    return make_organisation().id


def run(here, text, *, year=2025, dry_run=False):
    """Import this text."""
    data = text if isinstance(text, bytes) else text.encode()
    return import_requests(here, data, "sollicitations.csv", year=year, dry_run=dry_run, actor_id=1)


def refusals(report):
    """The sentences of the refused lines."""
    return [normalise(sentence) for line in report.lines for sentence in line.refusals]


def rows():
    return db.session.query(HelpRequest).count(), db.session.query(AuditEntry).count()


def test_the_table_of_2025_gives_31_requests_over_8_tools_as_it_is_written(here):
    trial = run(here, OF_2025, dry_run=True)
    assert (trial.summary[:15], rows()) == (normalise("Lignes lues : 8").replace(" :", "\u00a0:"), (0, 0))
    report = run(here, OF_2025)

    table = queries.requests_by_tool(here, 2025)
    assert [(one.tool, one.count) for one in table] == [
        ("Unité Mobile M ta Santé", 4),
        ("Stand d'initiation à l'autopalpation des seins", 2),
        ("Mammographies dans M ta Santé", 4),
        ("Frottis dans M ta Santé", 2),
        ("Entretiens de prévention et Mon Bilan Prévention", 2),
        ("ICCOPE", 7),
        ("Prévention en QPV (AAP ARS)", 5),
        ("Insuffisance cardiaque", 5),
    ]
    assert table[0] == ToolLine(
        "Unité Mobile M ta Santé",
        4,
        "Mise à disposition, formation, aide logistique, aide organisationnelle",
        "Organisation logistique et matériel",
    )
    total = sum(one.count for one in table)
    assert normalise(requests_sentence(total, len(table), 2025)) == (
        "31 sollicitations ont été reçues en 2025, pour 8 outils"
    )
    assert report.is_written
    assert [(one.kind, one.values) for one in db.session.query(AuditEntry)] == [
        ("import", {"n": 8, "quoi": "sollicitations"})
    ]


def test_the_same_file_twice_changes_nothing_and_a_new_one_brings_up_to_date(here):
    run(here, OF_2025)
    again = run(here, OF_2025)
    changed = run(here, OF_2025.replace(b"ICCOPE,7", b"iccope,9"))

    assert (again.changes_nothing, rows()) == (True, (8, 2))
    assert [line.fields for line in changed.lines if line.fields] == [("outil", "nombre")]
    assert sum(one.count for one in queries.requests_by_tool(here, 2025)) == 33
    assert queries.requests_by_tool(here, 2024) == []


def test_a_column_that_the_file_has_not_stays_as_it_was(here):
    run(here, f"{TITLES}ICCOPE,4,formation,un parcours\n")
    changed = run(here, "outil,nombre\nICCOPE,5\n")

    assert [line.fields for line in changed.lines] == [("nombre",)]
    assert queries.requests_by_tool(here, 2025) == [ToolLine("ICCOPE", 5, "formation", "un parcours")]


def test_requests_noted_one_by_one_stay_and_are_pointed_out(here):
    day = STARTS_AT.date()
    services.note(here, Request(day=day, tool="iccope", asker="CPTS du Moulin", natures="formation"))
    report = run(here, f"{TITLES}ICCOPE,7,,\nFrottis,1,,\n", year=day.year)

    assert [normalise(one) for one in report.notices] == [
        "Ligne 2 : des sollicitations de 2026 sont déjà notées une par une pour « ICCOPE ». "
        "Elles s'ajoutent à ce nombre : vérifiez qu'aucune n'est comptée deux fois."
    ]
    assert [(one.tool, one.count) for one in queries.requests_by_tool(here, day.year)] == [
        ("iccope", 8),
        ("Frottis", 1),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("ICCOPE,sept,,", "Ligne 2 : nombre « sept » non compris. Écrivez un nombre de 1 à 9999."),
        ("ICCOPE,0,,", "Ligne 2 : nombre « 0 » non compris. Écrivez un nombre de 1 à 9999."),
        ("ICCOPE,-3,,", "Ligne 2 : nombre « -3 » non compris. Écrivez un nombre de 1 à 9999."),
        ("ICCOPE,,formation,", "Ligne 2 : nombre « (vide) » non compris. Écrivez un nombre de 1 à 9999."),
        (",4,formation,", "Ligne 2 : l'outil manque."),
        (f"{'a' * 201},4,,", "Ligne 2 : la case « outil » dépasse 200 caractères. Raccourcissez-la."),
        (f"ICCOPE,4,,{'a' * 2001}", "Ligne 2 : la case « besoins » dépasse 2000 caractères. Raccourcissez-la."),
        ("TOTAL,31,,", "Ligne 2 : « TOTAL » est la somme des autres lignes, pas un outil. Retirez cette ligne."),
        (
            "ICCOPE,4,,\nIccope,3,,",
            "Ligne 3 : l'outil « Iccope » est déjà à la ligne 2. Réunissez ces deux lignes.",
        ),
    ],
)
def test_a_line_that_is_none_keeps_the_whole_file_out(here, lines, told):
    report = run(here, f"{TITLES}{lines}\nFrottis,2,,\n")

    assert refusals(report) == [told]
    assert (report.is_written, rows()) == (False, (0, 0))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Ce fichier est vide (0 octet)"),
        (b"%PDF-1.7", "n'est pas un tableau"),
        (TITLES.encode(), "aucune ligne sous les titres"),
        (b"outil,nature\nICCOPE,formation\n", "nombre"),
        (b"a,b\n1,2\n", "outil"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(here, data, told):
    with pytest.raises(RuleBroken) as refusal:
        run(here, data)

    assert told in normalise(str(refusal.value))
    assert rows() == (0, 0)


def test_a_year_far_from_any_season_is_refused(here):
    with pytest.raises(RuleBroken, match="n’est pas une année"):
        run(here, OF_2025, year=1999)


def test_the_command_says_each_line_and_fails_on_a_bad_file(app, here, tmp_path):
    file = tmp_path / "sollicitations.csv"

    def command(text, *options):
        file.write_bytes(text)
        result = app.test_cli_runner().invoke(cli, ["requests", "import", str(file), "--year", "2025", *options])
        return result.exit_code, normalise(result.output).splitlines()

    trial = command(OF_2025, "--dry-run")
    assert (trial[0], trial[1][5], trial[1][-1]) == (
        0,
        "Ligne 7 : ICCOPE, 7 sollicitations : à créer",
        "Rien n'est encore enregistré.",
    )
    assert rows() == (0, 0)
    bad = command(OF_2025.replace(b"ICCOPE,7", b"ICCOPE,x"))
    assert (bad[0], rows()) == (1, (0, 0))
    done = command(OF_2025)
    assert (done[0], done[1][5], rows()[0]) == (0, "Ligne 7 : ICCOPE, 7 sollicitations : créée", 8)
