"""`start`, `demo`, `backup` and `restore` as the shell sees them: sentences and exit codes."""

import pytest
from sqlalchemy import select

from cpts_sessions.accounts import services
from cpts_sessions.cli.main import cli
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.installation.starting_code import starting_code
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.reports.season import season_report


@pytest.fixture
def run(app, clock):
    """Run a command; its exit code and its lines, in plain typing."""

    def run(*words):
        ended = app.test_cli_runner().invoke(cli, list(words))
        return ended.exit_code, normalise(ended.output).splitlines()

    return run


def the_organisation():
    return db.session.execute(select(Organisation)).scalar_one()


def test_the_demonstration_is_loaded_once_and_gives_a_way_in_per_role_each_time(run):
    code, lines = run("demo", "load", "--if-never")
    assert (code, [line.partition("http")[0] for line in lines]) == (
        0,
        [
            "Démonstration chargée : les personnes sont inventées, aucun message ne part.",
            "Pour entrer dans la démonstration, pendant 60 minutes, une fois par lien :",
            "  Coordination (Eva Martin) : ",
            "  Animation (Olivier Chastel) : ",
            "  Participante (Hélène Vautrin) : ",
            f"Pour commencer avec votre CPTS, depuis le bandeau du site : code {starting_code()}",
        ],
    )
    assert run("demo", "load", "--if-never")[1][0] == lines[1]
    assert run("demo", "load") == (1, ["La démonstration est déjà chargée. Rien n'a changé."])


def test_the_link_of_the_demonstration_enters(run):
    _, lines = run("demo", "load")
    token = lines[2].rpartition("/")[2]
    assert services.open_by_token(the_organisation().id, token, None, "Firefox")


def test_a_cpts_starts_and_says_where_it_answers(run):
    run("demo", "load")
    code, lines = run("start", "CPTS des Trois Vallées", "--email", "eva.martin@example.org")
    assert (code, lines[:3], lines[3].partition("http")[0], lines[4:]) == (
        0,
        [
            "La CPTS des Trois Vallées est prête, à l'adresse http://127.0.0.1:8000",
            "Ses messages partent de contact@cpts.example.org",
            "Les personnes et les séances inventées de la démonstration ont disparu.",
        ],
        "Eva Martin, 15 minutes : ",
        [
            "Ce lien mène aux premiers pas : dix minutes jusqu'à la première inscription.",
            "Passé ce délai : cpts-sessions login-link eva.martin@example.org",
        ],
    )
    assert lines[3].endswith("?suite=/coordination/premiers-pas")
    assert run("demo", "links") == (0, [])
    assert run("demo", "load", "--if-never") == (0, [])


def test_a_bad_address_is_refused_with_a_sentence(run):
    assert run("start", "CPTS des Trois Vallées", "--email", "eva") == (
        1,
        ["« eva » n'est pas une adresse e-mail complète."],
    )


def test_a_backup_is_written_and_restored(run, tmp_path):
    run("start", "CPTS des Trois Vallées", "--email", "eva.martin@example.org")
    file = str(tmp_path / "cpts.zip")

    code, lines = run("backup", file)
    assert (code, lines[0].startswith(f"Sauvegarde écrite dans {file} : "), lines[1]) == (
        0,
        True,
        "La clé maîtresse n'y est pas : gardez-en une copie ailleurs, une fois pour toutes.",
    )
    assert run("restore", file) == (
        1,
        [
            "Une CPTS est en place ici (CPTS des Trois Vallées) : rien n'a été restauré. "
            "Sauvegardez-la d'abord, puis ajoutez --replace pour la remplacer."
        ],
    )
    code, lines = run("restore", file, "--replace")
    assert (code, lines[0].startswith("Sauvegarde du lundi 2 novembre 2026 à 10 h restaurée : "), lines[1:]) == (
        0,
        True,
        [
            "CPTS en place : CPTS des Trois Vallées.",
            "Remplacée : CPTS des Trois Vallées.",
            "1 message attendait : aucun ne repart de lui-même, pour que personne ne le reçoive deux fois. "
            "Renvoyez ceux qui manquent depuis la page des messages.",
            "Chacun doit se reconnecter.",
        ],
    )


def test_the_report_of_2025_is_printed_from_the_demonstration(run):
    run("demo", "load")
    report = season_report(the_organisation().id, 2025)
    code, lines = run("report", "show", "--year", "2025", "--as-of", "2025-12-20")
    assert (code, normalise(report.part("30").sentence) in lines) == (0, True)
