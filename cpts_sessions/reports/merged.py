"""What merging two records changes of the counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from cpts_sessions.reports import queries
from cpts_sessions.reports.indicators import count, cut


@dataclass(frozen=True)
class Distinct:
    """The inscrits distincts of one year, over all programmes, before and after."""

    year: int
    before: int
    after: int


def distinct_after(organisation_id: int, person_ids: tuple[int, int], years: Iterable[int]) -> list[Distinct]:
    """Return the inscrits distincts of these years if both records were one; a person counted once stays so."""
    return [_of_year(organisation_id, set(person_ids), year) for year in years]


def _of_year(organisation_id: int, person_ids: set[int], year: int) -> Distinct:
    rows = queries.season_rows(organisation_id, year)
    counting = count(rows, [one.id for one in rows.programmes], cut(None))
    both = person_ids <= {one.person_id for one in counting.enrolled}
    return Distinct(year, counting.enrolled_distinct, counting.enrolled_distinct - both)
