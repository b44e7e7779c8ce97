"""The machine: files and their rights, keys, disk, clock."""

import shlex
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url

from config import Settings
from cpts_sessions.core.clock import now
from cpts_sessions.core.french import number
from cpts_sessions.installation.doctor.findings import Finding, careful, good, wrong

_MEBIBYTE: Final = 1024 * 1024
_LEAST_MB: Final = 100
_COMFORT_MB: Final = 1000
#: An instant before the release of this version: a clock that shows it is wrong.
_OLDEST: Final = datetime(2026, 1, 1, tzinfo=UTC)


def examine_keys(settings: Settings, *, is_production: bool) -> list[Finding]:
    """Look at the master key, and at where the keys of boxes are."""
    return [*_master_key(settings, is_production=is_production), _keys_folder(settings, is_production=is_production)]


def _master_key(settings: Settings, *, is_production: bool) -> Iterator[Finding]:
    path = settings.master_key_file
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield wrong(
            f"La clé maîtresse {path} est lisible par d’autres (droits {mode:o}).",
            _chmod("600", path),
        )
    else:
        yield good(f"La clé maîtresse {path} n’est lisible que par le service.")
    beside = [one.name for one in _backups_beside(path)]
    if beside:
        advice = "Rangez les sauvegardes ailleurs : qui en trouverait une aurait aussi la clé."
        yield careful(f"La clé maîtresse est dans le même dossier qu’une sauvegarde ({beside[0]}).", advice)
    elif is_production and path.is_relative_to(settings.data_dir):
        advice = "Sans elle, les liens déjà envoyés ne s’ouvrent plus : gardez-en une copie sur un autre support."
        yield careful("La clé maîtresse est dans le dossier des données, et « backup » ne l’emporte pas.", advice)


def _chmod(mode: str, path: Path) -> str:
    return f"chmod {mode} {shlex.quote(str(path))}"


def _backups_beside(path: Path) -> list[Path]:
    return sorted(one for one in path.parent.glob("*.zip") if one.is_file())


def _keys_folder(settings: Settings, *, is_production: bool) -> Finding:
    folder = settings.keys_dir
    if not folder.exists():
        return good(f"Le dossier des clés d’urnes {folder} sera créé avec la première urne.")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        return wrong(
            f"Le dossier des clés d’urnes {folder} est ouvert à d’autres ({mode:o}).",
            _chmod("700", folder),
        )
    place = database_file(settings) or settings.data_dir
    if is_production and place.exists() and folder.stat().st_dev == place.stat().st_dev:
        advice = (
            "Mettez CPTS_KEYS_DIR sur un volume qui n’est pas copié avec la base : une copie du disque ne doit pas "
            "ouvrir les urnes."
        )
        return careful("Les clés des urnes sont sur le même volume que la base.", advice)
    return good("Les clés des urnes sont à part.")


def examine_disk(settings: Settings) -> Finding:
    """Look at the room left where the data are."""
    free = shutil.disk_usage(settings.data_dir).free // _MEBIBYTE
    told = f"Place libre sur le disque des données : {number(free)} Mo."
    if free < _LEAST_MB:
        return wrong(told, "Libérez de la place tout de suite : sans elle, plus rien ne s’enregistre.")
    if free < _COMFORT_MB:
        return careful(told, "Libérez de la place : les sauvegardes en demandent aussi.")
    return good(told)


def examine_files(settings: Settings) -> list[Finding]:
    """Look at who may read the SQLite file; nothing to say of a server."""
    path = database_file(settings)
    if path is None or not path.exists():
        return []
    mode = stat.S_IMODE(path.stat().st_mode)
    folder_mode = stat.S_IMODE(path.parent.stat().st_mode)
    if mode & 0o007 and folder_mode & 0o007:
        return [
            careful(
                f"Le fichier {path} est lisible par tous les comptes de la machine.",
                _chmod("700", path.parent),
            )
        ]
    return []


def database_file(settings: Settings) -> Path | None:
    """Return the SQLite file, or None with a server."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def examine_clock() -> Finding:
    """Look at the clock, and at the rules of the hour in Paris."""
    if now() < _OLDEST:
        return wrong(f"L’horloge de la machine dit {now():%d/%m/%Y}.", "Mettez la machine à l’heure (NTP).")
    try:
        summer = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Paris")).utcoffset()
    except ZoneInfoNotFoundError:
        summer = None
    if summer != timedelta(hours=2):
        return wrong("Cette machine ne connaît pas l’heure de Paris.", "Installez le paquet tzdata.")
    return good("L’horloge et l’heure de Paris sont justes.")
