"""What nobody can see in a text of several lines is not kept, in any form of the coordination."""

import pytest

from cpts_sessions.registers.models import HelpRequest, Step
from cpts_sessions.web.coordinator import typed
from tests.browsing import submit
from tests.web.coordination import stored
from tests.web.test_registers import REQUEST, REQUESTS, STEP, STEPS

pytestmark = pytest.mark.usefixtures("clock")

UNSEEN = "Un\x00 parc\x07ours\r\n\tet\x1b suite\x85\ud83d"


def test_an_invisible_sign_in_a_register_is_left_out(coordinator):
    answers = [
        submit(coordinator, f"{REQUESTS}/noter", **{**REQUEST, "besoin": "Un\x00 parcours\x07\r\net la suite"}),
        submit(coordinator, f"{STEPS}/noter", **{**STEP, "texte": "Visite\x00 des\x0bcabinets."}),
    ]

    assert [one.status_code for one in answers] == [303, 303]
    assert [one.needs for one in stored(HelpRequest)] == ["Un parcours\net la suite"]
    assert [one.text for one in stored(Step)] == ["Visite des\ncabinets."]


def test_lines_and_their_beginnings_stay():
    assert typed.several_lines(UNSEEN) == "Un parcours\n\tet suite"
