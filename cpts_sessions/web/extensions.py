"""The extensions that only pages need, made once and bound to the application by `web.site`."""

from flask_login import LoginManager
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
login = LoginManager()
