#!/bin/sh
# prove_anonymity.sh: an attacker with every copy of the database against the sealed boxes, on SQLite and on PostgreSQL;
# CAMPAIGNS=4000 for a longer run.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh
.venv/bin/python -m tests.questionnaires.attacker --campaigns "${CAMPAIGNS:-400}"
for engine in sqlite postgresql; do
    .venv/bin/python -m tests.faults.opening --engine "$engine"
done
