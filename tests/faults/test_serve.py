"""`cpts-sessions serve` with its real processes: it opens, starts again what dies, and leaves nobody behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.web.site import create_app
from tests.conftest import settings
from tests.faults.running import Site, is_running
from tests.processes import until


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path / 'cpts.db'}"
    app = create_app(settings(tmp_path, url))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    with Site(tmp_path, url) as running:
        yield running


def test_whichever_process_is_killed_the_site_is_well_again(site: Site) -> None:
    for name in ("answering", "web", "worker"):
        before = site.processes()
        site.kill(before[name])
        until(lambda gone=before[name]: gone not in site.processes().values(), f"the end of {name}")  # type: ignore[misc]
        until(lambda: len(site.processes()) == 3 and site.is_well(), f"a new start after the death of {name}")

        assert site.processes()[name] != before[name]


def test_when_the_supervisor_is_killed_nobody_is_left(site: Site) -> None:
    processes = site.processes()
    site.end(signal.SIGKILL)

    until(lambda: not any(map(is_running, processes.values())), "the end of the processes of a dead supervisor")

    assert (len(processes), site.health()) == (3, 0)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_both_and_says_nothing_is_wrong(site: Site, how: signal.Signals) -> None:
    processes = site.processes()
    until(lambda: site.log.read_text().count("\n") == 3, "the words that say where to go, and how to begin")

    code = site.end(how)

    assert (code, [name for name, pid in processes.items() if is_running(pid)]) == (0, [])
    assert sorted(site.log.read_text().splitlines()) == [
        'Aucune CPTS ici pour l’instant. Commencez par\u00a0: cpts-sessions start "CPTS …" --email prenom.nom@…',
        "Ctrl-C l’arrête.",
        f"Le site est ouvert\u00a0: {site.url}",
    ]


def test_a_terminal_that_closes_changes_nothing(site: Site) -> None:
    before = site.processes()
    for pid in (site.pid, *before.values()):
        site.kill(pid, signal.SIGHUP)

    assert (site.health(), site.processes()) == (200, before)


def test_a_port_that_is_taken_is_said_at_once(site: Site, tmp_path: Path) -> None:
    second = Site(tmp_path, "sqlite://", port=site.port)

    assert second.refusal() == (
        1,
        f"Le port {site.port} est déjà pris\u00a0: choisissez-en un autre, par exemple PORT=9000.\n",
    )


def test_a_mail_server_that_cannot_be_one_is_said_and_nothing_runs(tmp_path: Path) -> None:
    wrong = Site(tmp_path, f"sqlite:///{tmp_path / 'cpts.db'}", smtp_url="mail.example.org")

    code, said = wrong.refusal()

    assert code == 1
    assert "SMTP_URL commence par smtp://, smtp+starttls:// ou smtps://." in said


def test_the_supervisor_never_imports_the_application() -> None:
    program = "import sys, cpts_sessions.cli.supervisor; print({'flask', 'sqlalchemy', 'granian'} & sys.modules.keys())"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said == "set()\n"
