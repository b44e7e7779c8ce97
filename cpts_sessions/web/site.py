"""The application factory."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from cpts_sessions.accounts import models as _accounts  # noqa: F401  every table is known from the start
from cpts_sessions.attendance import models as _attendance  # noqa: F401
from cpts_sessions.core import audit as _audit  # noqa: F401
from cpts_sessions.core import database, secrets
from cpts_sessions.core.paths import beside
from cpts_sessions.evening import models as _evening  # noqa: F401
from cpts_sessions.extensions import csrf, db, mail, migrate
from cpts_sessions.mail import models as _mail  # noqa: F401
from cpts_sessions.mail import smtp
from cpts_sessions.organisations import models as _organisations  # noqa: F401
from cpts_sessions.people import models as _people  # noqa: F401
from cpts_sessions.polls import models as _polls  # noqa: F401
from cpts_sessions.programmes import models as _programmes  # noqa: F401
from cpts_sessions.questionnaires import models as _questionnaires  # noqa: F401
from cpts_sessions.registrations import models as _registrations  # noqa: F401
from cpts_sessions.web import (
    admin,
    animator,
    coordinator,
    errors,
    guards,
    headers,
    health,
    professional,
    public,
    scope,
    templating,
)
from cpts_sessions.web.admin import accesses, installation
from cpts_sessions.web.animator import cards as animator_cards
from cpts_sessions.web.animator import evening as animator_evening
from cpts_sessions.web.animator import papers as animator_papers
from cpts_sessions.web.animator import sessions
from cpts_sessions.web.calendar_files import CalendarFiles
from cpts_sessions.web.coordinator import (
    absent_members,
    animation,
    attendance,
    attended,
    attested,
    boxes,
    calls,
    counting,
    desk,
    duplicates,
    evening,
    first_steps,
    group_message,
    group_sessions,
    guide,
    hand_over,
    imports,
    journal,
    letters,
    making_known,
    messages,
    minimum,
    opening,
    paper,
    papers,
    person_record,
    persons,
    planning,
    polls,
    professions,
    programmes,
    questionnaire_preview,
    register_communications,
    register_requests,
    register_steps,
    registers,
    registrations,
    report,
    report_files,
    report_freezing,
    report_genders,
    report_page,
    search,
    season,
    series,
    settings,
    words,
)
from cpts_sessions.web.coordinator import cards as coordinator_cards
from cpts_sessions.web.permits import Permits
from cpts_sessions.web.professional import my_attestations, my_data, my_feed, my_page, word
from cpts_sessions.web.public import (
    agenda,
    alerts,
    beginning,
    block,
    brand,
    cards,
    check_in,
    demonstration,
    engines,
    enrolment,
    feeds,
    group_session,
    legal,
    poll,
    questionnaire,
    registration,
    sign_in,
    sign_up,
    verify,
)
from cpts_sessions.web.public import evening as public_evening
from cpts_sessions.web.public_pages import PublicPages

#: Modules whose views add themselves to the blueprint of their audience.
PAGES = (
    absent_members,
    accesses,
    agenda,
    alerts,
    animation,
    animator_cards,
    animator_evening,
    animator_papers,
    attendance,
    attended,
    attested,
    beginning,
    block,
    boxes,
    brand,
    calls,
    check_in,
    coordinator_cards,
    counting,
    desk,
    duplicates,
    engines,
    enrolment,
    evening,
    feeds,
    first_steps,
    group_message,
    group_session,
    group_sessions,
    guide,
    hand_over,
    imports,
    installation,
    journal,
    legal,
    letters,
    making_known,
    messages,
    minimum,
    my_attestations,
    my_data,
    my_feed,
    my_page,
    opening,
    paper,
    papers,
    person_record,
    persons,
    planning,
    poll,
    polls,
    professions,
    programmes,
    questionnaire_preview,
    register_communications,
    register_requests,
    register_steps,
    registers,
    registration,
    registrations,
    report,
    report_files,
    report_freezing,
    report_genders,
    report_page,
    search,
    season,
    series,
    sessions,
    settings,
    sign_up,
    verify,
    word,
    words,
)

#: Every page belongs to one of these; each says who may use it (see `web.guards`).
BLUEPRINTS = (
    health.blueprint,
    sign_in.blueprint,
    demonstration.blueprint,
    questionnaire.blueprint,
    cards.blueprint,
    public_evening.blueprint,
    public.blueprint,
    professional.blueprint,
    animator.blueprint,
    coordinator.blueprint,
    admin.blueprint,
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """Return the application, ready to serve or to run commands; the database is not touched."""
    settings = settings or config.from_environment()
    app = Flask("cpts_sessions", template_folder=str(beside("templates")), static_folder=None)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # names and addresses: for this account only
    master_key = secrets.load_master_key(settings.master_key_file)
    app.config.update(
        SETTINGS=settings,
        MASTER_KEY=master_key,
        SECRET_KEY=secrets.derive("flask-session", master_key=master_key),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        WTF_CSRF_TIME_LIMIT=None,  # a form left open for two hours still works
        **smtp.flask_settings(settings.smtp_url),
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,  # an import of 10 MB and its form
        MAX_FORM_MEMORY_SIZE=500_000,
    )
    db.init_app(app)
    migrate.init_app(app, db, directory=str(beside("migrations")), render_as_batch=True)
    mail.init_app(app)
    database.prepare(app)
    scope.install(app)
    guards.install(app)  # before the tokens of forms: who must sign in again is not told of an expired form
    csrf.init_app(app)
    headers.install(app)
    errors.install(app)
    templating.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = templating.static_files(app)  # type: ignore[method-assign,assignment]
    pages = PublicPages(app, app.wsgi_app)
    app.extensions["public_pages"] = pages
    app.wsgi_app = CalendarFiles(app, pages, pages)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        trust = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trust, x_proto=trust, x_host=trust)  # type: ignore[method-assign]
    app.wsgi_app = Permits(app.wsgi_app)  # type: ignore[method-assign]
    return app
