"""The figures of the product, one a line: name, value, unit, ratio, machine.

python -m tests.bench
"""

import asyncio
import platform
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from os import cpu_count
from pathlib import Path

from tests import databases
from tests.bench.client import Connection, percentile, requests_per_second, spread
from tests.bench.exporting import figures as of_report_files
from tests.bench.ingesting import mails_per_second
from tests.bench.neighbours import figures as of_neighbours
from tests.bench.paper import sheets
from tests.bench.race import race
from tests.bench.running import memory_mb, running
from tests.bench.sealing import answer_times
from tests.bench.searching import figures as of_a_search
from tests.bench.seasons import figures as of_a_season
from tests.bench.sign_ups import Form
from tests.bench.stage import open_session, personal_link
from tests.processes import command, environment, free_port

CLIENTS = 8
SIGN_UPS = 1500
ROUNDS = 3
CROWD = 1000


def machine() -> str:
    """Name the machine the figures belong to."""
    names = (
        re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else []
    )
    return f"{names[0] if names else platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}"


def main() -> None:
    """Print every figure."""
    where = machine()
    for name, value, unit, ratio in figures():
        shown = f"{ratio:.2f}" if ratio is not None else "-"
        print(f"{name}\t{value:.1f}\t{unit}\t{shown}\t{where}", flush=True)


def figures() -> Iterator[tuple[str, float, str, float | None]]:
    """Measure on a demonstration of our own, served as `cpts-sessions serve` does, on SQLite."""
    yield from sheets()
    yield from of_report_files()
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        env = environment(Path(name), port)
        url = f"sqlite:///{Path(name) / 'cpts.db'}"
        command("db", "upgrade", env=env)
        command("demo", "load", env=env)
        group_session = open_session(url, 20)
        with running("cpts_sessions.cli.supervisor", env=env) as (process, cold_start):
            yield "cold start", cold_start, "s", None
            pages = {"agenda": "/", "session page": f"/seances/{group_session}"}
            asyncio.run(_sign_ups(port, group_session, 3, base=10**6))
            pages["one .ics"] = personal_link(url, Path(name)) + "/seance.ics"
            yield from _compared(port, pages)
            crowd = open_session(url, 10**6)
            took, seconds = asyncio.run(_sign_ups(port, crowd, SIGN_UPS))
            yield "sign-ups, 8 clients", SIGN_UPS / seconds, "per s", None
            yield "sign-ups, median", percentile(took, 0.5) * 1000, "ms", None
            yield "sign-ups, p99", percentile(took, 0.99) * 1000, "ms", None
            yield "memory of web, worker and supervisor (PSS)", memory_mb(process.pid), "MB", None
            yield from _cold_agenda(port)
    for engine in databases.ENGINES:
        yield from of_a_season(engine)
        yield from of_a_search(engine)
        answers = race(engine, CROWD)["answers"]
        yield f"{CROWD} at once for 12 places, errors, {engine}", CROWD - answers.get(303, 0), "errors", None
        yield f"an answer in a box of 40, {engine}", percentile(answer_times(engine, 40), 0.5) * 1000, "ms", None
        yield f"answers of agendas, {engine}", mails_per_second(engine), "per s", None
    yield from of_neighbours()


def _compared(port: int, pages: dict[str, str]) -> Iterator[tuple[str, float, str, float]]:
    """Measure each page in turn with a bare Flask page on the same server, and keep the median of the rounds."""
    bare_port = free_port()
    with running("tests.bench.bare", env=environment(Path("/nonexistent"), bare_port), path="/"):
        for name, path in pages.items():
            rounds = []
            for _ in range(ROUNDS):
                bare = asyncio.run(requests_per_second(bare_port, "/"))
                ours = asyncio.run(requests_per_second(port, path))
                rounds.append((ours / bare, ours, bare))
            ratio, ours, bare = sorted(rounds)[ROUNDS // 2]
            yield name, ours, f"per s (bare page: {bare:.0f})", ratio


async def _sign_ups(port: int, group_session: str, count: int, base: int = 0) -> tuple[list[float], float]:
    """Send so many forms, opened beforehand, from CLIENTS at a time; return their seconds and the time of all."""
    forms = [Form(port, group_session) for _ in range(count)]
    opening = Connection(port)
    for form in forms:
        await form.open(opening)
    opening.close()
    connections = [Connection(port) for _ in range(CLIENTS)]

    async def one(number: int) -> None:
        connection = connections.pop()
        status = await forms[number].send(connection, base + number)
        connections.append(connection)
        if status != 303:
            raise RuntimeError(f"a sign-up answered {status}")

    loop = asyncio.get_running_loop()
    started = loop.time()
    took = await spread([partial(one, number) for number in range(count)], CLIENTS)
    seconds = loop.time() - started
    for connection in connections:
        connection.close()
    return took, seconds


def _cold_agenda(port: int) -> Iterator[tuple[str, float, str, None]]:
    """Open the agenda in a real browser that knows nothing of it; count requests and bytes, headers included."""
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.flags())
        page = browser.new_page(viewport={"width": 360, "height": 740})
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: dict[str, float] = {}
        session.on("Network.loadingFinished", lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"]))
        page.goto(f"http://127.0.0.1:{port}/", wait_until="networkidle")
        browser.close()
    yield "agenda cold, requests", len(sizes), "requests", None
    yield "agenda cold, bytes", sum(sizes.values()) / 1000, "kB", None


if __name__ == "__main__":
    main()
