"""« Continuez en 2027 ? »: asked once in December to who follows a season that lapses, answered by one button."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.registrations import continuing, enrolments
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.rights.merge import merge
from tests.browsing import page_words, sign_in, submit
from tests.conftest import NOW
from tests.factories import (
    make_circles,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
)

#: The first of December, 9 h in Paris.
DECEMBER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
MARCH = datetime(2027, 3, 16, 19, 0, tzinfo=UTC)


@pytest.fixture
def programme(app, clock):
    return make_programme(make_organisation())


@pytest.fixture
def claire(programme):
    """Her enrolment of 2026; a date of 2027 is open."""
    make_group_session(programme, starts_at=MARCH)
    return make_enrolment(programme, make_person(programme_cpts(programme), first_name="Claire"))


def programme_cpts(programme):
    return db.session.get_one(Organisation, programme.organisation_id)


def asked() -> list[OutboxMessage]:
    db.session.rollback()
    return db.session.query(OutboxMessage).filter_by(kind="continuer").order_by(OutboxMessage.id).all()


def seasons() -> list[tuple[int, bool]]:
    db.session.rollback()
    return [(one.season, one.is_pending) for one in db.session.query(Enrolment).order_by(Enrolment.season)]


def link_of(enrolment: Enrolment) -> str:
    return f"/mon-suivi/{links.token(Purpose.ENROLMENT, enrolment.public_id)}"


def test_it_is_asked_from_the_first_of_december_in_the_daytime_and_once(claire, clock):
    for moment in (DECEMBER - timedelta(hours=12), DECEMBER - timedelta(minutes=1)):  # 30 November, then 8 h 59
        clock.move_to(moment)
        assert continuing.run() == 0
    clock.move_to(DECEMBER)

    assert [continuing.run(), continuing.run()] == [1, 0]
    clock.move_to(datetime(2026, 12, 20, 9, 0, tzinfo=UTC))
    assert continuing.run() == 0

    (message,) = asked()
    assert message.values["annee"] == "2027"
    assert message.values["dates"].replace("\u00a0", " ") == "- mardi 16 mars 2027, 20 h"
    assert message.links == {"lien_suivi": [Purpose.ENROLMENT.name, str(claire.public_id)]}
    assert message.useless_after == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_a_worker_stopped_all_december_asks_nothing_in_january(claire, clock):
    clock.move_to(datetime(2027, 1, 2, 9, 0, tzinfo=UTC))
    assert continuing.run() == 0
    assert asked() == []


def test_only_those_who_follow_the_season_and_have_not_said_are_asked(programme, claire, clock):
    cpts = programme_cpts(programme)
    make_enrolment(programme, make_person(cpts), left_at=NOW)
    make_enrolment(programme, make_person(cpts), is_pending=True)
    make_enrolment(programme, make_person(cpts), season=2025)
    goes_on, silent = make_person(cpts), make_person(cpts, email=None)
    make_enrolment(programme, goes_on)
    make_enrolment(programme, goes_on, season=2027)
    make_enrolment(programme, silent)
    put_away = make_programme(cpts, slug="ancien", is_archived=True)
    make_enrolment(put_away, make_person(cpts))
    clock.move_to(DECEMBER)

    assert continuing.run() == 2
    assert [one.person_id for one in asked()] == [claire.person_id]
    assert continuing.run() == 0


def test_two_workers_ask_once(app, claire, clock):
    clock.move_to(DECEMBER)

    def work(_: int) -> int:
        with app.app_context():
            return continuing.run()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(asked()) == 1


def test_one_button_follows_the_next_year_with_its_open_dates_and_those_to_come(programme, claire, clock, browser):
    clock.move_to(DECEMBER)
    page = link_of(claire)
    assert "Continuez en 2027 ?" in page_words(browser.get(page))
    before = [seasons(), asked()]
    browser.get(page)
    assert [seasons(), asked()] == before

    submit(browser, f"{page}/continuer", page=page)

    assert "C'est noté pour 2027" in page_words(browser.get(page))
    assert seasons() == [(2026, False), (2027, False)]
    assert [one.status for one in db.session.query(Registration)] == ["confirmed"]
    with transaction():
        enrolments.add_sessions([make_group_session(programme, starts_at=MARCH + timedelta(days=7))])
    assert [one.status for one in db.session.query(Registration)] == ["confirmed", "confirmed"]
    assert "Rien n" in continuing.carry_on(claire.id).sentence
    assert len(seasons()) == 2
    assert continuing.run() == 0


def test_stopping_there_takes_nothing_away_and_may_be_taken_back(claire, clock, browser):
    clock.move_to(DECEMBER)
    page = link_of(claire)

    submit(browser, f"{page}/arreter-la", page=page)

    assert "rien n'est demandé pour vous en 2027" in page_words(browser.get(page))
    assert seasons() == [(2026, False)]
    assert continuing.run() == 0
    submit(browser, f"{page}/continuer", page=page)
    assert seasons() == [(2026, False), (2027, False)]


def test_it_is_on_her_page_too(programme, claire, clock, browser):
    clock.move_to(DECEMBER)
    sign_in(browser, claire.person)
    assert "Continuez en 2027 ?" in page_words(browser.get("/ma-page"))

    submit(browser, f"/ma-page/annees/{claire.public_id}/continuer", page="/ma-page")

    assert seasons() == [(2026, False), (2027, False)]
    shown = page_words(browser.get("/ma-page"))
    assert "C'est noté pour 2027" in shown
    assert "Je continue en 2027" not in shown


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (DECEMBER - timedelta(hours=12), "La question se pose en décembre."),
        (datetime(2027, 2, 1, 9, 0, tzinfo=UTC), "Cette question a servi jusqu’au 31 janvier."),
    ],
)
def test_before_december_and_after_january_the_question_is_not_there(claire, clock, browser, at, why):
    clock.move_to(at)
    with pytest.raises(RuleBroken, match=why):
        continuing.carry_on(claire.id)
    with pytest.raises(RuleBroken, match=why):
        continuing.stop_there(claire.id)
    assert "Continuez en 2027" not in page_words(browser.get(link_of(claire)))
    assert seasons() == [(2026, False)]


def test_in_january_the_link_still_answers(claire, clock, browser):
    clock.move_to(datetime(2027, 1, 31, 22, 30, tzinfo=UTC))
    page = link_of(claire)
    submit(browser, f"{page}/continuer", page=page)
    assert seasons() == [(2026, False), (2027, False)]


def test_who_left_or_whose_programme_is_put_away_is_not_carried_on(programme, claire, clock):
    clock.move_to(DECEMBER)
    with transaction():
        programme.is_archived = True
    with pytest.raises(RuleBroken, match="Ce dispositif ne continue pas"):
        continuing.carry_on(claire.id)
    with transaction():
        programme.is_archived = False
        claire.left_at = DECEMBER
    with pytest.raises(RuleBroken, match="Vous ne suivez plus"):
        continuing.carry_on(claire.id)


def test_whom_the_coordination_took_this_year_needs_no_new_yes(app, clock):
    cpts = make_organisation()
    circles = make_circles(cpts)
    make_group_session(circles, starts_at=MARCH)
    enrolment = make_enrolment(circles, make_person(cpts, is_member=False))
    clock.move_to(DECEMBER)

    continuing.carry_on(enrolment.id)

    assert seasons() == [(2026, False), (2027, False)]
    assert [one.status for one in db.session.query(Registration)] == ["confirmed"]


def test_two_records_made_one_are_asked_once(programme, claire, clock):
    other = make_enrolment(programme, make_person(programme_cpts(programme), email=None))
    clock.move_to(DECEMBER)
    with transaction():
        other.continue_asked_at = DECEMBER

    merge(claire.person_id, other.person_id, actor_id=None)

    assert continuing.run() == 0
    assert asked() == []
