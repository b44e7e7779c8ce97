"""A frozen report never moves again: its figures, sentences, text and tables, whatever becomes of people."""

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import reading
from cpts_sessions.reports.annual.contents import Audience
from cpts_sessions.reports.annual.differences import differences
from cpts_sessions.reports.models import FrozenReport
from cpts_sessions.reports.season import season_report
from cpts_sessions.rights.erase import erase
from cpts_sessions.rights.export import export_person
from cpts_sessions.rights.merge import merge
from cpts_sessions.rights.retention import apply
from tests.conftest import NOW
from tests.factories import make_coordinator
from tests.registrations.test_at_the_same_moment import meanwhile
from tests.reports.annual import samples
from tests.reports.annual.years import Year
from tests.reports.seasons import Season


@pytest.fixture
def year(app, clock):
    return Year()


def freeze(year):
    assert services.freeze(year.id, 2025, actor_id=year.eva.id) is True
    db.session.rollback()
    return reading.annual_report(year.id, 2025)


def report(year):
    db.session.rollback()
    return reading.annual_report(year.id, 2025)


def enrolled(year):
    """The inscrits distincts of action 30 today."""
    db.session.rollback()
    return season_report(year.id, 2025).part("30").counting.enrolled_distinct


def changes(year):
    frozen, live = report(year), reading.live(year.id, 2025)
    return {(one.page_key, one.key): (normalise(one.frozen), normalise(one.now)) for one in differences(frozen, live)}


def somebody(year, **wanted):
    return db.session.query(Person).filter_by(organisation_id=year.id, **wanted).order_by(Person.id).first()


def test_freezing_keeps_everything_with_the_day_and_who(year):
    year.write("Bien : {participants}.")
    before = reading.live(year.id, 2025)

    frozen = freeze(year)

    assert (frozen.freezing.at, frozen.freezing.by) == (NOW, "Eva Roux")
    assert replace(frozen, freezing=None) == before
    assert frozen.page("30").text.written_by == "Eva Roux"


def test_a_frozen_report_does_not_follow_the_counts_and_says_what_changed(year):
    frozen = freeze(year)
    year.one_more()

    assert report(year) == frozen
    told = changes(year)
    assert told["30", "inscrits"] == ("19", "20")
    assert told["30", "participants"][0].startswith("19 professionnels")
    assert told["30", "participants"][1].startswith("20 professionnels")
    assert told["", ""] == (
        "26 inscrits distincts, GAPP et cercles de paroles réunis",
        "27 inscrits distincts, GAPP et cercles de paroles réunis",
    )
    assert ("29", "inscrits") not in told


def test_as_of_a_day_the_counts_are_read_even_when_the_year_is_frozen(year):
    freeze(year)
    asked = reading.annual_report(year.id, 2025, NOW.date())
    assert asked.freezing is None


def test_erasing_people_moves_neither_the_frozen_report_nor_the_counts(year):
    frozen = freeze(year)
    for person in db.session.query(Person).filter(Person.organisation_id == year.id, Person.id != year.eva.id).limit(5):
        erase(person.id, by_herself=False)

    assert (report(year), enrolled(year), changes(year)) == (frozen, 19, {})


def test_the_terms_of_retention_move_neither_the_frozen_report_nor_the_counts(year):
    frozen = freeze(year)
    apply(year.id, NOW.replace(year=2040))
    assert (report(year), enrolled(year), changes(year)) == (frozen, 19, {})


def test_merging_a_record_that_counts_nowhere_moves_nothing(year):
    frozen = freeze(year)
    kept = somebody(year, profession_slug="sage-femme")
    double = year.season.person("Doublon", "sage-femme")
    merge(kept.id, double.id, actor_id=year.eva.id)

    assert (report(year), enrolled(year), changes(year)) == (frozen, 19, {})


def test_merging_two_that_counted_moves_the_counts_and_never_the_frozen_report(year):
    frozen = freeze(year)
    more = year.one_more("Anna")
    twin = year.one_more("Anne")
    assert enrolled(year) == 21
    merge(more.id, twin.id, actor_id=year.eva.id)

    assert (report(year), enrolled(year)) == (frozen, 20)
    assert changes(year)["30", "inscrits"] == ("19", "20")


def test_nothing_of_a_frozen_report_can_be_written(year):
    year.write("Avant.")
    freeze(year)
    for act in (
        lambda: year.write("Après.", version=1),
        lambda: services.propose_again(year.editing(1)),
        lambda: services.take_up(year.editing(1)),
        lambda: services.note_amounts(year.id, 2025, {"27": 1}, actor_id=year.eva.id),
    ):
        with pytest.raises(RuleBroken, match="figé"):
            act()
    assert report(year).page("30").text.markdown == "Avant."


def test_unfreezing_is_traced_and_keeps_the_former_copy(year, clock):
    freeze(year)
    year.one_more()
    clock.shift(86_400)
    assert services.unfreeze(year.id, 2025, actor_id=year.eva.id) is True

    assert report(year).freezing is None
    assert report(year).page("30").figures[1].value == 20
    (former,) = reading.former_copies(year.id, 2025)
    assert reading.thawed(former).page("30").figures[1].value == 19
    assert (former.frozen_at, former.unfrozen_at, former.unfrozen_by_id) == (NOW, now(), year.eva.id)
    kinds = [one.kind for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert kinds == ["rapport_fige", "rapport_defige"]

    freeze(year)
    assert report(year).page("30").figures[1].value == 20
    assert db.session.query(FrozenReport).count() == 2


def test_freezing_or_unfreezing_twice_changes_nothing_more(year):
    freeze(year)
    assert services.freeze(year.id, 2025, actor_id=year.eva.id) is False
    services.unfreeze(year.id, 2025, actor_id=year.eva.id)
    assert services.unfreeze(year.id, 2025, actor_id=year.eva.id) is False
    assert db.session.query(AuditEntry).count() == 2


def test_two_who_freeze_at_the_same_moment_make_one_copy(app, year):
    organisation_id, actor_id = year.id, year.eva.id

    def act():
        services.freeze(organisation_id, 2025, actor_id=actor_id)

    with meanwhile(app, act) as (raised, start):
        services.freeze(organisation_id, 2025, actor_id=actor_id)
        start()

    assert (raised, db.session.query(FrozenReport).count()) == ([], 1)


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_what_changes_while_the_year_is_counted_is_in_the_copy_whole(year, moment):
    """On SQLite whoever writes waits until the copy is made; on PostgreSQL she does not."""
    read = []

    def interrupt(_connection, _cursor, statement, *_rest):
        if "FROM attendance " not in statement:
            return
        read.append(statement)
        if len(read) == moment and db.engine.dialect.name == "postgresql":
            with db.engine.begin() as elsewhere:
                elsewhere.execute(text("DELETE FROM attendance"))
                elsewhere.execute(text("UPDATE registration SET status = 'cancelled'"))

    event.listen(db.engine, "before_cursor_execute", interrupt)
    try:
        freeze(year)
    finally:
        event.remove(db.engine, "before_cursor_execute", interrupt)

    assert len(read) >= moment
    assert changes(year) == {}


def test_who_froze_and_wrote_is_no_longer_named_once_erased(year):
    make_coordinator(year.season.organisation, first_name="Léa")
    year.write("Bien.")
    freeze(year)
    erase(year.eva.id, by_herself=True)

    frozen = report(year)
    assert (frozen.freezing.by, frozen.page("30").text.written_by) == ("une personne effacée",) * 2
    assert "Eva" not in str(db.session.query(FrozenReport).one().record)


def test_who_froze_has_the_name_of_the_record_that_was_kept(year):
    kept = make_coordinator(year.season.organisation, first_name="Eva", last_name="Roux-Martin")
    freeze(year)
    merge(kept.id, year.eva.id, actor_id=kept.id)
    assert report(year).freezing.by == "Eva Roux-Martin"


def test_what_she_did_to_the_report_is_among_the_data_of_who_froze_it(year):
    year.write("Bien.")
    freeze(year)
    told = [(one["acte"], one["par_elle"]) for one in export_person(year.eva.id)["journal"] if "rapport" in one["acte"]]
    assert told == [("rapport_texte", True), ("rapport_fige", True)]


def test_freezing_touches_neither_another_year_nor_another_cpts(year):
    elsewhere = Season(2025, "ailleurs")
    freeze(year)
    assert reading.annual_report(year.id, 2026).freezing is None
    assert reading.annual_report(elsewhere.organisation.id, 2025).freezing is None


def test_a_table_that_others_may_read_since_is_not_another_table():
    frozen = samples.frozen()
    grids = tuple(replace(one, audience=one.audience or Audience.CPAM) for one in samples.page().grids)
    assert differences(frozen, replace(frozen, pages=(frozen.pages[0], samples.page(grids=grids)))) == []
