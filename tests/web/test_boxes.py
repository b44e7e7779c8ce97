"""The pages of the boxes: where each stands, opening, results, texts to read, ballots on paper."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import opening, queries, verbatims
from cpts_sessions.questionnaires.models import Box, BoxState, Slot
from tests.factories import make_organisation
from tests.questionnaires.boxes import answer_all, collecting, make_asking_programme
from tests.reports.opened import answers_of_2025, opened
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

LIST = "/coordination/questionnaires"
TEXTS = ["chaude", "froide", "claire", "sombre", "calme"]


@pytest.fixture
def asking(organisation):
    """Cercles de paroles, which ask their questionnaire."""
    return make_asking_programme(organisation)


@pytest.fixture
def december(app, clock):
    """The first day on which a box may be opened."""
    clock.move_to(datetime(2026, 12, 10, 9, 0, tzinfo=UTC))


def page_of(box: Box, act: str = "") -> str:
    return f"{LIST}/{box.public_id}{'/' + act if act else ''}"


def press(coordinator, box, act, **fields):
    """Open the page of an act and send its form, then read where it leads."""
    return after(coordinator, send(coordinator, page_of(box, act), holding="csrf_token", **fields))


def test_without_a_box_the_page_says_how_one_comes(coordinator):
    assert "Aucune urne cette année" in text_of(coordinator, LIST)


def test_before_december_nothing_is_said_of_what_a_box_holds(coordinator, asking):
    box, tokens = collecting(6, programme=asking)
    empty = text_of(coordinator, page_of(box)), text_of(coordinator, LIST)
    answer_all(box, tokens[:5], TEXTS)

    assert (text_of(coordinator, page_of(box)), text_of(coordinator, LIST)) == empty
    assert "rien n'est dit sur ce qu'elle contient" in empty[0]


@pytest.mark.usefixtures("december")
def test_a_ready_box_is_opened_after_its_question_and_says_what_it_holds(request, asking):
    coordinator = request.getfixturevalue("coordinator")  # who signs in that day
    box, tokens = collecting(6, programme=asking)
    answer_all(box, tokens[:5], TEXTS)
    opening.look_at_boxes()
    assert "Dépouiller l'urne" in text_of(coordinator, page_of(box))

    page = press(coordinator, box, "depouiller")

    assert "Urne dépouillée. Les réponses sont mélangées." in page
    assert "5 réponses pour 6 personnes invitées" in page
    assert "5 commentaires" in page


@pytest.mark.usefixtures("december")
def test_a_box_that_is_not_ready_is_not_opened_and_says_no_number(request, asking):
    coordinator = request.getfixturevalue("coordinator")
    box, tokens = collecting(6, programme=asking)
    answer_all(box, tokens[:4], TEXTS[:4])
    opening.look_at_boxes()

    answer = coordinator.get(page_of(box, "depouiller"))

    assert (answer.status_code, answer.location) == (303, page_of(box))
    page = text_of(coordinator, page_of(box))
    assert "Pas prête" in page
    assert "4" not in page.partition("Pas prête")[2].partition("Pour la dépouiller")[0]
    assert stored(Slot).count() == 6


def test_a_collection_is_closed_before_its_time_and_too_few_answers_wait(coordinator, asking):
    box, tokens = collecting(6, programme=asking)
    answer_all(box, tokens[:4], TEXTS[:4])

    page = press(coordinator, box, "clore-la-collecte")

    assert "Urne reportée à l'année suivante." in page
    assert stored(Box).filter_by(id=box.id).one().state == BoxState.CARRIED


def test_a_question_with_four_answers_shows_no_number(coordinator, asking):
    values = {**answers_of_2025(), "c7": ["Lettre d’information"] * 4}
    box = opened(asking, values)

    page = text_of(coordinator, page_of(box))
    last = page.partition("Comment avez-vous connu les cercles de paroles ?")[2].partition("Un commentaire")[0]

    assert "Moins de 5 réponses à cette question" in last
    assert not any(sign.isdecimal() for sign in last.replace("5", "", 1))


def test_results_are_told_in_the_sentences_of_the_report(coordinator, asking):
    box = opened(asking, answers_of_2025())

    page = text_of(coordinator, page_of(box))

    assert "Taux de réponse : 6 sur 16 (38 %)." in page
    assert "L'animation est unanimement perçue comme « bienveillante et équilibrée » (6 sur 6)." in page


def test_texts_are_kept_masked_or_put_aside_one_by_one(coordinator, asking):
    box = opened(asking, {"c1": ["Oui"] * 6, "c8": ["Merci à Paule", "Trop froid"]})
    first, second = verbatims.written(box)
    page = page_of(box, "commentaires")

    told = after(
        coordinator,
        send(coordinator, page, holding="masquer", to=f"{page}/{first.answer_id}", masquer=["1"]),
    )
    assert "1 commentaire reste à relire" in told
    after(
        coordinator,
        send(
            coordinator,
            page,
            holding="masquer",
            to=f"{page}/{second.answer_id}",
            decision="ecarter",
        ),
    )

    db.session.rollback()
    kept = [one.decision.is_kept for one in verbatims.written(box) if one.decision]
    assert sorted(kept) == [False, True]
    assert len(verbatims.quotable(box)) == 1


def test_a_ballot_on_paper_is_sealed_and_the_page_opens_empty_for_the_next(coordinator, asking):
    box, _ = collecting(2, programme=asking)

    page = press(coordinator, box, "papier", c1="0", c2=["0"], c5="0")

    assert "Bulletin scellé avec les autres." in page
    assert "1 bulletin saisi" in page
    assert queries.paper_count(box.id) == 1


def test_an_empty_ballot_adds_nothing(coordinator, asking):
    box, _ = collecting(2, programme=asking)

    assert "Ce bulletin est vide" in press(coordinator, box, "papier")
    assert queries.paper_count(box.id) == 0


def test_a_choice_that_is_not_offered_is_pointed_out_and_nothing_is_sealed(coordinator, asking):
    box, _ = collecting(2, programme=asking)

    answer = send(coordinator, page_of(box, "papier"), holding="csrf_token", c1="77")

    assert answer.status_code == 422
    assert queries.paper_count(box.id) == 0


@pytest.mark.parametrize("act", ["", "depouiller", "clore-la-collecte", "papier", "commentaires"])
def test_the_box_of_another_cpts_is_not_found(coordinator, act):
    other = make_asking_programme(make_organisation(slug="autre", public_url="https://autre.example"))
    box, _ = collecting(2, programme=other)

    assert coordinator.get(page_of(box, act)).status_code == 404


def test_the_list_asks_as_much_of_the_database_for_three_boxes_as_for_one(coordinator, asking):
    opened(asking, answers_of_2025())
    one = queries_for(coordinator, LIST)
    for year in (2023, 2024):
        opened(asking, answers_of_2025(), year=year)

    assert queries_for(coordinator, LIST) == one


def test_a_text_put_aside_of_another_box_is_refused_in_a_sentence(coordinator, asking):
    box = opened(asking, {"c1": ["Oui"] * 6, "c8": ["Trop froid"]})
    with transaction():
        elsewhere = opened(asking, {"c8": ["Ailleurs"]}, year=2024)
    answer_id = verbatims.written(elsewhere)[0].answer_id
    page = page_of(box, "commentaires")

    told = after(coordinator, send(coordinator, page, holding="csrf_token", to=f"{page}/{answer_id}"))

    assert "n'est pas de cette urne" in told
    assert verbatims.quotable(elsewhere) == []
