"""The programmes one starts from, with their texts, charters and settings: GAPP and cercles de paroles, that a new CPTS
has; and a training.
"""

from pathlib import Path

from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import help_phrase
from cpts_sessions.programmes.models import Audience
from cpts_sessions.programmes.plans import ProgrammePlan

TEXTS = Path(__file__).parent / "texts"
#: What a new CPTS has.
FIRST = ("gapp", "cercle-de-paroles")
#: What a new programme may start from.
SLUGS = (*FIRST, "formation")


def starting_point(slug: str, organisation: Organisation) -> ProgrammePlan:
    """Return the plan of one of `SLUGS`, its texts filled with the help numbers of this CPTS.

    Raises:
        KeyError: there is no such starting point.
    """
    return {"gapp": gapp, "cercle-de-paroles": cercles, "formation": training}[slug](organisation)


def gapp(organisation: Organisation) -> ProgrammePlan:
    """Return GAPP: action 29, two hours, open to all professionals of the territory."""
    return ProgrammePlan(
        slug="gapp",
        name="GAPP",
        session_title="GAPP",
        singular="GAPP",
        plural="GAPP",
        description=_text("gapp-description.md", organisation),
        charter=_text("gapp-charte.txt", organisation),
        action=29,
        part_variable_euros=4000,
        duration_minutes=120,
        questionnaire_slug="gapp_eval",
    )


def cercles(organisation: Organisation) -> ProgrammePlan:
    """Return cercles de paroles: action 30, an hour and a half, confidential, for members and others on request."""
    return ProgrammePlan(
        slug="cercle-de-paroles",
        name="Cercles de paroles",
        session_title="Cercle de paroles",
        singular="cercle de paroles",
        plural="cercles de paroles",
        description=_text("cercle-de-paroles-description.md", organisation),
        charter=_text("cercle-de-paroles-charte.txt", organisation),
        audience=Audience.MEMBERS,
        action=30,
        duration_minutes=90,
        is_confidential=True,
        questionnaire_slug="cercle_eval",
    )


def training(organisation: Organisation) -> ProgrammePlan:
    """Return a training: its dates go together, and whoever gives it is not trained.

    It has no short name of its own: a CPTS has as many trainings as it gives, each with a title of its own.
    """
    return ProgrammePlan(
        name="Formation",
        session_title="Formation",
        singular="séance de formation",
        plural="séances de formation",
        gender="f",
        description=_text("formation-description.md", organisation),
        charter=_text("formation-charte.txt", organisation),
        goes_together=True,
        counts_animators=False,
    )


def _text(name: str, organisation: Organisation) -> str:
    text = (TEXTS / name).read_text(encoding="utf-8").strip()
    return text.replace("{aide}", help_phrase(organisation)).replace("{ligne_ecoute}", organisation.help_line)
