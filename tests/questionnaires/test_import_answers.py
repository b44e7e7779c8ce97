"""A file of answers: opened at once for a past year, sealed with the others for this one; all of it or nothing."""

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import season_2025
from cpts_sessions.questionnaires import keys, queries
from cpts_sessions.questionnaires.import_answers import import_answers
from cpts_sessions.questionnaires.models import Answer, Box, Slot
from tests.questionnaires.boxes import collecting, make_asking_programme

FILE = season_2025.FOLDER.joinpath("reponses-cercles.csv").read_bytes()
GROUPS = "c1,c2,c3 : on m’écoute sans jugement,c5,c8\n" + "Oui,Bienveillante|Équilibrée,Tout à fait,Oui,Merci\n" * 5


@pytest.fixture
def programme(app, clock):
    """Cercles de paroles, which ask their questionnaire."""
    return make_asking_programme()


def brought_in(programme, content=FILE, **changes):
    asked = {"programme_slug": programme.slug, "year": 2025, "invited": 16, **changes}
    if isinstance(content, str):
        content = content.encode()
    return import_answers(programme.organisation_id, content, "reponses.csv", **asked)


def test_the_answers_of_a_past_year_are_opened_and_mixed(programme):
    report = brought_in(programme)

    box = queries.box_of_year(programme.id, 2025)
    assert (report.is_written, len(report.lines)) == (True, 6)
    assert (box.state, box.invited, box.respondents, box.on_paper) == ("opened", 16, 6, 6)
    assert sorted(queries.values_of(box.id, "c5")) == ["Non", "Oui", "Oui", "Oui", "Oui", "Oui"]
    assert db.session.query(Slot).count() == 0


def test_a_second_time_is_refused_and_changes_nothing(programme):
    brought_in(programme)
    before = db.session.query(Answer).count()

    with pytest.raises(RuleBroken) as refusal:
        brought_in(programme)

    assert "2025" in str(refusal.value)
    assert db.session.query(Answer).count() == before


def test_a_trial_says_what_would_happen_and_leaves_nothing_not_even_a_key(programme):
    kept = keys.kept()

    report = brought_in(programme, dry_run=True)

    assert (report.is_written, len(report.lines)) == (False, 6)
    assert (db.session.query(Box).count(), keys.kept()) == (0, kept)


def test_one_refused_line_refuses_the_file(programme):
    report = brought_in(programme, GROUPS + "Peut-être,Bienveillante,,Oui,\n")

    [line] = [one for one in report.lines if one.is_refused]
    assert line.number == 7
    assert "« Peut-être » n'est pas un choix" in normalise(line.refusals[0])
    assert db.session.query(Box).count() == 0


def test_rows_of_a_matrix_have_columns_of_their_own(programme):
    brought_in(programme, GROUPS)

    box = queries.box_of_year(programme.id, 2025)
    assert queries.values_of(box.id, "c3/on m’écoute sans jugement") == ["Tout à fait"] * 5


def test_fewer_than_five_of_a_past_year_are_refused(programme):
    with pytest.raises(RuleBroken):
        brought_in(programme, "\n".join(GROUPS.split("\n")[:5]))

    assert db.session.query(Box).count() == 0


def test_the_answers_of_this_year_are_sealed_with_the_others(programme):
    box, _ = collecting(2, programme=programme)

    report = brought_in(programme, GROUPS, year=2026)

    assert (queries.paper_count(box.id), db.session.query(Answer).count()) == (5, 0)
    assert "une seconde fois" in report.notices[0]


def test_paper_does_not_open_a_box_of_a_past_year_that_has_links(programme):
    box, _ = collecting(2, programme=programme)
    with transaction():
        box.year = 2024  # its collection is over, and nobody looked at it yet

    with pytest.raises(RuleBroken):
        brought_in(programme, year=2024)

    assert (queries.paper_count(box.id), box.state) == (0, "collecting")


def test_a_programme_that_asks_nothing_is_refused(app, clock):
    silent = make_asking_programme(questionnaire_slug=None)

    with pytest.raises(RuleBroken):
        brought_in(silent)
