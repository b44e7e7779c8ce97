"""What templates are given to speak with, and the components page, filled in and refused."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import render_template_string
from jinja2 import UndefinedError

from cpts_sessions.web import templating
from tests.page import read_strictly, words
from tests.web.components_site import components_site

NB = "\u00a0"


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
    assert templating.places_words(free, waiting) == said.replace("~", NB)


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
