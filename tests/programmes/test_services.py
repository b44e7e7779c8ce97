"""Programmes are created, edited, archived; sessions are prepared, duplicated, removed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from cpts_sessions.core.clock import PARIS
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.programmes import queries, rules, services, starting_points
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.programmes.places import Place, default_place
from cpts_sessions.programmes.plans import NewSession, ProgrammePlan
from tests.factories import STARTS_AT, make_group_session, make_organisation, make_programme

PLAN = ProgrammePlan(
    name="Formations", session_title="Formation", singular="formation", plural="formations", gender="f"
)


def test_a_new_cpts_has_gapp_and_cercles_once(app):
    organisation = make_organisation(help_line="SPS 0 805 23 23 36")

    services.add_default_programmes(organisation)
    services.add_default_programmes(organisation)

    told = [
        (
            p.slug,
            p.action,
            p.part_variable_euros,
            p.duration_minutes,
            p.capacity,
            p.minimum,
            p.is_confidential,
            p.audience,
        )
        for p in queries.programmes_of(organisation.id)
    ]
    assert told == [
        ("gapp", 29, 4000, 120, 12, 4, False, "all"),
        ("cercle-de-paroles", 30, None, 90, 12, 4, True, "members"),
    ]
    assert all(p.counts_animators for p in queries.programmes_of(organisation.id))


def test_the_charter_of_the_circles_says_the_help_line_of_the_cpts_and_has_ten_lines(app):
    organisation = make_organisation(help_line="SPS 0 805 00 00 00")

    services.add_default_programmes(organisation)

    circles = queries.programme_by_slug(organisation.id, "cercle-de-paroles")
    lines = circles.charter.splitlines()
    assert (len(lines), lines[-1].endswith("Une écoute répond jour et nuit : SPS 0 805 00 00 00.")) == (10, True)
    assert "{" not in circles.charter + circles.description


def test_a_training_is_a_starting_point_that_a_new_cpts_does_not_have_and_that_serves_for_several(app):
    organisation = make_organisation()
    plan = starting_points.starting_point("formation", organisation)

    slugs = [services.create_programme(organisation.id, replace(plan, session_title=n)).slug for n in ("Un", "Deux")]

    assert (slugs, plan.goes_together, plan.counts_animators, plan.action) == (["un", "deux"], True, False, None)
    assert ("{" in plan.charter + plan.description, len(plan.charter.splitlines())) == (False, 3)
    assert sorted({"gapp", "cercle-de-paroles", "formation"}) == sorted(starting_points.SLUGS)


def test_a_programme_is_created_after_the_others_under_a_name_made_from_its_title(app):
    organisation = make_organisation()
    services.add_default_programmes(organisation)

    services.create_programme(organisation.id, PLAN)

    assert [p.slug for p in queries.programmes_of(organisation.id)] == ["gapp", "cercle-de-paroles", "formation"]


def test_two_programmes_cannot_share_a_short_name(app):
    organisation = make_organisation()
    services.create_programme(organisation.id, PLAN)

    with pytest.raises(RuleBroken, match="est déjà celui du dispositif Formations"):
        services.create_programme(organisation.id, PLAN)


def test_editing_says_whether_anything_changed(app):
    organisation = make_organisation()
    programme = services.create_programme(organisation.id, PLAN)
    other = ProgrammePlan(**{**vars(PLAN), "capacity": 20})

    assert [services.edit_programme(programme.id, plan) for plan in (PLAN, other, other)] == [False, True, False]
    assert programme.slug == "formation"


def test_a_programme_with_announced_dates_cannot_be_put_away(app, clock):
    programme = make_programme(make_organisation())
    make_group_session(programme)

    with pytest.raises(RuleBroken, match="encore dans l’agenda"):
        services.archive(programme.id, archived=True)


def test_a_session_takes_hours_sizes_and_place_from_its_programme_then_the_organisation(app, clock):
    organisation = make_organisation(place_name="Salle de la CPTS", town="Ambreville")
    at_home = make_programme(organisation, capacity=9, minimum=3, duration_minutes=90)
    elsewhere = make_programme(organisation, slug="ailleurs", place_name="Maison de santé", place_access="2e étage")

    (one,) = services.create_sessions(at_home.id, [NewSession(starts_at=STARTS_AT)])
    (two,) = services.create_sessions(elsewhere.id, [NewSession(starts_at=STARTS_AT)])

    assert (one.duration, one.capacity, one.minimum, one.place_name, one.town, one.status) == (
        timedelta(minutes=90),
        9,
        3,
        "Salle de la CPTS",
        "Ambreville",
        "draft",
    )
    assert (two.place_name, two.place_access, two.town) == ("Maison de santé", "2e étage", "")


def test_a_series_is_created_whole_or_not_at_all(app, clock):
    programme = make_programme(make_organisation())
    plans = [NewSession(starts_at=STARTS_AT), NewSession(starts_at=STARTS_AT, capacity=0)]

    with pytest.raises(RuleBroken, match="nombre de places"):
        services.create_sessions(programme.id, plans)

    assert db.session.execute(select(func.count()).select_from(GroupSession)).scalar_one() == 0


def test_a_past_date_is_only_entered_after_the_fact_and_tells_nobody(app, clock):
    programme = make_programme(make_organisation())
    past = NewSession(starts_at=datetime(2026, 10, 6, 20, tzinfo=PARIS))

    with pytest.raises(RuleBroken, match="saisie après coup"):
        services.create_sessions(programme.id, [past])
    (held,) = services.create_sessions(programme.id, [past], status=SessionStatus.HELD)
    with pytest.raises(RuleBroken, match="Cette date est à venir"):
        services.create_sessions(programme.id, [NewSession(starts_at=STARTS_AT)], status=SessionStatus.HELD)

    assert (held.status, held.closed_at is not None) == ("held", True)
    assert db.session.execute(select(func.count()).select_from(OutboxMessage)).scalar_one() == 0


def test_a_duplicate_keeps_everything_but_the_date_and_the_people(app, clock):
    programme = make_programme(make_organisation())
    model = make_group_session(programme, capacity=7, minimum=2, remark="Parking", is_discovery=True)

    copy = services.duplicate(model.id, STARTS_AT + timedelta(weeks=2))

    same = ("capacity", "minimum", "remark", "is_discovery", "place_name", "place_address", "town", "duration")
    assert {name: getattr(copy, name) for name in same} == {name: getattr(model, name) for name in same}
    assert (copy.status, copy.starts_at) == ("draft", STARTS_AT + timedelta(weeks=2))


def test_only_a_draft_can_be_removed(app, clock):
    programme = make_programme(make_organisation())
    draft, announced = make_group_session(programme, status="draft"), make_group_session(programme)

    services.delete_draft(draft.id)
    with pytest.raises(RuleBroken, match="elle s’annule"):
        services.delete_draft(announced.id)

    assert db.session.execute(select(GroupSession.id)).scalars().all() == [announced.id]


@pytest.mark.parametrize(
    ("changes", "taken", "state"),
    [
        ({"status": "draft"}, 0, "draft"),
        ({"status": "draft", "starts_at": STARTS_AT - timedelta(days=30)}, 0, "past"),
        ({}, 11, "open"),
        ({}, 12, "full"),
        ({"opens_at": STARTS_AT - timedelta(days=1)}, 0, "closed"),
        ({"closes_at": STARTS_AT - timedelta(days=15)}, 0, "closed"),
        ({"starts_at": STARTS_AT - timedelta(days=12)}, 3, "below_minimum"),
        ({"starts_at": STARTS_AT - timedelta(days=12)}, 4, "open"),
        ({"starts_at": STARTS_AT - timedelta(days=14, hours=11)}, 5, "closed"),
        ({"starts_at": STARTS_AT - timedelta(days=15)}, 5, "to_close"),
        ({"status": "held", "starts_at": STARTS_AT - timedelta(days=30)}, 5, "held"),
        ({"status": "cancelled"}, 0, "cancelled"),
    ],
)
def test_one_word_says_most_of_a_session(changes, taken, state):
    starts_at = changes.pop("starts_at", STARTS_AT)
    one = GroupSession(
        organisation_id=1,
        programme_id=1,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        **{"status": "open", **changes},
    )

    assert rules.state(one, taken, at=datetime(2026, 11, 2, 9, tzinfo=STARTS_AT.tzinfo)) == state


def test_a_short_name_has_neither_accent_nor_space():
    assert [rules.slug_of(name) for name in ("Cercle de paroles", "Formation « Été »", "GAPP")] == [
        "cercle-de-paroles",
        "formation-ete",
        "gapp",
    ]


def test_a_place_is_the_organisation_s_only_when_the_programme_has_none(app):
    organisation = make_organisation(place_name="Salle", place_access="sonnez", town="Ambreville")
    programme = make_programme(organisation, town="Colmar")

    assert default_place(programme, organisation) == Place(town="Colmar")
