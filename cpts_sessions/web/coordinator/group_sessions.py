"""The sessions of a season, and the page of one: who comes, who waits, and what can be done."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired

from cpts_sessions.attendance.came import numbers_at
from cpts_sessions.attendance.queries import statuses_at
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted
from cpts_sessions.evening.queries import can_be_reopened, links_of, note_of
from cpts_sessions.people.queries import profession_labels
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes import services, wording
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.questionnaires.card_entry import takes_cards
from cpts_sessions.registrations import desk, sessions
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404
from cpts_sessions.web.coordinator.planned import followers_told
from cpts_sessions.web.coordinator.session_form import SessionForm, WordForm, shown
from cpts_sessions.web.forms import Form

#: The filters of the list: the words of the address, what they are called, and the states they keep.
FILTERS = {
    "a-venir": ("À venir", ("open", "full", "below_minimum", "kept", "closed")),
    "brouillons": ("En préparation", ("draft",)),
    "a-clore": ("À clore", ("to_close",)),
    "tenues": ("Tenues", ("held",)),
    "annulees": ("Annulées", ("cancelled",)),
}


#: What is to come is shown whole, whatever the year.
OF_ANY_YEAR = ("a-venir",)


class CapacityForm(Form):
    """How many places; fewer than are taken is refused under the lock."""

    places = IntegerField("Places", validators=[InputRequired("Écrivez un nombre.")])


@blueprint.get("/seances")
def group_sessions() -> ResponseReturnValue:
    """The sessions of one season, of a programme and in a state when the address says so."""
    offered = programmes.programmes_of(g.organisation.id, with_archived=True)
    years = sorted({today().year, *programmes.season_years(g.organisation.id)}, reverse=True)
    year = request.args.get("annee", type=int)
    year = year if year in years else today().year
    wanted = request.args.get("dispositif")
    programme = next((one for one in offered if str(one.public_id) == wanted), None)
    every = desk.season(g.organisation.id, year, programme)
    to_come = desk.upcoming(g.organisation.id, programme, most=None)
    name = request.args.get("etat", "")
    states = FILTERS[name][1] if name in FILTERS else None
    lines = [one for one in (to_come if name in OF_ANY_YEAR else every) if states is None or one.state in states]
    return render_template(
        "coordinator/sessions.html",
        lines=lines,
        came=numbers_at([line.group_session.id for line in lines]),
        year=None if name in OF_ANY_YEAR else year,
        this_year=today().year,
        year_links=_year_links(years, year, programme, name),
        programme_links=_programme_links(offered, year, programme, name),
        state_links=_state_links(every, to_come, year, programme, name),
        to_open=_url_to_open(year, programme) if name == "brouillons" and len(lines) > 1 else "",
    )


def _url(year: int, programme: Programme | None, state: str) -> str:
    return url_for(
        ".group_sessions",
        annee=year,
        dispositif=programme.public_id if programme else None,
        etat=state if state in FILTERS else None,
    )


def _year_links(years: list[int], year: int, programme: Programme | None, state: str) -> list[tuple[str, str, bool]]:
    if state in OF_ANY_YEAR:
        return [(_url(one, programme, ""), str(one), False) for one in years]
    return [(_url(one, programme, state), str(one), one == year) for one in years]


def _url_to_open(year: int, programme: Programme | None) -> str:
    return url_for(".open_all", annee=year, dispositif=programme.public_id if programme else None)


def _programme_links(
    offered: list[Programme], year: int, programme: Programme | None, state: str
) -> list[tuple[str, str, bool]]:
    if len(offered) < 2:
        return []
    links = [(_url(year, None, state), "Tous les dispositifs", programme is None)]
    return links + [(_url(year, one, state), one.name, one is programme) for one in offered]


def _state_links(
    every: list[desk.Line], to_come: list[desk.Line], year: int, programme: Programme | None, state: str
) -> list[tuple[str, str, bool]]:
    links = [(_url(year, programme, ""), f"Toutes ({len(every)})", state not in FILTERS)]
    for name, (words, states) in FILTERS.items():
        number = sum(1 for line in (to_come if name in OF_ANY_YEAR else every) if line.state in states)
        if number or name == state:
            links.append((_url(year, programme, name), f"{words} ({number})", name == state))
    return links


@blueprint.get("/seances/<uuid:public_id>")
def group_session(public_id: UUID) -> ResponseReturnValue:
    """One session: its people by what became of their request, and every act."""
    return _page(group_session_or_404(public_id))


def _page(one: GroupSession, capacity: CapacityForm | None = None, status: int = 200) -> ResponseReturnValue:
    line = desk.line(one)
    page = render_template(
        "coordinator/session.html",
        one=one,
        line=line,
        free=max(one.capacity - line.taken, 0),
        people=desk.people_of(one),
        labels=profession_labels(g.organisation.id),
        place=wording.place(one),
        capacity_form=capacity or CapacityForm(formdata=None, data={"places": one.capacity}),
        has_begun=one.starts_at <= now(),
        marks=statuses_at(one.id),
        came=numbers_at([one.id])[one.id],
        is_reopenable=can_be_reopened(one),
        links=links_of(one),
        note=note_of(one.id),
        takes_cards=takes_cards(one),
    )
    return page, status


@blueprint.post("/seances/<uuid:public_id>/ouvrir")
def open_session(public_id: UUID) -> ResponseReturnValue:
    """Announce a session in preparation."""
    one = group_session_or_404(public_id)
    try:
        followers = sessions.open_sessions([one.id], actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(f"La séance est dans l’agenda.{followers_told(followers)}", "ok")
    return _back_to(one)


@blueprint.post("/seances/<uuid:public_id>/places")
def change_capacity(public_id: UUID) -> ResponseReturnValue:
    """Change the number of places alone; more of them serve the waiting list at once."""
    one = group_session_or_404(public_id)
    form = CapacityForm()
    if not form.validate():
        return _page(one, form, 422)
    whole = SessionForm(formdata=None, data={**shown(one), "places": form.places.data})
    plan = whole.plan(one.programme.duration_minutes)
    try:
        told = sessions.change(one.id, plan, actor_id=g.person.id, revision=one.revision)
    except RuleBroken as refusal:
        form.places.errors = [str(refusal)]
        return _page(one, form, 422)
    offered = counted(told.offered, "place est proposée", "places sont proposées")
    flash(f"Capacité relevée : {offered} à la liste d’attente." if told.offered else "Enregistré.", "ok")
    return _back_to(one)


@blueprint.route("/seances/<uuid:public_id>/retablir", methods=["GET", "POST"])
def reinstate(public_id: UUID) -> ResponseReturnValue:
    """Hold a cancelled session after all, after a look at who comes back."""
    one = group_session_or_404(public_id)
    form = WordForm()
    if one.status == SessionStatus.CANCELLED and not form.validate_on_submit():
        page = render_template(
            "coordinator/session_reinstate.html",
            form=form,
            one=one,
            returning=[registration.person for registration in desk.to_call(one)],
        )
        return page, 422 if form.errors else 200
    try:
        told = sessions.reinstate(one.id, actor_id=g.person.id, word=form.mot.data or "")
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        left = f" {counted(told.by_mail, 'message part', 'messages partent')}." if told.by_mail else ""
        flash(f"Séance rétablie.{left}", "ok")
    return _back_to(one)


@blueprint.route("/seances/<uuid:public_id>/supprimer", methods=["GET", "POST"])
def delete_draft(public_id: UUID) -> ResponseReturnValue:
    """Remove a session in preparation, after a question."""
    one = group_session_or_404(public_id)
    if one.status != SessionStatus.DRAFT:
        flash("Cette séance a été annoncée : elle ne se supprime plus, elle s’annule.", "warn")
        return _back_to(one)
    if request.method == "GET":
        return render_template("coordinator/session_delete.html", one=one)
    try:
        services.delete_draft(one.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return _back_to(one)
    flash("Séance en préparation supprimée.", "ok")
    return redirect(url_for(".group_sessions"), 303)


def _back_to(one: GroupSession) -> ResponseReturnValue:
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
