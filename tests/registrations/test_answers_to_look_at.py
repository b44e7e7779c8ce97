"""What in the answers of agendas is not for us to settle: strangers, proposals, animators, wrong secrets."""

from datetime import timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.answers import What, ingest
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.received import Letter
from tests.factories import make_coordinator, make_person, signed_up
from tests.ical.samples import PUBLIC_ID, UID
from tests.registrations.agenda_mail import everything, letters, reply, stamped, state
from tests.registrations.outbox import kinds, last


@pytest.mark.parametrize(
    "uid",
    [
        UID.replace(UID[40:50], "a" * 10),
        UID.replace("7c6f1f5e", "7c6f1f5f"),
        f"{PUBLIC_ID}@cpts.example.org",
        "x",
    ],
)
def test_without_the_right_secret_nothing_is_kept(zoe, uid):
    before = everything()

    assert ingest(reply("DECLINED", uid=uid)) == What.NOT_OURS
    assert everything() == before


def test_the_cpts_may_have_changed_its_address_since(zoe):
    assert ingest(reply("DECLINED", uid=UID.replace("cpts.example.org", "ancienne.example.org"))) == What.TAKEN


def test_a_stranger_changes_nothing_and_is_listed_once(zoe, group_session):
    eva = make_coordinator(group_session.organisation)

    for minute, partstat in enumerate(("X-LATER", "ACCEPTED", "DECLINED", "DECLINED"), 1):
        mail = reply(partstat, address="autre@ailleurs.example.org", stamp=stamped(minute))
        assert ingest(mail) == What.LISTED

    assert state(zoe) == ("confirmed", None, "ACCEPTED")
    assert letters() == [("autre_adresse_non", "autre@ailleurs.example.org", "")]
    assert kinds(of=eva) == ["reponse_agenda_a_regarder"]
    assert "autre@" not in repr(last().values)


def test_strangers_by_the_dozen_do_not_fill_the_list(zoe):
    for number in range(12):
        ingest(reply("DECLINED", address=f"n{number}@ailleurs.example.org"))

    assert len(letters()) == 5


def test_each_comment_is_kept_until_it_is_read_and_the_same_one_once(zoe):
    said = ("Je serai en retard", "Je serai en retard", "Finalement à l’heure")
    for minute, (partstat, comment) in enumerate(zip(("ACCEPTED", "TENTATIVE", "ACCEPTED"), said, strict=True), 1):
        ingest(reply(partstat, comment=comment, stamp=stamped(minute)))

    assert [(why, text) for why, _, text in letters()] == [("commentaire", said[0]), ("commentaire", said[2])]


def test_a_proposal_is_listed_with_its_date(zoe):
    ingest(reply("TENTATIVE", method="COUNTER", start="20261117T190000Z", end="20261117T210000Z", comment="Mardi ?"))

    (letter,) = db.session.query(Letter)
    assert letter.proposed_from
    assert letter.proposed_to
    assert (letter.proposed_to - letter.proposed_from, letter.text) == (timedelta(hours=2), "Mardi ?")
    assert state(zoe) == ("confirmed", None, "ACCEPTED")


@pytest.mark.parametrize(("start", "end"), [("00010101T000000Z", "99991231T235959Z"), ("20261117T190000Z", "x")])
def test_a_proposal_of_a_day_that_means_nothing_is_listed_without_it(zoe, start, end):
    assert ingest(reply("TENTATIVE", method="COUNTER", start=start, end=end)) == What.LISTED

    (letter,) = db.session.query(Letter)
    assert letter.proposed_from is None


def test_an_animator_who_does_not_come_is_told_to_the_coordination(zoe, group_session):
    eva = make_coordinator(group_session.organisation)
    olivier = make_person(group_session.organisation, email="olivier@example.org")
    animation.set_animators(group_session.id, [olivier.id])
    (animator,) = group_session.animators
    with transaction():
        zoe.public_id, animator.public_id = animator.public_id, PUBLIC_ID

    mail = reply("DECLINED", address="olivier@example.org")
    assert [ingest(mail), ingest(mail)] == [What.LISTED, What.AGAIN]

    db.session.expire_all()
    assert animator.partstat == "DECLINED"
    assert [why for why, _, _ in letters()] == ["animation_absente"]
    assert kinds(of=eva) == ["reponse_agenda_a_regarder"]
    assert ingest(reply("ACCEPTED", address="olivier@example.org", stamp=stamped(3))) == What.TAKEN


def test_no_mail_to_one_person_names_another(zoe, group_session):
    others = [signed_up(group_session), signed_up(group_session)]
    ingest(reply("DECLINED", comment="demandez à Nadia"))

    for message in db.session.query(OutboxMessage):
        named = {one.last_name for one in (zoe, *others) if one.person_id != message.person_id}
        assert [name for name in named if name in repr((message.values, message.calendar))] == []
    assert db.session.query(Registration).filter_by(status="offered").count() == 1
