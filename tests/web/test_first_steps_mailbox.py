"""The step of the mailbox: what is set up, the trial and its answer, who may change the address."""

import pytest

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.organisations.models import Organisation
from tests.browsing import sign_in, submit
from tests.factories import make_coordinator, make_organisation
from tests.mail.outgoing import configure
from tests.smtp_sink import SmtpSink
from tests.web.coordination import after, stored, text_of

PAGE = "/coordination/premiers-pas/boite"
TRIAL = f"{PAGE}/essai"


@pytest.fixture
def eva(app, clock):
    """Who coordinates, without administering."""
    return make_coordinator(make_organisation())


@pytest.fixture
def here(eva, browser):
    """Her browser."""
    sign_in(browser, eva)
    return browser


def test_without_a_server_it_says_what_to_write_where_and_asks_no_password(here):
    page = here.get(PAGE).get_data(as_text=True)

    assert 'type="password"' not in page
    assert "SMTP_URL=smtps://IDENTIFIANT:MOT-DE-PASSE@" in page
    assert "Aucun serveur d'envoi n'est réglé" in after(here, submit(here, TRIAL, page=PAGE))


def test_what_the_server_said_stays_on_the_page(app, here):
    configure(app, "smtp://127.0.0.1:1")
    page = after(here, submit(here, TRIAL, page=PAGE))
    configure(app, None)

    told = "Le message d'essai n'est pas parti : le serveur d'e-mail ne répond pas. Le reste est gardé"
    assert page.count(told) == 1
    assert told in text_of(here, PAGE)
    assert "Je l'ai reçu" not in page


def test_it_arrived_when_she_says_so(app, here, tmp_path):
    with SmtpSink(tmp_path) as sink:
        configure(app, sink.url)
        assert "Message d'essai parti." in after(here, submit(here, TRIAL, page=PAGE))
        configure(app, None)
    done = submit(here, f"{PAGE}/recu", page=PAGE)

    assert done.location == "/coordination/premiers-pas/logo"
    assert "Message d'essai bien arrivé." in after(here, done)
    assert "Message d'essai bien arrivé." in text_of(here, PAGE)


def test_who_does_not_administer_changes_no_address(here):
    assert "L'administration peut la changer." in text_of(here, PAGE)
    submit(here, PAGE, mail_address="autre@example.org")

    assert stored(Organisation).one().mail_address == "contact@cpts.example.org"


def test_who_administers_changes_it_and_is_asked_to_try(eva, here):
    services.give(eva, RoleName.ADMINISTRATOR)
    for wrong in ("pas une adresse", "séances@example.org"):
        assert submit(here, PAGE, mail_address=wrong).status_code == 422
    page = after(here, submit(here, PAGE, mail_address="Seances@example.org"))

    assert "Envoyez maintenant un message d'essai." in page
    assert stored(Organisation).one().mail_address == "seances@example.org"
