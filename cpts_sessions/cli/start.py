"""`cpts-sessions start`: a real CPTS."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.cli.scope import refusals_shown
from cpts_sessions.core.french import NBSP, typo
from cpts_sessions.installation.founding import FIRST_STEPS, found


@cli.command("start")
@click.argument("name", metavar='"CPTS …"')
@click.option("--email", required=True, help="The first coordinator's own address.")
@click.option("--name", "coordinator", metavar='"Prénom Nom"', help="Her name; read from the address by default.")
@click.option("--public-url", metavar="URL", help="Where its pages answer; PUBLIC_URL by default.")
@click.option("--mail-address", metavar="EMAIL", help="The sender of its e-mails; CPTS_MAIL_ADDRESS by default.")
def start(name: str, email: str, coordinator: str | None, public_url: str | None, mail_address: str | None) -> None:
    """Start a CPTS, a second one too, and give its first coordinator a way in; the demonstration goes away."""
    with refusals_shown():
        founded = found(name, email, coordinator=coordinator, public_url=public_url, mail_address=mail_address)
    organisation = founded.organisation
    click.echo(typo(f"La {organisation.name} est prête, à l’adresse {organisation.public_url}"))
    click.echo(typo(f"Ses messages partent de {organisation.mail_address}"))
    if founded.replaced_demonstration:
        click.echo("Les personnes et les séances inventées de la démonstration ont disparu.")
    for way_in in founded.ways_in:
        click.echo(f"{way_in.person.full_name}, {way_in.minutes}{NBSP}minutes{NBSP}: {way_in.url}?suite={FIRST_STEPS}")
    click.echo(typo("Ce lien mène aux premiers pas : dix minutes jusqu’à la première inscription."))
    click.echo(typo(f"Passé ce délai : cpts-sessions login-link {email.strip().lower()}"))
