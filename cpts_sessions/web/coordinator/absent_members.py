"""The members whom the list just imported does not name: shown once it is written, for the coordination to look at."""

from collections.abc import Sequence

from flask import g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.people.queries import members_among
from cpts_sessions.web.coordinator import blueprint

_KEPT = "absent_members"
#: What a cookie has room for.
_MOST = 300


def keep(members: Sequence[int]) -> str | None:
    """Keep the ids of who is to be shown, in place of those before.

    Returns:
        The address of the page, None when there is nobody.
    """
    session.pop(_KEPT, None)
    if not members:
        return None
    session[_KEPT] = list(members[:_MOST])
    return url_for(".absent_members")


@blueprint.get("/import/personnes/absents")
def absent_members() -> ResponseReturnValue:
    """Show those who are still members."""
    members = members_among(g.site.id, session.get(_KEPT, []))
    if not members:
        return redirect(url_for(".persons"), 303)
    return render_template("coordinator/absent_members.html", members=members)
