"""The people of a count by profession: lines that add up to its figures, with names and without."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cpts_sessions.core import french
from cpts_sessions.people import nomenclature
from cpts_sessions.reports.indicators import Counting, Participant
from cpts_sessions.reports.sentences import people
from cpts_sessions.reports.sentences.grammar import Gender
from cpts_sessions.reports.sentences.people import Line, ProfessionForms

_UNKNOWN = ProfessionForms(
    "personne de profession non précisée",
    "personne de profession non précisée",
    "personnes de profession non précisée",
    "personnes de profession non précisée",
    1_000_000,
)
_NONE_CHOSEN: Mapping[str, Gender] = MappingProxyType({})
_NOBODY_KNOWN = ProfessionForms("personne", "personne", "personnes", "personnes", 1_000_001)


@dataclass(frozen=True)
class ProfessionLine:
    """The people of one profession in a count; the slug is empty when nobody told it. `present` and `attendances`
    leave the tallies without names out.
    """

    profession: str
    line: Line
    present: int
    attendances: int

    @property
    def count(self) -> int:
        """Inscrits distincts of the profession."""
        return self.line.count

    @property
    def text(self) -> str:
        """« 3 médecins généralistes dont l'animateur »."""
        return people.profession_line(self.line)

    @property
    def name(self) -> str:
        """« médecins généralistes »: as the sentence names them, without their number."""
        return people.profession_line(replace(self.line, animators=())).partition(" ")[2]


@dataclass(frozen=True)
class NamelessLine:
    """Attendances of one profession noted without names; the slug is empty when nobody told it."""

    profession: str
    forms: ProfessionForms
    attendances: int

    @property
    def text(self) -> str:
        """« 3 IDEL, sans noms »."""
        return nameless(self.forms, self.attendances)

    @property
    def name(self) -> str:
        """« IDEL, sans noms »: the same without its number."""
        return self.text.partition(" ")[2]


def profession_lines(
    counting: Counting, forms: Mapping[str, ProfessionForms], chosen: Mapping[str, Gender] = _NONE_CHOSEN
) -> tuple[ProfessionLine, ...]:
    """One line per profession, in their order; they add up to the inscrits distincts.

    `chosen` are the genders picked by hand for the report, by profession.
    """
    of_profession: dict[str, list[Participant]] = {}
    for one in counting.enrolled:
        of_profession.setdefault(one.profession_slug, []).append(one)
    lines = [
        ProfessionLine(
            profession=slug,
            line=Line(
                profession_forms(slug, forms),
                tuple(one.gender for one in members),
                tuple(one.gender for one in members if one.is_animator),
                chosen.get(slug),
            ),
            present=sum(one.person_id in counting.presences for one in members),
            attendances=sum(len(counting.presences.get(one.person_id, ())) for one in members),
        )
        for slug, members in of_profession.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.line.forms.position, line.profession)))


def profession_forms(slug: str, forms: Mapping[str, ProfessionForms]) -> ProfessionForms:
    """How the report writes a profession: as the CPTS says, else as the nomenclature does, else as not told."""
    if slug in forms:
        return forms[slug]
    try:
        line = nomenclature.profession(slug)
    except KeyError:
        return _UNKNOWN
    return ProfessionForms(line.report_m, line.report_f, line.report_plural_m, line.report_plural_f, line.order)


def nameless_lines(counting: Counting, forms: Mapping[str, ProfessionForms]) -> tuple[NamelessLine, ...]:
    """One line per profession of what was noted without names, in their order.

    They add up to the attendances noted without a name.
    """
    noted: Counter[str] = Counter()
    for tally in counting.tallies:
        noted[tally.profession_slug] += tally.people
    lines = [NamelessLine(slug, nameless_forms(slug, forms), number) for slug, number in noted.items()]
    return tuple(sorted(lines, key=lambda line: (line.forms.position, line.profession)))


def nameless(forms: ProfessionForms, number: int) -> str:
    """« 3 IDEL, sans noms », « 1 personne, sans nom »."""
    return f"{people.profession_line(Line(forms, (None,) * number))}, {french.plural(number, 'sans nom', 'sans noms')}"


def nameless_forms(slug: str, forms: Mapping[str, ProfessionForms]) -> ProfessionForms:
    """How people noted without their names are called: by their profession, or as persons when nobody told it."""
    return profession_forms(slug, forms) if slug else _NOBODY_KNOWN
