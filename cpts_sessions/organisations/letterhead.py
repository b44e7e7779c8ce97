"""What stands at the head of the documents of a CPTS: its name, its logo, its colours."""

from typing import Any

from cpts_sessions.core.french import NBSP, typo
from cpts_sessions.documents import pdf
from cpts_sessions.organisations.brand import logo_svg, palette
from cpts_sessions.organisations.models import Organisation

_KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def letterhead(organisation: Organisation) -> dict[str, Any]:
    """The `head` that every template of documents asks for.

    A logo that cannot be printed gives way to the ring of seats: a sheet is never missing for its logo.
    """
    logo, kind = organisation.logo, _KINDS.get(organisation.logo_type or "", "")
    if logo is None or not pdf.can_draw(logo, kind):
        logo, kind = logo_svg(organisation.brand_color).encode(), "svg"
    colours = palette(organisation.brand_color)["light"]
    return {
        "name": typo(organisation.name),
        "details": typo(f"{NBSP}· ".join(filter(None, (organisation.postal_address, organisation.phone)))),
        "logo": logo,
        "logo_kind": kind,
        "accent": colours["accent"],
        "soft": colours["soft"],
    }
