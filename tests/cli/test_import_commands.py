"""The import commands: what they print, when they fail, and that a bad file changes nothing."""

import pytest

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.cli.main import cli
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.reports.season import season_report
from tests.factories import make_organisation, make_programme

PEOPLE = "prénom;nom;email;profession\nAnne;Roux;anne@example.org;sage-femme\n"
SESSIONS = "dispositif;date;début\ngapp;2027-03-02;20h\n"


@pytest.fixture
def run(app, tmp_path):
    """Run a command on a file of this content."""
    make_programme(make_organisation())

    def run(what, content, *options, name="fichier.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        result = app.test_cli_runner().invoke(cli, [what, "import", str(file), *options])
        return result.exit_code, normalise(result.output)

    return run


def rows():
    return db.session.query(Person).count(), db.session.query(GroupSession).count()


def test_persons_are_imported_and_each_line_is_printed(run):
    trial = run("people", PEOPLE, "--programme", "gapp", "--year", "2020", "--dry-run")
    assert (trial, rows()) == (
        (
            0,
            "Ligne 2 : Anne Roux : à créer et à inscrire au dispositif pour 2020\n"
            "Lignes lues : 1. À créer : 1. À inscrire : 1. À mettre à jour : 0. Inchangées : 0. Refusées : 0.\n"
            "Message à écrire : 0.\n"
            "Rien n'est encore enregistré.\n",
        ),
        (0, 0),
    )
    assert run("people", PEOPLE, "--programme", "gapp", "--year", "2020") == (
        0,
        "Ligne 2 : Anne Roux : créée et inscrite au dispositif pour 2020\n"
        "Import terminé. Créées : 1. Inscrites : 1. Mises à jour : 0. Inchangées : 0.\n"
        "Message écrit : 0.\n",
    )
    assert rows() == (1, 0)


def test_sessions_are_imported(run):
    assert run("sessions", SESSIONS, "--no-mail") == (
        0,
        "Ligne 2 : GAPP, mardi 2 mars 2027, 20 h : créée\n"
        "Import terminé. Créées : 1. Mises à jour : 0. Inchangées : 0.\n"
        "Message écrit : 0.\n",
    )
    assert rows() == (0, 1)


def test_a_refused_line_ends_the_command_with_an_error(run):
    code, output = run("people", PEOPLE.replace("sage-femme", "médecin"))

    assert code == 1
    assert output.splitlines()[:2] == [
        "Ligne 2 : Anne Roux : refusée",
        "    Ligne 2 : « médecin » peut vouloir dire médecin généraliste ou médecin spécialiste. Précisez.",
    ]
    assert output.splitlines()[-1] == (
        "1 ligne est refusée : rien ne sera enregistré tant qu'elle n'est pas corrigée. C'est tout ou rien."
    )
    assert rows() == (0, 0)


BAD_FILES = {
    "empty": (b"", "Ce fichier est vide (0 octet)."),
    "above 10 MB": (b"x" * (10 * 1024 * 1024 + 1), "la limite est de 10 Mo."),
    "not a table": (b"%PDF-1.7 ...", "Ce fichier n'est pas un tableau CSV ou Excel."),
    "no e-mail column": (b"prenom,nom,profession\nAnne,Roux,sage-femme\n", "Il manque la colonne « email »."),
    "two encodings": (
        "prénom;nom;email;profession\n".encode() + "Zoé;Réal;z@example.org;infirmière\n".encode("cp1252"),
        "Les accents de ce fichier sont écrits de deux façons à la fois",
    ),
    "only titles": (b"prenom;nom;email;profession\n", "Ce fichier ne contient aucune ligne sous les titres"),
}


@pytest.mark.parametrize("content", BAD_FILES)
def test_a_bad_file_gets_one_sentence_and_changes_nothing(run, content):
    data, sentence = BAD_FILES[content]
    code, output = run("people", data)

    assert code == 1
    assert "Error" not in output
    assert sentence in output
    assert rows() == (0, 0)


def test_a_formula_is_refused_by_its_line(run):
    code, output = run("people", PEOPLE.replace("anne@example.org", "=A2"))

    assert code == 1
    assert "la case « email » contient une formule. Remplacez-la par sa valeur." in output
    assert rows() == (0, 0)


def test_a_cpts_that_adopts_in_mid_year_brings_people_sessions_then_presences(run):
    """The three files of a year that began elsewhere; the counts are then those of the files."""
    people = PEOPLE + "Luc;Petit;;sage-femme\nZoé;Roy;zoe@example.org;sage-femme\n"
    presences = (
        "date;email;statut;prénom;nom\n"
        "02/03/2025;anne@example.org;présent;;\n2025-03-02;;présent;Luc;Petit\n2025-03-02;zoe@example.org;absent;;\n"
        "2025-04-06;anne@example.org;présent;;\n"
    )
    assert run("people", people, "--programme", "gapp", "--year", "2025", "--no-mail")[0] == 0
    dates = SESSIONS.replace("2027-03-02", "2025-03-02") + "gapp;2025-04-06;20h\n"
    assert run("sessions", dates, "--no-mail")[0] == 0

    code, said = run("attendance", presences, "--programme", "gapp", "--dry-run")
    assert (code, said.splitlines()[1], said.splitlines()[-1]) == (
        0,
        "Ligne 3 : 2025-03-02, Luc Petit : à créer",
        "Rien n'est encore enregistré.",
    )
    assert db.session.query(Attendance).count() == 0
    assert run("attendance", presences, "--programme", "gapp")[0] == 0

    counting = season_report(db.session.query(Programme).one().organisation_id, 2025).by_programme["gapp"].counting
    assert (counting.enrolled_distinct, counting.present_distinct, counting.attendances) == (3, 2, 3)


def test_presences_refused_are_said_by_line_and_nothing_is_written(run):
    code, said = run("attendance", "date;email;statut\nhier;a@example.org;présent\n", "--programme", "gapp")
    assert (code, "Ligne 2 : date « hier » non comprise." in said) == (1, True)
    code, said = run("attendance", "date;email;statut\nhier;a@example.org;présent\n", "--programme", "yoga")
    assert (code, "Dispositif « yoga » inconnu." in said) == (1, True)
    code, said = run("attendance", "date;statut\nhier;présent\n", "--programme", "gapp")
    assert (code, db.session.query(Attendance).count()) == (1, 0)
