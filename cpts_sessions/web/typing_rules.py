"""The shapes of what people type, the same in every form."""

import re
import unicodedata
from typing import Any

from wtforms import ValidationError
from wtforms.validators import Email

from cpts_sessions.people.own_record import RPPS_DIGITS

_PHONE = re.compile(r"\+?[\d\s.()/-]+")
_PHONE_DIGITS = range(10, 16)


def one_line(value: str | None) -> str | None:
    """What was typed on one line, single spaces, without characters that nobody can see."""
    if value is None:
        return None
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def readable_lines(value: str | None) -> str:
    """What was typed on several lines, their ends made alike, without characters that nobody can see."""
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in lines
    ).strip()


def mailbox(sentence: str = "Cette adresse ne semble pas complète. Exemple : prenom.nom@exemple.fr") -> Email:
    """Return the check of an address that messages can be sent to: no DNS is asked, no accent stands before the @."""
    return Email(sentence, allow_smtputf8=False)


def dialled(form: Any, field: Any) -> None:
    """Refuse a number that nobody could dial; an empty field is right.

    Raises:
        ValidationError: it has too few or too many digits, or letters.
    """
    digits = sum(sign.isdigit() for sign in field.data or "")
    if field.data and not (_PHONE.fullmatch(field.data) and digits in _PHONE_DIGITS):
        raise ValidationError("Ce numéro ne semble pas complet. Corrigez-le ou laissez le champ vide.")


def rpps_number(form: Any, field: Any) -> None:
    """Refuse what cannot be an RPPS number; an empty field is right.

    Raises:
        ValidationError: it has not 11 digits.
    """
    digits = sum(sign.isdigit() for sign in field.data or "")
    if field.data and (digits != RPPS_DIGITS or not (field.data.isascii() and field.data.isdecimal())):
        raise ValidationError(
            f"Un numéro RPPS compte 11 chiffres : vous en avez saisi {digits}. Corrigez-le ou laissez le champ vide."
        )
