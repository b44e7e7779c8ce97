"""Static files with their content in their name, held in memory and compressed once, when the application starts.

A browser may keep such a file for ever: a change gives it another name. Under 300 kB in all.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath, splitext
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import NOT_ALLOWED_RESPONSE, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = Path(__file__).parents[1] / "static"
PREFIX = "/static/"

_COMPRESSED = {".css", ".svg", ".js", ".txt", ".md"}
_HASHED_NAME = r"\.[0-9a-f]{10}\.[a-z0-9]+$"
# what a module imports beside it: import … from "./x.js", import "./x.js", import("./x.js")
_IMPORTED = re.compile(r"(?P<before>\b(?:from|import)\s*\(?\s*)(?P<quote>[\"'])(?P<path>\.{1,2}/[^\"']+\.js)(?P=quote)")
# what a stylesheet says to its authors, and how it is laid out: never sent; a licence, which begins with /*!, is
_FOR_AUTHORS = re.compile(r"/\*(?!!).*?\*/|(?<=[{};,])\s*\n\s*", re.DOTALL)
# what a stylesheet points to, but data: URIs and fragments
_REFERENCE = re.compile(r"url\(\s*(?P<quote>[\"']?)(?!data:|#|/)(?P<path>[^\"')#]+)(?P<rest>#[^\"')]*)?(?P=quote)\s*\)")


class Assets:
    """Every file of a directory, by its own name and by the hashed one it is served under."""

    def __init__(self, root: Path = STATIC) -> None:
        self.root = root
        self.bodies: dict[str, bytes] = {}  # by own name, references rewritten
        self.urls: dict[str, str] = {}  # own name -> URL
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            self._add(path.relative_to(root).as_posix(), ())

    def url(self, name: str) -> str:
        """The URL of a static file, as `/static/css/app.3f2a1c0b9d.css`.

        Raises:
            LookupError: there is no such file.
        """
        if name not in self.urls:
            raise LookupError(f"no static file is called {name}")
        return self.urls[name]

    def _add(self, name: str, parents: tuple[str, ...]) -> str:
        """Read a file, those it refers to first, since their names are part of its content."""
        if name in self.urls:
            return self.urls[name]
        if name in parents:
            raise ValueError(f"{name} refers to itself through {', '.join(parents)}")
        body = (self.root / name).read_bytes()
        stem, suffix = splitext(name)
        if suffix == ".css":

            def hashed(reference: re.Match[str]) -> str:
                return f'url("{self._beside(name, reference["path"], parents)}{reference["rest"] or ""}")'

            body = _REFERENCE.sub(hashed, _FOR_AUTHORS.sub("", body.decode())).encode()
        elif suffix == ".js":

            def imported(reference: re.Match[str]) -> str:
                return f'{reference["before"]}"{self._beside(name, reference["path"], parents)}"'

            body = _IMPORTED.sub(imported, body.decode()).encode()
        self.bodies[name] = body
        self.urls[name] = f"{PREFIX}{stem}.{hashlib.sha256(body).hexdigest()[:10]}{suffix}"
        return self.urls[name]

    def _beside(self, name: str, path: str, parents: tuple[str, ...]) -> str:
        """The URL of a file that another one names by a relative path."""
        return self._add(normpath(join(name, "..", path)), (*parents, name))


class MemoryFile:
    """One static file as WhiteNoise answers with it: plain or gzip, 304 when it is known already."""

    def __init__(self, body: bytes, headers: Mapping[str, str], *, compress: bool) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        self.etag = etag
        base = {**headers, "ETag": etag, **({"Vary": "Accept-Encoding"} if compress else {})}
        self.not_modified = Response(HTTPStatus.NOT_MODIFIED, list(base.items()), None)
        self.plain = (body, [*base.items(), ("Content-Length", str(len(body)))])
        self.smaller = self.plain
        if compress:
            packed = gzip_once(body)
            self.smaller = (
                packed,
                [*base.items(), ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))],
            )

    def get_response(self, method: str, environ: "WSGIEnvironment") -> Response:
        """The answer to one request; ranges are not served, the files being small."""
        if method not in ("GET", "HEAD"):
            return NOT_ALLOWED_RESPONSE
        if environ.get("HTTP_IF_NONE_MATCH") == self.etag:
            return self.not_modified
        body, headers = self.smaller if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else self.plain
        return Response(HTTPStatus.OK, headers, BytesIO(body) if method == "GET" else None)


class StaticFiles(WhiteNoise):
    """WhiteNoise over files held in memory, each under its hashed name, for ever."""

    def __init__(self, application: "WSGIApplication", assets: Assets) -> None:
        super().__init__(
            application, immutable_file_test=_HASHED_NAME, allow_all_origins=False, mimetypes={".svg": "image/svg+xml"}
        )
        for name, url in assets.urls.items():
            headers = Headers([("X-Content-Type-Options", "nosniff")])
            self.add_mime_headers(headers, name, url)
            self.add_cache_headers(headers, name, url)
            compress = splitext(name)[1] in _COMPRESSED
            self.files[url] = MemoryFile(assets.bodies[name], dict(headers.items()), compress=compress)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve a static file, or hand over to the application."""
        answer: Any = super().__call__(environ, start_response)
        return answer  # type: ignore[no-any-return]


def gzip_once(body: bytes) -> bytes:
    """The bytes compressed as well as gzip can: for what is compressed once and sent many times. Reproducible."""
    return gzip.compress(body, compresslevel=9, mtime=0)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a browser that sent this Accept-Encoding reads gzip (RFC 9110, 12.5.3: `q=0` refuses it)."""
    for coding in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        if name == "gzip":
            return not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
    return False
