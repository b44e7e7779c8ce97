"""The year in small pictures: the figures of the counting page, and those of the year before at the same date."""

from datetime import date

import pytest

from cpts_sessions.core.clock import today
from cpts_sessions.reports.pictures import MOST_NAMED, occupation, pictures
from cpts_sessions.reports.season import season_report
from tests.reports.seasons import Season, season_2025

pytestmark = pytest.mark.usefixtures("app", "clock")  # Monday 2 November 2026


@pytest.fixture
def two_years():
    """Three sessions in 2025, one of them after the 2nd of November; two held in 2026, by the same people."""
    season = Season(2026)
    gapp, circles = season.programme("gapp", action=29), season.programme()
    ana, lou = season.person("Ana"), season.person("Lou", "medecin-generaliste", "M.")
    for day in ("2025-03-03", "2025-10-06", "2025-12-01"):
        held = season.session(gapp, day)
        season.register(ana, held)
        season.note(ana, held)
    for programme, day in ((gapp, "2026-03-02"), (circles, "2026-10-05")):
        held = season.session(programme, day, animator=lou)
        season.register(ana, held)
        season.note(ana, held)
        season.note(lou, held)
    season.tally(held, 3)
    season.session(gapp, "2026-12-07", status="open")
    season.gapp, season.circles = gapp, circles
    return season


def figures(counting):
    """The five figures of a count."""
    return (
        len(counting.dates.held),
        counting.enrolled_distinct,
        counting.present_distinct,
        counting.attendances,
        (counting.places_taken, counting.places),
    )


def test_the_year_before_is_counted_at_the_same_date(two_years):
    drawn = pictures(two_years.organisation.id, 2026)

    assert figures(drawn.counting) == (2, 2, 2, 7, (5, 24))
    assert (drawn.before_day, figures(drawn.before)) == (date(2025, 11, 2), (2, 1, 1, 2, (2, 24)))


def test_a_year_that_is_over_is_beside_the_whole_year_before(two_years):
    drawn = pictures(two_years.organisation.id, 2025)

    assert (figures(drawn.counting), drawn.before, drawn.before_day) == ((3, 1, 1, 3, (3, 36)), None, None)


def test_the_29th_of_february_is_beside_the_28th(two_years, clock):
    clock.move_to(f"{2028}-02-29T09:00:00+00:00")
    assert today() == date(2028, 2, 29)

    assert pictures(two_years.organisation.id, 2028).before_day == date(2027, 2, 28)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_figures_are_those_of_the_counting_page(two_years, year):
    report = season_report(two_years.organisation.id, year)

    assert pictures(two_years.organisation.id, year).counting == report.together.counting
    for programme in (two_years.gapp, two_years.circles):
        drawn = pictures(two_years.organisation.id, year, programme.id)
        part = report.by_programme[programme.slug]
        assert (drawn.counting, drawn.key, drawn.professions) == (part.counting, part.key, tuple(part.lines))


def test_a_training_is_drawn_alone_and_never_among_all(two_years):
    training = two_years.programme("formation", action=29, goes_together=True)
    held = two_years.session(training, "2026-05-04")
    two_years.note(two_years.person("Zoé"), held)
    two_years.register(two_years.person("Eva"), held)

    assert figures(pictures(two_years.organisation.id, 2026).counting)[0] == 2
    drawn = pictures(two_years.organisation.id, 2026, training.id)
    assert (drawn.key, figures(drawn.counting)[:2]) == ("formation", (1, 1))


def test_months_and_professions_add_up_to_the_figures(two_years):
    drawn = pictures(two_years.organisation.id, 2026)

    assert drawn.months == (0, 0, 2, 0, 0, 0, 0, 0, 0, 5, 0)
    assert sum(drawn.months) == drawn.counting.attendances
    assert sum(count for _, count in drawn.bars) == drawn.counting.enrolled_distinct
    assert (len(drawn.letters), drawn.letters[-1]) == (11, ("N", 0))


def test_of_2025_every_picture_adds_up_and_small_professions_are_one_bar():
    organisation_id = season_2025().organisation.id
    drawn = pictures(organisation_id, 2025)

    assert (sum(drawn.months), len(drawn.months)) == (drawn.counting.attendances, 12)
    assert sum(line.count for line in drawn.by_size) == drawn.counting.enrolled_distinct
    assert sum(count for _, count in drawn.bars) == drawn.counting.enrolled_distinct
    assert len(drawn.bars) == MOST_NAMED + 1
    assert drawn.bars[-1][0].endswith("autres professions")


def test_who_animates_takes_no_place_and_more_people_than_places_is_full(two_years):
    held = two_years.session(two_years.gapp, "2026-09-07", capacity=2)
    two_years.tally(held, 60)

    counting = pictures(two_years.organisation.id, 2026).counting

    assert (counting.attendances, counting.animating, counting.places_taken, counting.places) == (67, 2, 65, 26)
    assert occupation(counting) == 100
    assert occupation(pictures(two_years.organisation.id, 2024).counting) is None
