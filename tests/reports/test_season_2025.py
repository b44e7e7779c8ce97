"""The season 2025: what the annual report of that year said, character for character."""

from datetime import date

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.season_json import to_json
from tests.reports.seasons import season_2025

THE_19 = (
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, 1 audioprothésiste, "
    "1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) se sont inscrits à l'activité"
)
GAPP_DAYS = ["2025-03-19", "2025-05-12", "2025-09-16", "2025-10-08", "2025-11-17"]
CIRCLE_DAYS = [
    *("2025-01-23", "2025-02-04", "2025-02-20", "2025-03-04", "2025-03-20", "2025-04-01", "2025-04-17"),
    *("2025-05-06", "2025-06-03", "2025-09-24", "2025-10-29", "2025-11-27", "2025-12-18"),
]
DISCOVERY_DAYS = ["2025-06-26", "2025-06-27"]


@pytest.fixture
def report(app):
    return season_report(season_2025().organisation.id, 2025, date(2025, 12, 20))


def test_the_sentence_of_the_19_comes_out_character_for_character(report):
    assert normalise(report.part("30").sentence) == THE_19
    assert report.part("30").sentence == (
        "19 professionnels (1 sage-femme, 3 médecins généralistes dont l’animateur, 2 kinés, 2 IDEL, "
        "1 audioprothésiste, 1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) "
        "se sont inscrits à l’activité"
    )


def test_the_dates_come_out_character_for_character(report):
    assert report.part("29").dates_sentence == (
        "19\u00a0mars, 12\u00a0mai, 16\u00a0septembre, 8\u00a0octobre et 17\u00a0novembre 2025"
    )
    assert report.part("30").dates_sentence == (
        "23\u00a0janvier, 4 et 20\u00a0février, 4 et 20\u00a0mars, 1er et 17\u00a0avril, 6\u00a0mai, 3\u00a0juin, "
        "24\u00a0septembre, 29\u00a0octobre, 27\u00a0novembre et 18\u00a0décembre 2025\u202f; "
        "un dernier est prévu le 30\u00a0décembre"
    )


def test_the_paragraphs_of_the_sessions_come_out(report):
    told = {part.key: (normalise(part.sessions_sentence), normalise(part.discovery_sentence)) for part in report.parts}
    discovery = (
        "2 séances de découverte ont été proposées les 26 et 27 juin 2025 (Colloque pluriprofessionnel) ; "
        "elles ne sont pas comptées ci-dessus"
    )
    assert told == {
        "29": (
            "5 GAPP ont été organisés les 19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025",
            discovery,
        ),
        "30": (
            "13 cercles de paroles ont été organisés les 23 janvier, 4 et 20 février, 4 et 20 mars, 1er et 17 avril, "
            "6 mai, 3 juin, 24 septembre, 29 octobre, 27 novembre et 18 décembre 2025 ; un dernier est prévu le "
            "30 décembre",
            discovery,
        ),
    }


def test_the_figures_of_the_year_come_out(report):
    told = {part.key: normalise(part.figures_sentence) for part in report.parts}
    assert told == {
        "29": "11 inscrits distincts, 11 présents distincts, 30 présences cumulées",
        "30": "19 inscrits distincts, 17 présents distincts, 77 présences cumulées",
    }
    assert normalise(report.part("30").animators_sentence) == "19 en comptant l'animateur, 18 sans lui"
    assert normalise(report.part("30").attendances_sentence) == (
        "77 présences cumulées en 13 séances, soit 5,9 en moyenne par séance"
    )


def test_the_whole_report_has_the_names_other_programs_rely_on(report):
    told = to_json(report)
    circles = told["actions"]["30"]
    participants = circles.pop("participants")
    assert {key: told[key] for key in ("year", "as_of", "together")} == {
        "year": 2025,
        "as_of": "2025-12-20",
        "together": {
            "enrolled_distinct": 26,
            "present_distinct": 24,
            "attendances": 107,
            "unnamed_attendances": 0,
            "sentence": "26 inscrits distincts, GAPP et cercles de paroles réunis",
        },
    }
    assert list(told["actions"]) == ["29", "30"]
    assert circles == {
        "held": CIRCLE_DAYS,
        "planned": ["2025-12-30"],
        "discovery": DISCOVERY_DAYS,
        "cancelled": [],
        "dates_sentence": report.part("30").dates_sentence,
        "evaluation": None,
        "effects": None,
    }
    assert {name: participants[name] for name in participants if name not in ("by_profession", "sentence")} == {
        "enrolled_distinct": 19,
        "present_distinct": 17,
        "attendances": 77,
        "unnamed_attendances": 0,
        "unnamed_by_profession": [],
        "without_animator": 18,
        "public_sentence": (
            "19 professionnels (3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres "
            "professionnels) se sont inscrits à l’activité"
        ),
    }
    assert told["actions"]["29"]["held"] == GAPP_DAYS
    assert told["actions"]["29"]["participants"]["without_animator"] == 11


def test_the_lines_by_profession_say_the_three_figures(report):
    participants = to_json(report)["actions"]["30"]["participants"]
    assert participants["by_profession"][:3] == [
        a_line("sage-femme", 1, 1, 5, "1 sage-femme"),
        a_line("medecin-generaliste", 3, 2, 16, "3 médecins généralistes dont l’animateur"),
        a_line("masseur-kinesitherapeute", 2, 2, 8, "2 kinés"),
    ]
    assert sum(line["present"] for line in participants["by_profession"]) == 17
    assert sum(line["attendances"] for line in participants["by_profession"]) == 77


def a_line(profession, count, present, attendances, text):
    return {"profession": profession, "count": count, "present": present, "attendances": attendances, "text": text}


def test_an_earlier_day_moves_what_was_held_and_who_came_but_not_who_is_enrolled(app):
    report = season_report(season_2025().organisation.id, 2025, date(2025, 2, 4))
    circles = to_json(report)["actions"]["30"]
    assert (circles["held"], circles["planned"], circles["discovery"]) == (
        CIRCLE_DAYS[:2],
        [*CIRCLE_DAYS[2:], "2025-12-30"],
        DISCOVERY_DAYS,
    )
    figures = circles["participants"]
    assert (figures["enrolled_distinct"], normalise(figures["sentence"])) == (19, THE_19)
    assert (figures["attendances"], figures["present_distinct"]) == (12, 10)
