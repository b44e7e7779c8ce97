"""Signing in and out, giving and taking roles."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select

from cpts_sessions.accounts import limits, messages, queries, rules, succession
from cpts_sessions.accounts.models import OpenSignIn, Role, RoleName, SignInLink
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import identity_key, typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, find_or_add

LONGEST_SIGN_IN = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Asker:
    """The browser that asks: a secret it keeps, and one for each time it asked."""

    browser: str
    ask: str


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """A link made on the server, to be handed to its person."""

    person: Person
    url: str
    minutes: int


def ask_sign_in(organisation_id: int, email: str, asker: Asker) -> None:
    """Mail a link to every person of this address: one message each.

    Says nothing to the caller, whether the address is known or not, nor when it asked too often
    (beyond the limit nothing is written). Staff may enter only in the browser that asked, by the
    link or by its code; a professional's link opens in any browser.
    """
    with transaction():
        if not limits.allow("sign-in", organisation_id, email):
            return
        for person in people.by_email(organisation_id, email):
            messages.way_in(person, _make_link(person, browser_hash=links.digest(asker.browser)))


def links_for(organisation: Organisation, email: str) -> list[WayIn]:
    """Make one link for each person of this address, for any browser: whoever asks is already on the server.

    Raises:
        RuleBroken: nobody has this address.
    """
    with transaction():
        persons = people.by_email(organisation.id, email)
        if not persons:
            raise RuleBroken(typo(f"Personne n’a l’adresse {email} à la {organisation.name}."))
        return [_way_in(organisation, person) for person in persons]


def open_by_token(organisation_id: int, token: str, browser: str | None, device: str) -> str:
    """Enter by a link, which has then served.

    Returns:
        The secret that this browser keeps from now on.

    Raises:
        RuleBroken: the link is over (`LinkOver`), or is of another browser.
    """
    browser_hash = links.digest(browser) if browser else None
    with transaction():
        found = queries.link_by_token(organisation_id, token)
        if found is not None:
            db.session.refresh(found, with_for_update=True)  # two clicks: one enters
        link = rules.check_usable(found, browser_hash, now())
        return _enter(link, device)


def open_by_code(organisation_id: int, given: str, asker: Asker, device: str) -> str:
    """Enter by the six digits, in the browser that asked for them; five tries.

    The answer to a wrong code is the same whether a code was sent or not.

    Returns:
        The secret that this browser keeps from now on.

    Raises:
        RuleBroken: the code is wrong, or was tried too often.
    """
    digits = "".join(figure for figure in given if figure.isdigit())
    with transaction():
        tries = limits.count("code", organisation_id, asker.ask)
        waiting = queries.links_of_browser(organisation_id, links.digest(asker.browser), now())
        for link in waiting if tries < rules.CODE_TRIES else ():
            expected = "".join(figure for figure in links.code(link.public_id) if figure.isdigit())
            if hmac.compare_digest(expected.encode(), digits.encode()):
                return _enter(link, device)
        for link in waiting:
            link.tries_left -= 1
        limits.allow("code", organisation_id, asker.ask, most=rules.CODE_TRIES)
        left = rules.CODE_TRIES - limits.count("code", organisation_id, asker.ask)
    raise RuleBroken(rules.wrong_code(left))


def enter_demonstration(organisation: Organisation, role: RoleName | None, device: str) -> str:
    """Enter as an invented person: the first who has this role, or a participant when None.

    Raises:
        RuleBroken: the organisation is a real one, or has nobody of that role.
    """
    with transaction():
        person = queries.invented_person(organisation.id, role) if organisation.is_demonstration else None
        if person is None:
            raise RuleBroken("Il n’y a personne à qui prêter cette place.")
        return _sign_in(person, device)


def close_sign_in(organisation_id: int, token: str) -> None:
    """Sign this browser out."""
    with transaction():
        statement = delete(OpenSignIn).where(
            OpenSignIn.organisation_id == organisation_id, OpenSignIn.token_hash == links.digest(token)
        )
        db.session.execute(statement)


def close_one(person_id: int, open_id: int) -> None:
    """Sign one browser of a person out; another's is left alone."""
    with transaction():
        db.session.execute(delete(OpenSignIn).where(OpenSignIn.id == open_id, OpenSignIn.person_id == person_id))


def close_all_of(person_id: int) -> None:
    """Sign a person out everywhere, and let no link already sent bring her back."""
    with transaction():
        db.session.execute(delete(OpenSignIn).where(OpenSignIn.person_id == person_id))
        db.session.execute(delete(SignInLink).where(SignInLink.person_id == person_id))


def close_for(person: Person, *, actor: Person) -> None:
    """Sign somebody else out everywhere: a telephone was lost."""
    with transaction():
        close_all_of(person.id)
        audit.record(person.organisation_id, "sign_ins_closed", actor_id=actor.id, person_id=person.id)


def forget_old() -> None:
    """Remove links that are over, sign-ins older than a year, and hits that no longer count."""
    with transaction():
        db.session.execute(delete(SignInLink).where(SignInLink.expires_at <= now()))
        db.session.execute(delete(OpenSignIn).where(OpenSignIn.created_at <= now() - LONGEST_SIGN_IN))
        limits.forget_old()


def grant(
    organisation: Organisation,
    email: str,
    role: RoleName,
    *,
    name: str | None = None,
    programme_id: int | None = None,
    actor: Person | None = None,
) -> Person:
    """Give a role to the person of this address, adding her if she is unknown, and tell her by mail.

    Giving it twice changes nothing and writes nothing.

    Args:
        name: « Prénom Nom »; needed when nobody has this address, or several persons share it.
        actor: who gives it; None on the server.

    Raises:
        RuleBroken: `name` is needed.
    """
    with transaction():
        person = _person_named(organisation.id, email, name)
        if give(person, role, programme_id=programme_id):
            actor_id = actor.id if actor else None
            audit.record(organisation.id, "role_granted", actor_id=actor_id, person_id=person.id, role=role.value)
            messages.role_granted(organisation, person, role, actor)
        return person


def give(person: Person, role: RoleName, *, programme_id: int | None = None) -> bool:
    """Give a role without a word: for who is told otherwise, an animator to whom a session is given.

    Returns:
        Whether she did not have it already.
    """
    with transaction():
        known = select(Role).where(
            Role.person_id == person.id, Role.name == role.value, Role.programme_id.is_not_distinct_from(programme_id)
        )
        found = db.session.execute(known.limit(1)).scalar_one_or_none()
        if found is not None:
            found.ends_at = None  # given again: it does not end any more
            return False
        given = Role(organisation_id=person.organisation_id, person_id=person.id, name=role.value)
        given.programme_id = programme_id
        db.session.add(given)
        return True


def revoke(person: Person, role: RoleName, *, actor: Person | None = None) -> None:
    """Take a role back at once: whoever had it is signed out everywhere, and told by mail.

    Raises:
        RuleBroken: nobody else who came in administers, or coordinates, the CPTS.
    """
    with transaction():
        queries.lock_staff(person.organisation_id)
        succession.check_somebody_stays(person, role)
        held = Role.person_id == person.id, Role.name == role.value, Role.organisation_id == person.organisation_id
        taken = db.session.execute(delete(Role).where(*held).returning(Role.id)).all()
        if not taken:
            return
        close_all_of(person.id)
        actor_id = actor.id if actor else None
        audit.record(person.organisation_id, "role_revoked", actor_id=actor_id, person_id=person.id, role=role.value)
        messages.role_revoked(db.session.get_one(Organisation, person.organisation_id), person, role, actor)


def _make_link(person: Person, *, browser_hash: bytes | None) -> SignInLink:
    is_staff = queries.is_staff(person)
    public_id = uuid4()
    link = SignInLink(
        public_id=public_id,
        organisation_id=person.organisation_id,
        person_id=person.id,
        token_hash=links.digest_for(Purpose.SIGN_IN, public_id),
        is_staff=is_staff,
        browser_hash=browser_hash if is_staff else None,
        tries_left=rules.CODE_TRIES,
        expires_at=now() + rules.lifetime(is_staff=is_staff),
    )
    db.session.add(link)
    return link


def _way_in(organisation: Organisation, person: Person) -> WayIn:
    link = _make_link(person, browser_hash=None)
    audit.record(organisation.id, "login_link_made", person_id=person.id)
    minutes = int(rules.lifetime(is_staff=link.is_staff).total_seconds() // 60)
    return WayIn(
        person=person, url=links.url(organisation.public_url, Purpose.SIGN_IN, link.public_id), minutes=minutes
    )


def _enter(link: SignInLink, device: str) -> str:
    link.used_at = now()
    return _sign_in(link.person, device)


def _sign_in(person: Person, device: str) -> str:
    token = secrets.token_urlsafe(32)
    succession.tell_who_waited(person)
    person.active_at = now()
    db.session.add(
        OpenSignIn(
            organisation_id=person.organisation_id,
            person_id=person.id,
            token_hash=links.digest(token),
            device=device,
        )
    )
    return token


def _person_named(organisation_id: int, email: str, name: str | None) -> Person:
    sharing = people.by_email(organisation_id, email)
    if name is None:
        if len(sharing) == 1:
            return sharing[0]
        if sharing:
            raise RuleBroken(typo("Plusieurs personnes partagent cette adresse : précisez « Prénom Nom »."))
        raise RuleBroken(typo("Personne n’a encore cette adresse : précisez « Prénom Nom »."))
    same = [person for person in sharing if identity_key(person.first_name + person.last_name) == identity_key(name)]
    if same:
        return same[0]
    first_name, _, last_name = name.strip().partition(" ")
    if not last_name.strip():
        raise RuleBroken(typo("Indiquez le prénom et le nom, séparés par une espace."))
    told = Told(first_name=first_name, last_name=last_name, email=email, profession_slug=None)
    return find_or_add(organisation_id, told)[0]
