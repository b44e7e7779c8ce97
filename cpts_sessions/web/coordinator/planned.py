"""What the coordination should look at once a session is planned, moved or given: saved all the same."""

from flask import flash

from cpts_sessions.core.clock import local
from cpts_sessions.core.french import counted, hours, short_day
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.queries import clashes
from cpts_sessions.programmes.series import public_holiday
from cpts_sessions.registrations.sessions import Told


def followers_told(told: Told) -> str:
    """Say who follows the season and was registered to what has just been opened; empty when nobody was."""
    number = told.by_mail + told.without_mail
    if not number:
        return ""
    who = counted(
        number,
        "personne qui suit le dispositif y est inscrite et prévenue",
        "personnes qui suivent le dispositif y sont inscrites et prévenues",
    )
    if not told.without_mail:
        return f" {who}."
    return f" {who}, sauf {counted(told.without_mail, 'sans e-mail, à appeler', 'sans e-mail, à appeler')}."


def point_out(group_session: GroupSession) -> None:
    """Say that the day is a holiday, or that whoever animates has another session at that hour."""
    day = local(group_session.starts_at).date()
    if public_holiday(day):
        flash(f"Le {short_day(day)} est férié. Enregistré quand même.", "warn")
    for person, other in clashes(group_session):
        times = hours(local(other.starts_at), local(other.ends_at))
        title = other.programme.session_title
        flash(
            f"{person.full_name} : déjà une séance ce jour-là {times} ({title}). Enregistré quand même, à vérifier.",
            "warn",
        )
