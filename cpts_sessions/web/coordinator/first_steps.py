"""The first steps of a new CPTS, one thing per page: each may be passed over, and taken up again anywhere."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.installation import first_steps as steps
from cpts_sessions.installation import trial_message
from cpts_sessions.installation.first_steps import State, Step
from cpts_sessions.organisations import services
from cpts_sessions.programmes import starting_points
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.web.coordinator import blueprint, making_known, settings, typed
from cpts_sessions.web.forms import Form
from cpts_sessions.web.typing_rules import mailbox

#: What each step is called on its page, and in the row of steps.
NAMES = {
    Step.NAME: ("Le nom de votre CPTS, tel qu’il paraîtra dans les messages", "Nom"),
    Step.MAILBOX: ("L’adresse d’où partent les messages", "Messages"),
    Step.LOOK: ("Votre logo et votre couleur", "Logo"),
    Step.PROGRAMME: ("Votre premier dispositif, à partir d’un modèle", "Dispositif"),
    Step.DATES: ("Vos premières dates", "Dates"),
    Step.MEMBERS: ("La liste de vos membres", "Membres"),
    Step.POSTER: ("Votre affiche est prête", "Affiche"),
}
_ANY = "<any(nom, boite, logo, dispositif, dates, membres, affiche):step>"


class NameForm(settings.OrganisationForm):
    """The name, how to call, where one usually meets: what the messages need; the rest is in the settings."""

    postal_address = signatory_name = signatory_function = None
    help_line = crisis_line = emergency_line = None


class MailboxForm(Form):
    """The address that every message leaves from."""

    mail_address = EmailField(
        "L’adresse d’où partent les messages",
        filters=[typed.one_line],
        validators=[
            InputRequired("Écrivez une adresse."),
            Length(max=254),
            mailbox("Cette adresse n’est pas complète."),
        ],
        description="Prenez de préférence une boîte réservée à cet usage : les réponses des agendas y arrivent.",
    )


@blueprint.get("/premiers-pas")
def first_steps() -> ResponseReturnValue:
    """Show every step and where it stands, and lead to the one to take up again."""
    return render_template("coordinator/first_steps.html", standing=steps.standing(g.organisation), names=NAMES)


@blueprint.route("/premiers-pas/nom", methods=["GET", "POST"])
def name_step() -> ResponseReturnValue:
    """Ask for the name, and for what the messages say with it."""
    form = NameForm(obj=g.organisation)
    if form.validate_on_submit():
        said = {name: field.data or "" for name, field in form._fields.items() if name != "csrf_token"}
        services.describe(g.site.id, said, actor_id=g.person.id)
        return _next(Step.NAME, State.DONE)
    return _page(Step.NAME, form=form)


@blueprint.route("/premiers-pas/boite", methods=["GET", "POST"])
def mailbox_step() -> ResponseReturnValue:
    """Show what the messages leave from, and let an administrator change the address."""
    form = MailboxForm(obj=g.organisation)
    if g.roles.is_administrator and form.validate_on_submit():
        address = form.mail_address.data or ""
        try:
            services.move_house(g.site.id, public_url=g.site.public_url, mail_address=address, actor_id=g.person.id)
        except RuleBroken as refusal:
            form.mail_address.errors = [str(refusal)]
        else:
            flash("Enregistré. Envoyez maintenant un message d’essai.", "ok")
            return redirect(url_for(".mailbox_step"), 303)
    return _page(
        Step.MAILBOX,
        form=form,
        me=g.person,
        may_administer=g.roles.is_administrator,
        server=trial_message.server_name(),
        inbox=trial_message.inbox_name(),
    )


@blueprint.post("/premiers-pas/boite/essai")
def send_trial() -> ResponseReturnValue:
    """Send a trial message to whoever asks, and open the mailbox of answers when there is one."""
    try:
        trial_message.send_trial(g.organisation, g.person)
    except RuleBroken as refusal:
        flash(str(refusal), "warn")
    else:
        unread = trial_message.mailbox_trouble()
        if unread:
            flash(f"La boîte des réponses ne se lit pas : {unread}.", "bad")
        elif unread is not None:
            flash("La boîte des réponses se lit.", "ok")
    return redirect(url_for(".mailbox_step", _anchor="essai"), 303)


@blueprint.post("/premiers-pas/boite/recu")
def trial_arrived() -> ResponseReturnValue:
    """Note that the trial message arrived."""
    trial_message.note_arrived(g.site.id)
    flash("Message d’essai bien arrivé.", "ok")
    return _next(Step.MAILBOX, State.DONE)


@blueprint.get("/premiers-pas/logo")
def look_step() -> ResponseReturnValue:
    """Show the logo and the colour; a colour in the address is shown before it is kept."""
    return _page(Step.LOOK, **settings.look(settings.LogoForm(), request.args.get("couleur", "")))


@blueprint.get("/premiers-pas/dispositif")
def programme_step() -> ResponseReturnValue:
    """Show the programmes that are there to be adapted, and the starting points not used yet."""
    every = programmes_of(g.site.id, with_archived=True)
    slugs = {one.slug for one in every}
    models = [(slug, starting_points.starting_point(slug, g.organisation)) for slug in starting_points.SLUGS]
    return _page(
        Step.PROGRAMME,
        programmes=[one for one in every if not one.is_archived],
        models=[(slug, plan.name) for slug, plan in models if plan.slug not in slugs],
    )


@blueprint.get("/premiers-pas/dates")
def dates_step() -> ResponseReturnValue:
    """Lead to the series of dates, and say what is planned already."""
    return _page(Step.DATES, programmes=programmes_of(g.site.id))


@blueprint.get("/premiers-pas/membres")
def members_step() -> ResponseReturnValue:
    """Lead to the import of the directory, which says what it would do before it does it."""
    return _page(Step.MEMBERS)


@blueprint.get("/premiers-pas/affiche")
def poster_step() -> ResponseReturnValue:
    """Give what makes the dates known."""
    return _page(Step.POSTER, **making_known.shown())


@blueprint.post(f"/premiers-pas/{_ANY}/continuer")
def pass_step(step: str) -> ResponseReturnValue:
    """Go on: this step is done."""
    return _next(Step(step), State.DONE)


@blueprint.post(f"/premiers-pas/{_ANY}/passer")
def skip_step(step: str) -> ResponseReturnValue:
    """Go on without it; it stays possible."""
    return _next(Step(step), State.SKIPPED)


@blueprint.post("/premiers-pas/ne-plus-montrer")
def dismiss_first_steps() -> ResponseReturnValue:
    """Say nothing of them on the desk any more."""
    steps.dismiss(g.site.id)
    flash("Les premiers pas ne sont plus sur le bureau. Ils restent dans les réglages.", "ok")
    return redirect(url_for(".desk"), 303)


def _next(step: Step, state: State) -> ResponseReturnValue:
    steps.mark(g.site.id, step, state)
    following = steps.after(step)
    return redirect(f"{url_for('.first_steps')}/{following.value}" if following else url_for(".first_steps"), 303)


def _page(step: Step, **shown: Any) -> ResponseReturnValue:
    form = shown.get("form")
    page = render_template(
        f"coordinator/first_steps_{step.value}.html",
        step=step,
        title=NAMES[step][0],
        names=[short for _, short in NAMES.values()],
        place=steps.STEPS.index(step) + 1,
        standing=steps.standing(g.organisation),
        here_url=f"{url_for('.first_steps')}/{step.value}",
        **shown,
    )
    return page, 422 if form is not None and form.errors else 200
