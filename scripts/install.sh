#!/bin/sh
# install.sh [dev]: .venv holds exactly what the lock file says, and the project itself.
# Does nothing when it already does. Works from any folder name, spaces included.
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = dev ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi
python=.venv/bin/python

# Python 3.11 or newer, with what it needs to make a .venv
usable() { command -v "$1" >/dev/null 2>&1 && "$1" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; }
complete() { "$1" -c "import ensurepip, venv" 2>/dev/null; }

find_python() {
    found=
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        usable "$candidate" || continue
        found=${found:-$candidate}
        if complete "$candidate"; then
            found=$candidate
            return 0
        fi
    done
    return 1
}

make_venv() {
    if ! find_python; then
        if [ -z "$found" ]; then
            echo "Il faut Python 3.11 ou plus récent. Sur Debian et Ubuntu : apt-get install python3 python3-venv" >&2
            exit 1
        fi
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            echo "Installation du paquet python3-venv…"
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >/dev/null ||
                { apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >/dev/null; }
        fi
        if ! find_python; then
            echo "Il manque le module venv de Python. Installez le paquet python3-venv, puis recommencez :" >&2
            echo "    sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    echo "Création de .venv avec $("$found" --version)…"
    rm -rf .venv
    "$found" -m venv .venv
}

# What a finished installation writes down: where it is, and from what it was made.
wanted() { pwd; cat "$1" pyproject.toml; }
done_with() { [ -f ".venv/installed-$1" ] && wanted "$1" | cmp -s - ".venv/installed-$1"; }

if ! "$python" -c "" 2>/dev/null || { [ -f .venv/folder ] && ! pwd | cmp -s - .venv/folder; }; then
    make_venv
fi
if done_with "$lock"; then exit 0; fi
# the lock of development holds everything the other one does
if [ "$lock" = requirements.lock ] && done_with requirements-dev.lock; then exit 0; fi

echo "Installation des dépendances ($lock)…"
pip="$python -m pip --disable-pip-version-check -qq install --no-deps"
rm -f .venv/installed-*
$pip --require-hashes --only-binary :all: -r "$lock"
$pip --no-build-isolation --editable .
pwd > .venv/folder
wanted "$lock" > ".venv/installed-$lock"
