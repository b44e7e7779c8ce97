"""What happens to the registers: rows noted, corrected, removed. The journal of acts keeps years, never words."""

from typing import Final
from uuid import UUID

from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.registers import queries, rules
from cpts_sessions.registers.entries import Entry
from cpts_sessions.registers.models import Communication, HelpRequest, Step, SupportedPeople
from cpts_sessions.registers.queries import Row
from cpts_sessions.registers.refusals import ChangedMeanwhile

_GONE = "Cette ligne vient d’être retirée du registre. Rien n’a changé."
_MEANWHILE = (
    "Pendant que vous écriviez, cette ligne a été modifiée par {author}. Ce que vous avez saisi est gardé ci-dessous, "
    "pas encore enregistré : comparez les deux, puis enregistrez."
)
_CHANGED_BEFORE = "Cette ligne a été modifiée entre-temps par {author}. Rien n’est retiré : relisez-la, puis décidez."
_OTHER_NUMBER = (
    "Pendant que vous écriviez, ce nombre a été modifié par {author} : {stored}. Le vôtre est gardé ci-dessous, "
    "pas encore enregistré : comparez les deux, puis enregistrez."
)
#: A row, as the journal of acts calls it.
_WORDS: Final[dict[type[Row], tuple[str, int]]] = {
    HelpRequest: ("une sollicitation", 27),
    Communication: ("une communication", 28),
    Step: ("une étape", 31),
}


def note(organisation_id: int, entry: Entry, *, actor_id: int | None = None) -> Row:
    """Add a row to its register.

    Raises:
        RuleBroken: it is not one: a day far from any season, a link that is no address, words that are missing.
    """
    columns = entry.columns()
    with transaction():
        row: Row = entry.model(organisation_id=organisation_id, **columns)
        db.session.add(row)
        _record("registre_note", row, actor_id)
    return row


def correct(organisation_id: int, public_id: UUID, entry: Entry, *, read: str, actor_id: int | None = None) -> bool:
    """Change a row of a register.

    Args:
        read: what was shown when it was typed, as `queries.revision` says it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else corrected it since it was read.
        RuleBroken: as `note`; or the row was removed meanwhile.
    """
    columns = entry.columns()
    with transaction():
        row: Row = _found(entry.model, organisation_id, public_id)
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if changed:
            _check_as_read(row, read, _MEANWHILE)
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            _record("registre_corrige", row, actor_id)
    return bool(changed)


def remove(kind: type[Row], organisation_id: int, public_id: UUID, *, read: str, actor_id: int | None = None) -> None:
    """Remove a row from its register, for good.

    Raises:
        ChangedMeanwhile: somebody else corrected it since it was read.
        RuleBroken: it was removed already.
    """
    with transaction():
        row = _found(kind, organisation_id, public_id)
        _check_as_read(row, read, _CHANGED_BEFORE)
        _record("registre_retire", row, actor_id)
        db.session.delete(row)


def note_supported(
    organisation_id: int, year: int, typed: str, *, read: str | None = None, actor_id: int | None = None
) -> bool:
    """Keep how many professionals were supported in a year: a number and nothing else; nothing typed forgets it.

    Args:
        read: the number that was shown when it was typed; None when nobody read it before.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else changed it since it was read.
        RuleBroken: anything but a number was typed, or the year is far from any season.
    """
    count = rules.supported(typed)
    rules.checked_year(year)
    with transaction():
        row = queries.lock_supported(organisation_id, year)
        if (row.count if row else None) == count:
            return False
        if read is not None and read != (str(row.count) if row else ""):
            author = queries.last_of_number(organisation_id, year)
            stored = row.count if row else "inconnu"
            raise ChangedMeanwhile(typo(_OTHER_NUMBER.format(author=author, stored=stored)))
        if row is None:
            db.session.add(SupportedPeople(organisation_id=organisation_id, year=year, count=count or 0))
        elif count is None:
            db.session.delete(row)
        else:
            row.count = count
        told = "inconnu" if count is None else count
        audit.record(organisation_id, "accompagnes_notes", actor_id=actor_id, annee=year, n=told)
    return True


def _check_as_read(row: Row, read: str, sentence: str) -> None:
    if read != queries.revision(row):
        author = queries.last_act(row.organisation_id, "registre_corrige", row.public_id)
        raise ChangedMeanwhile(typo(sentence.format(author=author or "quelqu’un d’autre")))


def _found(kind: type[Row], organisation_id: int, public_id: UUID) -> Row:
    row: Row | None = queries.lock_row(kind, organisation_id, public_id)
    if row is None:
        raise RuleBroken(typo(_GONE))
    return row


def _record(kind: str, row: Row, actor_id: int | None) -> None:
    what, action = _WORDS[type(row)]
    year = row.year if isinstance(row, HelpRequest) else row.day.year
    audit.record(
        row.organisation_id, kind, actor_id=actor_id, quoi=what, action=action, annee=year, ligne=str(row.public_id)
    )
