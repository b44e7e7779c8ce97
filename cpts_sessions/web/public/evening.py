"""The page of an evening, behind the link of whoever animates: who comes, who came, closing. It works without network.

The token is the only authority: no cookie is read or set, no sign-in is looked up, no form carries another token.
With JavaScript the page installs itself for this one session (a service worker under its own address), keeps what is
said on the device and sends it when it can; without, its forms do the same while the network is there.
"""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from cpts_sessions.attendance import check_in
from cpts_sessions.attendance.models import AttendanceStatus, ChangeKind
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import counted, hour, short_day, typo
from cpts_sessions.evening import queries, room, sync
from cpts_sessions.evening.models import EveningLink, LinkState
from cpts_sessions.evening.room import Room
from cpts_sessions.evening.sync import Change
from cpts_sessions.people.queries import active_professions
from cpts_sessions.web.extensions import csrf
from cpts_sessions.web.guards import Audience, guard
from cpts_sessions.web.headers import CONTENT_SECURITY_POLICY
from cpts_sessions.web.public import evening_shell, evening_wire
from cpts_sessions.web.public.evening_form import WalkInForm
from cpts_sessions.web.public.evening_words import words
from cpts_sessions.web.scope import EVENINGS

blueprint = guard(Blueprint("evening", __name__, url_prefix=f"{EVENINGS}/<token>"), Audience.PUBLIC)
csrf.exempt(blueprint)

#: What the forms of the page say when there is no JavaScript: one device for all.
_NO_DEVICE = UUID(int=0)
_JSON = {"evening.state", "evening.changes"}
_DONE = {
    "enregistre": "Enregistré",
    "ajout": "Ajout fait : sa présence est relevée.",
    "sans-noms": "Enregistré",
}


class Shut(Exception):
    """The link opens nothing: why, for whom keeps changes that were never sent too, and the status of the answer."""

    def __init__(self, sentence: str, status: int, unsent: str = "") -> None:
        super().__init__(sentence)
        self.sentence = typo(sentence)
        self.unsent = typo(unsent or sentence)
        self.status = status


@blueprint.errorhandler(Shut)
def shut(why: Shut) -> ResponseReturnValue:
    """Say why the link opens nothing; the device then forgets what it kept, but what was never sent."""
    if request.endpoint in _JSON:
        return {"over": why.sentence, "unsent": why.unsent}, why.status
    return _over(why.sentence, why.unsent), why.status


@blueprint.after_request
def add_headers(response: Response) -> Response:
    """Let this page, and no other, have a service worker and a manifest."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; worker-src 'self'; manifest-src 'self'"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
def page(token: str) -> ResponseReturnValue:
    """Show the list of one evening; once it is closed, that it is, and no name."""
    return _page(token, _link(token))


@blueprint.post("/presences")
def presences(token: str) -> ResponseReturnValue:
    """Note what was chosen since the page was shown; one button notes that everybody else is there."""
    link = _link(token)
    changes = []
    for seat in room.room(link.group_session).seats:
        public_id = seat.registration.public_id
        shown = request.form.get(f"avant_{public_id.hex}", "")
        chosen = request.form.get(f"presence_{public_id.hex}", "")
        if not chosen and request.form.get("suite") == "tous":
            chosen = AttendanceStatus.PRESENT.value
        if chosen != shown and chosen in set(AttendanceStatus):
            changes.append(_change(ChangeKind.MARK, person=public_id, mark=chosen, seen=seat.taken_at))
    return _applied(token, link, changes, "enregistre")


@blueprint.post("/sur-place")
def add_walk_in(token: str) -> ResponseReturnValue:
    """Add somebody who came unannounced."""
    link, form = _link(token), WalkInForm()
    form.offer(active_professions(g.site.id))
    if not form.validate():
        return _page(token, link, form)
    return _applied(token, link, [_change(ChangeKind.WALK_IN, told=form.told())], "ajout")


@blueprint.post("/sans-noms")
def count(token: str) -> ResponseReturnValue:
    """Count one presence more or less without a name; the same button pressed twice by mistake counts once."""
    link = _link(token)
    slug, _, step = request.form.get("compte", "").rpartition(":")
    try:
        key = UUID(request.form.get("cle", ""))
    except ValueError:
        abort(400)
    change = _change(ChangeKind.TALLY, key=key, profession_slug=slug, step={"plus": 1, "moins": -1}.get(step, 0))
    return _applied(token, link, [change], "sans-noms")


@blueprint.post("/<any(clore,personne):act>")
def end(token: str, act: str) -> ResponseReturnValue:
    """Close the session, or say that nobody came."""
    kind = ChangeKind.CLOSE if act == "clore" else ChangeKind.NOBODY
    change = _change(kind, is_early="avant_la_fin" in request.form)
    return _applied(token, _link(token), [change], "enregistre")


@blueprint.get("/etat")
def state(token: str) -> ResponseReturnValue:
    """Give the evening as it stands to its device."""
    return _state(_link(token))


@blueprint.post("/changements")
def changes(token: str) -> ResponseReturnValue:
    """Apply what the device had kept, and give it the evening as it then stands."""
    link = _link(token)
    try:
        device, device_now, sent = evening_wire.read_changes(request.get_json(silent=True))
    except (ValueError, RecursionError):  # the latter: brackets in brackets, without end
        abort(400)
    outcomes = sync.apply(link, device, device_now, sent)
    return {**_state(link), "answers": evening_wire.answers(outcomes)}


@blueprint.get("/sw.js")
def service_worker(token: str) -> Response:
    """Give the service worker of this one evening, with the names of the files it keeps."""
    return Response(evening_shell.service_worker(_link(token).group_session), mimetype="text/javascript")


@blueprint.get("/application.webmanifest")
def manifest(token: str) -> Response:
    """Give what a telephone needs to put the page among its applications, under a neutral name."""
    _link(token)
    return Response(evening_shell.manifest(), mimetype="application/manifest+json")


def _link(token: str) -> EveningLink:
    """Return the link of this token while it serves.

    Raises:
        Shut: it does not serve yet, or any more.
    """
    link = queries.link_by_token(g.site.id, token)
    if link is None:
        raise Shut("Ce lien n’ouvre aucune séance : il a peut-être été coupé dans le message.", 404)
    group_session, serves = link.group_session, queries.state_of_link(link, now())
    if serves == LinkState.EARLY:
        raise Shut(f"Ce lien s’ouvre la veille de la séance, le {short_day(local(room.opens_on(group_session)))}.", 200)
    if serves == LinkState.REVOKED:
        raise Shut("La coordination a coupé ce lien. Demandez-lui-en un autre.", 410)
    if serves == LinkState.OVER:
        served = f"Ce lien a servi jusqu’au {short_day(room.last_day(group_session))}."
        raise Shut(
            f"{served} Pour corriger une présence, appelez la coordination.",
            410,
            f"{served} Vos relevés restent sur cet appareil : appelez la coordination, elle les note pour vous.",
        )
    return link


def _change(kind: ChangeKind, *, key: UUID | None = None, mark: str | None = None, **said: object) -> Change:
    return Change(
        key=key or uuid4(),
        kind=kind,
        said_at=now(),
        mark=AttendanceStatus(mark) if mark else None,
        **said,  # type: ignore[arg-type]
    )


def _applied(token: str, link: EveningLink, said: list[Change], done: str) -> ResponseReturnValue:
    """Apply what a form says, then show the page again; what is refused is said at once."""
    outcomes = sync.apply(link, _NO_DEVICE, now(), said)
    refusals = [one.refusal for one in outcomes if one.refusal]
    if refusals:
        return _page(token, link, refusals=refusals)
    return redirect(url_for(".page", token=token, fait=done if said else None), 303)


def _page(
    token: str, link: EveningLink, form: WalkInForm | None = None, refusals: list[str] | None = None
) -> ResponseReturnValue:
    group_session = link.group_session
    if room.is_ended(group_session):
        return _over(_ended(group_session), _ended(group_session))
    shown, at = room.room(group_session), now()
    form = form or WalkInForm(formdata=None)
    form.offer(active_professions(g.site.id))
    body = render_template(
        "public/evening.html",
        token=token,
        link=link,
        room=shown,
        form=form,
        refusals=refusals or [],
        done=_DONE.get(request.args.get("fait", "")),
        state=evening_wire.state(shown, None),
        can_be_noted=room.has_begun_to_fill(group_session, at=at),
        is_over=at >= group_session.ends_at,
        said=_said(shown),
        words=words(),
        check_in=check_in.screen(group_session),
        drawn_url=url_for("public.check_in_screen", token=token),
        new_key=uuid4,
    )
    return body, 422 if form.errors or refusals else 200


def _over(sentence: str, unsent: str) -> str:
    return render_template("public/evening_over.html", sentence=sentence, unsent=unsent, words=words())


def _said(shown: Room) -> dict[str, str]:
    """The sentences about hours, as the page says them with or without JavaScript."""
    one = shown.group_session
    start, end = local(one.starts_at), local(one.ends_at)
    return {
        "title": typo(f"{one.programme.session_title}, {short_day(start)}"),
        "from": typo(f"Les présences se notent à partir de {hour(local(shown.notes_from))}, le {short_day(start)}."),
        "early": typo(f"La séance finit à {hour(end)}. Clore maintenant ?"),
        "present": _count(shown),
    }


def _count(shown: Room) -> str:
    """How many presences are noted, out of how many expected."""
    if not shown.present:
        return "Aucune présence relevée"
    return typo(f"{counted(shown.present, 'présence relevée', 'présences relevées')} sur {len(shown.seats)}")


def _state(link: EveningLink) -> dict[str, object]:
    group_session = link.group_session
    ended = _ended(group_session) if room.is_ended(group_session) else None
    return evening_wire.state(room.room(group_session), ended)


def _ended(group_session: object) -> str:
    closed_at: datetime | None = getattr(group_session, "closed_at", None)
    if closed_at is None:
        return typo("Cette séance est rangée parmi les annulées : « Personne n’est venu ».")
    day = short_day(local(closed_at))
    return typo(f"Cette séance est close depuis le {day}. Pour corriger, demandez à la coordination de la rouvrir.")
