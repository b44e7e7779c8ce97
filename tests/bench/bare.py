"""The smallest Flask page there is, on the same server with the same options: what ours are compared with."""

from flask import Flask

from cpts_sessions.cli import web_server


def load() -> Flask:
    """Return an application with one page."""
    app = Flask("bare")

    @app.get("/")
    def page() -> str:
        """Answer with a word."""
        return "<!doctype html><title>Bare</title><p>Bonjour"

    return app


if __name__ == "__main__":
    web_server.main(load)
