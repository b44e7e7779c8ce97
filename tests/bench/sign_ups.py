"""Sign-ups as a browser makes them: the form's page with its token, then the POST."""

import html
import re
from urllib.parse import urlencode

from tests.bench.client import Connection, get, post

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Form:
    """One person's form, opened and not yet sent."""

    def __init__(self, port: int, group_session: str) -> None:
        """Remember the session whose form it is."""
        self.port = port
        self.path = f"/seances/{group_session}/inscription"
        self.cookie = ""
        self.token = ""

    async def open(self, connection: Connection) -> None:
        """Load the page of the form."""
        answer = await connection.send(get(self.path, self.port).replace(b"Accept-Encoding: gzip\r\n", b""))
        found = _TOKEN.search(answer.body.decode())
        if answer.status != 200 or found is None:
            raise RuntimeError(f"no form at {self.path}: {answer.status}")
        self.token = html.unescape(found[1])
        self.cookie = "; ".join(cookie.split(";")[0] for cookie in answer.cookies)

    async def send(self, connection: Connection, number: int) -> int:
        """Send it; return the status of the answer."""
        fields = {
            "csrf_token": self.token,
            "prenom": f"Prénom{number}",
            "nom": f"Nom{number}",
            "email": f"personne{number}@example.org",
            "profession": "sage-femme",
            "dates": "une",
            "charte": "y",
        }
        return (await connection.send(post(self.path, self.port, urlencode(fields), self.cookie))).status
