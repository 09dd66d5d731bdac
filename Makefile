# Everything that a fresh machine with Python 3.11 or later needs is made here:
#   make demo     install, check the data that is shipped, and answer three questions
#   make test     everything that CI runs
#   make format   bring Turtle and Python files to their canonical form
#   make clean    remove what was made

PYTHON ?= python3

# Paths are relative and the folder's own name is never used, so that it may hold spaces.
VENV := .venv
BIN := $(VENV)/bin
COMMUNIQUE := $(BIN)/communique
RUN_STAMP := $(VENV)/.installed-to-run
TEST_STAMP := $(VENV)/.installed-to-test

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test format clean

help:
	@sed -n 's/^#   //p' Makefile

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "communique needs Python 3.11 or later; name one with: make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(TEST_STAMP): $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

demo: $(RUN_STAMP)
	@echo "Does the data conform to the shapes?"
	@$(COMMUNIQUE) validate
	@echo
	@echo "Who chaired the first round of the U.S.-Japan labor task force, and who says so?"
	@$(COMMUNIQUE) ask who-chaired --parameter occasion=us-japan-labor-task-force-round-1
	@echo
	@echo "What do the sources say of its government dialogue?"
	@$(COMMUNIQUE) ask accounts-of --parameter occasion=us-japan-labor-task-force-round-1-government
	@echo
	@echo "Where do they differ, and why?"
	@$(COMMUNIQUE) disagreements us-japan-labor-task-force-round-1

test: $(TEST_STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	$(BIN)/pytest --numprocesses auto --dist loadfile

format: $(TEST_STAMP)
	$(COMMUNIQUE) format ontology data shapes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
