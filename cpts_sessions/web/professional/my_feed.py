"""The secret address by which one's own agenda follows one's sessions."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.registrations import feed_address
from cpts_sessions.web.professional import blueprint


@blueprint.post("/agenda")
def change_feed() -> ResponseReturnValue:
    """Give an address, or another one in place of the first."""
    had_one = feed_address.renew(g.person)
    flash("Nouvelle adresse prête. L’ancienne ne fonctionne plus." if had_one else "Votre adresse est prête.", "ok")
    return redirect(url_for(".my_page", _anchor="agenda-abonne"), 303)
