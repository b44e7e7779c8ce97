"""On behalf of somebody who telephones: register, give a seat, answer an offer, withdraw; and answer requests."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.search import Wanted
from cpts_sessions.people.search import search as find_people
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import asking, on_behalf, queries, requested
from cpts_sessions.registrations.services import Outcome
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.finding import group_session_or_404, person_or_404, registration_or_404
from cpts_sessions.web.coordinator.person_form import ForSomebodyForm, NewPersonForm
from cpts_sessions.web.forms import Form

_WORDS = "looked_for_by_telephone"


class SearchForm(Form):
    """Who telephones: a name does not go into an address, which servers and browsers keep."""

    q = StringField(
        "Nom, prénom ou adresse", filters=[typed.one_line], description="Accents et majuscules sans importance."
    )


class ReasonForm(Form):
    """Why, when it is not the person's own wish."""

    motif = StringField(
        "Motif",
        filters=[typed.one_line],
        validators=[Length(max=200)],
        description="Vide : c’est elle qui le demande. Sinon, il figure dans le message qu’elle reçoit.",
    )


class RefusalForm(Form):
    """Why a request is refused."""

    motif = StringField(
        "Motif du refus",
        filters=[typed.one_line],
        validators=[Length(max=200, message="Ce motif est trop long.")],
        description="Il figure dans le message. Ni nom ni raison personnelle.",
    )


@blueprint.route("/seances/<uuid:public_id>/inscrire", methods=["GET", "POST"])
def register(public_id: UUID) -> ResponseReturnValue:
    """Look for who telephones."""
    one = group_session_or_404(public_id)
    words = session.get(_WORDS, "") if "recherche" in request.args else ""
    search = SearchForm(data={"q": words})
    if search.validate_on_submit():
        session[_WORDS] = search.q.data
        return redirect(url_for(".register", public_id=public_id, recherche=1), 303)
    found = find_people(g.organisation.id, Wanted(words=words)).persons if words else None
    known = {registration.person_id: registration for registration in queries.live(one.id)} if found else {}
    return render_template(
        "coordinator/registration_search.html",
        one=one,
        search=search,
        found=found,
        known=known,
        labels=profession_labels(g.organisation.id),
    )


@blueprint.route("/seances/<uuid:public_id>/inscrire/<uuid:person_id>", methods=["GET", "POST"])
def register_known(public_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Register somebody the CPTS knows."""
    one, person = group_session_or_404(public_id), person_or_404(person_id)
    form = ForSomebodyForm(data={"telephone": person.phone})
    if form.validate_on_submit():
        refused = _register(one, form, form.told_of(person))
        if refused is None:
            return _back_to(one)
        form.form_errors.append(refused)
    page = render_template(
        "coordinator/registration_known.html",
        form=form,
        one=one,
        person=person,
        labels=profession_labels(g.organisation.id),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/seances/<uuid:public_id>/inscrire/nouvelle", methods=["GET", "POST"])
def register_new(public_id: UUID) -> ResponseReturnValue:
    """Register somebody new; her e-mail may be empty."""
    one = group_session_or_404(public_id)
    form = NewPersonForm()
    form.profession.offer(active_professions(g.organisation.id))
    if form.validate_on_submit():
        refused = _register(one, form, form.told())
        if refused is None:
            return _back_to(one)
        form.form_errors.append(refused)
    return render_template("coordinator/registration_new.html", form=form, one=one), 422 if form.errors else 200


def _register(one: GroupSession, form: ForSomebodyForm, told: Told) -> str | None:
    """Register and say so; return the sentence of a refusal."""
    try:
        outcome = asking.ask_on_behalf(one, told, whole_season=form.is_for_the_season, actor_id=g.person.id)
    except RuleBroken as refusal:
        return str(refusal)
    flash(outcome.sentence, "ok" if outcome.is_change else "info")
    return None


def _act(public_id: UUID, act: Callable[[int], Outcome]) -> ResponseReturnValue:
    registration = registration_or_404(public_id)
    one = registration.group_session
    try:
        outcome = act(registration.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    else:
        flash(outcome.sentence, "ok" if outcome.is_change else "info")
    return _back_to(one)


@blueprint.post("/inscriptions/<uuid:public_id>/avancer")
def move_up(public_id: UUID) -> ResponseReturnValue:
    """Give a free seat to somebody who waits, ahead of the list."""
    return _act(public_id, lambda number: on_behalf.move_up(number, actor_id=g.person.id))


@blueprint.post("/inscriptions/<uuid:public_id>/prendre")
def take_offer(public_id: UUID) -> ResponseReturnValue:
    """Take the offered seat in her name."""
    return _act(public_id, lambda number: on_behalf.take_offer(number, actor_id=g.person.id))


@blueprint.post("/inscriptions/<uuid:public_id>/laisser")
def leave_offer(public_id: UUID) -> ResponseReturnValue:
    """Refuse the offered seat in her name."""
    return _act(public_id, lambda number: on_behalf.leave_offer(number, actor_id=g.person.id))


@blueprint.route("/inscriptions/<uuid:public_id>/retirer", methods=["GET", "POST"])
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """End a registration, at her wish or with a reason that she reads."""
    registration = registration_or_404(public_id)
    form = ReasonForm()
    if form.validate_on_submit():
        reason = form.motif.data
        return _act(public_id, lambda number: on_behalf.withdraw(number, actor_id=g.person.id, reason=reason))
    page = render_template("coordinator/registration_withdraw.html", form=form, registration=registration)
    return page, 422 if form.errors else 200


@blueprint.get("/demandes")
def requests() -> ResponseReturnValue:
    """What non-members ask for, and the two answers."""
    return render_template(
        "coordinator/registration_requests.html",
        requests=requested.requests(g.organisation.id),
        labels=profession_labels(g.organisation.id),
    )


@blueprint.post("/demandes/<uuid:public_id>/accepter")
def accept_request(public_id: UUID) -> ResponseReturnValue:
    """Say yes, to one date or to the season."""
    return _answered(on_behalf.accept_request(registration_or_404(public_id).id, actor_id=g.person.id))


@blueprint.route("/demandes/<uuid:public_id>/refuser", methods=["GET", "POST"])
def refuse_request(public_id: UUID) -> ResponseReturnValue:
    """Say no, after a question; the reason, if any, is in her message."""
    registration = registration_or_404(public_id)
    form = RefusalForm()
    if form.validate_on_submit():
        return _answered(on_behalf.refuse_request(registration.id, actor_id=g.person.id, reason=form.motif.data))
    page = render_template(
        "coordinator/registration_refuse.html",
        form=form,
        person=registration.person,
        registration=registration,
        season=registration.group_session.season if registration.enrolment_id else None,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/demandes/saison/<uuid:public_id>/accepter")
def accept_season(public_id: UUID) -> ResponseReturnValue:
    """Say yes to a season none of whose dates waits."""
    asked = requested.season_request(g.organisation.id, public_id) or abort(404)
    try:
        outcome = requested.accept_season(asked.id, actor_id=g.person.id)
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".requests"), 303)
    return _answered(outcome)


@blueprint.route("/demandes/saison/<uuid:public_id>/refuser", methods=["GET", "POST"])
def refuse_season(public_id: UUID) -> ResponseReturnValue:
    """Say no to a season none of whose dates waits, after a question; the reason, if any, is in her message."""
    asked = requested.season_request(g.organisation.id, public_id) or abort(404)
    form = RefusalForm()
    if form.validate_on_submit():
        return _answered(requested.refuse_season(asked.id, actor_id=g.person.id, reason=form.motif.data))
    page = render_template(
        "coordinator/registration_refuse.html",
        form=form,
        person=asked.person,
        programme=asked.programme,
        registration=None,
        season=asked.season,
    )
    return page, 422 if form.errors else 200


def _answered(outcome: Outcome) -> ResponseReturnValue:
    flash(outcome.sentence, "ok" if outcome.is_change else "info")
    return redirect(url_for(".requests"), 303)


def _back_to(one: GroupSession) -> ResponseReturnValue:
    return redirect(url_for(".group_session", public_id=one.public_id), 303)
