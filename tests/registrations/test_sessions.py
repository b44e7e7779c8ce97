"""A session opens, moves, changes place, is cancelled, comes back: who is told, and what their agendas say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import animation, sessions
from cpts_sessions.registrations.sessions import Place, Plan
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


class Story:
    """A session of two places with two seated, one waiting, and an animator."""

    def __init__(self):
        self.organisation = make_organisation()
        self.coordinator = make_coordinator(self.organisation)
        self.session = make_group_session(make_programme(self.organisation))
        self.animator = make_person(self.organisation, first_name="Olivier", last_name="Chastel")
        animation.set_animators(self.session.id, [self.animator.id])
        self.seated, self.other, self.waiting = (signed_up(self.session) for _ in range(3))
        self.mark = self.count()

    def count(self):
        return db.session.query(OutboxMessage).count()

    def news(self):
        """What was written since the last look: (kind, to whom, METHOD, SEQUENCE, PARTSTAT)."""
        messages = list(db.session.query(OutboxMessage).order_by(OutboxMessage.id))[self.mark :]
        self.mark += len(messages)
        names = {
            self.animator.email: "animator",
            self.seated.person.email: "seated",
            self.other.person.email: "other",
            self.waiting.person.email: "waiting",
        }
        return [
            (
                m.kind,
                names[m.to_address],
                *((m.calendar[k] for k in ("method", "sequence", "partstat")) if m.calendar else ()),
            )
            for m in messages
        ]

    def plan(self, **changes):
        one = self.session
        place = Place(name=one.place_name, address=one.place_address, town=one.town)
        plan = Plan(
            starts_at=one.starts_at, ends_at=one.ends_at, place=place, capacity=one.capacity, minimum=one.minimum
        )
        return replace(plan, **changes)

    def change(self, word="", **changes):
        plan, revision = self.plan(**changes), self.session.revision
        return sessions.change(self.session.id, plan, actor_id=self.coordinator.id, revision=revision, word=word)


@pytest.fixture
def story(app, clock):
    """The story most tests begin with."""
    return Story()


def test_a_moved_session_asks_every_holder_again_and_keeps_the_seats(story):
    day = timedelta(days=1)
    told = story.change(starts_at=STARTS_AT + day, ends_at=STARTS_AT + day + timedelta(hours=2))

    assert story.news() == [
        ("seance_deplacee", "seated", "REQUEST", 1, "NEEDS-ACTION"),
        ("seance_deplacee", "other", "REQUEST", 1, "NEEDS-ACTION"),
        ("seance_deplacee_attente", "waiting"),
        ("animation_deplacee", "animator", "REQUEST", 1, "NEEDS-ACTION"),
    ]
    assert (told.by_mail, told.without_mail) == (4, 0)
    assert [story.seated.status, story.waiting.status] == ["confirmed", "waiting"]


def test_a_new_place_updates_the_agendas_and_keeps_the_answers(story):
    story.change(place=Place(name="Mairie", address="2 place Haute", town="Ambreville"))

    assert story.news() == [
        ("lieu_change", "seated", "REQUEST", 1, "ACCEPTED"),
        ("lieu_change", "other", "REQUEST", 1, "ACCEPTED"),
        ("animation_deplacee", "animator", "REQUEST", 1, "NEEDS-ACTION"),
    ]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"place": Place(name="Mairie")}, 3),
        ({"starts_at": STARTS_AT + timedelta(days=1), "ends_at": STARTS_AT + timedelta(days=1, hours=2)}, 4),
    ],
)
def test_the_coordination_s_own_sentence_is_in_every_message_of_a_change(story, changes, number):
    story.change(word="Le chauffage est en panne.", **changes)

    messages = list(db.session.query(OutboxMessage).order_by(OutboxMessage.id))[story.mark :]
    said = [message.values["mot_de_la_coordination"] for message in messages]
    assert said == ["Le chauffage est en panne."] * number


def test_a_change_that_concerns_nobody_writes_to_nobody(story):
    story.change(minimum=3, remark="Apportez un coussin.")

    assert story.news() == []


def test_raising_the_capacity_offers_to_the_first_who_waits(story):
    told = story.change(capacity=3)

    assert told.offered == 1
    assert story.news() == [("place_proposee", "waiting")]


def test_the_capacity_never_goes_below_the_seats_taken(story):
    with pytest.raises(RuleBroken) as refusal:
        story.change(capacity=1)

    assert normalise(str(refusal.value)) == (
        "Places prises ou gardées : 2. La capacité ne peut pas descendre à 1. Retirez d'abord des inscriptions."
    )
    assert story.news() == []


@pytest.mark.parametrize("changes", [{"capacity": 201}, {"minimum": -1}, {"ends_at": STARTS_AT}])
def test_a_session_is_changed_to_nothing_that_could_not_be_planned(story, changes):
    with pytest.raises(RuleBroken):
        story.change(**changes)


def test_two_coordinators_at_once_the_second_is_told_and_loses_nothing(story):
    stale = story.session.revision
    story.change(minimum=3)

    with pytest.raises(RuleBroken, match="modifiée pendant"):
        sessions.change(story.session.id, story.plan(minimum=2), actor_id=story.coordinator.id, revision=stale)

    db.session.expire_all()
    assert story.session.minimum == 3


def test_cancelling_tells_everybody_why_and_empties_their_agendas(story):
    told = sessions.cancel(story.session.id, "effectif insuffisant", actor_id=story.coordinator.id)

    assert story.news() == [
        ("seance_annulee", "seated", "CANCEL", 1, "ACCEPTED"),
        ("seance_annulee", "other", "CANCEL", 1, "ACCEPTED"),
        ("seance_annulee_attente", "waiting"),
        ("animation_annulee", "animator", "CANCEL", 1, "NEEDS-ACTION"),
    ]
    assert told.by_mail == 4
    assert [r.ended_by for r in (story.seated, story.other, story.waiting)] == ["session"] * 3


def test_cancelling_needs_a_reason(story):
    with pytest.raises(RuleBroken, match="motif"):
        sessions.cancel(story.session.id, "  ", actor_id=story.coordinator.id)

    assert story.session.status == "open"


def test_a_reinstated_session_gives_everybody_back_what_they_had(story):
    sessions.cancel(story.session.id, "intempéries", actor_id=story.coordinator.id)
    story.news()

    sessions.reinstate(story.session.id, actor_id=story.coordinator.id)

    assert story.news() == [
        ("seance_retablie", "seated", "REQUEST", 2, "NEEDS-ACTION"),
        ("seance_retablie", "other", "REQUEST", 2, "NEEDS-ACTION"),
        ("liste_attente", "waiting"),
        ("animation_retablie", "animator", "REQUEST", 2, "NEEDS-ACTION"),
    ]


def test_another_animator_gets_the_invitation_and_the_former_its_withdrawal(story):
    other = make_person(story.organisation)

    animation.set_animators(story.session.id, [other.id])

    messages = list(db.session.query(OutboxMessage).order_by(OutboxMessage.id))[-2:]
    assert [(m.kind, m.to_address, m.calendar["method"]) for m in messages] == [
        ("animation_retiree", story.animator.email, "CANCEL"),
        ("animation_confiee", other.email, "REQUEST"),
    ]


def test_a_draft_tells_nobody_anything(app, clock):
    organisation = make_organisation()
    draft = make_group_session(make_programme(organisation), status="draft")
    animation.set_animators(draft.id, [make_person(organisation).id])

    assert db.session.query(OutboxMessage).count() == 0


def test_opening_a_draft_invites_its_animators(app, clock):
    organisation = make_organisation()
    draft = make_group_session(make_programme(organisation), status="draft")
    animation.set_animators(draft.id, [make_person(organisation).id])

    sessions.open_sessions([draft.id])

    message = db.session.query(OutboxMessage).one()
    assert (message.kind, message.calendar["method"], message.calendar["sequence"]) == (
        "animation_confiee",
        "REQUEST",
        0,
    )


def test_the_stamp_of_a_later_message_is_strictly_later_even_within_one_second(story):
    first = story.seated.stamp
    story.change(place=Place(name="Mairie"))
    story.change(place=Place(name="École"))

    db.session.expire_all()
    assert (story.seated.stamp - first).total_seconds() == 2


def test_a_session_that_began_does_not_move(story, clock):
    clock.move_to(STARTS_AT + timedelta(minutes=5))
    with pytest.raises(RuleBroken, match="a commencé"):
        story.change(minimum=1)
