"""The report of 2025: what that of the reference season said, character for character after its spaces."""

import json
import re
from datetime import date

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.installation import registers_shown
from cpts_sessions.programmes.models import Programme
from cpts_sessions.registers.import_requests import import_requests
from cpts_sessions.reports.annual.contents import Audience, read_by
from cpts_sessions.reports.annual.gathering import gathered
from cpts_sessions.reports.annual.markdown import blocks, unknown
from cpts_sessions.reports.annual.record import from_record, to_record
from tests.reports.opened import answers_of_2025, opened
from tests.reports.seasons import SEASON_2025, season_2025, table

DISCOVERY = (
    "2 séances de découverte ont été proposées les 26 et 27 juin 2025 (Colloque pluriprofessionnel) ; elles ne sont "
    "pas comptées ci-dessus."
)
ACTION_29 = [
    "5 GAPP ont été organisés les 19 mars, 12 mai, 16 septembre, 8 octobre et 17 novembre 2025. " + DISCOVERY,
]
ACTION_30 = [
    "13 cercles de paroles ont été organisés les 23 janvier, 4 et 20 février, 4 et 20 mars, 1er et 17 avril, 6 mai, "
    "3 juin, 24 septembre, 29 octobre, 27 novembre et 18 décembre 2025 ; un dernier est prévu le 30 décembre. "
    + DISCOVERY,
    "19 professionnels (1 sage-femme, 3 médecins généralistes dont l'animateur, 2 kinés, 2 IDEL, 1 audioprothésiste, "
    "1 pharmacien, 3 diététiciennes, 3 orthophonistes, 2 psychologues, 1 ergothérapeute) se sont inscrits à "
    "l'activité.",
    "Un questionnaire a été transmis aux participants : 6 des 16 personnes invitées ont répondu (38 %). Une majorité "
    "déclare que le rythme et la durée des séances conviennent : 5 sur 6 répondants (83 %), soit 5 réponses « oui » "
    "contre 1 mention de durée « un peu longue ». L'animation est unanimement perçue comme « bienveillante et "
    "équilibrée » (6 sur 6). Une majorité souhaite poursuivre ou revenir : 5 sur 6 répondants (83 %), soit 5 réponses "
    "« oui » contre 1 « non ».",
]


ACTION_28 = [
    "4 professionnels ont été accompagnés en 2025. 5 communications ont été réalisées en 2025 : page du site, lettre "
    "d'information (mai 2025), stand au Colloque, atelier à la Kermesse et dépliants aux nouveaux membres."
]


@pytest.fixture
def report(app):
    season = season_2025()
    with transaction():
        for programme in db.session.query(Programme):
            programme.part_variable_euros = 4000 if programme.slug == "gapp" else None
    opened(db.session.query(Programme).filter_by(slug="cercle-de-paroles").one(), answers_of_2025())
    registers_shown.load_2025(season.organisation.id)
    requests = SEASON_2025.joinpath("sollicitations-action-27.csv").read_bytes()
    import_requests(season.organisation.id, requests, "sollicitations.csv", year=2025)
    return gathered(season.organisation.id, 2025, date(2025, 12, 20))


def read(page, kind="paragraph", audience=Audience.CPAM):
    return [normalise(block.text) for block in blocks(page, audience) if block.kind == kind]


def test_the_proposed_texts_are_those_of_2025_character_for_character(report):
    assert read(report.page("29")) == ACTION_29
    assert read(report.page("30")) == ACTION_30
    assert read(report.page("27")) == ["31 sollicitations ont été reçues en 2025, pour 8 outils."]
    assert read(report.page("28")) == ACTION_28
    assert read(report.page("31"), "bullets")[0].splitlines()[0] == (
        "6 février 2025 : Rencontre avec les internes de médecine générale"
    )
    texts = [block.text for page in report.pages for block in blocks(page, Audience.CPAM)]
    assert not [text for text in texts if re.search(r"\b\d{1,3} (?=(IDEL|kiné|médecin|professionnel|répondant))", text)]
    assert read(report.page("29"), "heading") == ["Nombre de GAPP"]
    assert read(report.page("30"), "heading") == ["Nombre de cercles", "Participants", "Synthèse de l'évaluation"]


def test_the_part_variable_is_that_of_the_agreement(report):
    assert [(page.key, page.amount_euros) for page in report.pages] == [
        ("27", 2000),
        ("28", 4000),
        ("29", 4000),
        ("30", None),
        ("31", 1000),
    ]
    assert normalise(report.part_variable) == "2 000 + 4 000 + 4 000 + 1 000 = 11 000 €"
    assert normalise(report.together) == "26 inscrits distincts, GAPP et cercles de paroles réunis"


def test_the_figures_are_those_of_2025_and_none_is_known_before(report):
    told = {page.key: {one.key: (one.value, one.previous) for one in page.figures} for page in report.pages}
    assert told == {
        "27": {"sollicitations": (31, None)},
        "28": {"accompagnes": (4, None), "communications": (5, None)},
        "29": {"seances_tenues": (5, None), "inscrits": (11, None), "presents": (11, None), "presences": (30, None)},
        "30": {
            "seances_tenues": (13, None),
            "inscrits": (19, None),
            "presents": (17, None),
            "presences": (77, None),
            "taux_de_reponse": (38, None),
        },
        "31": {"etapes": (5, None)},
    }


def test_the_table_of_action_27_is_the_one_that_was_handed_in(report):
    [grid] = report.page("27").grids
    handed_in = table("sollicitations-action-27.csv")
    assert grid.columns == ("Outil", "Nombre", "Nature", "Besoins")
    assert grid.rows == tuple((row["outil"], int(row["nombre"]), row["nature"], row["besoins"]) for row in handed_in)
    assert grid.total[1] == 31


def test_the_lines_by_profession_add_up_to_the_figures(report):
    for key, total in (("29", (11, 11, 30)), ("30", (19, 17, 77))):
        [exact] = [one for one in report.page(key).grids if one.audience is Audience.CPAM]
        assert exact.total[1:4] == total


def test_the_tables_of_dates_name_no_place_and_nobody(report):
    [dates] = [one for one in report.page("30").grids if one.key == "seances"]
    assert dates.columns == ("Jour", "Dispositif", "État", "Présences")
    assert dates.rows[0] == (date(2025, 1, 23), "Cercles de paroles", "tenue", 7)
    assert dates.rows[-1] == (date(2025, 12, 30), "Cercles de paroles", "prévue", None)
    assert {row[2] for row in dates.rows} == {"tenue", "prévue", "découverte, non comptée"}


def test_every_field_that_a_text_quotes_is_one_of_its_page(report):
    assert [unknown(page) for page in report.pages] == [[]] * len(report.pages)


def test_nothing_published_says_a_profession_of_one_or_two_people(report):
    text = "\n".join(read(report.page("30"), audience=Audience.PUBLIC))
    assert "(3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres professionnels)" in text
    assert not any(word in text for word in ("sage-femme", "kiné", "IDEL", "psychologue", "animateur"))


def test_a_report_is_kept_as_json_and_read_back_exactly(report):
    assert from_record(json.loads(json.dumps(to_record(report)))) == report


def test_the_annexes_are_the_calendar_the_answers_and_the_amounts(report):
    told = {grid.key: grid for grid in report.annexes}
    assert list(told) == ["calendrier", "reponses-cercles-de-paroles", "part-variable"]
    assert len(told["calendrier"].rows) == 5 + 14 + 4  # the séances de découverte of both
    assert told["reponses-cercles-de-paroles"].rows[:2] == (
        ("Le rythme et la durée des séances vous conviennent-ils ?", "Oui", 5, 6),
        ("Le rythme et la durée des séances vous conviennent-ils ?", "Non, séances trop rapprochées", 0, 6),
    )
    assert told["part-variable"].total == ("Total", None, 11000)
    assert [grid.key for grid in read_by(report.annexes, Audience.PUBLIC)] == ["calendrier", "part-variable"]
