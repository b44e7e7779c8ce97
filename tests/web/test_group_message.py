"""A message to everybody of a session or a season: one private copy each, read before it leaves, never twice."""

from datetime import timedelta

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.extensions import db
from cpts_sessions.mail.envelope import compose
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.reports.journal import journal
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW, Browser
from tests.factories import (
    make_circles,
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.web.coordination import page_of

SAID = {"objet": "L’entrée de mardi", "message": "Passez par **le jardin**.\nÀ mardi."}


@pytest.fixture
def cpts(app, clock) -> Organisation:
    """A CPTS."""
    return make_organisation()


@pytest.fixture
def eva(cpts, browser) -> Browser:
    """The browser of Eva, who coordinates."""
    sign_in(browser, make_coordinator(cpts, email="eva@example.org"))
    return browser


@pytest.fixture
def session(cpts):
    """A session: Anne and Brune have a seat, Claire waits, Elsa has a seat and no e-mail."""
    group_session = make_group_session(make_programme(cpts), capacity=3)
    for first_name, status, email in (
        ("Anne", "confirmed", "anne@example.org"),
        ("Brune", "confirmed", "brune@example.org"),
        ("Elsa", "confirmed", None),
        ("Claire", "waiting", "claire@example.org"),
        ("Dina", "cancelled", "dina@example.org"),
    ):
        person = make_person(cpts, first_name=first_name, last_name="Martin", email=email, phone="06 12 34 56 78")
        make_registration(group_session, person, status)
    return group_session


def copies() -> list[OutboxMessage]:
    db.session.rollback()
    return db.session.query(OutboxMessage).filter_by(kind="message_groupe").order_by(OutboxMessage.id).all()


def addresses() -> list[str]:
    return [one.to_address for one in copies()]


def test_it_is_read_as_one_of_them_will_get_it_and_nothing_leaves_before_the_second_button(eva, session):
    assert "2 personnes recevront ce message" in page_words(eva.get(page_of(session, "message")))

    seen = page_words(submit(eva, page_of(session, "message"), **SAID))

    assert "Envoyer ce message à 2 personnes ?" in seen
    assert "Anne Martin <anne@example.org>" in seen
    assert "Bonjour Anne," in seen
    assert "Passez par le jardin." in seen
    assert "Brune" not in seen
    for words in ("À appeler", "Elsa Martin", "06 12 34 56 78"):
        assert words in seen
    assert copies() == []


def test_each_gets_her_own_copy_with_her_own_link_and_the_journal_keeps_how_many(eva, session):
    answer = submit(eva, page_of(session, "message"), **SAID, geste="envoyer")

    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(session))
    assert "2 exemplaires partent, un par personne. 1 personne reste à appeler." in page_words(
        eva.get(page_of(session))
    )
    assert addresses() == ["anne@example.org", "brune@example.org"]
    assert len({str(one.links["lien_inscription"]) for one in copies()}) == 2
    assert [(one.group_session_id, one.useless_after) for one in copies()] == [(session.id, None)] * 2
    for one, other in zip(copies(), reversed(copies()), strict=True):
        whole = compose(one, frame_of(session.organisation_id))
        assert (whole["To"].addresses[0].addr_spec, whole["Cc"], whole["Bcc"]) == (one.to_address, None, None)
        assert whole["Subject"] == "L’entrée de mardi"
        assert other.to_address.encode() not in whole.as_bytes()
        assert "<strong>le jardin</strong>" in whole.get_body(("html",)).get_content()
    kept = db.session.query(AuditEntry).filter_by(kind="message_groupe").one()
    assert kept.values["n"] == 2
    assert "jardin" not in str(kept.values)
    said = [line.sentence for line in journal(session.organisation_id).lines]
    assert said[0].replace("\u00a0", " ").startswith("Eva Martin")
    assert "a écrit aux personnes inscrites (2)" in said[0]


def test_those_who_wait_are_written_to_only_when_wanted(eva, session):
    submit(eva, page_of(session, "message"), **SAID, attente="y", geste="envoyer")
    assert addresses() == ["anne@example.org", "brune@example.org", "claire@example.org"]


def test_the_same_message_leaves_once_another_one_or_later_leaves(eva, session, clock):
    path = page_of(session, "message")
    submit(eva, path, **SAID, geste="envoyer")
    submit(eva, path, **SAID, geste="envoyer")
    assert "vient de partir aux mêmes personnes" in page_words(eva.get(page_of(session)))
    assert len(copies()) == 2

    submit(eva, path, **{**SAID, "message": "Finalement, par la rue."}, geste="envoyer")
    assert len(copies()) == 4
    clock.shift(timedelta(minutes=11))
    submit(eva, path, **SAID, geste="envoyer")
    assert len(copies()) == 6


def test_the_text_comes_back_to_be_changed(eva, session):
    submit(eva, page_of(session, "message"), **SAID)
    back = submit(eva, page_of(session, "message"), **SAID, geste="modifier").get_data(as_text=True)
    assert "Passez par **le jardin**." in back
    assert copies() == []


def test_without_a_text_it_says_what_is_missing(eva, session):
    answer = submit(eva, page_of(session, "message"), objet="", message="", geste="envoyer")
    assert answer.status_code == 422
    assert "Écrivez le message." in page_words(answer)
    assert copies() == []


def test_a_confidential_programme_imposes_a_neutral_subject(eva, cpts):
    group_session = make_group_session(make_circles(cpts))
    make_registration(group_session, make_person(cpts))
    assert "Réunion CPTS, lundi 16 novembre" in page_words(eva.get(page_of(group_session, "message")))

    submit(eva, page_of(group_session, "message"), message="À lundi.", objet="Cercle", geste="envoyer")

    whole = compose(copies()[0], frame_of(cpts.id))
    assert str(whole["Subject"]).replace("\u00a0", " ") == "Réunion CPTS, lundi 16 novembre"


def test_those_who_follow_a_season_are_written_to_from_its_programme(eva, cpts):
    programme = make_programme(cpts)
    follows, asks, left, next_year = (make_person(cpts) for _ in range(4))
    make_enrolment(programme, follows)
    make_enrolment(programme, asks, is_pending=True)
    make_enrolment(programme, left, left_at=NOW)
    make_enrolment(programme, next_year, season=2027)
    path = f"/coordination/dispositifs/{programme.public_id}"
    assert "Écrire à ceux qui suivent toute l'année" in page_words(eva.get(path))

    submit(eva, f"{path}/message", **SAID, geste="envoyer")
    assert addresses() == [follows.email]
    submit(eva, f"{path}/message", **SAID, attente="y", geste="envoyer")
    assert addresses()[1:] == [follows.email, asks.email]
    submit(eva, f"{path}/message?annee=2027", **SAID, geste="envoyer")
    assert addresses()[3:] == [next_year.email]
    sentences = [line.sentence.replace("\u00a0", " ") for line in journal(cpts.id).lines]
    assert "a écrit à ceux qui suivent toute l’année 2026 (1) : GAPP" in sentences[2]


def test_when_nobody_has_an_address_nothing_leaves_and_it_is_said(eva, cpts):
    group_session = make_group_session(make_programme(cpts))
    make_registration(group_session, make_person(cpts, email=None))
    submit(eva, page_of(group_session, "message"), **SAID, geste="envoyer")
    assert "Personne n’a d’adresse e-mail" in page_words(eva.get(page_of(group_session))).replace("'", "’")
    assert db.session.query(AuditEntry).filter_by(kind="message_groupe").count() == 0
