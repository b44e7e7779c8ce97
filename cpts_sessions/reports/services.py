"""What the coordination does with the report of a year: its text, its amounts, freezing it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.reports import rules
from cpts_sessions.reports.annual import marks, reading
from cpts_sessions.reports.annual.amounts import stored_amounts
from cpts_sessions.reports.annual.contents import AnnualReport, Page
from cpts_sessions.reports.annual.gathering import gathered
from cpts_sessions.reports.annual.record import to_record
from cpts_sessions.reports.authors import names_of
from cpts_sessions.reports.genders import chosen_genders
from cpts_sessions.reports.models import ChosenGender, FrozenReport, ReportAmount, ReportText
from cpts_sessions.reports.sentences.grammar import Gender

_COUNTS = 5  # at most, before a report is frozen
_GONE = "Cette phrase n’est plus dans le texte : rien n’a changé."


@dataclass(frozen=True)
class Editing:
    """Which text is changed, from which version of it (0: none was stored), by whom. `page` is as it counts now."""

    organisation_id: int
    year: int
    page: Page
    version: int
    actor_id: int


def write_text(editing: Editing, typed: str) -> bool:
    """Keep the text of a page, Markdown with its fields. An empty one gives the proposed text back.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: it is too long, the report is frozen, or somebody else wrote meanwhile.
    """
    text = rules.cleaned(typed)
    rules.check_text(text)
    is_proposed = text in ("", rules.cleaned(editing.page.proposed))
    with transaction():
        row = _take(editing)
        if (None if is_proposed else text) == row.markdown:
            return False
        if is_proposed:
            row.former, row.markdown = row.markdown, None
        else:
            _keep(row, editing.page, text)
        _sign(row, editing.actor_id)
    return True


def propose_again(editing: Editing) -> None:
    """Show the proposed text again; the one written is put aside, and may be taken up.

    Raises:
        RuleBroken: the report is frozen, or somebody else wrote meanwhile.
    """
    with transaction():
        row = _take(editing)
        if row.markdown is not None:
            row.former, row.markdown = row.markdown, None
            _sign(row, editing.actor_id)


def take_up(editing: Editing) -> None:
    """Show again the text that was put aside.

    Raises:
        RuleBroken: nothing was, the report is frozen, or somebody else wrote meanwhile.
    """
    with transaction():
        row = _take(editing)
        if row.former is None:
            raise RuleBroken("Aucun texte n’a été mis de côté : rien n’a changé.")
        row.markdown, row.former = row.former, None
        _sign(row, editing.actor_id)


def replace_mark(editing: Editing, mark_id: str) -> None:
    """Replace words of a text by what the count says today, or by the field that will always say it.

    Raises:
        RuleBroken: they are not there any more, the report is frozen, or somebody else wrote meanwhile.
    """
    with transaction():
        row, mark = _find(editing, mark_id)
        if not mark.put:
            raise RuleBroken(_GONE)
        _keep(row, editing.page, marks.replaced(row.markdown or "", mark))
        _sign(row, editing.actor_id)


def leave_alone(editing: Editing, mark_id: str) -> None:
    """Stop marking words of a text: they are meant as they are.

    Raises:
        RuleBroken: they are not there any more, the report is frozen, or somebody else wrote meanwhile.
    """
    with transaction():
        row, mark = _find(editing, mark_id)
        row.left_alone = sorted({*row.left_alone, mark.id})
        _sign(row, editing.actor_id)


def note_amounts(organisation_id: int, year: int, euros: Mapping[str, int | None], *, actor_id: int) -> bool:
    """Keep what actions bring to the part variable of a year; None: the usual amount, 0: nothing.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: an amount makes no sense, or the report is frozen.
    """
    told = {key: amount for key, amount in euros.items() if amount is not None}
    for amount in told.values():
        rules.check_amount(amount)
    with transaction():
        _lock(organisation_id, year)
        before = stored_amounts(organisation_id, year)
        after = {key: amount for key, amount in {**before, **told}.items() if euros.get(key, amount) is not None}
        if before == after:
            return False
        theirs = ReportAmount.organisation_id == organisation_id, ReportAmount.year == year
        db.session.execute(delete(ReportAmount).where(*theirs))
        for key, amount in after.items():
            row = ReportAmount(organisation_id=organisation_id, year=year, page_key=key, euros=amount)
            db.session.add(row)
        audit.record(organisation_id, "rapport_montants", actor_id=actor_id, annee=year)
    return True


def choose_genders(organisation_id: int, year: int, genders: Mapping[str, Gender | None], *, actor_id: int) -> bool:
    """Choose in which gender the report of a year writes these professions; None: as people said of themselves.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: the report is frozen.
    """
    with transaction():
        _lock(organisation_id, year)
        before = chosen_genders(organisation_id, year)
        after = {slug: gender for slug, gender in {**before, **genders}.items() if gender is not None}
        if before == after:
            return False
        theirs = ChosenGender.organisation_id == organisation_id, ChosenGender.year == year
        db.session.execute(delete(ChosenGender).where(*theirs))
        for slug, gender in after.items():
            row = ChosenGender(organisation_id=organisation_id, year=year, profession_slug=slug, gender=gender.value)
            db.session.add(row)
        audit.record(organisation_id, "rapport_accords", actor_id=actor_id, annee=year)
    return True


def freeze(organisation_id: int, year: int, *, actor_id: int) -> bool:
    """Keep the whole report of a year as it is now, for ever. Two who freeze at once make one copy.

    Returns:
        Whether it was not frozen yet.
    """
    with transaction():
        _lock_organisation(organisation_id)
        if reading.standing_copy(organisation_id, year) is not None:
            return False
        rows = reading.texts(organisation_id, year).values()
        report = reading.with_texts(_settled(organisation_id, year), rows, lambda person_id: str(person_id or 0))
        copy = FrozenReport(organisation_id=organisation_id, year=year, record=to_record(report), frozen_by_id=actor_id)
        db.session.add(copy)
        audit.record(organisation_id, "rapport_fige", actor_id=actor_id, annee=year)
    return True


def unfreeze(organisation_id: int, year: int, *, actor_id: int, why: str = "") -> bool:
    """Let the report of a year follow the counts again; the frozen copy is kept aside, with who unfroze it and why.

    Returns:
        Whether it was frozen.

    Raises:
        RuleBroken: the reason is too long.
    """
    reason = rules.reason(why)
    with transaction():
        _lock_organisation(organisation_id)
        copy = reading.standing_copy(organisation_id, year)
        if copy is None:
            return False
        copy.unfrozen_at, copy.unfrozen_by_id, copy.reason = now(), actor_id, reason
        audit.record(organisation_id, "rapport_defige", actor_id=actor_id, annee=year)
    return True


def _settled(organisation_id: int, year: int) -> AnnualReport:
    """Count a year until two counts in a row agree: it is read in many statements, and others write meanwhile.

    Raises:
        RuleBroken: it changes at each count.
    """
    counts = [gathered(organisation_id, year)]
    while len(counts) < _COUNTS:
        counts.append(gathered(organisation_id, year))
        if counts[-1] == counts[-2]:
            return counts[-1]
    raise RuleBroken("Les comptes changent en ce moment même : rien n’est figé. Recommencez dans une minute.")


def _lock_organisation(organisation_id: int) -> None:
    """Let one write the report at a time. Not its key: rows that name the organisation are written meanwhile."""
    statement = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(statement.with_for_update(key_share=True))


def _lock(organisation_id: int, year: int) -> None:
    _lock_organisation(organisation_id)
    rules.check_not_frozen(year, reading.standing_copy(organisation_id, year) is not None)


def _take(editing: Editing) -> ReportText:
    """Return the row of a text, or a new one, which `_sign` adds.

    Raises:
        RuleBroken: the report is frozen, or the text is not the one that was shown.
    """
    _lock(editing.organisation_id, editing.year)
    statement = select(ReportText).where(
        ReportText.organisation_id == editing.organisation_id,
        ReportText.year == editing.year,
        ReportText.page_key == editing.page.key,
    )
    row = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        row = ReportText(organisation_id=editing.organisation_id, year=editing.year, page_key=editing.page.key)
    author = names_of(editing.organisation_id, [row.written_by_id])[row.written_by_id]
    rules.check_version(editing.version, row.version, author)
    return row


def _find(editing: Editing, mark_id: str) -> tuple[ReportText, marks.Mark]:
    row = _take(editing)
    found = marks.marks(editing.page, row.markdown or "", row.said, row.left_alone)
    for mark in found:
        if mark.id == mark_id:
            return row, mark
    raise RuleBroken(_GONE)


def _keep(row: ReportText, page: Page, text: str) -> None:
    row.said = marks.remembered(page, text, row.said)
    row.markdown, row.former = text, None


def _sign(row: ReportText, actor_id: int) -> None:
    """Say who changed it last; the journal says it once a day for each writer."""
    moment = now()
    is_same = row.version and row.written_by_id == actor_id and local(row.written_at).date() == local(moment).date()
    if not is_same:
        page = f"action {row.page_key}" if row.page_key.isdigit() else row.page_key
        audit.record(row.organisation_id, "rapport_texte", actor_id=actor_id, annee=row.year, page=page)
    row.version += 1
    row.written_by_id, row.written_at = actor_id, moment
    db.session.add(row)
