"""A file of persons enters the directory, and for a programme and a year, its season."""

from collections import defaultdict

from sqlalchemy import select

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.spreadsheet import read_table
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.people.import_rules import (
    COLUMNS,
    PeopleReading,
    PersonRow,
    email_of_another_name,
    read_people,
    rpps_of_another,
)
from cpts_sessions.people.models import Person, identity_of
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.programmes.queries import programme_by_slug, programmes_of
from cpts_sessions.registrations import invitations, messages, queries, season_animators
from cpts_sessions.registrations.dates_asked import fan_out
from cpts_sessions.registrations.enrolments import grant, start_or_resume
from cpts_sessions.registrations.import_report import (
    ImportLine,
    ImportReport,
    LineState,
    carry_out,
    refused,
    refused_lines,
)
from cpts_sessions.registrations.models import Enrolment

#: What the coordination's file may change of a record, and how it is said; her name and address are her identity.
FIELDS = {
    "civility": "civilité",
    "profession_slug": "profession",
    "is_member": "membre",
    "rpps": "RPPS",
    "phone": "téléphone",
}


def import_people(
    organisation_id: int,
    data: bytes,
    filename: str,
    *,
    programme_slug: str | None = None,
    year: int | None = None,
    dry_run: bool = False,
    with_mail: bool = True,
    actor_id: int | None = None,
) -> ImportReport:
    """Add or update the persons of a file; with a programme and a year, also enrol them for that season.

    What the file does not say of somebody stays as it is. « animateur » makes her the programme's animator, and of
    its sessions of that year that have none, without enrolling her. All or nothing; twice changes nothing. Mails are
    those of the coordinator's act: none for a season that is over.

    Raises:
        RuleBroken: the file cannot be read, or the programme is unknown, or comes without its year.
    """
    table = read_table(data, filename, COLUMNS)
    reading = read_people(table)
    season = _season(organisation_id, programme_slug, year, with_mail=with_mail)

    def work(report: ImportReport) -> None:
        _Work(organisation_id, report, season).run(reading)
        if any(line.states != (LineState.UNCHANGED,) for line in report.lines):
            audit.record(organisation_id, "import", actor_id=actor_id, n=len(report.lines), quoi="personnes")

    return carry_out(table, work, dry_run=dry_run)


class _Season:
    """The season of a programme that the file is imported for; its sessions open to sign-up are locked by `begin`."""

    def __init__(self, programme: Programme, year: int, *, with_mail: bool) -> None:
        self.programme = programme
        self.year = year
        self.with_mail = with_mail and year >= today().year
        self.open: list[GroupSession] = []
        self.without_animator: list[GroupSession] = []

    def begin(self) -> None:
        queries.lock_programme(self.programme.id)
        self.open = queries.lock_group_sessions(queries.open_session_ids(self.programme.id, self.year))
        self.without_animator = season_animators.sessions_without_animator(self.programme.id, self.year)


def _season(organisation_id: int, slug: str | None, year: int | None, *, with_mail: bool) -> _Season | None:
    if slug is None and year is None:
        return None
    if slug is None or year is None:
        raise RuleBroken("Indiquez le dispositif et l’année ensemble : les personnes du fichier y seront inscrites.")
    programme = programme_by_slug(organisation_id, slug)
    if programme is None:
        choices = ", ".join(one.slug for one in programmes_of(organisation_id, with_archived=True))
        raise RuleBroken(typo(f"Dispositif « {slug} » inconnu. Dispositifs de la CPTS : {choices}."))
    return _Season(programme, year, with_mail=with_mail)


class _Work:
    """One import under way, inside its transaction; who is known is read once."""

    def __init__(self, organisation_id: int, report: ImportReport, season: _Season | None) -> None:
        self.organisation_id = organisation_id
        self.report = report
        self.season = season
        self.by_identity: dict[str, Person] = {}
        self.by_email: dict[str, list[Person]] = defaultdict(list)
        self.by_rpps: dict[str, Person] = {}
        self.added: set[int] = set()
        self.named: set[int] = set()

    def run(self, reading: PeopleReading) -> None:
        """Treat every line of the file."""
        if self.season:
            self.season.begin()
        elif any(row.animator for row in reading.rows):
            self.report.notices.append(typo("La colonne « animateur » n’est lue qu’avec un dispositif et une année."))
        known = select(Person).where(Person.organisation_id == self.organisation_id, Person.erased_at.is_(None))
        for person in db.session.execute(known).scalars():
            self._know(person)
        members = {one.id for one in self.by_identity.values() if one.is_member}
        self.report.notices += [typo(notice.sentence) for notice in reading.notices]
        self.report.lines += refused_lines(reading.refusals, reading.names)
        self.report.lines += [self._line(row) for row in reading.rows]
        if self.season is None and any(row.member for row in reading.rows) and not self.report.is_refused:
            self.report.absent_members = sorted(members - self.named)

    def _know(self, person: Person) -> None:
        self.by_identity[person.identity] = person
        if person.email:
            self.by_email[person.email].append(person)
        if person.rpps:
            self.by_rpps[person.rpps] = person

    def _line(self, row: PersonRow) -> ImportLine:
        person = self.by_identity.get(identity_of(row.email, row.first_name, row.last_name, row.profession_slug))
        owner = self.by_rpps.get(row.rpps or "")
        if owner is not None and owner is not person:
            return refused(row.line, row.full_name, [rpps_of_another(row.line, owner.full_name)])
        states: list[LineState] = []
        fields: list[str] = []
        if person is None:
            person = self._add(row)
            states.append(LineState.CREATED)
        elif fields := self._update(person, row):
            states.append(LineState.UPDATED)
        self.named.add(person.id)
        if self.season:
            states += self._animate(person, self.season) if row.animator else self._enrol(person, row, self.season)
        year = self.season.year if self.season else None
        return ImportLine(row.line, person.full_name, tuple(states) or (LineState.UNCHANGED,), tuple(fields), year)

    def _add(self, row: PersonRow) -> Person:
        others = [one for one in self.by_email.get(row.email or "", []) if one.id not in self.added]
        if others:
            self.report.notices.append(typo(email_of_another_name(row.line, row.email or "", others[0].full_name)))
        person, _ = find_or_add(self.organisation_id, _told(row))
        person.is_member, person.rpps, person.phone = bool(row.member), row.rpps, row.phone
        person.imported_at = now()
        self.added.add(person.id)
        self._know(person)
        return person

    def _update(self, person: Person, row: PersonRow) -> list[str]:
        """Write what the file says otherwise, and return the names of what changed; an empty cell says nothing."""
        told = {
            "civility": row.civility,
            "profession_slug": row.profession_slug,
            "is_member": row.member,
            "rpps": row.rpps,
            "phone": row.phone,
        }
        changed = [name for name, value in told.items() if value is not None and getattr(person, name) != value]
        for name in changed:
            setattr(person, name, told[name])
        if "rpps" in changed:
            self._know(person)
        return [FIELDS[name] for name in changed]

    def _animate(self, person: Person, season: _Season) -> list[LineState]:
        given = accounts.give(person, RoleName.ANIMATOR, programme_id=season.programme.id)
        noted = season_animators.note(season.programme, season.year, person)
        attached = [
            season_animators.give(group_session, person, with_mail=season.with_mail)
            for group_session in season.without_animator
        ]
        return [LineState.ANIMATOR] if given or noted or any(attached) else []

    def _enrol(self, person: Person, row: PersonRow, season: _Season) -> list[LineState]:
        enrolment = queries.enrolment(person.id, season.programme.id, season.year)
        if enrolment and enrolment.left_at is not None:
            self.report.notices.append(
                typo(
                    f"Ligne {row.line} : {person.full_name} a quitté ce dispositif en {season.year}. "
                    "Son choix est gardé : pas d’inscription."
                )
            )
            return []
        if enrolment is None:
            _start(person, row, season)
        elif enrolment.is_pending:
            _accept(enrolment, season)
        else:
            return []
        return [LineState.ENROLLED]


def _told(row: PersonRow) -> Told:
    return Told(
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        profession_slug=row.profession_slug,
        civility=row.civility,
    )


def _start(person: Person, row: PersonRow, season: _Season) -> None:
    told = _told(row)
    enrolment = start_or_resume(None, season.programme, person, season.year, told, pending=False)
    enrolment.imported_at = now()
    registrations = fan_out(enrolment, season.open, told, decided=True)
    if season.with_mail:
        invitations.answer(enrolment, registrations, Event.SEAT_GIVEN)


def _accept(enrolment: Enrolment, season: _Season) -> None:
    """Say the yes that she waited for: being in the coordination's file is one."""
    dates = grant(enrolment)
    if season.with_mail:
        messages.enrolled(enrolment, "adhesion_acceptee", dates)
        invitations.invite_to_each(dates, Event.SEAT_GIVEN)
