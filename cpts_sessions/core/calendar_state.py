"""What the last calendar message to one person about one session said (RFC 5546)."""

from datetime import datetime

from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from cpts_sessions.core.types import UtcDateTime


class CalendarStateMixin(MappedAsDataclass, kw_only=True):
    """Columns of whatever is invited: a registration, an animator of a session."""

    sequence: Mapped[int | None] = mapped_column(default=None)  # SEQUENCE; None: never invited
    stamp: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # DTSTAMP of the last message
    partstat: Mapped[str] = mapped_column(default="NEEDS-ACTION")
    is_invited: Mapped[bool] = mapped_column(default=False)  # a REQUEST stands, no CANCEL since
