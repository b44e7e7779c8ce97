"""A file of answers, given on paper or elsewhere, enters a box: sealed with the others, or read for a past year."""

from collections.abc import Sequence

from cpts_sessions.core import clock
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, typo
from cpts_sessions.core.spreadsheet import Column, Row, read_table
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.queries import programme_by_slug
from cpts_sessions.questionnaires import definition, opening, queries, rules, services
from cpts_sessions.questionnaires.definition import Answers, Item, Kind, Questionnaire, Value, option_of
from cpts_sessions.questionnaires.models import BoxState
from cpts_sessions.registrations.import_report import ImportLine, ImportReport, LineState, carry_out, refused

SEPARATOR = "|"
_ROW = " : "
_TWICE = "Importé une seconde fois, ce fichier ajouterait une seconde fois ses réponses."


def import_answers(
    organisation_id: int,
    data: bytes,
    filename: str,
    *,
    programme_slug: str,
    year: int,
    invited: int = 0,
    dry_run: bool = False,
    actor_id: int | None = None,
) -> ImportReport:
    """Seal the answers of a file, one line a person; those of a past year are opened at once, mixed like any others.

    Columns are the ids of the questions (`c1`), `c3 : row` for a row of a matrix; several choices are parted by `|`.

    Args:
        year: calendar year of what was attended.
        invited: how many forms were handed out, 0 when it is not known.

    Raises:
        RuleBroken: the file cannot be read, the programme asks nothing, the box of that year takes no more answers, or
            fewer than five persons answered in a past year.
    """
    programme = programme_by_slug(organisation_id, programme_slug)
    if programme is None:
        raise RuleBroken(typo(f"Dispositif « {programme_slug} » inconnu."))
    asked = services.asked_by(programme)
    table = read_table(data, filename, list(_columns(asked)))
    is_past = rules.year_of_box(year, clock.today()) != year
    _check_takes_them(programme, year, len(table.rows), is_past=is_past)

    def work(report: ImportReport) -> None:
        ballots = [_ballot(asked, row, report) for row in table.rows]
        if not report.is_refused and not dry_run:  # a trial leaves no key of a box that is not made
            _seal(programme, year, ballots, is_past=is_past, invited=invited, actor_id=actor_id)
            if not is_past:
                report.notices.append(typo(_TWICE))

    return carry_out(table, work, dry_run=dry_run)


def _check_takes_them(programme: Programme, year: int, lines: int, *, is_past: bool) -> None:
    if is_past and lines < rules.FEWEST:
        told = counted(lines, "réponse", "réponses")
        raise RuleBroken(typo(f"Ce fichier compte {told} : il en faut {rules.FEWEST} pour ouvrir une année passée."))
    there = queries.box_of_year(programme.id, year)
    if there and (there.state != BoxState.COLLECTING or (is_past and queries.links_of_box(there.id))):
        raise RuleBroken(typo(f"L’urne {year} de ce dispositif ne reçoit plus de réponse : rien n’a changé."))


def _seal(
    programme: Programme, year: int, ballots: Sequence[bytes], *, is_past: bool, invited: int, actor_id: int | None
) -> None:
    box = services.box_of_papers(programme, year) if is_past else services.collecting_box(programme, year)
    services.seal_papers(box.id, ballots, actor_id=actor_id, handed_out=invited)
    if is_past:
        opening.open_papers(box.id, actor_id=actor_id)


def _columns(asked: Questionnaire) -> list[Column]:
    columns = []
    for item in asked.items:
        if item.kind is Kind.MATRIX:
            columns += [Column(f"{item.id}{_ROW}{row}", (row,)) for row in item.rows]
        else:
            columns.append(Column(item.id, (item.label,), required=item.is_required))
            columns += [Column(key) for key in item.keys[1:]]
    return columns


def _ballot(asked: Questionnaire, row: Row, report: ImportReport) -> bytes:
    """Return the ballot of one line; a line that is refused is told, and gives an empty one."""
    try:
        answers = _answers(asked, row)
        if wrong := definition.check(asked, answers, every_required=False):
            raise RuleBroken(f"{next(iter(wrong))} : {next(iter(wrong.values()))}")
        if not answers:
            raise RuleBroken("aucune réponse.")
    except RuleBroken as refusal:
        sentence = f"Ligne {row.line_number} : {refusal}"
        report.lines.append(refused(row.line_number, "", [*row.refusals, sentence]))
        return definition.encode(asked, {})
    report.lines.append(ImportLine(row.line_number, "une réponse", (LineState.CREATED,)))
    return definition.encode(asked, answers)


def _answers(asked: Questionnaire, row: Row) -> Answers:
    answers: Answers = {}
    for item in asked.items:
        if item.kind is Kind.MATRIX:
            told = {line: row.cells.get(f"{item.id}{_ROW}{line}", "") for line in item.rows}
            marks = {line: _option(item, item.options, cell) for line, cell in told.items() if cell}
            if marks:
                answers[item.id] = marks
            continue
        for key in item.keys:
            if cell := row.cells.get(key, ""):
                answers[key] = _value(item, key, cell)
    return answers


def _value(item: Item, key: str, cell: str) -> Value:
    if key.endswith(definition.COMPLEMENT):
        return [_option(item, item.complement, one) for one in cell.split(SEPARATOR)]
    if key.endswith(definition.PRECISION) or item.kind in (Kind.SHORT, Kind.LONG):
        return cell
    if item.kind is Kind.SCALE:
        return int(cell) if cell.isdecimal() and len(cell) < 3 else cell
    if item.kind is Kind.MULTIPLE:
        return [_option(item, item.options, one) for one in cell.split(SEPARATOR)]
    return _option(item, item.options, cell)


def _option(item: Item, options: tuple[str, ...], words: str) -> str:
    found = option_of(options, words.strip())
    if found is None:
        raise RuleBroken(f"« {words.strip()} » n’est pas un choix de la question « {item.label} ».")
    return found
