"""The application for `flask --app scripts.migrating db …`: bound to its migrations from the start."""

from cpts_sessions.installation import schema
from cpts_sessions.installation.application import without_pages

app = without_pages()
schema.bind(app)
