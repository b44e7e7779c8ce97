"""The paper of a session, read back from the file that is printed."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from cpts_sessions.attendance import queries, sheets
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animation
from tests.factories import (
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

RIGHTS = (
    "Ces données servent à justifier la tenue de la séance et à établir vos attestations. Elles sont conservées par la"
    " CPTS du Val d'Ambre, à part, jusqu'à 5 ans après la fin du contrat avec l'Assurance maladie. Vous pouvez les"
    " consulter et les faire corriger : contact@cpts.example.org. En savoir plus : http://localhost/donnees"
)


def pages_of(paper: sheets.Paper) -> list[str]:
    """The text of each page, on one line, with plain spaces."""
    reader = PdfReader(BytesIO(paper.data))
    return [" ".join(normalise(page.extract_text()).split()) for page in reader.pages]


def session_of(n: int, *, circles: bool = False, **changes: Any) -> GroupSession:
    """A session with so many expected."""
    here = make_organisation()
    programme = make_circles(here) if circles else make_programme(here)
    one = make_group_session(programme, capacity=max(n, 1), **changes)
    for number in range(n):
        make_registration(one, make_person(here, first_name="Claire", last_name=f"Nom{number:02}"))
    return one


@pytest.mark.usefixtures("clock")
def test_the_sheet_says_what_the_session_is_who_is_expected_and_what_the_law_wants_said(app: Flask):
    here = make_organisation()
    one = make_group_session(make_programme(here), capacity=12)
    make_registration(one, make_person(here, first_name="Zoé", last_name="Étienne"))
    make_registration(one, make_person(here, first_name="Ana", last_name="Fau", profession_slug="medecin-generaliste"))
    make_registration(one, make_person(here, first_name="Eli", last_name="Attend"), "waiting")
    with transaction():
        animation.attach(one, make_person(here, first_name="Nora", last_name="Diallo"))

    (text,) = pages_of(sheets.sign_in_sheet(one))

    assert text == (
        "CPTS du Val d'Ambre Feuille d'émargement Mission 6, action 29 : GAPP"
        " Lundi 16 novembre 2026 de 20 h à 22 h Maison de santé, 1 rue des Tilleuls, Ambreville Animation : Nora Diallo"
        " Nom Prénom Profession Signature Étienne Zoé sage-femme Fau Ana médecin généraliste"
        " Personnes venues sans inscription (profession indispensable) Nom Prénom Profession Signature"
        " Nombre de présents : Signature de la personne qui anime " + RIGHTS + " Document confidentiel. À remettre à la"
        " coordination, sans copie ni photo. page 1 sur 1"
    )


def test_twelve_people_sign_on_one_page(app: Flask):
    assert len(pages_of(sheets.sign_in_sheet(session_of(12)))) == 1


def test_forty_people_sign_under_the_same_heads_on_each_page(app: Flask):
    pages = pages_of(sheets.sign_in_sheet(session_of(40)))

    assert len(pages) == 3
    assert ["Nom Prénom Profession Signature" in page for page in pages] == [True, True, True]
    assert [f"page {n} sur 3" in page for n, page in enumerate(pages, 1)] == [True, True, True]
    assert [sum(f"Nom{n:02} Claire" in page for page in pages) for n in range(40)] == [1] * 40


def test_nobody_signed_up_and_the_sheet_still_serves(app: Flask):
    (text,) = pages_of(sheets.sign_in_sheet(session_of(0)))

    assert text.count("Nom Prénom Profession Signature") == 1


def test_very_long_names_are_all_there(app: Flask):
    here = make_organisation()
    one = make_group_session(make_programme(here))
    make_registration(
        one, make_person(here, first_name="Marie-Anne-Élisabeth", last_name="de la Tour du Pin-Gouvernet " * 3)
    )
    make_registration(one, make_person(here, first_name="A" * 80, last_name="B" * 80))

    text = pages_of(sheets.sign_in_sheet(one))[0].replace(" ", "").replace("-", "")

    assert "delaTourduPinGouvernet" * 3 in text
    assert (text.count("A" * 10) >= 1, "MarieAnneÉlisabeth" in text) == (True, True)


def test_the_sheet_without_names_has_professions_and_no_name(app: Flask):
    (text,) = pages_of(sheets.nameless_sheet(session_of(3)))

    assert "Nom0" not in text
    assert "Claire" not in text
    assert text.count("sage-femme") == 1
    assert "Je certifie l'exactitude de ces nombres, relevés pendant la séance." in text


@pytest.mark.parametrize("make", [sheets.sign_in_sheet, sheets.nameless_sheet])
def test_the_file_of_a_circle_says_nowhere_what_it_is_but_on_the_paper(app: Flask, make: Any):
    paper = make(session_of(40, circles=True))
    reader = PdfReader(BytesIO(paper.data))

    assert paper.filename in ("feuille-2026-11-16.pdf", "decompte-2026-11-16.pdf")
    assert "ercle" in reader.pages[0].extract_text()
    told = f"{reader.metadata} {reader.xmp_metadata.stream.get_data().decode()}" if reader.xmp_metadata else ""
    assert "lundi" in told
    assert "ercle" not in told
    assert ["ercle" in page.extract_text() for page in reader.pages[1:]] == [False] * (len(reader.pages) - 1)


def test_a_cancelled_session_has_no_sheet(app: Flask):
    one = session_of(1, status="cancelled")

    with pytest.raises(RuleBroken, match="annulée"):
        sheets.sign_in_sheet(one)


def test_a_row_is_never_torn_between_two_pages(app: Flask):
    """Wherever the first page ends, the first name of the second is as near to the head of its column."""
    one = session_of(20)
    gaps = []
    for lines in range(5):
        with transaction():
            one.place_name = "Maison de santé " * (1 + 6 * lines)
        head, first, *_ = heights_of("Nom", sheets.sign_in_sheet(one), page=1)
        gaps.append(round(head - first))

    assert gaps == [gaps[0]] * 5


def heights_of(word: str, paper: sheets.Paper, *, page: int) -> list[float]:
    """How high each text stands that begins with this word, in the order of reading."""
    found: list[float] = []

    def note(text: str, place: list[float], *_: Any) -> None:
        if text.startswith(word):
            found.append(place[5])

    PdfReader(BytesIO(paper.data)).pages[page].extract_text(visitor_text=note)
    return found


def test_twelve_people_of_whom_one_has_a_very_long_name_sign_on_one_page(app: Flask):
    one = session_of(12)
    with transaction():
        queries.roll(one.id).lines[0].registration.person.last_name = "de la Tour du Pin-Gouvernet de Saint-Jacques"

    assert len(pages_of(sheets.sign_in_sheet(one))) == 1
