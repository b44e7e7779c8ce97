"""The A4 poster: the next dates and a code to sign up with, of one programme or of all."""

from typing import Any
from urllib.parse import urlsplit

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.core.french import typo
from cpts_sessions.documents import pdf
from cpts_sessions.documents.qr import qr_svg
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations.agenda import next_open

MOST_DATES = 6
FILE_NAME = "affiche.pdf"  # the same for every programme: it tells nothing

_ALL = (
    "",
    "Il y a une place pour vous",
    "Un temps pour souffler et penser son métier, entre professionnels de santé. Sans compte, sans jugement, en toute "
    "confidentialité.",
)
_OVER = "Il y a une place pour vous"
#: What the poster of a starting point says: its heading and its sentence; another programme says its name.
_OF_SLUG = {
    "gapp": (
        "Et si on en parlait\nentre métiers ?",
        "Groupe d’analyse de pratique.\nUne situation, des regards croisés, aucune note, aucun jugement.",
    ),
    "cercle-de-paroles": (
        "Et vous, comment ça va ?",
        "Cercle de paroles entre soignants.\nOn parle, on écoute, on se tait si l’on veut.",
    ),
}
_ANY = "Un temps entre professionnels de santé, en petit groupe."


def poster(organisation: Organisation, programme: Programme | None = None) -> bytes:
    """Return the poster as a PDF of one page: six dates at most, those that still take sign-ups.

    Of a confidential programme it says the town, never the place; its title and its file stay neutral.
    """
    return pdf.compile("poster", poster_values(organisation, programme))


def poster_values(organisation: Organisation, programme: Programme | None = None) -> dict[str, Any]:
    """Return what the template of the poster prints."""
    sessions = next_open(organisation.id, MOST_DATES, programme)
    over, heading, lead = _words(programme)
    base = organisation.public_url
    address = short_address(organisation)
    return {
        "head": letterhead(organisation),
        "title": typo(f"Affiche de la {organisation.name}"),
        "over": typo(over),
        "heading": typo(heading),
        "lead": typo(lead),
        "columns": _columns(sessions, programme),
        "place": typo(_place(sessions)),
        "code": qr_svg(f"{base}/?dispositif={programme.public_id}" if programme else f"{base}/", quiet_modules=2),
        "address": address,
        "texts": _texts(organisation, address),
    }


def short_address(organisation: Organisation) -> str:
    """Return the address as one types it: no scheme, no slash."""
    parts = urlsplit(organisation.public_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _words(programme: Programme | None) -> tuple[str, str, str]:
    if programme is None:
        return _ALL
    heading, lead = _OF_SLUG.get(programme.slug, (programme.name, _ANY))
    return _OVER, heading, lead


def _texts(organisation: Organisation, address: str) -> dict[str, str]:
    told = {
        "terms": "Gratuit · petit groupe · confidentiel",
        "soon": "Les prochaines dates arrivent bientôt.",
        "call": "Je m’inscris en 30 secondes",
        "inside": "Entre professionnels de santé",
        "scan": "Visez ce code avec l’appareil photo de votre téléphone",
        "or": "ou ",
        "code_alt": f"Code QR vers la page d’inscription : {address}",
        "help": f"Besoin de parler, maintenant ? {organisation.help_line} ou {organisation.crisis_line}, 24 h/24.",
        "foot": f"{organisation.name} · {organisation.mail_address}",
    }
    return {key: typo(text) for key, text in told.items()}


def _columns(sessions: list[GroupSession], programme: Programme | None) -> list[dict[str, Any]]:
    """The dates, in two columns: one a programme when there are two of them, else one after the other."""
    if not sessions:
        return []
    by_programme: dict[int, list[GroupSession]] = {}
    for one in sessions:
        by_programme.setdefault(one.programme_id, []).append(one)
    if programme is None and len(by_programme) == 2:
        return [_column(dates, dates[0].programme.name) for dates in by_programme.values()]
    named = programme is None and len(by_programme) > 1
    half = (len(sessions) + 1) // 2
    return [_column(part, named=named) for part in (sessions[:half], sessions[half:]) if part]


def _column(dates: list[GroupSession], name: str = "", *, named: bool = False) -> dict[str, Any]:
    return {"name": typo(name), "dates": [_date(one, named=named) for one in dates]}


def _date(one: GroupSession, *, named: bool) -> dict[str, str]:
    start, end = local(one.starts_at), local(one.ends_at)
    hours = french.hours(start, end)
    return {
        "day": typo(french.short_day(start)),
        "about": typo(f"{one.programme.session_title}, {hours}" if named else hours),
        "note": "Séance de découverte, venez voir" if one.is_discovery else "",
    }


def _place(sessions: list[GroupSession]) -> str:
    """The place, when it is the same for all these dates."""
    places = {wording.public_place(one) for one in sessions}
    return places.pop() if len(places) == 1 else ""
