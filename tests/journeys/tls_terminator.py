"""A small https proxy before the real server, as a hosting company puts one: it ends TLS, and says so upstream."""

import http.client
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

#: Valid until 2120, for localhost; the file says that it is no secret.
CERTIFICATE = Path(__file__).parents[1] / "data" / "localhost-for-tests.pem"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_IDLE_SECONDS = 30


@dataclass(frozen=True)
class Answered:
    """One answer that went through."""

    method: str
    path: str
    status: int


class TlsTerminator:
    """https://localhost on a port of its own, forwarded to a server of loopback while the block lasts.

    Like a real one it sends `X-Forwarded-For`, `-Proto` and `-Host`, adding to what the visitor sent of the first
    and putting its own words in place of the others, and asks the server under the server's own name.
    """

    def __init__(self) -> None:
        self.answered: list[Answered] = []
        self._server = _Server(("127.0.0.1", 0), _Forward)
        self._server.terminator = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.upstream_port = 0
        self.port = int(self._server.server_address[1])
        self.url = f"https://localhost:{self.port}"

    def __enter__(self) -> "TlsTerminator":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def refused(self) -> list[Answered]:
        """What was answered by an error."""
        return [one for one in self.answered if one.status >= 400]


class _Server(ThreadingHTTPServer):
    """Takes the TLS of each connection in the thread of this connection."""

    terminator: TlsTerminator
    daemon_threads = True  # nobody waits for connections that a browser keeps open

    def __init__(self, *given: Any) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)
        super().__init__(*given)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(_IDLE_SECONDS)
        try:
            with self._tls.wrap_socket(request, server_side=True) as tls:
                super().finish_request(tls, client_address)
        except OSError:
            pass  # a browser that opened a connection in advance and did not use it, or did not wait


class _Forward(BaseHTTPRequestHandler):
    """Sends a request on, and its answer back."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Forward, whatever the method."""
        terminator = self.server.terminator
        length = int(self.headers.get("Content-Length") or 0)
        upstream = http.client.HTTPConnection("127.0.0.1", terminator.upstream_port, timeout=30)
        try:
            upstream.request(self.command, self.path, self.rfile.read(length), self._headers())
            answer = upstream.getresponse()
            body = answer.read()
        finally:
            upstream.close()
        terminator.answered.append(Answered(self.command, self.path, answer.status))
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_HEAD = do_GET

    def _headers(self) -> dict[str, str]:
        given = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        visitors = [one for one in (given.get("X-Forwarded-For"), self.client_address[0]) if one]
        return given | {
            "Host": f"127.0.0.1:{self.server.terminator.upstream_port}",
            "X-Forwarded-For": ", ".join(visitors),
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": self.headers.get("Host", ""),
        }

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""
