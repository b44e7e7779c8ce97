"""What each e-mail says, and what it must never say."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cpts_sessions.mail.html_part import Palette
from cpts_sessions.mail.rendering import (
    FRAME_VARIABLES,
    MASKED_CODE,
    MASKED_LINK,
    PERSONAL_LINKS,
    Frame,
    render,
    variables_of,
)
from cpts_sessions.mail.template import load, names, variables_in
from tests.golden_files import FOLDER, golden

VALUES: dict[str, str] = json.loads((Path(__file__).parent / "variables.json").read_text(encoding="utf-8"))
FRAME = Frame(
    cpts="CPTS Mulhouse Agglomération",
    contact="contact@cpts.example",
    public_url="https://cpts.example",
    page_link="https://cpts.example/ma-page",
    help_phrase="Si vous allez mal : **SPS 0 805 23 23 36** ou **3114**, 24 h/24.",
)
NAMED_IN_THE_BODY_ONLY = {"titre", "dispositif", "singulier", "pluriel", "lieu", "acces", "visio"}


class _Reader(HTMLParser):
    """The words, the addresses opened and the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.elements: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.addresses += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.mark.parametrize("name", names())
def test_each_email_is_written_as_agreed(name: str) -> None:
    written = render(name, VALUES, FRAME)
    golden(f"email/{name}.txt", f"{written.subject}\n{written.preview}\n\n{written.text}".encode())
    golden(f"email/{name}.html", written.html.encode())


def test_there_is_one_pair_of_golden_files_per_email_and_no_other() -> None:
    written = sorted(path.name for path in (FOLDER / "email").iterdir() if path.suffix in {".html", ".txt"})
    assert written == sorted(f"{name}.{kind}" for name in names() for kind in ("html", "txt"))


@pytest.mark.parametrize("name", names())
def test_subject_and_preview_never_name_what_may_be_confidential(name: str) -> None:
    template = load(name)
    assert variables_in([template.subject, template.preview]) & NAMED_IN_THE_BODY_ONLY == set()


@pytest.mark.parametrize("name", names())
def test_a_circle_is_only_named_in_the_body(name: str) -> None:
    confidential = {
        "titre": "Cercle de paroles",
        "titre_objet": "Réunion CPTS",
        "dispositif": "Cercles de paroles",
        "dispositif_objet": "Réunions CPTS",
        "pluriel": "cercles de paroles",
    }
    written = render(name, VALUES | confidential, FRAME)
    title, hidden = re.search(r"<title>(.*?)</title>", written.html), re.search(r'"pre"[^>]*>(.*?)<', written.html)
    assert title
    assert hidden
    outside = f"{written.subject} {written.preview} {title[1]} {hidden[1]}"
    assert re.findall("parole|cercle", outside, re.IGNORECASE) == []


@pytest.mark.parametrize("name", names())
def test_an_email_has_at_most_one_full_button_and_no_picture_nor_table(name: str) -> None:
    page = render(name, VALUES, FRAME).html
    assert page.count('class="button"') <= 1
    assert {"img", "table", "script", "link", "form"} & set(_Reader(page).elements) == set()
    assert re.findall(r"\bflex\b|\bgrid\b|url\(", page) == []


@pytest.mark.parametrize("name", names())
def test_text_and_html_say_the_same_words(name: str) -> None:
    written = render(name, VALUES, FRAME)
    body = _Reader(written.html.partition("<body")[2]).text
    for line in written.text.splitlines():
        prose = re.sub(r"^- |^-+$|https?://\S+", "", line)
        assert prose.strip() in body


@pytest.mark.parametrize("name", names())
def test_every_address_of_the_text_can_be_opened_from_the_html(name: str) -> None:
    written = render(name, VALUES, FRAME)
    in_text = set(re.findall(r"https?://\S+", written.text))
    assert in_text - set(_Reader(written.html).addresses) == set()


@pytest.mark.parametrize("name", names())
def test_addresses_of_the_text_stand_alone_on_their_line(name: str) -> None:
    lines = [line for line in render(name, VALUES, FRAME).text.splitlines() if "://" in line]
    assert [line for line in lines if not re.fullmatch(r"https?://\S+", line)] == []


@pytest.mark.parametrize("name", names())
def test_a_missing_value_is_named(name: str) -> None:
    for variable in variables_of(name):
        with pytest.raises(KeyError, match=rf"{name}: {variable}\b"):
            render(name, {key: value for key, value in VALUES.items() if key != variable}, FRAME)


@pytest.mark.parametrize("name", names())
def test_masked_nothing_personal_is_left_in_any_part(name: str) -> None:
    secrets = {variable: f"https://cpts.example/{variable}/SECRET" for variable in PERSONAL_LINKS}
    written = render(name, VALUES | secrets | {"code": "SECRET"}, FRAME, masked=True)
    everything = f"{written.subject}{written.preview}{written.text}{written.html}"
    assert "SECRET" not in everything
    assert [address for address in _Reader(written.html).addresses if "masqué" in address] == []


@pytest.mark.parametrize("name", names())
def test_unmasked_the_addressee_has_her_links(name: str) -> None:
    personal = variables_of(name) & PERSONAL_LINKS
    addresses = _Reader(render(name, VALUES, FRAME).html).addresses
    assert {VALUES[variable] for variable in personal} <= set(addresses)


def test_masked_the_words_say_so() -> None:
    written = render("connexion_equipe", VALUES, FRAME, masked=True)
    assert written.text.splitlines()[2:4] == ["Voici votre lien\u00a0:", MASKED_LINK]
    assert MASKED_CODE in written.text
    assert '<span class="button"' in written.html
    assert f"({MASKED_LINK})" in _Reader(written.html).text


def test_a_line_mixed_with_an_empty_variable_disappears_alone() -> None:
    text = render("place_donnee", VALUES | {"acces": "", "visio": "", "animation": ""}, FRAME).text
    assert text.split("\n\n")[2] == (
        "Cercle de paroles\nQuand\u00a0: mardi 7\u00a0avril 2026 de 20\u00a0h à 22\u00a0h\n"
        "Où\u00a0: Salle de réunion de la CPTS"
    )


def test_a_line_reduced_to_an_empty_variable_takes_its_paragraph_and_heading() -> None:
    with_dates = render("liste_attente", VALUES, FRAME)
    without = render("liste_attente", VALUES | {"autres_dates": ""}, FRAME)
    paragraph = "D’autres dates ont des places\u00a0:\n" + VALUES["autres_dates"] + "\n\n"
    assert without.text == with_dates.text.replace(paragraph, "")
    assert "autres dates" not in without.html


def test_a_button_without_an_address_is_not_shown() -> None:
    assert "button" in _classes(render("seance_annulee", VALUES, FRAME).html)
    assert "button" not in _classes(render("seance_annulee", VALUES | {"lien_agenda": ""}, FRAME).html)


def test_values_are_never_read_as_html_markdown_or_variables() -> None:
    nasty = '<b>{{ prenom }}</b> **gras** ~~barré~~ & "quote" $accent'
    written = render("desinscription_par_la_coordination", VALUES | {"raison": nasty}, FRAME)
    assert f"Motif\u00a0: {nasty}\n" in written.text
    assert f"Motif\u00a0: {nasty}" in _Reader(written.html).text
    assert "b" not in _Reader(written.html).elements


def test_a_value_with_lines_keeps_them() -> None:
    written = render("seance_deplacee", VALUES | {"mot_de_la_coordination": "Bonjour.\nÀ mardi."}, FRAME)
    assert "\n\nBonjour.\nÀ mardi.\n\n" in written.text
    assert "Bonjour.<br>À mardi." in written.html


def test_a_value_never_begins_a_new_header() -> None:
    written = render("seance_annulee", VALUES | {"titre_objet": "GAPP\r\nBcc: autre@example.org"}, FRAME)
    assert written.subject == "Séance annulée\u00a0: GAPP Bcc: autre@example.org, mardi 7\u00a0avril"


def test_a_video_link_that_is_not_an_address_opens_nothing() -> None:
    page = render("place_donnee", VALUES | {"visio": "javascript:alert(1)"}, FRAME).html
    assert [address for address in _Reader(page).addresses if not address.startswith(("https://", "mailto:"))] == []
    assert "Visioconférence\u00a0: javascript:alert(1)" in _Reader(page).text


def test_each_date_of_an_enrolment_can_be_declined() -> None:
    page = render("inscription_dispositif", VALUES, FRAME).html
    assert _Reader(page).text.count("Pas cette fois") == len(VALUES["dates"].splitlines()) + 1
    assert _Reader(page).addresses.count(VALUES["lien_suivi"]) == len(VALUES["dates"].splitlines()) + 1


def test_the_reason_elides_before_a_vowel() -> None:
    def reason(author: str) -> str:
        foot = render("role_accorde", VALUES | {"auteur": author}, FRAME).text.rpartition("---\n")[2]
        return foot.splitlines()[0]

    assert reason("Eva Martin") == "Vous recevez ce message parce qu’Eva Martin vous a donné cet accès."
    assert reason("Zoé Martin") == "Vous recevez ce message parce que Zoé Martin vous a donné cet accès."


def test_the_foot_says_when_it_is_only_a_demonstration() -> None:
    shown = Frame(cpts="CPTS", contact="contact@example.org", public_url="https://example.org", demonstration=True)
    foot = render("liste_quittee", VALUES, shown).text.rpartition("---\n")[2]
    assert foot == (
        "Vous recevez ce message parce que vous êtes sur la liste d’attente de cette séance.\n"
        "Une question\u202f? Répondez à ce message, il arrive à la coordination.\n"
        "CPTS, contact@example.org\n"
        "Message de démonstration\u00a0: il n’a pas été envoyé.\n"
    )
    assert "démonstration" not in render("liste_quittee", VALUES, FRAME).text


def test_the_help_phrase_is_bold_in_html_and_plain_in_text() -> None:
    written = render("liste_quittee", VALUES, FRAME)
    assert "Si vous allez mal : SPS 0 805 23 23 36 ou 3114, 24 h/24.\n" in written.text
    assert "Si vous allez mal : <strong>SPS 0 805 23 23 36</strong> ou <strong>3114</strong>, 24 h/24." in written.html


def test_once_erased_nobody_is_sent_to_her_page() -> None:
    written = render("effacement_fait", VALUES, FRAME)
    assert "ma-page" not in written.text + written.html
    assert variables_of("effacement_fait") & PERSONAL_LINKS == set()


def test_the_colours_are_those_of_the_cpts() -> None:
    red = Palette(accent="#9b2d20", soft="#fbeae6", dark_accent="#ffb4a6", dark_soft="#3a2824")
    page = render("place_donnee", VALUES, Frame("CPTS", "contact@example.org", "https://example.org", palette=red)).html
    assert {colour for colour in ("#9b2d20", "#fbeae6", "#ffb4a6", "#3a2824") if colour in page} == {
        "#9b2d20",
        "#fbeae6",
        "#ffb4a6",
        "#3a2824",
    }
    assert "#11645b" not in page


def test_a_sender_gives_what_the_text_names_and_not_the_frame() -> None:
    assert variables_of("liste_quittee") == {
        "prenom",
        "titre",
        "titre_objet",
        "jour_court",
        "quand",
        "lien_inscription",
    }
    assert {name for name in names() if variables_of(name) & FRAME_VARIABLES} == set()


def test_an_unknown_email_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        render("inconnu", VALUES, FRAME)


def test_the_sample_values_are_those_the_texts_need() -> None:
    assert set(VALUES) == set().union(*map(variables_of, names()))


def _classes(page: str) -> set[str]:
    return set(re.findall(r'class="(\w+)"', page))
