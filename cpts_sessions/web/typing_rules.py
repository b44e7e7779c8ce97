"""The shapes of what people type, the same in every form."""

import re

_PHONE = re.compile(r"\+?[\d\s.()/-]+")


def one_line(value: str | None) -> str | None:
    """What was typed on one line, single spaces, without characters that nobody can see."""
    if value is None:
        return None
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def phone_fault(value: str | None) -> str | None:
    """Return what is wrong with a telephone number; None when it can be dialled, or is left empty."""
    digits = sum(sign.isdigit() for sign in value or "")
    if not value or (_PHONE.fullmatch(value) and 10 <= digits <= 15):
        return None
    return "Ce numéro ne semble pas complet. Corrigez-le ou laissez le champ vide."
