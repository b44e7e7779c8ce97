"""Answers of agendas change seats, once, by the rules of the web."""

from datetime import timedelta

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.registrations import services, sessions
from cpts_sessions.registrations.answers import What, ingest
from cpts_sessions.registrations.received import ReceivedMail
from tests.factories import make_coordinator, signed_up
from tests.ical.answer_samples import names, sample
from tests.registrations.agenda_mail import everything, letters, reply, stamped, state
from tests.registrations.outbox import kinds, last


def moved_by_a_day(group_session):
    starts_at = group_session.starts_at + timedelta(days=1)
    plan = sessions.Plan(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=sessions.place_of(group_session),
        capacity=group_session.capacity,
        minimum=group_session.minimum,
    )
    actor = make_coordinator(group_session.organisation, email=None)
    sessions.change(group_session.id, plan, actor_id=actor.id, revision=group_session.revision)


#: sample -> what becomes of it, the state of the seat, the mails to Zoé, what is listed.
SAMPLES = {
    "gmail_accept": (What.TAKEN, "ACCEPTED", [], []),
    "gmail_decline": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], []),
    "gmail_decline_with_note": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], ["commentaire"]),
    "gmail_counter": (What.LISTED, "ACCEPTED", [], ["contre_proposition"]),
    "exchange_accept": (What.TAKEN, "ACCEPTED", [], []),
    "exchange_decline_with_comment": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], ["commentaire"]),
    "exchange_tentative": (What.TAKEN, "TENTATIVE", ["reponse_agenda_peut_etre"], []),
    "outlook_mac_counter": (What.LISTED, "ACCEPTED", [], ["contre_proposition"]),
    "ios_decline_private_comment": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], ["commentaire"]),
    "macos_accept_part_without_method": (What.TAKEN, "ACCEPTED", [], []),
    "android_accept_without_charset": (What.TAKEN, "ACCEPTED", [], []),
    "thunderbird_decline_single_part": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], []),
    "two_attendees": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], []),
    "party_crasher": (What.LISTED, "ACCEPTED", [], ["autre_adresse_non"]),
    "delegated": (What.LISTED, "ACCEPTED", [], ["autre_reponse"]),
    "refresh": (What.ASKED_AGAIN, "ACCEPTED", ["inscription_confirmee"], []),
    "icloud_email_parameter": (What.TAKEN, "ACCEPTED", [], []),
    "latin1_without_charset": (What.TAKEN, "DECLINED", ["reponse_agenda_absence"], ["commentaire"]),
    "recurring_and_two_events": (What.TAKEN, "ACCEPTED", [], []),
    "without_message_id_nor_stamp": (What.TAKEN, "TENTATIVE", ["reponse_agenda_peut_etre"], []),
    "proton_attached_file_only": (What.TAKEN, "ACCEPTED", [], []),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_answer_does_what_it_says(zoe, name):
    before = len(kinds(of=zoe.person))

    what = ingest(sample(name))

    partstat = state(zoe)[2]
    assert (what, partstat, kinds(of=zoe.person)[before:], [why for why, _, _ in letters()]) == SAMPLES[name]
    assert zoe.is_live is (partstat != "DECLINED")


@pytest.mark.parametrize("name", sorted(set(names()) - set(SAMPLES)))
def test_of_what_is_not_ours_nothing_is_kept(zoe, name):
    before = everything()

    assert ingest(sample(name)) == What.NOT_OURS
    assert everything() == before


def test_declining_frees_the_seat_and_serves_the_list(zoe, group_session):
    signed_up(group_session)
    waiting = signed_up(group_session)

    assert ingest(reply("DECLINED")) == What.TAKEN

    assert state(zoe) == ("cancelled", "calendar", "DECLINED")
    assert waiting.status == "offered"
    assert last().kind == "place_proposee"
    (entry,) = db.session.query(AuditEntry).filter_by(kind="reponse_agenda")
    assert (entry.person_id, entry.values) == (zoe.person_id, {"reponse": "absence"})


def test_declining_leaves_the_date_in_her_agenda_so_that_she_may_take_it_back(zoe):
    ingest(reply("DECLINED"))

    assert last().kind == "reponse_agenda_absence"
    assert last().calendar is None
    assert zoe.is_invited

    assert ingest(reply("ACCEPTED", stamp=stamped(5))) == What.TAKEN
    assert state(zoe) == ("confirmed", None, "ACCEPTED")
    assert last().kind == "reponse_agenda_presence"


def test_accepting_after_a_decline_sends_the_date_again_when_it_moved_meanwhile(zoe, group_session, clock):
    ingest(sample("gmail_decline"))
    clock.shift(timedelta(minutes=1))
    moved_by_a_day(group_session)
    sent = len(kinds(of=zoe.person))

    ingest(reply("ACCEPTED", stamp=stamped(59)))

    assert (zoe.status, kinds(of=zoe.person)[sent:]) == ("confirmed", ["reponse_agenda_presence"])
    assert (last().calendar["method"], last().calendar["starts_at"]) == ("REQUEST", "2026-11-17T19:00:00+00:00")


def test_accepting_after_a_decline_waits_when_the_session_is_full(zoe, group_session):
    ingest(reply("DECLINED"))
    signed_up(group_session)
    signed_up(group_session)

    ingest(reply("ACCEPTED", stamp=stamped(5)))

    assert state(zoe)[0] == "waiting"
    message = last()
    assert (message.kind, message.values["rang"]) == ("reponse_agenda_presence_complet", "1re")
    assert message.calendar["method"] == "CANCEL"


def test_accepting_the_seat_that_was_moved_is_confirmed(zoe, group_session):
    moved_by_a_day(group_session)
    assert state(zoe)[2] == "NEEDS-ACTION"

    assert ingest(reply("ACCEPTED", sequence=1, stamp=stamped(59))) == What.TAKEN
    assert state(zoe) == ("confirmed", None, "ACCEPTED")
    assert last().kind == "reponse_agenda_presence"


def test_an_answer_to_the_old_date_changes_nothing_and_she_is_asked_again(zoe, group_session):
    moved_by_a_day(group_session)

    assert ingest(reply("DECLINED")) == What.ASKED_AGAIN

    assert state(zoe) == ("confirmed", None, "NEEDS-ACTION")
    assert last().kind == "reponse_agenda_ancienne_date"
    assert last().values["ancien_quand"].startswith("lundi 16\u00a0novembre")


def test_an_answer_to_an_invitation_withdrawn_since_does_not_take_the_seat_back(zoe):
    services.leave(zoe.id)

    assert ingest(reply("ACCEPTED", stamp=stamped(30))) == What.ASKED_AGAIN
    assert state(zoe)[0] == "cancelled"
    assert last().kind == "reponse_agenda_ancienne_invitation"


def test_an_older_answer_that_comes_late_changes_nothing(zoe):
    ingest(reply("ACCEPTED", stamp=stamped(10)))

    assert ingest(reply("DECLINED", stamp=stamped(5))) == What.OLDER
    assert state(zoe)[0] == "confirmed"


def test_a_sequence_or_a_date_to_come_does_not_stop_her_next_answer(zoe):
    ingest(reply("TENTATIVE", sequence=999_999, stamp="20991231T000000Z"))

    assert ingest(reply("DECLINED", stamp="20261102T090000Z")) == What.TAKEN
    assert state(zoe)[0] == "cancelled"


def test_two_answers_of_the_same_second_both_count(zoe):
    ingest(reply("TENTATIVE"))

    assert ingest(reply("DECLINED")) == What.TAKEN
    assert ingest(reply("DECLINED")) == What.OLDER


def test_the_same_mail_is_read_once(zoe):
    mail = reply("TENTATIVE", message_id="<same@agenda.example.org>")

    assert [ingest(mail), ingest(mail)] == [What.TAKEN, What.AGAIN]
    assert kinds(of=zoe.person).count("reponse_agenda_peut_etre") == 1
    assert db.session.query(ReceivedMail).count() == 1


def test_after_the_start_nothing_moves(zoe, group_session, clock):
    clock.move_to(group_session.starts_at)

    assert ingest(reply("DECLINED")) == What.TOO_LATE
    assert state(zoe)[0] == "confirmed"


def test_nothing_moves_in_a_session_that_is_cancelled(zoe, group_session):
    sessions.cancel(group_session.id, "salle fermée", actor_id=None)
    before = kinds()

    assert ingest(reply("ACCEPTED", sequence=1)) == What.TOO_LATE
    assert state(zoe)[0] == "cancelled"
    assert kinds() == before


def test_an_offer_is_taken_by_an_answer_and_refused_by_another(zoe, group_session):
    ingest(reply("DECLINED"))
    one, two = signed_up(group_session), signed_up(group_session)
    ingest(reply("ACCEPTED", stamp=stamped(1)))
    services.leave(one.id)
    assert state(zoe)[0] == "offered"
    sequence = zoe.sequence

    assert ingest(reply("ACCEPTED", sequence=sequence, stamp=stamped(2))) == What.TAKEN
    assert state(zoe)[0] == "confirmed"
    assert (last().kind, last().calendar["method"]) == ("reponse_agenda_presence", "REQUEST")
    assert state(two)[0] == "confirmed"


def test_a_refusal_by_agenda_from_the_list_leaves_the_list(zoe, group_session):
    ingest(reply("DECLINED"))
    signed_up(group_session)
    signed_up(group_session)
    ingest(reply("ACCEPTED", stamp=stamped(1)))

    ingest(reply("DECLINED", sequence=zoe.sequence, stamp=stamped(2)))

    assert state(zoe)[:2] == ("cancelled", "calendar")
    assert last().kind == "liste_quittee"


def test_coming_back_once_sign_ups_are_closed_is_for_the_coordination(zoe, group_session, clock):
    ingest(reply("DECLINED"))
    with transaction():
        group_session.closes_at = group_session.starts_at - timedelta(days=13, hours=23)
    clock.shift(timedelta(days=1))

    assert ingest(reply("ACCEPTED", stamp="20261103T080000Z")) == What.LISTED
    assert state(zoe)[0] == "cancelled"
    assert [why for why, _, _ in letters()] == ["inscriptions_closes"]


def test_maybe_after_a_decline_is_for_the_coordination(zoe):
    ingest(reply("DECLINED"))

    assert ingest(reply("TENTATIVE", stamp=stamped(1))) == What.LISTED
    assert [why for why, _, _ in letters()] == ["peut_etre_sans_place"]


def test_an_agenda_that_asks_without_end_is_not_answered_without_end(zoe):
    for _ in range(12):
        ingest(reply("NEEDS-ACTION", method="REFRESH"))

    assert kinds(of=zoe.person).count("inscription_confirmee") == 1 + 5
    assert zoe.sequence == 0
