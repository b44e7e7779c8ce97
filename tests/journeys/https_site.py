"""A CPTS as it is installed for good: the real server, behind a proxy that ends TLS."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.installation.founding import found
from cpts_sessions.programmes.models import Programme
from tests.browser.live import LiveServer, live
from tests.factories import make_group_session
from tests.journeys.tls_terminator import TlsTerminator

COORDINATOR = "eva.martin@example.org"
_CODE = re.compile(r"\d{3}\W\d{3}(?!\d)")


@dataclass(frozen=True)
class HttpsSite:
    """The site as its visitors know it, and what only its server knows."""

    terminator: TlsTerminator
    server: LiveServer
    session_path: str  # of an open session, in two weeks

    @property
    def url(self) -> str:
        """What visitors type."""
        return self.terminator.url

    def link_to(self, address: str, path: str) -> str:
        """Return the link of the last message to this address that begins with this path."""
        found_links = re.findall(rf"{re.escape(self.url)}/{path}/[\w-]+", self.server.message_to(address))
        assert found_links, f"no link to /{path}/ for {address}"
        return str(found_links[0])

    def code_for(self, address: str) -> str:
        """Return the six digits of the last message to this address."""
        code = _CODE.search(self.server.message_to(address).partition("\n\n")[2])
        assert code, f"no code for {address}"
        return code.group()


@contextmanager
def https_site(folder: Path) -> Iterator[HttpsSite]:
    """Serve a CPTS with one coordinator and one open session, over https, until the block ends."""
    with (
        TlsTerminator() as terminator,
        live("sqlite", folder, TRUSTED_PROXIES="1", PUBLIC_URL=terminator.url) as server,
    ):
        terminator.upstream_port = int(server.environment["PORT"])
        with server.app.app_context():
            founded = found("CPTS du Val d’Ambre", COORDINATOR, coordinator="Eva Martin")
            statement = select(Programme).where(
                Programme.organisation_id == founded.organisation.id, Programme.slug == "gapp"
            )
            in_two_weeks = (now() + timedelta(days=14)).replace(minute=0, second=0, microsecond=0)
            session = make_group_session(db.session.execute(statement).scalar_one(), starts_at=in_two_weeks)
            path = f"/seances/{session.public_id}"
        yield HttpsSite(terminator, server, path)
