"""A person's data go; the counts of the past stay, without her name."""

from collections import defaultdict

from sqlalchemy import delete, or_, select, update

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.models import OpenSignIn, Role, SignInLink
from cpts_sessions.accounts.rules import check_others_administer
from cpts_sessions.attendance.models import Attendance, Attestation
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.mail import outbox
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import DistinctPair, Person
from cpts_sessions.polls.forgetting import forget_person
from cpts_sessions.programmes.models import GroupSession, SeasonAnimator, SessionAnimator, SessionStatus
from cpts_sessions.questionnaires.models import QuestionnaireLink, Word
from cpts_sessions.registrations.models import DateAlert, Enrolment, PersonalFeed, Registration
from cpts_sessions.registrations.queries import lock_group_sessions, season_bounds
from cpts_sessions.registrations.received import Letter
from cpts_sessions.registrations.waiting_list import serve
from cpts_sessions.rights import opaque


def erase(person_id: int, *, by_herself: bool, actor_id: int | None = None) -> None:
    """Forget a person: her seats to come are given back, her past seasons hang on nameless persons.

    What counts stays: professions, civilities, presences, one nameless person for each of her seasons. Names,
    addresses, telephones, messages, links, roles and sign-ins go. She is told once, at the address that then goes,
    when she asked for it (herself, or through the coordination: `actor_id`); then her attestations go too. When it
    is only time, they can be verified until theirs is over.

    Raises:
        RuleBroken: her data are erased already, or nobody else coordinates or administers the CPTS.
    """
    with transaction():
        person = db.session.get(Person, person_id)
        if person is None or person.erased_at:
            raise RuleBroken("Ces données sont déjà effacées.")
        _check_not_alone(person)
        address = person.email
        sessions = lock_group_sessions(_sessions_to_come(person))
        db.session.expire_all()
        _check_still_so(person_id, [one.id for one in sessions])
        _give_back(person, [one.id for one in sessions])
        _keep_the_counts(person)
        _forget(person)
        is_asked = by_herself or actor_id is not None
        _forget_attestations(person, is_asked=is_asked)
        if address and is_asked:
            _tell(person.organisation_id, address)
        audit.record(person.organisation_id, "effacement", actor_id=None if by_herself else actor_id)
        db.session.delete(person)
        db.session.flush()
        for group_session in sessions:
            serve(group_session)


def _check_not_alone(person: Person) -> None:
    """Refuse to leave a CPTS without anybody who coordinates it, or who administers it; nobody else leaves meanwhile.

    Raises:
        RuleBroken: nobody else does.
    """
    roles = accounts.roles_of(person)
    if not (roles.is_coordinator or roles.is_administrator):
        return
    accounts.lock_staff(person.organisation_id)
    coordinators, administrators = accounts.others_who_coordinate(person)
    if not coordinators:
        raise RuleBroken(
            "Personne d’autre ne coordonne la CPTS : donnez d’abord cet accès à quelqu’un, puis effacez ces données."
        )
    if roles.is_administrator:
        check_others_administer(administrators)


def _check_still_so(person_id: int, session_ids: list[int]) -> None:
    """Lock her record, now that her sessions are locked, and check that nothing changed meanwhile.

    Raises:
        RuleBroken: her data were erased or merged, or she was signed up, at this very moment.
    """
    person = people.lock(person_id)
    if person is None:
        raise RuleBroken("Ces données sont déjà effacées.")
    if _sessions_to_come(person) != session_ids:
        raise RuleBroken("Une inscription vient d’arriver à son nom. Rien n’est effacé : recommencez.")


def _sessions_to_come(person: Person) -> list[int]:
    statement = (
        select(Registration.group_session_id)
        .join(GroupSession)
        .where(Registration.person_id == person.id, GroupSession.starts_at > now())
    )
    return sorted(db.session.execute(statement).scalars())


def _give_back(person: Person, session_ids: list[int]) -> None:
    """Remove what she asked for and was given in sessions to come; nothing of it counts yet."""
    to_come = select(GroupSession.id).where(
        GroupSession.organisation_id == person.organisation_id, GroupSession.starts_at > now()
    )
    hers = select(Registration).where(
        Registration.person_id == person.id, Registration.group_session_id.in_(session_ids)
    )
    for registration in db.session.execute(hers).scalars():
        db.session.delete(registration)  # one by one: the pages everybody sees are then renewed
    db.session.flush()
    for model in (Attendance, SessionAnimator):
        db.session.execute(delete(model).where(model.person_id == person.id, model.group_session_id.in_(to_come)))
    for enrolment in db.session.execute(select(Enrolment).where(Enrolment.person_id == person.id)).scalars():
        if enrolment.season >= today().year:
            if _has_begun(enrolment):
                enrolment.left_at = enrolment.left_at or now()
            else:
                dates = update(Registration).where(Registration.enrolment_id == enrolment.id)
                db.session.execute(dates.values(enrolment_id=None))
                db.session.delete(enrolment)
    db.session.flush()
    db.session.expire_all()


def _has_begun(enrolment: Enrolment) -> bool:
    """Whether a date of this enrolment has passed: it counts among the inscrits of its year."""
    first, _ = season_bounds(enrolment.season)
    since = first if enrolment.imported_at else max(first, enrolment.created_at)
    statement = select(GroupSession.id).where(
        GroupSession.programme_id == enrolment.programme_id,
        GroupSession.status.in_((SessionStatus.OPEN, SessionStatus.HELD)),
        GroupSession.is_discovery.is_(False),
        GroupSession.starts_at >= since,
        GroupSession.starts_at <= now(),
    )
    return db.session.execute(statement.limit(1)).first() is not None


def _keep_the_counts(person: Person) -> None:
    """Hang each of her seasons on a nameless person that nothing leads to."""
    by_season: dict[int, list[opaque.Kept]] = defaultdict(list)
    for row, group_session in opaque.about_sessions(person.id):
        by_season[group_session.season].append(row)
    for enrolment in db.session.execute(select(Enrolment).where(Enrolment.person_id == person.id)).scalars():
        by_season[enrolment.season].append(enrolment)
    for season, rows in by_season.items():
        opaque.hang(rows, opaque.nameless(person, season))
        opaque.cut(person, season)


def _forget(person: Person) -> None:
    """Remove everything that is hers and counts nowhere; her messages, those that still wait included.

    A slot she may have filled stays sealed among the others: nothing leads to it any more. What she answered to
    polls stays counted.
    """
    forget_person(person.id)
    hers = (OutboxMessage, SignInLink, OpenSignIn, Role, SeasonAnimator, EveningLink, EveningNote)
    for model in (*hers, QuestionnaireLink, Word, PersonalFeed, DateAlert, Letter):
        db.session.execute(delete(model).where(model.person_id == person.id))
    pairs = or_(DistinctPair.lower_id == person.id, DistinctPair.higher_id == person.id)
    db.session.execute(delete(DistinctPair).where(pairs))


def _forget_attestations(person: Person, *, is_asked: bool) -> None:
    hers = Attestation.person_id == person.id
    if is_asked:
        db.session.execute(delete(Attestation).where(hers))
    else:
        db.session.execute(update(Attestation).where(hers).values(person_id=None, is_past_doubt=True))


def _tell(organisation_id: int, address: str) -> None:
    """Write the last message, to a bare address: no row names her any more."""
    organisation = db.session.get_one(Organisation, organisation_id)
    to = outbox.Addressee(
        organisation_id=organisation_id,
        person_id=None,
        address=address,
        name="",
        is_invented=organisation.is_demonstration,
    )
    kept_for = counted(organisation.backup_days, "jour", "jours")
    outbox.write(to, "effacement_fait", {"delai_sauvegardes": kept_for, "exception_emargement": ""})
