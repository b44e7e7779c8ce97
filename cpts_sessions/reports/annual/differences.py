"""What changed between a frozen report and the counts of today, figure by figure and sentence by sentence; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Figure, Page, read_by

TOGETHER = "Tous les dispositifs réunis"
PART_VARIABLE = "Part variable"


@dataclass(frozen=True)
class Difference:
    """One figure or sentence that is not what it was. `frozen` or `now` is empty when it says nothing."""

    page_key: str  # empty: of the whole year
    key: str  # of the figure or of the field; empty for a table
    label: str
    frozen: str
    now: str
    is_table: bool = False


def differences(frozen: AnnualReport, now: AnnualReport) -> list[Difference]:
    """Return what differs, page by page in their order, then the whole year; nothing of texts, which do not move."""
    keys = dict.fromkeys([*(page.key for page in frozen.pages), *(page.key for page in now.pages)])
    found = [one for key in keys for one in _of_page(key, frozen.page(key), now.page(key))]
    for label, was, is_ in (
        (TOGETHER, frozen.together, now.together),
        (PART_VARIABLE, frozen.part_variable, now.part_variable),
    ):
        if was != is_:
            found.append(Difference("", "", label, was, is_))
    return found


def _of_page(key: str, frozen: Page | None, now: Page | None) -> list[Difference]:
    was, is_ = _told(frozen), _told(now)
    labels = {**{one: label for one, (label, _) in is_.items()}, **{one: label for one, (label, _) in was.items()}}
    nothing = ("", "")
    found = [
        Difference(key, one.removeprefix("="), label, was.get(one, nothing)[1], is_.get(one, nothing)[1])
        for one, label in labels.items()
        if was.get(one, nothing)[1] != is_.get(one, nothing)[1]
    ]
    found += _tables(key, frozen, now)
    return found


def _tables(key: str, frozen: Page | None, now: Page | None) -> Iterator[Difference]:
    """The exact tables whose rows are not the same; those to publish follow them."""
    today = {one.key: one for one in (read_by(now.grids, Audience.CPAM) if now else ())}
    for grid in read_by(frozen.grids, Audience.CPAM) if frozen else ():
        other = today.get(grid.key)
        if other and (grid.rows, grid.total) == (other.rows, other.total):
            continue
        rows = french.counted(len(grid.rows), "ligne", "lignes")
        told = french.counted(len(other.rows), "ligne", "lignes") if other else ""
        label = f"Tableau « {grid.title} »"
        yield Difference(key, "", label, rows, told, is_table=True)


def _told(page: Page | None) -> dict[str, tuple[str, str]]:
    """What a page says: {key: (label, words)}, its figures then its fields."""
    if page is None:
        return {}
    told = {f"={one.key}": (one.label, _value(one)) for one in page.figures}
    return {**told, **{one.key: (one.label, one.exact) for one in page.fields}}


def _value(figure: Figure) -> str:
    return french.number(figure.value)
