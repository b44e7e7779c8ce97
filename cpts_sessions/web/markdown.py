"""The few marks of Markdown the coordination may type in a presentation: bold, lists, links, line ends."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from cpts_sessions.web.french_loader import french_html

# no HTML, title, picture or code: a page keeps its one h1, its own pictures and its Content-Security-Policy
_MARKS = ("emphasis", "escape", "link", "list", "newline")


def markdown(text: str) -> Markup:
    """Return the paragraphs of a text as safe HTML, typographic; what is not one of the marks stays as typed.

    A link whose address could run something (« javascript: ») is left as words.
    """
    rendered: str = _reader().render(text)  # which escapes every character of the text that HTML would read
    return Markup(french_html(rendered))


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_MARKS))
