"""Links that open an agenda on the web with a date filled in; neutral when the programme is confidential."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession


def google_url(group_session: GroupSession) -> str:
    """Return the address that adds this date to a Google agenda."""
    title, place = _words(group_session)
    days = "/".join(_compact(instant) for instant in (group_session.starts_at, group_session.ends_at))
    asked = {"action": "TEMPLATE", "text": title, "dates": days, "location": place}
    return "https://calendar.google.com/calendar/render?" + urlencode({k: v for k, v in asked.items() if v})


def outlook_url(group_session: GroupSession) -> str:
    """Return the address that adds this date to an Outlook agenda."""
    title, place = _words(group_session)
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": group_session.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "enddt": group_session.ends_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "location": place,
    }
    return "https://outlook.live.com/calendar/0/deeplink/compose?" + urlencode({k: v for k, v in asked.items() if v})


def mail_links(group_session: GroupSession) -> dict[str, str]:
    """Return the addresses an e-mail may hold; empty for a confidential programme: an address is easily forwarded."""
    if group_session.programme.is_confidential:
        return {"lien_google": "", "lien_outlook": ""}
    return {"lien_google": google_url(group_session), "lien_outlook": outlook_url(group_session)}


def _words(group_session: GroupSession) -> tuple[str, str]:
    """The title and the place that an agenda, hence whoever shares it, may show."""
    if group_session.programme.is_confidential:
        return wording.NEUTRAL_TITLE, ""
    return group_session.programme.session_title, wording.place(group_session)


def _compact(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
