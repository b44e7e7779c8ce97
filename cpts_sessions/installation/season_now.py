"""The demonstration around the day it is loaded: one session of every kind, so that every page shows something."""

from datetime import date, timedelta
from importlib.resources import files

from sqlalchemy import select, update

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.clock import today
from cpts_sessions.extensions import db
from cpts_sessions.installation import cards_shown, poll_shown, registers_shown, season_2025
from cpts_sessions.installation.days import evening_near
from cpts_sessions.installation.stage import Stage
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.registrations import enrolments, on_behalf, services, sessions
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.models import Enrolment

COORDINATOR = "Eva Martin"
CIRCLES_ANIMATOR = "Olivier Chastel"
GAPP_ANIMATOR = "Claire Aubertin"
PARTICIPANT = "Hélène Vautrin"
FOLLOWERS = (PARTICIPANT, "Paul Ebersolt", "Maëlle Kerjean")

_PEOPLE = files("cpts_sessions.installation").joinpath("saison-en-cours", "personnes.csv")


def load(organisation_id: int) -> None:
    """Play the season under way; the season 2025 is there, and nothing is added to it. Call inside a transaction."""
    _people(organisation_id)
    stage = Stage(organisation_id)
    _Gapp(stage).play()
    _Circles(stage).play()
    stage.ask()
    coordinator = stage.person(COORDINATOR)
    poll_shown.load(organisation_id, actor_id=coordinator.id)
    registers_shown.load_now(organisation_id, actor_id=coordinator.id)
    cards_shown.load(stage, actor_id=coordinator.id)


def _people(organisation_id: int) -> None:
    name = _PEOPLE.name
    report = import_people(organisation_id, _PEOPLE.read_bytes(), name, dry_run=False, with_mail=False)
    if report.is_refused:
        raise RuntimeError(f"{name}: {report.refusal}")
    stage = Stage(organisation_id)
    circles = stage.programme("cercle-de-paroles")
    enrolled = select(Enrolment.person_id).where(Enrolment.programme_id == circles.id)
    members = update(Person).where(Person.id.in_(enrolled)).values(is_member=True)
    db.session.execute(members.execution_options(synchronize_session=False))
    db.session.expire_all()
    stage.person(CIRCLES_ANIMATOR).is_member = True
    coordinator = stage.person(COORDINATOR)
    accounts.give(coordinator, RoleName.COORDINATOR)
    accounts.give(coordinator, RoleName.ADMINISTRATOR)
    accounts.give(stage.person(GAPP_ANIMATOR), RoleName.ANIMATOR, programme_id=stage.programme("gapp").id)


def _in_days(count: int) -> date:
    return evening_near(today() + timedelta(days=count))


def _is_free(day: date) -> bool:
    """Whether a past session may be put on this day: 2025 keeps exactly what took place."""
    return day.year > season_2025.YEAR


class _Programme:
    """One programme being played."""

    slug: str
    animator: str

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.programme: Programme = stage.programme(self.slug)

    def prepare(self, day: date, **plan: int | bool | str) -> GroupSession:
        """Prepare a session of this day."""
        return self.stage.prepare(self.programme, day, self.stage.person(self.animator), plan)

    def past(self, day: date, *names: str) -> GroupSession:
        """Return a session already held on this day."""
        return self.stage.past(self.programme, day, self.stage.person(self.animator), names)


class _Gapp(_Programme):
    """GAPP: followed by the season, a séance de découverte, and what the telephone and shared mailboxes bring."""

    slug = "gapp"
    animator = GAPP_ANIMATOR

    def play(self) -> None:
        """Play every session."""
        self._held()
        soon = self.prepare(_in_days(5))
        discovery = self.prepare(
            _in_days(13), is_discovery=True, remark="Pour découvrir : venez comme vous êtes, sans engagement."
        )
        nearly_full = self.prepare(_in_days(21), capacity=8)
        later = self.prepare(_in_days(35))
        added = self.prepare(_in_days(49))
        self.prepare(_in_days(63))  # stays in preparation
        self.stage.announce(soon, discovery, nearly_full, later)
        self._follow([soon, nearly_full, later, added])
        self.stage.announce(added)
        self._ask(soon, discovery, nearly_full, later)

    def _held(self) -> None:
        day = _in_days(-24)
        if _is_free(day):
            held = self.past(day, PARTICIPANT, "Antoine Riegert", "Leïla Haddad", "Paul Ebersolt", "Amandine Roth")
            self.stage.take_attendance(held, absent=["Antoine Riegert"], excused=["Amandine Roth"])

    def _follow(self, dates: list[GroupSession]) -> None:
        """Some follow this whole season, and the next one when its first dates are announced."""
        for season in sorted({today().year, *(one.season for one in dates)}):
            for name in FOLLOWERS:
                enrolments.enrol(self.programme.id, season, self.stage.told(name))

    def _ask(self, soon: GroupSession, discovery: GroupSession, nearly_full: GroupSession, later: GroupSession) -> None:
        stage = self.stage
        stage.sign_up(soon, "Antoine Riegert", "Leïla Haddad", "Solène Keller", "Marc Keller", "Bastien Lutz")
        by_telephone = stage.told("Yvonne Schaeffer", phone="03 88 00 00 27")
        on_behalf.register(soon.id, by_telephone, actor_id=stage.person(COORDINATOR).id)
        stage.sign_up(discovery, "Perrine Adam", "Amandine Roth", "Julien Kopp")
        stage.sign_up(nearly_full, "Charlotte Munsch", "Sylvie Anstett", "Géraldine Ostertag")
        same_as_known = Told(
            first_name="Béatrice",
            last_name="Le Moyne",
            email="b.lemoyne@example.org",
            profession_slug="medecin-generaliste",
            civility="Mme",
        )
        services.sign_up(later.id, same_as_known)
        services.leave(stage.registration(later, "Maëlle Kerjean").id)  # one date of her season declined


class _Circles(_Programme):
    """Circles: one to close, one under its minimum, a full one, one cancelled, and somebody who is no member."""

    slug = "cercle-de-paroles"
    animator = CIRCLES_ANIMATOR

    def play(self) -> None:
        """Play every session."""
        self._held()
        self._to_close()
        few = self.prepare(today() + timedelta(days=2))
        full = self.prepare(_in_days(8), capacity=6)
        ordinary = self.prepare(_in_days(22))
        cancelled = self.prepare(_in_days(36))
        last = self.prepare(_in_days(50))
        self.stage.announce(few, full, ordinary, cancelled, last)
        self.stage.sign_up(few, PARTICIPANT, "Rachid Belkadi")
        self._fill(full)
        self.stage.sign_up(ordinary, "Nadia Ferhat", "Fatou Diallo", "Yann Le Goff", "Perrine Adam")
        self.stage.sign_up(cancelled, "Marion Zeller", "Luc Hirtz", "Aurélie Nguyen")
        coordinator = self.stage.person(COORDINATOR)
        sessions.cancel(cancelled.id, "la salle est en travaux ce soir-là", actor_id=coordinator.id)

    def _held(self) -> None:
        day = _in_days(-36)
        if _is_free(day):
            held = self.past(day, PARTICIPANT, "Nadia Ferhat", "Rachid Belkadi", "Élodie Bœglin", "Julie Schaffner")
            self.stage.take_attendance(held, excused=["Julie Schaffner"])

    def _to_close(self) -> None:
        day = today() - timedelta(days=1)
        if _is_free(day):
            names = ("Nadia Ferhat", "Marion Zeller", "Fatou Diallo", "Thomas Wendling", "Inès Roméro")
            to_close = self.past(day, *names)
            to_close.status, to_close.closed_at = SessionStatus.OPEN.value, None

    def _fill(self, full: GroupSession) -> None:
        """Nine people for six seats; one gives hers back, and it is offered to the first who waits."""
        seated = ("Élodie Bœglin", "Julie Schaffner", "Kévin Muller-Roth", "Étienne Grosjean", "Camille Noël")
        self.stage.sign_up(full, *seated, "Julien Kopp")
        self.stage.sign_up(full, PARTICIPANT, "Sophie Kauffmann", "Anne-Laure Pfister")
        services.leave(self.stage.registration(full, "Camille Noël").id)
