#!/bin/sh
# test.sh [arguments of pytest]: every test, on SQLite and on PostgreSQL, in a real Chromium.
# --every-page: the tests of pages on PostgreSQL too, those that would say what they say on SQLite included.
# A missing browser or database server is a failure, never a skip.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh

has_chromium() { .venv/bin/python -m tests.browser.chromium >/dev/null 2>&1; }

if ! has_chromium; then
    if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
        echo "Installation de Chromium (apt-get)…"
        apt-get update -q >/dev/null || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium >/dev/null || true
    fi
    if ! has_chromium; then
        echo "Installation de Chromium (playwright)…"
        .venv/bin/python -m playwright install --with-deps chromium
    fi
fi
.venv/bin/python -m tests.browser.chromium >/dev/null
exec .venv/bin/python -m pytest -n 3 "$@"
