"""`cpts-sessions report export`: all of a file, or nothing."""

import json
import resource

import pytest
from pypdf import PdfReader

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from tests.bench import exporting
from tests.processes import environment, free_port
from tests.questionnaires.attacker.proof import installation
from tests.reports.exports.opened import Format, everything
from tests.reports.opened import answers_of_2025, opened
from tests.reports.seasons import Season, season_2025

AS_OF = ["--year", "2025", "--as-of", "2025-12-20"]
EXACT = (
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, "
    "1 audioprothésiste, 1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) "
    "se sont inscrits à l'activité"
)
PUBLIC = (
    "19 professionnels (3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres professionnels) "
    "se sont inscrits à l'activité"
)
#: Of 2025: each of these professions has one or two people, in both programmes.
OF_A_FEW = (
    "sage-femme",
    "sages-femmes",
    "kiné",
    "idel",
    "infirmi",
    "audioprothésiste",
    "pharmacien",
    "psychologue",
    "ergothérapeute",
    "assistant",
    "l'animateur",
)


@pytest.fixture
def run(app):
    def invoke(*words):
        return app.test_cli_runner().invoke(report_cli, ["export", *map(str, words)])

    return invoke


@pytest.mark.parametrize("kind", Format)
def test_the_cpam_has_the_exact_sentence_of_2025_in_every_file(run, tmp_path, kind):
    season_2025()
    file = tmp_path / f"rapport.{kind}"

    result = run(*AS_OF, "--format", kind, "-o", file)

    assert (result.exit_code, normalise(result.output)) == (0, f"Rapport 2025 écrit dans {file}.\n")
    assert EXACT in normalise(everything(kind, file.read_bytes()))


@pytest.mark.parametrize("kind", Format)
def test_to_publish_no_file_of_2025_tells_a_profession_of_one_or_two_people(run, tmp_path, kind):
    season_2025()
    opened(db.session.query(Programme).filter_by(slug="cercle-de-paroles").one(), answers_of_2025())
    file = tmp_path / f"rapport.{kind}"

    run(*AS_OF, "--format", kind, "--public", "-o", file)
    words = normalise(everything(kind, file.read_bytes()))

    assert PUBLIC in words
    assert [one for one in OF_A_FEW if one in words.casefold()] == []


def test_a_dash_writes_the_file_alone_on_the_standard_output(run):
    season_2025()

    told = json.loads(run(*AS_OF, "--format", "json", "-o", "-").stdout_bytes)

    assert (told["organisation"], told["as_of"], told["audience"]) == ("CPTS du Val d'Ambre", "2025-12-20", "cpam")


def test_a_file_that_exists_is_replaced_at_once_and_nothing_is_left_beside(run, tmp_path):
    Season(2025).programme()
    file = tmp_path / "rapport.pdf"
    file.write_text("le précédent")
    link = tmp_path / "dernier.pdf"
    link.symlink_to(file)

    assert run("--year", "2025", "--format", "pdf", "-o", link).exit_code == 0

    assert PdfReader(file).metadata.title == "Rapport d’activité 2025, mission 6"
    assert (sorted(one.name for one in tmp_path.iterdir()), link.is_symlink()) == (["dernier.pdf", "rapport.pdf"], True)


def test_what_cannot_be_written_is_refused_in_a_sentence_and_leaves_nothing(run, tmp_path):
    Season(2025).programme()
    words = ("--year", "2025", "--format", "csv", "-o")

    missing = run(*words, tmp_path / "ailleurs" / "rapport.csv")
    folder = run(*words, tmp_path)

    assert (missing.exit_code, folder.exit_code) == (1, 1)
    assert "le dossier n'existe pas" in normalise(missing.output)
    assert "c'est un dossier" in normalise(folder.output)
    assert list(tmp_path.iterdir()) == []


def test_when_the_disk_refuses_the_file_that_was_there_stays(run, tmp_path):
    Season(2025).programme()
    file = tmp_path / "rapport.pdf"
    file.write_text("le précédent")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # fewer bytes than the file has
    try:
        result = run("--year", "2025", "--format", "pdf", "-o", file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (result.exit_code, file.read_text()) == (1, "le précédent")
    assert "Rien n'a été écrit" in normalise(result.output)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--year", "2025", "--as-of", "hier"], 2, "« hier » n'est pas un jour."),
        (["--year", "l'an passé"], 2, "« l'an passé » n'est pas une année entre 2000 et 2100."),
        (["--year", "2025", "--organisation", "personne"], 1, "personne"),
    ],
)
def test_what_means_nothing_is_refused_before_anything_is_written(run, tmp_path, words, code, sentence):
    Season(2025).programme()
    file = tmp_path / "rapport.docx"

    result = run(*words, "--format", "docx", "-o", file)

    assert (result.exit_code, sentence in normalise(result.output), file.exists()) == (code, True, False)


@pytest.mark.parametrize("kind", Format)
def test_the_installed_command_writes_a_season_in_a_process_of_its_own(tmp_path, kind):
    with installation("sqlite", tmp_path):
        exporting.season(sessions=4, people=14)

    _, _, memory = exporting.export(kind, tmp_path, environment(tmp_path, free_port()), public=True)

    assert memory < 300
