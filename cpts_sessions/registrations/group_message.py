"""A message of the coordination to everybody of a session, or of a season: one private copy each."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cpts_sessions.core import audit, french
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.outbox import About
from cpts_sessions.mail.rendering import MASKED_LINK, Rendered, render
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.models import Status

KIND: Final = "message_groupe"
TWICE_WITHIN: Final = timedelta(minutes=10)
_TWICE = "Ce même message vient de partir aux mêmes personnes. Rien n’est envoyé une seconde fois."
_NOBODY = "Personne n’a d’adresse e-mail parmi ces personnes : rien n’est envoyé."
_HELD = (Status.CONFIRMED, Status.WALK_IN)
_WAIT = (Status.OFFERED, Status.WAITING)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the coordination writes; the subject is imposed where the programme is confidential."""

    subject: str
    text: str
    to_those_who_wait: bool


@dataclass(frozen=True)
class Copy:
    """One copy: to whom, and what its personal link opens."""

    person: Person
    link: tuple[Purpose, UUID]
    about: About


@dataclass(frozen=True)
class Group:
    """To whom a letter goes; `to_call` have no e-mail. `values` say what it is about, in French.

    Exactly one of `group_session` and `season` is given.
    """

    programme: Programme
    copies: list[Copy]
    to_call: list[Person]
    values: dict[str, str]
    group_session: GroupSession | None = None
    season: int | None = None

    def subject(self, letter: Letter) -> str:
        """Return the subject that leaves: neutral where the programme is confidential, whatever was typed."""
        return self.imposed_subject or letter.subject

    @property
    def imposed_subject(self) -> str:
        """The neutral subject of a confidential programme; empty where the coordination chooses."""
        if not self.programme.is_confidential:
            return ""
        if self.group_session is None:
            return french.typo(f"{wording.NEUTRAL_NAME} : un message de la coordination")
        return f"{wording.NEUTRAL_TITLE}, {french.short_day(local(self.group_session.starts_at))}"


def of_session(group_session: GroupSession, *, with_waiting: bool) -> Group:
    """Return those who have a seat in a session, or came, in the order they asked; with those who wait if wanted."""
    wanted = (*_HELD, *_WAIT) if with_waiting else _HELD
    rows = [one for one in queries.live(group_session.id) if one.status in wanted and not one.person.erased_at]
    copies = [
        Copy(
            one.person,
            (Purpose.REGISTRATION, one.public_id),
            About(registration_id=one.id, group_session_id=group_session.id),
        )
        for one in rows
    ]
    values = {**wording.session_values(group_session), "pourquoi": "vous avez une inscription à cette séance"}
    return _group(group_session.programme, copies, values, group_session=group_session)


def of_season(programme: Programme, season: int, *, with_waiting: bool) -> Group:
    """Return those who follow a season of a programme; with those whose request waits for a yes if wanted."""
    rows = queries.standing_enrolments(programme.id, season)
    if with_waiting:
        rows += queries.standing_enrolments(programme.id, season, pending=True)
    copies = [Copy(one.person, (Purpose.ENROLMENT, one.public_id), About()) for one in rows if not one.person.erased_at]
    values = {
        **wording.programme_values(programme),
        "titre": programme.name,
        "quand": f"toutes les séances de {season}",
        "lieu": "",
        "pourquoi": "vous avez demandé à suivre toutes les séances",
    }
    return _group(programme, copies, values, season=season)


def _group(
    programme: Programme,
    copies: list[Copy],
    values: dict[str, str],
    *,
    group_session: GroupSession | None = None,
    season: int | None = None,
) -> Group:
    by_mail = [one for one in copies if one.person.email]
    to_call = [one.person for one in copies if not one.person.email]
    return Group(programme, by_mail, to_call, values, group_session, season)


def preview(group: Group, letter: Letter, *, author: Person) -> tuple[Person, Rendered] | None:
    """Return the first person to whom a letter goes, and her copy as she will read it, its personal link masked.

    None when it goes to nobody.
    """
    if not group.copies:
        return None
    person = group.copies[0].person
    values = {**_values(group, letter, author), "prenom": person.first_name, "lien_inscription": MASKED_LINK}
    return person, render(KIND, values, frame_of(group.programme.organisation_id), masked=True)


def send(group: Group, letter: Letter, *, author: Person) -> int:
    """Write one private copy to each; the journal keeps how many, and nothing of what was said.

    Returns:
        How many copies leave.

    Raises:
        RuleBroken: nobody has an e-mail; the same letter left to the same people less than ten minutes ago.
    """
    with transaction():
        group = _afresh(group, letter)
        if not group.copies:
            raise RuleBroken(_NOBODY)
        print_ = _fingerprint(group, letter)
        if _left_already(group, print_):
            raise RuleBroken(_TWICE)
        values = _values(group, letter, author)
        for copy in group.copies:
            write_to(copy.person, KIND, values, links={"lien_inscription": copy.link}, about=copy.about)
        audit.record(
            group.programme.organisation_id,
            "message_groupe" if group.group_session else "message_saison",
            actor_id=author.id,
            group_session_id=group.group_session.id if group.group_session else None,
            dispositif=group.programme.id,
            annee=group.season,
            n=len(group.copies),
            empreinte=print_,
        )
        return len(group.copies)


def _afresh(group: Group, letter: Letter) -> Group:
    """Lock what the letter is about, so that a button pressed twice is seen; return who is of it now."""
    if group.group_session is not None:
        group_session = queries.lock_group_session(group.group_session.id)
        return of_session(group_session, with_waiting=letter.to_those_who_wait)
    assert group.season is not None
    programme = queries.lock_programme(group.programme.id)
    return of_season(programme, group.season, with_waiting=letter.to_those_who_wait)


def _values(group: Group, letter: Letter, author: Person) -> dict[str, str]:
    return {
        **group.values,
        "objet_libre": group.subject(letter),
        "message_libre": letter.text,
        "prenom_coordination": author.first_name,
    }


def _fingerprint(group: Group, letter: Letter) -> str:
    """Recognise the same letter to the same group; nothing of it can be read back."""
    about = f"{group.programme.id}/{group.season}/{letter.to_those_who_wait}"
    return hashlib.sha256("\0".join((about, group.subject(letter), letter.text)).encode()).hexdigest()


def _left_already(group: Group, print_: str) -> bool:
    statement = select(AuditEntry.values).where(
        AuditEntry.organisation_id == group.programme.organisation_id,
        AuditEntry.kind.in_(("message_groupe", "message_saison")),
        AuditEntry.at > now() - TWICE_WITHIN,
        AuditEntry.group_session_id == (group.group_session.id if group.group_session else None),
    )
    return any(values.get("empreinte") == print_ for values in db.session.execute(statement).scalars())
