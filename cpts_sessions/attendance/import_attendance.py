"""A file of presences enters the history of a programme: who came to sessions already held."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cpts_sessions.attendance.models import Attendance, AttendanceStatus, Means
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import identity_key, name_key, short_day, typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.spreadsheet import Column, Row, Table, read_table
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.nomenclature import ProfessionLine, find_profession
from cpts_sessions.programmes.import_rules import parse_day
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.programmes.queries import programme_by_slug
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.import_report import ImportLine, ImportReport, LineState, carry_out, refused
from cpts_sessions.registrations.models import Enrolment, Registration, Status

COLUMNS = (
    Column("date", ("jour", "date de la séance", "le"), required=True),
    Column("email", ("e-mail", "mail", "courriel", "adresse e-mail", "adresse mail"), required=True),
    Column("statut", ("présence", "état", "présent"), required=True),
    Column("prénom", ("prénoms",)),
    Column("nom", ("nom de famille",)),
    Column("profession", ("métier", "professions")),
)

_STATUSES = {
    **dict.fromkeys(("present", "presente", "oui", "x", "1"), AttendanceStatus.PRESENT),
    **dict.fromkeys(("absent", "absente", "non", "0"), AttendanceStatus.ABSENT),
    **dict.fromkeys(("excuse", "excusee"), AttendanceStatus.EXCUSED),
}


def import_attendance(
    organisation_id: int,
    data: bytes,
    filename: str,
    *,
    programme_slug: str,
    dry_run: bool = False,
    actor_id: int | None = None,
) -> ImportReport:
    """Note who came to the sessions of a programme already held; no mail.

    A line without an e-mail needs first and last name, and the profession when two persons bear them. A person
    without a registration gets the one she must have had; present beyond the places, she is noted as come
    unannounced. Whoever animates the session needs none. All or nothing; twice changes nothing.

    Raises:
        RuleBroken: the file cannot be read, or the programme is unknown.
    """
    programme = programme_by_slug(organisation_id, programme_slug)
    if programme is None:
        raise RuleBroken(typo(f"Dispositif « {programme_slug} » inconnu."))
    table = read_table(data, filename, COLUMNS)

    def work(report: ImportReport) -> None:
        _Work(programme).run(table, report)
        if any(line.states != (LineState.UNCHANGED,) for line in report.lines):
            audit.record(organisation_id, "import", actor_id=actor_id, n=len(report.lines), quoi="présences")

    return carry_out(table, work, dry_run=dry_run)


class _Work:
    """One import under way, inside its transaction; sessions and persons are read once."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.by_day: dict[date, list[GroupSession]] = defaultdict(list)
        statement = (
            select(GroupSession)
            .where(
                GroupSession.programme_id == programme.id,
                GroupSession.status.in_((SessionStatus.OPEN, SessionStatus.HELD)),
            )
            .options(selectinload(GroupSession.animators))
        )
        for group_session in db.session.execute(statement).scalars():
            self.by_day[local(group_session.starts_at).date()].append(group_session)
        self.by_email: dict[str, list[Person]] = defaultdict(list)
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        known = select(Person).where(Person.organisation_id == programme.organisation_id, Person.erased_at.is_(None))
        for person in db.session.execute(known).scalars():
            self.by_name[name_key(person.first_name + person.last_name)].append(person)
            if person.email:
                self.by_email[person.email].append(person)
        self.seen: set[tuple[int, int]] = set()

    def run(self, table: Table, report: ImportReport) -> None:
        """Treat every line of the file."""
        for row in table.rows:
            label = f"{row.cells['date']}, {row.cells['email'] or _name(row)}"
            try:
                if row.refusals:
                    report.lines.append(refused(row.line_number, label, row.refusals))
                else:
                    report.lines.append(ImportLine(row.line_number, label, (self._line(row),)))
            except RuleBroken as refusal:
                report.lines.append(refused(row.line_number, label, [f"Ligne {row.line_number} : {refusal}"]))

    def _line(self, row: Row) -> LineState:
        group_session, person = self._session(row.cells["date"]), self._person(row)
        status = _STATUSES.get(identity_key(row.cells["statut"]))
        if status is None:
            raise RuleBroken(f"« {row.cells['statut'] or 'vide'} » n’est ni présent, ni absent, ni excusé.")
        if (group_session.id, person.id) in self.seen:
            raise RuleBroken(f"{person.full_name} figure déjà dans le fichier pour cette séance.")
        self.seen.add((group_session.id, person.id))
        if all(animator.person_id != person.id for animator in group_session.animators):
            self._register(group_session, person, status)
        return _note(group_session, person, status)

    def _session(self, said: str) -> GroupSession:
        day = parse_day(said)
        if day is None:
            raise RuleBroken(f"date « {said or 'vide'} » non comprise. Exemples : 2025-03-19 ou 19/03/2025.")
        found = self.by_day.get(day, [])
        if not found:
            raise RuleBroken(f"aucune séance de ce dispositif le {short_day(day)} {day.year}. Importez-la d’abord.")
        if len(found) > 1:
            raise RuleBroken(f"{len(found)} séances de ce dispositif le {short_day(day)} {day.year} : laquelle ?")
        if found[0].ends_at > now():
            raise RuleBroken("cette séance n’a pas encore eu lieu.")
        return found[0]

    def _person(self, row: Row) -> Person:
        email = row.cells["email"].strip().lower()
        if not email:
            return self._person_by_name(row)
        found = self.by_email.get(email, [])
        if name := name_key(_name(row)):
            found = [one for one in found if name_key(one.first_name + one.last_name) == name]
        if not found:
            raise RuleBroken(f"personne n’est connu à l’adresse « {email} ». Importez d’abord les personnes.")
        if len(found) > 1:
            raise RuleBroken(f"{len(found)} personnes partagent l’adresse {email}. Ajoutez les colonnes prénom et nom.")
        return found[0]

    def _person_by_name(self, row: Row) -> Person:
        """Return the one person of this name, and of this profession when it is told; who has no e-mail comes first."""
        name = _name(row)
        if not name:
            raise RuleBroken("sans adresse e-mail, écrivez le prénom et le nom.")
        found = self.by_name.get(name_key(name), [])
        if told := row.cells.get("profession", ""):
            line = find_profession(told)
            if not isinstance(line, ProfessionLine):
                raise RuleBroken(f"profession « {told} » non comprise.")
            found = [one for one in found if one.profession_slug == line.slug]
        if len(found) > 1:
            found = [one for one in found if one.email is None] or found
        if not found:
            raise RuleBroken(f"personne n’est connu sous le nom « {name} ». Importez d’abord les personnes.")
        if len(found) > 1:
            raise RuleBroken(f"{len(found)} personnes s’appellent {name}. Ajoutez l’adresse e-mail ou la profession.")
        return found[0]

    def _register(self, group_session: GroupSession, person: Person, status: AttendanceStatus) -> None:
        """Give her the registration she must have had; the past is written without a word to anybody."""
        registration = queries.find(group_session.id, person.id)
        if registration and registration.status in (Status.CONFIRMED, Status.WALK_IN):
            return
        is_full = queries.seats_taken(group_session.id) >= group_session.capacity
        if is_full and status != AttendanceStatus.PRESENT:
            if registration is None:
                raise RuleBroken(
                    f"la séance n’avait que {group_session.capacity} places : corrigez-les, ou retirez cette ligne."
                )
            return
        seat = Status.WALK_IN if is_full else Status.CONFIRMED
        if registration is None:
            enrolment = queries.enrolment(person.id, self.programme.id, group_session.season)
            _add(group_session, person, enrolment, seat)
        else:
            registration.status, registration.offer_expires_at = seat.value, None
            registration.ended_by = registration.ended_at = registration.ended_from = None
            db.session.flush()


def _name(row: Row) -> str:
    return f"{row.cells.get('prénom', '')} {row.cells.get('nom', '')}".strip()


def _add(group_session: GroupSession, person: Person, enrolment: Enrolment | None, seat: Status) -> None:
    told = enrolment or person
    registration = Registration(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=person.id,
        enrolment_id=enrolment.id if enrolment else None,
        status=seat.value,
        queued_at=group_session.starts_at,
        first_name=person.first_name,
        last_name=person.last_name,
        civility=told.civility,
        profession_slug=told.profession_slug,
        link_hash=b"",
        imported_at=now(),
    )
    registration.link_hash = links.digest_for(Purpose.REGISTRATION, registration.public_id)
    db.session.add(registration)
    db.session.flush()


def _note(group_session: GroupSession, person: Person, status: AttendanceStatus) -> LineState:
    statement = select(Attendance).where(
        Attendance.group_session_id == group_session.id, Attendance.person_id == person.id
    )
    known = db.session.execute(statement).scalar_one_or_none()
    if known is None:
        known = Attendance(
            organisation_id=group_session.organisation_id,
            group_session_id=group_session.id,
            person_id=person.id,
            status=status.value,
            means=Means.IMPORT.value,
        )
        db.session.add(known)
        return LineState.CREATED
    if known.status == status:
        return LineState.UNCHANGED
    known.status, known.means, known.taken_at = status.value, Means.IMPORT.value, now()
    return LineState.UPDATED
