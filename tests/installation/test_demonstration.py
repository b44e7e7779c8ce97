"""The demonstration is loaded once, on any day, opens to each role, and leaves nothing behind."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts import services as sign_in
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.founding import remove_demonstration
from cpts_sessions.organisations.models import Installation, Organisation
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registrations.models import Enrolment
from cpts_sessions.reports.season import season_report
from tests.installation.databases_read import total
from tests.installation.what_is_shown import THE_19, states


@pytest.fixture
def loaded(app, clock):
    demonstration.load()
    return demonstration.find()


def test_each_role_has_somebody_and_a_link_that_opens_for_an_hour_in_any_browser(loaded, clock):
    entrances = demonstration.entrances()
    assert [(entrance.role, entrance.person.full_name) for entrance in entrances] == [
        ("Coordination", "Eva Martin"),
        ("Animation", "Olivier Chastel"),
        ("Participante", "Hélène Vautrin"),
    ]
    clock.shift(timedelta(minutes=59))
    opened = [
        sign_in.open_by_token(loaded.id, entrance.url.rpartition("/")[2], None, "Firefox") for entrance in entrances
    ]
    roles = [accounts.signed_in(secret, loaded.id).roles.names for secret in opened]
    assert roles == [
        frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
        frozenset({RoleName.ANIMATOR}),
        frozenset(),
    ]


def test_it_is_loaded_once_and_not_again_after_it_went_away(app, clock):
    assert demonstration.load(if_never=True) is True
    with pytest.raises(RuleBroken, match=r"^La démonstration est déjà chargée\. Rien n’a changé\.$"):
        demonstration.load()
    with transaction():
        remove_demonstration()
    assert demonstration.load(if_never=True) is False
    assert total(Organisation) == 0


def test_removing_it_leaves_no_row_behind(loaded):
    with transaction():
        remove_demonstration()
    left = {table.name: total(table) for table in db.metadatas[None].sorted_tables}
    assert {name: rows for name, rows in left.items() if rows} == {"installation": 1}
    assert db.session.execute(select(Installation)).scalar_one().first_organisation_at == now()


def test_it_follows_the_public_address_and_the_sender(loaded, app):
    was = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(was)(**{**vars(was), "public_url": "https://essai.example.org"})
    try:
        assert (demonstration.follow_settings(), demonstration.follow_settings()) == (True, False)
    finally:
        app.config["SETTINGS"] = was
    assert demonstration.find().public_url == "https://essai.example.org"


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 1, 1, 11, 30, tzinfo=UTC),  # yesterday was 2025
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),  # the hour changes in a minute
        datetime(2027, 3, 26, 21, 30, tzinfo=UTC),  # under its minimum on the day of the change
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 6, 0, tzinfo=UTC),
        datetime(2026, 12, 30, 22, 59, tzinfo=UTC),  # the season ends tomorrow
        datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
        datetime(2027, 4, 30, 12, 0, tzinfo=UTC),
    ],
    ids=lambda instant: instant.strftime("%Y-%m-%d"),
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # it is the day that is tried, not the engine
def test_it_can_be_loaded_on_any_day(app, clock, instant):
    clock.move_to(instant)
    demonstration.load()

    organisation = demonstration.find()
    report = season_report(organisation.id, 2025, date(2025, 12, 20))
    assert normalise(report.part("30").sentence) == THE_19
    assert normalise(report.part("30").figures_sentence) == (
        "19 inscrits distincts, 17 présents distincts, 77 présences cumulées"
    )
    told = states()
    assert told["cercle-de-paroles: full"] == told["cercle-de-paroles: below_minimum"] == 1
    assert told.get("cercle-de-paroles: to_close", 0) == (0 if instant.date() == date(2026, 1, 1) else 1)
    gapp = programmes.programme_by_slug(organisation.id, "gapp")
    assert total(Enrolment, Enrolment.programme_id == gapp.id, Enrolment.season > 2025) in (3, 6)
    assert db.session.execute(select(Programme.slug).order_by(Programme.sort_order)).scalars().all() == [
        "gapp",
        "cercle-de-paroles",
        "vade-mecum-printemps",
        "vade-mecum-automne",
    ]
