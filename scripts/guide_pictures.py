"""The pictures of the guides: which page, seen by whom, how large, and what is done on it first.

Nothing on them may change from one run to the next: no port, no folder of the machine.

`scripts/screenshots.py` takes them; each is shown by one guide of docs/guide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page
from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires.models import QuestionnaireLink

SCREEN = (1100, 720)
TALL = (1100, 900)
LONG = (1100, 1180)
PHONE = (390, 760)

#: Whose page it is, in the words of the band of the demonstration.
COORDINATION = "Coordination"
ANIMATION = "Animation"
PARTICIPANT = "Participante"


@dataclass(frozen=True)
class Picture:
    """One picture of a guide."""

    name: str  # of the file, without its ending
    path: str | Callable[[], str]  # a function is called in the application, to find what the address names
    who: str | None = COORDINATION  # None: a visitor
    size: tuple[int, int] = SCREEN
    act: Callable[[Page], object] | None = None  # what leads to what is shown
    with_band: bool = False  # of the demonstration, above the page


def _session(day: datetime, programme: str) -> str:
    """Return the page of the session of a programme that begins on this day."""
    rows = select(GroupSession).join(Programme).where(Programme.slug == programme).order_by(GroupSession.starts_at)
    found = next(one for one in db.session.scalars(rows) if one.starts_at.date() == day.date())
    return f"/coordination/seances/{found.public_id}"


def _full() -> str:
    """Return a session with people who wait."""
    return _session(datetime(2026, 11, 10, tzinfo=UTC), "cercle-de-paroles")


def _to_move() -> str:
    """Return where a session is moved."""
    return f"{_session(datetime(2026, 11, 24, tzinfo=UTC), 'gapp')}/modifier"


def _sheet() -> str:
    """Return where the sheet of a session that is to be closed is ticked."""
    return f"{_session(datetime(2026, 11, 1, tzinfo=UTC), 'cercle-de-paroles')}/presences/papier"


def _sign_up() -> str:
    """Return where one signs up to a session that has places left."""
    return _session(datetime(2026, 11, 10, tzinfo=UTC), "gapp").removeprefix("/coordination") + "/inscription"


def _questionnaire() -> str:
    """Return a personal link to a questionnaire."""
    link = db.session.scalars(select(QuestionnaireLink).order_by(QuestionnaireLink.id)).first()
    assert link
    return f"/questionnaire/{links.token(Purpose.QUESTIONNAIRE, link.public_id)}"


def _list_dates(page: Page) -> None:
    """Give the dates of a series as a list, one of them a holiday, and go on to the page that checks them."""
    page.get_by_role("radio", name="Une liste").check()
    page.get_by_label("Liste de dates").fill("mardi 16 mars 2027\n13/04/2027\n01/05/2027\n2027-06-08")
    page.get_by_label("Début", exact=True).fill("19:30")
    page.get_by_role("button", name="Voir les dates").click()


def _move(page: Page) -> None:
    """Give the session another day, and go on to the page that says who will be told."""
    page.get_by_label("Jour", exact=True).fill("2026-11-26")
    page.get_by_role("button", name="Enregistrer").click()


def _type_letters(page: Page) -> None:
    """Look for a name of the sheet by its first letters."""
    page.get_by_label("Premières lettres du nom").press_sequentially("we")


def _follow(name: str) -> Callable[[Page], object]:
    """Return the act of following the first link of this name, in the body of the page."""
    return lambda page: page.locator("main").get_by_role("link", name=name).first.click()


def _press(name: str) -> Callable[[Page], object]:
    """Return the act of pressing the first button of this name, in the body of the page."""
    return lambda page: page.locator("main").get_by_role("button", name=name).first.click()


PICTURES = (
    # coordination.md
    Picture("premiers-pas", "/coordination/premiers-pas", size=TALL),
    Picture("bureau", "/coordination/", size=TALL),
    Picture("serie", "/coordination/seances/serie", act=_list_dates),
    Picture("sondage", "/coordination/sondages", act=_follow("GAPP")),
    Picture("faire-connaitre", "/coordination/faire-connaitre", size=TALL),
    Picture("seance", _full, size=LONG),
    Picture("deplacer", _to_move, act=_move),
    Picture("papier", _sheet, act=_type_letters),
    Picture("questionnaires", "/coordination/questionnaires", size=TALL),
    Picture("compter", "/coordination/compter?annee=2025", size=TALL),
    Picture("rapport", "/coordination/rapport/2025", size=TALL),
    Picture("rapport-page", "/coordination/rapport/2025/action-30", size=TALL),
    Picture("doublon", "/coordination/doublons", act=_follow("Comparer"), size=TALL),
    # animation.md
    Picture("mes-seances", "/animation/", who=ANIMATION, size=PHONE),
    Picture("soiree", "/animation/", who=ANIMATION, size=PHONE, act=_press("Relever les présences")),
    # participation.md
    Picture("agenda", "/", who=None, size=PHONE),
    Picture("inscription", _sign_up, who=None, size=PHONE),
    Picture("ma-page", "/ma-page", who=PARTICIPANT, size=PHONE),
    Picture("questionnaire", _questionnaire, who=None, size=PHONE),
    # administration.md
    Picture("acces", "/admin/"),
)
