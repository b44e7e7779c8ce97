"""Date polls: proposed, followed as answers come, then turned into sessions or given up."""

from datetime import time, timedelta
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import local, now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, typo
from cpts_sessions.polls import queries, services
from cpts_sessions.polls.choosing import Chosen, choose
from cpts_sessions.polls.grid import grid
from cpts_sessions.polls.messages import deadline
from cpts_sessions.polls.models import DatePoll
from cpts_sessions.polls.services import PollPlan
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.series import public_holiday
from cpts_sessions.registrations import desk
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.poll_form import CIRCLES, ChooseForm, NewPollForm, offered

_REPLIES_WITHIN = timedelta(days=10)


@blueprint.get("/sondages")
def polls() -> ResponseReturnValue:
    """The polls of the CPTS, those to decide first."""
    return render_template("coordinator/polls.html", lines=queries.polls_of(g.organisation.id))


@blueprint.route("/sondages/nouveau", methods=["GET", "POST"])
def new_poll() -> ResponseReturnValue:
    """Propose slots: typed, then shown with how many people will be asked, then sent."""
    known = programmes.programmes_of(g.organisation.id)
    if not known:
        flash("Aucun dispositif. Commencez par un modèle : GAPP ou cercles de paroles.", "info")
        return redirect(url_for(".programmes"), 303)
    opening = {
        "dispositif": request.args.get("dispositif"),
        "debut": time(20),
        "jusqu_au": today() + _REPLIES_WITHIN,
        "heure_limite": time(20),
    }
    form = NewPollForm(data=opening)
    form.dispositif.choices = typed.choices((str(one.public_id), one.name) for one in known)
    programme = offered(form, known)
    if not typed.goes_back() and form.validate_on_submit() and programme:
        try:
            return _preview_or_send(form.plan(), programme)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
    page = render_template("coordinator/poll_new.html", form=form)
    return page, 422 if form.errors else 200


def _preview_or_send(plan: PollPlan, programme: Programme) -> ResponseReturnValue:
    if request.form.get("etape") == "envoyer":
        poll = services.send(programme.id, plan, actor_id=g.person.id)
        flash("Sondage envoyé.", "ok")
        return redirect(url_for(".poll", public_id=poll.public_id), 303)
    slots = [
        (start, end or start + timedelta(minutes=programme.duration_minutes), public_holiday(local(start).date()))
        for start, end in services.checked(plan)
    ]
    return render_template(
        "coordinator/poll_preview.html",
        slots=slots,
        plan=plan,
        programme=programme,
        people=queries.people_of(programme, plan.circles),
        circles=[CIRCLES[circle] for circle in plan.circles],
        typed=typed.kept(),
    )


@blueprint.get("/sondages/<uuid:public_id>")
def poll(public_id: UUID) -> ResponseReturnValue:
    """The answers of one poll, with names; and the form that chooses."""
    found = _poll_or_404(public_id)
    return _page(found, _choose_form(found))


@blueprint.post("/sondages/<uuid:public_id>/retenir")
def choose_slots(public_id: UUID) -> ResponseReturnValue:
    """Show whom choosing these slots will tell; confirmed, make sessions of them."""
    found = _poll_or_404(public_id)
    form = _choose_form(found)
    if form.validate_on_submit():
        if request.form.get("etape") != "confirmer" and found.closed_at is None:
            return _confirm(found, form)
        try:
            chosen = choose(
                found.id,
                form.slot_ids(),
                capacity=form.places.data,
                animator_ids=form.animator_ids(desk.possible_animators(g.organisation.id)),
                actor_id=g.person.id,
            )
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_done(chosen), "ok")
            return redirect(url_for(".poll", public_id=public_id), 303)
    return _page(found, form)


@blueprint.post("/sondages/<uuid:public_id>/abandonner")
def give_up_poll(public_id: UUID) -> ResponseReturnValue:
    """Close a poll without any date."""
    try:
        services.give_up(_poll_or_404(public_id).id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash("Sondage clos sans date. Personne n’est prévenu.", "ok")
    return redirect(url_for(".poll", public_id=public_id), 303)


def _poll_or_404(public_id: UUID) -> DatePoll:
    return queries.poll_by_public_id(g.organisation.id, public_id) or abort(404)


def _choose_form(found: DatePoll) -> ChooseForm:
    form = ChooseForm(data={"places": found.programme.capacity})
    form.propose([slot for slot in found.slots if slot.starts_at > now()])
    form.offer(desk.possible_animators(g.organisation.id))
    return form


def _page(found: DatePoll, form: ChooseForm) -> ResponseReturnValue:
    page = render_template(
        "coordinator/poll.html",
        poll=found,
        grid=grid(found),
        until=deadline(found),
        is_open=queries.is_open(found),
        sessions=queries.sessions_of(found),
        form=form,
    )
    return page, 422 if form.errors else 200


def _confirm(found: DatePoll, form: ChooseForm) -> ResponseReturnValue:
    laid = grid(found)
    chosen = [column for column in laid.columns if column.slot.id in form.slot_ids()]
    return render_template(
        "coordinator/poll_choose.html",
        poll=found,
        chosen=chosen,
        places=form.places.data,
        answered=len(laid.rows),
        typed=typed.kept(),
    )


def _done(chosen: Chosen) -> str:
    sessions = counted(len(chosen.sessions), "séance est ouverte", "séances sont ouvertes")
    given = counted(chosen.seated, "place donnée", "places données")
    waiting = f", {chosen.waiting} sur liste d’attente" if chosen.waiting else ""
    return typo(f"Dates retenues : {sessions}, {given}{waiting}. Les réponses partent à chacun.")
