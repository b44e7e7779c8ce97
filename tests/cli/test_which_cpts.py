"""Which CPTS a command is about, when several share an installation."""

import click

from cpts_sessions.cli.main import cli
from cpts_sessions.core.french import normalise
from tests.factories import make_organisation

#: The commands of the whole installation, with what `--help` says of that.
WHOLE = {
    "backup": "of every CPTS",
    "bench seed": "",  # for developers: it invents CPTS
    "db upgrade": "the database",
    "demo links": "the demonstration",
    "demo load": "the demonstration",
    "doctor": "every CPTS of it",
    "outbox pending": "of every CPTS",
    "outbox show": "of any CPTS",  # by its number; --organisation only narrows
    "restore": "every CPTS of it",
    "rsvp ingest": "for any CPTS",
    "serve": "the site",
    "start": "a second one too",
    "web": "the site",
    "worker": "the background work",
}
#: Those of one CPTS, as one would type them.
OF_ONE = {
    "answers import": ("FILE", "--programme", "gapp", "--year", "2026", "--invited", "6"),
    "attendance import": ("FILE", "--programme", "gapp"),
    "boxes renew": ("--yes",),
    "login-link": ("eva.martin@example.org",),
    "people import": ("FILE",),
    "report export": ("--year", "2026", "--format", "csv", "-o", "FILE.csv"),
    "report show": ("--year", "2026"),
    "requests import": ("FILE", "--year", "2026"),
    "role grant": ("eva.martin@example.org", "coordinator", "--name", "Eva Martin"),
    "sessions import": ("FILE",),
}


def commands(group, *above):
    """Every command, by the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        if isinstance(one, click.Group):
            yield from commands(one, *above, name)
        else:
            yield " ".join((*above, name)), one


def test_every_command_is_of_one_cpts_and_takes_its_name_or_says_that_it_is_of_all():
    known = dict(commands(cli))
    assert set(known) == {*WHOLE, *OF_ONE}
    assert [name for name in OF_ONE if "organisation" not in {one.name for one in known[name].params}] == []
    assert [name for name, said in WHOLE.items() if said not in " ".join((known[name].help or "").split())] == []


def test_a_command_of_one_cpts_refuses_when_there_are_several_and_none_is_named(app, clock, tmp_path):
    make_organisation(slug="ambre")
    make_organisation(slug="rives", public_url="https://rives.example.org")
    file = tmp_path / "liste.csv"
    file.write_text("Nom;Prénom;E-mail\nMartin;Eva;eva.martin@example.org\n")

    said = {}
    for name, words in OF_ONE.items():
        ended = app.test_cli_runner().invoke(cli, [*name.split(), *(word.replace("FILE", str(file)) for word in words)])
        said[name] = (ended.exit_code, normalise(ended.output).strip())

    which = "Il y a plusieurs CPTS : précisez --organisation SLUG parmi ambre et rives."
    assert said == dict.fromkeys(OF_ONE, (1, which))
    assert list(tmp_path.iterdir()) == [file]
