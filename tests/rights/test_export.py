"""Everything the CPTS knows of one person, for herself."""

import json

import pytest

from cpts_sessions.rights.export import export_person
from tests.reports.seasons import Season
from tests.rights.people import columns_of_persons, make_known_everywhere

pytestmark = pytest.mark.usefixtures("app", "clock")

#: Where each column that points at a person is told.
TOLD_IN = {
    "attendance.person_id": "presences",
    "attendance_change.person_id": "releves_de_presence",
    "attestation.person_id": "attestations",
    "distinct_pair.higher_id": "fiches_distinctes",
    "distinct_pair.lower_id": "fiches_distinctes",
    "enrolment.person_id": "inscriptions_aux_dispositifs",
    "evening_link.person_id": "liens_de_soiree",
    "evening_note.person_id": "notes_de_soiree",
    "questionnaire_link.person_id": "questionnaires_proposes",
    "letter.person_id": "courrier_recu",
    "open_sign_in.person_id": "connexions_ouvertes",
    "outbox_message.person_id": "messages",
    "date_alert.person_id": "annonces_demandees",
    "personal_feed.person_id": "agenda_abonne",
    "poll_answer.person_id": "sondages_de_dates",
    "poll_invitation.person_id": "sondages_de_dates",
    "registration.person_id": "inscriptions",
    "role.person_id": "roles",
    "season_animator.person_id": "saisons_animees",
    "session_animator.person_id": "animations",
    "sign_in_link.person_id": "liens_de_connexion",
    "word.person_id": "mots_a_la_coordination",
}


def test_every_table_that_points_at_a_person_is_told(app):
    person, _ = make_known_everywhere(Season(2026))
    export = export_person(person.id)

    assert sorted(map(str, columns_of_persons())) == sorted(TOLD_IN)
    assert [key for key in TOLD_IN.values() if not export[key]] == []
    assert export["journal"] == [
        {"acte": "inscription", "le": "2026-11-02T09:00:00+00:00", "par_elle": False, "details": {}}
    ]
    assert json.loads(json.dumps(export)) == export


def test_the_record_is_told_in_plain_words(app):
    person, _ = make_known_everywhere(Season(2026))
    record = export_person(person.id)["fiche"]

    assert record == {
        "identifiant": str(person.public_id),
        "civilite": "Mme",
        "prenom": "Anne",
        "nom": "Martin",
        "email": "anne@example.org",
        "profession": "psychologue",
        "telephone": None,
        "rpps": None,
        "membre": False,
        "connue_depuis": "2026-11-02T09:00:00+00:00",
        "importee_le": None,
        "derniere_activite": None,
        "adresse_rejetee_le": None,
    }


def test_nobody_else_is_named(app):
    season = Season(2026)
    person, made = make_known_everywhere(season)
    other = season.person("Bérénice", last_name="Quimper")
    season.register(other, made["held"], first_name="Bérénice", last_name="Quimper")
    season.give(made["held"], other)
    told = json.dumps(export_person(person.id), ensure_ascii=False)

    assert [word for word in ("Bérénice", "Quimper", "bérénice@example.org") if word in told] == []
