"""The agendas one subscribes to. No cookie is read nor set: agendas ask again by themselves, every hour."""

from uuid import UUID

from flask import Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from cpts_sessions.core.links import Purpose
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.registrations import feed_address, feeds
from cpts_sessions.registrations.feeds import Feed
from cpts_sessions.web.public import blueprint

_PUBLIC = "public, max-age=300"
_PRIVATE = "private, max-age=0, must-revalidate"


@blueprint.get("/agenda.ics")
def feed() -> ResponseReturnValue:
    """Give every announced date."""
    g.is_same_for_everyone = True
    return _answer(feeds.public_feed(g.site), _PUBLIC)


@blueprint.get("/dispositifs/<uuid:public_id>.ics")
def programme_feed(public_id: UUID) -> ResponseReturnValue:
    """Give the announced dates of one programme."""
    g.is_same_for_everyone = True
    programme = programmes.programme_by_public_id(g.site.id, public_id)
    if programme is None:
        abort(404)
    return _answer(feeds.public_feed(g.site, programme), _PUBLIC)


@blueprint.get(f"/{Purpose.FEED.value}/<token>/{feed_address.FILE_NAME}")
def personal_feed(token: str) -> ResponseReturnValue:
    """Give one person's own dates to whoever knows the address."""
    found = feed_address.feed_by_token(g.site.id, token)
    if found is None:
        abort(404)
    return _answer(feeds.personal_feed(g.site, found, current_app.config["MASTER_KEY"]), _PRIVATE)


def _answer(made: Feed, cache: str) -> Response:
    """The feed, or that the agenda has it already."""
    answer = Response(made.content, content_type="text/calendar; charset=utf-8")
    answer.set_etag(made.mark)
    answer.last_modified = made.changed_at
    answer.headers["Cache-Control"] = cache
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.make_conditional(request)
    return answer
