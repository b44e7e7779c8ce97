"""Asking for a seat, and the page that answers: the same whoever asks."""

from uuid import UUID

from flask import abort, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people import queries as people
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.wording import dates_apart, dates_together
from cpts_sessions.registrations import agenda, asking
from cpts_sessions.registrations.agenda import Announced
from cpts_sessions.web.public import blueprint
from cpts_sessions.web.public.sign_up_form import SignUpForm

_NOTED = "noted"


@blueprint.route("/seances/<uuid:public_id>/inscription", methods=["GET", "POST"])
def sign_up(public_id: UUID) -> ResponseReturnValue:
    """Ask for a seat in this session, or for every date of the season."""
    shown = agenda.announced(g.site.id, public_id)
    if shown is None:
        abort(404)
    form = _form(shown)
    if form.is_submitted():
        if form.validate() and _asked(shown, form):
            return redirect(url_for(".noted", public_id=public_id), 303)
    elif not shown.takes_sign_ups:
        return redirect(url_for(".group_session", public_id=public_id), 303)
    both = agenda.dates_together([shown]).get(shown.group_session.id)
    together = both.dates if both else []
    page = render_template(
        "public/sign_up.html",
        shown=shown,
        session_=shown.group_session,
        programme=shown.group_session.programme,
        together=together,
        together_words=dates_together([one.group_session for one in together]),
        apart_words=dates_apart(both.apart) if both else "",
        form=form,
        kept_by=g.organisation,
        prefilled=g.signed_in is not None,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/seances/<uuid:public_id>/c-est-note")
def noted(public_id: UUID) -> ResponseReturnValue:
    """Say that the request was noted; made of what every visitor saw before it and of what was typed."""
    seen = session.get(_NOTED)
    group_session = programmes.announced_session(g.site.id, public_id)
    if group_session is None:
        abort(404)
    if not seen or seen["of"] != str(public_id):
        return redirect(url_for(".group_session", public_id=public_id), 303)
    return render_template("public/noted.html", seen=seen, session_=group_session, programme=group_session.programme)


def _form(shown: Announced) -> SignUpForm:
    known = _known() if g.signed_in else {}
    return SignUpForm.about(shown.group_session, people.active_professions(g.site.id), known)


def _known() -> dict[str, str | None]:
    person: Person = g.person
    return {
        "prenom": person.first_name,
        "nom": person.last_name,
        "email": person.email,
        "civilite": person.civility or "",
        "profession": person.profession_slug,
        "telephone": person.phone,
    }


def _asked(shown: Announced, form: SignUpForm) -> bool:
    """Ask, and keep what the answer page needs: what everybody saw before the write, and the typed address."""
    group_session, told = shown.group_session, form.told()
    seen = {
        "of": str(group_session.public_id),
        "email": told.email,
        "taken": shown.taken,
        "full": shown.is_full,
        "members": shown.is_for_members,
        "season": group_session.season if form.is_for_the_season else None,
        "together": group_session.goes_together,
    }
    try:
        asking.ask(group_session, told, whole_season=form.is_for_the_season)
    except RuleBroken as refusal:
        form.form_errors.append(str(refusal))
        return False
    session[_NOTED] = seen
    return True
