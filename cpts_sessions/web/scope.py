"""What a request is about: its organisation, who is signed in, and what its pages show around them."""

from datetime import timedelta
from typing import Any

from flask import Flask, abort, g, get_flashed_messages, request, session
from flask.ctx import _AppCtxGlobals
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.queries import Roles, SignedIn
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.organisations import queries as organisations
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import Site
from cpts_sessions.people.models import Person
from cpts_sessions.web.extensions import login

IDLE = timedelta(days=30)
STAFF_IDLE = timedelta(hours=12)
LONGEST = timedelta(days=365)
SEEN_EVERY_SECONDS = 60

#: Under this path no cookie is read or set, whoever asks: nothing there may say who answered.
WITHOUT_COOKIES = "/questionnaire"
#: Nor under this one: the cards « avant / après » are filled by nobody in particular.
CARDS = "/carte"
#: Nor under this one: an evening link serves whatever became of the sign-ins of its browser.
EVENINGS = "/soiree"

_SEEN = "seen"
_CLOSED = "Votre connexion s’est fermée après {delay} sans activité. Reconnectez-vous."
_DEMONSTRATION_ROLES = (
    ("/demonstration/entrer/coordination", "coordination"),
    ("/demonstration/entrer/animation", "animation"),
    ("/demonstration/entrer/participante", "participante"),
)


class Scope(_AppCtxGlobals):
    """`flask.g`, with what every view asks for. Each is looked up the first time it is read."""

    #: Set to True by a view whose page is the same for everyone: no name, message or token on it.
    is_same_for_everyone = False

    @property
    def site(self) -> Site:
        """The organisation of this request; 404 when the Host is nobody's, 503 without database."""
        found = self.site_or_none
        if found is None:
            abort(503 if "database_fault" in self else 404)
        return found

    @property
    def site_or_none(self) -> Site | None:
        """The organisation of this request; None when there is none yet, or the Host is nobody's, or no database."""
        if "_site" not in self:
            try:
                self._site = organisations.by_host(request.host)
            except SQLAlchemyError as fault:  # cookies and headers must not need the database
                self._site = None
                self.database_fault = fault
                db.session.rollback()
        found: Site | None = self._site
        return found

    def forget_site(self) -> None:
        """Look the organisation up again: this request has just replaced it."""
        self.pop("_site", None)

    @property
    def organisation(self) -> Organisation:
        """The row of the organisation of this request."""
        return db.session.get_one(Organisation, self.site.id)

    @property
    def signed_in(self) -> SignedIn | None:
        """Who is signed in here; None for a visitor."""
        return current_user.who if current_user.is_authenticated else None

    @property
    def roles(self) -> Roles:
        """What the visitor may do; nothing for who is not signed in."""
        return self.signed_in.roles if self.signed_in else Roles()

    @property
    def person(self) -> Person:
        """The person who is signed in; 404 for a visitor: only for pages behind a guard."""
        if self.signed_in is None:
            abort(404)
        return db.session.get_one(Person, self.signed_in.person_id)


class BrowserSignedIn(UserMixin):
    """What Flask-Login knows of a signed-in browser; its id is the secret of the sign-in, never a person's id."""

    def __init__(self, token: str, who: SignedIn) -> None:
        self.id = token
        self.who = who


class Cookies(SecureCookieSessionInterface):
    """One signed cookie, `__Host-` and Secure exactly when the organisation's pages are read over https."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name, whose prefix makes browsers refuse it from anywhere else (RFC 6265bis, 4.1.3.2)."""
        return "__Host-cpts" if self.get_cookie_secure(app) else "cpts"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the organisation of this request is read over https."""
        site: Site | None = g.site_or_none
        return site is not None and site.is_https

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie; where none may be read, give an empty session that refuses to be written."""
        if request.path.startswith((f"{WITHOUT_COOKIES}/", f"{CARDS}/", f"{EVENINGS}/")):
            return self.make_null_session(app)
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie when something changed; never on a page that is the same for everyone."""
        if not g.is_same_for_everyone:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Give an application its scope: `flask.g`, cookies, sign-ins and the context of its templates."""
    app.app_ctx_globals_class = Scope
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=2 * IDLE,  # still there to say why the sign-in closed
    )
    login.session_protection = None  # a telephone changes address all day long
    login.init_app(app, add_context_processor=False)
    login.user_loader(_load)
    app.context_processor(_context)


def enter(token: str) -> None:
    """Make this browser keep the secret of a sign-in that was just opened."""
    who = accounts.signed_in(token, g.site.id)
    if who is None:
        abort(404)
    for name in ("browser", "ask", "asked_email"):
        session.pop(name, None)
    session.permanent = True
    session[_SEEN] = int(now().timestamp())
    login_user(BrowserSignedIn(token, who))


def leave() -> None:
    """Make this browser forget everything it kept."""
    logout_user()
    session.clear()


def _load(token: str) -> BrowserSignedIn | None:
    """Return who is signed in, unless idle too long; the hour is kept in the cookie: reading writes no row."""
    site: Site | None = g.site_or_none
    who = accounts.signed_in(token, site.id) if site else None
    if who is None:
        return None
    at = now()
    idle = at.timestamp() - float(session.get(_SEEN, 0))
    limit = STAFF_IDLE if who.roles.is_staff else IDLE
    if idle > limit.total_seconds() or at > who.opened_at + LONGEST:
        for name in ("_user_id", "_fresh", "_id", _SEEN):  # the token of open forms stays
            session.pop(name, None)
        g.closed = _CLOSED.format(delay="12 heures" if who.roles.is_staff else "30 jours")
        return None
    if idle >= SEEN_EVERY_SECONDS:
        session[_SEEN] = int(at.timestamp())
    return BrowserSignedIn(token, who)


def _context() -> dict[str, Any]:
    """What base.html reads. `organisation` is the `Site`; a page that needs more passes the row itself."""
    site: Site | None = g.site_or_none
    context: dict[str, Any] = {"organisation": site}
    if site and site.is_demonstration:
        context["demonstration_roles"] = _DEMONSTRATION_ROLES
        context["demonstration_start_url"] = "/demonstration/commencer"
    if g.is_same_for_everyone or site is None:
        return context
    context["messages_to_show"] = get_flashed_messages(with_categories=True)
    who: SignedIn | None = g.signed_in
    if who:
        context["sign_out_url"] = "/deconnexion"
        context["spaces"] = spaces(who.roles)
    return context


def spaces(roles: Roles) -> list[tuple[str, str]]:
    """Return where else a person may go: pairs of URL and words, the space she works in most first."""
    every = (
        (roles.is_coordinator, "/coordination/", "Coordination"),
        (roles.is_administrator, "/admin/", "Administration"),
        (roles.is_animator, "/animation/", "Animation"),
        (roles.is_staff, "/ma-page", "Ma page"),
    )
    return [(url, words) for may, url, words in every if may]


def landing(roles: Roles) -> str:
    """Return where a person arrives after signing in: her workplace, else her own page."""
    own = spaces(roles)
    return own[0][0] if own else "/ma-page"
