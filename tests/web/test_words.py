"""« Un mot à la coordination »: signed by who is signed in, told at once, and quoted in no message."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires.models import Word
from cpts_sessions.rights.retention import apply
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW, Browser
from tests.factories import make_coordinator, make_organisation, make_person

WORD = "La salle était froide.\nMerci pour l’accueil."


@pytest.fixture
def cpts(app, clock) -> Organisation:
    """A CPTS with somebody who coordinates."""
    organisation = make_organisation()
    make_coordinator(organisation, email="eva@example.org")
    return organisation


@pytest.fixture
def claire(cpts, browser) -> Browser:
    """The browser of Claire Vautrin, signed in."""
    sign_in(browser, make_person(cpts, first_name="Claire", last_name="Vautrin"))
    return browser


def kept() -> list[tuple[str, object]]:
    db.session.rollback()
    return [(word.text, word.answered_at) for word in db.session.query(Word).order_by(Word.id)]


def told() -> list[OutboxMessage]:
    return db.session.query(OutboxMessage).filter_by(kind="mot_a_la_coordination").all()


def test_a_word_is_signed_kept_and_told_at_once_without_being_quoted(claire):
    page = page_words(claire.get("/ma-page/mot"))
    assert "Envoyer, signé Claire Vautrin" in page
    assert "Ce n'est pas une ligne d'écoute. Si vous allez mal : SPS 0 805 23 23 36 ou 3114" in page
    assert "Ni patient ni collègue" in page

    answer = submit(claire, "/ma-page/mot", mot=WORD.replace("\n", "\r\n"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ma-page")
    assert "Votre mot est arrivé. La coordination vous répondra par e-mail." in page_words(claire.get("/ma-page"))
    assert kept() == [(WORD, None)]
    assert [(row.to_address, row.not_before, row.links) for row in told()] == [("eva@example.org", NOW, {})]
    assert list(told()[0].values) == ["lien_mots"]
    assert db.session.query(AuditEntry).filter_by(kind="mot_traite").count() == 0


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("", "Écrivez quelques mots avant d'envoyer."),
        (" \n\x00", "Écrivez quelques mots avant d'envoyer."),
        ("a" * 2001, "2000 caractères au plus."),
    ],
)
def test_no_word_and_too_many_are_refused(claire, word, sentence):
    answer = submit(claire, "/ma-page/mot", mot=word)
    assert (answer.status_code, kept(), told()) == (422, [], [])
    assert sentence in page_words(answer)


def test_a_button_pressed_twice_is_one_word(claire):
    for _ in range(2):
        submit(claire, "/ma-page/mot", mot=WORD)
    assert (len(kept()), len(told())) == (1, 1)


def test_who_is_not_signed_in_signs_in_first(browser, cpts):
    answer = browser.get("/ma-page/mot")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connexion?suite=/ma-page/mot")


def test_the_coordination_reads_it_and_says_that_it_was_answered(app, cpts, claire):
    submit(claire, "/ma-page/mot", mot=WORD)
    desk = app.test_client()
    sign_in(desk, make_coordinator(cpts, first_name="Louise"))
    assert "1 mot signé attend votre réponse" in page_words(desk.get("/coordination/"))
    assert "Mots reçus : 1 attend une réponse" in page_words(desk.get("/coordination/messages"))
    assert "La salle était froide." in page_words(desk.get("/coordination/mots"))
    word = db.session.query(Word).one()

    for _ in range(2):
        submit(desk, f"/coordination/mots/{word.public_id}/repondu", page="/coordination/messages")
        submit_page = desk.get("/coordination/mots")

    assert "Répondu" in page_words(submit_page)
    assert kept() == [(WORD, NOW)]
    assert db.session.query(AuditEntry).filter_by(kind="mot_traite").count() == 1
    assert "mot signé" not in page_words(desk.get("/coordination/"))


def test_another_cpts_reads_none_of_it(app, cpts, claire):
    submit(claire, "/ma-page/mot", mot=WORD)
    elsewhere = make_organisation(public_url="http://autre.example.org")
    stranger = app.test_client()
    sign_in(stranger, make_coordinator(elsewhere))
    base_url = "http://autre.example.org"
    assert "froide" not in page_words(stranger.get("/coordination/mots", base_url=base_url))
    path = f"/coordination/mots/{db.session.query(Word).one().public_id}/repondu"
    page = "/coordination/dispositifs/nouveau"
    assert submit(stranger, path, page=page, base_url=base_url).status_code == 404
    assert kept() == [(WORD, None)]


def test_words_are_forgotten_with_the_messages_of_their_time(cpts, claire, clock):
    submit(claire, "/ma-page/mot", mot=WORD)
    for at, left in ((datetime(2027, 5, 1, 9, 0, tzinfo=UTC), 1), (datetime(2027, 5, 2, 9, 0, tzinfo=UTC), 0)):
        apply(cpts.id, at)
        assert len(kept()) == left
