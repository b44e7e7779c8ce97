"""A training is counted apart: by itself whatever its action, and never in « ensemble »."""

from datetime import date

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.season_json import to_json
from cpts_sessions.reports.sentences.grammar import Gender
from cpts_sessions.reports.sentences.trainings import trained_sentence
from tests.reports.seasons import Season, season_2025

F, M = Gender.FEMININE, Gender.MASCULINE
DAYS = [date(2025, 5, 13), date(2025, 5, 20)]
END_OF_2025 = date(2025, 12, 20)


@pytest.mark.parametrize(
    ("came", "days", "unnamed", "said"),
    [
        ([], [], 0, "Aucun professionnel n'a été formé"),
        ([], DAYS, 0, "Aucun professionnel n'a été formé"),
        ([M], [], 0, "1 professionnel a été formé"),
        ([None], [], 0, "1 professionnel a été formé"),
        ([F], DAYS[:1], 0, "1 professionnelle a été formée le 13 mai 2025"),
        ([F] * 6 + [M], DAYS, 0, "7 professionnels ont été formés les 13 et 20 mai 2025"),
        ([F] * 5 + [None], DAYS, 0, "6 professionnels ont été formés les 13 et 20 mai 2025"),
        ([F] * 6, DAYS, 0, "6 professionnelles ont été formées les 13 et 20 mai 2025"),
        ([F, M], DAYS[:1] * 2, 3, "Au moins 2 professionnels ont été formés le 13 mai 2025"),
        ([], DAYS, 1, "Au moins 1 professionnel a été formé les 13 et 20 mai 2025"),
    ],
)
def test_who_was_trained_is_said_with_its_number_and_its_gender(came, days, unnamed, said):
    assert normalise(trained_sentence(came, days, unnamed)) == said


def with_a_training(season: Season, **changes):
    """Two Tuesdays of May 2025: two who came to a circle or to nothing else, and one who only enrolled."""
    words = {"name": "Vade Mecum", "singular": "formation", "plural": "formations", "gender": "f"}
    programme = season.programme("vade-mecum", goes_together=True, counts_animators=False, **{**words, **changes})
    dates = [season.session(programme, day) for day in ("2025-05-13", "2025-05-20")]
    for name, came in (("Ana", dates), ("Bea", dates[1:]), ("Cléo", [])):
        person = season.person(name)
        season.enrol(person, programme)
        for one in dates:
            season.register(person, one)
        for one in came:
            season.note(person, one)
    return programme


@pytest.mark.parametrize("action", [None, 29])
def test_a_training_under_the_action_of_the_gapp_changes_nothing_of_theirs_nor_of_the_year_together(app, action):
    season = season_2025()
    before = season_report(season.organisation.id, 2025, END_OF_2025)
    training = with_a_training(season, action=action, sort_order=-1)

    report = season_report(season.organisation.id, 2025, END_OF_2025)

    assert report.together == before.together
    assert (len(report.parts), report.parts[:2]) == (3, before.parts)
    part = report.part("vade-mecum")
    assert report.parts[2] == part == report.by_programme["vade-mecum"]
    assert (part.is_training, part.action, part.programme_ids) == (True, None, (training.id,))
    assert normalise(part.trained_sentence) == "2 professionnelles ont été formées les 13 et 20 mai 2025"
    assert normalise(part.sessions_sentence) == "2 formations ont été organisées les 13 et 20 mai 2025"
    assert normalise(part.figures_sentence) == "3 inscrits distincts, 2 présents distincts, 3 présences cumulées"


def test_a_year_with_nothing_but_a_training_has_nobody_together(app):
    season = Season(2025)
    with_a_training(season)
    report = season_report(season.organisation.id, 2025, END_OF_2025)
    assert (report.together.counting.enrolled_distinct, report.together.sentence) == (0, "")
    assert report.together.counting.dates.held == ()


def test_a_training_is_no_part_of_a_year_in_which_it_had_nothing(app):
    season = season_2025()
    with_a_training(season)

    report = season_report(season.organisation.id, 2026)

    assert [part.key for part in report.parts] == ["29", "30"]
    assert report.part("vade-mecum").counting.enrolled_distinct == 0


def test_the_json_has_the_trainings_under_their_own_names(app):
    season = season_2025()
    assert to_json(season_report(season.organisation.id, 2025, END_OF_2025))["trainings"] == {}
    with_a_training(season, action=29)

    told = to_json(season_report(season.organisation.id, 2025, END_OF_2025))

    assert (list(told["actions"]), list(told["trainings"])) == (["29", "30"], ["vade-mecum"])
    training = told["trainings"]["vade-mecum"]
    assert (training["trained"], normalise(training["trained_sentence"])) == (
        2,
        "2 professionnelles ont été formées les 13 et 20 mai 2025",
    )
    assert (training["held"], training["participants"]["enrolled_distinct"]) == (["2025-05-13", "2025-05-20"], 3)
    assert told["together"]["enrolled_distinct"] == 26
