"""The text written for a page: kept, put aside, taken up, never overwritten unseen."""

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import marks, reading
from cpts_sessions.reports.models import ReportText
from cpts_sessions.reports.rules import LONGEST_TEXT
from tests.factories import make_coordinator, make_organisation
from tests.reports.annual.years import Year


@pytest.fixture
def year(app, clock):
    return Year()


def row():
    db.session.rollback()
    return db.session.query(ReportText).one()


def broken(year):
    stored = row()
    page = year.page()
    found = marks.marks(page, stored.markdown, stored.said, stored.left_alone)
    return [(normalise(one.words), normalise(one.now)) for one in found if one.is_broken]


def acts():
    db.session.rollback()
    return [
        (one.kind, one.values) for one in db.session.query(AuditEntry).order_by(AuditEntry.id) if "rapport" in one.kind
    ]


def test_a_page_has_the_proposed_text_until_another_is_written(year):
    assert year.page().text.written_by is None
    assert "{participants}" in year.page().text.markdown

    assert year.write("Bien : {participants}.\r\n") is True

    assert year.text() == ("Bien : {participants}.", "Eva Roux")
    assert year.page("29").text.written_by is None
    assert acts() == [("rapport_texte", {"annee": 2025, "page": "action 30"})]


def test_writing_the_same_text_or_the_proposed_one_changes_nothing(year):
    assert year.write(year.page().proposed) is False
    assert db.session.query(ReportText).count() == 0

    year.write("Bien.")
    assert year.write("  Bien. \n", version=1) is False
    assert (row().version, len(acts())) == (1, 1)


def test_the_journal_says_once_a_day_who_wrote(year, clock):
    year.write("Un.")
    year.write("Deux.", version=1)
    clock.shift(86_400)
    year.write("Trois.", version=2)
    assert len(acts()) == 2


def test_an_empty_text_gives_the_proposed_one_back_and_puts_the_other_aside(year):
    year.write("Le mien.")
    year.write(" \n ", version=1)
    assert year.text() == (year.page().proposed, None)

    services.take_up(year.editing(2))
    assert year.text() == ("Le mien.", "Eva Roux")


def test_going_back_to_the_proposed_text_can_be_undone(year):
    year.write("Le mien.")
    services.propose_again(year.editing(1))
    services.propose_again(year.editing(2))
    assert (year.text(), row().version) == ((year.page().proposed, None), 2)

    services.take_up(year.editing(2))
    assert year.text() == ("Le mien.", "Eva Roux")
    with pytest.raises(RuleBroken, match="Aucun texte"):
        services.take_up(year.editing(3))


def test_a_text_over_a_text_changed_meanwhile_is_refused(year):
    other = make_coordinator(year.season.organisation, first_name="Léa", last_name="Blanc")
    year.write("D’elle.", actor_id=other.id)

    with pytest.raises(RuleBroken, match="Léa Blanc"):
        year.write("De moi.")
    assert year.text() == ("D’elle.", "Léa Blanc")

    assert year.write("Des deux.", version=1) is True


def test_a_text_too_long_is_refused_with_its_length(year):
    with pytest.raises(RuleBroken, match=r"10.001 caractères.*10.000 au plus"):
        year.write("a" * (LONGEST_TEXT + 1))
    assert year.write("a" * LONGEST_TEXT) is True


def test_signs_that_nobody_sees_are_left_out(year):
    year.write("a\x00b\x08c\u200d")
    assert row().markdown == "abc\u200d"


def test_one_organisation_never_reads_the_text_of_another(year):
    year.write("Le mien.")
    elsewhere = make_organisation(public_url="http://autre.example.org")
    assert reading.texts(elsewhere.id, 2025) == {}
    assert reading.texts(year.id, 2024) == {}


def test_a_number_typed_by_hand_is_marked_when_somebody_more_came(year):
    year.write("Les 19 professionnels ont tenu 14 cercles.")
    assert broken(year) == []

    year.one_more()
    assert broken(year) == [("19 professionnels", "20 professionnels")]

    services.replace_mark(year.editing(1), "19 professionnels")
    assert (year.text()[0], broken(year)) == ("Les 20 professionnels ont tenu 14 cercles.", [])


def test_a_mark_stays_until_it_is_settled(year):
    year.write("Les 19 professionnels.")
    year.one_more()
    year.write("Les 19 professionnels, vraiment.", version=1)
    assert broken(year) == [("19 professionnels", "20 professionnels")]

    services.leave_alone(year.editing(2), "19 professionnels")
    assert broken(year) == []


def test_a_sentence_copied_whole_becomes_live(year):
    sentence = year.page().field("participants").exact
    year.write(f"Cette année, {sentence}.")
    (mark,) = marks.marks(year.page(), row().markdown, row().said)

    services.replace_mark(year.editing(1), mark.id)

    assert (mark.is_broken, year.text()[0]) == (False, "Cette année, {participants}.")


def test_a_mark_that_is_gone_changes_nothing(year):
    year.write("Rien à compter.")
    for act in (services.replace_mark, services.leave_alone):
        with pytest.raises(RuleBroken, match="plus dans le texte"):
            act(year.editing(1), "19 professionnels")
    assert row().version == 1


def test_amounts_of_a_year_are_the_usual_ones_unless_she_says_otherwise(year):
    assert year.page("27").amount_euros == 2000

    assert services.note_amounts(year.id, 2025, {"27": 2500, "31": 0, "28": None}, actor_id=year.eva.id) is True

    assert [(key, year.page(key).amount_euros) for key in ("27", "28", "31")] == [
        ("27", 2500),
        ("28", 4000),
        ("31", None),
    ]
    assert services.note_amounts(year.id, 2025, {"27": 2500, "31": 0}, actor_id=year.eva.id) is False
    services.note_amounts(year.id, 2025, {"27": None, "31": 0}, actor_id=year.eva.id)
    assert year.page("27").amount_euros == 2000
    with pytest.raises(RuleBroken):
        services.note_amounts(year.id, 2025, {"27": -1}, actor_id=year.eva.id)
