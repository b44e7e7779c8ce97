"""A file of presences: who came to sessions already held."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.attendance.import_attendance import import_attendance
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

pytestmark = pytest.mark.usefixtures("app", "clock")

HELD = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)


@pytest.fixture
def gapp(app):
    return make_programme(make_organisation())


@pytest.fixture
def session(gapp):
    return make_group_session(gapp, starts_at=HELD, status="held", capacity=2)


def somebody(gapp, name, **changes):
    changes.setdefault("email", f"{name.lower()}@example.org")
    return make_person(gapp, organisation_id=gapp.organisation_id, first_name=name, **changes)


def bring(gapp, *lines, titles="date;email;statut", **options):
    data = "\n".join([titles, *lines]).encode()
    return import_attendance(gapp.organisation_id, data, "presences.csv", programme_slug=gapp.slug, **options)


def refusals(report):
    return [normalise(one) for line in report.lines for one in line.refusals]


def noted():
    return [(one.person_id, one.status, one.means) for one in db.session.query(Attendance).order_by(Attendance.id)]


def seats():
    rows = db.session.query(Registration).order_by(Registration.id)
    return [(one.person_id, one.status, one.profession_slug) for one in rows]


def test_presences_are_noted_and_each_person_gets_the_registration_she_must_have_had(gapp, session):
    anne, luc = somebody(gapp, "Anne"), somebody(gapp, "Luc")
    enrolment = make_enrolment(gapp, anne, profession_slug="medecin-generaliste")
    report = bring(gapp, "2026-03-03;anne@example.org;présent", "3/3/2026;luc@example.org;excusé")

    assert report.is_written
    assert noted() == [(anne.id, "present", "import"), (luc.id, "excused", "import")]
    assert seats() == [(anne.id, "confirmed", "medecin-generaliste"), (luc.id, "confirmed", "sage-femme")]
    row = db.session.query(Registration).filter_by(person_id=anne.id).one()
    assert (row.enrolment_id, row.imported_at) == (enrolment.id, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    assert db.session.query(OutboxMessage).count() == 0


def test_present_beyond_the_places_is_come_unannounced_and_absent_beyond_them_is_refused(gapp, session):
    for name in ("Anne", "Luc", "Zoé"):
        somebody(gapp, name, email=f"{name[0].lower()}@example.org")
    seated = [f"2026-03-03;{letter}@example.org;présent" for letter in "al"]
    refused = bring(gapp, *seated, "2026-03-03;z@example.org;absent")
    assert refusals(refused) == [
        "Ligne 4 : la séance n'avait que 2 places : corrigez-les, ou retirez cette ligne.",
    ]
    assert noted() == []

    bring(gapp, *seated, "2026-03-03;z@example.org;présent")
    assert [status for _, status, _ in seats()] == ["confirmed", "confirmed", "walk_in"]


def test_somebody_who_had_cancelled_and_came_has_a_seat_again(gapp, session):
    anne = somebody(gapp, "Anne")
    make_registration(session, anne, "cancelled", ended_by="person", ended_at=HELD)
    bring(gapp, "2026-03-03;anne@example.org;présent")

    assert seats() == [(anne.id, "confirmed", "sage-femme")]


def test_a_shared_mailbox_needs_the_names(gapp, session):
    somebody(gapp, "Anne", email="cabinet@example.org", last_name="Roux")
    luc = somebody(gapp, "Luc", email="cabinet@example.org", last_name="Petit")
    report = bring(gapp, "2026-03-03;cabinet@example.org;présent")
    assert refusals(report) == [
        "Ligne 2 : 2 personnes partagent l'adresse cabinet@example.org. Ajoutez les colonnes prénom et nom."
    ]

    bring(gapp, "2026-03-03;cabinet@example.org;présent;luc;PETIT", titles="date;email;statut;prénom;nom")
    assert noted() == [(luc.id, "present", "import")]


def test_what_cannot_be_read_is_said_and_nothing_is_written(gapp, session):
    somebody(gapp, "Anne", last_name="Roux")
    make_group_session(gapp)
    report = bring(
        gapp,
        "2026-03-03;anne@example.org;présent",
        "2026-03-03;anne@example.org;absent",
        "2026-03-04;anne@example.org;présent",
        "2026-11-16;anne@example.org;présent",
        "2026-03-03;inconnue@example.org;présent",
        "2026-03-03;anne@example.org;peut-être",
        "hier;anne@example.org;présent",
    )

    assert [one.partition(" : ")[2] for one in refusals(report)] == [
        "Anne Roux figure déjà dans le fichier pour cette séance.",
        "aucune séance de ce dispositif le mercredi 4 mars 2026. Importez-la d'abord.",
        "cette séance n'a pas encore eu lieu.",
        "personne n'est connu à l'adresse « inconnue@example.org ». Importez d'abord les personnes.",
        "« peut-être » n'est ni présent, ni absent, ni excusé.",
        "date « hier » non comprise. Exemples : 2025-03-19 ou 19/03/2025.",
    ]
    assert noted() == []


def test_an_unknown_programme_is_refused(gapp):
    with pytest.raises(RuleBroken):
        import_attendance(gapp.organisation_id, b"date;email;statut\na;b;c\n", "p.csv", programme_slug="yoga")


NAMED = "date;email;statut;prénom;nom;profession"


def test_somebody_without_e_mail_is_found_by_her_name_and_by_her_profession_when_two_bear_it(gapp, session):
    anne = somebody(gapp, "Anne", last_name="Le Goff", email=None)
    luc = somebody(gapp, "Luc", last_name="Roux", email=None)
    other = somebody(gapp, "Luc", last_name="Roux", email=None, profession_slug="medecin-generaliste")

    report = bring(gapp, "2026-03-03;;présent;anne;LE-GOFF;", "2026-03-03;;présent;Luc;Roux;médecin", titles=NAMED)
    assert refusals(report) == ["Ligne 3 : profession « médecin » non comprise."]
    report = bring(gapp, "2026-03-03;;présent;anne;LE-GOFF;", "2026-03-03;;présent;Luc;Roux;", titles=NAMED)
    assert refusals(report) == [
        "Ligne 3 : 2 personnes s'appellent Luc Roux. Ajoutez l'adresse e-mail ou la profession."
    ]
    bring(gapp, "2026-03-03;;présent;anne;LE-GOFF;", "3/3/2026;;x;Luc;Roux;médecin généraliste", titles=NAMED)

    assert noted() == [(anne.id, "present", "import"), (other.id, "present", "import")]
    assert luc.id not in [person_id for person_id, _, _ in seats()]


def test_of_two_people_of_one_name_an_empty_e_mail_means_who_has_none(gapp, session):
    somebody(gapp, "Anne", last_name="Roux")
    without = somebody(gapp, "Anne", last_name="Roux", email=None)
    bring(gapp, "2026-03-03;;présent;Anne;Roux;", titles=NAMED)

    assert noted() == [(without.id, "present", "import")]


def test_a_line_without_e_mail_nor_known_name_is_refused(gapp, session):
    gone = somebody(gapp, "Léa", last_name="Partie", email=None)
    with transaction():
        gone.erased_at = HELD
    report = bring(gapp, "2026-03-03;;présent;;;", "2026-03-03;;présent;Léa;Partie;", titles=NAMED)

    assert refusals(report) == [
        "Ligne 2 : sans adresse e-mail, écrivez le prénom et le nom.",
        "Ligne 3 : personne n'est connu sous le nom « Léa Partie ». Importez d'abord les personnes.",
    ]
    assert [line.label for line in report.lines] == ["2026-03-03, ", "2026-03-03, Léa Partie"]


def test_the_same_file_twice_changes_nothing(gapp, session):
    somebody(gapp, "Anne")
    bring(gapp, "2026-03-03;anne@example.org;présent")

    assert bring(gapp, "2026-03-03;anne@example.org;présent").changes_nothing
    assert len(noted()) == 1
