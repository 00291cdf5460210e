# Each target sets up what it needs. Beforehand: make, and Python 3.11 or later with venv.
.DEFAULT_GOAL := plan
.PHONY: plan test test-long test-all lint lab bench

VENV ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
BIN = $(VENV)/bin

plan: $(VENV)/.runtime
	@$(BIN)/planning render annual_plan --lang zh,en

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

test-long: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "slow and not exhaustive"

test-all: lint
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lab: $(VENV)/.runtime
	@JUPYTER_CONFIG_PATH="$(CURDIR)/planning/desk/jupyter$(if $(JUPYTER_CONFIG_PATH),:$(JUPYTER_CONFIG_PATH))" $(BIN)/jupyter lab notebooks/start.ipynb

bench: $(VENV)/.dev
	@$(BIN)/python tests/bench/bench.py

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(call install,.)
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(call install,.[dev])
	@touch $@ $(VENV)/.runtime

define install
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later with venv is missing: install it (Debian, Ubuntu: apt install python3 python3-venv) and run make again."; exit 1; }
	@[ -x $(BIN)/python ] || { echo "Setting up $(VENV), once; this takes a few minutes."; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '$(1)'
endef
