"""The demonstration tells the whole year 2025, as the reference season asks, and compares the next one with it."""

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.installation import demonstration
from cpts_sessions.reports.annual.gathering import gathered


@pytest.fixture
def cpts(app, clock):
    demonstration.load()
    return demonstration.find()


def test_the_year_2025_is_whole_and_the_next_one_is_compared_with_it(cpts):
    report = gathered(cpts.id, 2025)
    assert normalise(report.part_variable) == "2 000 + 4 000 + 4 000 + 1 000 = 11 000 €"
    assert normalise(report.together) == "26 inscrits distincts, GAPP et cercles de paroles réunis"
    assert [page.key for page in report.pages] == ["27", "28", "29", "30", "31", "autres"]
    assert [len(page.figures) > 0 and page.proposed != "" for page in report.pages] == [True] * 6
    trained = {one.key: normalise(one.exact) for one in report.page("autres").fields if one.key.endswith("_formes")}
    assert sorted(sentence[:31] for sentence in trained.values()) == [
        "6 professionnels ont été formés",
        "7 professionnels ont été formés",
    ]
    then = {one.key: one.previous for one in gathered(cpts.id, 2026).page("30").figures}
    assert (then["inscrits"], then["presents"], then["presences"]) == (19, 17, 77)
