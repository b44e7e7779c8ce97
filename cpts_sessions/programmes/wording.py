"""The words of one session, as every page and message says them."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from cpts_sessions.core import french
from cpts_sessions.core.clock import local
from cpts_sessions.ical.meeting import Meeting
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import Site
from cpts_sessions.programmes.models import GroupSession, Programme

NEUTRAL_TITLE = "Réunion CPTS"
NEUTRAL_NAME = "Réunions CPTS"
NEUTRAL_PLURAL = "réunions CPTS"
AT_A_DISTANCE = "En visioconférence"


def place(group_session: GroupSession) -> str:
    """Return the exact place in one line, for those who come: name and address, or that it is at a distance."""
    return place_line(
        group_session.place_name, group_session.place_address, group_session.town, group_session.video_url
    )


def place_line(name: str, address: str, town: str, video_url: str) -> str:
    """Return these parts of a place in one line, each once."""
    told = ", ".join(dict.fromkeys(part for part in (name, address, town) if part))
    return told or (AT_A_DISTANCE if video_url else "")


def public_place(group_session: GroupSession) -> str:
    """Return the place as every visitor may read it: the town only when the programme is confidential."""
    if not group_session.programme.is_confidential:
        return place(group_session)
    if group_session.town:
        return group_session.town
    return AT_A_DISTANCE if group_session.video_url and not group_session.place_name else ""


def programme_values(programme: Programme) -> dict[str, str]:
    """Return the variables that name a programme; those in `_objet` are neutral when it is confidential."""
    neutral = programme.is_confidential
    return {
        "titre": programme.session_title,
        "titre_objet": NEUTRAL_TITLE if neutral else programme.session_title,
        "dispositif": programme.name,
        "dispositif_objet": NEUTRAL_NAME if neutral else programme.name,
        "singulier": programme.singular,
        "pluriel": programme.plural,
        "pluriel_objet": NEUTRAL_PLURAL if neutral else programme.plural,
    }


def session_values(group_session: GroupSession) -> dict[str, str]:
    """Return the variables of `textes` about one session, already in French."""
    start, end = local(group_session.starts_at), local(group_session.ends_at)
    base = group_session.organisation.public_url
    programme = group_session.programme
    return {
        **programme_values(programme),
        "quand": french.when(start, end),
        "jour": french.weekday_day(start),
        "jour_court": french.short_day(start),
        "heure": french.hour(start),
        "heures": french.hours(start, end),
        "duree": french.duration(group_session.duration),
        "annee": str(group_session.season),
        "lieu": place(group_session),
        "lieu_public": public_place(group_session),
        "acces": group_session.place_access,
        "visio": group_session.video_url,
        "animation": french.listing([animator.person.full_name for animator in group_session.animators]),
        "raison": group_session.cancel_reason,
        "lien_seance": f"{base}/seances/{group_session.public_id}",
        "lien_charte": f"{base}/seances/{group_session.public_id}#charte",
        "lien_agenda": f"{base}/",
        "lien_dispositif": f"{base}/?dispositif={programme.public_id}",
        "lien_donnees": f"{base}/donnees",
        "lien_animation": f"{base}/animation/",
    }


def short_date(group_session: GroupSession) -> str:
    """Return « mardi 7 avril 2026, 20 h »."""
    start = local(group_session.starts_at)
    return f"{french.weekday_day(start)}, {french.hour(start)}"


def dates_list(sessions: list[GroupSession]) -> str:
    """Return one line per session, as the messages list them."""
    return "\n".join(f"- {short_date(group_session)}" for group_session in sessions)


def dates_together(sessions: Sequence[GroupSession]) -> str:
    """Return « 2 dates qui vont ensemble : mardi 12 et mardi 19 mars »; empty under two dates."""
    if len(sessions) < 2:
        return ""
    days = french.short_days([local(one.starts_at) for one in sessions])
    return french.typo(f"{len(sessions)} dates qui vont ensemble : {days}")


def places_left(places: int, capacity: int) -> str:
    """Return how many places are left, in words."""
    if places <= 0:
        return "Complet, liste d’attente ouverte"
    return french.typo("Il reste 1 place" if places == 1 else f"Il reste {places} places")


def dates_apart(sessions: Sequence[GroupSession]) -> str:
    """Return « D’autres dates en 2027, avec une inscription à part : mardi 12 janvier »; empty without any.

    Of a training that goes over New Year: each year has its own sign-up.
    """
    if not sessions:
        return ""
    years = french.listing([str(year) for year in sorted({one.season for one in sessions})])
    days = french.short_days([local(one.starts_at) for one in sessions])
    return french.typo(f"D’autres dates en {years}, avec une inscription à part : {days}")


def invitation_joined(group_session: GroupSession, seats: int) -> str:
    """Say that the invitation of this date is joined, and where those of the other seats are."""
    if seats == 1:
        return french.typo("L’invitation d’agenda est jointe.")
    return french.typo(
        f"L’invitation d’agenda du {french.short_day(local(group_session.starts_at))} est jointe. Celle de chaque "
        "autre date arrive à part : les agendas n’en lisent qu’une par message."
    )


def meeting(group_session: GroupSession) -> Meeting:
    """Return the session as a calendar may tell it; `ical` keeps what is confidential out."""
    return Meeting(
        title=group_session.programme.session_title,
        confidential=group_session.programme.is_confidential,
        starts_at=group_session.starts_at,
        ends_at=group_session.ends_at,
        location=place(group_session) or group_session.video_url or None,
        hour=french.hour(local(group_session.starts_at)),
    )


def uid_domain(organisation: Organisation | Site) -> str:
    """Return the right-hand side of UIDs and Message-IDs: the domain of the CPTS's mailbox."""
    domain = organisation.mail_address.rpartition("@")[2]
    return domain or urlsplit(organisation.public_url).hostname or "cpts.invalid"
