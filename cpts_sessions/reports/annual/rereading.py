"""What to read again in the texts of a report before it is published: words typed by hand stay as they were; pure."""

import re

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Page
from cpts_sessions.reports.annual.published import is_few
from cpts_sessions.reports.sentences.people import SMALLEST_SHOWN

_FIELD = re.compile(r"\{[a-z][a-z0-9_]*\}")


def few_named(report: AnnualReport) -> list[tuple[str, list[str]]]:
    """Return the pages whose text, typed by hand, names professions of one or two people, with these professions.

    They are called as the exact table calls them: « sage-femme », « kinés »; the text may say « une kiné ».
    """
    found = [("action " + page.key if page.key.isdigit() else page.title, _named(page)) for page in report.pages]
    return [(title, names) for title, names in found if names]


def before_publishing(report: AnnualReport) -> list[str]:
    """Return what to know before a report is published: nothing when no text was typed by hand."""
    if not any(_is_typed(page) for page in report.pages):
        return []
    told = ["Ce qui a été tapé à la main dans les textes y reste tel quel : relisez-le avant de publier."]
    named = few_named(report)
    return [*told, named_sentence(named)] if named else told


def named_sentence(found: list[tuple[str, list[str]]]) -> str:
    """Return the sentence of what `few_named` found."""
    pages = [f"{title} ({', '.join(names)})" for title, names in found]
    return f"Ils nomment des professions de moins de {SMALLEST_SHOWN} personnes : {' ; '.join(pages)}."


def _is_typed(page: Page) -> bool:
    return page.text.written_by is not None


def _named(page: Page) -> list[str]:
    if not _is_typed(page):
        return []
    text = french.fold(_FIELD.sub(" ", page.text.markdown))
    exact = [one for one in page.grids if one.audience is Audience.CPAM and one.key.endswith("professions")]
    few = [str(row[0]) for one in exact for row in one.rows if isinstance(row[1], int) and is_few(row[1])]
    return [name for name in dict.fromkeys(few) if _says(text, name)]


def _says(text: str, name: str) -> bool:
    """Whether a folded text says a profession, in the singular or the plural, of women or of men."""
    words = french.fold(name).split()
    stems = r" ".join(rf"{re.escape(_stem(word))}\w{{0,3}}" for word in words)
    return re.search(rf"\b{stems}\b", text) is not None


def _stem(word: str) -> str:
    return re.sub(r"(?:n?ne|e)?s?$", "", word) or word
