#!/bin/sh
# check.sh: everything that reads the code without running it. All of it runs; one refusal is enough to fail.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=

check() {
    name=$1
    shift
    if said=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "REFUSÉ  $name"
        printf '%s\n' "$said"
        failed="$failed $name"
    fi
}

run() { .venv/bin/python -m "$@"; }

check ruff run ruff check .
check format run ruff format --check .
check mypy run mypy
check lint-imports .venv/bin/lint-imports --no-logo
check djlint run djlint --quiet --lint templates
check deptry run deptry .
check vulture run vulture
check bandit run bandit -q -ll -ii -c pyproject.toml -r cpts_sessions config.py wsgi.py

if [ -n "$failed" ]; then
    echo "À corriger :$failed" >&2
    exit 1
fi
