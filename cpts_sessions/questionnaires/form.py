"""Answers as a page sends them: names and numbers of fields, turned into the answers of `definition`. Pure.

A choice is sent as the number of its option, so that neither spaces nor apostrophes matter. What no option has is
kept as it came, for `definition.check` to point out: nothing that was sent is lost without a word.
"""

import re
import unicodedata
from collections.abc import Callable

from cpts_sessions.questionnaires.definition import (
    COMPLEMENT,
    PRECISION,
    SCALE,
    Answers,
    Item,
    Kind,
    Questionnaire,
    Value,
)

#: What is kept of a text that is far too long, to be shown again beside its error.
MOST_KEPT = 5000
_ODD = 40
_LINES = re.compile(r"\r\n?|[\u0085\u2028\u2029]")

Sent = Callable[[str], list[str]]


def row_name(item: Item, row: int) -> str:
    """Return the name of the field of one row of a matrix."""
    return f"{item.id}-{row}"


def read_form(questionnaire: Questionnaire, sent: Sent) -> Answers:
    """Read the fields of a page; `sent` gives every value of one name, as `request.form.getlist` does.

    Returns:
        The answers in the order of the questions, to be given to `definition.check`.
    """
    answers: Answers = {}
    for item in questionnaire.items:
        own = _own(item, sent)
        precision = _text(sent, item.id + PRECISION) if item.precision else ""
        if precision and item.precision and own is None:  # written beside « Autre », which was not ticked
            own = item.precision if item.kind is Kind.SINGLE else [item.precision]
        if own is not None:
            answers[item.id] = own
        if precision and item.precision in _chosen(own):
            answers[item.id + PRECISION] = " ".join(precision.split())
        if complement := _choices(sent(item.id + COMPLEMENT), item.complement):
            answers[item.id + COMPLEMENT] = complement
    return answers


def _own(item: Item, sent: Sent) -> Value | None:
    if item.kind is Kind.MULTIPLE:
        return _choices(sent(item.id), item.options) or None
    if item.kind is Kind.MATRIX:
        rows = {row: _choices(sent(row_name(item, n))[:1], item.options) for n, row in enumerate(item.rows)}
        return {row: chosen[0] for row, chosen in rows.items() if chosen} or None
    if item.kind is Kind.SCALE:
        mark = "".join(sent(item.id)[:1])
        return _mark(mark) if mark else None
    if item.kind is Kind.SINGLE:
        return next(iter(_choices(sent(item.id)[:1], item.options)), None)
    text = _text(sent, item.id)
    return (text if item.kind is Kind.LONG else " ".join(text.split())) or None


def _choices(numbers: list[str], options: tuple[str, ...]) -> list[str]:
    """Return the options of these numbers, each once; an empty number is the choice not to answer."""
    known = {str(n): option for n, option in enumerate(options)}
    return list(dict.fromkeys(known.get(number, number[:_ODD]) for number in numbers if number))


def _mark(sent: str) -> Value:
    return int(sent) if sent in map(str, SCALE) else sent[:_ODD]


def _chosen(own: Value | None) -> list[str]:
    if isinstance(own, list):
        return own
    return [own] if isinstance(own, str) else []


def _text(sent: Sent, name: str) -> str:
    """Return what was written, without the characters that nobody sees; line feeds stay."""
    typed = _LINES.sub("\n", "".join(sent(name)[:1]))[:MOST_KEPT]
    seen = "".join(sign if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in typed)
    return seen.strip()
