"""A series of dates: typed or every few weeks, shown one by one before anything is created."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from cpts_sessions.core.clock import at, local, now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import WEEKDAYS, counted, day, hour, hours, weekday_day
from cpts_sessions.programmes import queries
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.programmes.places import Place, default_place
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.programmes.series import Rhythm, public_holiday, rhythm_days, typed_days
from cpts_sessions.registrations import desk, planning
from cpts_sessions.registrations.planning import Fate
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.onward import onward
from cpts_sessions.web.coordinator.planned import followers_told
from cpts_sessions.web.coordinator.session_form import AnimatedBy, PlaceFields, defaults

_LIST, _RHYTHM = "liste", "rythme"


class SeriesForm(PlaceFields, AnimatedBy):
    """The dates of a series, and what its sessions share."""

    dispositif = SelectField("Dispositif")
    comment = RadioField(
        "Les dates",
        choices=typed.choices(((_RHYTHM, "Un même jour, toutes les une ou plusieurs semaines"), (_LIST, "Une liste"))),
        default=_RHYTHM,
    )
    jour_semaine = SelectField("Jour", choices=typed.choices((str(n), name) for n, name in enumerate(WEEKDAYS)))
    semaines = SelectField(
        "Rythme",
        choices=typed.choices(
            (("1", "chaque semaine"), ("2", "une semaine sur deux"), ("3", "une sur trois"), ("4", "une sur quatre"))
        ),
        default="2",
    )
    premier = DateField("À partir du", validators=[Optional()])
    dernier = DateField("Jusqu’au", validators=[Optional()])
    nombre = IntegerField("Ou nombre de séances", description="L’un des deux suffit.", validators=[Optional()])
    liste = TextAreaField(
        "Liste de dates",
        filters=[typed.several_lines],
        validators=[Length(max=5000)],
        description="Une par ligne : 16/03/2027, 2027-03-16 ou mardi 16 mars 2027.",
    )
    debut = TimeField("Début", validators=[InputRequired("Indiquez l’heure, par exemple 20:00.")])
    fin = TimeField("Fin", validators=[Optional()], description="Vide : la durée du dispositif.")
    places = IntegerField("Places", validators=[InputRequired("Écrivez un nombre.")])
    minimum = IntegerField("Minimum", validators=[InputRequired("Écrivez un nombre.")])
    decouverte = BooleanField("Séances de découverte")

    def days(self) -> list[date]:
        """The dates it gives.

        Raises:
            RuleBroken: none, too many, or one is not understood.
        """
        if self.comment.data == _LIST:
            return typed_days(self.liste.data)
        first = self.premier.data or today()
        rhythm = Rhythm(
            weekday=int(self.jour_semaine.data),
            weeks=int(self.semaines.data),
            first=first,
            until=self.dernier.data,
            number=self.nombre.data,
        )
        return rhythm_days(rhythm)

    def to_correct(self) -> Field:
        """The field to look at when days() refuses."""
        if self.comment.data == _LIST:
            return self.liste
        return self.premier if self.dernier.data or self.nombre.data else self.nombre

    def session_on(self, one_day: date) -> NewSession:
        """The session of one of its days."""
        place = self.place()
        return NewSession(
            starts_at=typed.instant(one_day, self.debut.data),
            ends_at=typed.instant(one_day, self.fin.data) if self.fin.data else None,
            place=None if place == Place() else place,
            capacity=self.places.data,
            minimum=self.minimum.data,
            is_discovery=self.decouverte.data,
        )


class DatesForm(AnimatedBy):
    """Which dates of the preview are kept, and what becomes of them."""

    dates = SelectMultipleField("Dates à créer", validators=[InputRequired("Gardez au moins une date.")])
    devenir = RadioField(
        "Et ensuite ?",
        choices=typed.choices(
            (
                (Fate.DRAFT.value, "Les garder en préparation : personne ne les voit encore"),
                (Fate.OPEN.value, "Les ouvrir aux inscriptions maintenant"),
            )
        ),
        default=Fate.DRAFT.value,
        validators=[InputRequired("Dites ce que deviennent les séances.")],
    )


@dataclass(frozen=True)
class Proposed:
    """One date of the preview, and what to look at before keeping it."""

    day: date
    words: str
    remarks: list[str]
    is_past: bool


@blueprint.route("/seances/serie", methods=["GET", "POST"])
def series() -> ResponseReturnValue:
    """Ask for the dates, show them, create those that stay ticked."""
    offered = queries.programmes_of(g.organisation.id)
    if not offered:
        flash("Aucun dispositif. Commencez par un modèle : GAPP ou cercles de paroles.", "info")
        return redirect(url_for(".programmes"), 303)
    animators = desk.possible_animators(g.organisation.id)
    form = SeriesForm(data=_opening(offered))
    form.offer(animators)
    form.dispositif.choices = typed.choices((str(one.public_id), one.name) for one in offered)
    if not typed.goes_back() and form.validate_on_submit():
        try:
            days = form.days()
        except RuleBroken as refusal:
            form.to_correct().errors = [str(refusal)]
        else:
            return _preview_or_create(form, days, offered, form.animator_ids(animators))
    page = render_template("coordinator/series.html", form=form)
    return page, 422 if form.errors else 200


def _opening(offered: list[Programme]) -> dict[str, Any]:
    wanted = request.args.get("dispositif")
    programme = next((one for one in offered if str(one.public_id) == wanted), offered[0])
    return {**defaults(programme, default_place(programme, g.organisation)), "premier": today(), "debut": time(20)}


def _preview_or_create(
    form: SeriesForm, days: list[date], offered: list[Programme], animator_ids: list[int]
) -> ResponseReturnValue:
    programme = next(one for one in offered if str(one.public_id) == form.dispositif.data)
    proposed = _proposed(days, form, programme)
    is_second = request.form.get("etape") == "creer"
    dates = DatesForm(formdata=request.form if is_second else None, data={"dates": _kept_at_first(proposed)})
    dates.dates.choices = typed.choices((one.day.isoformat(), one.words) for one in proposed)
    dates.animation.choices = form.animation.choices
    if is_second and dates.validate():
        chosen = [form.session_on(date.fromisoformat(value)) for value in dates.dates.data]
        try:
            fate = Fate(dates.devenir.data)
            planned = planning.plan_sessions(programme.id, chosen, fate, animator_ids, actor_id=g.person.id)
        except RuleBroken as refusal:
            dates.form_errors.append(str(refusal))
        else:
            flash(
                f"{counted(len(chosen), 'séance créée', 'séances créées')}." + followers_told(planned.followers), "ok"
            )
            year = date.fromisoformat(dates.dates.data[0]).year
            return redirect(onward(url_for(".group_sessions", annee=year, dispositif=programme.public_id)), 303)
    page = render_template(
        "coordinator/series_preview.html",
        form=dates,
        proposed=proposed,
        programme=programme,
        summary=_summary(days),
        hours=_hours(form, programme),
        typed=[pair for pair in typed.kept() if pair[0] not in ("dates", "devenir")],
    )
    return page, 422 if dates.errors else 200


def _proposed(days: list[date], form: SeriesForm, programme: Programme) -> list[Proposed]:
    planned = queries.sessions_between(g.organisation.id, at(days[0], time()), at(days[-1] + timedelta(days=1), time()))
    return [
        Proposed(
            day=one,
            words=weekday_day(one),
            remarks=_remarks(one, [other for other in planned if local(other.starts_at).date() == one]),
            is_past=form.session_on(one).starts_at <= now(),
        )
        for one in days
    ]


def _remarks(one_day: date, same_day: Sequence[GroupSession]) -> list[str]:
    holiday = public_holiday(one_day)
    remarks = [f"Jour férié : {holiday}."] if holiday else []
    for other in same_day:
        start, end = local(other.starts_at), local(other.ends_at)
        remarks.append(f"Déjà ce jour-là : {other.programme.session_title}, {hours(start, end)}.")
    return remarks


def _kept_at_first(proposed: list[Proposed]) -> list[str]:
    """Every date but those past, those of holidays and those already taken by a session."""
    return [one.day.isoformat() for one in proposed if not one.remarks and not one.is_past]


def _summary(days: list[date]) -> str:
    if len(days) == 1:
        return f"1 séance sera créée, le {day(days[0])}."
    return f"{len(days)} séances seront créées, du {day(days[0])} au {day(days[-1])}, sauf celles que vous décochez."


def _hours(form: SeriesForm, programme: Programme) -> str:
    start = form.debut.data
    if form.fin.data:
        return hours(start, form.fin.data)
    end = typed.instant(today(), start) + timedelta(minutes=programme.duration_minutes)
    return f"de {hour(start)} à {hour(local(end))}"
