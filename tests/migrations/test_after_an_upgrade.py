"""What a process does after it has upgraded the database itself."""

from sqlalchemy import delete

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import Programme
from tests.factories import make_organisation, make_programme


def test_what_hangs_on_a_row_goes_with_it_after_an_upgrade(app):
    make_programme(make_organisation())
    db.session.remove()
    db.engine.dispose()

    upgrade()
    with transaction():
        db.session.execute(delete(Organisation))

    assert db.session.query(Programme).count() == 0
