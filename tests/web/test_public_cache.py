"""Public pages kept ready: the same for everyone, never older than what visitors may see."""

import gzip
from datetime import timedelta

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.web import public_pages
from tests.browsing import page_words, sign_in
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)


def change(row, **values) -> None:
    with transaction():
        for name, value in values.items():
            setattr(row, name, value)


def cpts_of(programme) -> Organisation:
    return db.session.get_one(Organisation, programme.organisation_id)


def session_url(group_session) -> str:
    return f"/seances/{group_session.public_id}"


@pytest.fixture
def ours(app, clock):
    """A CPTS with its GAPP; the clock stands still."""
    return make_programme(make_organisation())


def test_the_page_is_the_same_for_everyone_and_sets_no_cookie(app, browser, ours):
    group_session = make_group_session(ours)
    somebody = app.test_client()
    sign_in(somebody, make_person(cpts_of(ours)))

    for path in ("/", session_url(group_session)):
        anonymous, signed_in = browser.get(path), somebody.get(path)
        assert anonymous.data == signed_in.data
        assert "Set-Cookie" not in signed_in.headers
        assert (signed_in.headers["Vary"], signed_in.headers["Cache-Control"]) == (
            "Accept-Encoding",
            "public, max-age=0, must-revalidate",
        )
        assert "csrf_token" not in anonymous.get_data(as_text=True)


def test_a_browser_that_has_the_page_is_told_so_until_it_changes(browser, ours):
    group_session = make_group_session(ours)
    first = browser.get("/")
    known = [("If-None-Match", first.headers["ETag"])]

    again = browser.get("/", headers=known)
    change(group_session, capacity=7)
    changed = browser.get("/", headers=known)

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (changed.status_code, "Il reste 7 places" in page_words(changed)) == (200, True)


def test_a_page_is_packed_when_the_browser_reads_gzip(browser, ours):
    plain = browser.get("/")
    packed = browser.head("/", headers={"Accept-Encoding": "gzip, br"})
    raw = app_bytes(browser, "/", "gzip, br")

    assert gzip.decompress(raw) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert (packed.data, int(packed.headers["Content-Length"])) == (b"", len(raw))


def app_bytes(browser, path: str, encoding: str) -> bytes:
    """The body as it travels, unread: bytes are not a page."""
    environ = EnvironBuilder(path, headers=[("Accept-Encoding", encoding)]).get_environ()
    return b"".join(run_wsgi_app(browser.application.wsgi_app, environ)[0])


def test_a_session_that_begins_leaves_the_agenda_within_half_a_minute(browser, ours, clock):
    make_group_session(ours)
    clock.move_to(STARTS_AT - timedelta(seconds=10))
    before = browser.get("/").get_data(as_text=True).count('class="seance"')
    clock.move_to(STARTS_AT + timedelta(seconds=20))

    assert (before, browser.get("/").get_data(as_text=True).count('class="seance"')) == (1, 0)


def test_the_version_is_looked_up_once_a_second_and_nothing_else(app, browser, ours):
    group_session = make_group_session(ours)
    app.extensions["public_pages"].lookup_seconds = 60.0
    try:
        browser.get("/")
        browser.get(session_url(group_session))
        with statements() as sent:
            for _ in range(3):
                browser.get("/")
                browser.get(session_url(group_session))
    finally:
        app.extensions["public_pages"].lookup_seconds = 0.0

    assert sent == []
    assert public_pages.LOOKUP_SECONDS == 1.0


@pytest.mark.parametrize("path", ["/", "/?places=1"])
def test_the_agenda_asks_as_much_of_the_database_for_one_session_as_for_three(app, browser, ours, path):
    numbers = []
    for day in range(3):
        one = make_group_session(ours, starts_at=STARTS_AT + timedelta(days=day))
        make_registration(one, make_person(cpts_of(ours)))
        app.extensions["public_pages"].forget()
        forget_sites()
        with statements() as sent:
            browser.get(path)
        numbers.append(len(sent))

    assert numbers[0] == numbers[2]


def test_a_session_page_asks_as_much_of_the_database_for_one_other_date_as_for_three(app, browser, ours):
    path = session_url(make_group_session(ours))
    numbers = []
    for day in range(1, 4):
        make_group_session(ours, starts_at=STARTS_AT + timedelta(days=day))
        app.extensions["public_pages"].forget()
        forget_sites()
        with statements() as sent:
            browser.get(path)
        numbers.append(len(sent))

    assert numbers[0] == numbers[2]


def test_the_pages_kept_are_bounded(app, browser, ours):
    pages = app.extensions["public_pages"]
    for number in range(public_pages.MOST_PAGES + 5):
        pages._keep((1, "/", f"x={number}"), 1, [], b"")

    assert len(pages._pages) == public_pages.MOST_PAGES
