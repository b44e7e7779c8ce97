"""Attestations and statements as PDF: read back by a parser, their QR code by a reader of codes."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import typst
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from cpts_sessions.attendance import attestations
from cpts_sessions.attendance.attested import new_code, read_code
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.attendance.papers import made, printed
from cpts_sessions.attendance.standing import sessions_of
from cpts_sessions.core.paths import beside
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.envelope import compose
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.programmes.models import SessionAnimator
from tests.attendance.attested import close_again, held, mark, open_again
from tests.conftest import NOW
from tests.factories import (
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
)
from tests.mail.outgoing import configure, courier, state
from tests.page import words
from tests.rows import rows
from tests.smtp_sink import SmtpSink


@pytest.fixture
def cpts(app, clock):
    return make_organisation(signatory_name="Eva Martin", signatory_function="coordinatrice")


@pytest.fixture
def sink(app, tmp_path):
    """A mail server that takes everything."""
    with SmtpSink(tmp_path) as server:
        configure(app, server.url)
        yield server
        configure(app, None)


@pytest.fixture
def nadia(cpts):
    return make_person(cpts, first_name="Nadia", last_name="Ferhat", civility="Mme", rpps="10000000009")


@pytest.fixture
def eva(cpts):
    return make_coordinator(cpts)


def text_of(pdf: bytes) -> str:
    return words(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def test_an_attestation_says_who_what_when_and_how_long_and_how_it_is_verified(cpts, nadia, eva):
    animator = make_person(cpts, first_name="Olivier", last_name="Chastel")
    group_session = make_group_session(make_programme(cpts), starts_at=NOW - timedelta(days=1))
    with transaction():
        db.session.add(
            SessionAnimator(organisation_id=cpts.id, group_session_id=group_session.id, person_id=animator.id)
        )
    mark(group_session, [nadia], "present")
    close_again(group_session, eva)
    row = next(row for row in rows(Attestation) if row.person_id == nadia.id)

    paper = made(row)

    assert paper is not None
    assert paper.name == "attestation-de-presence-2026-11-01.pdf"
    text = text_of(paper.data)
    for said in (
        "Attestation de présence La CPTS du Val d'Ambre atteste que Mme Nadia Ferhat, sage-femme N° RPPS : 10000000009",
        "a participé à la séance suivante : GAPP le dimanche 1er novembre 2026 de 10 h à 12 h, soit 2 h",
        "Maison de santé, 1 rue des Tilleuls, Ambreville Animation : Olivier Chastel",
        "à l'axe 2 de la certification périodique.",
        "Elle atteste la présence et la durée. Elle ne dit rien du contenu de la séance.",
        "Fait à Ambreville, le 2 novembre 2026 Eva Martin, coordinatrice",
        f"code {row.code}",
    ):
        assert said in text
    document = PdfReader(BytesIO(paper.data))
    assert (document.metadata and document.metadata.title) == "Attestation de présence"
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of pypdf, not ours


def test_nothing_of_a_circle_is_in_the_paper_nor_in_its_name(cpts, nadia, eva):
    group_session = make_group_session(make_circles(cpts), starts_at=NOW - timedelta(days=1))
    animator = make_person(cpts, first_name="Olivier", last_name="Chastel", profession_slug="psychologue")
    with transaction():
        db.session.add(
            SessionAnimator(organisation_id=cpts.id, group_session_id=group_session.id, person_id=animator.id)
        )
    mark(group_session, [nadia], "present")
    close_again(group_session, eva)

    paper = made(next(row for row in rows(Attestation) if row.person_id == nadia.id))

    assert paper is not None
    text = text_of(paper.data) + paper.name
    assert "Séance d'échange entre professionnels de santé" in text
    assert [said for said in ("ercle", "arole", "Chastel", "Maison de santé", "certification") if said in text] == []


def test_a_statement_lists_the_sessions_and_adds_them_up(cpts, nadia, eva):
    for days in (1, 8, 15):
        held(
            make_programme(cpts, slug=f"gapp-{days}"), present=[nadia], actor=eva, starts_at=NOW - timedelta(days=days)
        )

    paper = made(attestations.issue_year(cpts.id, nadia.id, 2026))

    assert paper is not None
    text = text_of(paper.data)
    assert paper.name == "releve-de-presences-2026.pdf"
    assert "Relevé de présences 2026 Mme Nadia Ferhat, sage-femme" in text
    assert "GAPP dimanche 1er novembre 2026 de 10 h à 12 h 2 h" in text
    assert "Total : 3 séances, 6 h" in text


def test_printed_again_it_is_the_same_to_the_byte(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    (row,) = rows(Attestation)
    first = made(row)
    with transaction():
        nadia.last_name = "Autrement"
        cpts.signatory_name = "Quelqu’un d’autre"

    assert made(rows(Attestation)[0]) == first


def test_what_does_not_stand_is_not_printed(cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    open_again(group_session, eva)

    assert made(rows(Attestation)[0]) is None


def test_the_qr_code_of_the_page_opens_its_verification(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    row = rows(Attestation)[0]

    found = zxingcpp.read_barcodes(picture(*printed(row, sessions_of([row]))))

    assert [one.text for one in found] == [f"http://localhost/verifier/{row.code}"]


def picture(template: str, values: dict) -> Image.Image:
    """The page as it is printed, at 150 points an inch."""
    folder = beside("templates") / "documents"
    compiler = typst.Compiler(
        folder / f"{template}.typ", root=str(folder), sys_inputs={"data": json.dumps(values, default=list)}
    )
    page = compiler.compile(format="png", ppi=150)
    assert isinstance(page, bytes)
    return Image.open(BytesIO(page))


@pytest.mark.parametrize("typed", ["7K2M-9QTR-4BXW", "7k2m 9qtr 4bxw", "7K2M9QTR4BXW", "7K2M—9QTR—4BXW"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == "7K2M-9QTR-4BXW"


@pytest.mark.parametrize(("typed", "read"), [("OOOO-IIII-LLLL", "0000-1111-1111"), ("7K2M-9QTR", None), ("", None)])
def test_letters_taken_for_digits_are_read_as_such_and_what_is_no_code_is_none(typed, read):
    assert read_code(typed) == read


def test_codes_are_never_the_same():
    assert len({new_code() for _ in range(2000)}) == 2000


def test_the_message_carries_the_paper_and_says_its_name(sink, cpts, nadia, eva):
    held(make_circles(cpts), present=[nadia], actor=eva)
    (row,) = rows(Attestation)
    attestations.send(row)
    (letter,) = rows(OutboxMessage)

    courier().deliver()

    received = sink.received[0].message
    body, *papers = received.iter_parts()
    assert (received.get_content_type(), body.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert [(one.get_content_type(), one.get_filename()) for one in papers] == [
        ("application/pdf", "attestation-de-presence-2026-11-01.pdf")
    ]
    assert row.code in text_of(papers[0].get_content())
    assert (state(letter)[0], rows(OutboxMessage)[0].attachment) == ("sent", None)
    assert received["Subject"].replace("\xa0", " ") == "Votre attestation de présence, dimanche 1er novembre"


def test_a_message_whose_attestation_was_withdrawn_meanwhile_does_not_leave(sink, cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    attestations.send(rows(Attestation)[0])
    open_again(group_session, eva)
    (letter,) = rows(OutboxMessage)

    courier().deliver()

    assert (sink.received, state(letter)[0]) == ([], "obsolete")


def test_a_message_without_its_paper_is_never_composed(cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    attestations.send(rows(Attestation)[0])

    with pytest.raises(ValueError, match="document"):
        compose(rows(OutboxMessage)[0], frame_of(cpts.id))
