# Primum. `make demo` is all a newcomer needs; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
PROTOCOLS := $(wildcard src/primum/protocols/*.yaml)
LOCALE := src/primum/web/locale
CATALOGUES := $(wildcard $(LOCALE)/*/LC_MESSAGES/*.po)
CHROMIUM := /usr/bin/chromium
PEERS := build/bench
DOCS_CHECK ?= $(if $(wildcard src/primum/cli/docs.py),$(BIN)/primum docs --check)

# What is done once is marked by a file, and redone when what it came from changes.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
TRANSLATED := $(if $(CATALOGUES),$(VENV)/.translated)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test test-fast check bench lock clean chromium
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) $(TRANSLATED) ## Install Primum into .venv
	@:
install-dev: $(INSTALLED_DEV) $(TRANSLATED) ## The same, with what checks and tests need
	@:

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer, or set PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11. Set PYTHON=/path/to/a/newer/one."; exit 1; }
	@echo "Making $(VENV)."
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): requirements.txt requirements.in pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing what Primum needs; every file is checked against its hash."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "Installing what checks and tests need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.translated: $(CATALOGUES) | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --directory $(LOCALE) --domain django
	@touch $@

demo: install ## Start the demonstration (PORT=8000, PRIMUM_HOME=folder)
	@$(BIN)/primum demo

test: install-dev chromium ## Every test, those in a browser too (PRIMUM_REAL_DATA=folder adds real data)
	@$(PYTEST) -n auto --dist worksteal

test-fast: install-dev ## Without browser and slow tests: for the working loop
	@$(PYTEST) -n auto --dist worksteal -m "not browser and not slow"

check: install-dev ## Style, types, imports, protocols, migrations, reference pages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/primum protocols check --mission unisar $(PROTOCOLS)
	@DJANGO_SETTINGS_MODULE=primum.site.settings $(BIN)/python -W ignore -m django makemigrations --check --dry-run
	@$(DOCS_CHECK)

$(PEERS)/.installed: bench/peers.txt | $(INSTALLED_DEV)
	@echo "Installing what measurements are made beside, into $(PEERS)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target $(PEERS) -r $<
	@touch $@

bench: install-dev $(PEERS)/.installed ## Run every measurement in bench/, beside its peers
	@for file in $$(ls bench/*.py | grep -v __init__); do echo "== $$file"; $(BIN)/python "$$file"; done

# In an environment of its own, so that the tools never meet the packages they pin.
LOCK := --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        --allow-unsafe --strip-extras --no-header
lock: ## Pin requirements.in and requirements-dev.in anew
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/pip" install --quiet --disable-pip-version-check pip-tools; \
	"$$folder/bin/pip-compile" $(LOCK) --output-file requirements.txt requirements.in; \
	"$$folder/bin/pip-compile" $(LOCK) --output-file requirements-dev.txt requirements-dev.in

clean: ## Remove caches and compiled translations; .venv and every database stay
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache build dist
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete; rm -f $(VENV)/.translated

chromium:
	@if [ -x $(CHROMIUM) ]; then exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the tests in a browser."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
		echo "The tests in a browser need $(CHROMIUM). Install the package chromium, or run: make test-fast"; exit 1; \
	fi
