"""The season 2025 of the demonstration: real dates and counts, invented people, read by the imports themselves."""

from collections.abc import Callable
from importlib.resources import files

from cpts_sessions.attendance.import_attendance import import_attendance
from cpts_sessions.installation import registers_shown
from cpts_sessions.questionnaires.import_answers import import_answers
from cpts_sessions.registers.import_requests import import_requests
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_report import ImportReport
from cpts_sessions.registrations.import_sessions import import_sessions

YEAR = 2025
INVITED = 16  # those who came at least once, whoever animates left out
FOLDER = files("cpts_sessions.installation").joinpath("saison-2025")


def load(organisation_id: int) -> None:
    """Bring in who enrolled, what took place and who came in 2025, and the registers of that year; no mail.

    Raises:
        RuntimeError: an import refuses a line of these files.
    """
    _done("seances.csv", _sessions_of(organisation_id))
    for slug, enrolled, present in (
        ("cercle-de-paroles", "inscrits-cercles.csv", "presences-cercles.csv"),
        ("gapp", "inscrits-gapp.csv", "presences-gapp.csv"),
    ):
        _done(enrolled, _people_of(organisation_id, slug))
        _done(present, _attendance_of(organisation_id, slug))
    _done("reponses-cercles.csv", _answers_of(organisation_id, "cercle-de-paroles"))
    _done("sollicitations-action-27.csv", _requests_of(organisation_id))
    registers_shown.load_2025(organisation_id)


Import = Callable[[bytes, str], ImportReport]


def _sessions_of(organisation_id: int) -> Import:
    return lambda data, name: import_sessions(organisation_id, data, name, dry_run=False, with_mail=False)


def _people_of(organisation_id: int, slug: str) -> Import:
    return lambda data, name: import_people(
        organisation_id, data, name, programme_slug=slug, year=YEAR, dry_run=False, with_mail=False
    )


def _attendance_of(organisation_id: int, slug: str) -> Import:
    return lambda data, name: import_attendance(organisation_id, data, name, programme_slug=slug)


def _answers_of(organisation_id: int, slug: str) -> Import:
    return lambda data, name: import_answers(
        organisation_id, data, name, programme_slug=slug, year=YEAR, invited=INVITED
    )


def _requests_of(organisation_id: int) -> Import:
    return lambda data, name: import_requests(organisation_id, data, name, year=YEAR)


def _done(name: str, work: Import) -> None:
    report = work(FOLDER.joinpath(name).read_bytes(), name)
    if report.is_refused:
        raise RuntimeError(f"{name}: {report.refusal}")
