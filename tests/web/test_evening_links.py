"""The evening links as the coordination sees them, and the sessions that wait to be closed."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.accounts.models import Role
from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import reminders
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.extensions import db
from cpts_sessions.registrations import animation
from tests.browsing import sign_in
from tests.factories import STARTS_AT, make_group_session, make_person, make_registration
from tests.registrations.outbox import kinds
from tests.rows import rows
from tests.web.coordination import after, page_of, text_of
from tests.web.forms_read import send

EVE = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)  # 18 h in Paris, the day before
OVER = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)


@pytest.fixture
def one(programme):
    return make_group_session(programme)


@pytest.fixture
def marc(organisation, one):
    """Who animates it, and has an access to her desk."""
    person = make_person(organisation, first_name="Marc", last_name="Vidal")
    with transaction():
        animation.attach(one, person)
        db.session.add(Role(organisation_id=organisation.id, person_id=person.id, name="animator"))
    return person


def line_of(coordinator, one) -> str:
    text = text_of(coordinator, page_of(one))
    return text[text.index("Lien de la soirée") :][:160]


def test_once_the_session_began_no_link_is_promised_any_more(coordinator, one, marc, clock):
    clock.move_to(one.starts_at)
    sign_in(coordinator, db.session.get_one(type(marc), _coordinator_id()))

    assert "Pas encore parti Il n'est pas parti avant la séance." in line_of(coordinator, one)


def test_the_coordination_follows_cuts_and_sends_links_without_ever_seeing_one(coordinator, one, marc, clock):
    assert "Marc Vidal Pas encore parti Part par e-mail la veille à 18 h, le dimanche 15" in line_of(coordinator, one)
    clock.move_to(EVE + timedelta(minutes=5))
    reminders.run()
    sign_in(coordinator, db.session.get_one(type(marc), _coordinator_id()))
    assert "Envoyé Parti le dimanche 15 novembre à 18 h 05. Sert jusqu'au jeudi 19" in line_of(coordinator, one)
    link = rows(EveningLink)[0]
    first = links.token(Purpose.EVENING, link.public_id)
    acts = page_of(one, f"liens/{marc.public_id}")

    cut = send(coordinator, page_of(one), holding="csrf_token", to=f"{acts}/couper")
    assert "Lien de la soirée coupé." in after(coordinator, cut)
    assert "Marc Vidal Coupé Coupé le dimanche 15 novembre à 18 h 05." in line_of(coordinator, one)
    again = send(coordinator, page_of(one), holding="csrf_token", to=f"{acts}/renvoyer")
    assert "Un nouveau lien part à l'instant." in after(coordinator, again)

    second = links.token(Purpose.EVENING, rows(EveningLink)[0].public_id)
    shown = coordinator.get(page_of(one)).get_data(as_text=True)
    assert (kinds()[-1], first == second, first in shown, second in shown) == (
        "lien_soir_renvoye",
        False,
        False,
        False,
    )
    journal = text_of(coordinator, "/coordination/journal")
    assert "a coupé le lien de la soirée de Marc Vidal : GAPP, lundi 16 novembre 2026" in journal
    assert "a donné un nouveau lien de la soirée à Marc Vidal : GAPP, lundi 16 novembre 2026" in journal


def _coordinator_id() -> int:
    return next(row.person_id for row in rows(Role) if row.name == "coordinator")


def test_links_of_somebody_who_does_not_animate_are_nobodys(coordinator, organisation, one, marc):
    stranger = make_person(organisation)

    acts = [page_of(one, f"liens/{stranger.public_id}/{act}") for act in ("couper", "renvoyer")]
    statuses = [send(coordinator, page_of(one), holding="csrf_token", to=act).status_code for act in acts]

    assert statuses == [404, 404]


def test_who_has_no_e_mail_is_pointed_out(coordinator, one, marc):
    with transaction():
        marc.email = None

    assert "Sans e-mail Le lien ne peut pas partir" in line_of(coordinator, one)


def test_a_session_not_closed_after_two_days_is_late_on_the_desk_of_the_coordination(coordinator, programme, clock):
    one = make_group_session(programme, starts_at=STARTS_AT - timedelta(days=17))  # ended on 30 October at 22 h
    assert "À clore depuis 2 jours" in text_of(coordinator, "/coordination/")
    with transaction():
        one.starts_at, one.ends_at = one.starts_at + timedelta(days=2), one.ends_at + timedelta(days=2)

    shown = text_of(coordinator, "/coordination/")
    assert ("À clore" in shown, "depuis" in shown) == (True, False)


def test_closing_while_it_runs_says_so_and_asks(coordinator, organisation, one, marc, clock):
    came = make_registration(one, make_person(organisation))
    clock.move_to(one.starts_at + timedelta(minutes=90))
    sign_in(coordinator, db.session.get_one(type(marc), _coordinator_id()))
    attendance.note(one.id, {came.person_id: AttendanceStatus.PRESENT}, actor_id=marc.id)
    assert "La séance finit à 22 h. Clore maintenant ?" in text_of(coordinator, page_of(one, "clore"))

    silent = send(coordinator, page_of(one), holding="csrf_token", to=page_of(one, "clore"))
    assert "La séance finit à 22 h. Clore maintenant ?" in after(coordinator, silent)
    assert rows(type(one))[0].status == "open"

    said = send(coordinator, page_of(one, "clore"), holding="avant_la_fin")
    assert "Séance close : 1 présence." in after(coordinator, said)
