"""What every answer says to browsers and caches, the cookies, and the pages of errors."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Blueprint, Flask, abort

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.organisations.queries import by_host
from cpts_sessions.web.guards import Audience, guard
from tests import factories
from tests.browsing import page_words, sign_in, token_of
from tests.factories import make_organisation, make_person
from tests.web.sites import another_site


def test_every_answer_holds_the_browser_to_this_site(app, browser, clock):
    make_organisation()
    answers = [browser.get(path) for path in ("/", "/connexion", "/introuvable", "/connexion/code")]
    told = [
        {name: answer.headers.get(name) for name in ("X-Content-Type-Options", "Referrer-Policy")} for answer in answers
    ]

    assert told == [{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}] * 4
    assert {answer.headers["Content-Security-Policy"] for answer in answers} == {
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }
    assert {answer.headers["Permissions-Policy"] for answer in answers} == {
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    }


def test_what_is_for_one_person_is_kept_by_no_cache_and_listed_nowhere(app, browser, clock):
    make_organisation()

    told = {
        path: (browser.get(path).headers.get("Cache-Control"), browser.get(path).headers.get("X-Robots-Tag"))
        for path in ("/connexion", f"/connexion/{'x' * 43}", "/introuvable")
    }

    assert set(told.values()) == {("no-store", "noindex")}
    assert browser.get("/").headers.get("X-Robots-Tag") is None


@pytest.mark.parametrize(
    ("public_url", "cookie", "transport"),
    [
        ("https://cpts.example.org", "__Host-cpts", "max-age=31536000"),
        ("http://cpts.example.org", "cpts", None),
    ],
)
def test_cookies_are_secure_exactly_when_the_organisation_is_read_over_https(
    app, browser, clock, public_url, cookie, transport
):
    make_organisation(public_url=public_url)

    # behind a proxy that ends https: what reaches the application is plain http
    answer = browser.get("/connexion", base_url="http://cpts.example.org")

    name, _, attributes = answer.headers["Set-Cookie"].partition("=")
    parts = {part.strip() for part in attributes.split(";")[1:]}
    secure = {"Secure"} if transport else set()
    assert (name, parts) == (cookie, {"HttpOnly", "Path=/", "SameSite=Lax"} | secure)
    assert answer.headers.get("Strict-Transport-Security") == transport


def test_a_request_belongs_to_the_organisation_of_its_host(app, clock):
    first = make_organisation(public_url="https://un.example.org")
    assert [site and site.id for site in map(by_host, ("un.example.org", "autre.example.org"))] == [first.id, first.id]

    second = make_organisation(public_url="http://deux.example.org:8000")
    found = [
        site and site.id
        for site in map(
            by_host,
            ("UN.example.org", "un.example.org:443", "deux.example.org:8000", "deux.example.org", "trois.example.org"),
        )
    ]
    assert found == [first.id, first.id, second.id, None, None]


def test_the_first_organisation_is_found_at_once_by_a_server_that_had_none(app, clock, monkeypatch):
    monkeypatch.setattr(factories, "forget_sites", lambda: None)  # another process wrote it
    assert by_host("un.example.org") is None

    first = make_organisation(public_url="https://un.example.org")

    found = by_host("un.example.org")
    assert found is not None
    assert found.id == first.id


def test_a_host_that_is_nobodys_finds_nothing(app, browser, clock):
    for n in range(2):
        make_organisation(public_url=f"http://{n}.example.org")

    answer = browser.get("/connexion", base_url="http://autre.example.org")

    assert answer.status_code == 404


def test_only_the_proxies_that_are_trusted_are_believed(app, clock):
    make_organisation(public_url="https://un.example.org", name="CPTS Une")
    make_organisation(public_url="https://deux.example.org", name="CPTS Deux")
    names = []
    for trusted in (0, 1):
        with another_site(app, trusted_proxies=trusted) as site:
            answer = site.test_client().get(
                "/connexion",
                base_url="http://un.example.org",
                headers={"X-Forwarded-Host": "trois.example.org, deux.example.org", "X-Forwarded-Proto": "https"},
            )
        names.append(re.findall("CPTS (?:Une|Deux)", page_words(answer))[0])

    assert names == ["CPTS Une", "CPTS Deux"]


@pytest.fixture
def site_of_faults(app: Flask) -> Iterator[Flask]:
    """An application on the same database, as it runs for real, with pages that go wrong on demand."""
    faults = guard(Blueprint("faults", __name__), Audience.PUBLIC)

    @faults.get("/essai/<int:code>")
    def wrong(code: int) -> str:
        if code == 500:
            raise ZeroDivisionError("une trace que personne ne doit lire")
        if code == 409:
            raise RuleBroken("La séance est annulée.")
        abort(code)

    with another_site(app) as site:
        site.register_blueprint(faults)
        yield site


@pytest.mark.parametrize(
    ("code", "title", "way_on"),
    [
        (400, "Nous n'avons pas compris cette demande", "Voir les prochaines séances"),
        (403, "Cette page ne vous est pas ouverte", "Revenir à ma page"),
        (404, "Il n'y a rien à cette adresse", "Voir les prochaines séances"),
        (409, "Rien n'a été enregistré", "La séance est annulée."),
        (410, "Ce lien a fini de servir", "Recevoir un nouveau lien"),
        (413, "Ce fichier est trop gros", "Choisir un autre fichier"),
        (429, "Un peu trop vite", "Réessayer"),
        (500, "Quelque chose n'a pas marché chez nous", "écrivez à contact@cpts.example.org en indiquant le repère"),
        (503, "L'application fait une courte pause", "Réessayer"),
    ],
)
def test_every_error_is_a_page_in_french_with_a_way_on(site_of_faults, clock, code, title, way_on):
    make_organisation()

    answer = site_of_faults.test_client().get(f"/essai/{code}")

    said = page_words(answer)
    assert answer.status_code == code
    assert (f"{title} ·" in said, way_on in said, "trace" in said) == (True, True, False)


def test_a_fault_is_logged_under_its_reference_without_address_nor_message(site_of_faults, clock, caplog):
    make_organisation()

    answer = site_of_faults.test_client().get("/essai/500?jeton=secret")

    reference = re.findall(r"le repère ([0-9a-f]{8})", page_words(answer))
    (logged,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    lines = logged.splitlines()
    assert (lines[0], lines[-1]) == (f"Repère {reference[0]} : GET faults.wrong", "ZeroDivisionError")
    assert any("in wrong" in line for line in lines)
    assert "secret" not in caplog.text
    assert f"une trace que {'personne'}" not in "".join(line for line in lines if "raise" not in line)


def test_a_method_that_a_page_does_not_take_says_which_it_takes(app, browser, clock):
    make_organisation()

    answer = browser.get("/deconnexion")

    assert (answer.status_code, sorted(answer.headers["Allow"].split(", "))) == (405, ["OPTIONS", "POST"])
    assert "Cette adresse ne s'ouvre pas ainsi" in page_words(answer)


def test_a_form_without_its_token_is_given_back_with_what_was_typed(app, browser, clock):
    make_organisation()
    sent = {"email": "anne@example.org", "csrf_token": "d’avant"}

    ours = browser.post("/connexion", data=sent, headers={"Origin": "http://localhost"})
    again = browser.post("/connexion", data={**sent, "csrf_token": token_of(ours)})
    theirs = browser.post("/connexion", data=sent, headers={"Origin": "http://evil.example.org"})

    assert (ours.status_code, again.status_code, theirs.status_code) == (400, 303, 400)
    assert "Votre saisie est gardée : envoyez à nouveau." in page_words(ours)
    assert 'name="email" value="anne@example.org"' in ours.get_data(as_text=True)
    assert "anne@example.org" not in theirs.get_data(as_text=True)


def test_a_form_opened_two_hours_ago_still_posts_even_after_signing_in(
    app, browser, clock: time_machine.Traveller
) -> None:
    person = make_person(make_organisation())
    opened = token_of(browser.get("/connexion"))
    sign_in(browser, person)
    clock.shift(timedelta(hours=2))

    answer = browser.post("/connexion", data={"csrf_token": opened, "email": "anne@example.org"})

    assert (answer.status_code, answer.location) == (303, "/connexion/code")


def test_without_its_database_the_site_says_it_pauses(app, clock, tmp_path):
    with another_site(app, database_url=f"sqlite:///{tmp_path / 'vide.db'}") as site:
        answer = site.test_client().get("/connexion")

    assert answer.status_code == 503
    assert "L'application fait une courte pause" in page_words(answer)


@pytest.mark.parametrize("host", ["[", "[::1", "]", "a:b", "x:99999"])
def test_a_host_that_cannot_be_one_gets_an_answer(browser, host):
    make_organisation()

    assert browser.get("/", headers={"Host": host}).status_code < 500
