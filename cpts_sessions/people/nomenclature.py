"""The professions of health, as the ANS names them and as people write them.

The lines come from `nomenclature.csv`: ANS code systems G15, R85, R94 and R95, the source of each line beside it.
"""

import csv
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from cpts_sessions.core.french import fold

# First words that name several lines when what follows is not known: « docteur », « infirmière remplaçante ».
_TOO_VAGUE = {
    "medecin": ("medecin-generaliste", "medecin-specialiste"),
    "docteur": ("medecin-generaliste", "medecin-specialiste"),
    "dr": ("medecin-generaliste", "medecin-specialiste"),
    "infirmier": ("infirmier", "infirmier-liberal"),
}
_SPECIALIST = re.compile(r"(iatre|logue|chirurgien|anesthesiste|radiologue)\b")
_NOBODY = "autre-professionnel"

# « infirmier(ère) libéral(e) », « diététicien·ne », « préparateur/trice », « salarié.e.s »: the masculine is kept.
_INCLUSIVE = re.compile(
    r"(?<=\w\w\w)(?:\(\w{1,6}\)|[·•‧∙]\w{1,6}|/(?:\w{1,4}|trices?|iennes?|ieres?)\b|\.(?:e|ne|se|rice|trice)\b)"
)
_PLURAL_MARK = re.compile(r"(?<=\w)[·•‧∙.]s\b")
_HOW_ONE_WORKS = re.compile(r"\b(?:liberal\b|salarie\b|diplome d etat\b|diplome\b|de$)")
_ENDINGS = (
    (re.compile(r"(?<=..)aux\b"), "al"),
    (re.compile(r"(?<=...)s\b"), ""),
    (re.compile(r"(?<=..)trice\b"), "teur"),
    (re.compile(r"(?<=..)euse\b"), "eur"),
    (re.compile(r"(?<=..)ienne\b"), "ien"),
    (re.compile(r"(?<=..)iere\b"), "ier"),
    (re.compile(r"(?<=..)(al|e|ant|ist)e\b"), r"\1"),
)


@dataclass(frozen=True)
class ProfessionLine:
    """One line of the nomenclature: how it is named on a form, how a report counts it, how people write it.

    `order` sorts lists; `ans_code` is None for what the ANS does not name (CPTS coordinators).
    """

    slug: str
    ans_code: str | None
    label_m: str
    label_f: str
    label_plural_m: str
    label_plural_f: str
    short: str
    short_plural: str
    order: int
    source: str
    ans_system: str | None
    ans_specialties: tuple[str, ...]
    mode_of_practice: str | None
    report_m: str
    report_f: str
    report_plural_m: str
    report_plural_f: str
    active_by_default: bool
    synonyms: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way of naming it, labels first, without blanks."""
        labels = (self.label_m, self.label_f, self.label_plural_m, self.label_plural_f, self.slug)
        reports = (self.report_m, self.report_f, self.report_plural_m, self.report_plural_f)
        return tuple(filter(None, (*labels, self.short, self.short_plural, *reports, *self.synonyms)))


@dataclass(frozen=True)
class Ambiguous:
    """The words may name several lines: the person is asked which. In the order of the nomenclature."""

    choices: tuple[ProfessionLine, ...]


@dataclass(frozen=True)
class Unknown:
    """No line has this name; `suggestion` is the nearest, « autre professionnel » when none is near."""

    suggestion: ProfessionLine


@cache
def professions() -> tuple[ProfessionLine, ...]:
    """Every line of the nomenclature, in its order."""
    text = files("cpts_sessions.people").joinpath("nomenclature.csv").read_text(encoding="utf-8")
    lines = [_line(row) for row in csv.DictReader(text.splitlines())]
    return tuple(sorted(lines, key=lambda line: line.order))


@cache
def profession(slug: str) -> ProfessionLine:
    """The line of this slug.

    Raises:
        KeyError: no line has it.
    """
    for line in professions():
        if line.slug == slug:
            return line
    raise KeyError(slug)


def find_profession(text: str) -> ProfessionLine | Ambiguous | Unknown:
    """The line that `text` names, whatever its accents, capitals, hyphens, gender, number or usual synonym.

    « médecin » alone is two lines: Ambiguous. Nothing is guessed from words that are only close.
    """
    key = _key(text)
    for wanted in (key, _stem(key), _bare(key)):
        lines = _by_spelling().get(wanted, ()) or _by_stem().get(wanted, ())
        if lines:
            return lines[0] if len(lines) == 1 else Ambiguous(lines)
    both = [find_profession(half) for half in text.split("/")] if "/" in text else []
    if both and isinstance(both[0], ProfessionLine) and set(both) == {both[0]}:
        return both[0]
    words = set(_stem(key).split())
    lines = tuple(line for line in professions() if words and any(words <= name for name in _names(line)))
    if len(lines) > 1:
        return Ambiguous(lines)
    if vague := _TOO_VAGUE.get(_stem(key).partition(" ")[0]):
        return Ambiguous(tuple(profession(slug) for slug in vague))
    return Unknown(lines[0] if lines else _nearest(key))


def _line(row: dict[str, str]) -> ProfessionLine:
    return ProfessionLine(
        slug=row["slug"],
        ans_code=row["ans_code"] or None,
        label_m=row["label_singular_m"],
        label_f=row["label_singular_f"],
        label_plural_m=row["label_plural"],
        label_plural_f=row["label_plural_f"],
        short=row["short_label"],
        short_plural=row["plural_short"],
        order=int(row["sort_order"]),
        source=row["source"],
        ans_system=row["ans_system"] or None,
        ans_specialties=tuple(filter(None, row["ans_specialty"].split("|"))),
        mode_of_practice=row["mode_exercice"] or None,
        report_m=row["report_singular_m"],
        report_f=row["report_singular_f"],
        report_plural_m=row["report_plural_m"],
        report_plural_f=row["report_plural_f"],
        active_by_default=row["default_active"] == "1",
        synonyms=tuple(filter(None, row["synonyms"].split("|"))),
    )


def _key(text: str) -> str:
    """Words without accents, capitals, hyphens nor marks of inclusive writing; « I.D.E.L. » is idel."""
    text = _INCLUSIVE.sub("", _PLURAL_MARK.sub("", fold(text)))
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def _stem(key: str) -> str:
    """Masculine singular, roughly: only ever compared with what the same function made of the known names."""
    for ending, replacement in _ENDINGS:
        key = ending.sub(replacement, key)
    return key


def _bare(key: str) -> str:
    """Without how one works, which makes no difference but to nurses; theirs is a line, found before."""
    stem = _stem(key)
    return stem if stem.startswith("infirmier") else " ".join(_HOW_ONE_WORKS.sub("", stem).split())


@cache
def _by_spelling() -> dict[str, tuple[ProfessionLine, ...]]:
    return _index(stemmed=False)


@cache
def _by_stem() -> dict[str, tuple[ProfessionLine, ...]]:
    return _index(stemmed=True)


def _index(stemmed: bool) -> dict[str, tuple[ProfessionLine, ...]]:
    index: dict[str, tuple[ProfessionLine, ...]] = {}
    for line in professions():
        for key in {_stem(_key(name)) if stemmed else _key(name) for name in line.spellings}:
            index[key] = (*index.get(key, ()), line)
    return index


@cache
def _names(line: ProfessionLine) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_stem(_key(name)).split()) for name in line.spellings)


def _nearest(key: str) -> ProfessionLine:
    """The line whose name begins the text (« kiné du sport »), else is spelt nearly the same."""
    stem = _stem(key)
    begun = [name for name in _by_stem() if len(name) > 2 and f"{stem} ".startswith(f"{name} ")]
    close = [max(begun, key=len)] if begun else get_close_matches(stem, _by_stem(), n=1, cutoff=0.8)
    if close:
        return _by_stem()[close[0]][0]
    return profession("medecin-specialiste" if _SPECIALIST.search(stem) else _NOBODY)
