"""The extensions of the application without its pages, made once and bound to it by `installation.application`."""

from typing import dataclass_transform

from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column, relationship


@dataclass_transform(kw_only_default=True, field_specifiers=(mapped_column, relationship))
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Parent of every model; constraints are named, so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    #: Rows of this table appear on pages every visitor sees: changing one renews the cached pages
    #: of its `organisation_id` (see `core.transaction`).
    shown_to_everyone = False


db = SQLAlchemy(metadata=Base.metadata)
mail = Mail()
