"""What an import does, line by line: said before it is done, and after."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import event
from sqlalchemy.orm import Session

from cpts_sessions.core.french import listing, plural, typo
from cpts_sessions.core.spreadsheet import Remark, Table
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage


class LineState(StrEnum):
    """What becomes of a line; a person may be both created and enrolled."""

    CREATED = "created"
    ENROLLED = "enrolled"
    ANIMATOR = "animator"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


#: Each state before the import, then after it. `{fields}` and `{season}` are those of the line.
_WORDS = {
    LineState.CREATED: ("à créer", "créée"),
    LineState.ENROLLED: ("à inscrire au dispositif pour {season}", "inscrite au dispositif pour {season}"),
    LineState.ANIMATOR: ("à noter pour l’animation du dispositif", "notée pour l’animation du dispositif"),
    LineState.UPDATED: ("à mettre à jour ({fields})", "mise à jour ({fields})"),
    LineState.UNCHANGED: ("inchangée", "inchangée"),
    LineState.REFUSED: ("refusée", "refusée"),
}


@dataclass(frozen=True)
class ImportLine:
    """One line of the file: whom or what it is about, and what becomes of it.

    `refusals` are whole sentences, there only when it is refused; `fields` are the French names of what changes.
    """

    number: int
    label: str
    states: tuple[LineState, ...]
    fields: tuple[str, ...] = ()
    season: int | None = None
    refusals: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether this line keeps the whole file from being written."""
        return LineState.REFUSED in self.states

    def said(self, *, done: bool) -> str:
        """Return what becomes of the line, or what became of it when `done`."""
        words = [_WORDS[state][done].format(season=self.season, fields=", ".join(self.fields)) for state in self.states]
        return typo(listing(words))


@dataclass
class ImportReport:
    """What an import would do (`is_written` false) or did.

    `columns`: title of the import → title in the file; `mails`: how many messages it writes; `absent_members`: the
    ids of those who are not in a file that says who is a member. Nothing changes for them.
    """

    columns: dict[str, str] = field(default_factory=dict)
    lines: list[ImportLine] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    mails: int = 0
    is_written: bool = False
    absent_members: list[int] = field(default_factory=list)

    def count(self, state: LineState) -> int:
        """Return how many lines are in this state."""
        return sum(state in line.states for line in self.lines)

    @property
    def is_refused(self) -> bool:
        """Whether a line is refused: then nothing is written."""
        return any(line.is_refused for line in self.lines)

    @property
    def changes_nothing(self) -> bool:
        """Whether every line is already as the file says."""
        return all(line.states == (LineState.UNCHANGED,) for line in self.lines)

    @property
    def refusal(self) -> str:
        """Return why nothing is written, empty when nothing is refused."""
        refused = self.count(LineState.REFUSED)
        if not refused:
            return ""
        start = f"{refused} {plural(refused, 'ligne est refusée', 'lignes sont refusées')}"
        until = plural(refused, "elle n’est pas corrigée", "elles ne sont pas corrigées")
        return typo(f"{start} : rien ne sera enregistré tant qu’{until}. C’est tout ou rien.")

    @property
    def summary(self) -> str:
        """Return the counts in one sentence, of what would happen or of what happened."""
        created, enrolled, updated = map(self.count, (LineState.CREATED, LineState.ENROLLED, LineState.UPDATED))
        unchanged = self.count(LineState.UNCHANGED)
        if self.is_written:
            if self.changes_nothing:
                return typo("Ce fichier a déjà été importé : rien n’a changé.")
            done = f"Inscrites : {enrolled}. " if enrolled else ""
            return typo(
                f"Import terminé. Créées : {created}. {done}Mises à jour : {updated}. Inchangées : {unchanged}."
            )
        to_do = f"À inscrire : {enrolled}. " if enrolled else ""
        return typo(
            f"Lignes lues : {len(self.lines)}. À créer : {created}. {to_do}"
            f"À mettre à jour : {updated}. Inchangées : {unchanged}. Refusées : {self.count(LineState.REFUSED)}."
        )

    @property
    def absent_sentence(self) -> str:
        """Return « Membres absents du fichier : 3 », empty without any."""
        return typo(f"Membres absents du fichier : {len(self.absent_members)}") if self.absent_members else ""

    @property
    def mails_sentence(self) -> str:
        """Return how many messages leave with it."""
        words = ("Message écrit", "Messages écrits") if self.is_written else ("Message à écrire", "Messages à écrire")
        return typo(f"{plural(self.mails, *words)} : {self.mails}.")


def refused_lines(refusals: Iterable[Remark], labels: Mapping[int, str] | None = None) -> list[ImportLine]:
    """Return one refused line for each line of the file that cannot be read; `labels` says whom each is about."""
    told = labels or {}
    by_line: dict[int, list[str]] = {}
    for remark in refusals:
        by_line.setdefault(remark.line_number, []).append(remark.sentence)
    return [
        ImportLine(number, told.get(number, ""), (LineState.REFUSED,), refusals=tuple(map(typo, sentences)))
        for number, sentences in by_line.items()
    ]


def refused(number: int, label: str, sentences: Sequence[str]) -> ImportLine:
    """Return a line refused for these reasons."""
    return ImportLine(number, label, (LineState.REFUSED,), refusals=tuple(map(typo, sentences)))


class _NothingWritten(Exception):
    """Ends a trial."""


def carry_out(table: Table, work: Callable[[ImportReport], None], *, dry_run: bool) -> ImportReport:
    """Do the work of an import and keep it, unless it is a trial or a line is refused: then leave no trace of it.

    The trial is the work itself, so that what it counts is what will happen.
    """
    report = ImportReport(columns=dict(table.columns), notices=list(map(typo, table.notices)))
    try:
        with transaction(), db.session.begin_nested(), _messages_written() as messages:
            work(report)
            db.session.flush()
            report.mails = len(messages)
            report.lines.sort(key=lambda line: line.number)
            if dry_run or report.is_refused:
                raise _NothingWritten
        report.is_written = True
    except _NothingWritten:
        pass
    return report


@contextmanager
def _messages_written() -> Iterator[list[OutboxMessage]]:
    """Gather the messages that this session writes, whatever others write meanwhile."""
    messages: list[OutboxMessage] = []

    def note(session: Session, _context: object, _instances: object) -> None:
        messages.extend(row for row in session.new if isinstance(row, OutboxMessage))

    session = db.session()
    event.listen(session, "before_flush", note)
    try:
        yield messages
    finally:
        event.remove(session, "before_flush", note)
