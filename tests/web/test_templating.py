import gzip
import re
import traceback
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from cpts_sessions.web import assets, templating
from cpts_sessions.web.french_loader import FrenchLoader, french, french_html
from tests.page import read_strictly, words
from tests.web.components_site import components_site

NB, NN = "\u00a0", "\u202f"


def shown(marked: str) -> str:
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
    assert french_html(typed) == shown(loaded)
    assert french_html(shown(loaded)) == shown(loaded)


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
    assert sources == ["a::before{content:'x' ;}", shown("L’<ami> {{ a }}^?")]


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
    assert page == shown("&lt;b&gt; d’eux^?<b>d’eux^?</b>")


def test_a_plain_value_stays_plain_and_markup_stays_markup() -> None:
    assert [type(french(value)) for value in ("a ?", Markup("a ?"), 3)] == [str, Markup, str]


def test_a_name_no_one_gave_is_an_error() -> None:
    with components_site().app_context(), pytest.raises(UndefinedError):
        render_template_string("{{ nobody }}")


@pytest.mark.parametrize(
    ("free", "waiting", "said"),
    [
        (5, 0, "5~places libres"),
        (1, 2, "Dernière place"),
        (0, 1, "Complet, 1~personne en attente"),
        (0, 3, "Complet, 3~personnes en attente"),
        (0, 0, "Complet, liste d’attente ouverte"),
    ],
)
def test_the_places_left_are_said_in_words(free: int, waiting: int, said: str) -> None:
    assert templating.places_words(free, waiting) == shown(said)


@pytest.mark.parametrize(
    ("instant", "parts"),
    [
        (date(2026, 12, 1), ("mar.", "1er", "déc.")),
        (date(2026, 8, 31), ("lun.", "31", "août")),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), ("mer.", "1er", "juill.")),
    ],
)
def test_the_ring_holds_the_day_as_it_is_in_paris(instant: date, parts: tuple[str, str, str]) -> None:
    assert templating.day_parts(instant) == parts


def test_seats_go_round_from_noon() -> None:
    assert templating.seats(4) == [("50", "4.5"), ("95.5", "50"), ("50", "95.5"), ("4.5", "50")]


def test_only_telephone_numbers_can_be_dialled() -> None:
    spoken = templating.telephones("SPS 0 805 23 23 36 ou 3114, 24 h/24, 7 j/7 ; 15, 03 88 12 34 56 <b>.")
    assert re.findall(r'href="tel:([^"]+)"', spoken) == ["+33805232336", "3114", "15", "+33388123456"]
    assert words(spoken) == "SPS 0 805 23 23 36 ou 3114 , 24 h/24, 7 j/7 ; 15 , 03 88 12 34 56 <b>."


def test_a_static_file_or_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"no static file is called css/ap\.css"):
        templating.assets().url("css/ap.css")
    with pytest.raises(LookupError, match="no icon is called clok"):
        templating.icon_url("clok")


def test_a_stylesheet_names_what_it_refers_to_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "a.woff2").write_bytes(b"font")
    (tmp_path / "css" / "in.css").write_text("p{}")
    (tmp_path / "css" / "out.css").write_text(
        "@import url('in.css') layer(x);a{src:url(../a.woff2)}b{c:url(\"data:image/svg+xml,x\")}"
    )
    made = assets.Assets(tmp_path)
    inner, font = made.url("css/in.css"), made.url("a.woff2")
    assert made.bodies["css/out.css"].decode() == (
        f'@import url("{inner}") layer(x);a{{src:url("{font}")}}b{{c:url("data:image/svg+xml,x")}}'
    )
    before = made.url("css/out.css")
    (tmp_path / "a.woff2").write_bytes(b"another")
    assert assets.Assets(tmp_path).url("css/out.css") != before


def test_stylesheets_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import url("b.css");')
    (tmp_path / "b.css").write_text('@import url("a.css");')
    with pytest.raises(ValueError, match=r"a\.css refers to itself through a\.css, b\.css"):
        assets.Assets(tmp_path)


def test_a_static_file_is_kept_for_ever_and_compressed() -> None:
    client = components_site().test_client()
    url = templating.assets().url("css/app.css")
    packed = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(url)
    assert gzip.decompress(packed.data) == plain.data == templating.assets().bodies["css/app.css"]
    assert {name: packed.headers[name] for name in ("Content-Type", "Content-Encoding", "Vary", "Cache-Control")} == {
        "Content-Type": 'text/css; charset="utf-8"',
        "Content-Encoding": "gzip",
        "Vary": "Accept-Encoding",
        "Cache-Control": "max-age=315360000, public, immutable",
    }
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_a_static_file_is_not_sent_twice_nor_changed() -> None:
    client = components_site().test_client()
    url = templating.assets().url("icons/icons.svg")
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    asked = client.head(url)
    assert (again.status_code, again.data, asked.status_code, asked.data) == (304, b"", 200, b"")
    assert (client.post(url).status_code, client.get("/static/css/app.css").status_code) == (405, 404)


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False), ("x-gzip-not", False)],
)
def test_gzip_is_sent_to_those_who_read_it(header: str, accepted: bool) -> None:
    assert assets.accepts_gzip(header) == accepted


def test_the_components_page_satisfies_a_demanding_reader() -> None:
    client = components_site().test_client()
    page = client.get("/").get_data(as_text=True)
    read_strictly(page)
    assert "<title>Composants · CPTS du Val d’Ambre</title>" in page


def refused_components() -> str:
    site = components_site()
    site.config["WTF_CSRF_ENABLED"] = False
    return site.test_client().post("/", data={"prenom": "Nadia", "presence": "p"}).get_data(as_text=True)


def test_a_refused_form_says_so_in_the_title_and_links_to_each_field() -> None:
    page = refused_components()
    read_strictly(page)
    summary = page[page.index('id="erreurs"') : page.index("</ul>", page.index('id="erreurs"'))]
    assert f"<title>Erreur{NB}: Composants · " in page
    assert "7 champs sont à corriger. Le reste est gardé." in words(summary)
    assert re.findall(r'href="#([\w-]+)"', summary) == [
        "email",
        "profession",
        "exercice-0",
        "charte",
        "jour",
        "heure",
        "places",
    ]


def test_ready_made_refusals_are_french() -> None:
    assert "This field" not in refused_components()


def test_a_field_shows_label_hint_error_and_control_in_that_order() -> None:
    page = refused_components()
    field = page[page.index('<div class="field"><label for="email">') :]
    order = [field.index(part) for part in ("<label", 'id="email-hint"', 'id="email-error"', "<input")]
    assert order == sorted(order)
    control = re.search(r"<input[^>]*>", field)
    assert control
    assert 'aria-describedby="email-hint email-error"' in control.group()
    assert 'aria-invalid="true"' in control.group()


def test_optional_is_said_and_required_is_not() -> None:
    page = words(components_site().test_client().get("/").get_data(as_text=True))
    assert "Téléphone (facultatif)" in page
    assert "Adresse e-mail Vous" in page


def a_page(layout: str, **context: object) -> str:
    site = Flask("page", static_folder=None)
    site.config["SECRET_KEY"] = "for these tests only"
    templating.install(site)
    site.jinja_env.globals["csrf_token"] = lambda: "token"
    with site.test_request_context():
        return render_template_string(
            f'{{% extends "layouts/{layout}.html" %}}{{% set here = "ma-page" %}}'
            "{% block title %}Page{% endblock %}{% block main %}<h1>Page</h1>{% endblock %}",
            **context,
        )


def organisation(*, is_demonstration: bool) -> SimpleNamespace:
    return SimpleNamespace(
        name="CPTS d'ici",
        mail_address="bonjour@example.org",
        help_line="SPS 0 805 23 23 36",
        crisis_line="3114",
        emergency_line="15",
        is_demonstration=is_demonstration,
    )


@pytest.mark.parametrize("layout", ["public", "professional", "animator", "coordinator", "admin", "bare"])
def test_each_layout_satisfies_a_demanding_reader_even_without_an_organisation(layout: str) -> None:
    read_strictly(a_page(layout))
    read_strictly(a_page(layout, organisation=organisation(is_demonstration=True)))


def test_the_menu_says_where_one_is() -> None:
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', a_page("public")) == ["/ma-page"]


def test_a_public_page_holds_no_token_and_no_message() -> None:
    page = a_page(
        "public",
        organisation=organisation(is_demonstration=True),
        demonstration_roles=[("/d/coordination", "coordination")],
        demonstration_start_url="/commencer",
    )
    assert ("csrf_token" in page, 'class="flash' in page) == (False, False)
    assert 'action="/d/coordination"' in page
    assert "Démonstration : les personnes sont inventées, aucun message ne part." in words(page)


def test_a_real_organisation_has_no_demonstration_band() -> None:
    page = a_page("public", organisation=organisation(is_demonstration=False), demonstration_roles=[("/d", "x")])
    assert "Démonstration" not in page


def test_the_foot_tells_whom_to_call_and_whom_to_write_to() -> None:
    foot = words(a_page("bare", organisation=organisation(is_demonstration=False)))
    assert "Si vous allez mal : SPS 0 805 23 23 36 ou 3114 , 24 h/24. Danger immédiat : 15 ." in foot
    assert "Écrire à la coordination : bonjour@example.org" in foot
