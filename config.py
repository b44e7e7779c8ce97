"""Settings, read from the environment once. Every one is described in docs/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the installation says of itself. Durations carry their unit in the name."""

    data_dir: Path
    keys_dir: Path
    master_key_file: Path
    database_url: str
    public_url: str
    mail_address: str
    smtp_url: str | None
    imap_url: str | None
    imap_move: bool
    trusted_proxies: int
    host: str
    port: int


def _database_url(url: str) -> str:
    """Use psycopg 3 for PostgreSQL URLs, whichever of the usual spellings is given."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    typed = env.get(name) or str(default)
    if not typed.isdecimal():
        raise ValueError(f"{name} est un nombre entier : « {typed} » n’en est pas un.")
    return int(typed)


def from_environment(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        ValueError: PORT or TRUSTED_PROXIES is not a whole number; the sentence is in French.
    """
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("CPTS_DATA_DIR") or Path.cwd() / "instance").resolve()
    port = _whole_number(env, "PORT", 8000)
    return Settings(
        data_dir=data_dir,
        keys_dir=Path(env.get("CPTS_KEYS_DIR") or data_dir / "keys").resolve(),
        master_key_file=Path(env.get("CPTS_MASTER_KEY_FILE") or data_dir / "master.key").resolve(),
        database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'cpts.db'}"),
        public_url=(env.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        mail_address=env.get("CPTS_MAIL_ADDRESS") or "contact@cpts.example.org",
        smtp_url=env.get("SMTP_URL") or None,
        imap_url=env.get("IMAP_URL") or None,
        imap_move=env.get("IMAP_MOVE") == "1",
        trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0),
        host=env.get("CPTS_HOST") or "127.0.0.1",
        port=port,
    )
