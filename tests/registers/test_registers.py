"""The registers of actions 27, 28 and 31: what is noted, how it is read, what the journal of acts keeps of it."""

from datetime import date

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.registers import queries, services
from cpts_sessions.registers.entries import Communicated, Done, Request, RequestsOfYear
from cpts_sessions.registers.models import Channel, Communication, HelpRequest, Step
from cpts_sessions.registers.queries import ToolLine
from tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def here(app):
    """The id of one CPTS."""
    return make_organisation().id


@pytest.fixture
def elsewhere(app):
    """The id of another CPTS."""
    return make_organisation(public_url="http://autre.example.org").id


def request(**changes):
    """A request for help, which says only what matters."""
    values = {
        "day": date(2026, 3, 10),
        "tool": "ICCOPE",
        "asker": "CPTS des Trois Rivières",
        "natures": "Formation",
        "needs": "Un parcours",
    }
    return Request(**{**values, **changes})


def communicated(**changes):
    """A communication."""
    values = {"day": date(2026, 5, 4), "is_month_only": False, "channel": Channel.STAND, "what": "stand au Colloque"}
    return Communicated(**{**values, **changes})


def kinds():
    """What the journal of acts holds: kinds and values."""
    return [(one.kind, one.values) for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_requests_about_one_tool_are_one_line_of_the_table(here):
    services.note(here, request())
    services.note(here, request(tool="Frottis", natures="Mise à disposition", needs=""))
    services.note(here, request(tool="iccope ", natures="Mise en place, formation, IPA", needs="Un relais"))
    services.note(here, RequestsOfYear(year=2026, tool="ICCOPE", count=7, natures="Recrutement", needs="un parcours"))

    assert queries.requests_by_tool(here, 2026) == [
        ToolLine("ICCOPE", 9, "Formation, mise en place, IPA, recrutement", "Un parcours ; Un relais"),
        ToolLine("Frottis", 1, "Mise à disposition", ""),
    ]


def test_a_single_line_is_read_as_it_was_noted(here):
    natures = "Formation,  Formation, Mise À Disposition"
    services.note(here, request(natures=natures))

    assert [one.natures for one in queries.requests_by_tool(here, 2026)] == [natures]


def test_each_year_and_each_organisation_has_its_own_rows(here, elsewhere):
    row = services.note(here, request())
    services.note(elsewhere, request(day=date(2024, 1, 2), tool="Autre"))
    services.note(here, communicated(day=date(2025, 12, 31)))
    services.note(here, Done(day=date(2025, 1, 1), title="Vœux"))
    services.note_supported(here, 2023, "4")

    assert [queries.requests_by_tool(one, 2026) != [] for one in (here, elsewhere)] == [True, False]
    assert [len(queries.communications(here, year)) for year in (2025, 2026)] == [1, 0]
    assert [len(queries.steps(here, year)) for year in (2024, 2025)] == [0, 1]
    assert [queries.supported_people(one, 2023) for one in (here, elsewhere)] == [4, None]
    assert [queries.years(one) for one in (here, elsewhere)] == [[2026, 2025, 2023], [2026, 2024]]
    assert queries.tools_known(here) == ["ICCOPE"]
    assert queries.row_of(HelpRequest, elsewhere, row.public_id) is None
    with pytest.raises(RuleBroken, match="vient d’être retirée"):
        services.remove(HelpRequest, elsewhere, row.public_id, read=queries.revision(row))


def test_as_of_a_day_only_what_was_done_by_then_is_read(here):
    for day in (date(2026, 3, 10), date(2026, 3, 11)):
        services.note(here, request(day=day))
        services.note(here, communicated(day=day))
        services.note(here, Done(day=day, title="Rencontre"))
    services.note(here, RequestsOfYear(year=2026, tool="Frottis", count=2))  # of no day: it belongs to all of its year
    until = date(2026, 3, 10)

    assert [(one.tool, one.count) for one in queries.requests_by_tool(here, 2026, until)] == [
        ("ICCOPE", 1),
        ("Frottis", 2),
    ]
    assert len(queries.communications(here, 2026, until)) == 1
    assert len(queries.steps(here, 2026, until)) == 1


def test_communications_are_read_by_date_and_a_newsletter_says_its_month(here):
    services.note(here, communicated())
    services.note(
        here,
        communicated(day=date(2026, 5, 1), is_month_only=True, channel=Channel.NEWSLETTER, what="lettre d’information"),
    )
    services.note(here, communicated(day=date(2026, 1, 5), channel=Channel.SITE, what="page du site"))
    services.note(
        here, communicated(day=date(2026, 6, 1), channel=Channel.NEWSLETTER, what="lettre d’information (juin)")
    )

    assert [queries.called(one) for one in queries.communications(here, 2026)] == [
        "page du site",
        "lettre d’information (mai 2026)",
        "stand au Colloque",
        "lettre d’information (juin)",
    ]


def test_the_number_of_people_supported_is_noted_changed_and_forgotten(here):
    changes = [services.note_supported(here, 2026, typed, actor_id=1) for typed in ("4", "4", " 1 2 ", "0", "", "")]

    assert changes == [True, False, True, True, True, False]
    assert queries.supported_people(here, 2026) is None
    assert [values["n"] for _, values in kinds()] == [4, 12, 0, "inconnu"]


@pytest.mark.parametrize("typed", ["Mme Vautrin", "4 dont Paul", "quatre", "4e", "Ζωή"])
def test_whatever_holds_letters_is_taken_for_a_name_and_refused(here, typed):
    with pytest.raises(RuleBroken) as refusal:
        services.note_supported(here, 2026, typed)

    assert normalise(str(refusal.value)) == "Ce registre ne garde qu'un nombre. Retirez les noms."
    assert queries.supported_people(here, 2026) is None


@pytest.mark.parametrize("typed", ["-1", "4,5", "10000", "٤", "1/2", "4;5"])
def test_what_is_no_number_of_people_is_refused(here, typed):
    with pytest.raises(RuleBroken, match="Écrivez un nombre"):
        services.note_supported(here, 2026, typed)

    assert queries.supported_people(here, 2026) is None


@pytest.mark.parametrize(
    "entry",
    [
        request(tool=" "),
        request(asker=""),
        request(natures=""),
        request(day=date(1999, 12, 31)),
        RequestsOfYear(year=2026, tool="ICCOPE", count=0),
        RequestsOfYear(year=2101, tool="ICCOPE", count=1),
        communicated(what=""),
        communicated(link="javascript:alert(1)"),
        communicated(link="http://"),
        communicated(link="https://exemple.org/a b"),
        communicated(link="ftp://exemple.org"),
        communicated(link="//exemple.org"),
        Done(day=date(2026, 1, 1), title=""),
        Done(day=date(2026, 1, 1), title="Rencontre", link="exemple.org"),
    ],
)
def test_what_cannot_be_noted_is_refused_and_leaves_nothing(here, entry):
    with pytest.raises(RuleBroken):
        services.note(here, entry)

    assert [db.session.query(one).count() for one in (HelpRequest, Communication, Step, AuditEntry)] == [0, 0, 0, 0]


def test_a_row_is_corrected_then_removed_and_the_journal_of_acts_keeps_no_word_of_it(here):
    row = services.note(here, communicated(link="https://exemple.org/page"), actor_id=1)
    changes = [
        services.correct(here, row.public_id, communicated(what="stand à la foire"), read=read, actor_id=2)
        for read in (queries.revision(row), "")  # written already: no matter what was read
    ]
    services.remove(Communication, here, row.public_id, read=queries.revision(row), actor_id=3)

    assert changes == [True, False]
    assert queries.communications(here, 2026) == []
    told = {"quoi": "une communication", "action": 28, "annee": 2026, "ligne": str(row.public_id)}
    assert kinds() == [("registre_note", told), ("registre_corrige", told), ("registre_retire", told)]
    with pytest.raises(RuleBroken, match="vient d’être retirée"):
        services.correct(here, row.public_id, communicated(), read="")


def test_a_request_changed_to_another_year_leaves_the_first(here):
    row = services.note(here, request())
    services.correct(here, row.public_id, request(day=date(2025, 6, 1)), read=queries.revision(row))

    assert [len(queries.requests(here, year)) for year in (2025, 2026)] == [1, 0]
