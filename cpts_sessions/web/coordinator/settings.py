"""What the CPTS says of itself, and how it looks."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.fields import ColorField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.organisations import services
from cpts_sessions.organisations.brand import hex_colour
from cpts_sessions.organisations.brand_sample import sample_svg
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.onward import onward
from cpts_sessions.web.forms import Form

_UNCHANGED = ("Rien à enregistrer : tout était déjà ainsi.", "info")
_SAVED = ("Enregistré.", "ok")


def _line(label: str, description: str = "", most: int = 120) -> Field:
    return StringField(label, filters=[typed.one_line], validators=[Length(max=most)], description=description)


def _needed(label: str, description: str = "") -> Field:
    return StringField(
        label,
        filters=[typed.one_line],
        validators=[DataRequired("Remplissez ce champ."), Length(max=120)],
        description=description,
    )


def _term(label: str, least: int, most: int) -> Field:
    between = NumberRange(least, most, f"Écrivez un nombre de {least} à {most}.")
    return IntegerField(label, validators=[InputRequired(f"Écrivez un nombre de {least} à {most}."), between])


class OrganisationForm(Form):
    """Who the CPTS is, where it usually meets, whom to call in distress; fields are named as the columns."""

    name = _needed("Nom de la CPTS", "Comme il s’écrit partout : « CPTS du Val d’Ambre ».")
    phone = _line("Téléphone", most=30)
    postal_address = _line("Adresse postale", "Sur les pages légales.", 200)
    place_name = _line("Lieu habituel")
    place_address = _line("Adresse du lieu", most=200)
    town = _line("Commune", "Seule montrée au public pour un dispositif confidentiel.")
    place_access = _line("Accès", "Code, étage, stationnement : dans les messages seulement.", 200)
    signatory_name = _line("Qui signe les attestations", "Nom et prénom ; « La coordination » si rien n’est écrit.")
    signatory_function = _line("Sa fonction", "Par exemple : coordinatrice, présidente de la CPTS.")
    help_line = _needed("Ligne d’aide", "Au pied de chaque page et dans les questionnaires.")
    crisis_line = _needed("Prévention du suicide")
    emergency_line = _needed("Danger immédiat")


class ColourForm(Form):
    """A colour."""

    class Meta(Form.Meta):
        """Looking at a colour changes nothing: it needs no token."""

        csrf = False

    couleur = ColorField("Couleur de la CPTS")


class LogoForm(Form):
    """A logo."""

    logo = FileField(
        "Logo", validators=[FileRequired("Choisissez une image.")], description="PNG, JPEG ou WebP, 200 ko au plus."
    )


class LegalForm(Form):
    """What the legal pages say, under the names they have there, and how long things are kept."""

    statut = _line("Statut", "Par exemple : association régie par la loi du 1er juillet 1901.", 200)
    immatriculation = _line("Immatriculation", "SIRET ou numéro RNA.")
    responsable_publication = _line("Responsable de la publication")
    dpo = _line("Délégué à la protection des données", "Nom et adresse, s’il y en a un.", 200)
    hebergeur = _line("Hébergeur")
    adresse_hebergeur = _line("Adresse de l’hébergeur", most=200)
    telephone_hebergeur = _line("Téléphone de l’hébergeur", most=30)
    prestataire_messages = _line("Prestataire d’envoi des messages")
    transferts = TextAreaField(
        "Transferts hors de l’Union européenne", filters=[typed.one_line], validators=[Length(max=500)]
    )
    delai_emargement = _line("Feuilles d’émargement après le contrat", "« 5 ans » si rien n’est écrit.", 30)
    lien_source = _line("Adresse du code source", most=200)
    registration_months = _term("Inscriptions et présences, en mois après la séance", 1, 60)
    person_months = _term("Fiche sans activité, en mois", 6, 60)
    message_months = _term("Messages envoyés, en mois", 1, 24)
    audit_years = _term("Journal des actions, en années", 1, 6)
    attestation_years = _term("Attestations, en années", 1, 10)
    backup_days = _term("Sauvegardes, en jours", 7, 365)


_TERMS = ("registration_months", "person_months", "message_months", "audit_years", "attestation_years", "backup_days")


@blueprint.route("/reglages", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Change who the CPTS is, where it meets, and the numbers of help."""
    form = OrganisationForm(obj=g.organisation)
    if form.validate_on_submit():
        said = {name: field.data or "" for name, field in form._fields.items() if name != "csrf_token"}
        flash(*(_SAVED if services.describe(g.site.id, said, actor_id=g.person.id) else _UNCHANGED))
        return redirect(url_for(".settings"), 303)
    page = render_template("coordinator/settings.html", form=form, may_administer=g.roles.is_administrator)
    return page, 422 if form.errors else 200


@blueprint.get("/reglages/apparence")
def appearance() -> ResponseReturnValue:
    """Show the colour and the logo; a colour in the address is shown before it is kept."""
    return _appearance(LogoForm(), request.args.get("couleur", ""))


@blueprint.post("/reglages/couleur")
def keep_colour() -> ResponseReturnValue:
    """Keep the colour that was looked at."""
    is_change = services.paint(g.site.id, request.form.get("couleur", ""), actor_id=g.person.id)
    flash(*(_SAVED if is_change else _UNCHANGED))
    return redirect(onward(url_for(".appearance")), 303)


@blueprint.post("/reglages/logo")
def keep_logo() -> ResponseReturnValue:
    """Keep a logo."""
    form = LogoForm()
    if form.validate_on_submit():
        try:
            services.give_logo(g.site.id, form.logo.data.read(), actor_id=g.person.id)
        except RuleBroken as refusal:
            form.logo.errors = [str(refusal)]
        else:
            flash(*_SAVED)
            return redirect(onward(url_for(".appearance")), 303)
    return _appearance(form)


@blueprint.post("/reglages/logo/retirer")
def remove_logo() -> ResponseReturnValue:
    """Go back to the ring of seats."""
    flash(*(_SAVED if services.take_logo_away(g.site.id, actor_id=g.person.id) else _UNCHANGED))
    return redirect(onward(url_for(".appearance")), 303)


@blueprint.get("/reglages/couleur.svg")
def colour_sample() -> ResponseReturnValue:
    """Draw what a colour gives, in both themes."""
    asked = request.args.get("couleur", "")
    if not _is_colour(asked):
        abort(404)
    return Response(sample_svg(asked), mimetype="image/svg+xml")


@blueprint.route("/reglages/textes-legaux", methods=["GET", "POST"])
def legal() -> ResponseReturnValue:
    """Change what the legal pages say, and how long things are kept."""
    row = g.organisation
    form = LegalForm(data={**row.legal, **{name: getattr(row, name) for name in _TERMS}})
    if form.validate_on_submit():
        told = {name: field.data for name, field in form._fields.items() if name not in {*_TERMS, "csrf_token"}}
        others = {name: text for name, text in row.legal.items() if name not in told}  # what this page does not ask
        is_change = services.state_the_law(
            g.site.id, {**others, **told}, {name: form[name].data for name in _TERMS}, actor_id=g.person.id
        )
        flash(*(_SAVED if is_change else _UNCHANGED))
        return redirect(url_for(".legal"), 303)
    return render_template("coordinator/settings_legal.html", form=form), 422 if form.errors else 200


def look(form: LogoForm, asked: str = "") -> dict[str, Any]:
    """What `_appearance.html` reads: the colour asked for, or the one of today, and the logo."""
    colour = hex_colour(asked if _is_colour(asked) else g.site.brand_color)
    return {
        "form": form,
        "colour_form": ColourForm(formdata=None, data={"couleur": colour}),
        "colour": colour,
        "is_new": colour != g.site.brand_color,
        "has_logo": g.site.logo_type is not None,
    }


def _appearance(form: LogoForm, asked: str = "") -> ResponseReturnValue:
    return render_template("coordinator/settings_appearance.html", **look(form, asked)), 422 if form.errors else 200


def _is_colour(text: str) -> bool:
    try:
        return bool(hex_colour(text))
    except ValueError:
        return False
