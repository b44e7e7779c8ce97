"""The agenda: every session to come. The same page for everyone."""

from typing import Any
from uuid import UUID

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.wording import dates_apart, dates_together
from cpts_sessions.registrations import agenda as queries
from cpts_sessions.web.public import blueprint


@blueprint.get("/")
def agenda() -> ResponseReturnValue:
    """Show the sessions to come, twenty a page."""
    g.is_same_for_everyone = True
    programme = _programme(request.args.get("dispositif", ""))
    with_places = request.args.get("places") == "1"
    wanted = request.args.get("page", "1")
    page = queries.agenda_page(
        g.site.id,
        int(wanted) if wanted.isdecimal() and len(wanted) < 7 else 0,
        programme=programme,
        with_places=with_places,
    )
    if page is None:
        abort(404)
    return render_template(
        "public/agenda.html",
        agenda=page,
        together=_together(page.sessions),
        programme=programme,
        with_places=with_places,
        choices=_choices(programme, with_places=with_places),
        all_full=bool(page.sessions) and page.pages == 1 and not any(one.free > 0 for one in page.sessions),
        base=url_for(".agenda", **_filters(programme, with_places=with_places), page=""),
    )


def _together(shown: list[queries.Announced]) -> dict[int, str]:
    """What is said of each date that goes with others, by its id."""
    sets = queries.dates_together(shown)
    return {
        id_: ". ".join(
            filter(None, (dates_together([one.group_session for one in both.dates]), dates_apart(both.apart)))
        )
        for id_, both in sets.items()
    }


def _programme(public_id: str) -> Programme | None:
    if not public_id:
        return None
    try:
        programme = programmes.programme_by_public_id(g.site.id, UUID(public_id))
    except ValueError:
        programme = None
    if programme is None:
        abort(404)
    return programme


def _choices(programme: Programme | None, *, with_places: bool) -> list[tuple[str, str, bool]]:
    """The filters: every programme that has dates, each with how many; then whether places are wanted."""
    rows = queries.programmes_to_come(g.site.id)
    links = []
    if len(rows) > 1 or programme:
        everything = sum(number for _, number in rows)
        links.append((_url(None, with_places=with_places), f"Tout ({everything})", programme is None))
        for one, number in rows:
            chosen = programme is not None and programme.id == one.id
            links.append((_url(one, with_places=with_places), f"{one.name} ({number})", chosen))
    if rows or with_places:
        links.append((_url(programme, with_places=not with_places), "Seulement avec des places", with_places))
    return links


def _url(programme: Programme | None, *, with_places: bool) -> str:
    return url_for(".agenda", **_filters(programme, with_places=with_places))


def _filters(programme: Programme | None, *, with_places: bool) -> dict[str, Any]:
    chosen = {"dispositif": str(programme.public_id)} if programme else {}
    return {**chosen, "places": "1"} if with_places else chosen
