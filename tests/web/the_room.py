"""An evening seen from the telephones of those who came."""

from datetime import timedelta

from flask.testing import FlaskClient
from time_machine import Traveller
from werkzeug.test import TestResponse

from cpts_sessions.attendance import check_in
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Registration
from tests.browsing import token_of
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_registration,
)

NOTED = "Votre présence est relevée. Bonne séance."
MISTYPED = "Ce code n'est pas celui de l'écran, ou il a changé entre-temps. Saisissez celui qui s'affiche."
TOO_MANY = "Trop de codes erronés. Scannez l'écran, ou dites-le à la personne qui anime."


def begun(clock: Traveller) -> GroupSession:
    """Return a talking circle that began ten minutes ago."""
    clock.move_to(STARTS_AT + timedelta(minutes=10))
    return make_group_session(make_circles(make_organisation()), capacity=9)


def registered(one: GroupSession, status: str = "confirmed", **changes: object) -> Registration:
    """Somebody on its list."""
    return make_registration(one, make_person(one.organisation, **changes), status)


def mark(one: GroupSession, person_id: int, status: str, means: str = "animator") -> None:
    """Note somebody, as another would have."""
    with transaction():
        db.session.add(
            Attendance(
                organisation_id=one.organisation_id,
                group_session_id=one.id,
                person_id=person_id,
                status=status,
                means=means,
            )
        )


def marks(one: GroupSession) -> dict[int, tuple[str, str]]:
    """Return what is noted, and how, by the id of the person."""
    db.session.rollback()
    rows = db.session.query(Attendance).filter_by(group_session_id=one.id).populate_existing()
    return {row.person_id: (row.status, row.means) for row in rows}


def scanned(one: GroupSession) -> str:
    """The path that the screen of the room shows at this instant."""
    return f"/presence/{one.public_id}/{check_in.codes_now(one).scanned}"


def proof_in(page: TestResponse) -> str:
    """Return what the form of a page keeps of having scanned."""
    return page.get_data(as_text=True).partition('name="proof"')[2].partition('value="')[2].partition('"')[0]


def say(browser: FlaskClient, page: TestResponse, path: str, first_name: str, last_name: str) -> TestResponse:
    """Send the form of names of a page."""
    fields = {"csrf_token": token_of(page), "proof": proof_in(page), "first_name": first_name, "last_name": last_name}
    return browser.post(path, data=fields)


def scan_and_say(browser: FlaskClient, one: GroupSession, first_name: str, last_name: str) -> TestResponse:
    """Scan the screen, then give a name."""
    path = scanned(one)
    return say(browser, browser.get(path), path, first_name, last_name)
