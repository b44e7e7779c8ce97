"""What the cards of a year say, in the sentences of the report and in the command."""

import json

import pytest

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.questionnaires.effects import Card
from cpts_sessions.reports.card_effects import effects_of, effects_of_year
from tests.factories import make_person
from tests.questionnaires.on_cards import card, marks, tonight, with_cards

#: Of 12 cards: 9 better, 2 the same, 1 worse.
STRESS = [(6, 3)] * 9 + [(5, 5)] * 2 + [(4, 6)]

SENTENCES = [
    "Le stress passe d'une médiane de 6 à 3 sur 10 (écart moyen : −2,1 points) ; sur 12 cartes : mieux pour 9, "
    "stable pour 2, moins bien pour 1",
    "La fatigue garde une médiane de 6 sur 10 (écart moyen nul) ; sur 12 cartes : mieux pour aucune, "
    "stable pour 12, moins bien pour aucune",
    "L'isolement professionnel passe d'une médiane de 8 à 2 sur 10 (écart moyen : −6 points) ; sur 12 cartes : "
    "mieux pour 12, stable pour aucune, moins bien pour aucune",
    "La sérénité passe d'une médiane de 4 à 7 sur 10 (écart moyen : 3 points) ; sur 12 cartes : mieux pour 12, "
    "stable pour aucune, moins bien pour aucune",
]
NOTE = "Effet immédiat, sans groupe témoin ; pas de test statistique en dessous de 20 cartes"


def typed(programme, cards, year=2026):
    actor = make_person(db.session.get_one(Organisation, programme.organisation_id))
    effect_counts.type_in(programme, year, cards, actor_id=actor.id)


def twelve():
    return [Card(marks(before, 6, 8, 4), marks(after, 6, 2, 7)) for before, after in STRESS]


def test_each_question_has_its_sentence_and_the_note_follows(app, clock):
    programme = with_cards()
    typed(programme, twelve())
    told = effects_of(programme, 2026)
    assert [normalise(one) for one in told.sentences] == SENTENCES
    assert normalise(told.note) == NOTE
    assert told.reading == "Stress de 6 à 3, fatigue de 6 à 6, isolement professionnel de 8 à 2, sérénité de 4 à 7"
    assert effects_of(programme, 2025) is None


def test_twenty_cards_may_be_tested(app, clock):
    programme = with_cards()
    typed(programme, [card()] * 20)
    assert effects_of(programme, 2026).note == "Effet immédiat, sans groupe témoin"


def test_the_cards_of_one_organisation_are_not_told_to_another(app, clock):
    mine, other = with_cards(), with_cards()
    typed(mine, twelve())
    assert list(effects_of_year(mine.organisation_id, 2026)) == [mine.id]
    assert effects_of_year(other.organisation_id, 2026) == {}


def test_the_report_is_printed_with_its_cards(app, clock):
    programme = with_cards(action=30)
    tonight(programme)
    with pytest.raises(RuleBroken):
        typed(programme, [card()] * 4)
    run = app.test_cli_runner().invoke
    empty = json.loads(run(report_cli, ["show", "--year", "2026", "--format", "json"]).output)
    [action] = empty["actions"].values()
    assert action["effects"] is None

    typed(programme, twelve())

    printed = normalise(run(report_cli, ["show", "--year", "2026"]).output).splitlines()
    at = printed.index("Avant et après la séance :")
    assert printed[at + 1 : at + 6] == [*SENTENCES, NOTE]
    [action] = json.loads(run(report_cli, ["show", "--year", "2026", "--format", "json"]).output)["actions"].values()
    assert action["effects"]["cards"] == 12
    assert [normalise(one) for one in action["effects"]["sentences"]] == [*SENTENCES, NOTE]
