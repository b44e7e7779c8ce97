"""What the law wants said: personal data, who publishes, accessibility. The words are ours, the values the CPTS's."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from cpts_sessions.web.public import blueprint


@blueprint.get("/donnees")
def personal_data() -> ResponseReturnValue:
    """Tell what is kept of whom, why, how long, and what everybody may ask."""
    return _page("public/personal_data.html")


@blueprint.get("/mentions-legales")
def publisher() -> ResponseReturnValue:
    """Tell who publishes and who hosts."""
    return _page("public/publisher.html")


@blueprint.get("/accessibilite")
def accessibility() -> ResponseReturnValue:
    """Tell how far the pages can be used by everyone, and whom to write to."""
    return _page("public/accessibility.html")


def _page(template: str) -> ResponseReturnValue:
    g.is_same_for_everyone = True
    row = g.organisation
    return render_template(template, cpts_row=row, legal={name: text for name, text in row.legal.items() if text})
