"""What may be written in the report of a year; pure."""

from unicodedata import category

from cpts_sessions.core import french
from cpts_sessions.core.errors import RuleBroken

LONGEST_TEXT = 10_000  # characters of one page
LONGEST_REASON = 200  # characters
LARGEST_AMOUNT = 1_000_000  # euros


def cleaned(typed: str) -> str:
    """Return a text as it is kept: line ends alike, nothing invisible, no space around it."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or category(sign) not in ("Cc", "Cs")).strip()


def check_text(text: str) -> None:
    """Refuse a text too long for a page of the report.

    Raises:
        RuleBroken: it is.
    """
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(
            f"Votre texte fait {french.number(len(text))} caractères ; une page en garde "
            f"{french.number(LONGEST_TEXT)} au plus. Rien n’est perdu : raccourcissez-le, puis enregistrez."
        )


def reason(typed: str) -> str:
    """Return why a report is unfrozen, on one line.

    Raises:
        RuleBroken: it is too long.
    """
    told = " ".join(cleaned(typed).split())
    if len(told) > LONGEST_REASON:
        raise RuleBroken(f"Ce motif fait {len(told)} caractères : {LONGEST_REASON} au plus. Rien n’est défigé.")
    return told


def check_not_frozen(year: int, is_frozen: bool) -> None:
    """Refuse to change what a frozen report says.

    Raises:
        RuleBroken: it is frozen.
    """
    if is_frozen:
        raise RuleBroken(
            f"Le rapport {year} est figé : son texte ne change plus. Pour le reprendre, défigez-le d’abord."
        )


def check_version(mine: int, stored: int, author: str) -> None:
    """Refuse to write over what somebody else wrote meanwhile.

    Raises:
        RuleBroken: the text changed since it was read.
    """
    if mine != stored:
        raise RuleBroken(
            f"Pendant que vous écriviez, ce texte a changé (enregistré par {author}). Le vôtre est gardé ci-dessous, "
            "pas encore enregistré : comparez les deux, puis enregistrez."
        )


def check_amount(euros: int) -> None:
    """Refuse an amount that no action brings.

    Raises:
        RuleBroken: it is negative, or too large.
    """
    if not 0 <= euros <= LARGEST_AMOUNT:
        raise RuleBroken(f"Écrivez un montant de 0 à {french.number(LARGEST_AMOUNT)} €.")
