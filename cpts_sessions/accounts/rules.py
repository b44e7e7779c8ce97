"""How long a way in lasts, and what each role opens."""

from datetime import date, datetime, time, timedelta

from cpts_sessions.accounts.models import RoleName, SignInLink
from cpts_sessions.accounts.refusals import LinkOver
from cpts_sessions.core.clock import at as instant_of
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo

LONGEST_HANDOVER = timedelta(days=366)
STAFF_LINK = timedelta(minutes=15)
LINK = timedelta(minutes=60)
CODE_TRIES = 5

EXPIRED = "Ce lien a déjà servi, ou son délai est passé. Demandez-en un autre, c’est immédiat."
OTHER_BROWSER = (
    "Ce lien ne sert que dans le navigateur où vous l’avez demandé. "
    "Saisissez là-bas le code du message, ou demandez un nouveau lien ici."
)
CODE_SPENT = "Trop d’essais : ce code n’est plus valable. Demandez un nouveau lien."

SPACE = {
    RoleName.ANIMATOR: "animation",
    RoleName.COORDINATOR: "coordination",
    RoleName.ADMINISTRATOR: "administration",
}
RIGHTS = {
    RoleName.ANIMATOR: "Vous y voyez vos séances, qui vient (nom et profession), et vous y relevez les présences.",
    RoleName.COORDINATOR: "Vous y préparez la saison, suivez les inscriptions et rédigez le rapport d’activité.",
    RoleName.ADMINISTRATOR: "Vous y réglez l’application, les accès et les sauvegardes.",
}


def lifetime(*, is_staff: bool) -> timedelta:
    """Return how long a sign-in link may be used."""
    return STAFF_LINK if is_staff else LINK


def is_live(link: SignInLink, at: datetime) -> bool:
    """Tell whether a link still opens something; it serves once."""
    return link.used_at is None and at < link.expires_at


def check_usable(link: SignInLink | None, browser_hash: bytes | None, at: datetime) -> SignInLink:
    """Return the link if this browser may enter by it now.

    Raises:
        LinkOver: it is unknown, used or too old.
        RuleBroken: it belongs to the browser in which it was asked for.
    """
    if link is None or not is_live(link, at):
        raise LinkOver(EXPIRED)
    if link.browser_hash is not None and link.browser_hash != browser_hash:
        raise RuleBroken(OTHER_BROWSER)
    return link


def wrong_code(left: int) -> str:
    """Return what is said after a wrong code, `left` tries remaining."""
    if left <= 0:
        return CODE_SPENT
    return f"Ce code n’est pas le bon. Il vous reste {left} {'essai' if left == 1 else 'essais'}."


def check_others_administer(others: int) -> None:
    """Check that a CPTS keeps somebody who administers it.

    Raises:
        RuleBroken: nobody else does, or nobody who came in.
    """
    if not others:
        raise RuleBroken(
            "Personne d’autre n’administre la CPTS : donnez d’abord cet accès à quelqu’un. "
            "Il compte à partir du jour où on l’ouvre."
        )


def check_others_coordinate(coordinators: int, administrators: int, *, administers: bool) -> None:
    """Check that a CPTS keeps somebody who coordinates it, and somebody who administers it, when one of them leaves.

    Args:
        coordinators: how many others coordinate or administer.
        administrators: how many others administer.
        administers: whether the one who leaves does.

    Raises:
        RuleBroken: nobody else does.
    """
    if not coordinators:
        raise RuleBroken(
            "Personne d’autre ne coordonne la CPTS : elle ne peut pas rester sans coordination. "
            "Un accès donné compte à partir du jour où on l’ouvre."
        )
    if administers:
        check_others_administer(administrators)


def end_of(last_day: date, moment: datetime) -> datetime:
    """Return the instant at which an access ends that is kept until the evening of a day.

    Raises:
        RuleBroken: the day is past, or too far away to be remembered.
    """
    today = local(moment).date()
    if not today <= last_day <= today + LONGEST_HANDOVER:
        raise RuleBroken(typo("Choisissez un jour entre aujourd’hui et dans un an."))
    return instant_of(last_day + timedelta(days=1), time())


def last_day_of(ends_at: datetime) -> date:
    """Return the last day on which an access that ends at an instant still opens something."""
    return local(ends_at - timedelta(seconds=1)).date()
