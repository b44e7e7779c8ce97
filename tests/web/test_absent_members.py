"""The members whom a list of members does not name: said before and after, each with her page; nothing changes."""

from cpts_sessions.people.models import Person
from tests.browsing import submit
from tests.factories import make_organisation, make_person
from tests.web.coordination import after, stored, text_of
from tests.web.test_import_pages import GOOD, no_file_waits, tried

__all__ = ["no_file_waits"]

PAGE = "/coordination/import/personnes/absents"


def test_they_are_named_at_the_trial_and_once_it_is_done(coordinator, organisation):
    nadia = make_person(organisation, first_name="Nadia", last_name="Ferhat", is_member=True)
    url, trial = tried(coordinator, GOOD)
    assert "Membres absents du fichier : 1 Rien ne change pour ces personnes" in trial

    answer = submit(coordinator, url)

    assert answer.location == PAGE
    shown = coordinator.get(PAGE).get_data(as_text=True)
    assert f'<a href="/coordination/personnes/{nadia.public_id}">Nadia Ferhat</a>' in shown
    assert "Membres absents du fichier : 1" in text_of(coordinator, PAGE)
    assert stored(Person).filter_by(last_name="Ferhat").one().is_member


def test_a_later_import_that_misses_nobody_forgets_them(coordinator, organisation):
    url, trial = tried(coordinator, GOOD)
    assert "Membres absents" not in trial

    assert "Import terminé." in after(coordinator, submit(coordinator, url))
    assert coordinator.get(PAGE).location == "/coordination/personnes"


def test_nobody_of_another_organisation_is_shown(app, coordinator, organisation):
    make_person(organisation, is_member=True)
    url, _ = tried(coordinator, GOOD)
    submit(coordinator, url)
    elsewhere = make_organisation(public_url="http://autre.example.org")
    with coordinator.session_transaction() as kept:
        kept["absent_members"] = [make_person(elsewhere, is_member=True).id]

    assert coordinator.get(PAGE).location == "/coordination/personnes"
