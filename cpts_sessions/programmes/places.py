"""Where a session takes place, and where it does when nobody says otherwise."""

from dataclasses import dataclass

from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import Programme


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a session takes place; every part may be empty."""

    name: str = ""
    address: str = ""
    access: str = ""
    town: str = ""
    video_url: str = ""


def default_place(programme: Programme, organisation: Organisation) -> Place:
    """Return the programme's own place, else the organisation's; copied into each session, which may then differ."""
    for owner in (programme, organisation):
        if owner.place_name or owner.place_address or owner.town:
            return Place(name=owner.place_name, address=owner.place_address, access=owner.place_access, town=owner.town)
    return Place()
