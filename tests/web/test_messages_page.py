"""The coordination reads its messages as they leave, and never a personal link."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations.models import Registration
from tests.browsing import sign_in, submit
from tests.conftest import NOW
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/messages"


@pytest.fixture
def confirmation(coordinator, programme, clock):
    """The message of a sign-up, which waits."""
    registration = signed_up(make_group_session(programme), email="nadia@example.org")
    return stored(OutboxMessage).filter_by(registration_id=registration.id).one()


def page_of(row, act=""):
    return f"{PAGE}/{row.public_id}{act}"


def secret_of(row):
    """The token that the message's own link will have."""
    registration = stored(Registration).filter_by(id=row.registration_id).one()
    return links.token(Purpose.REGISTRATION, registration.public_id)


def make_message(organisation, **changes):
    values = {
        "organisation_id": organisation.id,
        "kind": "effacement_fait",
        "to_address": "nadia@example.org",
        "to_name": "Nadia Ferhat",
        "values": {"delai_sauvegardes": "35 jours", "exception_emargement": ""},
        **changes,
    }
    with transaction():
        row = OutboxMessage(**values)
        db.session.add(row)
    return row


def test_the_lists_count_and_show_messages_by_what_became_of_them(coordinator, organisation, clock):
    make_message(organisation, subject="Qui attend")
    make_message(organisation, subject="Qui est parti", status="sent", sent_at=NOW)
    make_message(organisation, subject="Qui a échoué", status="failed", last_error="adresse inconnue")

    assert "À envoyer : 1. Envoyés : 1. En échec : 1." in text_of(coordinator, PAGE)
    assert "Qui attend" in text_of(coordinator, PAGE)
    assert "Qui est parti Nadia Ferhat nadia@example.org Envoyé le lundi 2 novembre à 10 h" in text_of(
        coordinator, f"{PAGE}?boite=envoyes"
    )
    assert "Non parti adresse inconnue" in text_of(coordinator, f"{PAGE}?boite=echecs")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"not_before": NOW + timedelta(hours=22)}, "Partira à 8 h"),
        ({"not_before": NOW + timedelta(hours=5)}, "le lundi 2 novembre à 15 h"),
        (
            {"not_before": NOW + timedelta(minutes=30), "attempts": 2, "last_error": "serveur occupé"},
            "nouvel essai vers 10 h 30 : serveur occupé",
        ),
    ],
)
def test_a_message_that_waits_says_when_it_leaves(coordinator, organisation, changes, told):
    make_message(organisation, **changes)

    assert told in text_of(coordinator, PAGE)


def test_sign_in_messages_and_those_of_another_cpts_are_never_shown(coordinator, organisation):
    sign_in = make_message(organisation, kind="connexion", is_sign_in=True, subject="Votre lien")
    foreign = make_message(make_organisation(public_url="http://ailleurs.example.org"), subject="D’ailleurs")

    page = text_of(coordinator, PAGE)
    assert "Tous les messages sont partis." in page
    assert "Les messages de connexion ne sont pas listés ici." in page
    assert [coordinator.get(page_of(row)).status_code for row in (sign_in, foreign)] == [404, 404]


def test_no_personal_link_is_in_any_byte_that_the_coordination_receives(coordinator, confirmation):
    secret = secret_of(confirmation)
    for act in ("", "/apercu", "/message.eml"):
        answer = coordinator.get(page_of(confirmation, act))
        assert answer.status_code == 200
        body = answer.get_data()
        if act == "/message.eml":
            parts = message_from_bytes(body, policy=policy.default).walk()
            body = b"\n".join(part.get_payload(decode=True) or b"" for part in parts)
        assert secret.encode() not in body
        assert "lien personnel masqué".encode() in body.replace("\u00a0".encode(), b" ")


def test_an_email_is_framed_under_a_policy_of_its_own(coordinator, confirmation):
    page, mail = coordinator.get(page_of(confirmation)), coordinator.get(page_of(confirmation, "/apercu"))

    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'; frame-src 'self'")
    assert f'src="{page_of(confirmation, "/apercu")}" sandbox' in page.get_data(as_text=True)
    assert mail.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert "X-Frame-Options" not in mail.headers


def test_the_invented_persons_of_the_demonstration_have_their_links(browser, app, clock):
    organisation = make_organisation(is_demonstration=True)
    sign_in(browser, make_coordinator(organisation))
    registration = signed_up(make_group_session(make_programme(organisation)))
    row = stored(OutboxMessage).filter_by(registration_id=registration.id).one()

    assert row.status == "withheld"
    assert f"/mon-inscription/{secret_of(row)}" in text_of(browser, page_of(row))


def test_of_a_message_that_left_only_the_subject_remains(coordinator, organisation):
    row = make_message(organisation, subject="Vos données sont effacées", status="sent", sent_at=NOW, values={})

    page = text_of(coordinator, page_of(row))
    assert "Vos données sont effacées" in page
    assert "Le texte est effacé une fois le message parti. Il reste l'objet, la date et le résultat." in page
    assert coordinator.get(page_of(row, "/apercu")).status_code == 404
    assert coordinator.get(page_of(row, "/message.eml")).status_code == 404


def test_a_message_that_failed_leaves_again_and_no_other_does(coordinator, organisation):
    failed = make_message(organisation, status="failed", attempts=9, last_error="adresse inconnue")
    sent = make_message(organisation, status="sent", sent_at=NOW, values={})

    told = after(coordinator, submit(coordinator, page_of(failed, "/renvoyer"), page=page_of(failed)))
    refused = after(coordinator, submit(coordinator, page_of(sent, "/renvoyer"), page=page_of(sent)))

    assert "Message remis dans la file d'envoi." in told
    assert "il ne peut pas repartir" in refused
    assert [(one.status, one.attempts) for one in stored(OutboxMessage).order_by(OutboxMessage.id)][-2:] == [
        ("queued", 0),
        ("sent", 0),
    ]


def test_a_list_asks_the_same_number_of_queries_whatever_it_shows(coordinator, organisation):
    make_message(organisation, person_id=make_person(organisation).id)
    one = queries_for(coordinator, PAGE)
    for _ in range(2):
        make_message(organisation, person_id=make_person(organisation).id)

    assert queries_for(coordinator, PAGE) == one
