#!/bin/sh
# prove_seats.sh: thousands of stories of a session, whatever the order of what happens; RUNS=500 for a shorter run,
# ENGINE=postgresql for the other engine, SEED=1 to tell the same ones again.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh
exec .venv/bin/python -m tests.registrations.prove_seats --runs "${RUNS:-10000}" --steps "${STEPS:-50}" \
    --engine "${ENGINE:-sqlite}" ${SEED:+--seed "$SEED"}
