"""What every command shares: a refusal is one French sentence, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from cpts_sessions.core.errors import RuleBroken


class Refused(click.ClickException):
    """A refusal in French; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence as it is, on the error output."""
        click.echo(self.format_message(), file=file, err=file is None)


class Misused(Refused):
    """A value that means nothing: exit code 2, as for any wrong use of a command."""

    exit_code = 2


@contextmanager
def refusals_shown() -> Iterator[None]:
    """End the command with the sentence of a rule that refuses, exit code 1."""
    try:
        yield
    except RuleBroken as refusal:
        raise Refused(str(refusal)) from refusal
