"""Rows a measure needs, written straight into its own database."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, insert, select

from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.secrets import derive, load_master_key
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations.models import Registration


def open_session(url: str, capacity: int, programme: str = "gapp") -> str:
    """Add one open session in three weeks; return its public id."""
    engine = create_engine(url)
    public_id = uuid4()
    starts_at = now().replace(microsecond=0) + timedelta(weeks=3)
    with engine.begin() as connection:
        known = (
            connection.execute(
                select(Programme.__table__)
                .where(Programme.__table__.c.slug == programme)
                .order_by(Programme.__table__.c.id)
            )
            .mappings()
            .first()
        )
        assert known is not None
        connection.execute(
            insert(GroupSession.__table__).values(
                public_id=public_id,
                organisation_id=known["organisation_id"],
                programme_id=known["id"],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2),
                status="open",
                capacity=capacity,
                minimum=4,
                place_name="Maison de santé",
                place_address="",
                place_access="",
                town="Ambreville",
                video_url="",
                is_discovery=False,
                remark="",
                cancel_reason="",
                created_at=now(),
                revision=1,
            )
        )
    engine.dispose()
    return str(public_id)


def personal_link(url: str, data_dir: Path) -> str:
    """Return the path of the personal page of one confirmed registration."""
    engine = create_engine(url)
    with engine.connect() as connection:
        table = Registration.__table__
        statement = select(table.c.public_id).where(table.c.status == "confirmed").order_by(table.c.id.desc())
        public_id = connection.execute(statement).scalars().first()
    engine.dispose()
    assert public_id is not None
    key = derive(f"link:{Purpose.REGISTRATION.name}:{public_id}", master_key=load_master_key(data_dir / "master.key"))
    return f"/{Purpose.REGISTRATION.value}/{urlsafe_b64encode(key).rstrip(b'=').decode()}"
