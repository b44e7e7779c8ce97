"""What the coordination copies into its newsletter: the next dates, written as they are today."""

from dataclasses import dataclass
from datetime import timedelta

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.french import typo
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.registrations import agenda
from cpts_sessions.registrations.agenda import Announced

MOST_DATES = 6

#: Of the starting points: what one does there, after how long it lasts; and what goes with the link.
_OF_SLUG = {
    "gapp": (
        "entre professionnels de santé de métiers différents pour reprendre une situation qui résiste, avec une "
        "méthode et sans jugement",
        "sans compte",
    ),
    "cercle-de-paroles": (
        "pour souffler et se parler entre soignants, en confiance, sans compte rendu",
        "sous un titre neutre dans vos messages et votre agenda",
    ),
}
_ANY = ("entre professionnels de santé, en petit groupe", "sans compte")
_HOURS = {60: "Une heure", 90: "Une heure et demie", 120: "Deux heures", 150: "Deux heures et demie"}
_TOGETHER = (
    "La {cpts} propose deux temps aux professionnels de santé : les GAPP, pour réfléchir à plusieurs sur une situation "
    "de travail, et les cercles de paroles, pour déposer ce qui pèse. Petits groupes, participation gratuite, "
    "confidentialité tenue. Toutes les dates : {url}"
)


@dataclass(frozen=True)
class Paragraph:
    """A title and its text, ready to be pasted."""

    title: str
    text: str


def paragraphs(organisation: Organisation) -> list[Paragraph]:
    """Return one paragraph for each programme that has dates, after the one that presents them together."""
    programmes = programmes_of(organisation.id)
    told = [_of_programme(organisation, one) for one in programmes]
    written = [one for one in told if one]
    if {"gapp", "cercle-de-paroles"} <= {one.slug for one in programmes}:
        together = _TOGETHER.format(cpts=organisation.name, url=f"{organisation.public_url}/")
        written.insert(0, Paragraph(typo("Prendre du recul, ou prendre un peu d’air"), typo(together)))
    return written


def _of_programme(organisation: Organisation, programme: Programme) -> Paragraph | None:
    sessions = agenda.next_open(organisation.id, MOST_DATES, programme)
    if not sessions:
        return None
    what, how = _OF_SLUG.get(programme.slug, _ANY)
    lasts = _lasts(sessions[0])
    where = french.listing(sorted({wording.public_place(one) for one in sessions} - {""}), " ; ")
    dates = french.listing([_date(one) for one in sessions])
    url = f"{organisation.public_url}/?dispositif={programme.public_id}"
    announced = "Prochaines séances" if len(sessions) > 1 else "Prochaine séance"
    if programme.goes_together and len(sessions) > 1:
        announced = "Des dates qui vont ensemble"
    text = (
        f"{lasts} {what}. {announced} : {dates}"
        f"{', ' if where else ''}{where}. {_places(sessions)}. Inscription en trente secondes, {how} : {url}"
    )
    return Paragraph(typo(f"{programme.name} : les prochaines dates"), typo(text))


def _lasts(one: GroupSession) -> str:
    return _HOURS.get(one.duration // timedelta(minutes=1), french.duration(one.duration))


def _date(one: GroupSession) -> str:
    start = local(one.starts_at)
    return f"{french.short_day(start)} à {french.hour(start)}"


def _places(sessions: list[GroupSession]) -> str:
    seen = [agenda.announced(one.organisation_id, one.public_id) for one in sessions]
    known: list[Announced] = [one for one in seen if one]
    if any(one.free > 0 for one in known):
        return "Des places sont libres"
    return "Complet, liste d’attente ouverte"
