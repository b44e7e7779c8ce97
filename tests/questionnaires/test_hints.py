"""What opened boxes suggest on the desk, never of fewer than five respondents."""

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.questionnaires.hints import box_hints
from tests.conftest import NOW
from tests.factories import make_organisation, make_programme
from tests.reports.opened import opened

MIDDAY, EVENING = "Midi (12 h 30 – 14 h)", "Soirée (20 h – 22 h)"
COLD, WARM = "Température de la salle", "Confort ou chaleur du lieu"


@pytest.fixture
def cpts(app, clock):
    return make_organisation()


@pytest.fixture
def gapp(cpts):
    return make_programme(cpts)


def said(programme):
    return [normalise(one.sentence) for one in box_hints(programme.organisation_id)]


def test_a_slot_that_five_ask_for_and_remarks_that_five_make_are_said_until_the_end_of_march(cpts, gapp, clock):
    opened(gapp, {"g9": [[EVENING]] * 5 + [[MIDDAY]], "g8": [["Autre lieu ou visioconférence"]] * 5}, 2026, "gapp_eval")
    circles = make_programme(cpts, slug="cercles")
    opened(circles, {"c6": [[COLD, WARM]] * 5 + [["Discrétion du lieu"]] * 4}, 2026)
    told = [
        "Créneau le plus demandé dans les questionnaires : « Soirée (20 h – 22 h) », 5 sur 6 répondants.",
        "Remarques sur le lieu : autre lieu ou visioconférence. À voir avant la prochaine saison.",
        "Remarques sur le lieu : température de la salle et confort ou chaleur du lieu. "
        "À voir avant la prochaine saison.",
    ]
    assert said(gapp) == told
    clock.move_to(NOW.replace(year=2027, month=3, day=31))
    assert said(gapp) == told
    clock.move_to(NOW.replace(year=2027, month=4, day=1))
    assert said(gapp) == []


def test_what_fewer_than_five_choose_suggests_nothing(gapp):
    opened(
        gapp, {"g9": [[EVENING]] * 4 + [[MIDDAY]] * 4, "g8": [["Autre lieu ou visioconférence"]] * 4}, 2026, "gapp_eval"
    )
    assert said(gapp) == []
