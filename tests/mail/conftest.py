"""A CPTS whose messages are handed to a real mail server."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from time_machine import Traveller

from cpts_sessions.organisations.models import Organisation
from tests.factories import make_organisation
from tests.mail.outgoing import configure
from tests.smtp_sink import SmtpSink

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path) as server:
        yield server


@pytest.fixture
def organisation(app: Flask, sink: SmtpSink, clock: Traveller) -> Iterator[Organisation]:
    """A CPTS whose messages are handed to the sink."""
    configure(app, sink.url)
    yield make_organisation()
    configure(app, None)
