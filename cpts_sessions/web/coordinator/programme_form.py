"""The form of a programme: shapes only."""

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cpts_sessions.programmes.models import Audience
from cpts_sessions.programmes.plans import ProgrammePlan
from cpts_sessions.questionnaires.definition import defaults
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.forms import Form

_NUMBER = "Écrivez un nombre."


def _words(label: str, description: str = "", *, required: str = "", most: int = 120) -> StringField:
    validators = [Length(max=most, message=f"{most} caractères au plus.")]
    if required:
        validators.insert(0, InputRequired(required))
    return StringField(label, filters=[typed.one_line], validators=validators, description=description)


class ProgrammeForm(Form):
    """Everything the coordination says of a programme."""

    nom = _words("Nom du dispositif", "Au pluriel s’il y a lieu : « Cercles de paroles ».", required="Indiquez le nom.")
    titre = _words("Titre d’une séance", "Par exemple « Cercle de paroles ».", required="Indiquez le titre.")
    singulier = _words(
        "Au singulier, dans une phrase", "« cercle de paroles », en minuscules.", required="Indiquez le singulier."
    )
    pluriel = _words("Au pluriel, dans une phrase", "« cercles de paroles ».", required="Indiquez le pluriel.")
    genre = RadioField(
        "Genre du nom",
        choices=typed.choices((("m", "Masculin : un GAPP"), ("f", "Féminin : une formation"))),
        default="m",
    )
    slug = _words(
        "Nom court", "Pour les imports et le rapport : en minuscules, avec des tirets. Vide : tiré du titre.", most=60
    )
    description = TextAreaField(
        "Présentation",
        filters=[typed.several_lines],
        validators=[Length(max=10_000)],
        description="Sur les pages publiques. Une ligne vide sépare deux paragraphes ; **gras**, - liste et [lien](https://…).",
    )
    charte = TextAreaField(
        "Charte à accepter",
        filters=[typed.several_lines],
        validators=[Length(max=10_000)],
        description="Une phrase par ligne ; elles sont numérotées à l’écran. Vide : rien à accepter.",
    )
    public = RadioField(
        "Qui peut venir",
        choices=typed.choices(
            (
                (Audience.ALL.value, "Tous les professionnels de santé du territoire"),
                (Audience.MEMBERS.value, "Les membres de la CPTS tout de suite, les autres sur demande"),
            )
        ),
        default=Audience.ALL.value,
    )
    dates_ensemble = BooleanField(
        "Ses dates vont ensemble : on s’inscrit à toutes, comme à une formation",
        description="Le rapport la compte à part, jamais avec les autres dispositifs. Un deuxième groupe de la même "
        "formation est un autre dispositif.",
    )
    confidentiel = BooleanField(
        "Dispositif confidentiel",
        description="Messages, invitations d’agenda et fichiers portent un titre neutre, « Réunion CPTS » ; "
        "les pages publiques ne disent que la commune. L’adresse exacte n’est que dans les messages.",
    )
    compte_animation = BooleanField(
        "Compter l’animation parmi les participants",
        description="Le rapport dit alors « dont l’animateur », et donne aussi le nombre sans elle.",
    )
    rappel_semaine = BooleanField(
        "Rappeler la séance une semaine avant",
        description="À chaque personne qui a une place et un e-mail, sept jours avant à 10 h.",
        default=True,
    )
    rappel_veille = BooleanField(
        "Rappeler la séance la veille",
        description="La veille à 18 h, avec le lieu et l’accès. Qui s’est inscrit trop tard pour un rappel ne l’a pas.",
        default=True,
    )
    questionnaire = RadioField(
        "Questionnaire",
        choices=typed.choices((("", "Aucun"), *((one.key, one.title) for one in defaults()))),
        description="Envoyé une fois par an à qui est venu, le lendemain de sa première présence. "
        "Un autre choix vaut pour les urnes à venir.",
        default="",
    )
    action = IntegerField(
        "Action de l’ACI",
        validators=[Optional(), NumberRange(1, 99, "Un nombre de 1 à 99.")],
        description="29 pour les GAPP, 30 pour les cercles de paroles. Vide : avec les autres rencontres du rapport.",
    )
    part_variable = IntegerField(
        "Part variable, en euros",
        validators=[Optional(), NumberRange(0, 1_000_000, "Un montant en euros.")],
        description="Ce que l’atteinte de l’action rapporte. Vide : rien.",
    )
    duree = IntegerField("Durée d’une séance, en minutes", validators=[InputRequired(_NUMBER)])
    places = IntegerField("Places", validators=[InputRequired(_NUMBER)])
    minimum = IntegerField(
        "Minimum",
        validators=[InputRequired(_NUMBER)],
        description="En dessous, trois jours avant, vous décidez de maintenir.",
    )
    lieu = _words("Lieu habituel", "Vide : celui de la CPTS. Recopié dans chaque séance, où il se change.", most=200)
    adresse = _words("Adresse", most=200)
    commune = _words("Commune", most=100)
    acces = _words("Accès", "Seulement dans les messages aux inscrits.", most=300)

    def plan(self) -> ProgrammePlan:
        """The programme as typed."""
        return ProgrammePlan(
            name=self.nom.data,
            session_title=self.titre.data,
            singular=self.singulier.data,
            plural=self.pluriel.data,
            slug=self.slug.data,
            gender=self.genre.data,
            description=self.description.data,
            charter=self.charte.data,
            audience=self.public.data,
            action=self.action.data,
            part_variable_euros=self.part_variable.data,
            duration_minutes=self.duree.data or 0,
            capacity=self.places.data or 0,
            minimum=self.minimum.data or 0,
            place_name=self.lieu.data,
            place_address=self.adresse.data,
            place_access=self.acces.data,
            town=self.commune.data,
            goes_together=self.dates_ensemble.data,
            is_confidential=self.confidentiel.data,
            counts_animators=self.compte_animation.data,
            reminds_week_before=self.rappel_semaine.data,
            reminds_day_before=self.rappel_veille.data,
            questionnaire_slug=self.questionnaire.data or None,
        )


def shown(plan: Any) -> dict[str, Any]:
    """The values with which the form opens, from a `Programme` or a `ProgrammePlan`."""
    return {
        "nom": plan.name,
        "titre": plan.session_title,
        "singulier": plan.singular,
        "pluriel": plan.plural,
        "slug": plan.slug,
        "genre": plan.gender,
        "description": plan.description,
        "charte": plan.charter,
        "public": str(plan.audience),
        "action": plan.action,
        "part_variable": plan.part_variable_euros,
        "duree": plan.duration_minutes,
        "places": plan.capacity,
        "minimum": plan.minimum,
        "lieu": plan.place_name,
        "adresse": plan.place_address,
        "acces": plan.place_access,
        "commune": plan.town,
        "dates_ensemble": plan.goes_together,
        "confidentiel": plan.is_confidential,
        "compte_animation": plan.counts_animators,
        "rappel_semaine": plan.reminds_week_before,
        "rappel_veille": plan.reminds_day_before,
        "questionnaire": plan.questionnaire_slug or "",
    }
