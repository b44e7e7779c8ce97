"""Whether the port of the site is free, asked before anything is prepared for it. Imports nothing heavy.

python -m cpts_sessions.cli.port
"""

import socket
import sys

import config
from cpts_sessions.core.french import typo


def is_taken(host: str, port: int) -> bool:
    """Whether somebody else listens there: granian would share the port without a word."""
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                probe.listen()
            except OSError:
                return True
    return False


def taken(port: int) -> str:
    """Return the sentence that says so."""
    return f"Le port {port} est déjà pris : choisissez-en un autre, par exemple PORT=9000."


def main() -> int:
    """Say that the port of the settings is taken. Returns the exit code: 0 when it is free."""
    try:
        settings = config.from_environment()
    except ValueError as refused:
        print(typo(str(refused)), file=sys.stderr)  # noqa: T201  this is a command
        return 1
    if is_taken(settings.host, settings.port):
        print(typo(taken(settings.port)), file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
