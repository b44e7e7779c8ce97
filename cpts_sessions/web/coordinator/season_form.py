"""The filters of the sessions, to choose from; what is chosen goes into the address."""

from collections.abc import Sequence

from wtforms import Form as PlainForm
from wtforms import SearchField, SelectField

from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import Programme
from cpts_sessions.web.coordinator import typed


class SeasonForm(PlainForm):
    """Which sessions to show; it changes nothing, hence no token."""

    q = SearchField("Contient")
    annee = SelectField("Année")
    dispositif = SelectField("Dispositif")
    animation = SelectField("Animation")
    lieu = SelectField("Lieu")

    def offer(
        self,
        programmes: Sequence[Programme],
        animators: Sequence[Person],
        places: dict[str, tuple[str, ...]],
        years: Sequence[int],
    ) -> None:
        """Offer what the organisation has."""
        self.annee.choices = typed.choices([*((str(year), str(year)) for year in years), ("toutes", "Toutes")])
        named = ((str(one.public_id), one.name) for one in programmes)
        self.dispositif.choices = typed.choices([("", "Tous"), *named])
        self.animation.choices = [*typed.choices([("", "Toutes")]), *typed.person_choices(animators)]
        self.lieu.choices = typed.choices([("", "Tous"), *((key, names[0]) for key, names in places.items())])
