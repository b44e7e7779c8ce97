"""The professions of one CPTS: rows of the nomenclature, each of which it may switch on or off."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import func, select

from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people import nomenclature
from cpts_sessions.people.models import Person, Profession
from cpts_sessions.people.nomenclature import ProfessionLine


@dataclass(frozen=True, kw_only=True)
class ReportForms:
    """How the report names a profession, by number and gender."""

    singular_m: str
    singular_f: str
    plural_m: str
    plural_f: str

    @classmethod
    def of(cls, row: Profession) -> Self:
        """Return the forms a row has."""
        return cls(
            singular_m=row.report_singular_m,
            singular_f=row.report_singular_f,
            plural_m=row.report_plural_m,
            plural_f=row.report_plural_f,
        )


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


def profession(organisation_id: int, slug: str) -> Profession | None:
    """Return one profession of an organisation, switched on or not."""
    statement = select(Profession).where(Profession.organisation_id == organisation_id, Profession.slug == slug)
    return db.session.execute(statement).scalar_one_or_none()


def by_slug(organisation_id: int) -> dict[str, Profession]:
    """Return all the professions of an organisation, switched on or not, by slug."""
    return {one.slug: one for one in every_profession(organisation_id)}


def every_profession(organisation_id: int) -> list[Profession]:
    """Return all the professions of an organisation, those switched on first, then in their order."""
    statement = (
        select(Profession)
        .where(Profession.organisation_id == organisation_id)
        .order_by(Profession.is_active.desc(), Profession.sort_order, Profession.label)
    )
    return list(db.session.execute(statement).scalars())


def count_persons(organisation_id: int) -> dict[str, int]:
    """Return how many persons of the directory have each profession, by slug."""
    statement = (
        select(Person.profession_slug, func.count())
        .where(
            Person.organisation_id == organisation_id,
            Person.profession_slug.is_not(None),
            Person.erased_at.is_(None),
        )
        .group_by(Person.profession_slug)
    )
    return {slug: number for slug, number in db.session.execute(statement) if slug}


def switch(organisation_id: int, slug: str, *, is_active: bool, actor_id: int) -> bool:
    """Offer a profession in the forms, or no longer; whoever has it keeps it.

    Returns:
        Whether that changes anything.

    Raises:
        RuleBroken: it is the last one.
    """
    with transaction():
        row = _locked(organisation_id, slug)
        if row.is_active == is_active:
            return False
        row.is_active = is_active
        db.session.flush()
        if not any(one.is_active for one in every_profession(organisation_id)):
            raise RuleBroken("Gardez au moins une profession : sans elle, personne ne peut s’inscrire.")
        audit.record(organisation_id, "profession_modifiee", actor_id=actor_id, profession=slug)
        return True


def word(organisation_id: int, slug: str, forms: ReportForms, *, actor_id: int) -> bool:
    """Write how the report names a profession; reports already frozen keep their words.

    Returns:
        Whether that changes anything.
    """
    with transaction():
        row = _locked(organisation_id, slug)
        if forms == ReportForms.of(row):
            return False
        row.report_singular_m, row.report_singular_f = forms.singular_m, forms.singular_f
        row.report_plural_m, row.report_plural_f = forms.plural_m, forms.plural_f
        audit.record(organisation_id, "profession_modifiee", actor_id=actor_id, profession=slug)
        return True


def _locked(organisation_id: int, slug: str) -> Profession:
    statement = select(Profession).where(Profession.organisation_id == organisation_id, Profession.slug == slug)
    return db.session.execute(statement.with_for_update()).scalar_one()
