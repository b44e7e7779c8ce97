"""A note for the coordination: one per session, until three days after it is closed."""

from datetime import timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import queries, services
from cpts_sessions.evening.models import EveningNote
from tests.conftest import NOW
from tests.factories import make_group_session, make_organisation, make_person, make_programme
from tests.rows import rows

THREE_DAYS = timedelta(days=3)


@pytest.fixture
def one(app, clock):
    return make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=3))


@pytest.fixture
def marc(one):
    return make_person(one.organisation)


def test_there_is_one_note_per_session_and_an_empty_one_is_none(one, marc):
    services.write_note(one.id, "La salle était fermée.", actor_id=marc.id)
    services.write_note(one.id, " La salle était froide. ", actor_id=marc.id)

    assert [(note.text, note.person_id) for note in rows(EveningNote)] == [("La salle était froide.", marc.id)]
    services.write_note(one.id, "  ", actor_id=marc.id)
    assert queries.note_of(one.id) is None


def closed(one, **changes):
    with transaction():
        for name, value in {"status": "held", "closed_at": NOW, **changes}.items():
            setattr(one, name, value)


def test_it_is_mended_until_three_days_after_the_session_is_closed(one, marc, clock):
    closed(one)
    clock.move_to(NOW + THREE_DAYS - timedelta(seconds=1))
    services.write_note(one.id, "Il manquait des chaises.", actor_id=marc.id)
    clock.move_to(NOW + THREE_DAYS)

    with pytest.raises(RuleBroken, match="ne se modifie plus"):
        services.write_note(one.id, "Il en manquait six.", actor_id=marc.id)


def test_there_is_a_note_of_an_evening_to_which_nobody_came_and_none_of_a_cancelled_session(one, marc):
    services.nobody_came(one.id, actor_id=marc.id)
    services.write_note(one.id, "Personne, et la salle était prête.", actor_id=marc.id)
    closed(one, status="cancelled", closed_at=None, cancel_reason="animateur souffrant")

    with pytest.raises(RuleBroken):
        services.write_note(one.id, "Autre chose.", actor_id=marc.id)
