"""Reports written by hand, to try on them what reads a report."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cpts_sessions.reports.annual.contents import (
    AnnualReport,
    Audience,
    Field,
    Figure,
    Freezing,
    Grid,
    Page,
    Text,
)

EXACT = "4 professionnels (3 sages-femmes, 1 médecin généraliste) se sont inscrits à l’activité"
PUBLIC = "4 professionnels se sont inscrits à l’activité"
#: What nobody but the CPAM may read in what `report()` holds.
ONLY_FOR_THE_CPAM = ("généraliste", "sage-femme", "sages-femmes", "Dominique")
WRITTEN = """## Synthèse

{participants}. La salle est **trop froide**.

- Des échanges *utiles*
- Le [site](https://cpts.example.org/) en parle

### Effets

3. Premier
4. Second
"""


def page(**changes: Any) -> Page:
    """The page of the circles."""
    text = Text(WRITTEN, "Dominique Vasseur", datetime(2026, 1, 3, 9, tzinfo=UTC))
    values = {
        "key": "30",
        "title": "Mettre en place des cercles de paroles",
        "amount_euros": None,
        "fields": (Field("participants", "Les participants", EXACT, PUBLIC, "inscrits", "30"),),
        "figures": (
            Figure("inscrits", "Inscrits distincts", 4, 1, "4 inscrits distincts en 2025, contre 1", "inscrits", "30"),
            Figure("seances", "Séances tenues", 1300, 2, "1 300 séances tenues, contre 2 en 2024", "tenues", "30"),
        ),
        "grids": (professions(), published(), dates()),
        "notes": ("1 séance passée n’est pas close : ses présences ne comptent pas encore.",),
        "proposed": "{participants}.",
        "text": text,
    }
    return Page(**(values | changes))


def professions() -> Grid:
    """The exact table by profession."""
    return Grid(
        "professions",
        "Inscrits par profession",
        ("Profession", "Inscrits"),
        (("sages-femmes", 3), ("médecin généraliste", 1)),
        Audience.CPAM,
        total=("Total", 4),
    )


def published() -> Grid:
    """The table by profession that may be published."""
    columns = ("Profession", "Inscrits")
    return Grid("professions-publiees", "Inscrits", columns, (("professionnels", 4),), Audience.PUBLIC)


def dates() -> Grid:
    """A table of everybody: days, words and numbers."""
    return Grid(
        "dates",
        "Les dates",
        ("Jour", "Lieu", "Présences"),
        ((date(2025, 3, 19), "Maison de santé", 7), (date(2025, 12, 30), None, None)),
        about="Les séances de découverte ne sont pas comptées.",
    )


def report(**changes: Any) -> AnnualReport:
    """A small report of 2025, as of 20 December."""
    requests = Grid("outils", "Sollicitations par outil", ("Outil", "Nombre"), (("GAPP", 12), ("Colloque", 19)))
    helping = page(
        key="27",
        title="Aider les autres CPTS",
        amount_euros=2000,
        fields=(),
        figures=(),
        grids=(requests,),
        notes=(),
        text=Text("Rien d’autre.\n\nUn second paragraphe."),
    )
    values = {
        "organisation": "CPTS du Val d’Ambre",
        "year": 2025,
        "as_of": date(2025, 12, 20),
        "pages": (helping, page()),
        "together": "26 inscrits distincts, GAPP et cercles de paroles réunis",
        "part_variable": "2 000 + 4 000 = 6 000 €",
        "annexes": (replace(dates(), key="calendrier", title="Le calendrier"),),
        "notes": ("Compté avant la fin de l’année.",),
    }
    return AnnualReport(**(values | changes))


def frozen() -> AnnualReport:
    """The same, frozen."""
    return report(freezing=Freezing(datetime(2026, 1, 5, 9, tzinfo=UTC), "Dominique Vasseur"))
