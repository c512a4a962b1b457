# What a person types. Every target that needs the environment makes it first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup run test attacks check lint types docs encoders bench

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Madoguchi needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	@echo "Setting up $(VENV): one to two minutes, the first time only."
	@$(PYTHON) -m venv $(VENV)
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,encoders]'
	@$(BIN)/python -m intents.conversion
	@touch $(STAMP)

encoders: $(STAMP)
	@$(BIN)/python -m intents.conversion

run: $(STAMP)
	@$(BIN)/python -m bot open

test: $(STAMP)
	$(BIN)/python -m pytest

# SETS=folder: public intent sets to measure as well (formats: bench/public_sets.py).
bench: $(STAMP)
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python -m bench $(if $(SETS),--sets '$(SETS)')

attacks: $(STAMP)
	MADOGUCHI_ATTACKS=$${MADOGUCHI_ATTACKS:-20} $(BIN)/python -m pytest tests/attacks

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/python -m tests.coverage_page
	$(BIN)/python -m tests.lifecycle_page

check: lint types test
