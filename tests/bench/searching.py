"""How long the page of a search takes, with 5 000 persons and 500 sessions, whatever is typed.

python -m tests.bench.searching [--engine sqlite|postgresql]
"""

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import text

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person, identity_of
from cpts_sessions.programmes.models import GroupSession
from tests import databases
from tests.browsing import sign_in
from tests.factories import make_coordinator, make_organisation, make_programme
from tests.questionnaires.attacker.proof import installation

PERSONS, SESSIONS, TIMES = 5000, 500, 9
FIRST_NAMES = ("Claire", "Élodie", "Jean-Pierre", "Nadia", "Sophie", "Béatrice", "Marc", "Anne", "Louis", "Zoé")
LAST_NAMES = ("Lambert", "Bœglin", "Évrard", "Le Moyne", "Martin", "Durand", "d’Almeida", "Ferhat", "Nguyen", "Roux")
#: A name, one letter, a slip, nobody, a telephone, a date, a place, a profession.
TYPED = ("elodie lambert", "e", "lamberq claire", "zzzzz", "0600001234", "12 mars", "salle 3", "sage-femme")


def page_times(engine: str) -> dict[str, float]:
    """Return the median seconds of the page for each thing typed."""
    with TemporaryDirectory() as folder, installation(engine, Path(folder)) as (app, _):
        browser = _filled(app.test_client())
        if engine != "sqlite":
            with db.engine.begin() as connection:
                connection.execute(text("ANALYZE"))  # as the server does by itself, in its own time
        return {typed: median(_seconds(browser, typed) for _ in range(TIMES)) for typed in TYPED}


def figures(engine: str) -> Iterator[tuple[str, float, str, None]]:
    """Give the slowest of them."""
    slowest = max(page_times(engine).values())
    yield f"the slowest search among {PERSONS} persons and {SESSIONS} sessions, {engine}", slowest * 1000, "ms", None


def _seconds(browser: FlaskClient, typed: str) -> float:
    begun = time.perf_counter()
    answer = browser.get("/coordination/chercher", query_string={"q": typed})
    took = time.perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"« {typed} » answered {answer.status_code}")
    return took


def _filled(browser: FlaskClient) -> FlaskClient:
    organisation = make_organisation()
    programme, first_day = make_programme(organisation), now() - timedelta(days=3 * SESSIONS)
    with transaction():
        for number in range(PERSONS):
            first, last = FIRST_NAMES[number % 10], f"{LAST_NAMES[number // 10 % 10]} {LAST_NAMES[number // 100 % 10]}"
            email = f"p{number}@example.org"
            person = Person(
                organisation_id=organisation.id,
                first_name=first,
                last_name=last,
                email=email,
                identity=identity_of(email, first, last, None),
                profession_slug="sage-femme",
                phone=f"06 {number:08}",
            )
            db.session.add(person)
        for number in range(SESSIONS):
            starts_at = first_day + timedelta(days=3 * number)
            one = GroupSession(
                organisation_id=organisation.id,
                programme_id=programme.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2),
                status="held",
                place_name=f"Salle {number % 9}",
            )
            db.session.add(one)
    sign_in(browser, make_coordinator(organisation))
    return browser


def main() -> None:
    """Print the time of each search on each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=databases.ENGINES, action="append")
    for engine in parser.parse_args().engine or databases.ENGINES:
        for typed, seconds in page_times(engine).items():
            print(f"{engine}\t{typed}\t{seconds * 1000:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
