"""A seat is kept for somebody whom no mail reaches: the desk says to call her."""

from tests.factories import make_group_session, make_person, make_registration
from tests.web.coordination import text_of


def test_the_desk_says_whom_to_call_about_a_seat_that_no_mail_can_offer(coordinator, organisation, programme):
    group_session = make_group_session(programme, minimum=0)
    for name, email in (("Kerjean", None), ("Ferhat", "nadia@example.org")):
        person = make_person(organisation, last_name=name, email=email)
        make_registration(
            group_session, person, "offered", offer_expires_at=group_session.starts_at.replace(day=4, hour=9, minute=0)
        )

    desk = text_of(coordinator, "/coordination/")

    assert "Une place est gardée pour Claire Kerjean, sans e-mail" in desk
    assert "À appeler avant le mercredi 4 novembre à 10 h." in desk
    assert "Ferhat" not in desk
    assert "1 décision vous attend" in desk
