"""The two trainings of 2025 in the demonstration: their invented dates, and who of its professionals was trained."""

from dataclasses import replace
from importlib.resources import files

from cpts_sessions.attendance.import_attendance import import_attendance
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes import services as programmes
from cpts_sessions.programmes.starting_points import training
from cpts_sessions.registrations.import_people import import_people
from cpts_sessions.registrations.import_report import ImportReport
from cpts_sessions.registrations.import_sessions import import_sessions

YEAR = 2025
#: The two groups of one training, each with its own dates: two programmes.
GROUPS = {"vade-mecum-printemps": "Vade Mecum, printemps", "vade-mecum-automne": "Vade Mecum, automne"}
_FOLDER = files("cpts_sessions.installation").joinpath("saison-2025")


def load(organisation_id: int) -> None:
    """Bring in both groups, their dates and who came, then put them away: they are over; no mail.

    Their people are among those of the season: they must be there already.

    Raises:
        RuntimeError: an import refuses a line of these files.
    """
    plan = training(db.session.get_one(Organisation, organisation_id))
    groups = [
        programmes.create_programme(
            organisation_id, replace(plan, slug=slug, name=name, session_title="Vade Mecum", capacity=10)
        )
        for slug, name in GROUPS.items()
    ]
    _check(import_sessions(organisation_id, *_file("seances-formations.csv"), dry_run=False, with_mail=False))
    for group in groups:
        _check(
            import_people(
                organisation_id,
                *_file(f"inscrits-{group.slug}.csv"),
                programme_slug=group.slug,
                year=YEAR,
                dry_run=False,
                with_mail=False,
            )
        )
        _check(import_attendance(organisation_id, *_file(f"presences-{group.slug}.csv"), programme_slug=group.slug))
        programmes.archive(group.id, archived=True)


def _file(name: str) -> tuple[bytes, str]:
    return _FOLDER.joinpath(name).read_bytes(), name


def _check(report: ImportReport) -> None:
    if report.is_refused:
        raise RuntimeError(f"trainings of {YEAR}: {report.refusal}")
