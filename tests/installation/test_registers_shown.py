"""The registers of the demonstration: 2025 as its report tells it, something of this year, nothing once it is gone."""

from datetime import UTC, date, datetime

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.founding import remove_demonstration
from cpts_sessions.registers import queries
from cpts_sessions.registers.models import Communication, HelpRequest, Step, SupportedPeople
from cpts_sessions.reports.sentences import registers as sentences

EVERY = (HelpRequest, Communication, SupportedPeople, Step)


def rows():
    return [db.session.query(one).count() for one in EVERY]


def in_year(organisation_id, year):
    """How many requests, communications and steps a year has, and how many people were supported."""
    return (
        sum(one.count for one in queries.requests_by_tool(organisation_id, year)),
        len(queries.communications(organisation_id, year)),
        len(queries.steps(organisation_id, year)),
        queries.supported_people(organisation_id, year),
    )


@pytest.fixture
def here(app, clock):
    """The id of the demonstration."""
    demonstration.load()
    return demonstration.find().id


def test_2025_is_told_as_its_report_tells_it(here):
    until = date(2025, 12, 20)
    table = queries.requests_by_tool(here, 2025, until)
    communications = [queries.called(one) for one in queries.communications(here, 2025, until)]
    requests = sentences.requests_sentence(sum(one.count for one in table), len(table), 2025)

    assert normalise(requests) == "31 sollicitations ont été reçues en 2025, pour 8 outils"
    assert normalise(sentences.communications_sentence(communications, 2025)) == (
        "5 communications ont été réalisées en 2025 : page du site, lettre d'information (mai 2025), "
        "stand au Colloque, atelier à la Kermesse et dépliants aux nouveaux membres"
    )
    assert in_year(here, 2025) == (31, 5, 5, 4)


def test_the_year_under_way_has_something_of_everything(here):
    assert in_year(here, 2026) == (2, 2, 1, 2)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 1, 1, 9, tzinfo=UTC), [(31, 5, 5, 4), (0, 0, 0, None), (2, 2, 1, 2)]),
        (datetime(2025, 12, 29, 9, tzinfo=UTC), [(31, 5, 5, 4), (0, 0, 0, None), (0, 0, 0, None)]),
    ],
)
def test_whatever_the_day_2025_keeps_exactly_what_it_has(app, clock, moment, expected):
    clock.move_to(moment)
    demonstration.load()
    here = demonstration.find().id

    assert [in_year(here, year) for year in (2025, 2026, 2027)] == expected


def test_they_go_away_with_the_demonstration(here):
    loaded = rows()
    with transaction():
        remove_demonstration()

    assert (0 in loaded, rows()) == (False, [0, 0, 0, 0])
