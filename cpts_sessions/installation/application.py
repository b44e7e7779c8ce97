"""The application without its pages: settings, master key, database, mail.

Commands and the worker run in it as it is; `web.site` adds the pages. It knows every table, whoever asks.
"""

from flask import Flask

import config
from cpts_sessions.accounts import models as _accounts  # noqa: F401
from cpts_sessions.attendance import models as _attendance  # noqa: F401
from cpts_sessions.core import audit as _audit  # noqa: F401
from cpts_sessions.core import database, secrets
from cpts_sessions.core import public_version as _public_version  # noqa: F401
from cpts_sessions.evening import models as _evening  # noqa: F401
from cpts_sessions.extensions import db, mail
from cpts_sessions.mail import models as _mail  # noqa: F401
from cpts_sessions.mail import smtp
from cpts_sessions.organisations import models as _organisations  # noqa: F401
from cpts_sessions.people import models as _people  # noqa: F401
from cpts_sessions.polls import models as _polls  # noqa: F401
from cpts_sessions.programmes import models as _programmes  # noqa: F401
from cpts_sessions.questionnaires import models as _questionnaires  # noqa: F401
from cpts_sessions.registers import models as _registers  # noqa: F401
from cpts_sessions.registrations import models as _registrations  # noqa: F401
from cpts_sessions.registrations import received as _received  # noqa: F401
from cpts_sessions.reports import models as _reports  # noqa: F401


def without_pages(settings: config.Settings | None = None) -> Flask:
    """Return the application as commands run in it; the database is not touched.

    Raises:
        ValueError: a setting, or the key file, that cannot be one; the sentence is French.
    """
    settings = settings or config.from_environment()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # names and addresses: for this account only
    app = Flask("cpts_sessions", static_folder=None)
    app.config.update(
        SETTINGS=settings,
        MASTER_KEY=secrets.load_master_key(settings.master_key_file),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        **smtp.flask_settings(settings.smtp_url),
    )
    db.init_app(app)
    mail.init_app(app)
    database.prepare(app)
    return app
