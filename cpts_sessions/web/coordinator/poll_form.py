"""The forms of a poll: what is proposed to whom, and which slots are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hours, weekday_day
from cpts_sessions.polls.models import PollSlot
from cpts_sessions.polls.queries import Circle
from cpts_sessions.polls.services import PollPlan
from cpts_sessions.polls.slots import typed_slots
from cpts_sessions.programmes.models import Programme
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.coordinator.session_form import AnimatedBy
from cpts_sessions.web.forms import Form

CIRCLES = {
    Circle.FOLLOWERS: "Qui suit toute la saison",
    Circle.CAME: "Qui est déjà venu, ou s’est inscrit une fois",
    Circle.WAITS: "Qui a demandé à connaître les prochaines dates",
    Circle.MEMBERS: "Tous les membres de la CPTS",
}
_HOUR = "Indiquez l’heure, par exemple 20:00."


class NewPollForm(Form):
    """Slots, until when one answers, and whom to ask."""

    dispositif = SelectField("Dispositif")
    liste = TextAreaField(
        "Créneaux à proposer",
        filters=[typed.several_lines],
        validators=[InputRequired("Proposez au moins un créneau."), Length(max=5000)],
        description="Un par ligne : 16/03/2027. Une autre heure que ci-dessous : mardi 16 mars 2027 à 10 h.",
    )
    debut = TimeField("Début", validators=[InputRequired(_HOUR)])
    fin = TimeField("Fin", validators=[Optional()], description="Vide : la durée du dispositif.")
    jusqu_au = DateField("Réponses jusqu’au", validators=[InputRequired("Indiquez le jour, par exemple 16/03/2027.")])
    heure_limite = TimeField("À quelle heure", validators=[InputRequired(_HOUR)])
    qui = SelectMultipleField(
        "À qui le proposer",
        choices=typed.choices((circle.value, words) for circle, words in CIRCLES.items()),
        validators=[InputRequired("Dites à qui proposer ces créneaux.")],
        description="Chaque personne reçoit un seul message, pour elle seule.",
    )

    def plan(self) -> PollPlan:
        """The poll as typed.

        Raises:
            RuleBroken: a line of the list is not a slot, or the end precedes the start.
        """
        return PollPlan(
            slots=typed_slots(self.liste.data, self.debut.data, self._length()),
            deadline_at=typed.instant(self.jusqu_au.data, self.heure_limite.data),
            circles=[Circle(value) for value in self.qui.data],
        )

    def _length(self) -> timedelta | None:
        if not self.fin.data:
            return None
        length = datetime.combine(today(), self.fin.data) - datetime.combine(today(), self.debut.data)
        if length <= timedelta():
            raise RuleBroken("La fin précède le début.")
        return length


class ChooseForm(AnimatedBy):
    """The slots that become sessions, and for how many."""

    creneaux = SelectMultipleField("Créneaux à retenir", validators=[InputRequired("Choisissez au moins un créneau.")])
    places = IntegerField("Places à chaque séance", validators=[InputRequired("Écrivez un nombre.")])

    def propose(self, slots: Sequence[PollSlot]) -> None:
        """Say among which slots."""
        self.creneaux.choices = typed.choices((str(slot.id), words(slot)) for slot in slots)

    def slot_ids(self) -> list[int]:
        """The ids of those that were ticked."""
        return [int(value) for value in self.creneaux.data]


def words(slot: PollSlot) -> str:
    """« mardi 16 mars 2027, de 20 h à 22 h »."""
    return f"{weekday_day(slot.starts_at)}, {hours(slot.starts_at, slot.ends_at)}"


def offered(form: NewPollForm, programmes: Sequence[Programme]) -> Programme | None:
    """The programme that was chosen, among these."""
    return next((one for one in programmes if str(one.public_id) == form.dispositif.data), None)
