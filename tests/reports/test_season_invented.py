"""A second season, invented: nothing of the counting is made for 2025 alone."""

from datetime import UTC, date, datetime, time

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.reports.season import season_report
from cpts_sessions.reports.season_json import to_json
from tests.reports.seasons import Season, circles_of, figures_of

MID_OCTOBER = date(2027, 10, 15)


@pytest.fixture
def season(app):
    return Season(2027)


def test_a_whole_other_season_gives_its_own_sentences(season):
    circles = season.programme()
    ana, lou = season.person("Ana", "sage-femme"), season.person("Lou", "medecin-generaliste", "Mme")
    women = [season.person(name, "medecin-specialiste") for name in ("Eva", "Ida")]
    first = season.session(circles, "2027-01-05", animator=lou)
    season.session(circles, "2027-03-01", animator=lou)
    season.session(circles, "2027-04-01", status="cancelled", cancel_reason="Effectif insuffisant", animator=lou)
    season.session(circles, "2027-05-01", is_discovery=True, animator=lou)
    for day in ("2027-11-18", "2027-12-30", "2027-12-02"):
        season.session(circles, day, status="open", animator=lou)
    season.session(circles, "2027-12-31", status="draft")
    for person in (ana, *women):
        season.register(person, first)
        season.note(person, first)
    season.note(lou, first)

    part = circles_of(season)

    assert [normalise(one) for one in (part.sessions_sentence, part.cancelled_sentence, part.discovery_sentence)] == [
        "2 cercles de paroles ont été organisés les 5 janvier et 1er mars 2027 ; "
        "trois autres sont prévus les 18 novembre, 2 et 30 décembre",
        "1 séance a été annulée : le 1er avril 2027 (effectif insuffisant)",
        "1 séance de découverte a été proposée le 1er mai 2027 ; elle n'est pas comptée ci-dessus",
    ]
    assert normalise(part.sentence) == (
        "4 professionnelles (1 sage-femme ; 1 médecin généraliste, l'animatrice ; 2 médecins spécialistes) "
        "se sont inscrites à l'activité"
    )
    assert normalise(part.public_sentence) == "4 professionnelles se sont inscrites à l'activité"
    assert normalise(part.animators_sentence) == "4 en comptant l'animatrice, 3 sans elle"
    assert normalise(part.figures_sentence) == "4 inscrits distincts, 4 présents distincts, 4 présences cumulées"


def test_a_line_is_feminine_only_when_everyone_of_it_said_so(season):
    circles = season.programme()
    session = season.session(circles, "2027-01-05")
    for name, profession, civility in (
        ("Ana", "psychologue", "Mme"),
        ("Eva", "dieteticien", "Mme"),
        ("Ida", "dieteticien", "Mme"),
        ("Una", "pharmacien", "Mme"),
        ("Max", "pharmacien", None),
    ):
        season.register(season.person(name, profession, civility), session)

    assert normalise(circles_of(season).sentence) == (
        "5 professionnels (2 pharmaciens, 2 diététiciennes, 1 psychologue) se sont inscrits à l'activité"
    )


@pytest.mark.parametrize("session", [{"is_discovery": True}, {"status": "cancelled"}, {"status": "draft"}])
def test_what_happens_at_other_sessions_counts_nowhere(season, session):
    circles = season.programme()
    ana, lou = season.person("Ana"), season.person("Lou")
    other = season.session(circles, "2027-01-05", animator=lou, **session)
    season.register(ana, other)
    season.note(ana, other)
    season.note(lou, other)
    season.tally(other, 4)

    assert figures_of(season) == (0, 0, 0)


def test_a_past_session_nobody_closed_is_held_and_said(season):
    circles = season.programme()
    season.session(circles, "2027-01-05", status="open")
    one = circles_of(season)
    season.session(circles, "2027-02-05", status="open")
    two = circles_of(season)

    assert [[normalise(note) for note in part.notes] for part in (one, two)] == [
        ["1 séance tenue n'est pas encore close : ses présences manquent."],
        ["2 séances tenues ne sont pas encore closes : leurs présences manquent."],
    ]


def test_a_year_begins_and_ends_at_midnight_in_paris(season):
    circles = season.programme()
    season.session(circles, "2027-01-01", time(0, 30), time(2))
    season.session(circles, "2027-12-31", time(23, 30), time(23, 59))
    season.session(circles, "2028-01-01", time(0, 30), time(2))

    assert circles_of(season, date(2028, 6, 1)).held_days == [date(2027, 1, 1), date(2027, 12, 31)]


def test_a_session_of_the_evening_is_held_on_its_day_and_planned_the_day_before(season):
    circles = season.programme()
    season.session(circles, "2027-07-06", status="open")

    seen = {day: circles_of(season, date(2027, 7, day)).held_days for day in (5, 6)}
    assert seen == {5: [], 6: [date(2027, 7, 6)]}


def test_without_a_day_the_count_stands_at_this_minute(season, clock):
    circles = season.programme()
    season.session(circles, "2027-07-06", time(20), time(22), status="open")
    seen = []
    for hour in (17, 18, 20):  # in UTC: before, during, at its end
        clock.move_to(datetime(2027, 7, 6, hour, tzinfo=UTC))
        part = circles_of(season, None)
        seen.append((part.held_days, part.planned_days))

    evening = [date(2027, 7, 6)]
    assert seen == [([], evening), ([], evening), (evening, [])]


def test_programmes_of_one_action_are_counted_together_and_others_apart(season):
    circles, walks = season.programme(), season.programme("marche", action=30, gender="f", sort_order=2)
    training = season.programme("formation", sort_order=3)
    ana = season.person("Ana")
    for programme in (circles, walks, training):
        session = season.session(programme, "2027-01-05")
        season.register(ana, session)
        season.note(ana, session)

    report = season_report(season.organisation.id, 2027, MID_OCTOBER)

    assert [(part.key, part.title, part.counting.enrolled_distinct) for part in report.parts] == [
        ("30", "Cercles de paroles et marche", 1),
        ("formation", "formation", 1),
    ]
    assert normalise(report.parts[0].sessions_sentence) == "2 séances ont été organisées le 5 janvier 2027"
    assert figures_of(season) == (1, 1, 2)
    assert list(to_json(report)["actions"]) == ["30"]
    assert normalise(report.together.sentence) == "1 inscrit distinct, cercles de paroles, marches et formations réunis"


def test_nothing_of_another_organisation_or_year_is_counted(season):
    other, last_year = Season(2027, "autre"), date(2026, 5, 5).isoformat()
    circles, theirs = season.programme(), other.programme()
    for where, programme, day in ((other, theirs, "2027-01-05"), (season, circles, last_year)):
        session = where.session(programme, day)
        person = where.person(f"Ana{day}")
        where.register(person, session)
        where.note(person, session)

    assert figures_of(season) == (0, 0, 0)
    assert normalise(circles_of(season).sentence) == "Aucun professionnel ne s'est inscrit à l'activité"
