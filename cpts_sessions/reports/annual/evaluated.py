"""What opened boxes and cards bring to a page of the report: a field per sentence, and the paragraphs; pure."""

from collections.abc import Iterator, Sequence

from cpts_sessions.core import french
from cpts_sessions.reports.annual import pieces
from cpts_sessions.reports.annual.contents import Field, Figure
from cpts_sessions.reports.annual.pieces import Piece
from cpts_sessions.reports.card_effects import CardEffects
from cpts_sessions.reports.evaluation import Evaluation
from cpts_sessions.reports.sentences.comparisons import Rate, compared_rates, rate
from cpts_sessions.reports.sentences.grammar import percent, uncapitalised

_RATE = "Taux de réponse"


def evaluation_piece(told: Evaluation, before: Evaluation | None, year: int, prefix: str, whose: str = "") -> Piece:
    """Return what one box brings: its rate, its sentences, their paragraph.

    Args:
        told: what the box says.
        before: what the box of the year before says; None when there was none.
        year: of the box.
        prefix: how its keys begin, on a page that other boxes share.
        whose: the programme, when the paragraph must say it.
    """
    fields = tuple(_fields(told, prefix))
    among = f" ({whose})" if whose else ""
    asked = f"Un questionnaire a été transmis aux participants{among} : {{{prefix}reponse}}."
    proposed = pieces.quoting([prefix + one.name.key for one in told.said if one.is_proposed], fields)
    notes = [pieces.small_number_note(told.respondents)] if told.respondents else []
    return Piece(
        fields=fields,
        figures=tuple(_figures(told, before, year, prefix)),
        notes=tuple(note for note in notes if note),
        text=french.punctuate(f"{asked} {proposed}".strip()),
    )


def effects_piece(told: CardEffects, prefix: str) -> Piece:
    """Return what the cards of one programme bring: a sentence per question, and the note that always follows."""
    keys = [f"{prefix}effet_{pieces.key_of(one.heading)}" for one in told.told]
    fields = [
        Field(key, f"{one.heading}, avant et après", one.sentence, one.sentence)
        for key, one in zip(keys, told.told, strict=True)
    ]
    note = f"{prefix}note_effets"
    fields.append(Field(note, "Ce qu’il faut savoir des effets", told.note, told.note))
    return Piece(fields=tuple(fields), text=pieces.quoting([*keys, note], fields))


def _fields(told: Evaluation, prefix: str) -> Iterator[Field]:
    """The response goes on after a colon: it begins in lower case."""
    response = uncapitalised(told.response)
    yield Field(f"{prefix}reponse", "Réponses", response, response)
    yield Field(f"{prefix}taux", _RATE, told.rate, told.rate)
    for one in told.said:
        yield Field(prefix + one.name.key, one.name.label, one.sentence, one.sentence)
    if told.quotes:
        quotes = _quotes(told.quotes)
        yield Field(f"{prefix}paroles", "Paroles relues", quotes, quotes)


def _quotes(quotes: Sequence[str]) -> str:
    """« Parmi les commentaires : « une salle moins froide » et « … » »: comments that were read and may be quoted."""
    told = french.listing([f"« {quote.strip().rstrip('.')} »" for quote in quotes], " ; ")
    return french.punctuate(f"Parmi les commentaires : {told}")


def _figures(told: Evaluation, before: Evaluation | None, year: int, prefix: str) -> Iterator[Figure]:
    """The rate in per cent, when it is one: nobody counts whom sheets of paper were handed to."""
    now = _rate_of(told, year)
    if now is None:
        return
    then = _rate_of(before, year - 1) if before else None
    few_before = before is not None and before.respondents is None
    known = then or (Rate(0, 1, year - 1) if few_before else None)
    sentence = compared_rates(_RATE, now, known) if known else rate(_RATE, now)
    yield Figure(
        f"{prefix}taux_de_reponse",
        french.punctuate(f"{_RATE} (%)"),
        percent(now.part, now.whole),
        percent(then.part, then.whole) if then else None,
        sentence,
    )


def _rate_of(told: Evaluation, year: int) -> Rate | None:
    answers = told.respondents
    if answers is None or told.paper == answers or answers > told.invited:
        return None
    return Rate(answers, told.invited, year)
