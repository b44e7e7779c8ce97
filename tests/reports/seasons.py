"""A season built row by row: organisation, programmes, people, sessions, and what happened."""

import csv
import secrets
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files

from cpts_sessions.attendance.models import Attendance, AttendanceTally
from cpts_sessions.core.clock import at
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people import nomenclature
from cpts_sessions.people.models import Person, Profession, identity_of
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.reports.season import season_report

SEASON_2025 = files("cpts_sessions.installation").joinpath("saison-2025")
NOTED = {"présent": "present", "absent": "absent", "excusé": "excused"}


class Season:
    """One organisation with its professions; every method adds rows in a transaction of its own."""

    def __init__(self, year, slug="val-d-ambre"):
        self.year = year
        self._flushes = True
        self.organisation = Organisation(
            name="CPTS du Val d'Ambre",
            slug=slug,
            public_url=f"https://{slug}.example.org",
            mail_address="coordination@example.org",
        )
        self._keep(self.organisation)
        with transaction():
            db.session.add_all(profession_rows(self.organisation.id))

    def programme(self, slug="cercle-de-paroles", **changes):
        names = {"gapp": ("GAPP", "GAPP"), "cercle-de-paroles": ("cercle de paroles", "cercles de paroles")}
        singular, plural = names.get(slug, (slug, f"{slug}s"))
        words = {
            "name": plural[0].upper() + plural[1:] if slug in names else slug,
            "session_title": singular,
            "singular": singular,
            "plural": plural,
            "action": {"gapp": 29, "cercle-de-paroles": 30}.get(slug),
            "sort_order": list(names).index(slug) if slug in names else 9,
        }
        return self._keep(Programme(organisation_id=self.organisation.id, slug=slug, **{**words, **changes}))

    def session(self, programme, day, start=time(20), end=time(22), status="held", animator=None, **changes):
        day = date.fromisoformat(day)
        session = GroupSession(
            organisation_id=self.organisation.id,
            programme_id=programme.id,
            starts_at=at(day, start),
            ends_at=at(day, end),
            status=status,
            **changes,
        )
        self._keep(session)
        if animator:
            self.give(session, animator)
        return session

    def give(self, session, person):
        """The session is hers to animate; what the report needs is copied."""
        return self._keep(
            SessionAnimator(
                organisation_id=self.organisation.id,
                group_session_id=session.id,
                person_id=person.id,
                profession_slug=person.profession_slug,
                civility=person.civility,
            )
        )

    def person(self, first_name, profession="psychologue", civility="Mme", email=None, last_name="Martin"):
        email = email or f"{first_name.lower()}@example.org"
        return self._keep(
            Person(
                organisation_id=self.organisation.id,
                email=email,
                first_name=first_name,
                last_name=last_name,
                identity=identity_of(email, first_name, last_name, profession),
                civility=civility,
                profession_slug=profession,
            )
        )

    def register(self, person, session, status="confirmed", **changes):
        snapshot = {"profession_slug": person.profession_slug, "civility": person.civility}
        deadline = datetime(2030, 1, 1, tzinfo=UTC) if status == "offered" else None
        return self._keep(
            Registration(
                organisation_id=self.organisation.id,
                group_session_id=session.id,
                person_id=person.id,
                status=status,
                offer_expires_at=deadline,
                link_hash=secrets.token_bytes(32),
                **{**snapshot, **changes},
            )
        )

    def enrol(self, person, programme, **changes):
        snapshot = {"profession_slug": person.profession_slug, "civility": person.civility}
        return self._keep(
            Enrolment(
                organisation_id=self.organisation.id,
                person_id=person.id,
                programme_id=programme.id,
                season=self.year,
                link_hash=secrets.token_bytes(32),
                **{**snapshot, **changes},
            )
        )

    def note(self, person, session, status="present"):
        return self._keep(
            Attendance(
                organisation_id=self.organisation.id,
                group_session_id=session.id,
                person_id=person.id,
                status=status,
                means="animator",
            )
        )

    def tally(self, session, count, profession=""):
        return self._keep(
            AttendanceTally(
                organisation_id=self.organisation.id,
                group_session_id=session.id,
                profession_slug=profession,
                count=count,
            )
        )

    @contextmanager
    def at_once(self):
        """Write all that is added inside in one go; none of it has its id before the end."""
        self._flushes = False
        with transaction():
            yield
            db.session.flush()
        self._flushes = True

    def _keep(self, row):
        with transaction():
            db.session.add(row)
            if self._flushes:
                db.session.flush()  # its id, inside a longer transaction
        return row


def profession_rows(organisation_id):
    """The nomenclature, as an organisation starts with it."""
    return [
        Profession(
            organisation_id=organisation_id,
            slug=line.slug,
            label=line.label_m,
            label_f=line.label_f,
            label_plural=line.label_plural_m,
            report_singular_m=line.report_m,
            report_singular_f=line.report_f,
            report_plural_m=line.report_plural_m,
            report_plural_f=line.report_plural_f,
            sort_order=line.order,
            is_active=line.active_by_default,
        )
        for line in nomenclature.professions()
    ]


@cache
def table(name):
    """The lines of one file of the season 2025."""
    return tuple(csv.DictReader(SEASON_2025.joinpath(name).read_text("utf-8").splitlines()))


def season_2025():
    """The real season 2025, its people invented: enrolled, one of them animating every circle."""
    season = Season(2025)
    with transaction():
        programmes = {slug: season.programme(slug) for slug in ("gapp", "cercle-de-paroles")}
        people, animators = _people_2025(season, programmes)
        sessions = _sessions_2025(season, programmes, animators)
        with season.at_once():
            for slug, name in (("gapp", "presences-gapp.csv"), ("cercle-de-paroles", "presences-cercles.csv")):
                for row in table(name):
                    session, person = sessions[slug, row["date"]], people[row["email"]]
                    season.note(person, session, NOTED[row["statut"]])
                    if person is not animators.get(slug):
                        season.register(person, session)
    return season


def _people_2025(season, programmes):
    people, animators = {}, {}
    for slug, name in (("gapp", "inscrits-gapp.csv"), ("cercle-de-paroles", "inscrits-cercles.csv")):
        for row in table(name):
            profession = nomenclature.find_profession(row["profession"]).slug
            if row["email"] not in people:
                people[row["email"]] = season.person(
                    row["prenom"], profession, row["civilite"], row["email"], row["nom"]
                )
            if row["animateur"] == "oui":
                animators[slug] = people[row["email"]]
            else:
                season.enrol(people[row["email"]], programmes[slug], imported_at=datetime(2025, 1, 2, tzinfo=UTC))
    return people, animators


def _sessions_2025(season, programmes, animators):
    sessions = {}
    for row in table("seances.csv"):
        slug = row["dispositif"]
        sessions[slug, row["date"]] = season.session(
            programmes[slug],
            row["date"],
            time.fromisoformat(row["debut"]),
            time.fromisoformat(row["fin"]),
            animator=animators.get(slug),
            is_discovery=row["decouverte"] == "oui",
            place_name="" if row["lieu"].startswith("Salle") else row["lieu"],
            status="open" if row["date"] == "2025-12-30" else "held",
        )
    return sessions


def circles_of(season, as_of=date(2027, 10, 15), key="30"):
    return season_report(season.organisation.id, season.year, as_of).part(key)


def figures_of(season, as_of=date(2027, 10, 15), key="30"):
    counting = circles_of(season, as_of, key).counting
    return counting.enrolled_distinct, counting.present_distinct, counting.attendances
