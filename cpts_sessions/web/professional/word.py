"""« Un mot à la coordination »: a few signed words, for what should not wait."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.questionnaires import wording, words
from cpts_sessions.web.forms import Form
from cpts_sessions.web.professional import blueprint
from cpts_sessions.web.typing_rules import readable_lines

_SENT = typo("Votre mot est arrivé. La coordination vous répondra par e-mail.")


class WordForm(Form):
    """What she wants to say; signed by who is signed in."""

    mot = TextAreaField(
        "Votre mot",
        description="Ni patient ni collègue, rien de ce qui s’est dit en séance.",
        filters=[readable_lines],
        validators=[
            DataRequired(words.EMPTY),
            Length(max=words.LONGEST, message=f"{words.LONGEST} caractères au plus."),
        ],
    )


@blueprint.route("/mot", methods=["GET", "POST"])
def word() -> ResponseReturnValue:
    """Take a few words and tell the coordination that they are there."""
    form = WordForm()
    if form.validate_on_submit():
        try:
            words.send(g.person.id, form.mot.data)
        except RuleBroken as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_SENT, "ok")
            return redirect(url_for(".my_page"), 303)
    page = render_template(
        "professional/word.html",
        form=form,
        person=g.person,
        longest=words.LONGEST,
        month=wording.month_of_reading(today().year, today()),
    )
    return page, 422 if form.errors else 200
