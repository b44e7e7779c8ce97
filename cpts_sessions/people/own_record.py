"""What a person may correct of her own record; her name and her e-mail are the coordination's to change."""

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.import_rules import has_right_key
from cpts_sessions.people.models import Person

RPPS_DIGITS = 11


def correct(
    person_id: int, *, profession_slug: str | None, civility: str | None, rpps: str | None, phone: str | None
) -> str | None:
    """Write what she says of herself over her record; past registrations keep what was said then.

    Returns:
        A warning to show, when the RPPS number has a wrong key: it is kept as it was typed.
    """
    with transaction():
        person = db.session.get_one(Person, person_id)
        person.profession_slug = profession_slug
        person.civility = civility
        person.rpps = rpps
        person.phone = phone
        person.renew_identity()
    if rpps and not has_right_key(rpps):
        return "Ce numéro n’a pas la bonne clé de contrôle : relisez-le. Nous l’avons gardé tel quel."
    return None
