"""The form of one session: shapes only. Whether it may stand so is for the rules, under the lock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.validators import URL, InputRequired, Length, Optional

from cpts_sessions.core.clock import local
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.programmes.places import Place
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.registrations.planning import Fate
from cpts_sessions.registrations.sessions import Plan
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.forms import Form

_DAY = "Indiquez le jour, par exemple 16/03/2027."
_HOUR = "Indiquez l’heure, par exemple 20:00."
_NUMBER = "Écrivez un nombre."
_LONG = "Ce texte est trop long."


class PlaceFields(Form):
    """Where a session takes place; every part may be left empty."""

    lieu = StringField("Lieu", filters=[typed.one_line], validators=[Length(max=200, message=_LONG)])
    adresse = StringField("Adresse", filters=[typed.one_line], validators=[Length(max=200, message=_LONG)])
    commune = StringField(
        "Commune",
        filters=[typed.one_line],
        validators=[Length(max=100, message=_LONG)],
        description="Pour un dispositif confidentiel, c’est tout ce que la page publique dit du lieu.",
    )
    acces = StringField(
        "Accès",
        filters=[typed.one_line],
        validators=[Length(max=300, message=_LONG)],
        description="Interphone, étage, stationnement : seulement dans les messages aux inscrits.",
    )
    visio = URLField(
        "Lien de visioconférence",
        filters=[typed.one_line],
        validators=[Optional(), Length(max=500, message=_LONG), URL(message="Ce lien ne semble pas complet.")],
        description="Seulement dans les messages aux inscrits.",
    )

    def place(self) -> Place:
        """The place as typed."""
        return Place(
            name=self.lieu.data,
            address=self.adresse.data,
            access=self.acces.data,
            town=self.commune.data,
            video_url=self.visio.data or "",
        )


class SessionForm(PlaceFields):
    """One session that stands: when, where, for how many."""

    jour = DateField("Jour", validators=[InputRequired(_DAY)])
    debut = TimeField("Début", validators=[InputRequired(_HOUR)])
    fin = TimeField("Fin", validators=[Optional()], description="Vide : la durée du dispositif.")
    places = IntegerField("Places", validators=[InputRequired(_NUMBER)])
    minimum = IntegerField("Minimum", validators=[InputRequired(_NUMBER)])
    ouverture = DateTimeLocalField("Ouverture des inscriptions", validators=[Optional()])
    cloture = DateTimeLocalField("Clôture des inscriptions", validators=[Optional()])
    decouverte = BooleanField(
        "Séance de découverte",
        description="Ouverte à qui veut essayer ; comptée à part, jamais parmi les participants.",
    )
    remarque = TextAreaField(
        "Remarque",
        filters=[typed.several_lines],
        validators=[Length(max=1000, message=_LONG)],
        description="Visible de tous sur la page de la séance. Ni patient ni collègue.",
    )
    revision = HiddenField()

    def plan(self, default_minutes: int) -> Plan:
        """The whole plan of a session that stands."""
        new = self.new_session()
        return Plan(
            starts_at=new.starts_at,
            ends_at=new.ends_at or new.starts_at + timedelta(minutes=default_minutes),
            place=self.place(),
            capacity=self.places.data or 0,
            minimum=self.minimum.data or 0,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            is_discovery=new.is_discovery,
            remark=new.remark,
        )

    def new_session(self) -> NewSession:
        """The session to create, without its own place when none was typed."""
        place = self.place()
        return NewSession(
            starts_at=typed.instant(self.jour.data, self.debut.data),
            ends_at=typed.instant(self.jour.data, self.fin.data) if self.fin.data else None,
            place=None if place == Place() else place,
            capacity=self.places.data,
            minimum=self.minimum.data,
            opens_at=typed.instant_or_none(self.ouverture.data),
            closes_at=typed.instant_or_none(self.cloture.data),
            is_discovery=self.decouverte.data,
            remark=self.remarque.data,
        )


class AnimatedBy(Form):
    """Who animates, among those who do."""

    animation = SelectMultipleField("Animation", description="Elle reçoit ses propres invitations d’agenda.")

    def offer(self, persons: Sequence[Person]) -> None:
        """Say among whom."""
        self.animation.choices = typed.person_choices(persons)

    def animator_ids(self, persons: Sequence[Person]) -> list[int]:
        """The ids of those who were ticked."""
        ticked = {UUID(value) for value in self.animation.data or []}
        return [person.id for person in persons if person.public_id in ticked]


class NewSessionForm(SessionForm, AnimatedBy):
    """One session to plan."""

    dispositif = SelectField("Dispositif")
    devenir = RadioField(
        "Et ensuite ?",
        choices=typed.choices(
            (
                (Fate.DRAFT.value, "La garder en préparation : personne ne la voit encore"),
                (Fate.OPEN.value, "L’ouvrir aux inscriptions maintenant"),
                (Fate.HELD.value, "Saisie après coup : elle a déjà eu lieu, personne ne sera prévenu"),
            )
        ),
        default=Fate.DRAFT.value,
        validators=[InputRequired("Dites ce que devient la séance.")],
    )


class WordForm(Form):
    """The coordination's own sentence in the messages of a change."""

    mot = TextAreaField(
        "Un mot de votre part",
        filters=[typed.several_lines],
        validators=[Length(max=1000, message=_LONG)],
        description="Il figure dans chaque message. Ni nom ni raison personnelle.",
    )


def shown(group_session: GroupSession) -> dict[str, Any]:
    """The values with which the form of a session opens."""
    start, end = local(group_session.starts_at), local(group_session.ends_at)
    return {
        "jour": start.date(),
        "debut": start.time(),
        "fin": end.time(),
        "places": group_session.capacity,
        "minimum": group_session.minimum,
        "lieu": group_session.place_name,
        "adresse": group_session.place_address,
        "commune": group_session.town,
        "acces": group_session.place_access,
        "visio": group_session.video_url,
        "ouverture": typed.wall(group_session.opens_at),
        "cloture": typed.wall(group_session.closes_at),
        "decouverte": group_session.is_discovery,
        "remarque": group_session.remark,
        "revision": group_session.revision,
    }


def defaults(programme: Programme, place: Place) -> dict[str, Any]:
    """The values with which the form of a new session of a programme opens."""
    return {
        "dispositif": str(programme.public_id),
        "places": programme.capacity,
        "minimum": programme.minimum,
        "lieu": place.name,
        "adresse": place.address,
        "commune": place.town,
        "acces": place.access,
    }
