"""The application with its pages, as it is served."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from cpts_sessions.core import secrets
from cpts_sessions.installation.application import without_pages
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
from cpts_sessions.web.extensions import csrf
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
    """Return the application with its pages, ready to serve; the database is not touched."""
    settings = settings or config.from_environment()
    app = without_pages(settings)
    app.config.update(
        SECRET_KEY=secrets.derive("flask-session", master_key=app.config["MASTER_KEY"]),
        WTF_CSRF_TIME_LIMIT=None,  # a form left open for two hours still works
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,  # an import of 10 MB and its form
        MAX_FORM_MEMORY_SIZE=500_000,
    )
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
