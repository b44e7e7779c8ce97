"""Two who write the same row of a register at once: the second sees both, and nothing she typed is lost."""

import pytest

from cpts_sessions.registers import queries, services
from cpts_sessions.registers.entries import Communicated, Done, Request, RequestsOfYear
from cpts_sessions.registers.models import Channel, Communication, HelpRequest, Step, SupportedPeople
from tests.browsing import page_words
from tests.factories import make_coordinator
from tests.web.coordination import after, stored, text_of
from tests.web.forms_read import fields_of, send_fields
from tests.web.test_registers import COMMUNICATIONS, REQUESTS, STEPS, noted

pytestmark = pytest.mark.usefixtures("clock")

#: For each register: its rows, the field that one changes, and the other's.
EACH = [
    (REQUESTS, HelpRequest, "structure", "nature"),
    (COMMUNICATIONS, Communication, "lien", "quoi"),
    (STEPS, Step, "titre", "texte"),
]


@pytest.fixture
def nadia(organisation):
    return make_coordinator(organisation, first_name="Nadia", last_name="Roche")


def opened(browser, path, holding="lu"):
    """What the form of a page would send."""
    return fields_of(browser.get(path).get_data(as_text=True), holding)


def corrected_by(nadia, row, path, mine):
    """Somebody else keeps another value of the field that one is changing."""
    now = stored(type(row)).one()
    names = {"structure": "asker", "lien": "link", "titre": "title"}
    read, column = queries.revision(now), names[mine]
    entry = _as_it_is(now, **{column: "https://exemple.org/nadia" if mine == "lien" else "Par Nadia"})
    services.correct(nadia.organisation_id, now.public_id, entry, read=read, actor_id=nadia.id)


def _as_it_is(row, **changes):
    kind = {HelpRequest: Request, Communication: Communicated, Step: Done}[type(row)]
    told = {name: getattr(row, name) for name in kind.__dataclass_fields__ if name != "model"}
    if kind is Communicated:
        told["channel"] = Channel(row.channel)
    return kind(**told | changes)


@pytest.mark.parametrize(("path", "kind", "mine", "other"), EACH)
def test_the_second_sees_both_versions_then_decides(coordinator, organisation, nadia, path, kind, mine, other):
    noted(organisation)
    row = stored(kind).one()
    here = f"{path}/{row.public_id}"
    typed = opened(coordinator, here) | {mine: "https://exemple.org/moi" if mine == "lien" else "Par moi"}
    corrected_by(nadia, row, path, mine)

    refused = send_fields(coordinator, here, typed)
    page, again = page_words(refused), fields_of(refused.text, "lu")
    theirs = "https://exemple.org/nadia" if mine == "lien" else "Par Nadia"

    assert refused.status_code == 422
    assert "Pendant que vous écriviez, cette ligne a été modifiée par Nadia Roche à 10 h." in page
    assert f"Enregistré entre-temps : {theirs} Votre saisie : {typed[mine]}" in page
    assert again[mine] == [typed[mine]]
    assert theirs in text_of(coordinator, here) or theirs in coordinator.get(here).text
    assert "Enregistré." in after(coordinator, send_fields(coordinator, here, again))
    assert typed[mine] in coordinator.get(here).text


@pytest.mark.parametrize(("path", "kind", "mine", "other"), EACH)
def test_a_row_removed_meanwhile_may_be_noted_again(coordinator, organisation, nadia, path, kind, mine, other):
    noted(organisation)
    row = stored(kind).one()
    here = f"{path}/{row.public_id}"
    typed = opened(coordinator, here)
    services.remove(kind, organisation.id, row.public_id, read=queries.revision(row), actor_id=nadia.id)

    refused = send_fields(coordinator, here, typed)
    assert refused.status_code == 422
    assert "cette ligne a été retirée du registre par Nadia Roche à 10 h." in page_words(refused)
    assert f'action="{path}/noter"' in refused.text
    send_fields(coordinator, f"{path}/noter", fields_of(refused.text, "lu"))
    assert stored(kind).count() == 1
    assert coordinator.get(here).status_code == 404


def test_one_does_not_remove_what_somebody_has_just_corrected(coordinator, organisation, nadia):
    noted(organisation)
    row = stored(Step).one()
    here = f"{STEPS}/{row.public_id}/retirer"
    typed = opened(coordinator, here)
    corrected_by(nadia, row, STEPS, "titre")

    page = after(coordinator, send_fields(coordinator, here, typed))
    assert "Cette ligne a été modifiée entre-temps par Nadia Roche à 10 h. Rien n'est retiré" in page
    assert "Par Nadia" in page
    after(coordinator, send_fields(coordinator, here, opened(coordinator, here)))
    assert stored(Step).count() == 0


def test_a_line_of_a_whole_year_is_compared_too(coordinator, organisation, nadia):
    row = services.note(organisation.id, RequestsOfYear(year=2025, tool="ICCOPE", count=7))
    here = f"{REQUESTS}/{row.public_id}"
    typed = opened(coordinator, here) | {"nombre": "8"}
    entry = RequestsOfYear(year=2025, tool="ICCOPE", count=9)
    services.correct(organisation.id, row.public_id, entry, read=queries.revision(row), actor_id=nadia.id)

    assert "Nombre de sollicitations Enregistré entre-temps : 9 Votre saisie : 8" in page_words(
        send_fields(coordinator, here, typed)
    )
    assert stored(HelpRequest).one().count == 9


def test_the_number_of_people_supported_is_compared_too(coordinator, organisation, nadia):
    page, path = f"{COMMUNICATIONS}?annee=2026", f"{COMMUNICATIONS}/accompagnes?annee=2026"
    typed = opened(coordinator, page) | {"nombre": "3"}
    services.note_supported(organisation.id, 2026, "5", read="", actor_id=nadia.id)

    refused = send_fields(coordinator, path, typed)
    assert "ce nombre a été modifié par Nadia Roche à 10 h : 5." in page_words(refused)
    again = fields_of(refused.text, "nombre")
    assert (again["nombre"], stored(SupportedPeople).one().count) == (["3"], 5)
    send_fields(coordinator, path, again)
    assert stored(SupportedPeople).one().count == 3
