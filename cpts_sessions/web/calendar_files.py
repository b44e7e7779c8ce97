"""The file that puts a seat into any agenda, answered before sessions and sign-ins are touched.

Everybody opens her mail at the same hour, and agendas ask again by themselves. Each file is kept half a minute at
most, under the number that grows with every change of a session or of a registration (see `web.public_pages`).
What is refused is explained by `public.registration`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.organisations import queries as organisations
from cpts_sessions.registrations.download import FILE_NAME, calendar_file
from cpts_sessions.registrations.personal import LinkOver
from cpts_sessions.web import headers
from cpts_sessions.web.public_pages import KEPT, PublicPages, Version

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_FILES = 500

_BEGINS = f"/{Purpose.REGISTRATION.value}/"
_ENDS = f"/{FILE_NAME}"
_OWN_HEADERS = [
    ("Content-Type", "text/calendar; charset=utf-8"),
    ("Content-Disposition", f'attachment; filename="{FILE_NAME}"'),
]


class _File(NamedTuple):
    version: Version
    made_at: datetime
    headers: list[tuple[str, str]]
    content: bytes


class CalendarFiles:
    """Stands before the application and gives the files of those who have a seat."""

    def __init__(self, app: Flask, inner: "WSGIApplication", pages: PublicPages) -> None:
        self._app = app
        self._inner = inner
        self._pages = pages
        self._files: dict[str, _File] = {}  # by token

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Give the file, or hand over."""
        path = environ.get("PATH_INFO", "")
        if not path.endswith(_ENDS) or not path.startswith(_BEGINS) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        file = self._file(environ.get("HTTP_HOST", ""), path[len(_BEGINS) : -len(_ENDS)])
        if file is None:
            return self._inner(environ, start_response)
        start_response("200 OK", list(file.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [file.content]

    def _file(self, host: str, token: str) -> _File | None:
        version = self._pages.version(host)
        if version is None:
            return None
        kept = self._files.get(token)
        if kept and kept.version[:2] == version[:2] and kept.made_at <= now() < kept.made_at + KEPT:
            return kept
        made = self._made(host, token, version)
        if made:
            if len(self._files) >= MOST_FILES:
                self._files.clear()
            self._files[token] = made
        return made

    def _made(self, host: str, token: str, version: Version) -> _File | None:
        try:
            with self._app.app_context():
                site = organisations.by_host(host)
                if site is None:
                    return None
                content = calendar_file(db.engine, self._app.config["MASTER_KEY"], site, token)
        except (LinkOver, SQLAlchemyError):
            return None  # the application says why
        if content is None:
            return None
        told = [*_OWN_HEADERS, *headers.of_personal_file(site), ("Content-Length", str(len(content)))]
        return _File(version, now(), told, content)
