"""Somebody who came says so herself: by the name she gives, or by her own link, with a code of the room."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts import limits
from cpts_sessions.attendance import check_in
from cpts_sessions.attendance.models import Attendance, AttendanceStatus, Means
from cpts_sessions.attendance.rules import WORDS
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import name_key, typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.registrations.queries import lock_group_session

#: Wrong codes typed in an hour from one network, or for one registration. Four codes in a million are right: a
#: guesser has one chance in ten thousand an hour. Nobody else is locked out, and scanning is never limited.
NETWORK_TRIES: Final = 25
OWN_TRIES: Final = 10
_LIMITED: Final = "check-in"

CHANGED: Final = typo("Ce code a changé entre-temps. Scannez l’écran à nouveau.")
MISTYPED: Final = typo("Ce code n’est pas celui de l’écran, ou il a changé entre-temps. Saisissez celui qui s’affiche.")
TOO_MANY: Final = typo("Trop de codes erronés. Scannez l’écran, ou dites-le à la personne qui anime.")
_CAME: Final = (Status.CONFIRMED, Status.WALK_IN)


def session_on(organisation_id: int, digits: str, address: str) -> GroupSession:
    """Return the session, on at this instant in this organisation, whose six digits these are.

    Args:
        address: where they come from on the network; what is counted is a hash of it, forgotten the next night.

    Raises:
        RuleBroken: no session shows them, or too many wrong ones came from there.
    """
    network = _network(address)
    if limits.count(_LIMITED, organisation_id, network) >= NETWORK_TRIES:
        raise RuleBroken(TOO_MANY)
    found = [one for one in _on_now(organisation_id) if check_in.was_typed(one, digits)]
    if len(found) == 1:  # two with the same digits: neither, those of the next window will tell
        return found[0]
    with transaction():
        limits.allow(_LIMITED, organisation_id, network, NETWORK_TRIES)
    raise RuleBroken(MISTYPED)


def _on_now(organisation_id: int) -> list[GroupSession]:
    at = now()
    statement = select(GroupSession).where(
        GroupSession.organisation_id == organisation_id,
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.starts_at <= at + check_in.MARGIN,
        GroupSession.ends_at >= at - check_in.MARGIN,
    )
    return list(db.session.execute(statement).scalars())


def _network(address: str) -> str:
    """Return what one subscriber cannot change at will: an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip.exploded[:19])
    return str(ip)


def may_note(registration: Registration) -> bool:
    """Whether she may say now that she is there: the session is on, she holds a seat or was added on the spot."""
    return registration.status in _CAME and check_in.is_open(registration.group_session, now())


def is_noted(registration: Registration) -> bool:
    """Whether she is noted present."""
    statement = select(Attendance.status).where(
        Attendance.group_session_id == registration.group_session_id, Attendance.person_id == registration.person_id
    )
    return db.session.execute(statement).scalar_one_or_none() == AttendanceStatus.PRESENT


def note_named(group_session_id: int, proof: str, first_name: str, last_name: str) -> None:
    """Note present whoever has this name on the list; a name that is not there, or there twice, changes nothing.

    Says nothing of it to the caller: a visitor must not learn who comes.

    Raises:
        RuleBroken: the proof of having scanned is too old.
    """
    with transaction():
        group_session = _locked(group_session_id, proof)
        wanted = {_identity(first_name, last_name), _identity(last_name, first_name)} - {"|"}
        found = [one for one in _expected(group_session_id) if wanted & _identities(one)]
        if len(found) == 1:
            _write(group_session, found[0].person_id)


def note_own(registration: Registration, *, proof: str = "", digits: str = "") -> None:
    """Note present the owner of a registration, who shows that she is in the room.

    Args:
        proof: what having scanned left in her browser; else `digits`, those she typed.

    Raises:
        RuleBroken: neither is right, she typed too many wrong ones, or she holds no seat.
    """
    group_session = registration.group_session
    if not proof:
        _check_digits(registration, digits)
        proof = check_in.passage(group_session)
    with transaction():
        group_session = _locked(registration.group_session_id, proof)
        db.session.refresh(registration)
        if not may_note(registration):
            raise RuleBroken("Vous n’avez pas de place à cette séance. Dites-le à la personne qui anime.")
        _write(group_session, registration.person_id)


def _check_digits(registration: Registration, digits: str) -> None:
    asked = _LIMITED, registration.organisation_id, f"inscription {registration.public_id}"
    if limits.count(*asked) >= OWN_TRIES:
        raise RuleBroken(TOO_MANY)
    if not check_in.was_typed(registration.group_session, digits):
        with transaction():
            limits.allow(*asked, OWN_TRIES)
        raise RuleBroken(MISTYPED)


def _locked(group_session_id: int, proof: str) -> GroupSession:
    group_session = lock_group_session(group_session_id)
    if not check_in.is_passage(group_session, proof):
        raise RuleBroken(CHANGED)
    return group_session


def _expected(group_session_id: int) -> list[Registration]:
    statement = (
        select(Registration)
        .where(Registration.group_session_id == group_session_id, Registration.status.in_(_CAME))
        .options(joinedload(Registration.person))
    )
    return list(db.session.execute(statement).scalars())


def _identities(registration: Registration) -> set[str]:
    """As she wrote it then, and as her record says now."""
    person = registration.person
    return {
        _identity(registration.first_name, registration.last_name),
        _identity(person.first_name, person.last_name),
    }


def _identity(first_name: str, last_name: str) -> str:
    return f"{name_key(first_name)}|{name_key(last_name)}"


def _write(group_session: GroupSession, person_id: int) -> None:
    """Write "present" where nothing, or an absence, was noted; a presence stays as whoever noted it left it."""
    statement = select(Attendance).where(
        Attendance.group_session_id == group_session.id, Attendance.person_id == person_id
    )
    row = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        _add(group_session, person_id)
    elif row.status != AttendanceStatus.PRESENT:
        audit.record(
            group_session.organisation_id,
            "presence_corrigee",
            person_id=person_id,
            group_session_id=group_session.id,
            avant=WORDS[AttendanceStatus(row.status)],
            apres=WORDS[AttendanceStatus.PRESENT],
        )
        row.status, row.means, row.taken_at = AttendanceStatus.PRESENT.value, Means.QR.value, now()


def _add(group_session: GroupSession, person_id: int) -> None:
    row = Attendance(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=person_id,
        status=AttendanceStatus.PRESENT.value,
        means=Means.QR.value,
    )
    db.session.add(row)
    audit.record(
        group_session.organisation_id, "presence_par_code", person_id=person_id, group_session_id=group_session.id
    )
