"""Ma page: her sessions, her lists, her seasons, her data."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts import services as sign_ins
from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance import standing
from cpts_sessions.core import links
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.people import queries as people
from cpts_sessions.programmes.calendar_links import google_url, outlook_url
from cpts_sessions.questionnaires.wording import month_of_reading
from cpts_sessions.registrations import alerts, continuing, enrolments, feed_address, personal, services
from cpts_sessions.registrations.personal import Mine, Situation
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.web.professional import blueprint

_OVER = (Situation.PAST, Situation.BEGUN)
_SHOWN = (Situation.CONFIRMED, Situation.TO_ANSWER, Situation.FREE, Situation.WAITING, Situation.REQUESTED)

_OF_SESSION: dict[str, Callable[[int], Outcome]] = {
    "liberer": services.leave,
    "reprendre": services.take_back,
    "prendre": services.take_seat,
    "venir": services.answer_coming,
}
_OF_SEASON: dict[str, Callable[[int], Outcome]] = {
    "arreter": enrolments.stop,
    "reprendre": enrolments.resume,
    "continuer": continuing.carry_on,
    "arreter-la": continuing.stop_there,
}


@blueprint.get("")
def my_page() -> ResponseReturnValue:
    """Show everything of hers."""
    person = g.person
    mine = personal.of_person(g.site.id, person.id)
    year = today().year
    feed = feed_address.feed_of(person.id)
    seasons = personal.enrolments_of_person(g.site.id, person.id)
    answers = {one.id: continuing.answer_of(one) for one in seasons if continuing.may_answer(one, now())}
    return render_template(
        "professional/my_page.html",
        person=person,
        profession=people.profession_labels(g.site.id).get(person.profession_slug or "", ""),
        offers=[one for one in mine if one.situation == Situation.OFFERED],
        to_come=[one for one in mine if one.situation in _SHOWN],
        ended=[one for one in mine if one.situation not in (*_SHOWN, *_OVER, Situation.OFFERED)],
        past=[one for one in reversed(mine) if one.situation in _OVER and one.registration.is_live],
        season=[one for one in mine if one.group_session.season == year and _is_of_the_season(one)],
        year=year,
        attendance=attendance.statuses_of(person.id),
        alerts=alerts.of_person(person.id),
        attested=standing.of_person(g.site.id, person.id),
        enrolments=[one for one in seasons if one.season >= year or one.id in answers],
        answers=answers,
        calendars={one.registration.id: _calendars(one) for one in mine if one.has_seat},
        feed_url=feed_address.address(g.site.public_url, feed) if feed else "",
        connections=accounts.open_sign_ins(g.site.id, person.id),
        here_id=g.signed_in.open_id,
        month=month_of_reading(year, today()),
    )


def _calendars(mine: Mine) -> list[tuple[str, str]]:
    """Where a seat goes into an agenda by hand: addresses and their words."""
    token = links.token(Purpose.REGISTRATION, mine.registration.public_id)
    return [
        (google_url(mine.group_session), "Google Agenda"),
        (outlook_url(mine.group_session), "Outlook"),
        (url_for("public.calendar_file", token=token), "Fichier .ics (Apple et autres)"),
    ]


@blueprint.post("/inscriptions/<uuid:public_id>/<any(liberer,reprendre,prendre,venir):act>")
def act_on_registration(public_id: UUID, act: str) -> ResponseReturnValue:
    """Do what one button says of one of her sessions."""
    mine = personal.one_of_person(g.site.id, g.person.id, public_id)
    if mine is None:
        abort(404)
    return _done(_OF_SESSION[act], mine.registration.id)


@blueprint.post("/annees/<uuid:public_id>/<any(arreter,reprendre,continuer,'arreter-la'):act>")
def act_on_enrolment(public_id: UUID, act: str) -> ResponseReturnValue:
    """Follow one of her programmes no more, or again; in the year to come too, or not."""
    hers = [one.id for one in personal.enrolments_of_person(g.site.id, g.person.id) if one.public_id == public_id]
    if not hers:
        abort(404)
    return _done(_OF_SEASON[act], hers[0])


@blueprint.post("/annonces/<uuid:public_id>/arreter")
def stop_alert(public_id: UUID) -> ResponseReturnValue:
    """Tell her of no more dates of one programme."""
    mine = alerts.of_person_by_id(g.person.id, public_id)
    if mine is None:
        abort(404)
    alerts.stop(mine.id)
    flash("C’est arrêté : vous ne recevrez plus ces annonces.", "ok")
    return redirect(url_for(".my_page"), 303)


@blueprint.post("/connexions/fermer")
def close_connection() -> ResponseReturnValue:
    """Sign one of her browsers out."""
    wanted = request.form.get("connexion", "")
    if not wanted.isdecimal() or len(wanted) > 9:
        abort(404)
    sign_ins.close_one(g.person.id, int(wanted))
    flash("Connexion fermée.", "ok")
    return redirect(url_for(".my_page"), 303)


def _is_of_the_season(mine: Mine) -> bool:
    return mine.registration.is_live or mine.situation in (Situation.NOT_THIS_TIME, Situation.SESSION_CANCELLED)


def _done(act: Callable[[int], Outcome], key: int) -> ResponseReturnValue:
    try:
        outcome = act(key)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(outcome.sentence, "ok" if outcome.is_change else "info")
    return redirect(url_for(".my_page"), 303)
