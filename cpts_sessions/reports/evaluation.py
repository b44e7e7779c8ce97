"""What the opened boxes of a year say, in the sentences of the report. Nothing of a box that still collects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.core import french
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires.definition import Kind, Questionnaire, parse
from cpts_sessions.questionnaires.models import Answer, Box, BoxState
from cpts_sessions.questionnaires.synthesis import Tally, questions, tally_of
from cpts_sessions.questionnaires.verbatims import quotable_in
from cpts_sessions.reports.season import Part
from cpts_sessions.reports.sentences import response_rate
from cpts_sessions.reports.sentences.citations import citations
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, uncapitalised
from cpts_sessions.reports.sentences.opinions import against, most_chosen, opinion, perception, quoted
from cpts_sessions.reports.statements import Citation, Name, Opinion, Perception, Told, told_of

_OTHER = "Autre"
_DESTROYED = french.punctuate("Moins de 5 réponses, détruites sans avoir été lues")


@dataclass(frozen=True)
class Said:
    """One sentence, without full stop, and how the text of a report quotes it.

    `is_proposed`: whether that text has it before anybody asks for it.
    """

    name: Name
    sentence: str
    is_proposed: bool


class Result(NamedTuple):
    """How many chose one answer to one question, of those who answered it."""

    question: str
    answer: str
    chosen: int
    answered: int


@dataclass(frozen=True)
class Evaluation:
    """What one box says. Sentences have no full stop.

    `respondents` and `paper` are None when there were too few to be opened; `unopened` then says what became of the
    ballots. `paper` are those who answered on paper while others were sent a link: when forms were handed out to
    everybody, their number alone is said. `quotes` are the comments that were read and may be quoted. `results` are
    the counts of every question that five answered at least.
    """

    programme: str
    invited: int
    respondents: int | None
    paper: int | None
    said: tuple[Said, ...]
    unopened: str = response_rate.CARRIED_OVER
    quotes: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences alone, in the order of the report."""
        return tuple(one.sentence for one in self.said)

    @property
    def response(self) -> str:
        """« 6 des 16 personnes invitées ont répondu (38 %) »: the rate, for a paragraph."""
        if self.respondents is None:
            return self.unopened
        return response_rate.response_sentence(self.respondents, self.invited, self.paper or 0)

    @property
    def rate(self) -> str:
        """« Taux de réponse : 6 sur 16 (38 %) »."""
        if self.respondents is None:
            return self.unopened
        return response_rate.response_rate(self.respondents, self.invited, self.paper or 0)

    @property
    def paragraph(self) -> str:
        """The whole of it as the report says it: « Un questionnaire a été transmis aux participants : … »."""
        first = f"Un questionnaire a été transmis aux participants : {uncapitalised(self.response)}"
        return french.held(" ".join(f"{sentence}." for sentence in (first, *self.sentences)))


def evaluations(organisation_id: int, year: int) -> dict[int, Evaluation]:
    """Return what the boxes of a year say, by the id of their programme; as many queries whatever their number."""
    statement = (
        select(Box)
        .join(Box.programme)
        .where(Box.organisation_id == organisation_id, Box.year == year, Box.state != BoxState.COLLECTING)
        .options(contains_eager(Box.programme), joinedload(Box.questionnaire))
        .order_by(Programme.sort_order, Programme.id)
    )
    boxes = list(db.session.execute(statement).scalars())
    given: dict[int, dict[str, list[Any]]] = {box.id: {} for box in boxes}
    answers = select(Answer.box_id, Answer.question, Answer.value).where(Answer.box_id.in_(given)).order_by(Answer.id)
    for box_id, question, value in db.session.execute(answers):
        given[box_id].setdefault(question, []).append(value)
    quotes = quotable_in(boxes)
    return {box.programme_id: _evaluation(box, given[box.id], quotes[box.id]) for box in boxes}


def of_part(part: Part, evaluated: Mapping[int, Evaluation]) -> list[Evaluation]:
    """Return what the boxes of one part of the report say, in the order of its programmes."""
    return [evaluated[one] for one in part.programme_ids if one in evaluated]


def _evaluation(box: Box, values: Mapping[str, Sequence[Any]], quotes: Sequence[str]) -> Evaluation:
    programme = box.programme
    if box.state != BoxState.OPENED:
        unopened = _DESTROYED if box.state == BoxState.DESTROYED else response_rate.CARRIED_OVER
        return Evaluation(programme.name, box.invited or 0, None, None, (), unopened)
    names = ProgrammeNames(programme.singular, programme.plural, Gender(programme.gender))
    asked = parse(box.questionnaire.slug, box.questionnaire.definition)
    respondents, paper = box.respondents or 0, box.on_paper or 0
    all_handed_out = bool(box.invited_elsewhere) and paper == respondents
    return Evaluation(
        programme=programme.name,
        invited=box.invited or 0,
        respondents=respondents,
        paper=0 if all_handed_out else paper,
        said=tuple(_said(asked, values, names)),
        quotes=tuple(quotes),
        results=tuple(_results(asked, values)),
    )


def sentences(asked: Questionnaire, values: Mapping[str, Sequence[Any]], names: ProgrammeNames) -> Iterator[str]:
    """Go through the sentences that the answers to a questionnaire allow, in the order of the report.

    Args:
        asked: what was asked.
        values: the values of each question, in no order, by the names that `Answer` gives them.
        names: what the sessions of the programme are called.
    """
    return (one.sentence for one in _said(asked, values, names))


def _said(asked: Questionnaire, values: Mapping[str, Sequence[Any]], names: ProgrammeNames) -> Iterator[Said]:
    for told in told_of(asked.key, names):
        try:
            tally = tally_of(asked, values, told.item, told.row if isinstance(told, Opinion) else None)
        except KeyError:  # this CPTS does not ask it
            continue
        if sentence := _sentence(told, tally):
            yield Said(told.name, sentence, is_proposed=not isinstance(told, Citation) or told.is_proposed)


def _results(asked: Questionnaire, values: Mapping[str, Sequence[Any]]) -> Iterator[Result]:
    """Go through the answers of every question, a line of a matrix after another; marks that nobody gave left out."""
    for question in questions(asked, values):
        for tally in (*question.tallies, *([question.complement] if question.complement else [])):
            words = f"{question.item.label} {tally.row}" if tally.row else question.item.label
            for answer, count in tally.counts:
                if count or tally.item.kind is not Kind.SCALE:
                    yield Result(words, answer, count, tally.answered or 0)


def _sentence(told: Told, tally: Tally) -> str:
    """One sentence; empty when too few answered, or when the options are not those it speaks of."""
    if tally.answered is None:
        return ""
    if isinstance(told, Citation):
        return _citation(told, tally, tally.answered)
    if isinstance(told, Perception):
        words = [(option.lower(), count) for option, count in tally.counts if option != _OTHER]
        return perception(words, tally.answered) if any(count for _, count in words) else ""
    return _opinion(told, tally, tally.answered)


def _citation(told: Citation, tally: Tally, answered: int) -> str:
    """What is cited; then, after a semicolon, those who say that there is nothing to cite."""
    named = [(option, count) for option, count in tally.counts if option not in told.apart]
    others = most_chosen([(option, count) for option, count in tally.counts if option in told.apart])
    sentence = citations(named, answered, told.one, told.many, told.gender)
    return french.punctuate(f"{sentence} ; {quoted(others, answered)}") if others else sentence


def _opinion(told: Opinion, tally: Tally, answered: int) -> str:
    item, counts = tally.item, dict(tally.counts)
    positive = told.positive or ((item.positive,) if item.positive else ())
    if not positive or not counts.keys() >= set(positive):
        return ""
    part = sum(counts[option] for option in positive)
    detail = ""
    if item.positive and part < answered and counts.keys() <= {item.positive, *item.mentions}:
        detail = against(item.positive.lower(), part, [(item.mentions[one], counts[one]) for one in item.mentions])
    return opinion(part, answered, told.statement, detail)
