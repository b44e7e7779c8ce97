"""What opened boxes say: the sentences of 2025, others for other answers, nothing of too few."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from cpts_sessions.cli.report import report_cli
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires.definition import Kind, default, parse, source_of
from cpts_sessions.reports.evaluation import evaluations, sentences
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames
from cpts_sessions.reports.statements import Citation, Opinion, told_of
from tests.reports.opened import CIRCLES, answers_of_2025, opened
from tests.reports.seasons import Season, season_2025

GROUPS = default("gapp_eval")
CIRCLE = ProgrammeNames("cercle de paroles", "cercles de paroles", Gender.MASCULINE)
GAPP = ProgrammeNames("GAPP", "GAPP", Gender.MASCULINE)

OF_2025 = [
    "Une majorité déclare que le rythme et la durée des séances conviennent : 5 sur 6 répondants (83 %), "
    "soit 5 réponses « oui » contre 1 mention de durée « un peu longue »",
    "L'animation est unanimement perçue comme « bienveillante et équilibrée » (6 sur 6)",
    "Une majorité souhaite poursuivre ou revenir : 5 sur 6 répondants (83 %), soit 5 réponses « oui » contre 1 « non »",
]


def programme_of(season, slug="cercle-de-paroles"):
    return db.session.query(Programme).filter_by(organisation_id=season.organisation.id, slug=slug).one()


def spoken(asked, values, names=CIRCLE):
    return [normalise(one) for one in sentences(asked, values, names)]


def test_the_sentences_of_2025_come_out_character_for_character():
    assert spoken(CIRCLES, answers_of_2025())[:3] == OF_2025


def test_those_who_would_change_nothing_cite_no_improvement():
    assert spoken(CIRCLES, answers_of_2025())[3] == (
        "Améliorations citées : « Température de la salle » (1 sur 6, 17 %) et « Confort ou chaleur du lieu » "
        "(1 sur 6, 17 %) ; « Rien à changer » (3 sur 6, 50 %) et « Cette pratique ne me correspond pas » "
        "(1 sur 6, 17 %)"
    )
    assert spoken(CIRCLES, {"c6": [["Rien à changer"]] * 5}) == [
        "Aucune amélioration citée par les 5 répondants ; « Rien à changer » (5 sur 5)"
    ]


def test_the_paragraph_of_2025_comes_out(app):
    season = season_2025()
    opened(programme_of(season), {key: given_ for key, given_ in answers_of_2025().items() if key != "c6"})
    [evaluation] = evaluations(season.organisation.id, 2025).values()
    assert normalise(evaluation.rate) == "Taux de réponse : 6 sur 16 (38 %)"
    assert normalise(evaluation.paragraph) == (
        "Un questionnaire a été transmis aux participants : 6 des 16 personnes invitées ont répondu (38 %). "
        + ". ".join(OF_2025)
        + "."
    )


def test_both_actions_are_printed_with_their_evaluation(app):
    season = season_2025()
    opened(programme_of(season), answers_of_2025())
    groups = {"g4": ["Adapté"] * 9 + ["Trop espacé"] * 3, "g2/l’intervenant était disponible": ["Tout à fait"] * 12}
    opened(programme_of(season, "gapp"), groups, slug="gapp_eval", invited=20, respondents=12)
    told = json.loads(shown(app, "--format", "json"))["actions"]
    assert {name: told["30"]["evaluation"][name] for name in ("invited", "respondents", "paper")} == {
        "invited": 16,
        "respondents": 6,
        "paper": 0,
    }
    assert [normalise(one) for one in told["30"]["evaluation"]["sentences"][:4]] == [
        "Taux de réponse : 6 sur 16 (38 %)",
        *OF_2025,
    ]
    assert [normalise(one) for one in told["29"]["evaluation"]["sentences"]] == [
        "Taux de réponse : 12 sur 20 (60 %)",
        "À l'unanimité, les répondants jugent l'intervenant disponible (12 sur 12)",
        "Une majorité estime le rythme adapté : 9 sur 12 répondants (75 %)",
    ]
    lines = normalise(shown(app)).splitlines()
    start = lines.index("Action 30 : Cercles de paroles")
    after = lines[lines.index("Évaluation :", start) + 1 :]
    assert after[:4] == ["Taux de réponse : 6 sur 16 (38 %)", *OF_2025]


def shown(app, *options):
    result = app.test_cli_runner().invoke(report_cli, ["show", "--year", "2025", "--as-of", "2025-12-20", *options])
    assert result.exit_code == 0
    return result.output


def test_nothing_is_said_of_a_box_that_collects_nor_of_another_year_or_organisation(app):
    season, other = Season(2027), Season(2027, "autre")
    circles, theirs = season.programme(), other.programme()
    opened(circles, {}, year=2027, state="collecting", invited=None, respondents=None, on_paper=None)
    opened(theirs, answers_of_2025(), year=2027)
    assert evaluations(season.organisation.id, 2027) == {}
    assert evaluations(other.organisation.id, 2026) == {}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("carried", "moins de 5 réponses, reportées à l'année suivante"),
        ("destroyed", "moins de 5 réponses, détruites sans avoir été lues"),
    ],
)
def test_too_few_ballots_give_no_number(app, state, said):
    season = Season(2027)
    circles = season.programme()
    opened(circles, {}, year=2027, state=state, invited=None, respondents=None, on_paper=None)
    evaluation = evaluations(season.organisation.id, 2027)[circles.id]
    assert (evaluation.respondents, evaluation.paper, evaluation.sentences) == (None, None, ())
    assert normalise(evaluation.paragraph) == f"Un questionnaire a été transmis aux participants : {said}."
    assert normalise(evaluation.rate).lower() == said


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({"respondents": 9, "on_paper": 4}, "Taux de réponse : 9 sur 16 (56 %), dont 4 sur papier"),
        ({"respondents": 6, "on_paper": 6, "invited": 0}, "6 réponses reçues, toutes sur papier"),
        ({"respondents": 6, "on_paper": 6, "invited_elsewhere": 16}, "Taux de réponse : 6 sur 16 (38 %)"),
        (
            {"respondents": 10, "on_paper": 4, "invited_elsewhere": 6},
            "Taux de réponse : 10 sur 16 (63 %), dont 4 sur papier",
        ),
    ],
)
def test_paper_is_said_unless_everybody_was_handed_a_form(app, counted, said):
    season = Season(2027)
    circles = season.programme()
    opened(circles, {}, year=2027, **counted)
    assert normalise(evaluations(season.organisation.id, 2027)[circles.id].rate) == said


def test_a_question_that_four_answered_is_not_said():
    assert spoken(CIRCLES, {"c1": ["Oui"] * 4, "c5": ["Oui"] * 5}) == [
        "À l'unanimité, les répondants souhaitent poursuivre ou revenir (5 sur 5)"
    ]


def test_a_question_asked_in_other_words_has_no_sentence():
    source = source_of("cercle_eval")
    source["items"] = [item for item in source["items"] if item["id"] != "c2"]
    rhythm = next(item for item in source["items"] if item["id"] == "c1")
    rhythm["options"][0], rhythm["positive"] = "Parfaitement", None
    asked = parse("cercle_eval", source)
    values = {"c1": ["Parfaitement"] * 6, "c2": [["Bienveillante"]] * 6, "c5": ["Oui"] * 6}
    assert spoken(asked, values) == ["À l'unanimité, les répondants souhaitent poursuivre ou revenir (6 sur 6)"]


def test_other_words_alone_qualify_nothing():
    assert spoken(CIRCLES, {"c2": [["Autre"]] * 6}) == []


def test_a_feminine_programme_agrees():
    names = ProgrammeNames("marche", "marches", Gender.FEMININE)
    assert spoken(GROUPS, {"g1": ["Très satisfaisants"] * 4 + ["Plutôt satisfaisants"]}, names) == [
        "À l'unanimité, les répondants jugent les marches satisfaisantes (5 sur 5)"
    ]


def test_every_statement_speaks_of_a_question_and_options_that_are_asked():
    for asked, names in ((CIRCLES, CIRCLE), (GROUPS, GAPP)):
        for told in told_of(asked.key, names):
            item = asked.item(told.item)
            if isinstance(told, Opinion):
                assert told.row is None or told.row in item.rows
                assert set(told.positive or (item.positive,)) <= set(item.options)
            else:
                assert item.kind is Kind.MULTIPLE
            if isinstance(told, Citation):
                assert set(told.apart) < set(item.options)


@st.composite
def ballots(draw):
    """Answers of any number of persons to the circles' questionnaire, each question answered or not."""
    values = {}
    for _ in range(draw(st.integers(0, 14))):
        for item in CIRCLES.items:
            if not item.options or draw(st.integers(0, 4)) == 0:
                continue
            if item.kind is Kind.MATRIX:
                for row in item.rows:
                    values.setdefault(f"{item.id}/{row}", []).append(draw(st.sampled_from(item.options)))
            elif item.kind is Kind.MULTIPLE:
                chosen = st.lists(st.sampled_from(item.options), unique=True, min_size=1)
                values.setdefault(item.id, []).append(draw(chosen))
            else:
                values.setdefault(item.id, []).append(draw(st.sampled_from(item.options)))
    return values


@given(ballots())
def test_every_sentence_rests_on_five_answers_and_says_its_own_numbers(values):
    told = spoken(CIRCLES, values)
    sizes = {len(given_) for given_ in values.values() if len(given_) >= 5}
    for sentence in told:
        assert not re.search(r"\b(0|100) %", sentence)
        totals = {int(n) for n in re.findall(r"(?:sur|des|les) (\d+)", sentence)}
        assert totals <= sizes
        assert len(totals) == 1
    said = {one.item for one in told_of("cercle_eval", CIRCLE) if isinstance(one, Citation)}
    cited = [sentence for sentence in told if "cité" in sentence]
    assert len(cited) == sum(len(values.get(item, ())) >= 5 for item in said)


@given(ballots())
def test_the_wish_to_return_is_counted_as_it_was_answered(values):
    wishes = values.get("c5", [])
    told = [sentence for sentence in spoken(CIRCLES, values) if "poursuivre ou revenir" in sentence]
    assert len(told) == (len(wishes) >= 5)
    if told:
        yes, n = wishes.count("Oui"), len(wishes)
        if yes == n:
            assert told == [f"À l'unanimité, les répondants souhaitent poursuivre ou revenir ({n} sur {n})"]
        elif yes:
            assert f"{yes} réponse" in told[0]
            assert re.search(rf"\b{yes} (répondant )?sur {n}\b", told[0])
        for option, mention in (("Non", "« non »"), ("Je ne sais pas", "« je ne sais pas »")):
            assert (mention in told[0]) == (option in wishes)


def test_the_evaluation_costs_the_same_queries_whatever_the_answers(app):
    season = Season(2027)
    costs = []
    for number, slug in enumerate(("cercle-de-paroles", "autre", "encore")):
        opened(season.programme(slug, action=30, sort_order=number), answers_of_2025(), year=2027)
        statements = []
        listener = lambda *given_, seen=statements: seen.append(given_[2])  # noqa: E731
        organisation_id = db.session.query(Organisation).one().id
        event.listen(db.engine, "before_cursor_execute", listener)
        evaluations(organisation_id, 2027)
        event.remove(db.engine, "before_cursor_execute", listener)
        costs.append(sum(statement.startswith("SELECT") for statement in statements))
    assert costs == [4, 4, 4]
