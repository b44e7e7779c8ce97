"""The report of 2025, with who writes it."""

from typing import Any

from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.reports import services
from cpts_sessions.reports.annual import reading
from cpts_sessions.reports.annual.contents import Page
from cpts_sessions.reports.services import Editing
from tests.factories import make_coordinator
from tests.reports.seasons import Season, season_2025


class Year:
    """The season of 2025, and the coordination that writes its report."""

    def __init__(self) -> None:
        self.season: Season = season_2025()
        self.id: int = self.season.organisation.id
        self.eva: Person = make_coordinator(self.season.organisation, last_name="Roux")

    def page(self, key: str = "30") -> Page:
        """A page as it stands."""
        page = reading.annual_report(self.id, 2025).page(key)
        assert page
        return page

    def text(self) -> tuple[str, str | None]:
        """The text of action 30, and who wrote it."""
        text = self.page().text
        return text.markdown, text.written_by

    def editing(self, version: int, **changes: Any) -> Editing:
        """Action 30, from this version of its text."""
        page = changes.pop("page", None) or reading.live(self.id, 2025).page("30")
        values = {"organisation_id": self.id, "year": 2025, "actor_id": self.eva.id, **changes}
        return Editing(page=page, version=version, **values)

    def write(self, text: str, version: int = 0, **changes: Any) -> bool:
        """Write the text of action 30."""
        return services.write_text(self.editing(version, **changes), text)

    def one_more(self, first_name: str = "Nouvelle") -> Person:
        """Somebody more in the circles of 2025: the counts move."""
        person = self.season.person(first_name, "psychologue")
        circles = GroupSession.programme.has(slug="cercle-de-paroles")
        held = db.session.query(GroupSession).filter(circles).order_by(GroupSession.starts_at).first()
        self.season.register(person, held)
        self.season.note(person, held)
        return person
