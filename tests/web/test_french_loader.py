"""French spaces and apostrophes are put in a template when it is loaded, and in a value when it is shown."""

import traceback

import pytest
from flask import render_template_string
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from cpts_sessions.web.french_loader import FrenchLoader, french, french_html
from tests.web.components_site import components_site

NB, NN = "\u00a0", "\u202f"


def spaced(marked: str) -> str:
    """The text in which ~ stands for U+00A0 and ^ for U+202F."""
    return marked.replace("~", NB).replace("^", NN)


@pytest.mark.parametrize(
    ("typed", "loaded"),
    [
        ("<p>C'est noté !</p>", "<p>C’est noté^!</p>"),
        ("<p>{{ n }} : oui</p>", "<p>{{ n }}~: oui</p>"),
        ("<p>{{ n }} %</p>", "<p>{{ n }}~%</p>"),
        ("<p>« {{ titre }} »</p>", "<p>«~{{ titre }}~»</p>"),
        ("<b>Attention</b> : rien", "<b>Attention</b>~: rien"),
        ("<p>Vraiment<b> ?</b></p>", "<p>Vraiment<b>^?</b></p>"),
        ("l'<a href=\"/l'une ?a=b ;\">autre</a>", 'l’<a href="/l\'une ?a=b ;">autre</a>'),
        ("{{ f('C\\'est ? : ;') }} !", "{{ f('C\\'est ? : ;') }}^!"),
        ("{% if a == 'x ?' %}Oui ?{% endif %}", "{% if a == 'x ?' %}Oui^?{% endif %}"),
        ("{# C'est quoi ? #}", "{# C'est quoi ? #}"),
        ("<!-- C'est quoi ? -->", "<!-- C'est quoi ? -->"),
        ("<script>a ? b : 'c'</script> !", "<script>a ? b : 'c'</script>^!"),
        ("<style>a : b ;</style>", "<style>a : b ;</style>"),
        ("<code>l'un ?</code>", "<code>l'un ?</code>"),
        ("<textarea title='Quoi ?'>l'un ?</textarea>", "<textarea title='Quoi^?'>l'un ?</textarea>"),
        ("Vous&nbsp;: a &amp; b ;", "Vous&nbsp;: a &amp; b^;"),
        ('<i aria-label="L\'un : {{ x }} ?" data-x="L\'un ?">', '<i aria-label="L’un~: {{ x }}^?" data-x="L\'un ?">'),
        (
            '<i {% if a > b %}title="Qui ?"{% endif %} class="a ?">',
            '<i {% if a > b %}title="Qui^?"{% endif %} class="a ?">',
        ),
        ('<i {{ f(title="Qui ?") }} alt="Qui ?">', '<i {{ f(title="Qui ?") }} alt="Qui^?">'),
        ("<i data-x=\"title='Qui ?'\" data-title='Qui ?'>", "<i data-x=\"title='Qui ?'\" data-title='Qui ?'>"),
        ('<a title="{{ f("?") }} ?">', '<a title="{{ f("?") }}^?">'),
        ("<p>à 20 h 30, 4 000 €</p>", "<p>à 20~h~30, 4^000~€</p>"),
        ("https://example.org/?a=b:c ; 20:00", "https://example.org/?a=b:c^; 20:00"),
        ("si a < b ? oui : non", "si a < b^? oui~: non"),
    ],
)
def test_words_get_their_french_spaces_and_nothing_else_moves(typed: str, loaded: str) -> None:
    assert french_html(typed) == spaced(loaded)
    assert french_html(spaced(loaded)) == spaced(loaded)


def test_a_template_keeps_the_numbers_of_its_lines() -> None:
    source = "<p\n  title='Qui ?'>\nl'un\n   : deux\n{#\n#}\n{{ missing.name }} !"
    environment = Environment(loader=FrenchLoader(DictLoader({"page.html": source})))
    loaded, _, _ = environment.loader.get_source(environment, "page.html")  # type: ignore[union-attr]
    with pytest.raises(UndefinedError) as raised:
        environment.get_template("page.html").render()
    lines = [frame.lineno for frame in traceback.extract_tb(raised.tb) if frame.filename == "<template>"]
    assert (loaded.count("\n"), lines) == (source.count("\n"), [7])


def test_a_text_template_is_typographic_and_a_stylesheet_is_not() -> None:
    inner = DictLoader({"mail.txt": "L'<ami> {{ a }} ?", "mail.css": "a::before{content:'x' ;}"})
    environment = Environment(loader=FrenchLoader(inner))
    sources = [environment.loader.get_source(environment, name)[0] for name in inner.list_templates()]  # type: ignore[union-attr]
    assert sources == ["a::before{content:'x' ;}", spaced("L’<ami> {{ a }}^?")]


def test_every_template_of_the_application_is_loaded_without_losing_a_line() -> None:
    site = components_site()
    loader = site.jinja_env.loader
    assert isinstance(loader, FrenchLoader)
    for name in loader.list_templates():
        before = loader.inner.get_source(site.jinja_env, name)[0]
        after = loader.get_source(site.jinja_env, name)[0]
        assert (name, after.count("\n")) == (name, before.count("\n"))


def test_a_value_shown_is_typographic_and_still_escaped() -> None:
    with components_site().app_context():
        page = render_template_string(
            "{{ text|typo }}{{ markup|typo }}", text="<b> d'eux ?", markup=Markup("<b>d'eux ?</b>")
        )
    assert page == spaced("&lt;b&gt; d’eux^?<b>d’eux^?</b>")


def test_a_plain_value_stays_plain_and_markup_stays_markup() -> None:
    assert [type(french(value)) for value in ("a ?", Markup("a ?"), 3)] == [str, Markup, str]
