"""A small site that shows the components page, with a form filled in and refused."""

from datetime import UTC, datetime
from types import SimpleNamespace

from flask import Flask, Response, render_template
from flask_wtf import CSRFProtect
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Optional

from cpts_sessions.organisations.brand import brand_css, logo_svg
from cpts_sessions.web.forms import Form, OptionalRadioField
from cpts_sessions.web.templating import install, static_files


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """The choices of a field, from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


FIRST_DAY = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


class ExampleForm(Form):
    """One field of each kind."""

    prenom = StringField("Prénom", validators=[InputRequired()])
    rpps = StringField("RPPS", validators=[Optional()], description="11 chiffres, au dos de votre carte.")
    email = EmailField(
        "Adresse e-mail",
        validators=[InputRequired(), Email("Il manque la fin de l'adresse, par exemple « .org ».")],
        description="Vous y recevrez l'invitation pour votre agenda.",
    )
    telephone = TelField("Téléphone", description="Pour vous prévenir si la séance est annulée le jour même.")
    profession = SelectField(
        "Profession",
        choices=choices(("", "Choisir"), ("orthophoniste", "Orthophoniste")),
        validators=[InputRequired("Choisissez votre profession : elle seule est comptée dans le rapport.")],
    )
    mot = TextAreaField("Un mot à la coordination")
    exercice = RadioField(
        "Mode d'exercice",
        choices=choices(("liberal", "Libéral"), ("salarie", "Salarié")),
        validators=[InputRequired("Choisissez une réponse.")],
    )
    presence = RadioField(
        "Présence",
        choices=choices(("p", "Présent"), ("e", "Excusé"), ("a", "Absent")),
        default="p",
        validators=[InputRequired()],
    )
    fatigue = OptionalRadioField("Ma fatigue", choices=choices(*((str(n), str(n)) for n in range(11))))
    charte = BooleanField(
        "Je respecte la charte du groupe : ce qui se dit ici reste ici.",
        validators=[InputRequired("La charte protège le groupe : cochez-la pour venir.")],
    )
    neutre = BooleanField("Titre neutre dans mon agenda", default=True)
    jour = DateField("Jour", validators=[InputRequired()])
    heure = TimeField("Heure de début", validators=[InputRequired()])
    places = IntegerField("Nombre de places", validators=[InputRequired()])
    fichier = FileField("Fichier à importer", description="CSV ou XLSX, 10 Mo au plus.")
    dispositifs = SelectMultipleField(
        "Dispositifs", choices=choices(("gapp", "GAPP"), ("cercle", "Cercles de paroles"))
    )


def page_context() -> dict[str, object]:
    """What the components page and its layout show: an invented organisation, its addresses, a message."""
    return {
        "first_day": FIRST_DAY,
        "organisation": SimpleNamespace(
            name="CPTS du Val d'Ambre",
            mail_address="coordination@example.org",
            help_line="SPS 0 805 23 23 36",
            crisis_line="3114",
            emergency_line="15",
            is_demonstration=True,
        ),
        "brand_url": "/marque.css",
        "logo_url": "/logo.svg",
        "demonstration_roles": [("/d/c", "coordination"), ("/d/a", "animation"), ("/d/p", "participante")],
        "demonstration_start_url": "/commencer",
        "sign_out_url": "/deconnexion",
        "messages_to_show": [("ok", "C'est enregistré.")],
    }


def components_site(colour: str = "#1c6b62") -> Flask:
    """An application with the components page at `/`; a POST shows it refused."""
    site = Flask("components", static_folder=None)
    site.config.update(SECRET_KEY="for these tests only", TESTING=True)
    CSRFProtect(site)
    install(site)

    @site.route("/", methods=["GET", "POST"])
    def components() -> str:
        form = ExampleForm(prenom="Nadia", places=12)
        if form.is_submitted():
            form.validate()
        return render_template("components.html", form=form, example=form, **page_context())

    @site.get("/marque.css")
    def brand() -> Response:
        return Response(brand_css(colour), mimetype="text/css")

    @site.get("/logo.svg")
    def logo() -> Response:
        return Response(logo_svg(colour), mimetype="image/svg+xml")

    site.wsgi_app = static_files(site)  # type: ignore[method-assign, assignment]
    return site
