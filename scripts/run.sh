#!/bin/sh
# run.sh: unless the port is taken, the database is brought up to date, the demonstration loaded if
# no organisation ever existed, then the site and its worker take this process: Ctrl-C reaches them.
set -eu
cd "$(dirname "$0")/.."

.venv/bin/python -m cpts_sessions.cli.port
.venv/bin/cpts-sessions db upgrade
if [ "${DEMO:-1}" != 0 ]; then
    .venv/bin/cpts-sessions demo load --if-never
fi
exec .venv/bin/cpts-sessions serve
