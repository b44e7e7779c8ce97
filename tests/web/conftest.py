"""Who coordinates, before the pages of the coordination; which pages are tried on both engines."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.browsing import sign_in
from tests.factories import make_coordinator, make_organisation, make_programme

#: The tests of what is searched, filtered, counted and refused by the database, and of every page (test_guards).
#: The others try what a page says and asks of services, which have their own tests on both engines: these run on
#: SQLite, and on PostgreSQL too with `sh scripts/test.sh --every-page`.
ON_BOTH = {
    "test_alerts",
    "test_busy_desk",
    "test_counting",
    "test_decisions",
    "test_desk",
    "test_duplicates_page",
    "test_figures_open_rows",
    "test_filtered_lists",
    "test_guards",
    "test_impossible_values",
    "test_invisible_signs",
    "test_kept_seats",
    "test_messages_page",
    "test_on_behalf",
    "test_persons",
    "test_planning",
    "test_polls",
    "test_registers",
    "test_search",
    "test_search_plans",
    "test_season",
    "test_sign_up",
    "test_small_numbers",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the pages whose test would say on PostgreSQL what it says on SQLite."""
    if config.getoption("every_page"):
        return
    left_out = [item for item in items if _is_left_out(item)]
    items[:] = [item for item in items if not _is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)


def _is_left_out(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    on_postgresql = given is not None and given.params.get("engine_name") == "postgresql"
    return on_postgresql and item.path.parent == Path(__file__).parent and item.path.stem not in ON_BOTH


@pytest.fixture
def organisation(app, clock):
    """A CPTS."""
    return make_organisation()


@pytest.fixture
def programme(organisation):
    """Its programme, ten places a session."""
    return make_programme(organisation, capacity=10)


@pytest.fixture
def coordinator(browser, organisation) -> FlaskClient:
    """The browser of whoever coordinates it."""
    sign_in(browser, make_coordinator(organisation, first_name="Sophie", last_name="Lambert"))
    return browser
