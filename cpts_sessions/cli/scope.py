"""What every command shares: a refusal is one French sentence, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from cpts_sessions.core.errors import RuleBroken


@contextmanager
def refusals_shown() -> Iterator[None]:
    """End the command with the sentence of a rule that refuses, exit code 1."""
    try:
        yield
    except RuleBroken as refusal:
        raise click.ClickException(str(refusal)) from refusal
