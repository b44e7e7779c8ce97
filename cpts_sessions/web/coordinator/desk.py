"""The first page of the coordination: what waits for a decision, the next sessions, the year in small pictures."""

from functools import partial

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.registrations.desk import upcoming
from cpts_sessions.reports.pictures import Pictures, occupation, pictures
from cpts_sessions.reports.queries import years
from cpts_sessions.web.coordinator import blueprint, decisions


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """What to decide, the next sessions with how full they are, and the figures of a year beside the year before."""
    every = decisions.decisions(g.organisation.id)
    shown = every if "tout" in request.args else decisions.first(every)
    with_sessions = years(g.organisation.id)
    known = sorted({today().year, *with_sessions}, reverse=True)
    offered = programmes_of(g.organisation.id, with_archived=True)
    year = request.args.get("annee", type=int)
    year = year if year in known else today().year
    wanted = request.args.get("dispositif")
    programme = next((one for one in offered if str(one.public_id) == wanted), None)
    drawn = pictures(g.organisation.id, year, programme.id if programme else None)
    return render_template(
        "coordinator/desk.html",
        person=g.person,
        today=today(),
        decisions=every,
        shown=shown,
        all_url=_url(year, programme, everything=True),
        lines=upcoming(g.organisation.id),
        is_new=not with_sessions,
        drawn=drawn,
        occupation=occupation,
        rows_url=partial(_rows_url, drawn),
        before_url=partial(_before_url, drawn),
        year_links=[(_url(one, programme), str(one), one == year) for one in known],
        programme_links=_programme_links(offered, year, programme),
    )


def _programme_links(offered: list[Programme], year: int, programme: Programme | None) -> list[tuple[str, str, bool]]:
    links = [(_url(year, None), "Tous", programme is None)]
    return links + [(_url(year, one), one.name, one is programme) for one in offered]


def _url(year: int, programme: Programme | None, *, everything: bool = False) -> str:
    """The address of the desk with the year and the programme it draws; today's year and all of them go unsaid."""
    return url_for(
        ".desk",
        annee=year if year != today().year else None,
        dispositif=programme.public_id if programme else None,
        tout=1 if everything else None,
        _anchor=None if everything else "annee",
    )


def _rows_url(drawn: Pictures, what: str, profession: str | None = None) -> str:
    return url_for(".counting_rows", what=what, annee=drawn.year, de=drawn.key or None, profession=profession)


def _before_url(drawn: Pictures, what: str) -> str:
    day = drawn.before_day.isoformat() if drawn.before_day else None
    return url_for(".counting_rows", what=what, annee=drawn.year - 1, au=day, de=drawn.key or None)
