"""The pages of signing in, as a person goes through them."""

import re
from datetime import timedelta

import pytest

from cpts_sessions.accounts.models import OpenSignIn, SignInLink
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.mail.models import OutboxMessage
from tests.browsing import page_words, sign_in, submit, token_of
from tests.factories import make_coordinator, make_organisation, make_person
from tests.page import words
from tests.rows import rows


def sent_links() -> list[str]:
    return [f"/connexion/{links.token(Purpose.SIGN_IN, row.public_id)}" for row in rows(SignInLink)]


def comparable(response) -> str:
    """The page without its CSRF token, which is different in every browser."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", response.get_data(as_text=True))


def test_a_professional_asks_reads_her_mail_and_arrives_on_her_page(app, browser, clock):
    make_person(make_organisation(), email="anne@example.org", first_name="Anne")

    asked = submit(browser, "/connexion", email="anne@example.org")
    told = browser.get(asked.location)
    telephone = app.test_client()
    shown = telephone.get(sent_links()[0])
    entered = submit(telephone, sent_links()[0])

    assert (asked.status_code, asked.location) == (303, "/connexion/code")
    assert "Si l'adresse anne@example.org est connue chez nous, un lien vient d'y partir." in page_words(told)
    assert "Ouvrir la page d'Anne dans ce navigateur ?" in page_words(shown)
    assert (entered.status_code, entered.location) == (303, "/ma-page")
    assert [opened.person.first_name for opened in rows(OpenSignIn)] == ["Anne"]


def test_the_answer_is_the_same_for_known_shared_staff_and_unknown_addresses(app, clock):
    organisation = make_organisation()
    for last_name in ("Roux", "Blanc"):
        make_person(organisation, email="a@example.org", last_name=last_name)
    make_coordinator(organisation, email="b@example.org")
    pages = []
    for email in ("a@example.org", "b@example.org", "c@example.org"):
        browser = app.test_client()
        answer = submit(browser, "/connexion", email=email)
        wrong = submit(browser, "/connexion/code", code="123")
        texts = [comparable(browser.get(answer.location)), comparable(wrong)]
        pages.append((answer.status_code, wrong.status_code, [text.replace(email, "…") for text in texts]))

    assert pages == [pages[0]] * 3
    assert "Il vous reste 4 essais" in words(pages[0][2][1])


def test_staff_type_the_code_where_they_asked(app, browser, clock):
    make_coordinator(make_organisation(), email="eva@example.org")
    submit(browser, "/connexion", email="eva@example.org")
    code = links.code(rows(SignInLink)[0].public_id)

    refused = submit(browser, "/connexion/code", code="000 000" if code != "000 000" else "111 111")
    entered = submit(browser, "/connexion/code", code=code)

    assert refused.status_code == 422
    assert (entered.status_code, entered.location) == (303, "/coordination/")


def test_a_staff_link_opened_elsewhere_says_what_to_do(app, browser, clock):
    make_coordinator(make_organisation(), email="eva@example.org")
    submit(browser, "/connexion", email="eva@example.org")

    elsewhere = submit(app.test_client(), sent_links()[0])
    here = submit(browser, sent_links()[0])

    assert elsewhere.status_code == 409
    assert "Saisissez là-bas le code du message" in page_words(elsewhere)
    assert here.status_code == 303


def test_used_old_and_invented_links_look_the_same(app, clock):
    organisation = make_organisation()
    make_person(organisation, email="anne@example.org")
    for _ in range(2):
        submit(app.test_client(), "/connexion", email="anne@example.org")
    used, old = sent_links()
    submit(app.test_client(), used)
    clock.shift(timedelta(hours=2))

    answers = [app.test_client().get(path) for path in (used, old, f"/connexion/{'x' * 43}")]

    assert [answer.status_code for answer in answers] == [410, 410, 410]
    assert len({answer.get_data() for answer in answers}) == 1


def test_opening_a_link_with_get_or_head_does_not_use_it(app, browser, clock):
    make_person(make_organisation(), email="anne@example.org")
    submit(browser, "/connexion", email="anne@example.org")
    path = sent_links()[0]
    for _ in range(3):
        browser.get(path)
        browser.head(path)

    assert submit(browser, path).status_code == 303


def test_pressing_the_button_twice_arrives_all_the_same(app, browser, clock):
    make_person(make_organisation(), email="anne@example.org")
    submit(browser, "/connexion", email="anne@example.org")
    token = token_of(browser.get(sent_links()[0]))
    answers = [browser.post(sent_links()[0], data={"csrf_token": token}) for _ in range(2)]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/ma-page")] * 2


@pytest.mark.parametrize(
    ("wanted", "arrival"),
    [
        ("/coordination/messages?page=2", "/coordination/messages?page=2"),
        ("https://evil.example.org/", "/coordination/"),
        ("//evil.example.org/", "/coordination/"),
        ("/\\evil.example.org", "/coordination/"),
        ("coordination", "/coordination/"),
    ],
)
def test_one_arrives_where_one_was_going_within_the_site_only(app, browser, clock, wanted, arrival):
    make_coordinator(make_organisation(), email="eva@example.org")
    page = browser.get("/connexion", query_string={"suite": wanted})
    browser.post(
        "/connexion", query_string={"suite": wanted}, data={"csrf_token": token_of(page), "email": "eva@example.org"}
    )

    assert submit(browser, sent_links()[0]).location == arrival


def test_a_wrong_address_is_refused_on_the_form(app, browser, clock):
    make_organisation()
    answers = [submit(browser, "/connexion", email=email) for email in ("", "anne@")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Indiquez l'adresse e-mail de vos inscriptions." in page_words(answers[0])
    assert "Cette adresse ne semble pas complète. Exemple : prenom.nom@exemple.fr" in page_words(answers[1])


def test_signing_out_closes_the_sign_in(app, browser, clock):
    person = make_person(make_organisation())
    open_before = token_of(browser.get("/connexion"))
    sign_in(browser, person)
    assert len(rows(OpenSignIn)) == 1

    left = browser.post("/deconnexion", data={"csrf_token": open_before})

    assert (left.status_code, left.location) == (303, "/connexion")
    assert "Vous avez quitté votre page. À bientôt." in page_words(browser.get("/connexion"))
    assert rows(OpenSignIn) == []


def test_no_message_lists_a_sign_in(app, browser, clock):
    make_person(make_organisation(), email="anne@example.org")
    submit(browser, "/connexion", email="anne@example.org")

    assert [row.is_sign_in for row in rows(OutboxMessage)] == [True]
