"""The cards « avant / après »: printed, typed in from paper, and what they say of a year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpts_sessions.core.clock import today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, typo
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires import card_entry, cards, effect_counts
from cpts_sessions.questionnaires.definition import Item, Questionnaire
from cpts_sessions.questionnaires.effects import MOST, TOO_FEW, Card
from cpts_sessions.reports.card_effects import HEADINGS, effects_of
from cpts_sessions.web.coordinator import blueprint
from cpts_sessions.web.coordinator.finding import group_session_or_404, programme_or_404
from cpts_sessions.web.files import pdf_file

_LINES: Final = 5
_MORE: Final = "ligne"
_MOMENTS: Final = ("avant", "apres")
_SPOKEN: Final = {"avant": "en arrivant", "apres": "avant de partir"}


@dataclass
class TypedLine:
    """One card as it was typed: the text of each box, and what is wrong with it."""

    number: str
    marks: Mapping[str, str]  # by the name of a box, without the line
    wrong: list[str] = field(default_factory=list)
    wrong_boxes: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: such a line is left alone."""
        return not any((self.number, *self.marks.values()))

    def card(self, asked: Questionnaire) -> Card:
        """The card, once nothing is wrong."""
        before, after = ({item.id: int(self.marks[_box(item, moment)]) for item in asked.items} for moment in _MOMENTS)
        return Card(before, after)


@blueprint.get("/questionnaires/cartes/<uuid:public_id>/<int:year>")
def programme_cards(public_id: UUID, year: int) -> ResponseReturnValue:
    """Show what the cards of a programme and a year say, from five on."""
    programme, asked = _programme_or_404(public_id, year)
    return render_template(
        "coordinator/cards.html",
        programme=programme,
        year=year,
        asked=asked,
        counted_cards=effect_counts.cards_counted(programme.id, year),
        told=effects_of(programme, year),
        years=sorted({*effect_counts.years(programme.id), today().year, year}, reverse=True),
    )


@blueprint.route("/questionnaires/cartes/<uuid:public_id>/<int:year>/saisir", methods=["GET", "POST"])
def type_cards(public_id: UUID, year: int) -> ResponseReturnValue:
    """Type in cards that came on paper: five at least on one page, or nothing is kept."""
    programme, asked = _programme_or_404(public_id, year)
    lines = [TypedLine("", {}) for _ in range(_LINES)]
    errors: list[str] = []
    if request.method == "POST":
        lines = _read(asked)
        if request.form.get("suite") == _MORE:
            lines += [TypedLine("", {}) for _ in range(min(_LINES, MOST - len(lines)))]
        else:
            errors = _check(asked, lines)
            typed = [line for line in lines if not line.is_empty]
            if not errors:
                try:
                    batch = [line.card(asked) for line in typed]
                    effect_counts.type_in(programme, year, batch, actor_id=g.person.id)
                except RuleBroken as refusal:
                    errors = [str(refusal)]
                else:
                    flash(_added(len(typed), year), "ok")
                    return redirect(url_for(".programme_cards", public_id=public_id, year=year), 303)
    page = render_template(
        "coordinator/cards_type.html",
        programme=programme,
        year=year,
        asked=asked,
        lines=lines,
        headings=HEADINGS,
        errors=errors,
        moments=_SPOKEN,
        can_grow=len(lines) < MOST,
    )
    return page, 422 if errors else 200


@blueprint.get("/questionnaires/cartes/<uuid:public_id>/cartes.pdf")
def blank_cards(public_id: UUID) -> ResponseReturnValue:
    """Give a page of cards of no session, to be filled on paper."""
    _, asked = _programme_or_404(public_id, today().year)
    return pdf_file(cards.FILENAME, cards.card_sheet(g.organisation, asked))


@blueprint.get("/seances/<uuid:public_id>/cartes.pdf")
def session_cards(public_id: UUID) -> ResponseReturnValue:
    """Give the cards of one session, each with its code for telephones."""
    try:
        return pdf_file(cards.FILENAME, card_entry.cards_of(group_session_or_404(public_id)))
    except RuleBroken:
        abort(404)


def _programme_or_404(public_id: UUID, year: int) -> tuple[Programme, Questionnaire]:
    programme = programme_or_404(public_id)
    if not 2000 <= year <= today().year:
        abort(404)
    try:
        return programme, effect_counts.asked_by(programme)
    except RuleBroken:
        abort(404)


def _box(item: Item, moment: str) -> str:
    return f"{item.id}-{moment}"


def _read(asked: Questionnaire) -> list[TypedLine]:
    """The lines of the page, as typed; as many as it says, never more than may be."""
    boxes = [_box(item, moment) for moment in _MOMENTS for item in asked.items]
    said = request.form.get("lignes", "")
    count = min(int(said), MOST) if said.isascii() and said.isdecimal() and len(said) < 4 else _LINES
    return [
        TypedLine(
            _sent(f"carte-{line}"),
            {box: _sent(f"{box}-{line}") for box in boxes},
        )
        for line in range(max(count, _LINES))
    ]


def _sent(name: str) -> str:
    return request.form.get(name, "").strip()[:9]


def _check(asked: Questionnaire, lines: list[TypedLine]) -> list[str]:
    """Say what is wrong, in sentences; nothing when every line that was begun is a complete card."""
    seen: dict[str, int] = {}
    for place, line in enumerate(lines, 1):
        if line.is_empty:
            continue
        for moment in _MOMENTS:
            for item in asked.items:
                box = _box(item, moment)
                if not (line.marks[box].isascii() and line.marks[box].isdecimal() and int(line.marks[box]) <= 10):
                    line.wrong_boxes.add(box)
        if line.wrong_boxes:
            line.wrong.append(_missing(line))
        number = "".join(line.number.split()).upper()
        if number and number in seen:
            line.wrong.append(f"le numéro est déjà celui de la ligne {seen[number]}")
        seen.setdefault(number, place)
    wrong = [typo(f"Ligne {place} : {' ; '.join(line.wrong)}.") for place, line in enumerate(lines, 1) if line.wrong]
    if not wrong and sum(not line.is_empty for line in lines) < _LINES:
        return [TOO_FEW]
    return wrong


def _missing(line: TypedLine) -> str:
    empty = sum(not line.marks[box] for box in line.wrong_boxes)
    odd = len(line.wrong_boxes) - empty
    said = [counted(empty, "note manque", "notes manquent")] if empty else []
    return ", ".join([*said, *([f"{counted(odd, 'note n’est', 'notes ne sont')} pas entre 0 et 10"] if odd else [])])


def _added(cards_typed: int, year: int) -> str:
    return f"{counted(cards_typed, 'carte ajoutée', 'cartes ajoutées')} aux tableaux de {year}."
