"""A code typed or scanned says what was printed, and nothing more."""

import pytest

from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core.transaction import transaction
from tests.attendance.attested import attendance, close_again, held, open_again
from tests.browsing import page_words
from tests.factories import make_circles, make_coordinator, make_organisation, make_person, make_programme
from tests.rows import rows
from tests.web.world import ELSEWHERE


@pytest.fixture
def cpts(app, clock):
    return make_organisation()


@pytest.fixture
def eva(cpts):
    return make_coordinator(cpts)


@pytest.fixture
def nadia(cpts):
    return make_person(cpts, first_name="Nadia", last_name="Ferhat", civility="Mme", rpps="10000000009")


def of(person):
    return next(row for row in rows(Attestation) if row.person_id == person.id)


def verify(browser, code, **options):
    return browser.get(f"/verifier/{code}", **options)


def test_a_code_confirms_the_printed_facts_and_nothing_more(browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia, make_person(cpts, last_name="Quatrefages")], actor=eva)

    answer = verify(browser, of(nadia).code.lower().replace("-", ""))

    text = page_words(answer)
    assert (answer.status_code, answer.headers["X-Robots-Tag"], "Set-Cookie" in answer.headers) == (
        200,
        "noindex",
        False,
    )
    assert "Attestation valable. La CPTS du Val d'Ambre confirme ces faits" in text
    assert (
        "Personne Mme Nadia Ferhat Profession sage-femme Numéro RPPS 10000000009 A participé à GAPP "
        "Quand dimanche 1er novembre 2026 de 10 h à 12 h Durée 2 h "
        "Lieu Maison de santé, 1 rue des Tilleuls, Ambreville" in text
    )
    assert [word for word in ("Quatrefages", nadia.email) if word in text] == []


def test_it_goes_on_confirming_what_was_printed_under_another_name_since(browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    with transaction():
        nadia.last_name = "Lemoine"

    assert "Mme Nadia Ferhat" in page_words(verify(browser, of(nadia).code))


def test_of_a_circle_it_says_no_more_than_the_paper(browser, cpts, nadia, eva):
    held(make_circles(cpts), present=[nadia], actor=eva)

    text = page_words(verify(browser, of(nadia).code))

    assert "A participé à Séance d'échange entre professionnels de santé" in text
    assert [word for word in ("ercle", "arole", "Maison de santé") if word in text] == []


def test_an_unknown_code_a_suspended_and_a_withdrawn_attestation_name_nobody(browser, cpts, nadia, eva):
    group_session = held(make_programme(cpts), present=[nadia, make_person(cpts)], actor=eva)
    code = of(nadia).code
    open_again(group_session, eva)
    suspended = page_words(verify(browser, code))
    with transaction():
        attendance(group_session, nadia).status = "absent"
    close_again(group_session, eva)
    withdrawn = page_words(verify(browser, code))
    unknown = verify(browser, "0000-0000-0000")

    assert "Attestation suspendue." in suspended
    assert "Attestation retirée le 2 novembre 2026. Les présences de cette séance ont été corrigées." in withdrawn
    assert (unknown.status_code, "Code inconnu. Vérifiez les caractères" in page_words(unknown)) == (404, True)
    assert [text for text in (suspended, withdrawn, page_words(unknown)) if "Ferhat" in text] == []


def test_a_code_of_another_cpts_is_unknown_here(browser, cpts, nadia, eva):
    make_organisation(public_url=ELSEWHERE)
    held(make_programme(cpts), present=[nadia], actor=eva)

    there = verify(browser, of(nadia).code, base_url=ELSEWHERE)

    assert (there.status_code, "Ferhat" in page_words(there)) == (404, False)


def test_a_code_is_typed_in_a_form_that_changes_nothing(browser, cpts, nadia, eva):
    held(make_programme(cpts), present=[nadia], actor=eva)
    code = of(nadia).code

    empty = browser.get("/verifier")
    found = browser.get(f"/verifier?code={code.lower().replace('-', '+')}")

    assert (empty.status_code, found.status_code, found.location) == (200, 303, f"/verifier/{code}")
