"""Which organisation a request, a command or an e-mail belongs to."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import listing, typo
from cpts_sessions.extensions import db
from cpts_sessions.mail.html_part import Palette
from cpts_sessions.mail.rendering import Frame
from cpts_sessions.organisations.brand import mail_palette
from cpts_sessions.organisations.models import Organisation

CACHED_SECONDS = 1.0
_CACHE = "cpts_sites"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WHICH = "Il y a plusieurs CPTS : précisez --organisation SLUG parmi {slugs}."


@dataclass(frozen=True, kw_only=True)
class Site:
    """What nearly every page shows of its organisation; safe to keep between requests."""

    id: int
    name: str
    slug: str
    public_url: str
    mail_address: str
    phone: str
    town: str
    brand_color: str
    logo_type: str | None
    help_line: str
    crisis_line: str
    emergency_line: str
    is_demonstration: bool

    @property
    def is_https(self) -> bool:
        """Whether its pages are read over https, whatever stands between."""
        return self.public_url.startswith("https://")


def by_host(host: str) -> Site | None:
    """Return the organisation whose `public_url` has this Host, else the only one, else None.

    Looked up at most once a second in each process, once there is one.
    """
    sites = _sites()
    for scheme in _DEFAULT_PORTS:
        if site := sites.get((scheme, *_authority(f"{scheme}://{host}"))):
            return site
    return next(iter(sites.values())) if len(sites) == 1 else None


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of one site: same host and port, whether a default port is written or not."""
    return _authority(one) == _authority(other)


def forget_sites() -> None:
    """Look the organisations up again at the next request of this process: one of them has just changed."""
    current_app.extensions.pop(_CACHE, None)


def get_by_slug(slug: str) -> Organisation | None:
    """Return the organisation of this slug."""
    return db.session.execute(select(Organisation).where(Organisation.slug == slug)).scalar_one_or_none()


def every() -> Sequence[Organisation]:
    """Return all organisations, the oldest first."""
    return db.session.execute(select(Organisation).order_by(Organisation.id)).scalars().all()


def only_or_named(slug: str | None) -> Organisation:
    """Return the organisation a command is about: the one named, else the only one.

    Raises:
        RuleBroken: there is none of that name, none at all, or several and no name was given.
    """
    if slug:
        named = get_by_slug(slug)
        if named is None:
            raise RuleBroken(typo(f"Aucune CPTS ne s’appelle {slug}."))
        return named
    known = every()
    if not known:
        raise RuleBroken(typo("Il n’y a pas encore de CPTS : cpts-sessions start en crée une."))
    if len(known) > 1:
        raise RuleBroken(typo(_WHICH.format(slugs=listing([organisation.slug for organisation in known]))))
    return known[0]


def frame_of(organisation_id: int) -> Frame:
    """Return what surrounds every e-mail of an organisation.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such organisation.
    """
    organisation = db.session.get_one(Organisation, organisation_id)
    return Frame(
        cpts=typo(organisation.name),
        contact=organisation.mail_address,
        public_url=organisation.public_url,
        page_link=f"{organisation.public_url}/ma-page",
        help_phrase=help_phrase(organisation),
        demonstration=organisation.is_demonstration,
        palette=Palette(**mail_palette(organisation.brand_color)),
    )


def help_phrase(organisation: Organisation | Site) -> str:
    """Return the sentence for who is in distress, with the numbers this CPTS set; bold as Markdown."""
    return typo(
        f"Si vous allez mal : **{organisation.help_line}** ou **{organisation.crisis_line}**, 24 h/24. "
        f"Danger immédiat : **{organisation.emergency_line}**."
    )


def _sites() -> Mapping[tuple[str, str, int | None], Site]:
    """Every CPTS by scheme, host and port of its address: a request finds its own among hundreds at once."""
    kept: tuple[float, Mapping[tuple[str, str, int | None], Site]] | None = current_app.extensions.get(_CACHE)
    if kept and time.monotonic() - kept[0] < CACHED_SECONDS:
        return kept[1]
    names = [field.name for field in fields(Site)]
    columns = [getattr(Organisation, name) for name in names]
    rows = db.session.execute(select(*columns).order_by(Organisation.id)).all()
    known = [Site(**dict(zip(names, row, strict=True))) for row in rows]
    sites = {(urlsplit(one.public_url).scheme, *_authority(one.public_url)): one for one in reversed(known)}
    if sites:  # the first CPTS of an installation is shown at once
        current_app.extensions[_CACHE] = (time.monotonic(), sites)
    return sites


def _authority(url: str) -> tuple[str, int | None]:
    """Return host and port, so that a default port may be written or not; nothing when it cannot be an address."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", None
