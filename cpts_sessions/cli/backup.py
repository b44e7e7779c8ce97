"""`cpts-sessions backup` and `restore`: the whole database in one file, and back."""

from pathlib import Path

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.clock import local
from cpts_sessions.core.french import counted, hour, listing, number, typo, weekday_day
from cpts_sessions.installation.archive import Manifest
from cpts_sessions.installation.backup import back_up
from cpts_sessions.installation.restore import restore as put_back


@cli.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole database, of every CPTS, into FILE while everything runs.

    The master key and the keys of boxes are not in it.
    """
    with refusals_shown():
        manifest = back_up(file)
    click.echo(typo(f"Sauvegarde écrite dans {file} : {_rows(manifest)}, {number(file.stat().st_size // 1024)} ko."))
    click.echo("La clé maîtresse n’y est pas : gardez-en une copie ailleurs, une fois pour toutes.")


@cli.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Even when a real CPTS stands here: it is replaced.")
@click.option("--keep-queued", is_flag=True, help="Let the messages that waited leave; some may leave a second time.")
def restore(file: Path, replace: bool, keep_queued: bool) -> None:
    """Put the database of FILE, every CPTS of it, in place of the present one, all or nothing, on either engine."""
    with refusals_shown():
        done = put_back(file, replace=replace, keep_queued=keep_queued)
    made = local(done.manifest.made)
    click.echo(typo(f"Sauvegarde du {weekday_day(made)} à {hour(made)} restaurée : ") + f"{_rows(done.manifest)}.")
    if done.manifest.organisations:
        click.echo(typo(f"CPTS en place : {listing(done.manifest.organisations)}."))
    if done.replaced:
        click.echo(typo(f"Remplacée : {listing(done.replaced)}."))
    if done.stopped:
        messages = counted(done.stopped, "message attendait", "messages attendaient")
        click.echo(
            typo(
                f"{messages} : aucun ne repart de lui-même, pour que personne ne le reçoive deux fois. "
                "Renvoyez ceux qui manquent depuis la page des messages."
            )
        )
    if not done.same_key:
        click.echo(
            typo(
                "Attention : la clé maîtresse n’est pas celle de la sauvegarde. Les liens personnels déjà envoyés "
                "n’ouvrent plus rien, et les agendas ne reconnaissent plus les anciennes invitations. "
                "Les questionnaires en cours n’auront pas de nouveaux liens : seuls ceux déjà reçus serviront, après "
                "« cpts-sessions boxes renew », sans les réponses données jusqu’ici. "
                "Si vous avez l’ancien fichier master.key, remettez-le et restaurez à nouveau."
            )
        )
    click.echo("Chacun doit se reconnecter.")


def _rows(manifest: Manifest) -> str:
    return counted(sum(entry.rows for entry in manifest.tables.values()), "ligne", "lignes")
