"""A file of persons: who is added, updated, enrolled, refused, and who is written to."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_report import LineState
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.factories import (
    make_circles,
    make_enrolment,
    make_group_session,
    make_person,
    make_programme,
    make_registration,
)

pytestmark = pytest.mark.usefixtures("app", "clock")

TITLES = "civilité;prénom;nom;email;profession;membre;téléphone;RPPS;animateur"
ANNE = "Mme;Anne;Roux;anne.roux@example.org;sage-femme;oui;06 00 00 00 01;;non"
LUC = "M.;Luc;Petit;luc.petit@example.org;médecin généraliste;;;;non"


def csv(*lines):
    return "\n".join([TITLES, *lines]).encode()


def bring(organisation, *lines, **options):
    return import_people(organisation.id, csv(*lines), "personnes.csv", **options)


def said(report):
    return [(line.number, line.label, normalise(line.said(done=report.is_written))) for line in report.lines]


def persons():
    statement = select(Person.first_name, Person.is_member, Person.phone, Person.profession_slug).order_by(Person.id)
    return [tuple(row) for row in db.session.execute(statement)]


def written():
    return [(one.kind, one.to_address) for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]


def test_new_persons_are_created_with_what_the_file_says(organisation):
    report = bring(organisation, ANNE, LUC)

    assert said(report) == [(2, "Anne Roux", "créée"), (3, "Luc Petit", "créée")]
    assert report.is_written
    assert persons() == [("Anne", True, "06 00 00 00 01", "sage-femme"), ("Luc", False, None, "medecin-generaliste")]
    assert written() == []


def test_a_trial_says_what_would_happen_and_writes_nothing(organisation):
    report = bring(organisation, ANNE, LUC, dry_run=True)

    assert said(report) == [(2, "Anne Roux", "à créer"), (3, "Luc Petit", "à créer")]
    assert normalise(report.summary) == (
        "Lignes lues : 2. À créer : 2. À mettre à jour : 0. Inchangées : 0. Refusées : 0."
    )
    assert not report.is_written
    assert persons() == []


def test_one_refused_line_keeps_the_whole_file_out(organisation):
    report = bring(organisation, ANNE, "Mme;Zoé;;zoe@example.org;sage-femme;;;;", LUC)

    assert said(report) == [(2, "Anne Roux", "à créer"), (3, "Zoé", "refusée"), (4, "Luc Petit", "à créer")]
    assert [normalise(one) for one in report.lines[1].refusals] == ["Ligne 3 : nom ou prénom manquant."]
    assert normalise(report.refusal) == (
        "1 ligne est refusée : rien ne sera enregistré tant qu'elle n'est pas corrigée. C'est tout ou rien."
    )
    assert persons() == []


def test_the_same_person_is_updated_where_the_file_says_otherwise_and_kept_where_it_is_silent(organisation):
    bring(organisation, ANNE)
    report = bring(organisation, "Mme;ANNE;roux;Anne.Roux@example.org;médecin généraliste;non;;10000000008;")

    assert said(report) == [(2, "Anne Roux", "mise à jour (profession, membre, RPPS)")]
    assert persons() == [("Anne", False, "06 00 00 00 01", "medecin-generaliste")]


def test_a_known_address_under_another_name_is_another_person_and_is_pointed_out(organisation):
    bring(organisation, ANNE)
    report = bring(organisation, "M.;Paul;Roux;anne.roux@example.org;sage-femme;;;;")

    assert [normalise(one) for one in report.notices] == [
        "Ligne 2 : anne.roux@example.org est déjà l'adresse de Anne Roux. Une nouvelle personne sera créée. "
        "Est-ce la même ? Corrigez le nom, ou réunissez les fiches ensuite."
    ]
    assert len(persons()) == 2


def test_the_rpps_number_of_somebody_else_is_refused(organisation):
    make_person(organisation, first_name="Zoé", last_name="Adam", rpps="10000000008")
    report = bring(organisation, "M.;Paul;Roux;paul@example.org;sage-femme;;;10000000008;")

    assert [normalise(one) for one in report.lines[0].refusals] == [
        "Ligne 2 : ce numéro RPPS est déjà celui de Zoé Adam."
    ]


def test_with_a_programme_and_a_year_everyone_is_enrolled_gets_each_open_date_and_is_told(organisation):
    gapp = make_programme(organisation)
    group_session = make_group_session(gapp, capacity=1)
    trial = bring(organisation, ANNE, LUC, programme_slug="gapp", year=2026, dry_run=True)
    report = bring(organisation, ANNE, LUC, programme_slug="gapp", year=2026)

    words = "créée et inscrite au dispositif pour 2026"
    assert said(report) == [(2, "Anne Roux", words), (3, "Luc Petit", words)]
    assert (trial.mails, report.mails) == (3, 3)
    assert written() == [
        ("inscription_dispositif", "anne.roux@example.org"),
        ("inscription_confirmee", "anne.roux@example.org"),
        ("inscription_dispositif", "luc.petit@example.org"),
    ]
    rows = db.session.query(Registration).filter_by(group_session_id=group_session.id).order_by(Registration.id)
    assert [one.status for one in rows] == ["confirmed", "waiting"]
    assert {one.imported_at for one in db.session.query(Enrolment)} == {datetime(2026, 11, 2, 9, 0, tzinfo=UTC)}


def test_without_mail_or_for_a_past_year_nobody_is_told(organisation):
    gapp = make_programme(organisation)
    make_group_session(gapp)
    past = bring(organisation, ANNE, programme_slug="gapp", year=2025)
    silent = bring(organisation, LUC, programme_slug="gapp", year=2026, with_mail=False)

    assert (past.mails, silent.mails, written()) == (0, 0, [])
    assert db.session.query(Registration).count() == 1


def test_importing_twice_enrols_once(organisation):
    make_group_session(make_programme(organisation))
    bring(organisation, ANNE, programme_slug="gapp", year=2026)
    again = bring(organisation, ANNE, programme_slug="gapp", year=2026)

    assert said(again) == [(2, "Anne Roux", "inchangée")]
    assert again.mails == 0
    assert (db.session.query(Enrolment).count(), db.session.query(Registration).count()) == (1, 1)


def test_whoever_left_the_programme_is_not_enrolled_again(organisation):
    bring(organisation, ANNE)
    gapp = make_programme(organisation)
    make_enrolment(gapp, db.session.query(Person).one(), left_at=datetime(2026, 10, 1, tzinfo=UTC))
    report = bring(organisation, ANNE, programme_slug="gapp", year=2026)

    assert said(report) == [(2, "Anne Roux", "inchangée")]
    assert [normalise(one) for one in report.notices] == [
        "Ligne 2 : Anne Roux a quitté ce dispositif en 2026. Son choix est gardé : pas d'inscription."
    ]


def test_being_in_the_file_of_the_coordination_is_its_yes_to_a_request(organisation):
    circles = make_circles(organisation)
    group_session = make_group_session(circles)
    person = make_person(organisation, first_name="Anne", last_name="Roux", email="anne.roux@example.org")
    enrolment = make_enrolment(circles, person, is_pending=True)
    asked = make_registration(group_session, person, "requested", enrolment_id=enrolment.id)
    report = bring(organisation, ANNE, programme_slug="cercle-de-paroles", year=2026)

    db.session.expire_all()
    assert report.count(LineState.ENROLLED) == 1
    assert (enrolment.is_pending, asked.status) == (False, "confirmed")
    assert [kind for kind, _ in written()] == ["adhesion_acceptee", "inscription_confirmee"]


def test_an_animator_animates_what_nobody_animates_and_is_invited_to_what_is_to_come(organisation):
    gapp = make_programme(organisation)
    other = make_person(organisation)
    given = make_group_session(gapp, starts_at=datetime(2026, 12, 1, 19, 0, tzinfo=UTC))
    free = make_group_session(gapp)
    past = make_group_session(gapp, starts_at=datetime(2026, 3, 2, 19, 0, tzinfo=UTC), status="held")
    next_year = make_group_session(gapp, starts_at=datetime(2027, 3, 2, 19, 0, tzinfo=UTC))
    with transaction():
        db.session.add(SessionAnimator(organisation_id=organisation.id, group_session_id=given.id, person_id=other.id))
    animates = ANNE.removesuffix("non") + "oui"
    report = bring(organisation, animates, programme_slug="gapp", year=2026)
    again = bring(organisation, animates, programme_slug="gapp", year=2026)

    assert said(report) == [(2, "Anne Roux", "créée et notée pour l'animation du dispositif")]
    assert said(again) == [(2, "Anne Roux", "inchangée")]
    assert written() == [("animation_confiee", "anne.roux@example.org")]
    animated = {
        one.group_session_id: one.person_id for one in db.session.query(SessionAnimator).filter_by(sequence=None)
    }
    assert set(animated) == {given.id, past.id}
    assert {one.group_session_id for one in db.session.query(SessionAnimator)} == {given.id, past.id, free.id}
    assert next_year.animators == []
    assert db.session.query(Enrolment).count() == 0


def test_a_programme_needs_its_year_and_must_exist(organisation):
    make_programme(organisation)
    with pytest.raises(RuleBroken, match="ensemble"):
        bring(organisation, ANNE, programme_slug="gapp")
    with pytest.raises(RuleBroken, match="gapp"):
        bring(organisation, ANNE, programme_slug="gap", year=2026)


def test_a_list_of_members_says_who_of_them_it_does_not_name_and_changes_nothing_of_theirs(organisation):
    bring(organisation, ANNE, LUC)
    absent = make_person(organisation, last_name="Absente", is_member=True)
    make_person(organisation, last_name="Ailleurs", is_member=False)

    trial = bring(organisation, ANNE, dry_run=True)
    report = bring(organisation, ANNE, LUC)

    assert (trial.absent_members, report.absent_members) == ([absent.id], [absent.id])
    assert normalise(report.absent_sentence) == "Membres absents du fichier : 1"
    db.session.refresh(absent)
    assert absent.is_member


def test_nobody_is_absent_from_a_file_that_says_nothing_of_members_is_refused_or_is_of_a_season(organisation):
    make_programme(organisation)
    make_person(organisation, is_member=True)

    silent, refused = bring(organisation, LUC), bring(organisation, ANNE, "Mme;Zoé;;zoe@example.org;sage-femme;;;;")
    season = bring(organisation, ANNE, programme_slug="gapp", year=2026)

    assert [one.absent_members for one in (silent, refused, season)] == [[], [], []]
    assert silent.absent_sentence == ""
