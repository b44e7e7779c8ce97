"""A seat freed by an erasure is shown free at once."""

import pytest

from cpts_sessions.core.public_version import PublicVersion
from cpts_sessions.extensions import db
from cpts_sessions.rights.erase import erase
from tests.factories import make_group_session, make_organisation, make_programme, signed_up

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_the_pages_everybody_sees_are_renewed_when_a_seat_is_freed():
    group_session = make_group_session(make_programme(make_organisation()))
    person = signed_up(group_session).person
    before = db.session.query(PublicVersion.version).scalar()

    erase(person.id, by_herself=True)

    assert db.session.query(PublicVersion.version).scalar() == before + 1
