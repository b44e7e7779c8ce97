"""Many campaigns on one engine: how many links each way of guessing finds in all."""

import math
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.web.site import create_app
from tests import databases
from tests.conftest import settings
from tests.questionnaires.attacker import naive
from tests.questionnaires.attacker.campaign import PEOPLE, Send, attacked
from tests.questionnaires.attacker.matchers import score

#: Of ten links, how many the attack must find where nothing is done against it.
FOUND_IN_NAIVE = 9.9
#: What a campaign leaves.
OF_THE_CPTS = {"organisation", "public_version", "profession", "installation", "worker_beat"}
#: What no luck explains: more standard deviations than this above blind chance.
MOST_Z = 4.0

#: The ways that must find nearly everything in one naive design or the other; else they are broken, and prove nothing.
_ON_BOTH = {
    "position",
    "difference: new row",
    "difference: most changed, keys",
    "difference: first, keys",
    "difference: last, keys",
    "known slot, keys to position",
    "known slot, keys to key",
    "size",
    "who answered: difference: most changed",
    "who answered: difference: first",
    "who answered: difference: last",
}
MUST_WORK = {
    "sqlite": {
        *_ON_BOTH,
        "page offset, backwards",
        "WAL frame",
        "WAL: first slot, keys",
        "WAL: last slot, keys",
        "difference: first, positions",
        "known slot, positions to position",
    },
    "postgresql": {*_ON_BOTH, "xmin", "xmin of both"},
}


@dataclass(frozen=True)
class Found:
    """How many right links each way found, in so many campaigns of ten people."""

    campaigns: int
    totals: Counter[str]

    @property
    def most(self) -> int:
        """What the best way found."""
        return max(self.totals.values())

    @property
    def bound(self) -> float:
        """The most that chance explains: a random order has one link right on average, with variance one."""
        return self.campaigns + MOST_Z * math.sqrt(self.campaigns)

    def of_ten(self, name: str) -> float:
        """What one way found in a campaign, on average."""
        return self.totals[name] / self.campaigns


@contextmanager
def installation(engine: str, folder: Path) -> Iterator[tuple[Flask, str]]:
    """A migrated database and an application on it, inside its context; and the URL."""
    with databases.database(engine, folder) as url:
        app = create_app(settings(folder, url))
        with app.app_context():
            upgrade()
            yield app, url
            db.session.remove()
            db.engine.dispose()


def attack_boxes(organisation_id: int, campaigns: int, send: Send, chance: random.Random) -> Found:
    """Attack the application itself, at this CPTS."""
    totals: Counter[str] = Counter()
    for _ in range(campaigns):
        organisation = db.session.get_one(Organisation, organisation_id)
        totals.update(score(*attacked(organisation, send, chance)))
        _begin_again()
    return Found(campaigns, totals)


def attack_naive(campaigns: int, chance: random.Random) -> Found:
    """Attack both naive designs in the same way; of each way, what it finds where it finds most."""
    best: Counter[str] = Counter()
    for design in (naive.apart_attacked, naive.sealed_attacked):
        totals: Counter[str] = Counter()
        for _ in range(campaigns):
            totals.update(score(*design(chance)))
            naive.forget()
            _begin_again()
        best |= totals
    return Found(campaigns, best)


def broken(found: Found, engine: str) -> dict[str, float]:
    """The ways that do not even work on a naive design."""
    return {name: found.of_ten(name) for name in MUST_WORK[engine] if found.of_ten(name) < FOUND_IN_NAIVE}


def by_chance(found: Found) -> str:
    """One line: the best way, and what chance explains."""
    name, most = found.totals.most_common(1)[0]
    return (
        f"{most} links of {found.campaigns * PEOPLE} by the best way ({name}), {most / found.campaigns:.2f}/10; "
        f"chance: {found.campaigns}, at most {found.bound:.0f}"
    )


def _begin_again() -> None:
    """Remove the rows of a campaign; the CPTS stays, as the site knows it."""
    db.session.remove()
    with transaction():
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in OF_THE_CPTS:
                db.session.execute(table.delete())
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
