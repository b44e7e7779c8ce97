"""What an opened box says, question by question. Pure: values in, counts out.

A question answered by fewer than five persons says nothing: not its counts, not how many answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from cpts_sessions.questionnaires.definition import COMPLEMENT, PRECISION, SCALE, Item, Kind, Questionnaire
from cpts_sessions.questionnaires.rules import FEWEST


@dataclass(frozen=True)
class Tally:
    """How often each option was chosen, in the order of the questionnaire, by so many respondents.

    `row` is the line of a matrix, None elsewhere. `counts` and `answered` are empty and None when fewer than five
    persons answered, as `is_withheld` then says.
    """

    item: Item
    row: str | None
    counts: tuple[tuple[str, int], ...]
    answered: int | None

    @property
    def is_withheld(self) -> bool:
        """Whether too few answered for anything to be said."""
        return self.answered is None

    def count(self, option: str) -> int:
        """Return how many chose an option; 0 when nothing is said."""
        return dict(self.counts).get(option, 0)

    @property
    def median(self) -> float | None:
        """The median of a scale from 0 to 10; None for other questions, or when nothing is said."""
        if self.item.kind is not Kind.SCALE or self.is_withheld:
            return None
        return float(median([int(mark) for mark, count in self.counts for _ in range(count)]))


@dataclass(frozen=True)
class Question:
    """One question: its tallies, one per row of a matrix, then that of its second list if it has one; its texts.

    `texts` are keys of answers that people wrote in their own words.
    """

    number: int
    item: Item
    tallies: tuple[Tally, ...]
    complement: Tally | None
    texts: tuple[str, ...]


def questions(questionnaire: Questionnaire, values: Mapping[str, Sequence[Any]]) -> list[Question]:
    """Count the answers of a box that holds at least five.

    Args:
        questionnaire: what was asked.
        values: the values of each question, in no order, by the names that `models.Answer` gives them.
    """
    return [
        Question(
            number=number,
            item=item,
            tallies=tuple(_tallies(item, values)),
            complement=_tally(item, None, item.complement, values.get(item.id + COMPLEMENT, ()))
            if item.complement
            else None,
            texts=tuple(text_keys(item)),
        )
        for number, item in enumerate(questionnaire.items, start=1)
    ]


def tally_of(
    questionnaire: Questionnaire, values: Mapping[str, Sequence[Any]], item_id: str, row: str | None = None
) -> Tally:
    """Return the counts of one question, or of one row of a matrix.

    Raises:
        KeyError: nothing of the kind is asked.
    """
    item = questionnaire.item(item_id)
    for tally in _tallies(item, values):
        if tally.row == row:
            return tally
    raise KeyError(f"{item_id}/{row}")


def text_keys(item: Item) -> Iterator[str]:
    """Go through the keys under which people write in their own words."""
    if item.kind in (Kind.SHORT, Kind.LONG):
        yield item.id
    if item.precision:
        yield item.id + PRECISION


def _tallies(item: Item, values: Mapping[str, Sequence[Any]]) -> Iterator[Tally]:
    if item.kind is Kind.MATRIX:
        for row in item.rows:
            yield _tally(item, row, item.options, values.get(f"{item.id}/{row}", ()))
    elif item.kind is Kind.SCALE:
        yield _tally(item, None, tuple(map(str, SCALE)), [str(mark) for mark in values.get(item.id, ())])
    elif item.options:
        yield _tally(item, None, item.options, values.get(item.id, ()))


def _tally(item: Item, row: str | None, options: Sequence[str], given: Sequence[Any]) -> Tally:
    chosen = [set(value) if isinstance(value, list) else {value} for value in given]
    if len(chosen) < FEWEST:
        return Tally(item, row, (), None)
    return Tally(item, row, tuple((option, sum(option in one for one in chosen)) for option in options), len(chosen))
