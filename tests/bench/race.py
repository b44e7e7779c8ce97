"""200 people for 12 places, at once, through the real server.

python -m tests.bench.race [--engine sqlite|postgresql] [--people 200]
"""

import argparse
import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests import databases
from tests.bench.client import Connection
from tests.bench.running import running
from tests.bench.sign_ups import Form
from tests.bench.stage import open_session
from tests.processes import command, environment, free_port


def race(engine: str, people: int = 200, places: int = 12) -> dict[str, Any]:
    """Let everybody send the form at the same instant; return what the database then holds."""
    with tempfile.TemporaryDirectory() as name, databases.database(engine, Path(name), durable=True) as url:
        port = free_port()
        env = environment(Path(name), port, DATABASE_URL=url)
        command("db", "upgrade", env=env)
        command("start", "CPTS de la course", "--email", "eva@example.org", env=env)
        group_session = open_session(url, places)
        with running("cpts_sessions.cli.web_server", env=env, path="/"), ThreadPoolExecutor(1) as apart:
            # a thread of its own: a browser of the same run may hold the event loop of this one
            statuses = apart.submit(lambda: asyncio.run(_all_at_once(port, group_session, people))).result()
        return {"answers": statuses, **_found(url)}


async def _all_at_once(port: int, group_session: str, people: int) -> dict[int, int]:
    forms = [Form(port, group_session) for _ in range(people)]
    connections = [Connection(port) for _ in range(people)]
    for start in range(0, people, 20):  # the pages are opened beforehand, as people do
        pairs = zip(forms[start : start + 20], connections[start : start + 20], strict=True)
        await asyncio.gather(*(form.open(connection) for form, connection in pairs))
    answers = await asyncio.gather(
        *(form.send(connection, n) for n, (form, connection) in enumerate(zip(forms, connections, strict=True)))
    )
    for connection in connections:
        connection.close()
    return {status: answers.count(status) for status in set(answers)}


def _found(url: str) -> dict[str, Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        by_status = dict(connection.execute(text("SELECT status, count(*) FROM registration GROUP BY status")).all())
        ranks = connection.execute(
            text("SELECT \"values\" FROM outbox_message WHERE kind = 'liste_attente' ORDER BY id")
        ).scalars()
        told = sorted(_rank(values) for values in ranks)
        rows = connection.execute(
            text("SELECT count(*) FROM outbox_message WHERE registration_id IS NOT NULL")
        ).scalar_one()
    engine.dispose()
    return {"by_status": by_status, "outbox_rows": rows, "ranks": told}


def _rank(values: Any) -> int:
    import json

    found = json.loads(values) if isinstance(values, str) else values
    return int("".join(sign for sign in found["rang"] if sign.isdigit()))


def main() -> None:
    """Print what one race gave on each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=databases.ENGINES, action="append")
    parser.add_argument("--people", type=int, default=200)
    arguments = parser.parse_args()
    for engine in arguments.engine or databases.ENGINES:
        found = race(engine, arguments.people)
        ranks = found.pop("ranks")
        in_order = ranks == list(range(1, len(ranks) + 1))
        print(f"{engine}: {found}, ranks 1–{len(ranks)} each once: {in_order}")


if __name__ == "__main__":
    main()
