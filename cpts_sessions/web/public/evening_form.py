"""Somebody who came unannounced, as whoever animates types her: without JavaScript, and to draw the form."""

from collections.abc import Sequence

from wtforms import EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from cpts_sessions.people.queries import OfferedProfession
from cpts_sessions.people.services import Told
from cpts_sessions.web.forms import Form
from cpts_sessions.web.typing_rules import mailbox, one_line


class WalkInForm(Form):
    """A name and a profession; her e-mail may be empty. Behind a link that is the authority: no other token."""

    class Meta(Form.Meta):
        """The token of the link is in the address."""

        csrf = False

    prenom = StringField("Prénom", filters=[one_line], validators=[DataRequired("Indiquez le prénom."), Length(max=80)])
    nom = StringField("Nom", filters=[one_line], validators=[DataRequired("Indiquez le nom."), Length(max=80)])
    profession = SelectField(
        "Profession",
        validators=[DataRequired("La profession est nécessaire : c’est elle que compte le rapport.")],
    )
    email = EmailField(
        "Adresse e-mail",
        filters=[one_line],
        validators=[
            Optional(),
            Length(max=254),
            mailbox(),
        ],
    )

    def offer(self, professions: Sequence[OfferedProfession]) -> None:
        """Say among which professions."""
        self.profession.choices = [SelectChoice("", "Choisir"), *(SelectChoice(*one) for one in professions)]

    def told(self) -> Told:
        """The person as typed."""
        return Told(
            first_name=self.prenom.data or "",
            last_name=self.nom.data or "",
            email=self.email.data or None,
            profession_slug=self.profession.data,
        )
