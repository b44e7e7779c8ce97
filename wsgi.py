"""The WSGI application, for any server: `granian --interface wsgi wsgi:app`."""

from cpts_sessions.web.site import create_app

app = create_app()
