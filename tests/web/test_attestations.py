"""Attestations on the screens: verified by anybody, hers to download, handed over by the coordination."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from tests.attendance.attested import held, open_again
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW
from tests.factories import make_circles, make_coordinator, make_organisation, make_person, make_programme
from tests.page import words
from tests.rows import rows
from tests.web.counted_queries import queries_for
from tests.web.world import ELSEWHERE

PAGE = "/ma-page"


@pytest.fixture
def cpts(app, clock):
    return make_organisation()


@pytest.fixture
def eva(cpts):
    return make_coordinator(cpts)


@pytest.fixture
def nadia(cpts):
    return make_person(cpts, first_name="Nadia", last_name="Ferhat", civility="Mme", rpps="10000000009")


def text_of(pdf):
    return words(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def of(person):
    return next(row for row in rows(Attestation) if row.person_id == person.id)


def kinds():
    return [one.kind for one in rows(AuditEntry) if "attest" in one.kind or "releve" in one.kind]


def test_she_downloads_her_attestation_and_nobody_else_does(app, browser, cpts, nadia, eva):
    other = make_person(cpts)
    held(make_programme(cpts), present=[nadia], actor=eva)
    path = f"/ma-page/attestations/{of(nadia).public_id}.pdf"
    sign_in(browser, nadia)
    stranger = app.test_client()
    sign_in(stranger, other)

    page = page_words(browser.get(PAGE))
    paper = browser.get(path)

    assert "Mes attestations 2026 GAPP, dimanche 1er novembre Télécharger l'attestation" in page
    assert paper.headers["Content-Disposition"] == 'attachment; filename="attestation-de-presence-2026-11-01.pdf"'
    assert "Mme Nadia Ferhat, sage-femme" in text_of(paper.data)
    assert (stranger.get(path).status_code, app.test_client().get(path).status_code) == (404, 303)
    assert "Pas d'attestation : elles arrivent à la clôture de chaque séance." in page_words(stranger.get(PAGE))


def test_another_person_can_neither_be_sent_nor_given_hers(app, browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    stranger = app.test_client()
    sign_in(stranger, make_person(cpts))

    sent = submit(stranger, f"/ma-page/attestations/{of(nadia).public_id}/envoyer", page="/ma-page/informations")
    statement = submit(stranger, "/ma-page/releves/2026", page="/ma-page/informations")

    assert (sent.status_code, statement.location) == (404, "/ma-page#attestations")
    assert "il n'y a rien à attester" in page_words(stranger.get(PAGE))
    assert len(rows(Attestation)) == 1


def test_she_receives_it_by_mail(browser, cpts, nadia, eva):
    held(make_circles(cpts), present=[nadia], actor=eva)
    sign_in(browser, nadia)

    answer = submit(browser, f"/ma-page/attestations/{of(nadia).public_id}/envoyer", page=PAGE)

    assert "le document part par e-mail" in page_words(browser.get(answer.location))
    (letter,) = [one for one in rows(OutboxMessage) if one.kind == "attestation"]
    assert (letter.person_id, letter.attachment["name"]) == (nadia.id, "attestation-de-presence-2026-11-01.pdf")


def test_she_is_given_the_statement_of_the_year(browser, cpts, nadia, eva):
    for slug, days in (("gapp", 1), ("autre", 8)):
        held(make_programme(cpts, slug=slug), present=[nadia], actor=eva, starts_at=NOW - timedelta(days=days))
    sign_in(browser, nadia)

    answer = submit(browser, "/ma-page/releves/2026", page=PAGE)
    paper = browser.get(answer.location)

    assert (answer.status_code, paper.mimetype) == (303, "application/pdf")
    assert paper.headers["Content-Disposition"] == 'attachment; filename="releve-de-presences-2026.pdf"'
    assert "Total : 2 séances, 4 h" in text_of(paper.data)
    code = next(row.code for row in rows(Attestation) if row.season)
    assert "Relevé valable." in page_words(browser.get(f"/verifier/{code}"))


def test_those_of_sessions_closed_before_are_prepared_by_a_button(browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    with transaction():
        db.session.query(Attestation).delete()
    sign_in(browser, nadia)

    before = page_words(browser.get(PAGE))
    seen = len(rows(Attestation))
    done = submit(browser, "/ma-page/attestations/preparer", page=PAGE)

    assert ("À préparer" in before, seen) == (True, 0)
    assert "1 attestation prête." in page_words(browser.get(done.location))
    assert len(rows(Attestation)) == 1


def test_while_the_session_is_open_again_nothing_is_given(browser, cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    open_again(group_session, eva)
    sign_in(browser, nadia)

    answer = browser.get(f"/ma-page/attestations/{of(nadia).public_id}.pdf")

    assert (answer.status_code, "Suspendue" in page_words(browser.get(PAGE))) == (303, True)


def test_my_page_asks_as_much_for_one_attestation_as_for_three(browser, cpts, nadia, eva):
    sign_in(browser, nadia)
    programme = make_programme(cpts)
    numbers = []
    for days in (1, 2, 3):
        held(programme, present=[nadia], actor=eva, starts_at=NOW - timedelta(days=days))
        numbers.append(queries_for(browser, PAGE))

    assert numbers[0] == numbers[2]


def test_the_coordination_hands_one_over_to_whoever_telephones(browser, cpts, eva):
    person = make_person(cpts, email=None, first_name="Ada", last_name="Sansmail")
    group_session = held(make_programme(cpts), present=[person], actor=eva)
    sign_in(browser, eva)
    record = f"/coordination/personnes/{person.public_id}"

    paper = submit(browser, f"{record}/attestations/{group_session.public_id}/telecharger", page=record)
    statement = submit(browser, f"{record}/releves/2026/telecharger", page=record)
    sent = submit(browser, f"{record}/attestations/{group_session.public_id}/envoyer", page=record)

    assert "Ada Sansmail" in text_of(paper.data)
    assert "Relevé de présences 2026" in text_of(statement.data)
    assert "Il n'y a pas d'adresse e-mail" in page_words(browser.get(sent.location))
    assert kinds() == ["attestation_remise", "releve_remis"]


def test_who_was_absent_is_handed_nothing(browser, cpts, nadia, eva):
    absent = make_person(cpts)
    group_session = held(make_programme(cpts), present=[nadia], absent=[absent], actor=eva)
    sign_in(browser, eva)
    record = f"/coordination/personnes/{absent.public_id}"

    answer = submit(browser, f"{record}/attestations/{group_session.public_id}/telecharger", page=record)

    assert (answer.status_code, kinds()) == (303, [])
    assert "il n'y a rien à attester" in page_words(browser.get(answer.location))


def test_all_those_present_receive_theirs_after_a_look_at_how_many(browser, cpts, nadia, eva):
    people = [nadia, make_person(cpts), make_person(cpts, email=None)]
    group_session = held(make_programme(cpts), present=people, actor=eva, capacity=3)
    sign_in(browser, eva)
    path = f"/coordination/seances/{group_session.public_id}/attestations"

    asked = page_words(browser.get(f"{path}/envoyer"))
    before = len(rows(OutboxMessage))
    done = submit(browser, f"{path}/envoyer")
    listed = page_words(browser.get(done.location))
    again = page_words(browser.get(f"{path}/envoyer"))

    assert "Envoyer leur attestation à 2 personnes ?" in asked
    assert "Chacune reçoit son exemplaire et ne voit aucune autre adresse." in asked
    assert "1 personne n'a pas d'adresse e-mail" in asked
    assert len(rows(OutboxMessage)) - before == 2
    assert "2 messages partent par e-mail." in listed
    assert "envoyée le lundi 2 novembre" in listed
    assert "Aucune attestation à envoyer 2 personnes l'ont déjà reçue : rien ne repart." in again
    assert kinds() == ["attestations_envoyees"]


def test_before_the_closing_there_is_nothing_to_send(browser, cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    open_again(group_session, eva)
    sign_in(browser, eva)

    answers = [
        browser.get(f"/coordination/seances/{group_session.public_id}/attestations{end}") for end in ("", "/envoyer")
    ]

    assert [answer.status_code for answer in answers] == [303, 303]


def test_the_coordination_of_another_cpts_finds_nobody(app, browser, cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia], actor=eva)
    elsewhere = make_organisation(public_url=ELSEWHERE)
    other = make_coordinator(elsewhere)
    sign_in(browser, other)
    its_page = f"/coordination/personnes/{other.public_id}"

    paths = [
        f"/coordination/personnes/{nadia.public_id}/attestations/{group_session.public_id}/telecharger",
        f"/coordination/personnes/{nadia.public_id}/releves/2026/telecharger",
        f"/coordination/seances/{group_session.public_id}/attestations/envoyer",
    ]

    answers = [submit(browser, path, page=its_page, base_url=ELSEWHERE).status_code for path in paths]
    assert answers == [404, 404, 404]


def test_the_message_page_names_the_paper_and_the_file_of_the_message_has_it(browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    sign_in(browser, nadia)
    submit(browser, f"/ma-page/attestations/{of(nadia).public_id}/envoyer", page=PAGE)
    letter = next(one for one in rows(OutboxMessage) if one.kind == "attestation")
    sign_in(browser, eva)

    page = page_words(browser.get(f"/coordination/messages/{letter.public_id}"))
    whole = browser.get(f"/coordination/messages/{letter.public_id}/message.eml")

    assert "Pièce jointe attestation-de-presence-2026-11-01.pdf" in page
    assert (whole.status_code, b'filename="attestation-de-presence-2026-11-01.pdf"' in whole.data) == (200, True)
