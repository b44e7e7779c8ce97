"""Her sessions, and who comes: names and professions, nothing else; and what she tells the coordination of one."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.evening import queries as evening
from cpts_sessions.evening import services
from cpts_sessions.people import queries as people
from cpts_sessions.programmes import wording
from cpts_sessions.questionnaires.card_entry import takes_cards
from cpts_sessions.registrations import animated
from cpts_sessions.registrations.agenda import Announced
from cpts_sessions.web.animator import blueprint
from cpts_sessions.web.animator.finding import hers_or_404
from cpts_sessions.web.forms import Form


class NoteForm(Form):
    """A few words for the coordination: nothing of what was said in the room."""

    note = TextAreaField(
        "Note pour la coordination",
        description="La salle, le matériel, l’horaire. Ni patient ni collègue, rien de ce qui s’est dit.",
        validators=[Length(max=1000, message="1 000 caractères au plus.")],
    )


@blueprint.get("/")
def sessions() -> ResponseReturnValue:
    """Show the sessions she animates: those whose presences are to be noted first, then those to come."""
    hers = animated.sessions_of(g.site.id, g.person.id, g.roles.programme_ids)
    at = now()
    near = [one for one in hers if evening.is_to_note(one.group_session, at)]
    others = [one for one in hers if not evening.is_to_note(one.group_session, at)]
    return render_template(
        "animator/sessions.html",
        near=near,
        to_come=[one for one in others if one.group_session.ends_at > at],
        past=[one for one in reversed(others) if one.group_session.ends_at <= at],
        place=wording.place,
        at=at,
    )


@blueprint.route("/seances/<uuid:public_id>", methods=["GET", "POST"])
def group_session(public_id: UUID) -> ResponseReturnValue:
    """Show who comes to one of her sessions, and keep her note for the coordination."""
    one = hers_or_404(public_id)
    known = evening.note_of(one.group_session.id)
    form = NoteForm(data={"note": known.text if known else ""})
    if form.validate_on_submit():
        try:
            services.write_note(one.group_session.id, form.note.data or "", actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Note enregistrée. La coordination la lit sur la page de la séance.", "ok")
            return redirect(url_for(".group_session", public_id=public_id), 303)
    return _page(one, form), 422 if form.errors else 200


def _page(one: Announced, form: NoteForm) -> str:
    labels = people.profession_labels(g.site.id)
    return render_template(
        "animator/group_session.html",
        shown=one,
        session_=one.group_session,
        programme=one.group_session.programme,
        place=wording.place(one.group_session),
        coming=[(name, labels.get(slug or "", "")) for name, slug in animated.coming(one.group_session)],
        professions=[(labels.get(slug, ""), count) for slug, count in animated.professions(one.group_session)],
        evening=evening.evening_of(one.group_session),
        is_given=any(animator.person_id == g.person.id for animator in one.group_session.animators),
        takes_cards=takes_cards(one.group_session),
        form=form,
    )
