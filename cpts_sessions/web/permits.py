"""A request is worked on once it has wholly arrived: a slow sender costs a waiting thread, never the site.

The server gives each request a thread as soon as its head is there; the body then comes at the pace of the
sender's network. Here it is read first, and only whole requests take one of the few places at work.
"""

import tempfile
from collections.abc import Iterable
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_WORK: Final = 4  # requests worked on at a time; more only fight for the same core and the same lock
LARGEST_BODY: Final = 12 * 1024 * 1024  # as MAX_CONTENT_LENGTH: beyond it the application refuses without reading
_IN_MEMORY: Final = 256 * 1024
_PIECE: Final = 64 * 1024


class Permits:
    """Stands before everything else."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner
        self._places = BoundedSemaphore(AT_WORK)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Read the body, then wait for a place."""
        length = _length(environ)
        if not 0 < length <= LARGEST_BODY:
            with self._places:
                return self._inner(environ, start_response)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            _copy(environ["wsgi.input"], body, length)
            body.seek(0)
            environ["wsgi.input"] = body
            with self._places:
                return self._inner(environ, start_response)


def _length(environ: "WSGIEnvironment") -> int:
    told = environ.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdecimal() and len(told) < 12 else 0


def _copy(sent: IO[bytes], kept: IO[bytes], length: int) -> None:
    left = length
    while left > 0 and (piece := sent.read(min(left, _PIECE))):
        kept.write(piece)
        left -= len(piece)
