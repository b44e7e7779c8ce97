"""A file of sessions: what is announced, what is history, and who is told."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_sessions import import_sessions
from cpts_sessions.registrations.models import Registration
from tests.factories import make_enrolment, make_organisation, make_person, make_programme

pytestmark = pytest.mark.usefixtures("app", "clock")

TITLES = "dispositif;date;début;fin;lieu;places;minimum;découverte;remarque"


@pytest.fixture
def gapp(app):
    organisation = make_organisation(place_name="Salle de la CPTS", place_address="2 place du Puits")
    return make_programme(organisation, capacity=9, minimum=3, duration_minutes=90)


def bring(gapp, *lines, **options):
    data = "\n".join([TITLES, *lines]).encode()
    return import_sessions(gapp.organisation_id, data, "seances.csv", **options)


def said(report):
    return [(line.number, normalise(line.label), line.said(done=report.is_written)) for line in report.lines]


def stored():
    return [
        (one.status, one.starts_at, one.ends_at, one.capacity, one.minimum, one.place_name, one.place_address)
        for one in db.session.query(GroupSession).order_by(GroupSession.starts_at)
    ]


def kinds():
    return [one.kind for one in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]


def test_what_the_file_does_not_say_comes_from_the_programme_and_the_organisation(gapp):
    report = bring(gapp, "GAPP;17/11/2026;20h;;;;;;", "gapp;2026-03-03;20:00;22 h 30;Chez Paul;5;;;")

    assert said(report) == [
        (2, "GAPP, mardi 17 novembre 2026, 20 h", "créée"),
        (3, "GAPP, mardi 3 mars 2026, 20 h", "créée"),
    ]
    assert stored() == [
        (
            "held",
            datetime(2026, 3, 3, 19, 0, tzinfo=UTC),
            datetime(2026, 3, 3, 21, 30, tzinfo=UTC),
            *(5, 3, "Chez Paul", ""),
        ),
        (
            "open",
            datetime(2026, 11, 17, 19, 0, tzinfo=UTC),
            datetime(2026, 11, 17, 20, 30, tzinfo=UTC),
            *(9, 3, "Salle de la CPTS", "2 place du Puits"),
        ),
    ]


def test_those_who_follow_the_programme_get_the_dates_to_come_and_one_message(gapp):
    make_enrolment(gapp, make_person(gapp))
    lines = ("gapp;17/11/2026;20h;;;;;;", "gapp;24/11/2026;20h;;;;;;", "gapp;03/03/2026;20h;;;;;;")
    trial = bring(gapp, *lines, dry_run=True)
    report = bring(gapp, *lines)

    assert (trial.mails, report.mails) == (3, 3)
    assert kinds() == ["dates_ajoutees", "inscription_confirmee", "inscription_confirmee"]
    assert db.session.query(Registration).count() == 2


def test_without_mail_they_get_the_dates_and_no_message(gapp):
    make_enrolment(gapp, make_person(gapp))
    report = bring(gapp, "gapp;17/11/2026;20h;;;;;;", with_mail=False)

    assert (report.mails, kinds(), db.session.query(Registration).count()) == (0, [], 1)


def test_the_animators_of_the_season_animate_what_comes_later_and_only_of_that_season(gapp):
    persons = b"prenom,nom,email,profession,animateur\nAnne,Roux,anne@example.org,sage-femme,oui\n"
    import_people(gapp.organisation_id, persons, "p.csv", programme_slug="gapp", year=2026)
    bring(gapp, "gapp;17/11/2026;20h;;;;;;", "gapp;03/03/2026;20h;;;;;;", "gapp;12/01/2027;20h;;;;;;")

    animated = {
        one.starts_at.year: [a.person.first_name for a in one.animators] for one in db.session.query(GroupSession)
    }
    assert animated == {2026: ["Anne"], 2027: []}
    assert kinds() == ["animation_confiee"]


def test_the_same_hour_of_the_same_programme_is_the_same_session_and_stays_as_it_is(gapp):
    bring(gapp, "gapp;17/11/2026;20h;;;;;;")
    before = stored()
    report = bring(gapp, "gapp;2026-11-17;20:00;;;4;;oui;")

    assert said(report) == [(2, "GAPP, mardi 17 novembre 2026, 20 h", "inchangée")]
    assert [normalise(one) for one in report.notices] == [
        "Ligne 2 : cette séance existe déjà, et reste comme elle est (places, découverte). "
        "Pour la changer, ouvrez sa page."
    ]
    assert stored() == before


def test_a_refused_line_keeps_every_session_out(gapp):
    report = bring(gapp, "gapp;17/11/2026;20h;;;;;;", "gapp;17/11/2026;20h;;;;;;", "yoga;18/11/2026;20h;;;;;;")

    assert [normalise(one) for line in report.lines for one in line.refusals] == [
        "Ligne 3 : une séance existe déjà ce jour-là à cette heure pour ce dispositif.",
        "Ligne 4 : dispositif « yoga » inconnu. Dispositifs de la CPTS : gapp.",
    ]
    assert stored() == []
