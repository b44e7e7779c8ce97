"""The sign-up form: shapes only. Whether a seat is left is decided under the lock."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TelField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from cpts_sessions.core.clock import local
from cpts_sessions.core.french import short_day
from cpts_sessions.people.queries import OfferedProfession
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.typing_rules import dialled, mailbox, one_line

NAME_LENGTH = 80
EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3
_ONE, _SEASON = "une", "toutes"
_CIVILITIES = {"mme": "Mme", "madame": "Mme", "m": "M.", "m.": "M.", "monsieur": "M."}
_NO_EMAIL = (
    "Indiquez votre adresse e-mail : sans elle, nous ne pouvons pas vous confirmer la place. "
    "Vous n’en avez pas ? Appelez la coordination."
)
_BAD_EMAIL = "Cette adresse ne semble pas complète. Exemple : prenom.nom@exemple.fr"
_NO_PROFESSION = (
    "Choisissez votre profession dans la liste. La vôtre manque ? Prenez « autre professionnel » et dites-le-nous."
)
_NO_CHARTER = "La charte protège tout le groupe : cochez la case pour vous inscrire. Vos réponses sont gardées."
_TOO_LONG = f"{NAME_LENGTH} caractères au plus."


def _civility(value: str | None) -> str | None:
    return None if value is None else _CIVILITIES.get(value.strip().lower(), "")


class SignUpForm(Form):
    """Ask for a seat in one session, or in every session of its season."""

    prenom = StringField(
        "Prénom",
        filters=[one_line],
        validators=[DataRequired("Indiquez votre prénom."), Length(max=NAME_LENGTH, message=_TOO_LONG)],
    )
    nom = StringField(
        "Nom",
        filters=[one_line],
        validators=[DataRequired("Indiquez votre nom."), Length(max=NAME_LENGTH, message=_TOO_LONG)],
    )
    email = EmailField(
        "Adresse e-mail",
        description=(
            "Pour la confirmation et l’invitation d’agenda. Une adresse partagée convient : "
            "chaque personne a ses propres messages."
        ),
        filters=[one_line],
        validators=[DataRequired(_NO_EMAIL), Length(max=EMAIL_LENGTH, message=_BAD_EMAIL), mailbox(_BAD_EMAIL)],
    )
    civilite = OptionalRadioField(
        "Civilité",
        description="Sert à accorder les attestations et le rapport, à rien d’autre.",
        choices=[
            SelectChoice("Mme", "Mme"),
            SelectChoice("M.", "M."),
            SelectChoice("", "Je préfère ne pas le dire"),
        ],
        filters=[_civility],
    )
    profession = SelectField(
        "Profession",
        description="Tapez les premières lettres. Elle est comptée sans votre nom dans le bilan annuel.",
        validate_choice=False,
        validators=[DataRequired(_NO_PROFESSION)],
    )
    telephone = TelField(
        "Téléphone",
        description=(
            "Pour vous prévenir si la séance est annulée le jour même. Seule la coordination le voit ; "
            "il est effacé 7 jours après la séance."
        ),
        filters=[one_line],
        validators=[dialled],
    )
    dates = RadioField("Pour quelles séances ?", default=_ONE, validate_choice=False)
    charte = BooleanField("J’ai lu la charte et je m’y engage", validators=[DataRequired(_NO_CHARTER)])

    offers_season = False
    goes_together = False

    @classmethod
    def about(
        cls, group_session: GroupSession, professions: Sequence[OfferedProfession], known: Mapping[str, str | None]
    ) -> Self:
        """Return the form of one session, already filled in with what is known of who is signed in."""
        form = cls(data={name: value for name, value in known.items() if value})
        form.profession.choices = [
            SelectChoice("", "Choisir"),
            *(SelectChoice(one.slug, one.label[:1].upper() + one.label[1:]) for one in professions),
        ]
        form.goes_together = group_session.goes_together
        form.offers_season = not (group_session.is_discovery or form.goes_together)
        form.dates.choices = [
            SelectChoice(_ONE, f"Celle du {short_day(local(group_session.starts_at))}"),
            SelectChoice(_SEASON, f"Toutes les séances de {group_session.season}, y compris celles qui s’ajouteront"),
        ]
        form.dates.description = "Chaque date pourra se refuser séparément. L’inscription s’arrête le 31 décembre."
        if form.dates.data not in (_ONE, _SEASON):
            form.dates.data = _ONE
        return form

    def validate_profession(self, field: Any) -> None:
        """Refuse what is not in the list.

        Raises:
            ValidationError: it was not offered.
        """
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(_NO_PROFESSION)

    @property
    def is_for_the_season(self) -> bool:
        """Whether she asks for every date, those that will be added included: always, when they go together."""
        return self.goes_together or (self.offers_season and self.dates.data == _SEASON)

    def told(self) -> Told:
        """What she says of herself."""
        return Told(
            first_name=self.prenom.data,
            last_name=self.nom.data,
            email=self.email.data.lower(),
            profession_slug=self.profession.data,
            civility=self.civilite.data or None,
            phone=self.telephone.data or None,
        )
