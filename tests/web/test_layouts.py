"""Every layout is a whole page, with or without an organisation: its menu, its foot, its demonstration band."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from cpts_sessions.web import templating
from tests.page import read_strictly, words


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
