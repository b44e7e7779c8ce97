"""`cpts-sessions rsvp`: answers of agendas handed over by a mail server."""

import sys

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.core.french import typo
from cpts_sessions.mail.incoming import LARGEST_BYTES

#: What became of the mail, in words; what is not ours is the business of whoever handed it over.
_SAID = {
    "not_ours": "Ce message ne nous concerne pas : rien n’en est gardé.",
    "again": "Ce message avait déjà été lu.",
    "older": "Une réponse plus récente avait déjà été lue.",
    "too_late": "La séance a commencé ou n’a pas lieu : rien n’a changé.",
    "taken": "Réponse enregistrée.",
    "listed": "À regarder : voyez le courrier reçu.",
    "asked_again": "L’invitation avait été remplacée : la personne est de nouveau interrogée.",
    "bounced": "Message non remis : l’adresse est marquée.",
}
_LEFT_ALONE = 1
_TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the mail and hands it over again


@cli.group("rsvp")
def rsvp_cli() -> None:
    """The answers that come back from agendas."""


@rsvp_cli.command("ingest")
def ingest() -> None:
    """Read one mail on the standard input, for any CPTS: the invitation it answers says which.

    Exit 0 when it was ours, 1 when it is left alone, 75 to try again later.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from cpts_sessions.registrations import answers

    raw = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    try:
        what = answers.ingest(raw)
    except SQLAlchemyError as fault:
        click.echo(typo(f"La base de données ne peut pas servir : {type(fault).__name__}."), err=True)
        raise SystemExit(_TRY_LATER) from fault
    click.echo(typo(_SAID[what.value]))
    if what is answers.What.NOT_OURS:
        raise SystemExit(_LEFT_ALONE)
