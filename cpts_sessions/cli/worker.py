"""The worker: what happens without anybody asking for it. Messages leave, offers expire, old data are forgotten.

python -m cpts_sessions.cli.worker
"""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

import config
from cpts_sessions.accounts import leaving
from cpts_sessions.attendance import import_trial
from cpts_sessions.attendance.papers import paper_of
from cpts_sessions.cli.lifeline import BAD_SETTINGS, Stop, follow, refuse
from cpts_sessions.core import database
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening import reminders as evenings
from cpts_sessions.extensions import db
from cpts_sessions.installation.application import without_pages
from cpts_sessions.installation.master_key import recognise
from cpts_sessions.mail import imap, inbox
from cpts_sessions.mail import services as messages
from cpts_sessions.mail.delivery import Courier
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.questionnaires import asking, card_entry, opening
from cpts_sessions.questionnaires.services import catch_up as ask_late
from cpts_sessions.registrations import answers, minimum, reminders
from cpts_sessions.registrations.continuing import run as ask_to_continue
from cpts_sessions.registrations.waiting_list import expire_offers
from cpts_sessions.rights.retention import run_nightly

TURN_SECONDS: Final = 0.5  # between two looks: a message leaves within two seconds
BEAT_SECONDS: Final = 10.0  # /healthz asks for one in the last sixty
_WAITS_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

_log = logging.getLogger("cpts_sessions.worker")


@dataclass
class Job:
    """Something to do every so often; what it raises puts off this job alone."""

    name: str
    act: Callable[[], object]
    every_seconds: float
    failures: int = field(default=0, init=False)
    due: float = field(default=0.0, init=False)  # on the monotonic clock

    def run_if_due(self) -> None:
        """Act when it is time to."""
        if time.monotonic() < self.due:
            return
        try:
            self.act()
        except Exception as error:  # the other jobs go on
            self.failures += 1
            wait = max(self.every_seconds, _WAITS_SECONDS[min(self.failures, len(_WAITS_SECONDS)) - 1])
            _log.error("%s: %s; next try in %g s", self.name, type(error).__name__, wait)
        else:
            self.failures, wait = 0, self.every_seconds
        self.due = time.monotonic() + wait


def read_mailbox() -> None:
    """Read the answers of agendas that came in, when IMAP_URL says where."""
    settings: config.Settings = current_app.config["SETTINGS"]
    if settings.imap_url:
        inbox.Reader(imap.parse(settings.imap_url), answers.concerns_us, moves=settings.imap_move).read()


def jobs() -> list[Job]:
    """Return what the worker does besides the mail."""
    return [
        Job("offers", expire_offers, every_seconds=5.0),
        Job("evenings", evenings.run, every_seconds=10.0),
        Job("reminders", reminders.run, every_seconds=10.0),
        Job("minimum", minimum.run, every_seconds=60.0),
        Job("continuing", ask_to_continue, every_seconds=60.0),
        Job("boxes", opening.look_at_boxes, every_seconds=60.0),
        Job("cards", card_entry.forget_old, every_seconds=3600.0),
        Job("slots", ask_late, every_seconds=6 * 3600.0),
        Job("questionnaires", asking.run, every_seconds=60.0),
        Job("mailbox", read_mailbox, every_seconds=60.0),
        Job("departures", leaving.end_due, every_seconds=60.0),
        Job("retention", run_nightly, every_seconds=60.0),
        Job("removed", lambda: database.forget_what_was_removed(db.engine), every_seconds=300.0),
        Job("imports", import_trial.forget_old, every_seconds=600.0),
    ]


class Worker:
    """Turns for ever: beats, does what is due, hands a batch of messages over."""

    def __init__(self, app: Flask, tasks: Sequence[Job], stop: Stop) -> None:
        self._app = app
        self._tasks = tasks
        self._stop = stop
        self._courier = Courier(frame_of, paper_of)
        self._beat = Job("beat", messages.beat, every_seconds=BEAT_SECONDS)
        self._mail = Job("mail", self._deliver, every_seconds=0.0)
        self._claimed = 0

    def run(self) -> None:
        """Turn until the end is asked for; the message under way is finished first."""
        while not self._stop.is_set:
            self.turn()
            self._stop.wait(0.0 if self._claimed else TURN_SECONDS)

    def turn(self) -> None:
        """Do once all that is due."""
        self._claimed = 0
        for job in (self._beat, *self._tasks, self._mail):
            if not self._stop.is_set:
                with self._app.app_context():
                    job.run_if_due()

    def _deliver(self) -> None:
        self._claimed = self._courier.deliver(self._go_on)

    def _go_on(self) -> bool:
        self._beat.run_if_due()
        return not self._stop.is_set


def main() -> None:
    """Work until SIGTERM or Ctrl-C, or until the supervisor is gone."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr, level=logging.WARNING)
    stop = Stop()
    stop.on_signals()
    follow(stop.set)
    try:
        app = without_pages()
    except ValueError as refused:  # a setting, or the key file, that no new try would mend
        refuse(refused)
        sys.exit(BAD_SETTINGS)
    try:
        with app.app_context():
            recognise()
    except RuleBroken as refused:
        refuse(refused)
        sys.exit(BAD_SETTINGS)
    except SQLAlchemyError:  # not migrated yet, or out of reach: every job says so
        pass
    Worker(app, jobs(), stop).run()


if __name__ == "__main__":
    main()
