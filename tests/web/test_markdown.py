"""Presentations keep the few marks of Markdown, and nothing that could harm a page."""

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.web.markdown import markdown


def test_paragraphs_line_ends_bold_lists_and_links_are_kept():
    text = "Une **vraie** pause.\nDeux lignes.\n\n- un\n- deux\n\n[Le site](https://example.org/a?b=1&c=2)"

    assert str(markdown(text)) == (
        "<p>Une <strong>vraie</strong> pause.<br>\nDeux lignes.</p>\n"
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"
        '<p><a href="https://example.org/a?b=1&amp;c=2">Le site</a></p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "![image](https://example.org/x.png)",
        "# Un titre",
        "[clic](javascript:alert(1))",
        "[clic](data:text/html;base64,AAAA)",
        "[clic](JAVASCRIPT&colon;alert(1))",
        "```\ncode\n```",
    ],
)
def test_what_could_harm_a_page_is_shown_as_it_was_typed(text: str):
    html = str(markdown(text))

    assert [tag for tag in ("<script", "<img", "<h1", "<code", 'href="j', 'href="d') if tag in html] == []


def test_french_typography_is_applied_to_the_words_not_to_the_links():
    assert str(markdown("Pour qui : tous [ici](https://example.org/a:b)")) == (
        '<p>Pour qui\u00a0: tous <a href="https://example.org/a:b">ici</a></p>\n'
    )


def test_an_empty_presentation_is_nothing():
    assert normalise(str(markdown("  \n"))) == ""
