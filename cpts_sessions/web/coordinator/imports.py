"""A file of persons, sessions, presences or requests: what it would do, line by line; then one button for all of it."""

import csv
from contextlib import closing
from io import StringIO
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from cpts_sessions.attendance import import_trial
from cpts_sessions.attendance.import_trial import Owner, Plan, Trial, What
from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.queries import members_among
from cpts_sessions.programmes.queries import programmes_of
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.absent_members import keep
from cpts_sessions.web.coordinator.onward import came_from, onward
from cpts_sessions.web.forms import Form

_BOM = "\ufeff"  # so that tableurs read UTF-8
_GONE = "Ce fichier n’attend plus : une heure a passé, ou il est déjà enregistré. Choisissez-le à nouveau."


#: What a file may be a list of: its page, the page where what it brought is seen, and the words for it.
_PAGES = {
    What.PEOPLE: (".import_people", ".persons", "Des personnes"),
    What.SESSIONS: (".import_sessions", ".group_sessions", "Des séances"),
    What.ATTENDANCE: (".import_attendance", ".group_sessions", "Des présences"),
    What.REQUESTS: (".import_requests", ".help_requests", "Des sollicitations (action 27)"),
}


class FileForm(Form):
    """A file."""

    fichier = FileField(
        "Fichier",
        validators=[FileRequired("Choisissez un fichier.")],
        description="CSV ou Excel, jusqu’à 10 Mo. L’ordre des colonnes, les accents et les majuscules n’importent pas.",
    )


class SessionsFileForm(FileForm):
    """A file of sessions."""

    sans_messages = BooleanField("Sans message", description="Personne n’est prévenu, même pour les séances à venir.")

    def plan(self) -> Plan:
        """What to do with the file."""
        return Plan(what=What.SESSIONS, with_mail=not self.sans_messages.data)


class PeopleFileForm(SessionsFileForm):
    """A file of persons, perhaps for a season."""

    dispositif = SelectField("Inscrire aussi à un dispositif")
    annee = IntegerField("Pour l’année", validators=[Optional(), NumberRange(2000, 2099, "Une année, comme 2027.")])

    def validate_dispositif(self, field: Any) -> None:
        """Refuse a programme without its year.

        Raises:
            ValidationError: the year is missing.
        """
        if field.data and not (self.annee.raw_data or [""])[0].strip():
            raise ValidationError("Indiquez l’année de la saison.")

    def plan(self) -> Plan:
        """What to do with the file; a year alone enrols nobody."""
        slug = self.dispositif.data or None
        year = self.annee.data if slug else None
        return Plan(what=What.PEOPLE, programme_slug=slug, year=year, with_mail=not self.sans_messages.data)


class AttendanceFileForm(FileForm):
    """A file of presences, of one programme."""

    dispositif = SelectField("Dispositif", validators=[InputRequired("Choisissez le dispositif.")])

    def plan(self) -> Plan:
        """What to do with the file; no message leaves."""
        return Plan(what=What.ATTENDANCE, programme_slug=self.dispositif.data, with_mail=False)


class RequestsFileForm(FileForm):
    """A table of the requests of a year."""

    annee = IntegerField(
        "Année de ces sollicitations",
        validators=[InputRequired("Indiquez l’année."), NumberRange(2000, 2099, "Une année, comme 2027.")],
    )

    def plan(self) -> Plan:
        """What to do with the file; no message leaves."""
        return Plan(what=What.REQUESTS, year=self.annee.data, with_mail=False)


@blueprint.route("/import", methods=["GET", "POST"])
def import_people() -> ResponseReturnValue:
    """Take a file of persons."""
    form = PeopleFileForm(data={"annee": today().year})
    names = [(one.slug, one.name) for one in programmes_of(g.site.id)]
    form.dispositif.choices = typed.choices([("", "Non, le répertoire seulement"), *names])
    return _take(form, What.PEOPLE)


@blueprint.route("/import/seances", methods=["GET", "POST"])
def import_sessions() -> ResponseReturnValue:
    """Take a file of sessions."""
    return _take(SessionsFileForm(), What.SESSIONS)


@blueprint.route("/import/presences", methods=["GET", "POST"])
def import_attendance() -> ResponseReturnValue:
    """Take a file of presences."""
    form = AttendanceFileForm()
    names = [(one.slug, one.name) for one in programmes_of(g.site.id, with_archived=True)]
    form.dispositif.choices = typed.choices([("", "Choisir"), *names])
    return _take(form, What.ATTENDANCE)


@blueprint.route("/import/sollicitations", methods=["GET", "POST"])
def import_requests() -> ResponseReturnValue:
    """Take a table of the requests of a year."""
    return _take(RequestsFileForm(data={"annee": request.args.get("annee", today().year, type=int)}), What.REQUESTS)


@blueprint.route("/import/<any(personnes, seances, presences, sollicitations):what>/<token>", methods=["GET", "POST"])
def trial(what: str, token: str) -> ResponseReturnValue:
    """Show what a file would do, then do it."""
    found = import_trial.find(_owner(), What(what), token)
    form = Form()
    if found is None:
        flash(_GONE, "warn")
        return redirect(_form_url(What(what)), 303)
    return _import(found, form) if form.validate_on_submit() else _show(found, form)


@blueprint.get("/import/<any(personnes, seances, presences, sollicitations):what>/<token>/lignes-refusees.csv")
def refused_lines(what: str, token: str) -> ResponseReturnValue:
    """Give the refused lines back, each with why, to be corrected in a tableur."""
    found = import_trial.find(_owner(), What(what), token)
    if found is None:
        abort(404)
    text = StringIO()
    csv.writer(text, delimiter=";").writerows(import_trial.refused_rows(found))
    answer = Response(_BOM + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="lignes-refusees.csv"'
    return answer


def _owner() -> Owner:
    return Owner(organisation_id=g.site.id, person_id=g.person.id)


def _form_url(what: What) -> str:
    return url_for(_PAGES[what][0], suite=came_from())


def _take(form: SessionsFileForm | AttendanceFileForm | RequestsFileForm, what: What) -> ResponseReturnValue:
    if form.validate_on_submit():
        with closing(form.fichier.data) as file:
            data, filename = file.read(), file.filename or ""
        try:
            tried = import_trial.try_out(_owner(), form.plan(), data, filename)
        except RuleBroken as refusal:
            form.fichier.errors = [str(refusal)]
        else:
            return redirect(url_for(".trial", what=what.value, token=tried.token, suite=came_from()), 303)
    kinds = [(url_for(page), words, one is what) for one, (page, _, words) in _PAGES.items()]
    page = render_template("coordinator/import.html", form=form, what=what.value, kinds=kinds)
    return page, 422 if form.errors else 200


def _import(tried: Trial, form: Form) -> ResponseReturnValue:
    """Write everything; when the directory has changed since the trial and a line is now refused, say so."""
    try:
        report = import_trial.carry_out(tried)
    except RuleBroken as refusal:
        form.form_errors.append(str(refusal))
        return _show(tried, form)
    if report.is_refused:
        form.form_errors.append(report.refusal)
        tried = import_trial.try_out(tried.owner, tried.plan, tried.data, tried.filename)
        return _show(tried, form)
    flash(f"{report.summary} {report.mails_sentence if report.mails else ''}".strip(), "ok")
    year = tried.plan.year if tried.plan.what is What.REQUESTS else None
    seen_at = url_for(_PAGES[tried.plan.what][1], annee=year)
    return redirect(onward(keep(report.absent_members) or seen_at), 303)


def _show(tried: Trial, form: Form) -> ResponseReturnValue:
    programme = next(
        (one.name for one in programmes_of(g.site.id, with_archived=True) if one.slug == tried.plan.programme_slug), ""
    )
    page = render_template(
        "coordinator/import_trial.html",
        form=form,
        trial=tried,
        report=tried.report,
        programme=programme,
        absent=members_among(g.site.id, tried.report.absent_members),
        is_people=tried.plan.what is What.PEOPLE,
        back_url=_form_url(tried.plan.what),
        url=url_for(".trial", what=tried.plan.what.value, token=tried.token, suite=came_from()),
        refused_url=url_for(".refused_lines", what=tried.plan.what.value, token=tried.token),
    )
    return page, 422 if form.errors else 200
