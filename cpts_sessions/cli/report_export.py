"""`cpts-sessions report export`: the report of a year, as a file."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpts_sessions.cli.scope import Misused, Refused, refusals_shown
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.organisations.queries import only_or_named
from cpts_sessions.reports.annual.contents import Audience
from cpts_sessions.reports.asked import day_asked, year_asked
from cpts_sessions.reports.exports.files import report_file
from cpts_sessions.reports.exports.formats import Format

_WHY = {
    errno.ENOENT: "le dossier n’existe pas",
    errno.ENOTDIR: "le dossier n’existe pas",
    errno.EISDIR: "c’est un dossier",
    errno.EACCES: "ce compte n’a pas le droit d’y écrire",
    errno.EPERM: "ce compte n’a pas le droit d’y écrire",
    errno.EROFS: "ce disque ne se laisse pas écrire",
    errno.ENOSPC: "le disque est plein",
    errno.EFBIG: "le fichier serait trop gros",
}


@click.command("export")
@click.option("--year", required=True, metavar="Y", help="The calendar year.")
@click.option("--as-of", metavar="DAY", help="Count as on the evening of this day (2025-12-20); default: now.")
@click.option("--format", "kind", required=True, type=click.Choice([one.value for one in Format]))
@click.option("--public", is_flag=True, help="To be published: professions under three people are grouped.")
@click.option("-o", "output", required=True, metavar="FILE", help="Replaced when it exists; - for the standard output.")
@click.option("--organisation", metavar="SLUG", help="Needed when there are several.")
@with_appcontext
def export(year: str, as_of: str | None, kind: str, public: bool, output: str, organisation: str | None) -> None:
    """Write the report of a year into FILE: for the CPAM, with exact counts, unless --public. All of it or nothing."""
    try:
        asked = year_asked(year), day_asked(as_of)
    except RuleBroken as refusal:
        raise Misused(str(refusal)) from refusal
    with refusals_shown():
        known = only_or_named(organisation)
    audience = Audience.PUBLIC if public else Audience.CPAM
    made = report_file(known, asked[0], Format(kind), audience, asked[1])
    if output == "-":
        click.echo(made.data, nl=False)
    else:
        _write(Path(output), made.data)
        click.echo(typo(f"Rapport {year} écrit dans {output}."))
    for sentence in made.to_reread:
        click.echo(typo(sentence), err=True)


def _write(path: Path, data: bytes) -> None:
    """Put these bytes in place of the file at once: a reader finds the old one or the new one, never half of it.

    Raises:
        Refused: the folder is missing, the disk is full, this account may not write there.
    """
    target = path.resolve()
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not target.is_file():  # a pipe, a terminal: nothing to replace; a folder refuses
            target.write_bytes(data)
            return
        with open(aside, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except OSError as fault:
        with suppress(OSError):
            aside.unlink()
        why = _WHY.get(fault.errno or 0, f"le système a refusé ({fault.strerror})")
        raise Refused(typo(f"Rien n’a été écrit dans {path} : {why}.")) from fault
