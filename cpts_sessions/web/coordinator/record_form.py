"""A person's record, as the coordination types it."""

from typing import Any

from wtforms import BooleanField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Length

from cpts_sessions.people.import_rules import has_right_key
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.coordinator.person_form import CIVILITIES, ProfessionField, email_field
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.typing_rules import dialled, rpps_number

WRONG_KEY = "La clé du numéro RPPS ne tombe pas juste. Gardé tel quel, à vérifier."


class RecordForm(Form):
    """Everything a record says."""

    prenom = StringField(
        "Prénom", filters=[typed.one_line], validators=[DataRequired("Indiquez le prénom."), Length(max=80)]
    )
    nom = StringField("Nom", filters=[typed.one_line], validators=[DataRequired("Indiquez le nom."), Length(max=80)])
    civilite = OptionalRadioField("Civilité", choices=CIVILITIES)
    profession = ProfessionField("Profession", validators=[InputRequired("Choisissez la profession dans la liste.")])
    email = email_field("Sans adresse, aucun message ne part.")
    telephone = TelField(
        "Téléphone",
        filters=[typed.one_line],
        description="Pour prévenir si une séance est annulée le jour même ; effacé 7 jours après la dernière séance.",
        validators=[dialled],
    )
    rpps = StringField(
        "Numéro RPPS",
        filters=[lambda value: "".join((value or "").split())],
        description="11 chiffres.",
        validators=[rpps_number],
    )
    membre = BooleanField("Membre de la CPTS")

    @property
    def warning(self) -> str:
        """What to look at once it is saved; empty when nothing."""
        return WRONG_KEY if self.rpps.data and not has_right_key(self.rpps.data) else ""

    def told(self) -> Told:
        """The person as typed."""
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data or None,
            profession_slug=self.profession.data or None,
            civility=self.civilite.data or None,
            phone=self.telephone.data or None,
        )


def values_of(person: Person) -> dict[str, Any]:
    """What the fields show of a record."""
    return {
        "prenom": person.first_name,
        "nom": person.last_name,
        "civilite": person.civility or "",
        "profession": person.profession_slug or "",
        "email": person.email or "",
        "telephone": person.phone or "",
        "rpps": person.rpps or "",
        "membre": person.is_member,
    }
