"""The professions of one CPTS: rows of the nomenclature, each of which it may switch on or off."""

from sqlalchemy import select

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people import nomenclature
from cpts_sessions.people.models import Profession
from cpts_sessions.people.nomenclature import ProfessionLine


def add_professions(organisation_id: int) -> int:
    """Give an organisation every line of the nomenclature it does not have yet, those in use switched on.

    Lines it has are left as it edited them.

    Returns:
        How many lines were added.
    """
    with transaction():
        statement = select(Profession.slug).where(Profession.organisation_id == organisation_id)
        known = set(db.session.execute(statement).scalars())
        missing = [line for line in nomenclature.professions() if line.slug not in known]
        db.session.add_all(_row(organisation_id, line) for line in missing)
        return len(missing)


def _row(organisation_id: int, line: ProfessionLine) -> Profession:
    return Profession(
        organisation_id=organisation_id,
        slug=line.slug,
        ans_code=line.ans_code or "",
        label=line.label_m,
        label_f=line.label_f,
        label_plural=line.label_plural_m,
        report_singular_m=line.report_m,
        report_singular_f=line.report_f,
        report_plural_m=line.report_plural_m,
        report_plural_f=line.report_plural_f,
        sort_order=line.order,
        is_active=line.active_by_default,
    )
