"""The coordination sets its CPTS up: who it is, its colour and logo, its professions, its legal texts; its journal."""

import ast
from io import BytesIO

import pytest

from cpts_sessions.core import audit
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person, Profession
from cpts_sessions.reports.acts import KINDS, Subject
from cpts_sessions.reports.journal import PER_PAGE, Wanted, journal
from tests.browsing import submit
from tests.factories import make_group_session, make_person
from tests.page import words
from tests.test_architecture import OURS, tree_of
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/reglages"
LEGAL = f"{PAGE}/textes-legaux"
LOOK = f"{PAGE}/apparence"
JOBS = f"{PAGE}/professions"
SAID = {
    "name": "CPTS du Val d’Ambre",
    "phone": "",
    "postal_address": "",
    "place_name": "Salle de réunion de la CPTS",
    "place_address": "",
    "town": "Ambreville",
    "place_access": "",
    "signatory_name": "",
    "signatory_function": "",
    "help_line": "SPS 0 805 23 23 36",
    "crisis_line": "3114",
    "emergency_line": "15",
}
TERMS = {
    "registration_months": "12",
    "person_months": "24",
    "message_months": "6",
    "audit_years": "3",
    "attestation_years": "6",
    "backup_days": "35",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def entries(kind):
    return [one.values for one in stored(AuditEntry).filter_by(kind=kind).order_by(AuditEntry.id)]


def test_what_the_cpts_says_of_itself_is_on_the_next_page(coordinator, organisation):
    page = after(
        coordinator, submit(coordinator, PAGE, **{**SAID, "name": "CPTS des Deux Rives", "crisis_line": "31 14"})
    )

    assert "Enregistré." in page
    assert "CPTS des Deux Rives Aller au contenu CPTS des Deux Rives" in page
    assert "ou 31 14 , 24 h/24" in page
    assert entries("reglages_modifies") == [{"champs": "nom, numéro de crise"}]


def test_saving_the_same_is_not_in_the_journal(coordinator, organisation):
    assert "tout était déjà ainsi" in after(coordinator, submit(coordinator, PAGE, **SAID))
    assert entries("reglages_modifies") == []


def test_a_cpts_keeps_a_name_and_numbers_of_help(coordinator, organisation):
    response = submit(coordinator, PAGE, **{**SAID, "name": "", "help_line": " "})

    assert response.status_code == 422
    assert "2 champs sont à corriger." in words(response.get_data(as_text=True))


def test_a_colour_is_seen_before_it_is_kept(coordinator, organisation):
    seen = coordinator.get(f"{LOOK}?couleur=%23d9480f").get_data(as_text=True)
    assert f'src="{PAGE}/couleur.svg?couleur=%23d9480f"' in seen
    sample = coordinator.get(f"{PAGE}/couleur.svg?couleur=%23d9480f")
    assert (sample.status_code, sample.mimetype) == (200, "image/svg+xml")
    assert stored(Organisation).one().brand_color == "#11645b"

    submit(coordinator, f"{PAGE}/couleur", page=LOOK, couleur="#D9480F")
    assert stored(Organisation).one().brand_color == "#d9480f"
    assert entries("reglages_modifies") == [{"champs": "couleur"}]


@pytest.mark.parametrize("colour", ["rouge", "#12", "url(//ailleurs.example.org)"])
def test_what_is_not_a_colour_is_neither_drawn_nor_kept(coordinator, organisation, colour):
    assert coordinator.get(f"{PAGE}/couleur.svg?couleur={colour}").status_code == 404
    assert submit(coordinator, f"{PAGE}/couleur", page=LOOK, couleur=colour).status_code == 409
    assert stored(Organisation).one().brand_color == "#11645b"


def test_a_logo_is_given_shown_and_taken_away(coordinator, organisation):
    submit(coordinator, f"{PAGE}/logo", page=LOOK, logo=(BytesIO(PNG), "logo.svg"))
    shown = coordinator.get("/logo")
    assert (shown.mimetype, shown.get_data()) == ("image/png", PNG)

    submit(coordinator, f"{PAGE}/logo/retirer", page=LOOK)
    assert coordinator.get("/logo").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "Ce fichier n'est pas une image PNG, JPEG ou WebP.",
        ),
        (PNG + b"\0" * 200_000, "Cette image pèse 201 ko, la limite est de 200 ko."),
    ],
)
def test_a_logo_is_a_light_picture_whatever_its_name_says(coordinator, organisation, data, sentence):
    response = submit(coordinator, f"{PAGE}/logo", page=LOOK, logo=(BytesIO(data), "logo.png"))

    assert response.status_code == 422
    assert sentence in words(response.get_data(as_text=True))
    assert stored(Organisation).one().logo_type is None


def test_legal_texts_and_terms_are_on_the_legal_pages(coordinator, organisation):
    told = {**TERMS, "statut": "association loi 1901", "hebergeur": "Maison des serveurs", "message_months": "3"}
    page = after(coordinator, submit(coordinator, LEGAL, **told))

    assert "Enregistré." in page
    assert "Maison des serveurs" in text_of(coordinator, "/mentions-legales")
    assert "le résultat, 3 mois" in text_of(coordinator, "/donnees")
    assert stored(Organisation).one().legal == {"statut": "association loi 1901", "hebergeur": "Maison des serveurs"}


@pytest.mark.parametrize("term", ["0", "999", "beaucoup", ""])
def test_a_term_that_nobody_could_justify_is_refused(coordinator, organisation, term):
    response = submit(coordinator, LEGAL, **{**TERMS, "person_months": term})

    assert response.status_code == 422
    assert stored(Organisation).one().person_months == 24


def test_a_profession_is_offered_or_not_and_whoever_has_it_keeps_it(coordinator, organisation, programme, clock):
    make_person(organisation, last_name="Roy", profession_slug="medecin-generaliste")
    form = f"/seances/{make_group_session(programme).public_id}/inscription"
    assert "médecin généraliste" in text_of(coordinator, form).lower()

    told = after(coordinator, submit(coordinator, f"{JOBS}/medecin-generaliste/proposer", page=JOBS, proposer="non"))

    assert "Enregistré." in told
    assert "médecin généraliste" not in text_of(coordinator, form).lower()
    assert stored(Person).filter_by(last_name="Roy").one().profession_slug == "medecin-generaliste"


def test_the_last_profession_stays(coordinator, organisation):
    submit(coordinator, f"{JOBS}/medecin-generaliste/proposer", page=JOBS, proposer="non")
    told = after(coordinator, submit(coordinator, f"{JOBS}/sage-femme/proposer", page=JOBS, proposer="non"))

    assert "Gardez au moins une profession" in told
    assert [one.slug for one in stored(Profession).filter_by(is_active=True)] == ["sage-femme"]


def test_the_words_of_the_report_are_edited(coordinator, organisation):
    forms = {
        "singular_m": "maïeuticien",
        "singular_f": "sage-femme",
        "plural_m": "sages-femmes",
        "plural_f": "sages-femmes",
    }
    told = after(coordinator, submit(coordinator, f"{JOBS}/sage-femme", **forms))

    assert "1 maïeuticien, 2 sages-femmes" in told
    assert entries("profession_modifiee") == [{"profession": "sage-femme"}]
    assert coordinator.get(f"{JOBS}/inconnue").status_code == 404


def write(organisation, kind, **values):
    with transaction():
        audit.record(organisation.id, kind, **values)


def test_the_journal_names_people_as_they_are_called_today(coordinator, organisation, programme, clock):
    eva = make_person(organisation, first_name="Eva", last_name="Martin")
    nadia = make_person(organisation, first_name="Nadia", last_name="Ferhat")
    one = make_group_session(programme)
    write(organisation, "inscription", actor_id=eva.id, person_id=nadia.id, group_session_id=one.id)
    write(organisation, "desinscription", actor_id=eva.id, person_id=987654, group_session_id=one.id)
    write(organisation, "import", actor_id=eva.id, n=12, quoi="personnes")
    write(organisation, "sondage_envoye", n=1, dispositif=programme.id)
    write(organisation, "effacement")

    page = text_of(coordinator, "/coordination/journal")
    for told in (
        "Eva Martin a inscrit Nadia Ferhat : GAPP, lundi 16 novembre 2026",
        "Eva Martin a libéré la place : une personne effacée, GAPP, lundi 16 novembre 2026",
        "Eva Martin a importé 12 lignes (personnes)",
        "Sondage de dates envoyé à 1 personne : GAPP",
        "Données effacées à la demande d'une personne",
    ):
        assert told in page


def test_the_journal_is_filtered_by_subject_and_paged(coordinator, organisation):
    for number in range(PER_PAGE + 1):
        write(organisation, "import", n=number, quoi="séances")
    write(organisation, "effacement")

    assert "Import de 0 ligne " not in text_of(coordinator, "/coordination/journal?sur=fiches")
    assert "Import de 0 ligne " in text_of(coordinator, "/coordination/journal?sur=fiches&page=2")
    assert "Import" not in text_of(coordinator, "/coordination/journal?sur=seances").partition("Quand")[2]


def recorded_kinds():
    """The kinds of acts that the application writes down: the texts given to `audit.record` and to its shortcuts."""
    for path in OURS:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "_audit"):
                place = 1 if ast.unparse(node.func) == "audit.record" else 0
                if isinstance(node.args[place], ast.Constant):
                    yield node.args[place].value


def test_every_act_that_is_recorded_has_its_sentence():
    assert sorted(set(recorded_kinds()) - KINDS) == []


def test_every_sentence_belongs_to_one_subject(organisation):
    for kind in sorted(KINDS):
        write(organisation, kind)

    by_subject = [journal(organisation.id, Wanted(subject=subject)).total for subject in Subject]
    assert sum(by_subject) == len(KINDS)


def test_the_journal_asks_the_same_number_of_queries_whatever_it_shows(coordinator, organisation):
    write(organisation, "effacement", person_id=make_person(organisation).id)
    one = queries_for(coordinator, "/coordination/journal")
    for _ in range(2):
        write(organisation, "fusion", person_id=make_person(organisation).id)

    assert queries_for(coordinator, "/coordination/journal") == one
