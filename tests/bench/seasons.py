"""A season opened to those who follow it, and the invitations of one date.

python -m tests.bench.seasons [--engine sqlite|postgresql]
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.mail.envelope import compose
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations import sessions
from cpts_sessions.registrations.models import Registration
from cpts_sessions.web.site import create_app
from tests import databases
from tests.conftest import empty_every_table, settings
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
)

FOLLOWERS, DATES, PLACES = 300, 20, 12


def fan_out(dates: int, places: int) -> tuple[float, int]:
    """Open so many dates at once to those who follow their season; return the seconds, and how many places are asked.

    All in one transaction: places, ranks, the message of each person and her invitations.
    """
    programme, actor_id = _followed()
    starts_at = datetime(now().year + 1, 2, 1, 19, 0, tzinfo=UTC)
    drafts = [
        make_group_session(programme, status="draft", capacity=places, starts_at=starts_at + timedelta(days=day))
        for day in range(dates)
    ]
    ids = [one.id for one in drafts]
    db.session.remove()
    begun = time.perf_counter()
    sessions.open_sessions(ids, actor_id=actor_id)
    seconds = time.perf_counter() - begun
    return seconds, db.session.query(Registration).count()


def invitations() -> tuple[float, int]:
    """Open one date with a place for all: write each invitation, then build it as it leaves; seconds, how many."""
    seconds, _ = fan_out(1, FOLLOWERS)
    begun = time.perf_counter()
    built = 0
    for row in [one for one in db.session.query(OutboxMessage) if one.calendar]:
        compose(row, frame_of(row.organisation_id)).as_bytes()
        built += 1
    return seconds + time.perf_counter() - begun, built


def figures(engine: str) -> Iterator[tuple[str, float, str, None]]:
    """Measure both on an engine."""
    with _installation(engine):
        seconds, registrations = fan_out(DATES, PLACES)
        assert registrations == FOLLOWERS * DATES, registrations
        yield f"a season of {DATES} dates opened to {FOLLOWERS} followers, {engine}", seconds, "s", None
        db.session.remove()
        empty_every_table()
        seconds, built = invitations()
        assert built == FOLLOWERS, built
        yield f"{FOLLOWERS} invitations built and queued, {engine}", built / seconds, "per s", None


@contextmanager
def _installation(engine: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as name, databases.database(engine, Path(name), durable=True) as url:
        app = create_app(settings(Path(name), url))
        with app.app_context():
            upgrade()
            yield
            db.session.remove()
            db.engine.dispose()


def _followed() -> tuple[Programme, int]:
    organisation = make_organisation()
    actor_id = make_coordinator(organisation).id
    programme = make_programme(organisation)
    for _ in range(FOLLOWERS):
        make_enrolment(programme, make_person(organisation), season=now().year + 1)
    return programme, actor_id


def main() -> None:
    """Print what was measured, and the load of the machine meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=databases.ENGINES, action="append")
    for engine in parser.parse_args().engine or databases.ENGINES:
        for name, value, unit, _ in figures(engine):
            load = os.getloadavg()[0]
            print(f"{name}\t{value:.1f}\t{unit}\tload {load:.1f}, {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()
