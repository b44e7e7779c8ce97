"""Who may do what, and in which browsers: given, taken back, closed."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from cpts_sessions.accounts import queries, services
from cpts_sessions.accounts.leaving import last_day_of
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_public_id
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.web.admin import blueprint
from cpts_sessions.web.forms import Form
from cpts_sessions.web.typing_rules import mailbox, one_line

#: What each role is called, and what it opens.
ROLES = {
    RoleName.ANIMATOR: ("Animation", "Ses séances : qui vient, et les présences."),
    RoleName.COORDINATOR: ("Coordination", "La saison, les inscriptions, les personnes, le rapport."),
    RoleName.ADMINISTRATOR: ("Administration", "Tout cela, les accès et l’installation."),
}


class GrantForm(Form):
    """Who is given which access."""

    email = EmailField(
        "Adresse e-mail",
        filters=[one_line],
        validators=[
            InputRequired("Indiquez son adresse : elle entre avec elle."),
            Length(max=254),
            mailbox(),
        ],
    )
    nom = StringField(
        "Prénom et nom",
        filters=[one_line],
        validators=[Length(max=160)],
        description="Nécessaires si la CPTS ne la connaît pas, ou si plusieurs personnes ont cette adresse.",
    )
    acces = RadioField(
        "Accès",
        choices=[SelectChoice(role.value, f"{name} : {about}") for role, (name, about) in ROLES.items()],
        validators=[InputRequired("Choisissez un accès.")],
    )
    dispositif = SelectField("Pour l’animation", description="Toutes ses séances, ou un dispositif entier.")


@blueprint.get("/")
def accesses() -> ResponseReturnValue:
    """Show who may do what, and in which browsers they are signed in."""
    roles = queries.roles_given(g.site.id)
    return render_template(
        "admin/accesses.html",
        roles=roles,
        last_day=last_day_of,
        is_alone={role.person_id for role in roles} <= {g.person.id},
        words={role.value: name for role, (name, _) in ROLES.items()},
        programmes={one.id: one.name for one in programmes_of(g.site.id, with_archived=True)},
        sign_ins=[one for one in queries.sign_ins_of_staff(g.site.id) if one.person_id != g.person.id],
    )


@blueprint.route("/acces/donner", methods=["GET", "POST"])
def grant() -> ResponseReturnValue:
    """Give an access; whoever receives it is told by mail."""
    form = GrantForm()
    programmes = programmes_of(g.site.id)
    form.dispositif.choices = [SelectChoice("", "Les séances qui lui sont confiées")]
    form.dispositif.choices += [SelectChoice(one.slug, one.name) for one in programmes]
    if form.validate_on_submit():
        role = RoleName(form.acces.data)
        chosen = [one.id for one in programmes if one.slug == form.dispositif.data and role is RoleName.ANIMATOR]
        try:
            person = services.grant(
                g.organisation,
                form.email.data,
                role,
                name=form.nom.data or None,
                programme_id=chosen[0] if chosen else None,
                actor=g.person,
            )
        except RuleBroken as refusal:
            form.nom.errors = [str(refusal)]
        else:
            flash(f"Accès donné à {person.full_name}.", "ok")
            return redirect(url_for(".accesses"), 303)
    return render_template("admin/grant.html", form=form), 422 if form.errors else 200


@blueprint.route(
    "/acces/<uuid:public_id>/<any(animator, coordinator, administrator):role>/retirer", methods=["GET", "POST"]
)
def revoke(public_id: UUID, role: str) -> ResponseReturnValue:
    """Take an access back, at once and on every device."""
    person, name = _person_or_404(public_id), RoleName(role)
    if name not in queries.roles_of(person).names:
        abort(404)
    refused = ""
    if request.method == "POST":
        try:
            services.revoke(person, name, actor=g.person)
        except RuleBroken as refusal:
            refused = str(refusal)
        else:
            flash("Accès retiré, dès maintenant.", "ok")
            return redirect(url_for(".accesses"), 303)
    page = render_template("admin/revoke.html", person=person, space=ROLES[name][0], refused=refused)
    return page, 422 if refused else 200


@blueprint.post("/connexions/<uuid:public_id>/fermer")
def close_sign_ins(public_id: UUID) -> ResponseReturnValue:
    """Sign somebody out of every browser."""
    services.close_for(_person_or_404(public_id), actor=g.person)
    flash("Connexion fermée.", "ok")
    return redirect(url_for(".accesses"), 303)


def _person_or_404(public_id: UUID) -> Person:
    person = by_public_id(g.site.id, public_id)
    if person is None or person.erased_at:
        abort(404)
    return person
