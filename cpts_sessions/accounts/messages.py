"""What is written to those who enter, and to those who receive a role."""

from datetime import date, datetime

from cpts_sessions.accounts.models import RoleName, SignInLink
from cpts_sessions.accounts.rules import RIGHTS, SPACE, last_day_of
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.french import day, typo
from cpts_sessions.core.links import Purpose
from cpts_sessions.mail.outbox import About
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person


def way_in(person: Person, link: SignInLink) -> None:
    """Send a person her sign-in link; staff also get the six digits. Never listed on a screen."""
    write_to(
        person,
        "connexion_equipe" if link.is_staff else "connexion",
        {},
        links={
            "lien_connexion": (Purpose.SIGN_IN, link.public_id),
            "code": (Purpose.SIGN_IN_CODE, link.public_id),
        },
        about=About(useless_after=link.expires_at),
        is_sign_in=True,
    )


def role_granted(organisation: Organisation, person: Person, role: RoleName, actor: Person | None) -> None:
    """Tell a person what she may do now, and how to enter; on the server, the CPTS itself is the author."""
    values = {
        "espace": SPACE[role],
        "droits": typo(RIGHTS[role]),
        "auteur": actor.full_name if actor else typo(organisation.name),
        "lien_entree": f"{organisation.public_url}/connexion",
    }
    write_to(person, "role_accorde", values)


def role_revoked(organisation: Organisation, person: Person, role: RoleName, actor: Person | None) -> None:
    """Tell a person that an access is over; her own registrations stay."""
    values = {
        "espace": SPACE[role],
        "jour": day(today()),
        "auteur": actor.full_name if actor else typo(organisation.name),
    }
    write_to(person, "role_retire", values)


def access_over(person: Person, last_day: date) -> None:
    """Tell somebody that her access ended on the evening she had chosen; her own registrations stay."""
    write_to(person, "acces_termine", {"jour": day(last_day)})


def successor_came(person: Person, successor: Person, ends_at: datetime | None) -> None:
    """Tell somebody who hands over that her successor has come in, and until when she keeps her own access."""
    if ends_at is None:
        own = "Vous gardez le vôtre, sans limite : vous êtes deux."
    elif ends_at > now():
        own = f"Vous gardez le vôtre jusqu’au {day(last_day_of(ends_at))} au soir."
    else:
        own = f"Le vôtre l’attendait depuis le {day(last_day_of(ends_at))} : il prend fin maintenant."
    write_to(person, "passation_ouverte", {"successeur": successor.full_name, "votre_acces": typo(own)})
