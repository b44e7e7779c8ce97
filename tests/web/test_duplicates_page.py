"""Two records that may be one person: compared, made one, or said to be two."""

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.people.models import DistinctPair, Person
from cpts_sessions.registrations.models import Registration
from tests.browsing import submit
from tests.factories import make_enrolment, make_group_session, make_organisation, make_person, make_registration
from tests.page import words
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/doublons"


@pytest.fixture
def pair(organisation):
    """Somebody known by two addresses."""
    named = {"first_name": "Béatrice", "last_name": "Lemoyne"}
    return (
        make_person(organisation, **named, email="b.lemoyne@example.org"),
        make_person(organisation, **named, email="beatrice@example.org", civility="Mme"),
    )


def compared(keep, absorb):
    return f"{PAGE}/{keep.public_id}/{absorb.public_id}"


def test_without_any_the_page_says_so(coordinator):
    assert "Aucun doublon possible." in text_of(coordinator, PAGE)


def test_each_pair_says_why_it_is_shown(coordinator, pair):
    page = text_of(coordinator, PAGE)

    assert "même nom, adresses différentes" in page
    assert "b.lemoyne@example.org" in page
    assert "beatrice@example.org" in page


def test_the_list_asks_the_same_number_of_queries_whatever_it_shows(coordinator, organisation, pair):
    one = queries_for(coordinator, PAGE)
    for email in ("autre@example.org", "encore@example.org"):
        make_person(organisation, first_name="Béatrice", last_name="Lemoyne", email=email)

    assert queries_for(coordinator, PAGE) == one


def test_two_persons_are_not_shown_again(coordinator, pair):
    page = after(coordinator, submit(coordinator, f"{compared(*pair)}/distinctes", page=compared(*pair)))

    assert "C'est noté : la paire ne sera plus proposée." in page
    assert "Aucun doublon possible." in page
    assert stored(DistinctPair).count() == 1


def test_the_comparison_says_what_merging_will_do_and_writes_nothing(coordinator, programme, pair, clock):
    keep, absorb = pair
    both, only = make_group_session(programme), make_group_session(programme)
    make_registration(both, keep, "waiting")
    make_registration(both, absorb, "confirmed")
    make_registration(only, absorb)
    make_enrolment(programme, keep)

    page = text_of(coordinator, compared(*pair))

    for told in (
        "2 inscriptions sont reprises.",
        "Deux inscriptions pour le lundi 16 novembre : l'état le plus fort est gardé (place réservée).",
        "Inscrits distincts de 2026 : 2 avant, 1 après.",
        "C'est définitif. Le journal en garde la trace, sans les noms.",
    ):
        assert told in page
    assert stored(Person).filter_by(last_name="Lemoyne").count() == 2


def test_merging_leaves_one_record_with_everything(coordinator, programme, pair, clock):
    keep, absorb = pair
    make_registration(make_group_session(programme), absorb)
    keep_id, url = keep.id, compared(*pair)

    page = after(coordinator, submit(coordinator, url))

    assert "Fiches réunies." in page
    assert [(one.id, one.civility) for one in stored(Person).filter_by(last_name="Lemoyne")] == [(keep_id, "Mme")]
    assert [one.person_id for one in stored(Registration)] == [keep_id]
    assert [one.person_id for one in stored(AuditEntry).filter_by(kind="fusion")] == [keep_id]


def test_a_third_record_of_the_result_is_refused_with_a_sentence(coordinator, organisation):
    named = {"first_name": "Béatrice", "last_name": "Lemoyne"}
    keep = make_person(organisation, **named, email=None)
    absorb = make_person(organisation, first_name="Bea", last_name="Lemoyne", email="b@example.org")
    make_person(organisation, **named, email="b@example.org")

    response = submit(coordinator, compared(keep, absorb))

    assert response.status_code == 422
    assert "Une troisième fiche porte déjà ce nom et cette adresse" in words(response.get_data(as_text=True))
    assert stored(Person).filter_by(last_name="Lemoyne").count() == 3


def test_records_of_two_cpts_or_twice_the_same_are_not_compared(coordinator, pair):
    stranger = make_person(make_organisation(public_url="http://ailleurs.example.org"))

    assert coordinator.get(compared(pair[0], stranger)).status_code == 404
    assert coordinator.get(compared(pair[0], pair[0])).status_code == 404
