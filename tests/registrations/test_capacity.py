"""Never more confirmed and offered than places: by the code under its lock, and by the schema itself."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import queries, services, triggers
from cpts_sessions.registrations.models import Registration
from tests.factories import make_group_session, make_organisation, make_person, make_programme, make_registration, told

pytestmark = pytest.mark.usefixtures("app")

PEOPLE = 40
PLACES = 12


@pytest.fixture
def group_session(app):
    """An open session, far enough for the real clock."""
    organisation = make_organisation()
    return make_group_session(make_programme(organisation), capacity=PLACES, starts_at=now() + timedelta(days=9))


def all_at_once(app, group_session_id, everybody=None):
    """Let PEOPLE sign up from as many threads; return the errors."""
    errors = []
    everybody = everybody or [told() for _ in range(PEOPLE)]
    barrier = threading.Barrier(PEOPLE)

    def one(who):
        with app.app_context():
            barrier.wait(60)
            try:
                services.sign_up(group_session_id, who)
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(who,)) for who in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def counts(group_session_id):
    """Count the registrations by status."""
    rows = db.session.execute(
        text("SELECT status, count(*) FROM registration WHERE group_session_id = :id GROUP BY status"),
        {"id": group_session_id},
    )
    return dict(rows.all())


@pytest.fixture
def without_triggers(app):
    """The schema as it would be if it held nothing."""
    with db.engine.begin() as connection:
        triggers.drop(connection)
    yield
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM registration"))
        triggers.install(connection)


@pytest.mark.usefixtures("without_triggers")
def test_many_at_once_fill_the_places_and_the_list_in_order(app, group_session):
    group_session_id = group_session.id

    assert all_at_once(app, group_session_id) == []

    db.session.rollback()
    assert counts(group_session_id) == {"confirmed": PLACES, "waiting": PEOPLE - PLACES}
    ranks = [queries.rank(registration) for registration in queries.waiting(group_session_id)]
    assert ranks == list(range(1, PEOPLE - PLACES + 1))


@pytest.mark.usefixtures("without_triggers")
def test_without_the_lock_they_overbook(app, group_session, monkeypatch):
    """The negative control: what the lock is for. Each reads the count before any other has written."""
    group_session_id = group_session.id
    met = threading.Barrier(PEOPLE)
    honest = services.rules.status_for_new

    def all_have_read(taken, capacity):
        met.wait(60)
        return honest(taken, capacity)

    everybody = [known(group_session) for _ in range(PEOPLE)]
    remove_the_lock(app, monkeypatch, all_have_read)

    all_at_once(app, group_session_id, everybody)

    db.session.rollback()
    assert counts(group_session_id).get("confirmed", 0) > PLACES


def known(group_session):
    """Somebody already on record: nothing is written before the seats are counted."""
    person = make_person(group_session.programme, organisation_id=group_session.organisation_id)
    return told(first_name=person.first_name, last_name=person.last_name, email=person.email)


def remove_the_lock(app, monkeypatch, all_have_read):
    """Take away what makes sign-ups wait for each other."""

    @contextmanager
    def unlocked():
        db.session.commit()
        yield
        db.session.commit()

    if db.engine.dialect.name == "sqlite":  # one writer at a time: the count is read before anybody writes
        honest = queries.seats_taken
        met = threading.Barrier(PEOPLE)

        seen = threading.local()

        def read_together(group_session_id):
            taken = honest(group_session_id)
            if not hasattr(seen, "once"):
                seen.once = True
                db.session.commit()
                met.wait(60)
                db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            return taken

        monkeypatch.setattr(services, "transaction", unlocked)
        monkeypatch.setattr(services.queries, "seats_taken", read_together)
    else:
        pool = db.engine.pool
        monkeypatch.setattr(pool, "_max_overflow", PEOPLE)
        monkeypatch.setattr(services.rules, "status_for_new", all_have_read)
    monkeypatch.setattr(services.queries, "lock_group_session", lambda id_: db.session.get_one(GroupSession, id_))


def full_session():
    """A session whose two places are taken, and somebody who waits."""
    organisation = make_organisation()
    group_session = make_group_session(make_programme(organisation))
    for _ in range(2):
        make_registration(group_session, make_person(organisation))
    waiting = make_registration(group_session, make_person(organisation), "waiting")
    return group_session, waiting, make_person(organisation)


def refused(statement, **values):
    """Run one statement as somebody with a database client would; return whether the schema refused it."""
    try:
        with db.engine.begin() as connection:
            connection.execute(text(statement) if isinstance(statement, str) else statement, values)
    except DBAPIError as error:
        if triggers.NO_SEAT_LEFT in str(error) or triggers.BELOW_TAKEN in str(error):
            return True
        raise
    return False


def one_more(waiting, person, status):
    """The INSERT of a seat for somebody else in the session of `waiting`."""
    row = {
        column.name: getattr(waiting, column.name) for column in Registration.__table__.columns if column.name != "id"
    }
    changes = {"public_id": uuid4(), "person_id": person.id, "status": status, "link_hash": b"x" * 32}
    expiry = waiting.queued_at if status == "offered" else None
    return insert(Registration.__table__).values({**row, **changes, "offer_expires_at": expiry})


@pytest.mark.parametrize("status", ["confirmed", "offered"])
@pytest.mark.parametrize("after_down_and_up", [False, True])
def test_the_schema_refuses_a_seat_too_many_whoever_writes(app, status, after_down_and_up):
    if after_down_and_up:
        db.session.remove()
        db.engine.dispose()
        downgrade(revision="base")
        upgrade()
    group_session, waiting, other = full_session()
    insertion = one_more(waiting, other, status)
    waiting_id, session_id = waiting.id, group_session.id
    db.session.remove()

    assert refused(insertion)
    offer = ", offer_expires_at = queued_at" if status == "offered" else ""
    assert refused(f"UPDATE registration SET status = :status{offer} WHERE id = :id", status=status, id=waiting_id)
    assert refused("UPDATE group_session SET capacity = 1 WHERE id = :id", id=session_id)
    assert counts(session_id) == {"confirmed": 2, "waiting": 1}


def test_the_schema_lets_what_fits_pass(app):
    group_session, waiting, other = full_session()
    insertion = one_more(waiting, other, "confirmed")
    session_id = group_session.id
    db.session.remove()

    assert not refused("UPDATE group_session SET capacity = 3 WHERE id = :id", id=session_id)
    assert not refused(insertion)
    assert counts(session_id) == {"confirmed": 3, "waiting": 1}


def test_the_triggers_stand_at_head(app):
    with db.engine.connect() as connection:
        assert triggers.names(connection) == set(triggers.SQLITE) == set(triggers.POSTGRESQL)


def test_the_journal_is_append_only(app):
    organisation = make_organisation()
    with transaction():
        audit.record(organisation.id, "essai")
    db.session.remove()
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET kind = 'autre'"))


def test_a_registration_is_unique_by_person_and_session(app):
    group_session, waiting, _ = full_session()
    with pytest.raises(DBAPIError):
        make_registration(group_session, db.session.get_one(Registration, waiting.id).person, "waiting")
