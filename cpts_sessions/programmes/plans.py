"""What the coordination says of a programme or of a date, before it is stored."""

from dataclasses import dataclass
from datetime import datetime

from cpts_sessions.programmes.models import Audience
from cpts_sessions.programmes.places import Place


@dataclass(frozen=True, kw_only=True)
class ProgrammePlan:
    """Everything the coordination says of a programme; the attributes are those of `Programme`."""

    name: str
    session_title: str
    singular: str
    plural: str
    slug: str = ""  # empty: made from the title of one session
    gender: str = "m"
    description: str = ""
    charter: str = ""
    audience: str = Audience.ALL
    action: int | None = None
    part_variable_euros: int | None = None
    duration_minutes: int = 120
    capacity: int = 12
    minimum: int = 4
    place_name: str = ""
    place_address: str = ""
    place_access: str = ""
    town: str = ""
    is_confidential: bool = False
    counts_animators: bool = True
    goes_together: bool = False  # as a training: one signs up to all its dates at once
    reminds_week_before: bool = True
    reminds_day_before: bool = True
    questionnaire_slug: str | None = None  # None: nothing is asked of those who came


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """One date to prepare; what is None comes from the programme, the place then from the organisation."""

    starts_at: datetime
    ends_at: datetime | None = None
    place: Place | None = None
    capacity: int | None = None
    minimum: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_discovery: bool = False
    remark: str = ""
