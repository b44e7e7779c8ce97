"""kill -9 at every step of the opening of a box: all its answers are there or none, and no key of an opened box.

python -m tests.faults.opening --engine sqlite
"""

import argparse
import os
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event, func, select

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import keys, opening, services
from cpts_sessions.questionnaires.models import Answer, Box, BoxState, Slot
from tests import databases
from tests.questionnaires.attacker.proof import installation
from tests.questionnaires.boxes import ballot, collecting

PEOPLE = 6
FEWEST_STEPS = 20


@dataclass
class Outcome:
    """At how many steps it was killed, in which state that left the box, and what must be empty."""

    left_sealed: int = 0
    left_opened: int = 0
    keys_swept: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many times it was killed: each time but the last."""
        return self.left_sealed + self.left_opened - 1


class Steps:
    """Counts what the opening does outside itself, statements, commits and files; dies just before one of them."""

    def __init__(self, fatal: int) -> None:
        self._fatal = fatal
        self._done = 0

    def watch(self) -> None:
        """Begin to count; for the rest of the life of this process."""
        event.listen(db.engine, "before_cursor_execute", self._step)
        event.listen(db.engine, "commit", self._step)
        sys.addaudithook(self._audit)

    def _step(self, *_: object) -> None:
        self._done += 1
        if self._done == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def _audit(self, name: str, given: tuple[object, ...]) -> None:
        if name in ("open", "os.remove", "os.truncate") and "keys" in str(given[0]):
            self._step()


def kill_at_every_step() -> Outcome:
    """Open box after box, each killed one step later, until one is opened unharmed."""
    outcome = Outcome()
    while True:
        box_id = _full_box()
        db.session.remove()
        db.engine.dispose()
        child = os.fork()
        if child == 0:
            Steps(outcome.kills + 2).watch()
            opening.look_at_boxes()
            os._exit(0)
        was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        _look(outcome, box_id)
        if not was_killed:
            return outcome


def _full_box() -> int:
    """A box whose 31 January has come, each of six having answered one question."""
    box, tokens = collecting(PEOPLE)
    for token in tokens:
        services.answer(box.organisation_id, token, ballot("un mot"))
    with transaction():
        box.year = 2001
    return box.id


def _look(outcome: Outcome, box_id: int) -> None:
    box = db.session.get_one(Box, box_id)
    is_opened, answers, slots = box.state == BoxState.OPENED, _count(Answer, box_id), _count(Slot, box_id)
    outcome.left_opened, outcome.left_sealed = outcome.left_opened + is_opened, outcome.left_sealed + (not is_opened)
    wanted = (PEOPLE, 0) if is_opened else (0, PEOPLE)
    if (answers, slots) != wanted:
        outcome.faults.append(f"step {outcome.kills + 1}: {box.state}, {answers} answers, {slots} slots")
    had_key = box.key_id in keys.kept()
    opening.sweep_keys()  # as the worker does when it starts
    outcome.keys_swept += is_opened and had_key
    if (box.key_id in keys.kept()) == is_opened:
        outcome.faults.append(
            f"step {outcome.kills + 1}: {box.state}, and its key is {'there' if is_opened else 'gone'}"
        )
    opening.look_at_boxes()
    db.session.expire_all()
    if _count(Answer, box_id) != PEOPLE or box.key_id in keys.kept():
        outcome.faults.append(f"step {outcome.kills + 1}: it cannot be opened afterwards")
    db.session.commit()


def _count(model: type[Answer] | type[Slot], box_id: int) -> int:
    return db.session.execute(select(func.count()).where(model.box_id == box_id)).scalar_one()


def main() -> None:
    """Run it and print what came of it; exit code 1 when an answer or a key is not where it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=databases.ENGINES, default="sqlite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, installation(given.engine, Path(folder)):
        outcome = kill_at_every_step()
    print(
        f"{given.engine}: killed at {outcome.kills} steps, then not; {outcome.left_sealed} left sealed, "
        f"{outcome.left_opened} opened, {outcome.keys_swept} keys swept at the next start; "
        f"faults: {outcome.faults or 'none'}"
    )
    raise SystemExit(bool(outcome.faults) or outcome.kills < FEWEST_STEPS)


if __name__ == "__main__":
    main()
