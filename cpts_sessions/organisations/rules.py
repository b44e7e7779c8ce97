"""What a CPTS may say of itself."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo

LOGO_BYTES = 200_000

#: How long things may be kept: the column, then the least and the most. Above, nobody could justify it (RGPD, 5.1.e).
TERMS: Mapping[str, tuple[int, int]] = {
    "registration_months": (1, 60),
    "person_months": (6, 60),
    "message_months": (1, 24),
    "audit_years": (1, 6),
    "attestation_years": (1, 10),
    "backup_days": (7, 365),
}


def check_site_address(given: str) -> str:
    """Return scheme and host, as links begin.

    Raises:
        RuleBroken: it is not the address of a site, or holds more than scheme and host.
    """
    url = given.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        is_site = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_site = False
    if not is_site or parts.path or parts.query or parts.fragment or parts.username:
        raise RuleBroken(typo(f"« {given} » n’est pas l’adresse d’un site : écrivez-la comme https://cpts.example.org"))
    return url


def picture_type(data: bytes) -> str:
    """Return the media type of a logo, by its first bytes and not by its name.

    Raises:
        RuleBroken: it is too heavy, or is neither PNG, JPEG nor WebP.
    """
    if len(data) > LOGO_BYTES:
        weight = -(-len(data) // 1000)
        raise RuleBroken(typo(f"Cette image pèse {weight} ko, la limite est de 200 ko. Réduisez-la, puis recommencez."))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise RuleBroken("Ce fichier n’est pas une image PNG, JPEG ou WebP.")


def check_terms(terms: Mapping[str, int]) -> None:
    """Check how long things are to be kept.

    Raises:
        RuleBroken: a term is out of what can be justified.
    """
    for name, value in terms.items():
        least, most = TERMS[name]
        if not least <= value <= most:
            raise RuleBroken(typo(f"Une durée n’est pas tenable : {value}. Choisissez de {least} à {most}."))
