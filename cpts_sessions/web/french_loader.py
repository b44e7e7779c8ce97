"""French typography for templates: they are typed with plain spaces and read with the right ones.

Done once, when a template is loaded, on what a person reads: text between tags, and the attributes that are
spoken or shown. Jinja tags, other attributes, entities, comments, scripts, styles and code stay as they are.
"""

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment
from markupsafe import Markup

from cpts_sessions.core.french import typo

# Stands for what must not change (a tag, an expression) while the words around it are read as one sentence,
# so that the colon of "{{ n }} : " or of "<b>Oui</b> : " finds its space.
_HOLE = "\ue000"

_JINJA = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
_ATTRIBUTES = rf"(?:{_JINJA}|\"(?:{_JINJA}|[^\"])*\"|'(?:{_JINJA}|[^'])*'|[^>\"'])*"
_NOT_WORDS = "script|style|pre|code|kbd|samp|textarea"
_HTML = re.compile(
    rf"<(?P<verbatim>{_NOT_WORDS})\b{_ATTRIBUTES}>.*?</(?P=verbatim)\s*>"
    rf"|{_JINJA}|<!--.*?-->|<[a-zA-Z/!]{_ATTRIBUTES}>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);",
    re.DOTALL,
)
_OPENING_TAG = re.compile(rf"<[a-zA-Z]{_ATTRIBUTES}>", re.DOTALL)
_EXPRESSION = re.compile(_JINJA, re.DOTALL)
_EXPRESSION_OR_ENTITY = re.compile(rf"{_JINJA}|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);", re.DOTALL)
# an attribute that is read, or what must not be searched for one
_READ_ATTRIBUTE = re.compile(
    rf"{_JINJA}"
    r"|(?<![\w-])(?P<name>(?:aria-label|aria-description|alt|title|placeholder)=)"
    rf"(?:\"(?P<double>(?:{_JINJA}|[^\"])*)\"|'(?P<single>(?:{_JINJA}|[^'])*)')"
    rf"|\"(?:{_JINJA}|[^\"])*\"|'(?:{_JINJA}|[^'])*'",
    re.DOTALL,
)


class FrenchLoader(BaseLoader):
    """Loads templates as `inner` does, with French typography in `.html` and `.txt`; lines keep their numbers."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source of a template, typographic.

        Raises:
            TemplateNotFound: as `inner` says.
        """
        source, filename, is_up_to_date = self.inner.get_source(environment, template)
        if template.endswith(".html"):
            source = french_html(source)
        elif template.endswith(".txt"):
            source = _around(_EXPRESSION, source)
        return source, filename, is_up_to_date

    def list_templates(self) -> list[str]:
        """The names that can be loaded."""
        return self.inner.list_templates()


def french_html(source: str) -> str:
    """HTML, with or without Jinja tags, whose words are typographic. Applying it twice changes nothing more."""
    return _around(_HTML, source, _french_attributes)


def french(value: object) -> str:
    """A value ready to be shown: markup keeps its tags, anything else is plain text (and stays to be escaped)."""
    if isinstance(value, Markup):
        return Markup(french_html(value))
    return typo(str(value))


def _around(kept: re.Pattern[str], source: str, change: Callable[[str], str] = str) -> str:
    """Typography on the text between the matches of `kept`, which are put back, themselves changed by `change`."""
    pieces = [match.group() for match in kept.finditer(source)]
    words = typo(kept.sub(_HOLE, source)).split(_HOLE)
    filled = [words[0]]
    for piece, following in zip(pieces, words[1:], strict=True):
        filled += [change(piece), following]
    return "".join(filled)


def _french_attributes(piece: str) -> str:
    """A kept piece, in which only the attributes of an opening tag that people read are changed."""
    tag = _OPENING_TAG.match(piece)
    if tag is None:
        return piece
    return _READ_ATTRIBUTE.sub(_french_attribute, tag.group()) + piece[tag.end() :]


def _french_attribute(attribute: re.Match[str]) -> str:
    if attribute["name"] is None:
        return attribute.group()
    quote, value = ('"', attribute["double"]) if attribute["double"] is not None else ("'", attribute["single"])
    words = _around(_EXPRESSION_OR_ENTITY, value)
    return f"{attribute['name']}{quote}{words}{quote}"
