"""The report of a year on the screen: its pages, its text, its marks, freezing it."""

import re
from datetime import date

import pytest

from cpts_sessions.accounts.models import Role
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registers.models import HelpRequest, Step
from cpts_sessions.reports.models import FrozenReport, ReportAmount, ReportText
from tests.browsing import sign_in
from tests.page import words
from tests.reports.seasons import Season, season_2025
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import fields_of, send, send_fields
from tests.web.test_counting import as_coordinator

YEAR = "/coordination/rapport/2025"
PAGE = f"{YEAR}/action-30"
ELSEWHERE = "http://ailleurs.example.org"
LIVE = re.compile(r'<a class="live" href="([^"]+)"')


@pytest.fixture
def season(app, clock):
    return season_2025()


@pytest.fixture
def coordinator(browser, season):
    return as_coordinator(browser, season)


def one_more(season, first_name="Nouvelle"):
    """Somebody more in the circles of 2025."""
    circles = GroupSession.programme.has(slug="cercle-de-paroles")
    held = db.session.query(GroupSession).filter(circles).order_by(GroupSession.starts_at).first()
    season.register(season.person(first_name), held)


def write(browser, text):
    return send(browser, PAGE, holding="texte", texte=text)


def act(browser, acte, **values):
    """Press the first button of this act."""
    html = browser.get(PAGE).get_data(as_text=True)
    (form,) = [
        one
        for one in re.findall(r'<form class="act".*?</form>', html, re.DOTALL)
        if f'value="{acte}"' in one and all(f'value="{value}"' in one for value in values.values())
    ]
    return send_fields(browser, f"{PAGE}/texte", fields_of(form, "acte"))


def test_the_report_opens_at_the_last_year_that_tells_something(coordinator, season):
    assert coordinator.get("/coordination/rapport").location == YEAR


def test_the_year_says_what_each_action_counts_and_brings(coordinator):
    page = text_of(coordinator, YEAR)
    for told in (
        "Action 29 : Mettre en place des groupes d’analyse de pratique (GAPP)",
        "Inscrits distincts : 19 · Présents distincts : 17 · Présences cumulées : 77",
        "26 inscrits distincts, GAPP et cercles de paroles réunis",
        "Texte proposé par l’application.",
        "Calendrier 2025",
    ):
        assert words(told) in page, told


def test_as_of_a_day_a_circle_is_still_planned(coordinator):
    assert "un dernier est prévu le 30 décembre" in text_of(coordinator, f"{PAGE}?au=2025-12-20")
    assert "un dernier est prévu" not in text_of(coordinator, PAGE)
    assert "Séances tenues : 13" in text_of(coordinator, f"{YEAR}?au=2025-12-20")
    assert coordinator.get(f"{YEAR}?au=demain").status_code == 422


def test_every_live_figure_of_a_text_opens_its_rows(coordinator):
    links = LIVE.findall(coordinator.get(PAGE).get_data(as_text=True))
    assert len(links) > 1
    for link in links:
        assert coordinator.get(link.replace("&amp;", "&")).status_code == 200, link


def test_every_figure_of_a_register_opens_it_and_a_new_one_is_offered_to_the_text(coordinator, season):
    with transaction():
        of = {"organisation_id": season.organisation.id}
        db.session.add(HelpRequest(**of, year=2025, day=None, tool="ICCOPE", asker="CPTS des Trois Rivières"))
        db.session.add(Step(**of, day=date(2025, 6, 5), title="Rencontre"))
    send(coordinator, f"{YEAR}/action-31", holding="texte", texte="Une année calme.")
    with transaction():
        db.session.add(Step(**of, day=date(2025, 9, 9), title="Forum"))
    page = text_of(coordinator, f"{YEAR}/action-31")
    assert "Retirés de votre texte : Étape du 5 juin." in page
    assert "Notés depuis, pas encore dans votre texte : Étape du 9 septembre." in page
    send(coordinator, f"{YEAR}/action-31", holding="texte", texte="")
    for action, number in ((27, "1"), (31, "2")):
        html = coordinator.get(f"{YEAR}/action-{action}").get_data(as_text=True)
        (figure,) = re.findall(
            rf'<td class="n"><a href="(/coordination/registres/action-{action}[^"]*)">{number}</a>', html
        )
        assert figure in [link.replace("&amp;", "&") for link in LIVE.findall(html)]
        assert coordinator.get(figure).status_code == 200


def test_each_version_has_its_sentences_and_its_table(coordinator):
    exact, public = text_of(coordinator, PAGE), text_of(coordinator, f"{PAGE}?pour=publier")
    assert "1 sage-femme, 3 médecins généralistes" in exact
    assert "sage-femme" not in public
    assert "et 10 autres professionnels" in public


def test_a_text_is_written_and_says_who_wrote_it(coordinator):
    page = after(coordinator, write(coordinator, "## Bilan\n\n**Très bien** : {participants}."))
    assert "Enregistré." in page
    assert "Bilan Très bien : 19 professionnels (1 sage-femme" in page
    assert "Texte modifié par Eva Coordinatrice le 2 novembre 2026." in page
    assert "Retirés de votre texte : " in page


def test_hostile_text_stays_words(coordinator):
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> {participants}{inconnu}"
    write(coordinator, bad)
    html = coordinator.get(PAGE).get_data(as_text=True)
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<img src=x" not in html
    assert "{inconnu}" in words(html)
    assert "Aucun chiffre de cette page ne s'appelle inconnu" in words(html)


def test_a_text_over_a_text_changed_meanwhile_is_kept_on_the_screen_and_not_stored(coordinator):
    opened = fields_of(coordinator.get(PAGE).get_data(as_text=True), "texte")
    write(coordinator, "La première.")

    refused = send_fields(coordinator, PAGE, {**opened, "texte": "La seconde."})
    html = refused.get_data(as_text=True)

    assert (refused.status_code, stored(ReportText).one().markdown) == (422, "La première.")
    assert "Pendant que vous écriviez, ce texte a changé" in words(html)
    assert fields_of(html, "texte")["texte"] == ["La seconde."]
    assert "La première." in words(html)
    assert send_fields(coordinator, PAGE, fields_of(html, "texte")).status_code == 303
    assert stored(ReportText).one().markdown == "La seconde."


def test_a_text_too_long_is_refused_and_kept_on_the_screen(coordinator):
    refused = write(coordinator, "a" * 10_001)
    assert refused.status_code == 422
    assert "10 001 caractères" in words(refused.get_data(as_text=True))
    assert fields_of(refused.get_data(as_text=True), "texte")["texte"] == ["a" * 10_001]
    assert stored(ReportText).count() == 0


def test_without_javascript_a_figure_is_put_at_the_end_and_nothing_is_stored(coordinator):
    fields = fields_of(coordinator.get(PAGE).get_data(as_text=True), "texte")
    shown = send_fields(coordinator, PAGE, {**fields, "texte": "Bien.", "inserer": "presences"})
    assert fields_of(shown.get_data(as_text=True), "texte")["texte"] == ["Bien.\n\n{presences}."]
    assert (shown.status_code, stored(ReportText).count()) == (200, 0)


def test_a_figure_that_is_no_longer_true_is_marked_and_replaced(coordinator, season):
    write(coordinator, "Les 19 professionnels sont venus.")
    one_more(season)
    page = text_of(coordinator, PAGE)
    assert "« 19 professionnels » ne correspond plus au compte actuel : 20 professionnels. Remplacer ?" in page
    assert "Inscrits distincts : 19, maintenant 20" in page
    assert "1 chiffre à relire" in text_of(coordinator, YEAR)

    done = after(coordinator, act(coordinator, "remplacer"))

    assert "Remplacé." in done
    assert "Les 20 professionnels sont venus." in done
    assert "ne correspond plus" not in done
    assert "à relire" not in text_of(coordinator, YEAR)


def test_words_may_be_left_as_they_are(coordinator, season):
    write(coordinator, "Les 19 professionnels sont venus.")
    one_more(season)
    assert "ne correspond plus" not in after(coordinator, act(coordinator, "laisser"))


def test_a_sentence_typed_by_hand_may_become_live(coordinator):
    write(coordinator, "Nous comptons 77 présences cumulées en 14 séances, soit 5,5 en moyenne par séance.")
    assert "est écrit à la main" in text_of(coordinator, PAGE)
    act(coordinator, "remplacer")
    assert stored(ReportText).one().markdown == "Nous comptons {presences}."


def test_the_proposed_text_comes_back_and_the_other_may_too(coordinator):
    write(coordinator, "Le mien.")
    assert "Le vôtre est mis de côté" in after(coordinator, act(coordinator, "proposer"))
    assert "Le mien." in after(coordinator, act(coordinator, "reprendre"))


def test_freezing_asks_first_and_then_shows_what_changes(coordinator, season):
    asked = text_of(coordinator, f"{YEAR}/figer")
    assert "gardés pour toujours" in asked
    assert "pas terminée" not in asked
    assert stored(FrozenReport).count() == 0

    page = after(coordinator, send(coordinator, f"{YEAR}/figer", holding="csrf_token"))
    assert "Rapport figé le 2 novembre 2026 par Eva Coordinatrice. Les chiffres ne bougent plus." in page
    assert "Les comptes d'aujourd'hui disent la même chose." in page
    assert coordinator.get(f"{YEAR}/figer").location == YEAR

    one_more(season)
    page = text_of(coordinator, PAGE)
    told = "Depuis, des corrections changent ce chiffre : 19 dans le rapport figé, 20 aujourd'hui."
    assert f"Inscrits distincts {told}" in page
    assert f"Action 30 : Inscrits distincts {told}" in text_of(coordinator, YEAR)
    assert "Modifier le texte" not in page
    assert "Inscrits distincts : 19 ·" in text_of(coordinator, YEAR)


def test_a_text_written_while_somebody_froze_stays_on_the_screen(coordinator):
    opened = fields_of(coordinator.get(PAGE).get_data(as_text=True), "texte")
    send(coordinator, f"{YEAR}/figer", holding="csrf_token")
    refused = send_fields(coordinator, PAGE, {**opened, "texte": "Une heure de travail."})
    page = words(refused.get_data(as_text=True))
    assert (refused.status_code, stored(ReportText).count()) == (422, 0)
    assert "Le rapport 2025 est figé : son texte ne change plus." in page
    assert "Une heure de travail." in page


def test_a_figure_of_a_frozen_report_whose_rows_are_gone_opens_nothing(coordinator):
    send(coordinator, f"{YEAR}/figer", holding="csrf_token")
    with transaction():
        db.session.query(Programme).filter_by(slug="gapp").one().action = None
    assert "de=29" not in coordinator.get(f"{YEAR}/action-29").get_data(as_text=True)


def test_unfreezing_asks_first(coordinator):
    assert coordinator.get(f"{YEAR}/defiger").location == YEAR
    send(coordinator, f"{YEAR}/figer", holding="csrf_token")
    assert "La version figée est gardée à part" in text_of(coordinator, f"{YEAR}/defiger")

    page = after(coordinator, send(coordinator, f"{YEAR}/defiger", holding="csrf_token"))
    assert "Figé le 2 novembre 2026 par Eva Coordinatrice, défigé le 2 novembre 2026 par Eva Coordinatrice." in page
    assert "a défigé le rapport 2025" in text_of(coordinator, "/coordination/journal?sujet=rapport")


def test_a_year_that_is_not_over_is_frozen_with_a_warning(coordinator):
    assert "L'année 2026 n'est pas terminée" in text_of(coordinator, "/coordination/rapport/2026/figer")


def test_amounts_are_kept_and_refused_when_they_make_no_sense(coordinator):
    page = after(coordinator, send(coordinator, YEAR, holding="a27", a27="2500", a31="0"))
    assert "Montants enregistrés." in page
    assert stored(ReportAmount).count() == 2
    assert send(coordinator, YEAR, holding="a27", a27="-1").status_code == 422


@pytest.mark.parametrize(
    "path", ["/coordination/rapport/1999", "/coordination/rapport/2099", f"{YEAR}/action-99", f"{YEAR}/action-"]
)
def test_what_no_report_has_is_not_found(coordinator, path):
    assert coordinator.get(path).status_code == 404


@pytest.mark.parametrize(
    "said", [{"version": "x"}, {"version": "99999999999999999999"}, {"acte": "voler", "version": "7"}, {}]
)
def test_nonsense_is_answered_and_changes_nothing(coordinator, said):
    token = fields_of(coordinator.get(PAGE).get_data(as_text=True), "texte")["csrf_token"]
    for path in (PAGE, f"{PAGE}/texte"):
        answer = send_fields(coordinator, path, {"texte": "x", "csrf_token": token, **said})
        assert answer.status_code in (303, 400, 422), path
    assert stored(ReportText).count() == 0


def test_another_cpts_has_its_own_report(coordinator, season, app):
    write(coordinator, "Le secret d’ici.")
    elsewhere = Season(2025, "ailleurs")
    person = elsewhere.person("Léa", None)
    with transaction():
        elsewhere.organisation.public_url = ELSEWHERE
        db.session.add(Role(organisation_id=elsewhere.organisation.id, person_id=person.id, name="coordinator"))
    forget_sites()
    other = app.test_client()
    sign_in(other, person)

    page = words(other.get(PAGE, base_url=ELSEWHERE).get_data(as_text=True))

    assert ("Action 30" in page, "Le secret" in page) == (True, False)


def test_the_number_of_queries_does_not_grow_with_people(coordinator, season):
    before = queries_for(coordinator, PAGE), queries_for(coordinator, YEAR)
    for name in ("Une", "Deux", "Trois"):
        one_more(season, name)
    assert (queries_for(coordinator, PAGE), queries_for(coordinator, YEAR)) == before
