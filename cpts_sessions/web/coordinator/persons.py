"""The directory: everybody the CPTS knows, and somebody new. No name is ever in an address."""

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import Length

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.people.queries import active_professions, profession_labels
from cpts_sessions.people.search import Among, Wanted, search
from cpts_sessions.people.services import add
from cpts_sessions.web.coordinator import blueprint, typed
from cpts_sessions.web.coordinator.person_form import ProfessionField
from cpts_sessions.web.coordinator.record_form import RecordForm
from cpts_sessions.web.forms import Form

_WORDS = "people_words"  # what is looked for stays in the browser: a name in an address would be kept by every log


class SearchForm(Form):
    """Whom to look for."""

    q = StringField(
        "Chercher une personne",
        filters=[typed.one_line],
        validators=[Length(max=120)],
        description="Nom, prénom ou adresse. Accents et majuscules sans importance.",
    )
    profession = ProfessionField("Profession")
    parmi = SelectField(
        "Parmi",
        choices=typed.choices(
            (
                (Among.EVERYBODY.value, "Tout le monde"),
                (Among.MEMBERS.value, "Membres"),
                (Among.OTHERS.value, "Non-membres"),
                (Among.WITHOUT_EMAIL.value, "Sans e-mail"),
            )
        ),
    )

    def asked(self, *, is_search: bool) -> dict[str, Any]:
        """What the address says of it."""
        values = {"profession": self.profession.data, "parmi": self.parmi.data, "recherche": "1" if is_search else ""}
        return {name: value for name, value in values.items() if value and value != Among.EVERYBODY}


@blueprint.get("/personnes")
def persons() -> ResponseReturnValue:
    """Show the directory, or those of it that are looked for."""
    labels = profession_labels(g.site.id)
    words = session.get(_WORDS, "") if "recherche" in request.args else ""
    among = request.args.get("parmi", "")
    wanted = Wanted(
        words=words,
        profession_slug=request.args.get("profession", ""),
        among=Among(among) if among in list(Among) else Among.EVERYBODY,
    )
    form = _form(labels, {"q": words, "profession": wanted.profession_slug, "parmi": wanted.among.value})
    page = max(1, request.args.get("page", 1, int))
    asked = form.asked(is_search=bool(words))
    return render_template(
        "coordinator/persons.html",
        search=form,
        found=search(g.site.id, wanted, page=page),
        labels=labels,
        asked=asked,
        page_base=f"{url_for('.persons', **asked)}{'&' if asked else '?'}page=",
    )


@blueprint.post("/personnes/chercher")
def search_persons() -> ResponseReturnValue:
    """Keep what is looked for in this browser, and show it."""
    form = _form(profession_labels(g.site.id))
    if not form.validate():
        flash("Rien ne correspond à cette recherche.", "warn")
        return redirect(url_for(".persons"), 303)
    session[_WORDS] = form.q.data
    return redirect(url_for(".persons", **form.asked(is_search=bool(form.q.data))), 303)


@blueprint.route("/personnes/nouvelle", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    """Add somebody to the directory, without any seat and without a word to her."""
    form = RecordForm()
    form.profession.offer(active_professions(g.site.id))
    if form.validate_on_submit():
        try:
            person = add(g.site.id, form.told(), is_member=form.membre.data, rpps=form.rpps.data, actor_id=g.person.id)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Enregistré.", "ok")
            if form.warning:
                flash(form.warning, "warn")
            return redirect(url_for(".person", public_id=person.public_id), 303)
    return render_template("coordinator/person_new.html", form=form), 422 if form.errors else 200


def _form(labels: dict[str, str], shown: dict[str, str] | None = None) -> SearchForm:
    form = SearchForm(data=shown)
    known = sorted(labels.items(), key=lambda pair: pair[1])
    form.profession.choices = typed.choices([("", "Toutes"), *known])
    return form
