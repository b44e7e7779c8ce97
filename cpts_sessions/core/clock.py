"""What time it is, asked in one place so that a test can stop the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """Return the instant as a wall clock in Paris shows it."""
    return instant.astimezone(PARIS)


def today() -> date:
    """Return the present day in Paris."""
    return local(now()).date()


def at(day: date, hour: time) -> datetime:
    """Return the instant (UTC) at which a wall clock in Paris shows this day and hour."""
    return datetime.combine(day, hour, PARIS).astimezone(UTC)
