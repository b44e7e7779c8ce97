"""The marks of a list of persons, in a form: three choices each, none chosen while nothing is noted."""

from typing import TypeVar

from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.attendance.queries import Line, Roll
from cpts_sessions.web.coordinator import typed
from cpts_sessions.web.forms import Form, OptionalRadioField

AnyForm = TypeVar("AnyForm", bound=Form)

TOO_EARLY_OR_LATE = "Les présences se notent quand la séance a commencé et n’est pas close."

_MARKS = (
    (AttendanceStatus.PRESENT.value, "Présence"),
    (AttendanceStatus.ABSENT.value, "Absence"),
    (AttendanceStatus.EXCUSED.value, "Excusée"),
)


def form_with_marks(base: type[AnyForm], roll: Roll) -> AnyForm:
    """Return this form with one choice more for each person of the list."""
    fields = {
        field_of(line): OptionalRadioField(line.registration.person.full_name, choices=typed.choices(_MARKS))
        for line in roll.lines
    }
    made: type[AnyForm] = type(f"{base.__name__}OfSession", (base,), dict(fields))
    return made(data={field_of(line): line.mark for line in roll.lines})


def field_of(line: Line) -> str:
    """Return the name of the choice of one person."""
    return f"presence_{line.registration.public_id.hex}"


def chosen(form: Form, roll: Roll) -> dict[int, AttendanceStatus]:
    """Return what was chosen, by the id of the person; nothing of those of whom nothing is."""
    said = {line.registration.person_id: form[field_of(line)].data for line in roll.lines}
    return {person_id: AttendanceStatus(mark) for person_id, mark in said.items() if mark}
