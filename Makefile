# Tout se lance d'ici : « make » seul dit quoi.
SHELL = /bin/sh

.PHONY: help install install-dev run test check bench prove-anonymity prove-seats clean

help:
	@echo "make run      installe tout, puis sert le site sur http://127.0.0.1:8000 (PORT=9000, DEMO=0 : sans démonstration)"
	@echo "make install  installe seulement, dans .venv"
	@echo "make test     lance tous les essais, sur SQLite et sur PostgreSQL"
	@echo "make check    relit le code : règles, types, architecture"
	@echo "make bench    mesure les vitesses, une ligne par mesure"
	@echo "make prove-anonymity  attaque les urnes avec toutes les copies de la base (CAMPAIGNS=4000 : plus longtemps)"
	@echo "make prove-seats      dix mille histoires d’une séance, dans tous les ordres (RUNS=500 : moins ; ENGINE=postgresql)"
	@echo "make clean    efface .venv et ce que les essais ont laissé ; garde vos données"

install:
	@sh scripts/install.sh

install-dev:
	@sh scripts/install.sh dev

run: install
	@sh scripts/run.sh

test: install-dev
	@sh scripts/test.sh

check: install-dev
	@sh scripts/check.sh

bench: install-dev
	@sh scripts/bench.sh

prove-anonymity: install-dev
	@CAMPAIGNS="$(or $(CAMPAIGNS),400)" sh scripts/prove_anonymity.sh

prove-seats: install-dev
	@sh scripts/prove_seats.sh

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
