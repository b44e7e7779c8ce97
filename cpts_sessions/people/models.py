"""Persons and professions as one CPTS knows them."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpts_sessions.core.clock import now
from cpts_sessions.core.french import identity_key
from cpts_sessions.core.types import UtcDateTime
from cpts_sessions.extensions import Base


def identity_of(email: str | None, first_name: str, last_name: str, profession_slug: str | None) -> str:
    """Return what makes two records one person within an organisation.

    (e-mail lower-cased, last and first name normalised); without an e-mail: name and profession.
    """
    who = email.strip().lower() if email else f"sans e-mail:{profession_slug or ''}"
    return f"{who}|{identity_key(last_name)}|{identity_key(first_name)}"


def names_in(identity: str) -> tuple[str, str]:
    """Return the normalised first and last name that an identity holds."""
    _, last, first = identity.rsplit("|", 2)
    return first, last


class Person(Base):
    """One human as the CPTS knows her; unique by `identity` within the organisation.

    When her data are erased, past seasons hang on nameless persons (`erased_at` set), one per
    person and season, so that distinct counts stay true and nobody can be named.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "identity"),
        CheckConstraint("civility IN ('Mme', 'M.')", name="civility"),
        Index("ix_person_organisation_id_email", "organisation_id", "email"),
        {"sqlite_autoincrement": True},  # the journal keeps ids of persons: none ever comes back as another's
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(default=None)  # lower-cased
    first_name: Mapped[str]
    last_name: Mapped[str]
    identity: Mapped[str]
    civility: Mapped[str | None] = mapped_column(default=None)
    profession_slug: Mapped[str | None] = mapped_column(default=None)
    is_member: Mapped[bool] = mapped_column(default=False)
    rpps: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    active_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # last sign-in, or nameless session
    bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def full_name(self) -> str:
        """Return first and last name, or the words for somebody whose data were erased."""
        return "une personne effacée" if self.erased_at else f"{self.first_name} {self.last_name}"

    def renew_identity(self) -> None:
        """Compute `identity` again after a change of name, e-mail or profession."""
        self.identity = identity_of(self.email, self.first_name, self.last_name, self.profession_slug)

    @staticmethod
    def nameless_identity() -> str:
        """Return an identity that no name leads to."""
        return f"effacée:{secrets.token_hex(16)}"


class Profession(Base):
    """One line of the nomenclature (ANS) as one CPTS uses it: on or off, with its report forms."""

    __tablename__ = "profession"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)
    shown_to_everyone = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    slug: Mapped[str]
    ans_code: Mapped[str] = mapped_column(default="")
    label: Mapped[str]  # singular, generic: "médecin généraliste"
    label_f: Mapped[str]
    label_plural: Mapped[str]
    report_singular_m: Mapped[str]
    report_singular_f: Mapped[str]
    report_plural_m: Mapped[str]
    report_plural_f: Mapped[str]
    sort_order: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class DistinctPair(Base):
    """Two records the coordination looked at and found to be two persons."""

    __tablename__ = "distinct_pair"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    lower_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    higher_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
