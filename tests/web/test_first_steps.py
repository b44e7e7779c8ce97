"""The first steps of a new CPTS: one thing per page, each passed over or taken up again, by whichever coordinator."""

import re
from io import BytesIO

import pytest

from cpts_sessions.installation import first_steps
from cpts_sessions.installation.first_steps import STEPS, State, Step
from cpts_sessions.installation.founding import found
from cpts_sessions.organisations.models import FirstSteps, Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from tests.browsing import page_words, sign_in, submit
from tests.factories import make_coordinator, make_group_session, make_organisation, make_person
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/premiers-pas"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SERIES = {
    "comment": "liste",
    "liste": "16/03/2027\n18/05/2027",
    "debut": "20:00",
    "fin": "",
    "places": "12",
    "minimum": "4",
    "jour_semaine": "0",
    "semaines": "2",
}
RHYTHM = {**SERIES, "comment": "rythme", "jour_semaine": "0", "semaines": "2", "premier": "2027-03-15"}


@pytest.fixture
def founded(app, clock):
    """A CPTS that has just started."""
    return found("CPTS des Trois Vallées", "nadia.roche@example.org", public_url="http://localhost").organisation


@pytest.fixture
def nadia(founded, browser):
    """Her browser."""
    (person,) = stored(Person)
    sign_in(browser, person)
    return browser


def states():
    standing = first_steps.standing(stored(Organisation).one())
    return {step.value: state.value for step, state in standing.states.items() if state is not State.TO_DO}


def press(browser, path, page, **fields):
    return submit(browser, path, page=page, **fields)


def test_the_link_of_start_leads_there_after_its_button(app, clock, browser):
    founded = found("CPTS des Trois Vallées", "nadia.roche@example.org", public_url="http://localhost")
    path = founded.ways_in[0].url.removeprefix("http://localhost")
    page = browser.get(f"{path}?suite={PAGE}").get_data(as_text=True)

    assert f'name="suite" value="{PAGE}"' in page
    assert submit(browser, path, suite=PAGE).location == PAGE


@pytest.mark.parametrize("elsewhere", ["//autre.example.org", "https://autre.example.org", "/\\autre", "autre"])
def test_that_link_leads_to_no_other_site(app, clock, browser, elsewhere):
    founded = found("CPTS des Trois Vallées", "nadia.roche@example.org", public_url="http://localhost")
    path = founded.ways_in[0].url.removeprefix("http://localhost")

    assert submit(browser, path, suite=elsewhere).location == "/coordination/"


def test_she_is_told_where_she_is_and_the_desk_remembers(nadia):
    first = text_of(nadia, PAGE)
    assert "Dix minutes jusqu'à la première inscription" in first
    assert "Commencer" in first

    assert press(nadia, f"{PAGE}/nom/passer", f"{PAGE}/nom").location == f"{PAGE}/boite"
    assert press(nadia, f"{PAGE}/boite/passer", f"{PAGE}/boite").location == f"{PAGE}/logo"

    assert "Étape 3 sur 7" in text_of(nadia, f"{PAGE}/logo")
    assert "Reprendre où j'en étais" in text_of(nadia, PAGE)
    assert states() == {"nom": "skipped", "boite": "skipped"}


def test_another_coordinator_on_another_computer_takes_up_where_it_stands(nadia, founded, app):
    press(nadia, f"{PAGE}/nom/passer", f"{PAGE}/nom")
    other = app.test_client()
    sign_in(other, make_coordinator(founded))

    assert f'href="{PAGE}/boite">Reprendre' in other.get(PAGE).get_data(as_text=True)


def test_everything_may_be_passed_over_and_stays_possible(nadia):
    for step in STEPS:
        answer = press(nadia, f"{PAGE}/{step.value}/passer", f"{PAGE}/{step.value}")

    assert answer.location == PAGE
    page = text_of(nadia, PAGE)
    assert "Ce qui reste possible" in page
    assert set(states().values()) == {"skipped"}
    assert not first_steps.standing(stored(Organisation).one()).is_shown


def test_what_exists_is_done_without_being_asked(nadia, founded):
    assert states() == {}
    make_group_session(stored(Programme).first())
    make_person(founded)

    assert states() == {"dates": "done", "membres": "done"}


def test_a_step_once_done_is_not_passed_over_afterwards(founded):
    first_steps.mark(founded.id, Step.POSTER, State.DONE)
    first_steps.mark(founded.id, Step.POSTER, State.SKIPPED)

    assert states() == {"affiche": "done"}


def test_her_name_and_her_place_are_kept_by_the_settings(nadia):
    said = {"name": "CPTS des Deux Rives", "phone": "03 88 11 22 33", "place_name": "Maison de santé"}
    more = {"place_address": "2 rue du Port", "town": "Ambreville", "place_access": ""}

    assert submit(nadia, f"{PAGE}/nom", **said, **more).location == f"{PAGE}/boite"
    row = stored(Organisation).one()
    assert (row.name, row.place_name, row.help_line) == ("CPTS des Deux Rives", "Maison de santé", "SPS 0 805 23 23 36")
    assert states() == {"nom": "done"}


def test_an_empty_name_is_refused_in_place(nadia):
    answer = submit(nadia, f"{PAGE}/nom", name=" ")

    assert answer.status_code == 422
    assert "Étape 1 sur 7" in page_words(answer)
    assert states() == {}


def test_a_bad_logo_is_refused_and_the_next_one_leads_back(nadia):
    page, form = f"{PAGE}/logo", "/coordination/reglages/logo"
    bad = press(nadia, form, page, logo=(BytesIO(b"<svg/>"), "logo.svg"), suite=page)

    assert bad.status_code == 422
    assert "Ce fichier n'est pas une image PNG, JPEG ou WebP." in page_words(bad)
    assert f'href="{page}">Revenir aux premiers pas' in bad.get_data(as_text=True)
    assert states() == {}
    good = press(nadia, form, page, logo=(BytesIO(PNG), "logo.png"), suite=page)
    assert (good.status_code, good.location, states()) == (303, page, {"logo": "done"})


def test_a_colour_is_seen_in_the_step_then_kept(nadia):
    page = f"{PAGE}/logo"
    seen = nadia.get(f"{page}?couleur=%237a1f5c").get_data(as_text=True)

    assert "Garder cette couleur" in seen
    assert 'action="/coordination/premiers-pas/logo"' in seen
    kept = press(nadia, "/coordination/reglages/couleur", page, couleur="#7a1f5c", suite=page)
    assert (kept.location, states()) == (page, {"logo": "done"})


def test_a_page_borrowed_leads_nowhere_else(nadia):
    for suite in ("//autre.example.org", "https://autre.example.org", "/coordination/messages", f"{PAGE}/../messages"):
        kept = press(nadia, "/coordination/reglages/couleur", f"{PAGE}/logo", couleur="#7a1f5c", suite=suite)
        assert kept.location == "/coordination/reglages/apparence"


def test_a_programme_is_adapted_and_another_one_created(nadia):
    step = f"{PAGE}/dispositif"
    page = nadia.get(step).get_data(as_text=True)
    adapt = re.search(r'href="([^"]*dispositifs/[0-9a-f-]{36}[^"]*)"', page)[1]

    assert f"suite={step}" in adapt.replace("%2F", "/")
    assert "/coordination/dispositifs/nouveau" in page
    assert "Revenir aux premiers pas" in text_of(nadia, adapt.replace("&amp;", "&"))
    assert press(nadia, f"{step}/continuer", step).location == f"{PAGE}/dates"
    assert states() == {"dispositif": "done"}


def test_a_series_without_an_end_is_asked_for_one_beside_the_number(nadia):
    programme = str(stored(Programme).first().public_id)
    refused = submit(nadia, "/coordination/seances/serie", dispositif=programme, **RHYTHM)
    assert refused.status_code == 422
    assert "Ou nombre de séances : Dites jusqu'à quel jour, ou combien de séances." in page_words(refused)


def test_the_first_dates_come_from_the_series_and_lead_back(nadia, founded):
    step = f"{PAGE}/dates"
    programme = str(stored(Programme).first().public_id)
    series = f"/coordination/seances/serie?suite={step}"
    preview = submit(nadia, series, dispositif=programme, **SERIES)
    assert preview.status_code == 200
    days = ["2027-03-16", "2027-05-18"]
    done = submit(nadia, series, dispositif=programme, **SERIES, dates=days, devenir="draft", etape="creer")

    assert (done.status_code, done.location) == (303, step)
    page = after(nadia, done)
    assert "2 séances sont en préparation : personne ne les voit encore." in page
    opening = re.search(r'href="(/coordination/seances/ouvrir[^"]+)"', nadia.get(step).get_data(as_text=True))[1]
    ids = [str(one.public_id) for one in stored(GroupSession)]
    opened = submit(nadia, opening.replace("&amp;", "&"), seance=ids)
    assert (opened.status_code, opened.location) == (303, step)
    assert "2 séances sont ouvertes aux inscriptions." in after(nadia, opened)


def test_the_import_leads_back_once_it_is_done(nadia):
    step = f"{PAGE}/membres"
    file = BytesIO(b"prenom;nom;email;profession\nAnna;Roth;anna.roth@example.org;sage-femme\n")
    tried = submit(nadia, f"/coordination/import?suite={step}", fichier=(file, "membres.csv"), dispositif="", annee="")
    assert tried.status_code == 303
    done = submit(nadia, tried.location)

    assert (done.status_code, done.location, states()) == (303, step, {"membres": "done"})
    assert "Votre répertoire compte 1 personne." in after(nadia, done)


def test_the_poster_ends_it(nadia):
    step = f"{PAGE}/affiche"
    assert "/coordination/affiche.pdf" in nadia.get(step).get_data(as_text=True)

    assert press(nadia, f"{step}/continuer", step).location == PAGE


def test_at_the_end_it_is_said_that_no_trial_message_arrived(nadia, founded):
    make_group_session(stored(Programme).first())
    warning = "personne ne reçoit sa confirmation"
    for step in STEPS:
        press(nadia, f"{PAGE}/{step.value}/passer", f"{PAGE}/{step.value}")
    page = text_of(nadia, PAGE)
    assert "Vos dates sont ouvertes" in page
    assert warning in page

    first_steps.mark(founded.id, Step.MAILBOX, State.DONE)
    assert warning not in text_of(nadia, PAGE)


def test_put_away_they_leave_the_desk_and_stay_in_the_settings(nadia, founded):
    press(nadia, f"{PAGE}/ne-plus-montrer", PAGE)

    assert not first_steps.standing(stored(Organisation).one()).is_shown
    assert PAGE in nadia.get("/coordination/reglages").get_data(as_text=True)


def test_an_older_cpts_is_shown_nothing_and_may_still_take_them(app, clock, browser):
    organisation = make_organisation()
    sign_in(browser, make_coordinator(organisation))

    assert not first_steps.standing(organisation).is_shown
    assert press(browser, f"{PAGE}/nom/passer", f"{PAGE}/nom").status_code == 303
    assert stored(FirstSteps).one().passed == {"nom": "skipped"}


def test_the_number_of_queries_does_not_grow(nadia, founded):
    programme = stored(Programme).first()
    make_group_session(programme)
    make_person(founded)
    one = queries_for(nadia, PAGE)
    for _ in range(3):
        make_group_session(programme)
        make_person(founded)

    assert queries_for(nadia, PAGE) == one
