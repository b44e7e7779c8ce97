"""What the desk and the report of one CPTS cost among eight hundred, on PostgreSQL.

python -m tests.bench.neighbours [--organisations 800] [--years 5]
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import text

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.installation import neighbours
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.web.site import create_app
from tests import databases
from tests.browsing import sign_in
from tests.conftest import settings
from tests.counting_queries import statements

ORGANISATIONS, YEARS = 800, 5
LOOKS = 40

Cost = tuple[float, int]
Figure = tuple[str, float, str, float | None]


def figures(organisations: int = ORGANISATIONS, years: int = YEARS) -> Iterator[Figure]:
    """Measure each page while its CPTS is alone, then among the others; one installation, one database.

    Raises:
        RuntimeError: a page asks the database more often among others than alone.
    """
    with tempfile.TemporaryDirectory() as name, databases.database("postgresql", Path(name), durable=True) as url:
        app = create_app(settings(Path(name), url))
        with app.app_context():
            upgrade()
            alone = _costs_with(app.test_client(), 1, years)
            among = _costs_with(app.test_client(), organisations, years)
            db.session.remove()
            db.engine.dispose()
    for page, (seconds, queries) in among.items():
        if queries != alone[page][1]:
            raise RuntimeError(f"{page}: {alone[page][1]} statements alone, {queries} among {organisations} CPTS")
        ratio = seconds / alone[page][0]
        yield f"{page} among {organisations} CPTS, {queries} statements", seconds * 1000, "ms", ratio


def _costs_with(browser: FlaskClient, organisations: int, years: int) -> dict[str, Cost]:
    """Add CPTS until there are so many; return the cost of each page of the first one."""
    neighbours.add(organisations, years)
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself, in its own time
    first = db.session.query(Organisation).filter_by(slug=neighbours.SLUG.format(number=1)).one()
    with current_app.app_context():  # what a request keeps in its context is its own
        sign_in(browser, db.session.query(Person).filter(Person.organisation_id == first.id, Person.email != "").one())
    year = now().year
    pages = {
        "the desk": "/coordination",
        "the report of a year": f"/coordination/rapport/{year}",
        "a page of the report": f"/coordination/rapport/{year}/action-30",
        "counting": "/coordination/compter",
    }
    base_url = first.public_url
    return {name: _cost(browser, path, base_url) for name, path in pages.items()}


def _cost(browser: FlaskClient, path: str, base_url: str) -> Cost:
    """Return the median seconds of a page, and its statements, without those sent once a second or a minute."""
    took, sizes = [], []
    for _ in range(LOOKS):
        db.session.remove()
        with current_app.app_context(), statements() as sent:
            started = time.perf_counter()
            response = browser.get(path, base_url=base_url, follow_redirects=True)
            took.append(time.perf_counter() - started)
            sizes.append(len(sent))
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status}")
    return median(took[2:]), min(sizes)


def main() -> None:
    """Print each page: its time among the others, and how many times what it takes alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=ORGANISATIONS)
    parser.add_argument("--years", type=int, default=YEARS)
    given = parser.parse_args()
    for name, value, unit, ratio in figures(given.organisations, given.years):
        print(f"{name}\t{value:.1f} {unit}\t{ratio:.2f} x alone", flush=True)


if __name__ == "__main__":
    main()
