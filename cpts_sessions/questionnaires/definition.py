"""What a questionnaire asks, and what a set of answers may be. Pure: no Flask, no database.

The questionnaires of the application are the files of `texts/`, one each. Answers are
`{key: value}`, where a key is the id of an item, or that id and `-precision` (what was written beside « Autre »),
or that id and `-complement` (its second list of choices). A value is the words of one option, a list of them,
`{row: option}` for a matrix, an int from 0 to 10 for a scale, or a text. What was not answered has no key.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise

Value = str | int | list[str] | dict[str, str]
Answers = dict[str, Value]

#: What an encoded set of answers may weigh, in bytes: the sealed ballot has one fixed size, a little more.
LARGEST_BALLOT_BYTES = 15 * 1024
SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 1200
SCALE = range(11)

PRECISION = "-precision"
COMPLEMENT = "-complement"

_BYTES_PER_SIGN = 4  # UTF-8; a quote, a backslash or a line feed takes two in JSON
_UNKNOWN = "Ce choix n’est pas dans la liste. Choisissez-en un autre."
_EXPECTED = "Cette question attend une réponse."
_UNREADABLE = "Cette réponse contient des signes illisibles. Saisissez-la de nouveau."


class Kind(StrEnum):
    """How an item is answered; the value is the word of the files."""

    SINGLE = "choix_unique"
    MULTIPLE = "choix_multiple"
    MATRIX = "matrice"
    SCALE = "echelle_0_10"
    SHORT = "texte_court"
    LONG = "texte_long"


@dataclass(frozen=True)
class Item:
    """One question.

    `precision` is the option that may be followed by a few words; `complement` a second list to tick from;
    `positive` the option that makes the sentence of the report, `mentions` how the sentence says the others;
    `bounds` the words at 0 and at 10 of a scale, `lower_is_better` which way of it is better.
    """

    id: str
    kind: Kind
    label: str
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    complement: tuple[str, ...] = ()
    precision: str | None = None
    is_required: bool = False
    positive: str | None = None
    mentions: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[str, str] | None = None
    lower_is_better: bool | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which answers to this item are kept."""
        return (
            self.id,
            *((self.id + PRECISION,) if self.precision else ()),
            *((self.id + COMPLEMENT,) if self.complement else ()),
        )

    @property
    def length(self) -> int:
        """How many characters may be written; 0 when nothing is written."""
        if self.kind is Kind.LONG:
            return LONG_TEXT_LENGTH
        return SHORT_TEXT_LENGTH if self.kind is Kind.SHORT or self.precision else 0


@dataclass(frozen=True)
class Questionnaire:
    """A title, a few words before the first question, and the questions in order.

    `is_twice` says that it is answered on arriving and again before leaving (cards with numbers).
    """

    key: str
    title: str
    minutes: int
    intro: str
    items: tuple[Item, ...]
    is_twice: bool = False

    def item(self, item_id: str) -> Item:
        """Return the item of this id.

        Raises:
            KeyError: there is none.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def answered(self, answers: Answers) -> Iterator[tuple[str, Item, Value]]:
        """Go through what was answered, in the order of the questions: key, item, value."""
        for item in self.items:
            for key in item.keys:
                if key in answers:
                    yield key, item, answers[key]


def parse(key: str, source: str | Mapping[str, Any]) -> Questionnaire:
    """Read a questionnaire from its file, or from what was kept of it.

    Raises:
        RuleBroken: it cannot be read, asks the same id twice, or its answers could outgrow a ballot.
    """
    try:
        raw = json.loads(source) if isinstance(source, str) else source
        items = tuple(_item(one) for one in raw["items"])
        read = Questionnaire(
            key=key,
            title=raw["titre"],
            minutes=int(raw["duree_min"]),
            intro=raw["intro"],
            items=items,
            is_twice=bool(raw.get("deux_passages", False)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise RuleBroken(f"Ce questionnaire ne se lit pas : {fault}.") from fault
    if len({item.id for item in items}) != len(items) or not items:
        raise RuleBroken("Chaque question porte un identifiant à elle.")
    if largest_bytes(read) > LARGEST_BALLOT_BYTES:
        raise RuleBroken("Ce questionnaire est trop long : ses réponses ne tiendraient pas dans un bulletin.")
    return read


def source_of(key: str) -> dict[str, Any]:
    """Return a file of `texts`, as it is kept once a box asks it: gapp_eval, cercle_eval or cercle_effets.

    Raises:
        KeyError: there is none of this name.
    """
    found = files("cpts_sessions.questionnaires") / "texts" / f"{key}.json"
    if not key.isidentifier() or not found.is_file():
        raise KeyError(key)
    return dict(json.loads(found.read_text(encoding="utf-8")))


@cache
def default(key: str) -> Questionnaire:
    """Return a questionnaire of the application; KeyError when none has this name."""
    return parse(key, source_of(key))


@cache
def defaults() -> tuple[Questionnaire, ...]:
    """Return the questionnaires of the application that a programme may choose; the one of the cards is not."""
    folder = files("cpts_sessions.questionnaires") / "texts"
    keys = sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))
    return tuple(read for read in map(default, keys) if not read.is_twice)


def option_of(options: tuple[str, ...], words: str) -> str | None:
    """Return the option that these words name, whatever their spaces and apostrophes; None when none does."""
    wanted = normalise(words).strip()
    return next((option for option in options if normalise(option) == wanted), None)


def check(questionnaire: Questionnaire, answers: Answers, *, every_required: bool = True) -> dict[str, str]:
    """Say what is wrong: one sentence per item id, in the order of the questions; empty when nothing is.

    Args:
        every_required: False for answers copied from elsewhere, where an expected one may be missing.
    """
    wrong = {}
    for item in questionnaire.items:
        sentence = next(filter(None, (_wrong(item, key, answers[key]) for key in item.keys if key in answers)), None)
        if sentence is None and every_required and item.is_required and not answers.get(item.id):
            sentence = _EXPECTED
        if sentence:
            wrong[item.id] = sentence
    return wrong


def encode(questionnaire: Questionnaire, answers: Answers) -> bytes:
    """Write answers as the bytes of a ballot, never more than LARGEST_BALLOT_BYTES.

    Raises:
        RuleBroken: an answer is none that this questionnaire may get.
    """
    wrong = check(questionnaire, answers, every_required=False)
    known = {key for item in questionnaire.items for key in item.keys}
    if wrong or not known.issuperset(answers):
        raise RuleBroken(next(iter(wrong.values()), _UNKNOWN))
    ordered = {key: value for key, _, value in questionnaire.answered(answers)}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()


def decode(ballot: bytes) -> Answers:
    """Read back what `encode` wrote.

    Raises:
        ValueError: these are no answers.
    """
    try:
        return dict(json.loads(ballot).items())
    except (ValueError, AttributeError) as fault:
        raise ValueError("these bytes are no ballot") from fault


def largest_bytes(questionnaire: Questionnaire) -> int:
    """Return what the longest possible answers to this questionnaire weigh once encoded, in bytes."""
    return 2 + sum(_largest_bytes(item) for item in questionnaire.items)


def is_readable(text: str) -> bool:
    """Whether a text holds nothing but what can be seen, spaces and line feeds included."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign != "\n" for sign in text)


def _item(raw: dict[str, Any]) -> Item:
    bounds = raw.get("bornes")
    item = Item(
        id=raw["id"],
        kind=Kind(raw["type"]),
        label=raw["label"],
        options=tuple(raw.get("options", ())),
        rows=tuple(raw.get("lignes", ())),
        complement=tuple(raw.get("complement", ())),
        precision=raw.get("precision"),
        is_required=bool(raw.get("requis", False)),
        positive=raw.get("positive"),
        mentions=dict(raw.get("mentions", {})),
        bounds=(bounds[0], bounds[1]) if bounds else None,
        lower_is_better=raw["sens"].startswith("baisse") if "sens" in raw else None,
    )
    has_options = item.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX)
    told = {word for word in (item.precision, item.positive, *item.mentions) if word is not None}
    if has_options != bool(item.options) or (item.kind is Kind.MATRIX) != bool(item.rows):
        raise ValueError(f"question {item.id}")
    if not item.id.isidentifier() or not told.issubset(item.options) or (item.kind is Kind.SCALE) != bool(bounds):
        raise ValueError(f"question {item.id}")
    return item


def _wrong(item: Item, key: str, value: Value) -> str | None:
    if key != item.id:
        return _wrong_text(value, SHORT_TEXT_LENGTH) if key.endswith(PRECISION) else _wrong_list(value, item.complement)
    if item.kind is Kind.MULTIPLE:
        return _wrong_list(value, item.options)
    if item.kind is Kind.MATRIX:
        known = isinstance(value, dict) and all(a in item.rows and b in item.options for a, b in value.items())
        return None if known else _UNKNOWN
    if item.kind is Kind.SCALE:
        return None if type(value) is int and value in SCALE else _UNKNOWN
    if item.kind is Kind.SINGLE:
        return None if value in item.options else _UNKNOWN
    return _wrong_text(value, item.length)


def _wrong_list(value: Value, options: tuple[str, ...]) -> str | None:
    known = isinstance(value, list) and all(one in options for one in value) and len(set(value)) == len(value)
    return None if known else _UNKNOWN


def _wrong_text(value: Value, length: int) -> str | None:
    if not isinstance(value, str) or not is_readable(value):
        return _UNREADABLE
    over = len(value) - length
    if over > 0:
        return f"Le texte compte {over} caractère{'s' if over > 1 else ''} de trop. Raccourcissez-le."
    return None


def _largest_bytes(item: Item) -> int:
    def weight(*words: str) -> int:
        return sum(len(json.dumps(word, ensure_ascii=False).encode()) + 1 for word in words)

    longest = max((weight(option) for option in item.options), default=3)
    own = {
        Kind.SINGLE: longest,
        Kind.MULTIPLE: weight(*item.options),
        Kind.MATRIX: weight(*item.rows) + longest * len(item.rows),
        Kind.SCALE: 3,
    }.get(item.kind, item.length * _BYTES_PER_SIGN + 2)
    beside = SHORT_TEXT_LENGTH * _BYTES_PER_SIGN + 2 if item.precision else 0
    return own + beside + weight(*item.complement) + sum(weight(key) + 3 for key in item.keys)
