"""Forty senders who stop in the middle of a form do not stop the site."""

import socket
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from tests.bench.running import running
from tests.bench.stage import open_session
from tests.processes import command, environment, free_port

STALLED = 40
PATIENCE_S = 30.0


def test_forms_that_never_end_leave_the_site_to_the_others(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path, port)
    command("db", "upgrade", env=env)
    command("start", "CPTS des Trois Vallées", "--email", "eva@example.org", env=env)
    group_session = open_session(f"sqlite:///{tmp_path / 'cpts.db'}", 12)
    path = f"/seances/{group_session}/inscription"
    half = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 4000\r\n\r\nprenom=".encode()

    with running("cpts_sessions.cli.web_server", env=env, path="/"), ExitStack() as stalled:
        for _ in range(STALLED):
            sender = stalled.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
            sender.sendall(half)

        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_S) as answer:
            assert answer.status == 200
