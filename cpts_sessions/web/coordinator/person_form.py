"""Somebody who telephones: a person the CPTS knows, or a new one whose e-mail may be empty."""

from collections.abc import Sequence

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import OfferedProfession
from cpts_sessions.people.services import Told
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.typing_rules import dialled, mailbox

CIVILITIES = typed.choices((("Mme", "Mme"), ("M.", "M."), ("", "Non dite")))
_ONE, _SEASON = "une", "toutes"


class ProfessionField(SelectField):
    """A profession of the nomenclature, or none."""

    def offer(self, professions: Sequence[OfferedProfession], empty: str = "Choisir") -> None:
        """Say among which."""
        self.choices = typed.choices([("", empty), *((one.slug, one.label) for one in professions)])


def email_field(description: str = "") -> EmailField:
    """Return the field of an address that may be empty."""
    validators = [Optional(), Length(max=254), mailbox()]
    return EmailField("Adresse e-mail", filters=[typed.one_line], validators=validators, description=description)


class ForSomebodyForm(Form):
    """What is common to known and new persons: for which dates, and the charter."""

    dates = RadioField(
        "Pour quelles dates ?",
        choices=typed.choices(((_ONE, "Cette séance"), (_SEASON, "Toutes les séances de la saison"))),
        default=_ONE,
    )
    telephone = TelField(
        "Téléphone",
        filters=[typed.one_line],
        validators=[Length(max=30), dialled],
        description="Pour prévenir si la séance est annulée le jour même ; effacé 7 jours après.",
    )
    charte = BooleanField(
        "La charte lui a été lue, ou elle la recevra par e-mail",
        validators=[InputRequired("Cochez la case : la charte protège tout le groupe.")],
    )

    @property
    def is_for_the_season(self) -> bool:
        """Whether every date of the season is asked for."""
        return bool(self.dates.data == _SEASON)

    def told_of(self, person: Person) -> Told:
        """A known person as her record says, with the telephone just given."""
        return Told.of(person, self.telephone.data or None)


class NewPersonForm(ForSomebodyForm):
    """Somebody the CPTS does not know yet."""

    prenom = StringField(
        "Prénom", filters=[typed.one_line], validators=[DataRequired("Indiquez le prénom."), Length(max=80)]
    )
    nom = StringField("Nom", filters=[typed.one_line], validators=[DataRequired("Indiquez le nom."), Length(max=80)])
    email = email_field("Sans adresse, aucun message ne part : dites-lui de vive voix la date, l’heure et le lieu.")
    profession = ProfessionField("Profession", validators=[InputRequired("Choisissez la profession dans la liste.")])
    civilite = OptionalRadioField("Civilité", choices=CIVILITIES)

    def told(self) -> Told:
        """The person as typed."""
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data or None,
            profession_slug=self.profession.data,
            civility=self.civilite.data or None,
            phone=self.telephone.data or None,
        )
