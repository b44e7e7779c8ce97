"""Whoever is handed an attestation checks its code: what was printed is confirmed, and nothing more."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from cpts_sessions.attendance import standing
from cpts_sessions.attendance.attested import read_code
from cpts_sessions.web.forms import Form
from cpts_sessions.web.public import blueprint


class CodeForm(Form):
    """A code, in the address of the page: looking changes nothing."""

    class Meta(Form.Meta):
        """It needs no token, hence no cookie."""

        csrf = False

    code = StringField("Code", description="Douze caractères, sous le code QR : 7K2M\u20119QTR\u20114BXW, par exemple.")


@blueprint.get("/verifier")
def verify() -> ResponseReturnValue:
    """Ask for a code; one in the address leads to its page."""
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".verified", code=read_code(typed) or typed[:40]), 303)
    return _page(CodeForm(formdata=None))


@blueprint.get("/verifier/<code>")
def verified(code: str) -> ResponseReturnValue:
    """Say what a code confirms."""
    found = standing.check(g.site.id, code)
    form = CodeForm(formdata=None, data={"code": "" if found else code})
    return _page(form, found=found, asked=read_code(code) or code, status=200 if found else 404)


def _page(
    form: CodeForm, *, found: standing.Checked | None = None, asked: str = "", status: int = 200
) -> ResponseReturnValue:
    return render_template("public/verify.html", form=form, found=found, asked=asked), status
