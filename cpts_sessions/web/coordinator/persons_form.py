"""The filters of the directory, to choose from; what is chosen goes into the address."""

from collections.abc import Sequence

from wtforms import Form as PlainForm
from wtforms import SearchField, SelectField

from cpts_sessions.people.search import Among
from cpts_sessions.web.coordinator import typed

AMONG = {
    Among.EVERYBODY: "Tout le monde",
    Among.MEMBERS: "Membres",
    Among.OTHERS: "Non-membres",
    Among.WITHOUT_EMAIL: "Sans e-mail",
}
#: Since how many months nobody saw them; 0: never.
PRESENCES = {
    "0": "Aucune présence encore",
    "6": "Aucune présence depuis 6 mois",
    "12": "Aucune présence depuis 1 an",
    "24": "Aucune présence depuis 2 ans",
}


class PersonsForm(PlainForm):
    """Whom to show; it changes nothing, hence no token."""

    q = SearchField("Chercher une personne", description="Nom, prénom, adresse, profession ou téléphone.")
    profession = SelectField("Profession")
    parmi = SelectField("Parmi", choices=typed.choices((one.value, words) for one, words in AMONG.items()))
    dispositif = SelectField("Participe à")
    saison = SelectField("Saison")
    presence = SelectField("Présence", choices=typed.choices([("", "Toutes"), *PRESENCES.items()]))

    def offer(self, labels: dict[str, str], names: dict[str, str], years: Sequence[int]) -> None:
        """Offer what the organisation has."""
        known = sorted(labels.items(), key=lambda pair: pair[1])
        self.profession.choices = typed.choices([("", "Toutes"), *known])
        self.dispositif.choices = typed.choices([("", "Tous dispositifs"), *names.items()])
        self.saison.choices = typed.choices([("", "Toutes"), *((str(year), str(year)) for year in years)])
