"""A person's data go, the counts stay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import inspect, text

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose, token
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import personal, queries
from cpts_sessions.registrations.models import Registration
from cpts_sessions.reports.season import season_report
from cpts_sessions.rights.erase import erase
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)
from tests.reports.seasons import Season
from tests.rights.people import make_known_everywhere, rows_about

pytestmark = pytest.mark.usefixtures("app", "clock")


def figures(season):
    """What the report of the year says: figures, lines by profession, sentences."""
    report = season_report(season.organisation.id, season.year)
    counting = report.together.counting
    return (
        [(part.key, part.sentence, part.dates_sentence) for part in report.parts],
        (counting.enrolled_distinct, counting.present_distinct, counting.attendances),
        sorted((one.profession_slug, str(one.gender), one.is_animator) for one in counting.enrolled),
        counting.without_animators,
    )


def whole_database():
    """Every value of every row, as text."""
    return "\n".join(
        str(tuple(row))
        for table in inspect(db.engine).get_table_names()
        for row in db.session.execute(text(f"SELECT * FROM {table}"))
    )


def test_nothing_of_her_is_left_in_any_table_and_the_counts_stay(app):
    season = Season(2026)
    season.person("Luc", "medecin-generaliste", "M.")
    person, made = make_known_everywhere(season, "Apolline", last_name="Zérézo", email="apolline@zz.example.org")
    before, was, public_id = figures(season), rows_about(person.id), str(person.public_id)
    assert all(was.values())

    erased_id = person.id
    erase(erased_id, by_herself=False)

    assert figures(season) == before
    assert set(rows_about(erased_id).values()) == {0}
    left = whole_database()
    for word in ("Apolline", "Zérézo", "zz.example.org", "06 00 00 00 01", public_id, public_id.replace("-", "")):
        assert word not in left
    assert queries.seats_taken(made["to_come"].id) == 0


def test_one_nameless_person_for_each_season_keeps_the_distinct_counts(app):
    old, new = Season(2025), Season(2026, slug="autre")
    new.organisation = old.organisation
    circles, gapp = old.programme(), old.programme("gapp")
    anne, luc = old.person("Anne"), old.person("Luc", "medecin-generaliste", "M.")
    for season, day in ((old, "2025-03-04"), (old, "2025-04-01"), (new, "2026-03-04")):
        for programme in (circles, gapp):
            session = season.session(programme, day, animator=luc if programme is gapp else None)
            for person in (anne, luc):
                season.register(person, session)
                season.note(person, session)
    before = figures(old), figures(new)
    erase(anne.id, by_herself=False)
    erase(luc.id, by_herself=False)

    assert (figures(old), figures(new)) == before
    people = db.session.query(Person).filter(Person.organisation_id == old.organisation.id).all()
    assert len(people) == 4
    assert {(one.first_name, one.last_name, one.email, one.full_name) for one in people} == {
        ("", "", None, "une personne effacée")
    }
    assert not any("saison" in one.identity for one in people)


def test_her_seat_goes_to_the_first_who_waits_and_no_link_of_hers_opens(app):
    session = make_group_session(make_programme(make_organisation()), capacity=1)
    seated, waits = signed_up(session), signed_up(session)
    link = token(Purpose.REGISTRATION, seated.public_id)
    erase(seated.person_id, by_herself=True)

    rows = db.session.query(Registration).all()
    assert [(row.person_id, row.status) for row in rows] == [(waits.person_id, "offered")]
    assert personal.behind_link(session.organisation_id, link) is None


@pytest.mark.parametrize(("by_herself", "kinds"), [(True, ["effacement_fait"]), (False, [])])
def test_who_asked_is_told_once_at_an_address_that_nothing_else_keeps(app, by_herself, kinds):
    person = make_person(make_organisation(), email="anne@example.org")
    erase(person.id, by_herself=by_herself)

    messages = db.session.query(OutboxMessage).all()
    assert [one.kind for one in messages] == kinds
    assert [(one.to_address, one.to_name, one.person_id) for one in messages] == [("anne@example.org", "", None)] * len(
        kinds
    )
    assert [(one.kind, one.person_id) for one in db.session.query(AuditEntry)] == [("effacement", None)]


def test_a_season_that_was_only_to_come_does_not_count_any_more(app):
    season = Season(2026)
    circles, anne = season.programme(), season.person("Anne")
    season.register(anne, season.session(circles, "2026-11-24", status="open"))
    season.enrol(anne, circles, created_at=datetime(2026, 10, 1, tzinfo=UTC))
    erase(anne.id, by_herself=True)

    assert season_report(season.organisation.id, 2026).together.counting.enrolled_distinct == 0
    assert db.session.query(Person).count() == 0


def test_the_only_one_who_coordinates_cannot_vanish(app):
    organisation = make_organisation()
    alone = make_coordinator(organisation)
    with pytest.raises(RuleBroken):
        erase(alone.id, by_herself=True)
    make_coordinator(organisation)
    erase(alone.id, by_herself=True)
    with pytest.raises(RuleBroken):
        erase(make_person(organisation, erased_at=datetime(2026, 1, 1, tzinfo=UTC)).id, by_herself=True)


def test_the_only_one_who_administers_cannot_vanish(app):
    organisation = make_organisation()
    alone, other = make_coordinator(organisation), make_coordinator(organisation)
    services.give(alone, RoleName.ADMINISTRATOR)

    with pytest.raises(RuleBroken, match="n’administre la CPTS"):
        erase(alone.id, by_herself=True)

    services.give(other, RoleName.ADMINISTRATOR)
    erase(alone.id, by_herself=True)


def test_of_two_who_coordinate_and_vanish_at_once_one_stays(app):
    organisation = make_organisation()
    ids, together = [make_coordinator(organisation).id for _ in range(2)], Barrier(2)

    def vanish(person_id):
        with app.app_context():
            together.wait(60)
            try:
                erase(person_id, by_herself=True)
            except RuleBroken:
                return "refused"
            finally:
                db.session.remove()
            return "gone"

    db.session.remove()
    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(vanish, ids)) == ["gone", "refused"]


def test_the_id_of_somebody_erased_is_never_anybody_elses(app):
    organisation = make_organisation()
    gone = make_person(organisation)
    gone_id = gone.id
    erase(gone_id, by_herself=False)

    assert make_person(organisation).id > gone_id
