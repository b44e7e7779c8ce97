"""What one part of the season brings to the report: its dates, its people, what they say of it; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cpts_sessions.core import french
from cpts_sessions.reports.annual import pieces, published, tables
from cpts_sessions.reports.annual.contents import Field, Figure
from cpts_sessions.reports.annual.evaluated import effects_piece, evaluation_piece
from cpts_sessions.reports.annual.pieces import Piece, field, figure, joined, key_of, of_whom, quoting
from cpts_sessions.reports.card_effects import CardEffects
from cpts_sessions.reports.evaluation import Evaluation
from cpts_sessions.reports.listings import What
from cpts_sessions.reports.season import Part, SeasonReport
from cpts_sessions.reports.sentences.grammar import ProgrammeNames
from cpts_sessions.reports.sentences.sessions import sessions_sentence

AT_LEAST = french.typo("Certaines présences ont été relevées sans nom : les nombres de personnes sont des minimums.")

_SESSIONS, _PEOPLE = ("seances", "decouvertes", "annulees"), ("participants",)
_TRAINING = ("formes", "annulees")
_COUNTED = (
    ("seances_tenues", pieces.HELD, What.HELD),
    ("inscrits", pieces.ENROLLED, What.ENROLLED),
    ("presents", pieces.PRESENT, What.PRESENT),
    ("presences", pieces.ATTENDANCES, What.ATTENDANCES),
)
_OF_TRAININGS = (("formes", pieces.TRAINED, What.PRESENT), _COUNTED[3])


@dataclass(frozen=True)
class Year:
    """Everything counted of one year, and of the year before.

    `known`: the programmes of which something is known of the year before, or earlier.
    """

    report: SeasonReport
    before: SeasonReport
    evaluations: Mapping[int, Evaluation]
    evaluations_before: Mapping[int, Evaluation]
    cards: Mapping[int, CardEffects]
    known: frozenset[int]

    def year_before(self, part: Part) -> Part | None:
        """Return the same part a year before; None when nothing is known of that year."""
        return self.before.part(part.key) if self.known & set(part.programme_ids) else None


def action_piece(year: Year, part: Part) -> Piece:
    """Return what the programmes of one action bring to its page, with the headings of its text.

    The text of action 29 says no participants, that of action 30 no cancelled date: it is what the agreement asks.
    """
    counted = _counted(year, part, "")
    sessions = _SESSIONS[:2] if part.action == 30 else _SESSIONS
    people = () if part.action == 29 else _PEOPLE
    evaluations, effects = _told(year, part, "")
    paragraphs = [
        (f"Nombre de {_short(part.names)}", quoting(sessions, counted.fields)),
        ("Participants", quoting(people, counted.fields)),
        ("Synthèse de l’évaluation", "\n\n".join(one.text for one in evaluations)),
        ("Effets à court terme", "\n\n".join(one.text for one in effects)),
    ]
    text = "\n\n".join(f"### {heading}\n\n{paragraph}" for heading, paragraph in paragraphs if paragraph)
    return joined([counted, *evaluations, *effects], text)


def programme_piece(year: Year, part: Part) -> Piece:
    """Return what a programme without an action, or a training, brings to a page that others share: under its name."""
    prefix = f"{key_of(part.key)}_"
    counted = _counted(year, part, prefix)
    evaluations, effects = _told(year, part, prefix)
    first = (_TRAINING,) if part.is_training else (_SESSIONS, _PEOPLE)
    paragraphs = [quoting([prefix + key for key in keys], counted.fields) for keys in first]
    paragraphs += [one.text for one in (*evaluations, *effects)]
    text = "\n\n".join([f"### {part.title}", *(one for one in paragraphs if one)])
    return of_whom(joined([counted, *evaluations, *effects], text), part.title)


def none_held(names: ProgrammeNames, year: int) -> Piece:
    """Return what an action without any programme brings: « Aucun GAPP n’a été organisé en 2027 »."""
    told = sessions_sentence(names, year, [])
    return Piece(
        fields=(Field("seances", "Séances", told, told),), text=f"### Nombre de {_short(names)}\n\n{{seances}}."
    )


def _counted(year: Year, part: Part, prefix: str) -> Piece:
    of_what = f" : {part.title}" if prefix else ""
    return Piece(
        fields=tuple(_fields(part, prefix)),
        figures=tuple(_figures(year, part, prefix)),
        grids=tables.of_part(year.report, part, prefix.replace("_", "-"), french.punctuate(of_what)),
        notes=(*part.notes, *([AT_LEAST] if part.counting.unnamed else [])),
    )


def _told(year: Year, part: Part, prefix: str) -> tuple[list[Piece], list[Piece]]:
    """What boxes and cards bring, a piece a programme; from the second on, its keys begin with its name."""
    evaluated = [one for one in part.programme_ids if one in year.evaluations]
    carded = [one for one in part.programme_ids if one in year.cards]

    def beginning(place: int, programme_id: int) -> str:
        return f"{prefix}{key_of(year.report.programmes[programme_id])}_" if place else prefix

    def named(one: Piece, place: int, programme_id: int) -> Piece:
        return of_whom(one, year.report.programmes[programme_id]) if place else one

    evaluations = [
        named(
            evaluation_piece(
                year.evaluations[one],
                year.evaluations_before.get(one),
                year.report.year,
                beginning(place, one),
                year.report.programmes[one] if len(evaluated) > 1 else "",
            ),
            place,
            one,
        )
        for place, one in enumerate(evaluated)
    ]
    effects = [
        named(effects_piece(year.cards[one], beginning(place, one)), place, one) for place, one in enumerate(carded)
    ]
    return evaluations, effects


def _fields(part: Part, prefix: str) -> Iterator[Field]:
    """Go through the sentences of a part that have something to say."""
    told = [
        (part.trained_sentence if part.is_training else "", "formes", "Personnes formées", What.PRESENT),
        (part.sessions_sentence, "seances", "Séances", What.HELD),
        (part.dates_sentence, "dates", "Dates", What.HELD),
        (part.discovery_sentence, "decouvertes", "Séances de découverte", What.DISCOVERY),
        (part.cancelled_sentence, "annulees", "Séances annulées", What.CANCELLED),
        (part.sentence, "participants", "Participants", What.ENROLLED),
        (published.present_sentence(part), "presents", "Présents", What.PRESENT),
        (part.animators_sentence, "animateurs", "Avec et sans l’animation", What.ENROLLED),
        (part.figures_sentence, "chiffres", "Les trois chiffres", What.ENROLLED),
        (part.attendances_sentence, "presences", "Présences", What.ATTENDANCES),
    ]
    public = {
        "formes": published.public_trained_sentence,
        "participants": lambda one: one.public_sentence,
        "presents": published.public_present_sentence,
        "animateurs": published.public_enrolled_sentence,
        "chiffres": published.public_figures_sentence,
        "presences": published.public_attendances_sentence,
    }
    for sentence, key, label, what in told:
        open_to_all = public[key](part) if key in public else sentence
        one = field(prefix + key, label, sentence, open_to_all, what=what, part=part.key)
        if one:
            yield one


def _figures(year: Year, part: Part, prefix: str) -> Iterator[Figure]:
    before = year.year_before(part)
    now, then = _numbers(part), _numbers(before) if before else None
    for key, counted, what in _OF_TRAININGS if part.is_training else _COUNTED:
        previous = then[key] if then else None
        yield figure(prefix + key, counted, part.year, now[key], previous, what=what, part=part.key)


def _numbers(part: Part) -> dict[str, int]:
    counting = part.counting
    return {
        "seances_tenues": len(counting.dates.held),
        "inscrits": counting.enrolled_distinct,
        "presents": counting.present_distinct,
        "formes": counting.present_distinct,
        "presences": counting.attendances,
    }


def _short(names: ProgrammeNames) -> str:
    """« cercles », of « cercles de paroles »: a heading does without what the noun is completed by."""
    return names.plural.partition(" de ")[0]
