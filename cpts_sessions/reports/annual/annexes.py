"""The tables at the end of the report: the calendar of the year, the answers, the part variable; pure."""

from collections.abc import Iterator, Sequence

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Audience, Cell, Grid, Page
from cpts_sessions.reports.annual.counted import Year
from cpts_sessions.reports.annual.pieces import key_of
from cpts_sessions.reports.annual.tables import dated
from cpts_sessions.reports.season import SeasonReport

_CALENDAR = ("Jour", "Dispositif", "État")
_ANSWERS = ("Question", "Réponse", "Nombre", "Répondants")
_AMOUNTS = ("Action", "Titre", "Montant en euros")


def annexes(year: Year, pages: Sequence[Page]) -> tuple[Grid, ...]:
    """Return the tables that have something to say."""
    found = (_calendar(year.report), *_answers(year), _amounts(pages))
    return tuple(grid for grid in found if grid.rows)


def _calendar(report: SeasonReport) -> Grid:
    """Every date of every programme, trainings included."""
    told = [one for part in report.parts for one in dated(part.counting)]
    told.sort(key=lambda one: (one[0].starts_at, one[0].id))
    rows = tuple((day, report.programmes[session.programme_id], state) for session, day, state in told)
    return Grid("calendrier", f"Calendrier {report.year}", _CALENDAR, rows)


def _answers(year: Year) -> Iterator[Grid]:
    """One table per box that was opened, in the order of the programmes; what is published has the sentences alone."""
    for told in year.evaluations.values():
        if told.results:
            title = french.punctuate(f"Réponses au questionnaire : {told.programme}")
            about = "Une question à laquelle moins de 5 personnes ont répondu n’est pas montrée."
            rows = tuple((one.question, one.answer, one.chosen, one.answered) for one in told.results)
            key = f"reponses-{key_of(told.programme)}".replace("_", "-")
            yield Grid(key, title, _ANSWERS, rows, Audience.CPAM, about)


def _amounts(pages: Sequence[Page]) -> Grid:
    """What each action brings to the part variable."""
    rows: list[tuple[Cell, ...]] = [(page.key, page.title, page.amount_euros) for page in pages if page.amount_euros]
    total: tuple[Cell, ...] = ("Total", None, sum(page.amount_euros or 0 for page in pages)) if len(rows) > 1 else ()
    return Grid("part-variable", "Part variable de la mission", _AMOUNTS, tuple(rows), total=total)
