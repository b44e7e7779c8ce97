"""`cpts-sessions outbox`: messages as only the server may see them, and how many wait."""

import click

from cpts_sessions.attendance.papers import paper_of
from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import Refused, refusals_shown
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, typo
from cpts_sessions.mail import queries
from cpts_sessions.mail.envelope import compose
from cpts_sessions.organisations.queries import frame_of, only_or_named


@cli.group("outbox")
def outbox_cli() -> None:
    """The messages that wait, left or failed."""


@outbox_cli.command("show")
@click.argument("given", metavar="ID")
@click.option("--raw", is_flag=True, help="The very bytes that would leave.")
@click.option("--organisation", metavar="SLUG", help="Show it only if it is one of this organisation's.")
def show(given: str, *, raw: bool, organisation: str | None) -> None:
    """Print a whole message of any CPTS as it would leave, personal links included; ID: its number or public id."""
    row = queries.find(given)
    with refusals_shown():
        wanted = only_or_named(organisation).id if organisation else None
    if row is None or wanted not in (None, row.organisation_id):
        raise Refused(typo(f"Aucun message {given}."))
    try:
        paper = paper_of(row.attachment) if row.attachment else None
        message = compose(row, frame_of(row.organisation_id), paper)
    except RuleBroken as refusal:
        raise Refused(str(refusal)) from refusal
    except (KeyError, FileNotFoundError, ValueError) as error:
        raise Refused(typo(f"Ce message ne peut pas être composé : {error}")) from error
    if raw:
        click.echo(message.as_bytes(), nl=False)
        return
    for name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID"):
        click.echo(f"{name}: {message[name]}")
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/html", "text/calendar"):
            click.echo(f"\n--- {part['Content-Type']}\n")
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            click.echo(content.decode())
        elif part.get_content_type() == "application/pdf":
            click.echo(f"\n--- {part.get_filename()}")


@outbox_cli.command("pending")
@click.option("--fail-above", type=int, default=None, metavar="N", help="Exit 1 above this many messages.")
def pending(fail_above: int | None) -> None:
    """Print how many messages of every CPTS wait; for a monitoring probe."""
    count = queries.count_waiting()
    click.echo(f"{counted(count, 'message', 'messages')} en attente")
    if fail_above is not None and count > fail_above:
        raise SystemExit(1)
