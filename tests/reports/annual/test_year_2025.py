"""The report of 2025: what that of the reference season said, character for character after its spaces."""

import json
from datetime import date

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from cpts_sessions.reports.annual.contents import Audience
from cpts_sessions.reports.annual.gathering import gathered
from cpts_sessions.reports.annual.markdown import blocks, unknown
from cpts_sessions.reports.annual.record import from_record, to_record
from tests.reports.opened import answers_of_2025, opened
from tests.reports.seasons import season_2025

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


@pytest.fixture
def report(app):
    season = season_2025()
    opened(db.session.query(Programme).filter_by(slug="cercle-de-paroles").one(), answers_of_2025())
    return gathered(season.organisation.id, 2025, date(2025, 12, 20))


def read(page, kind="paragraph", audience=Audience.CPAM):
    return [normalise(block.text) for block in blocks(page, audience) if block.kind == kind]


def test_the_proposed_texts_are_those_of_2025_character_for_character(report):
    assert read(report.page("29")) == ACTION_29
    assert read(report.page("30")) == ACTION_30
    assert read(report.page("29"), "heading") == ["Nombre de GAPP"]
    assert read(report.page("30"), "heading") == ["Nombre de cercles", "Participants", "Synthèse de l'évaluation"]


def test_every_field_that_a_text_quotes_is_one_of_its_page(report):
    assert [unknown(page) for page in report.pages] == [[]] * len(report.pages)


def test_nothing_published_says_a_profession_of_one_or_two_people(report):
    text = "\n".join(read(report.page("30"), audience=Audience.PUBLIC))
    assert "(3 médecins généralistes, 3 diététiciennes, 3 orthophonistes et 10 autres professionnels)" in text
    assert not any(word in text for word in ("sage-femme", "kiné", "IDEL", "psychologue", "animateur"))


def test_a_report_is_kept_as_json_and_read_back_exactly(report):
    assert from_record(json.loads(json.dumps(to_record(report)))) == report


def test_a_copy_of_another_version_is_not_read_as_one_of_ours(report):
    with pytest.raises(ValueError, match="version 99"):
        from_record({**to_record(report), "version": 99})
