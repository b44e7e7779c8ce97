"""/healthz, which a probe asks."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from time_machine import Traveller

from cpts_sessions.extensions import db
from cpts_sessions.mail import services
from tests.conftest import Browser


@pytest.mark.parametrize(
    ("silence", "answer"),
    [
        (0, (200, "ok\n")),
        (60, (200, "ok\n")),
        (75, (503, "Le travail de fond ne donne plus signe de vie depuis 75 s.\n")),
    ],
)
def test_the_site_is_well_while_its_worker_is_at_work(
    app: Flask, browser: Browser, clock: Traveller, silence: int, answer: tuple[int, str]
) -> None:
    services.beat()
    clock.shift(timedelta(seconds=silence))

    response = browser.get("/healthz")

    assert (response.status_code, response.text) == answer
    assert response.headers["Cache-Control"] == "no-store"


def test_before_the_first_turn_of_the_worker_it_is_not(app: Flask, browser: Browser) -> None:
    response = browser.get("/healthz")

    assert (response.status_code, response.text) == (503, "Le travail de fond n’a pas encore démarré.\n")


def test_without_its_database_it_says_so(app: Flask, browser: Browser) -> None:
    db.session.execute(text("ALTER TABLE worker_beat RENAME TO elsewhere"))
    db.session.commit()
    try:
        response = browser.get("/healthz")
    finally:
        db.session.execute(text("ALTER TABLE elsewhere RENAME TO worker_beat"))
        db.session.commit()

    assert (response.status_code, response.text) == (503, "La base de données ne répond pas.\n")
