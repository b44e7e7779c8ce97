"""A message written before an upgrade still leaves after it."""

from flask_migrate import downgrade, upgrade

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.envelope import preview
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.registrations import services
from tests.factories import make_group_session, make_organisation, make_programme, told


def waiting() -> OutboxMessage:
    return db.session.query(OutboxMessage).filter_by(kind="inscription_confirmee").one()


def test_a_confirmation_that_waits_gets_what_its_text_now_needs(app, clock):
    organisation = make_organisation()
    services.sign_up(make_group_session(make_programme(organisation)).id, told())
    with transaction():
        row = waiting()
        row.values = {name: value for name, value in row.values.items() if not name.startswith(("lien_g", "lien_o"))}
    frame = frame_of(organisation.id)
    db.session.remove()
    db.engine.dispose()

    downgrade(revision="0009")
    upgrade()

    read = preview(waiting(), frame)
    assert "Dans Google Agenda" not in read.text + read.html
    assert "lien personnel masqué" in read.text
