"""Figures that were typed or copied into a text by hand: marked once they are no longer true; pure.

A text quotes a figure as a field, `{key}`, which is always true. What was typed instead is compared with what the
fields and figures of the page said when the text was saved: the same words, when the count now says others, are marked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Page

#: {key of a field, or of a figure: what it said, the latest first}
Said = Mapping[str, Sequence[str]]

_FIELD = re.compile(r"\{[a-z][a-z0-9_]*\}")
_NUMBER = re.compile(r"(?<![\w,.])(\d+(?:[ \u00a0\u202f]\d{3})*(?:,\d)?)[ \u00a0\u202f]([^\W\d_][\w’'-]*|%)")
_SPACES = "[ \u00a0\u202f\n]+"


@dataclass(frozen=True)
class Copy:
    """Words that may have been copied: `key` said them in `sentence`. `is_whole`: the whole sentence of a field."""

    words: str
    key: str
    sentence: str
    put: str
    is_whole: bool


@dataclass(frozen=True)
class Mark:
    """Words of a text that copy a figure. `now`: what the count says today, empty when it says nothing any more.

    `is_broken`: they are no longer true; else they are true, and may become a field that stays so.
    """

    words: str
    now: str
    put: str  # what replaces them in the text: a field, or words
    is_broken: bool
    spans: tuple[tuple[int, int], ...]
    copy: Copy

    @property
    def id(self) -> str:
        """The words, whatever their spaces and apostrophes."""
        return french.fold(self.words)


def sayings(page: Page) -> dict[str, str]:
    """Return what each field and each figure of a page says now."""
    told = {one.key: one.exact for one in page.fields}
    for figure in page.figures:
        told[f"={figure.key}"] = f"{french.number(figure.value)} {figure.label[:1].lower()}{figure.label[1:]}"
    return told


def marks(page: Page, text: str, said: Said, left_alone: Iterable[str] = ()) -> list[Mark]:
    """Return the marks of a text, in its order, but for the words that are left alone."""
    now, alone, found = sayings(page), set(left_alone), []
    masked = _FIELD.sub(lambda match: "\0" * len(match[0]), text)
    folded, tried = french.fold(masked), set()
    for copy in _copies(said, now):
        sought = french.fold(copy.words)
        if sought in tried or sought not in folded:
            continue
        tried.add(sought)
        pattern = _pattern(copy.words)
        spans = tuple(match.span() for match in pattern.finditer(masked))
        if spans:
            masked = pattern.sub(lambda match: "\0" * len(match[0]), masked)
            is_broken = not copy.is_whole or now.get(copy.key) != copy.words
            told = now.get(copy.key, "") if copy.is_whole else copy.put
            found.append(Mark(text[slice(*spans[0])], told, copy.put, is_broken, spans, copy))
    return sorted((one for one in found if one.id not in alone), key=lambda mark: mark.spans)


def replaced(text: str, mark: Mark) -> str:
    """Return the text with the words of a mark replaced, wherever they are."""
    for start, end in reversed(mark.spans):
        text = text[:start] + mark.put + text[end:]
    return text


def with_public_sentences(page: Page, text: str) -> str:
    """Return the text with the field in place of each sentence copied whole that has another form to be published."""
    for one in sorted(page.fields, key=lambda one: -len(one.exact)):
        if one.exact != one.public:
            text = _pattern(one.exact).sub(f"{{{one.key}}}", text)
    return text


def remembered(page: Page, text: str, said: Said) -> dict[str, list[str]]:
    """Return what to keep with a text that is saved: what is said now, and what it still says of earlier counts."""
    kept = {key: [sentence] for key, sentence in sayings(page).items()}
    for mark in marks(page, text, said):
        if mark.is_broken:
            kept.setdefault(mark.copy.key, []).append(mark.copy.sentence)
    return {key: list(dict.fromkeys(sentences)) for key, sentences in kept.items()}


def _copies(said: Said, now: Mapping[str, str]) -> Iterator[Copy]:
    """Go through the words that may have been copied: whole fields first, the longest first, then their numbers."""
    sources = [(key, sentence) for key, sentence in now.items()]
    sources += [(key, one) for key, sentences in said.items() for one in sentences if one not in now.values()]
    for key, sentence in sorted(sources, key=lambda one: -len(one[1])):
        if not key.startswith("="):
            yield Copy(sentence, key, sentence, f"{{{key}}}" if key in now else "", True)
    true = {words for sentence in now.values() for words in _numbers(sentence).values()}
    for key, sentence in sources:
        current = _numbers(now.get(key, ""))
        for noun, words in _numbers(sentence).items():
            if noun in current and words not in true:
                yield Copy(words, key, sentence, current[noun], False)


def _numbers(sentence: str) -> dict[str, str]:
    """Return the numbers of a sentence with what they count, by what they count; nothing of what is counted twice."""
    found: dict[str, list[str]] = {}
    for match in _NUMBER.finditer(sentence):
        noun = _singular(match[2])
        if noun not in _NOT_COUNTED:
            found.setdefault(noun, []).append(_plain(match[0]))
    return {noun: words[0] for noun, words in found.items() if len(words) == 1}


def _singular(noun: str) -> str:
    return re.sub(r"[sx]\b", "", french.fold(noun))


# what stands after a number without being what it counts
_LITTLE_WORDS = ("sur", "contre", "et", "en", "au", "ou", "à", "de", "des", "h", "autre", "dont")
_NOT_COUNTED: Final = frozenset(_singular(word) for word in (*french.MONTHS, *_LITTLE_WORDS))


def _plain(words: str) -> str:
    return words.replace(french.NBSP, " ").replace(french.NNBSP, " ")


def _pattern(words: str) -> re.Pattern[str]:
    """What finds these words, whatever their spaces and apostrophes, and the case of their first letter."""
    escaped = re.escape(_plain(words).replace("'", french.APOSTROPHE)).replace(french.APOSTROPHE, "['’]")
    first = words[:1]
    if first.isalpha():
        escaped = f"[{first.lower()}{first.upper()}]{escaped[len(re.escape(first)) :]}"
    flexible = re.sub(r"(?:\\ )+", lambda _: _SPACES, escaped)
    return re.compile(rf"(?<![\w,{{])(?<!\d[ \u00a0\u202f]){flexible}(?![\w}}])")
