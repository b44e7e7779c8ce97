"""What the report says of each question: verbs and complements, in the order of its paragraphs.

A question that a CPTS asks in other words has no sentence here: none is better than a wrong one. The forms are the same
in the indicative and the subjunctive, so that they stay right after « aucun ».
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, agree
from cpts_sessions.reports.sentences.opinions import Statement


@dataclass(frozen=True)
class Opinion:
    """Those who chose one of these options say something. `positive` empty: the item's own `positive`."""

    item: str
    statement: Statement
    positive: tuple[str, ...] = ()
    row: str | None = None


@dataclass(frozen=True)
class Perception:
    """The words that respondents choose for whoever animates."""

    item: str


@dataclass(frozen=True)
class Citation:
    """What respondents choose in a list: « effet », « effets ». `apart` are the choices that name none."""

    item: str
    one: str
    many: str
    gender: Gender
    apart: tuple[str, ...] = ()


Told = Opinion | Perception | Citation

_YES = ("Plutôt oui", "Tout à fait")
_RETURN = Statement("souhaite", "souhaitent", "poursuivre ou revenir")


def told_of(slug: str, names: ProgrammeNames) -> Sequence[Told]:
    """Return what the report tells of a questionnaire, in order; nothing when it is not one of the application's.

    Args:
        slug: of the questionnaire.
        names: what the sessions of the programme are called.
    """
    if slug == "gapp_eval":
        return _of_practice_groups(names)
    return _OF_CIRCLES if slug == "cercle_eval" else ()


def _of_practice_groups(names: ProgrammeNames) -> Sequence[Told]:
    satisfying = agree(names.gender, "satisfaisants", "satisfaisantes")
    return (
        Opinion(
            "g1",
            Statement("juge", "jugent", f"les {names.plural} {satisfying}"),
            ("Très satisfaisants", "Plutôt satisfaisants"),
        ),
        *_OF_SUPPORT,
        Opinion("g4", Statement("estime", "estiment", "le rythme adapté"), ("Adapté",)),
        Opinion("g5", Statement("estime", "estiment", "la durée adaptée"), ("Adaptée",)),
        *_OF_BALANCE,
        Opinion("g10", _RETURN),
        Citation("g3", "apport", "apports", Gender.MASCULINE, ("Aucune aide particulière",)),
        Citation("g7", "effet", "effets", Gender.MASCULINE, ("Aucun effet pour l’instant",)),
        Citation("g8", "amélioration", "améliorations", Gender.FEMININE, ("Rien à changer",)),
    )


def _agreed(item: str, rows: Sequence[tuple[str, Statement]]) -> tuple[Opinion, ...]:
    return tuple(Opinion(item, statement, _YES, row) for row, statement in rows)


_OF_SUPPORT = _agreed(
    "g2",
    (
        (
            "l’accompagnement était adapté à votre situation",
            Statement(
                *("juge", "jugent"),
                "l’accompagnement adapté à sa situation",
                "l’accompagnement adapté à leur situation",
            ),
        ),
        ("l’intervenant était disponible", Statement("juge", "jugent", "l’intervenant disponible")),
        ("les outils proposés étaient pertinents", Statement("juge", "jugent", "les outils pertinents")),
        ("l’animation était structurée", Statement("juge", "jugent", "l’animation structurée")),
        (
            "le cadre était sécurisant et la confidentialité respectée",
            Statement("juge", "jugent", "le cadre sécurisant"),
        ),
        ("chacun a pu prendre la parole", Statement("dit", "disent", "avoir vu chacun prendre la parole")),
    ),
)

_OF_BALANCE = tuple(
    Opinion("g6", Statement("juge", "jugent", f"équilibrée la place de {what}"), ("Équilibrée",), row)
    for row, what in (
        ("expression personnelle", "l’expression personnelle"),
        ("co-construction", "la co-construction"),
        ("apport méthodologique", "l’apport méthodologique"),
    )
)

_OF_CIRCLES: Sequence[Told] = (
    Opinion("c1", Statement("déclare", "déclarent", "que le rythme et la durée des séances conviennent")),
    Perception("c2"),
    *_agreed(
        "c3",
        (
            ("je peux m’exprimer librement", Statement("dit", "disent", "s’exprimer librement")),
            ("on m’écoute sans jugement", Statement("dit", "disent", "recevoir une écoute sans jugement")),
            ("la confidentialité est respectée", Statement("juge", "jugent", "la confidentialité respectée")),
            (
                "je trouve un soutien professionnel et humain",
                Statement("dit", "disent", "trouver un soutien professionnel et humain"),
            ),
        ),
    ),
    Opinion("c5", _RETURN),
    Citation(
        *("c6", "amélioration", "améliorations", Gender.FEMININE),
        ("Rien à changer", "Cette pratique ne me correspond pas"),
    ),
)
