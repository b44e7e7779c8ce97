"""A setting or a database that cannot be used: one sentence in French, never a trace of the code."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cpts_sessions.cli import lifeline
from cpts_sessions.cli.supervisor import Child
from cpts_sessions.core.french import normalise
from tests.processes import until, with_settings


def said_by(*words: str, folder: Path, **settings: str) -> tuple[int, str]:
    """The exit code of a command in an installation of its own, and what it says."""
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("cpts-sessions")), *words],
        env=with_settings({"CPTS_DATA_DIR": str(folder), **settings}),
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, normalise(ended.stdout + ended.stderr).strip()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "PORT est un nombre entier : « abc » n'en est pas un."),
        ("TRUSTED_PROXIES", "un", "TRUSTED_PROXIES est un nombre entier : « un » n'en est pas un."),
        ("SMTP_URL", "smtps://moi:mot/passe@smtp.example.org:465", "SMTP_URL : le port n'est pas un nombre valable."),
    ],
)
def test_a_setting_that_cannot_be_one_is_said_without_a_trace(tmp_path, name, value, sentence):
    assert said_by("db", "upgrade", folder=tmp_path, **{name: value}) == (1, f"Error: {sentence}")


def test_help_lists_no_option_that_would_start_another_application(tmp_path):
    code, said = said_by("--help", folder=tmp_path)
    assert (code, "--app" in said, "--debug" in said, "doctor" in said) == (0, False, False, True)


def test_a_taken_port_is_said_before_anything_is_prepared(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "cpts_sessions.cli.port"],
            env=with_settings({"CPTS_DATA_DIR": str(tmp_path), "PORT": port}),
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ended.returncode, normalise(ended.stderr), list(tmp_path.iterdir())) == (
        1,
        f"Le port {port} est déjà pris : choisissez-en un autre, par exemple PORT=9000.\n",
        [],
    )


def test_a_key_file_without_a_key_asks_for_its_copy(tmp_path):
    key = tmp_path / "master.key"
    key.write_text("perdue")

    assert said_by("db", "upgrade", folder=tmp_path) == (
        1,
        f"Error: {key} ne contient pas une clé maîtresse. Remettez-y la copie que vous avez gardée.",
    )


def test_why_nothing_starts_is_said_once_by_the_site_and_the_worker(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(lifeline.SAID, str(tmp_path / "said"))
    lifeline.refuse("Ce fichier ne contient pas une clé.")
    lifeline.refuse("Ce fichier ne contient pas une clé.")
    assert capsys.readouterr().err == "Ce fichier ne contient pas une clé.\n"

    reading, writing = os.pipe()
    child = Child("Le site", "platform", reading, tmp_path / "said")  # its code says nothing: granian has its own
    until(lambda: not child.tend(), "the end of a site that refused to start")
    os.close(reading)
    os.close(writing)
    assert "nouveau départ" not in capsys.readouterr().out


def test_a_file_that_is_no_database_is_said_without_a_trace(tmp_path):
    (tmp_path / "cpts.db").write_bytes(b"ceci est une photo" * 300)

    assert said_by("db", "upgrade", folder=tmp_path) == (
        1,
        "La base de données ne peut pas servir : file is not a database. « cpts-sessions doctor » dit quoi faire.",
    )


def test_a_cpts_cannot_start_before_the_tables_and_doctor_is_named(tmp_path):
    assert said_by("start", "CPTS", "--email", "eva.martin@example.org", folder=tmp_path) == (
        1,
        "La base de données ne peut pas servir : no such table: installation. « cpts-sessions doctor » dit quoi faire.",
    )


def test_the_folder_of_the_data_opens_for_its_account_only(tmp_path):
    folder = tmp_path / "donnees"

    assert said_by("db", "upgrade", folder=folder) == (0, "Base de données à jour.")
    assert folder.stat().st_mode & 0o777 == 0o700
