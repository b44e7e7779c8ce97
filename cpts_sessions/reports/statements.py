"""What the report says of each question: verbs and complements, in the order of its paragraphs.

A question that a CPTS asks in other words has no sentence here: none is better than a wrong one. The forms are the same
in the indicative and the subjunctive, so that they stay right after « aucun ».
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, agree
from cpts_sessions.reports.sentences.opinions import Statement


@dataclass(frozen=True)
class Name:
    """How the text of a report quotes a sentence, `{rythme}`, and what its editor calls it: « Rythme »."""

    key: str
    label: str


@dataclass(frozen=True)
class Opinion:
    """Those who chose one of these options say something. `positive` empty: the item's own `positive`."""

    name: Name
    item: str
    statement: Statement
    positive: tuple[str, ...] = ()
    row: str | None = None


@dataclass(frozen=True)
class Perception:
    """The words that respondents choose for whoever animates."""

    name: Name
    item: str


@dataclass(frozen=True)
class Citation:
    """What respondents choose in a list: « effet », « effets ». `apart` are the choices that name none.

    `is_proposed` is False where the comments that were read say it better: the text of the report leaves it out until
    it is asked for.
    """

    name: Name
    item: str
    one: str
    many: str
    gender: Gender
    apart: tuple[str, ...] = ()
    is_proposed: bool = True


Told = Opinion | Perception | Citation

_YES = ("Plutôt oui", "Tout à fait")
_RETURN = (Name("revenir", "Revenir"), Statement("souhaite", "souhaitent", "poursuivre ou revenir"))
_IMPROVEMENTS = Name("ameliorations", "Améliorations citées")


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
            Name("satisfaction", "Satisfaction"),
            "g1",
            Statement("juge", "jugent", f"les {names.plural} {satisfying}"),
            ("Très satisfaisants", "Plutôt satisfaisants"),
        ),
        *_OF_SUPPORT,
        Opinion(Name("rythme", "Rythme"), "g4", Statement("estime", "estiment", "le rythme adapté"), ("Adapté",)),
        Opinion(Name("duree", "Durée"), "g5", Statement("estime", "estiment", "la durée adaptée"), ("Adaptée",)),
        *_OF_BALANCE,
        Opinion(_RETURN[0], "g10", _RETURN[1]),
        Citation(
            *(Name("apports", "Apports cités"), "g3", "apport", "apports", Gender.MASCULINE),
            ("Aucune aide particulière",),
        ),
        Citation(
            *(Name("effets_cites", "Effets cités"), "g7", "effet", "effets", Gender.MASCULINE),
            ("Aucun effet pour l’instant",),
        ),
        Citation(_IMPROVEMENTS, "g8", "amélioration", "améliorations", Gender.FEMININE, ("Rien à changer",)),
    )


def _agreed(item: str, rows: Sequence[tuple[Name, str, Statement]]) -> tuple[Opinion, ...]:
    return tuple(Opinion(name, item, statement, _YES, row) for name, row, statement in rows)


_OF_SUPPORT = _agreed(
    "g2",
    (
        (
            Name("accompagnement", "Accompagnement"),
            "l’accompagnement était adapté à votre situation",
            Statement(
                *("juge", "jugent"),
                "l’accompagnement adapté à sa situation",
                "l’accompagnement adapté à leur situation",
            ),
        ),
        (
            Name("disponibilite", "Disponibilité"),
            "l’intervenant était disponible",
            Statement("juge", "jugent", "l’intervenant disponible"),
        ),
        (
            Name("outils", "Outils"),
            "les outils proposés étaient pertinents",
            Statement("juge", "jugent", "les outils pertinents"),
        ),
        (
            Name("animation_structuree", "Animation structurée"),
            "l’animation était structurée",
            Statement("juge", "jugent", "l’animation structurée"),
        ),
        (
            Name("cadre", "Cadre"),
            "le cadre était sécurisant et la confidentialité respectée",
            Statement("juge", "jugent", "le cadre sécurisant"),
        ),
        (
            Name("parole", "Prise de parole"),
            "chacun a pu prendre la parole",
            Statement("dit", "disent", "avoir vu chacun prendre la parole"),
        ),
    ),
)

_OF_BALANCE = tuple(
    Opinion(Name(key, label), "g6", Statement("juge", "jugent", f"équilibrée la place de {what}"), ("Équilibrée",), row)
    for key, label, row, what in (
        ("expression_personnelle", "Expression personnelle", "expression personnelle", "l’expression personnelle"),
        ("co_construction", "Co-construction", "co-construction", "la co-construction"),
        ("methode", "Apport méthodologique", "apport méthodologique", "l’apport méthodologique"),
    )
)

_OF_CIRCLES: Sequence[Told] = (
    Opinion(
        Name("rythme_et_duree", "Rythme et durée"),
        "c1",
        Statement("déclare", "déclarent", "que le rythme et la durée des séances conviennent"),
    ),
    Perception(Name("animation", "Animation"), "c2"),
    *_agreed(
        "c3",
        (
            (
                Name("expression", "Expression"),
                "je peux m’exprimer librement",
                Statement("dit", "disent", "s’exprimer librement"),
            ),
            (
                Name("ecoute", "Écoute"),
                "on m’écoute sans jugement",
                Statement("dit", "disent", "recevoir une écoute sans jugement"),
            ),
            (
                Name("confidentialite", "Confidentialité"),
                "la confidentialité est respectée",
                Statement("juge", "jugent", "la confidentialité respectée"),
            ),
            (
                Name("soutien", "Soutien"),
                "je trouve un soutien professionnel et humain",
                Statement("dit", "disent", "trouver un soutien professionnel et humain"),
            ),
        ),
    ),
    Opinion(_RETURN[0], "c5", _RETURN[1]),
    Citation(
        *(_IMPROVEMENTS, "c6", "amélioration", "améliorations", Gender.FEMININE),
        ("Rien à changer", "Cette pratique ne me correspond pas"),
        is_proposed=False,
    ),
)
