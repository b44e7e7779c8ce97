"""kill -9 of the site and of its worker in the middle of sign-ups: what was acknowledged is there, and was told.

python -m tests.faults.kill --times 5 --sign-ups 200 --engine sqlite
"""

import argparse
import random
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from flask import Flask
from sqlalchemy import func, select, update

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.registrations.models import SEATED, Registration
from cpts_sessions.web.site import create_app
from tests import databases
from tests.conftest import settings
from tests.factories import make_group_session, make_organisation, make_programme
from tests.faults.running import Site
from tests.processes import free_port, until
from tests.smtp_sink import SmtpSink

CAPACITY = 12
CLIENTS = 8
LAST_MAIL_SECONDS = 120.0  # a lease, and what it takes to send the rest
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass
class Outcome:
    """What the clients were told, and what the database and the mail server say of it afterwards."""

    acknowledged: set[str] = field(default_factory=set)  # addresses, of answers 303
    unanswered: set[str] = field(default_factory=set)  # sent, and the connection broke: nobody knows
    refused: dict[str, int] = field(default_factory=dict)
    without_row: set[str] = field(default_factory=set)
    without_mail: set[str] = field(default_factory=set)
    told_twice: list[tuple[int, str]] = field(default_factory=list)  # (registration, kind) with two Message-IDs
    seats: int = 0
    mails: int = 0
    sent_again: int = 0  # same Message-ID: the worker died between the server's yes and its mark

    @property
    def faults(self) -> list[object]:
        """What must be empty."""
        over = [f"{self.seats} seats of {CAPACITY}"] if self.seats > CAPACITY else []
        return [*over, *self.refused.items(), *self.without_row, *self.without_mail, *self.told_twice]


class Crowd:
    """People who sign up one after the other, each once, from several telephones at a time."""

    def __init__(self, form_url: str, outcome: Outcome) -> None:
        self._form_url = form_url
        self._outcome = outcome
        self._done = 0
        self._changed = threading.Condition()

    def sign_up(self, number: int) -> None:
        """Open the form, however long it takes, then send it once."""
        email = f"personne{number}@example.org"
        fields = {
            "prenom": "Camille",
            "nom": f"Durand{number}",
            "email": email,
            "profession": "sage-femme",
            "dates": "une",
            "charte": "y",
        }
        with httpx.Client(timeout=30) as client:
            until(lambda: self._opened(client, fields), f"the form, for {email}")
            try:
                status = client.post(self._form_url, data=fields).status_code
            except httpx.HTTPError:
                status = 0
        with self._changed:
            self._done += 1
            if status == 303:
                self._outcome.acknowledged.add(email)
            elif status == 0:
                self._outcome.unanswered.add(email)
            else:
                self._outcome.refused[email] = status
            self._changed.notify_all()

    def wait_for(self, done: int) -> None:
        """Return when that many people had their answer, or lost it."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._done >= done, timeout=120):
                raise TimeoutError(f"{self._done} sign-ups of {done}")

    def _opened(self, client: httpx.Client, fields: dict[str, str]) -> bool:
        try:
            found = _TOKEN.search(client.get(self._form_url).text)
        except httpx.HTTPError:
            return False
        if found:
            fields["csrf_token"] = found[1]
        return bool(found)


def sign_up_and_kill(
    engine: str, folder: Path, *, sign_ups: int, times: int, at_once: bool, chance: random.Random
) -> Outcome:
    """Let that many people sign up while everything is killed that many times.

    Args:
        at_once: end the leases of the killed workers by hand rather than wait for their minute.
    """
    outcome = Outcome()
    with SmtpSink(folder) as sink, _site_to_sign_up_to(engine, folder, sink.url) as (app, site, form_url):
        crowd = Crowd(form_url, outcome)
        with ThreadPoolExecutor(CLIENTS) as people:
            under_way = [people.submit(crowd.sign_up, number) for number in range(sign_ups)]
            for part in range(times):
                crowd.wait_for(sign_ups * part // times + chance.randrange(1, sign_ups // times))
                site.kill_all_but_the_supervisor()
            for one in under_way:
                one.result()
        until(lambda: _all_left(app, at_once=at_once), "the last mail", LAST_MAIL_SECONDS)
        with app.app_context():
            _look(outcome, sink)
            db.session.remove()
            db.engine.dispose()
    return outcome


@contextmanager
def _site_to_sign_up_to(engine: str, folder: Path, smtp_url: str) -> Iterator[tuple[Flask, Site, str]]:
    with databases.database(engine, folder) as url:
        port = free_port()
        app = create_app(settings(folder, url))
        with app.app_context():
            upgrade()
            programme = make_programme(make_organisation(public_url=f"http://127.0.0.1:{port}"))
            group_session = make_group_session(programme, starts_at=now() + timedelta(days=30), capacity=CAPACITY)
            path = f"/seances/{group_session.public_id}/inscription"
            db.session.remove()
            db.engine.dispose()
        with Site(folder, url, smtp_url, port) as site:
            yield app, site, site.url + path


def _all_left(app: Flask, *, at_once: bool) -> bool:
    with app.app_context():
        statement = select(OutboxMessage.status, func.count().label("total")).group_by(OutboxMessage.status)
        left = {row.status: row.total for row in db.session.execute(statement)}
        db.session.remove()
        claimed = OutboxMessage.status == MessageStatus.SENDING.value
        if at_once and set(left) == {"sent", "sending"}:  # only what the dead had claimed
            with transaction():
                db.session.execute(update(OutboxMessage).where(claimed).values(lease_until=now() - timedelta(1)))
        return set(left) == {"sent"}


def _look(outcome: Outcome, sink: SmtpSink) -> None:
    registrations = {row.person.email: row for row in db.session.execute(select(Registration)).scalars()}
    rows = db.session.execute(select(OutboxMessage)).scalars().all()
    outcome.without_row = outcome.acknowledged - registrations.keys()
    identifiers = Counter(str(received.message["Message-ID"]) for received in sink.received)
    told = {received.recipients[0] for received in sink.received}
    outcome.without_mail = outcome.acknowledged - told
    of_each = Counter((row.registration_id, row.kind) for row in rows if row.registration_id is not None)
    outcome.told_twice = [pair for pair, count in of_each.items() if pair[0] is not None and count > 1]
    unknown = len(identifiers) - len(rows)  # one Message-ID for each row, none more
    if unknown:
        outcome.told_twice.append((unknown, "Message-IDs without a row"))
    outcome.seats = sum(row.status in SEATED for row in registrations.values())
    outcome.mails = len(identifiers)
    outcome.sent_again = identifiers.total() - len(identifiers)


def main() -> None:
    """Run it and print what came of it; exit code 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--sign-ups", type=int, default=200)
    parser.add_argument("--engine", choices=databases.ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = sign_up_and_kill(
            given.engine,
            Path(folder),
            sign_ups=given.sign_ups,
            times=given.times,
            at_once=False,
            chance=random.Random(given.seed),
        )
    print(
        f"{given.engine}: {given.sign_ups} sign-ups, {given.times} kills: {len(outcome.acknowledged)} acknowledged, "
        f"{len(outcome.unanswered)} unanswered, {outcome.seats} seats of {CAPACITY}, {outcome.mails} mails, "
        f"{outcome.sent_again} sent again under the same Message-ID; faults: {outcome.faults or 'none'}"
    )
    raise SystemExit(bool(outcome.faults))


if __name__ == "__main__":
    main()
