"""The agendas one subscribes to: everybody's, a programme's, one person's own."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical import uids
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations import feed_address, services, sessions
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.merge import merge
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
    signed_up,
)


@pytest.fixture
def organisation(app, clock):
    return make_organisation()


@pytest.fixture
def programme(organisation):
    return make_programme(organisation, capacity=10)


def dates(browser, path="/agenda.ics", **headers):
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, path
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def address_of(person):
    feed_address.renew(person)
    return path_of(person)


def path_of(person):
    db.session.rollback()  # what a request wrote is read
    return feed_address.address("", feed_address.feed_of(person.id))


def test_the_public_feed_asks_nothing_names_nobody_and_holds_no_secret(browser, organisation, programme):
    group_session = make_group_session(programme)
    signed_up(group_session, first_name="Clémence", last_name="Zérézo")

    answer = browser.get("/agenda.ics")

    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert [word for word in ("METHOD", "ATTENDEE", "ORGANIZER", "VALARM", "Zérézo", "mailto") if word in text] == []
    assert f"UID:{group_session.public_id}@" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text
    assert f"NAME:Séances de la {organisation.name}\r\n" in text
    assert f"URL:{organisation.public_url}/seances/{group_session.public_id}" in text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers


def test_a_confidential_date_is_neutral_everywhere_in_the_public_feeds(browser, organisation):
    circles = make_circles(organisation)
    make_group_session(circles)

    for path in ("/agenda.ics", f"/dispositifs/{circles.public_id}.ics"):
        text = browser.get(path).get_data(as_text=True)
        assert "SUMMARY:Réunion CPTS\r\n" in text
        assert [word for word in ("LOCATION", "paroles", "Paroles", "ercle", "Tilleuls") if word in text] == []


def test_the_feed_of_a_programme_holds_its_dates_only_and_none_in_preparation(browser, organisation, programme):
    ours = make_group_session(programme)
    make_group_session(programme, status="draft")
    make_group_session(make_programme(organisation, slug="autre", name="Autres"))

    found = dates(browser, f"/dispositifs/{programme.public_id}.ics")

    assert [event["UID"].split("@")[0] for event in found] == [str(ours.public_id)]
    assert len(dates(browser)) == 2


def test_another_cpts_has_another_feed(browser, organisation, programme):
    other = make_organisation(slug="autre", public_url="http://autre.example.org")
    theirs = make_programme(other)
    make_group_session(theirs)

    assert dates(browser) == []
    assert browser.get(f"/dispositifs/{theirs.public_id}.ics").status_code == 404


def test_a_change_is_told_by_sequence_and_instant_and_by_nothing_else(browser, programme, clock):
    group_session = make_group_session(programme)
    (before,) = dates(browser)
    clock.shift(timedelta(hours=3))
    with transaction():
        group_session.town = "Valfroid"
        group_session.revision += 1

    (after,) = dates(browser)

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (before["DTSTAMP"].dt, after["DTSTAMP"].dt) == (NOW, NOW + timedelta(hours=3))
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt
    assert before["UID"] == after["UID"]


def test_a_cancelled_date_stays_some_weeks_as_cancelled_then_goes(browser, organisation, programme, clock):
    coordinator = make_coordinator(organisation)
    group_session = make_group_session(programme, starts_at=STARTS_AT + timedelta(days=200))
    sessions.cancel(group_session.id, reason="Grève", actor_id=coordinator.id)

    (event,) = dates(browser)
    clock.shift(timedelta(weeks=7))

    assert (event["SUMMARY"], event["STATUS"]) == (f"ANNULÉ – {programme.session_title}", "CANCELLED")
    assert dates(browser) == []


@pytest.mark.parametrize("whose", ["everybody", "one person"])
def test_an_agenda_that_has_it_already_is_told_so(browser, organisation, programme, clock, whose):
    group_session = make_group_session(programme)
    registration = signed_up(group_session)
    path = address_of(registration.person) if whose == "one person" else "/agenda.ics"
    first = browser.get(path)
    mark, date = first.headers["ETag"], first.headers["Last-Modified"]
    clock.shift(timedelta(hours=1))

    again = browser.get(path, headers={"If-None-Match": mark})
    dated = browser.get(path, headers={"If-Modified-Since": date})
    head = browser.head(path)
    with transaction():
        group_session.town = "Valfroid"
        group_session.place_name = "Ailleurs"
    services.leave(registration.id)

    assert mark.startswith('"')
    assert [(one.status_code, one.data) for one in (again, dated)] == [(304, b""), (304, b"")]
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", mark)
    for asked in ({"If-None-Match": mark}, {"If-Modified-Since": date}):
        assert browser.get(path, headers=asked).status_code == 200


def test_caches_may_keep_what_is_everybodys_and_nothing_of_hers(browser, organisation, programme):
    answers = [browser.get(path) for path in ("/agenda.ics", address_of(make_person(organisation)))]

    assert [one.headers["Cache-Control"].split(",")[0] for one in answers] == ["public", "private"]
    assert answers[1].headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answers[1].headers


def test_her_own_feed_has_the_uid_and_the_sequence_of_her_invitations_and_no_link_that_acts(app, browser, programme):
    registration = signed_up(make_group_session(programme))
    with transaction():
        registration.sequence = 4

    path = address_of(registration.person)
    (event,) = dates(browser, path)

    secret = uids.derive_secret(app.config["MASTER_KEY"], registration.public_id)
    assert event["UID"].startswith(f"{registration.public_id}.{secret}@")
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (4, registration.stamp)
    text = browser.get(path).get_data(as_text=True)
    assert [word for word in ("METHOD", "ATTENDEE", "ORGANIZER", "mon-inscription") if word in text] == []
    assert "/ma-page" in text


def test_her_own_feed_follows_her_seats_and_what_she_animates(browser, organisation, programme):
    hers = signed_up(make_group_session(programme))
    person = hers.person
    later = timedelta(days=7)
    waits = make_group_session(programme, starts_at=STARTS_AT + later)
    make_registration(waits, person, "waiting")
    animated = make_group_session(make_circles(organisation), starts_at=STARTS_AT + 2 * later)
    with transaction():
        animated.animators.append(
            SessionAnimator(organisation_id=organisation.id, group_session_id=animated.id, person_id=person.id)
        )
    path = address_of(person)

    before = [event["SUMMARY"] for event in dates(browser, path)]
    services.leave(hers.id)

    assert before == [programme.session_title, "Réunion CPTS"]
    assert [event["SUMMARY"] for event in dates(browser, path)] == ["Réunion CPTS"]


def test_a_seat_that_went_with_its_session_stays_some_weeks_in_her_own_feed(browser, organisation, programme):
    hers = signed_up(make_group_session(programme))
    path = address_of(hers.person)

    sessions.cancel(hers.group_session_id, reason="Grève", actor_id=make_coordinator(organisation).id)

    (event,) = dates(browser, path)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_she_makes_her_address_on_ma_page_changes_it_and_the_first_opens_nothing_any_more(browser, organisation):
    person = make_person(organisation)
    sign_in(browser, person)
    assert feed_address.feed_of(person.id) is None

    submit(browser, "/ma-page/agenda", page="/ma-page")
    first = path_of(person)
    shown = browser.get("/ma-page").get_data(as_text=True)
    submit(browser, "/ma-page/agenda", page="/ma-page")
    said = page_words(browser.get("/ma-page"))

    assert first in shown
    assert "Nouvelle adresse prête. L'ancienne ne fonctionne plus." in said
    assert (browser.get(first).status_code, browser.get(path_of(person)).status_code) == (404, 200)


def test_the_address_is_nowhere_in_the_database(organisation):
    person = make_person(organisation)
    token = address_of(person).split("/")[2]

    feed = feed_address.feed_of(person.id)

    assert len(token) == 43
    assert token.encode() not in feed.link_hash


def test_an_address_opens_nothing_at_another_cpts(app, browser, organisation):
    other = make_organisation(slug="autre", public_url="http://autre.example.org")

    assert browser.get(address_of(make_person(other))).status_code == 404


def test_erasing_cuts_the_address(browser, organisation):
    person = make_person(organisation)
    path = address_of(person)

    erase(person.id, by_herself=True)

    assert browser.get(path).status_code == 404


def test_merging_cuts_both_addresses_since_what_they_show_would_change(browser, organisation):
    one, other = (make_person(organisation, email=f"{name}@example.org") for name in ("une", "autre"))
    paths = [address_of(one), address_of(other)]

    merge(one.id, other.id, actor_id=None)

    assert [browser.get(path).status_code for path in paths] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_asks_as_little_for_three_dates_as_for_one(browser, programme, count):
    for week in range(count):
        make_group_session(programme, starts_at=STARTS_AT + timedelta(weeks=week))
    browser.get("/agenda.ics")

    with statements() as sent:
        browser.get("/agenda.ics")

    assert len([one for one in sent if "group_session" in one]) == 2
