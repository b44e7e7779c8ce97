"""Other applications on the database of a test: with other settings, or with pages of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

import config
from cpts_sessions.extensions import db
from cpts_sessions.web.site import create_app
from tests.conftest import Browser


@contextmanager
def another_site(app: Flask, **changes: Any) -> Iterator[Flask]:
    """Give an application like `app`, that answers as for real, with some settings changed."""
    site = create_app(config.Settings(**{**vars(app.config["SETTINGS"]), **changes}))
    site.test_client_class = Browser
    try:
        yield site
    finally:
        with site.app_context():
            db.engine.dispose()
