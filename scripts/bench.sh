#!/bin/sh
# bench.sh: one line per figure: name, value, unit, ratio, machine.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh
exec .venv/bin/python -m tests.bench
