"""Pages that are the same for everyone, kept ready: answered before sessions, sign-ins or the database are touched.

Each is made once, without the visitor's cookies, and kept as bytes under the number that grows with every
change of what visitors see (`core.public_version`). That number is looked up at most once a second. A page is
also made again after half a minute: sessions begin and sign-ups close without any row changing.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from cpts_sessions.core import public_version
from cpts_sessions.core.clock import now
from cpts_sessions.organisations import queries as organisations
from cpts_sessions.web.assets import accepts_gzip, gzip_once

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOKUP_SECONDS = 1.0
KEPT = timedelta(seconds=30)
MOST_PAGES = 500
MOST_HOSTS = 100

_SESSION_PATH = "/seances/"
_SESSION_PATH_LENGTH = len(_SESSION_PATH) + 36
_PERSONAL = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
_REPLACED = {"cache-control", "content-length", "etag", "vary"}

Key = tuple[int, str, str]
Headers = list[tuple[str, str]]


class Version(NamedTuple):
    """Whose pages a Host shows, and which ones; `until` is read on the monotonic clock."""

    organisation_id: int
    number: int
    until: float


class _Form(NamedTuple):
    """One encoding of a page: what is sent, and what is sent to who has it already."""

    etag: str
    headers: Headers
    not_modified: Headers
    body: bytes


class _Page(NamedTuple):
    number: int
    made_at: datetime
    plain: _Form
    packed: _Form


class PublicPages:
    """Stands before the application and answers the agenda and the pages of sessions from memory."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        self._app = app
        self._inner = inner
        self._versions: dict[str, Version] = {}
        self._pages: OrderedDict[Key, _Page] = OrderedDict()
        self._lock = Lock()
        self.lookup_seconds = LOOKUP_SECONDS

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory when the page is one of ours, else hand over."""
        path = environ.get("PATH_INFO", "")
        is_ours = path == "/" or (len(path) == _SESSION_PATH_LENGTH and path.startswith(_SESSION_PATH))
        if not is_ours or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        version = self.version(environ.get("HTTP_HOST", ""))
        if version is None:
            return self._inner(environ, start_response)
        key = (version.organisation_id, path, environ.get("QUERY_STRING", ""))
        page = self._kept(key, version.number)
        if page is None:
            status, headers, body = self._make(environ)
            if not status.startswith("200") or _is_personal(headers):
                start_response(status, headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
            page = self._keep(key, version.number, headers, body)
        return _answer(page, environ, start_response)

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._pages.clear()
            self._versions.clear()

    def version(self, host: str) -> Version | None:
        """Return whose pages a Host shows, and their number; None when it is nobody's, or without database."""
        known = self._versions.get(host)
        if known and time.monotonic() < known.until:
            return known
        try:
            with self._app.app_context():
                site = organisations.by_host(host)
                if site is None:
                    return None
                number = public_version.current(site.id)
        except SQLAlchemyError:
            return None  # the application says that it rests
        if len(self._versions) >= MOST_HOSTS:
            self._versions.clear()
        version = Version(site.id, number, time.monotonic() + self.lookup_seconds)
        self._versions[host] = version
        return version

    def _kept(self, key: Key, number: int) -> _Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.number != number:
                return None
            self._pages.move_to_end(key)
        return page if page.made_at <= now() < page.made_at + KEPT else None

    def _make(self, environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
        """Have the application make the page for nobody in particular."""
        asked = {name: value for name, value in environ.items() if name not in _PERSONAL}
        asked["REQUEST_METHOD"] = "GET"
        told: list[Any] = []

        def note(status: str, headers: Headers, *_failure: object) -> Any:
            told[:] = [status, headers]
            return None

        chunks = self._inner(asked, note)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        return told[0], told[1], body

    def _keep(self, key: Key, number: int, headers: Headers, body: bytes) -> _Page:
        mark = hashlib.sha256(body).hexdigest()[:20]
        base = [(name, value) for name, value in headers if name.lower() not in _REPLACED]
        base += [("Cache-Control", "public, max-age=0, must-revalidate"), ("Vary", "Accept-Encoding")]
        packed = [*base, ("Content-Encoding", "gzip")]
        page = _Page(number, now(), _form(f'"{mark}"', base, body), _form(f'"{mark}-gz"', packed, gzip_once(body)))
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return page


def _is_personal(headers: Headers) -> bool:
    """Whether a page was made for one visitor: then it is nobody else's."""
    names = {name.lower(): value for name, value in headers}
    return "set-cookie" in names or "no-store" in names.get("cache-control", "")


def _form(etag: str, headers: Headers, body: bytes) -> _Form:
    told = [*headers, ("ETag", etag)]
    silent = [(name, value) for name, value in told if not name.lower().startswith("content-")]
    return _Form(etag, [*told, ("Content-Length", str(len(body)))], silent, body)


def _answer(page: _Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    form = page.packed if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else page.plain
    if _has_it(environ.get("HTTP_IF_NONE_MATCH", ""), form.etag):
        start_response("304 NOT MODIFIED", list(form.not_modified))
        return []
    start_response("200 OK", list(form.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]


def _has_it(if_none_match: str, etag: str) -> bool:
    """Whether a browser has this page already (RFC 9110, 13.1.2: weak comparison)."""
    if not if_none_match:
        return False
    return any(known.strip().removeprefix("W/") in (etag, "*") for known in if_none_match.split(","))
