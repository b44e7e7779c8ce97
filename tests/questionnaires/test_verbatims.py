"""What people wrote leaves only once it was read: kept, with words masked, or put aside."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import verbatims
from cpts_sessions.questionnaires.models import Answer
from tests.questionnaires.boxes import make_asking_programme
from tests.reports.opened import opened

TEXT = "Merci à Paule de la pharmacie du centre"


@pytest.fixture
def box(app, clock):
    """An opened box, where one person wrote."""
    return opened(
        make_asking_programme(), {"c1": ["Oui"] * 6, "c2": [["Autre"]] * 6, "c8": [TEXT], "c2-precision": ["lente"]}
    )


def only(box, question="c8"):
    return next(one for one in verbatims.written(box) if one.question == question)


def test_nothing_may_be_quoted_before_it_is_read(box):
    assert [one.decision for one in verbatims.written(box)] == [None, None]
    assert verbatims.quotable(box) == []


def test_texts_come_in_the_order_of_the_questions(box):
    assert [one.question for one in verbatims.written(box)] == ["c2-precision", "c8"]


def test_what_stands_beside_an_option_is_left_out_when_too_few_answered_its_question(app, clock):
    few = {"c1": ["Oui"] * 6, "c2": [["Autre"]] * 4, "c2-precision": ["lente"], "c8": [TEXT]}
    assert [one.question for one in verbatims.written(opened(make_asking_programme(), few))] == ["c8"]


def test_a_text_is_kept_with_the_chosen_words_masked(box):
    verbatims.keep(box.id, only(box).answer_id, {2, 5, 6, 7}, actor_id=1)

    assert verbatims.quotable(box) == ["Merci à […] de la […]"]
    assert only(box).text == TEXT


def test_a_text_that_is_put_aside_is_never_quoted_and_may_be_taken_back(box):
    one = only(box).answer_id
    verbatims.put_aside(box.id, one, actor_id=1)
    assert verbatims.quotable(box) == []

    verbatims.keep(box.id, one, (), actor_id=1)

    assert verbatims.quotable(box) == [TEXT]
    kinds = [entry.kind for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert kinds == ["commentaire_ecarte", "commentaire_relu"]


def test_a_text_all_of_whose_words_are_masked_is_refused(box):
    with pytest.raises(RuleBroken):
        verbatims.keep(box.id, only(box).answer_id, range(8), actor_id=1)

    assert verbatims.quotable(box) == []


def test_what_is_not_a_text_of_this_box_is_refused(box, app):
    ticked = db.session.query(Answer).filter_by(question="c1").first().id
    other = opened(make_asking_programme(slug="autre"), {"c8": ["ailleurs"]}, slug="cercle_eval")
    elsewhere = only(other).answer_id
    for answer_id in (ticked, elsewhere, uuid4()):
        with pytest.raises(RuleBroken):
            verbatims.keep(box.id, answer_id, (), actor_id=1)


@given(
    words=st.lists(st.text("abcé’.", min_size=1, max_size=4), min_size=1, max_size=8), masked=st.sets(st.integers(0, 9))
)
def test_masking_shows_every_other_word_in_its_place_and_none_of_the_masked(words, masked):
    told = verbatims.with_mask(" ".join(words), masked).split(" ")

    assert [word for word in told if word != verbatims.MASK] == [
        word for place, word in enumerate(words) if place not in masked
    ]
    assert f"{verbatims.MASK} {verbatims.MASK}" not in " ".join(told)
