"""`cpts-sessions report show`."""

import json

import pytest

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.french import normalise
from tests.reports.seasons import Season, season_2025

DISCOVERY = (
    "2 séances de découverte ont été proposées les 26 et 27 juin 2025 (Colloque pluriprofessionnel) ; "
    "elles ne sont pas comptées ci-dessus"
)
PRINTED = [
    "CPTS du Val d'Ambre, année 2025, au 20 décembre 2025",
    "",
    "Action 29 : GAPP",
    "5 GAPP ont été organisés les 19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025",
    DISCOVERY,
    "11 inscrits distincts, 11 présents distincts, 30 présences cumulées",
    "Pour la CPAM :",
    "11 professionnels (2 sages-femmes, 1 médecin généraliste, 2 kinés, 1 IDEL, 1 pharmacienne, "
    "1 diététicienne, 1 orthophoniste, 1 psychologue, 1 assistante de service social) "
    "se sont inscrits à l'activité",
    "À publier :",
    "11 professionnels se sont inscrits à l'activité",
    "",
    "Action 30 : Cercles de paroles",
    "13 cercles de paroles ont été organisés les 23 janvier, 4 et 20 février, 4 et 20 mars, 1er et 17 avril, "
    "6 mai, 3 juin, 24 septembre, 29 octobre, 27 novembre et 18 décembre 2025 ; "
    "un dernier est prévu le 30 décembre",
    DISCOVERY,
    "19 inscrits distincts, 17 présents distincts, 77 présences cumulées",
    "19 en comptant l'animateur, 18 sans lui",
    "Pour la CPAM :",
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, "
    "1 audioprothésiste, 1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) "
    "se sont inscrits à l'activité",
    "À publier :",
    "19 professionnels (3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres "
    "professionnels) se sont inscrits à l'activité",
    "",
    "Ensemble",
    "26 inscrits distincts, GAPP et cercles de paroles réunis",
    "24 présents distincts, 107 présences cumulées",
]


@pytest.fixture
def run(app):
    def invoke(*words):
        return app.test_cli_runner().invoke(report_cli, ["show", *words])

    return invoke


def test_the_sentences_of_2025_are_printed_on_lines_of_their_own(run):
    season_2025()
    result = run("--year", "2025", "--as-of", "2025-12-20")
    assert (result.exit_code, normalise(result.output).splitlines()) == (0, PRINTED)


def test_json_has_the_figures_other_programs_read(run):
    season_2025()
    told = json.loads(run("--year", "2025", "--as-of", "20/12/2025", "--format", "json").output)
    assert sorted(told) == ["actions", "as_of", "together", "trainings", "year"]
    figures = {
        action: [told["actions"][action]["participants"][name] for name in ("enrolled_distinct", "attendances")]
        for action in told["actions"]
    }
    assert (told["as_of"], figures) == ("2025-12-20", {"29": [11, 30], "30": [19, 77]})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--year", "2025", "--as-of", "hier"], "« hier » n'est pas un jour. Écrivez par exemple 2025-12-20"),
        (["--year", "2025", "--as-of", "2025-02-30"], "« 2025-02-30 » n'est pas un jour."),
        (["--year", "2025", "--as-of", "9999-12-31"], "« 9999-12-31 » n'est pas un jour."),
        (["--year", "l'an passé"], "« l'an passé » n'est pas une année entre 2000 et 2100."),
        (["--year", "20250"], "« 20250 » n'est pas une année entre 2000 et 2100."),
    ],
)
def test_a_day_or_a_year_that_means_nothing_is_refused_in_french(run, words, sentence):
    result = run(*words)
    assert result.exit_code == 2
    assert sentence in normalise(result.output)


def test_several_organisations_are_told_apart(run):
    Season(2025, "ici")
    Season(2025, "ailleurs").programme()
    assert run("--year", "2025").exit_code == 1
    assert "Action 30" in run("--year", "2025", "--organisation", "ailleurs").output
    assert "Action 30" not in run("--year", "2025", "--organisation", "ici").output
