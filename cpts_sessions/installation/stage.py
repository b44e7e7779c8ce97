"""The means of telling the demonstration: its people by name, its sessions, and what each does of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from cpts_sessions.attendance.attestations import settle
from cpts_sessions.attendance.models import Attendance, AttendanceStatus, Means
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.installation.days import hours_on
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.programmes.services import create_sessions
from cpts_sessions.questionnaires import asking
from cpts_sessions.questionnaires import services as questionnaires
from cpts_sessions.questionnaires.queries import boxes, links_of_box
from cpts_sessions.registrations import animation, queries, services, sessions
from cpts_sessions.registrations.models import Registration, Status


class Stage:
    """One organisation on which a season is played; every method is called inside a transaction."""

    def __init__(self, organisation_id: int) -> None:
        self.organisation_id = organisation_id

    def programme(self, slug: str) -> Programme:
        """Return one of its programmes."""
        statement = select(Programme).where(Programme.organisation_id == self.organisation_id, Programme.slug == slug)
        return db.session.execute(statement).scalar_one()

    def person(self, full_name: str) -> Person:
        """Return the one person of this name."""
        first_name, _, last_name = full_name.partition(" ")
        statement = select(Person).where(
            Person.organisation_id == self.organisation_id,
            Person.first_name == first_name,
            Person.last_name == last_name,
        )
        return db.session.execute(statement).scalar_one()

    def told(self, full_name: str, phone: str | None = None) -> Told:
        """Return what a person says of herself: what the CPTS knows."""
        return Told.of(self.person(full_name), phone)

    def prepare(
        self, programme: Programme, day: date, animator: Person, plan: dict[str, int | bool | str]
    ) -> GroupSession:
        """Prepare a session of a day to come, in draft, with who animates it."""
        return self._create(programme, day, animator, SessionStatus.DRAFT, plan)

    def past(self, programme: Programme, day: date, animator: Person, names: Iterable[str]) -> GroupSession:
        """Return a session already held, with those who had a seat; nobody is told."""
        group_session = self._create(programme, day, animator, SessionStatus.HELD, {})
        asked_at = group_session.starts_at - timedelta(days=12)
        group_session.created_at = asked_at
        group_session.closed_at = group_session.ends_at
        db.session.add_all(self._seat(group_session, self.person(name), asked_at) for name in names)
        db.session.flush()
        return group_session

    def _seat(self, group_session: GroupSession, person: Person, asked_at: datetime) -> Registration:
        """Return the row of a seat asked for in time, as history keeps it."""
        public_id = uuid4()
        return Registration(
            public_id=public_id,
            organisation_id=self.organisation_id,
            group_session_id=group_session.id,
            person_id=person.id,
            status=Status.CONFIRMED.value,
            first_name=person.first_name,
            last_name=person.last_name,
            civility=person.civility,
            profession_slug=person.profession_slug,
            link_hash=links.digest_for(Purpose.REGISTRATION, public_id),
            queued_at=asked_at,
            created_at=asked_at,
        )

    def _create(
        self,
        programme: Programme,
        day: date,
        animator: Person,
        status: SessionStatus,
        plan: dict[str, int | bool | str],
    ) -> GroupSession:
        starts_at, ends_at = hours_on(day, timedelta(minutes=programme.duration_minutes))
        wanted = NewSession(starts_at=starts_at, ends_at=ends_at, **plan)  # type: ignore[arg-type]
        (group_session,) = create_sessions(programme.id, [wanted], status=status)
        animation.attach(group_session, animator)
        return group_session

    def announce(self, *group_sessions: GroupSession) -> None:
        """Open these sessions to sign-up."""
        sessions.open_sessions([one.id for one in group_sessions])

    def sign_up(self, group_session: GroupSession, *names: str) -> None:
        """Each of them asks for a seat, in this order."""
        for name in names:
            services.sign_up(group_session.id, self.told(name))

    def registration(self, group_session: GroupSession, full_name: str) -> Registration:
        """Return the request of this person for this session."""
        found = queries.find(group_session.id, self.person(full_name).id)
        if found is None:
            raise LookupError(full_name)
        return found

    def take_attendance(
        self, group_session: GroupSession, absent: Iterable[str] = (), excused: Iterable[str] = ()
    ) -> None:
        """Note who came to a session, its animators among them; those present are attested."""
        status_of = {self.person(name).id: AttendanceStatus.ABSENT for name in absent}
        status_of |= {self.person(name).id: AttendanceStatus.EXCUSED for name in excused}
        there = [one.person_id for one in queries.live(group_session.id)]
        for person_id in [*there, *(animator.person_id for animator in group_session.animators)]:
            db.session.add(
                Attendance(
                    organisation_id=self.organisation_id,
                    group_session_id=group_session.id,
                    person_id=person_id,
                    status=status_of.get(person_id, AttendanceStatus.PRESENT).value,
                    means=Means.ANIMATOR.value,
                    taken_at=group_session.ends_at,
                )
            )
        db.session.flush()
        settle(group_session)  # attestations
        questionnaires.add_slots(group_session)

    def ask(self) -> None:
        """Let the links of the questionnaires leave now, for whoever came: nobody has to wait for the next morning."""
        for box in boxes(self.organisation_id):
            for link in links_of_box(box.id):
                link.due_at = link.due_at and now()
            db.session.flush()
            asking.ask(box.id, now())
