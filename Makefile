# Buurtkas: what a fresh machine needs is Python 3.11 or newer, git and make.
# `make help` lists the targets. Stamps in .venv make a second run instant.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO := var/demo
PORT ?= 8000
PYTEST ?= $(BIN)/python -m pytest -n auto
CODE := ledger importers audit dashboards wsgi.py
BUILD_LOCK := requirements-build.txt
LOCK := $(BIN)/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install dev demo test style types layers coverage check prove statements bench docs lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

# --- what is installed ---------------------------------------------------------------------------

install: $(VENV)/stamp-install ## make .venv and install Buurtkas, every package checked by its hash

dev: $(VENV)/stamp-dev ## the same, with what tests and checks need

$(VENV)/stamp-venv:
	@if $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then touch $@; exit 0; fi; \
	found=; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Buurtkas needs Python 3.11 or newer, and none was found here." >&2; \
		echo "Install one, or name it: make install PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	if ! "$$found" -m venv $(VENV); then \
		echo "This Python cannot make a virtual environment." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	touch $@

# Installer and build tools come first, locked as well: a package without a wheel is built with them.
$(VENV)/stamp-build: $(VENV)/stamp-venv $(BUILD_LOCK)
	@$(PIP) install --require-hashes --requirement $(BUILD_LOCK)
	@touch $@

$(VENV)/stamp-install: $(VENV)/stamp-build requirements.txt pyproject.toml
	@echo "Installing what Buurtkas needs (this takes a minute the first time)"
	@$(PIP) install --require-hashes --no-build-isolation --requirement requirements.txt
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/stamp-dev: $(VENV)/stamp-install requirements-dev.txt
	@echo "Installing what tests and checks need"
	@$(PIP) install --require-hashes --no-build-isolation --requirement requirements-dev.txt
	@touch $@

# --- what is run ---------------------------------------------------------------------------------

demo: install ## make the fictional district if it is missing, and serve it on 127.0.0.1:8000
	@$(BIN)/buurtkas demo --dir $(DEMO) --port $(PORT)

test: dev ## run every test; without Chromium the browser tests are skipped, and that is said
	@$(PYTEST)

style: dev ## style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev ## types, strict, over packages and tests
	$(BIN)/mypy $(wildcard $(CODE) tests benchmarks/*.py)

layers: dev ## who may import whom
	$(BIN)/lint-imports

coverage: dev ## unit and integration tests with their limits: ledger/ 100%, all 95%, with branches
	$(BIN)/coverage erase
	$(PYTEST) -m "not browser" --cov --cov-report= $(wildcard tests/unit tests/integration)
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --include='ledger/*' --fail-under=100

check: style types layers coverage ## all four of these

prove: dev ## the long proofs in full; figures go to docs/proof/
	@mkdir -p docs/proof
	BUURTKAS_PROOFS=full BUURTKAS_REVISION=$$(git rev-parse --short HEAD) $(PYTEST) tests/proofs

statements: dev ## read the shared bank files (BUURTKAS_STATEMENTS, else ../shared/statements) and print how each was read
	@$(BIN)/python -m tests.statements

bench: dev ## measure, a quarter of an hour on a quiet machine; figures are printed as Markdown
	@for name in reading_rates booking upload rules pages; do \
		printf '\n## %s\n\n' "$$name"; $(BIN)/python "benchmarks/$$name.py" || exit 1; \
	done

docs: dev ## write the generated pages of docs/ again
	@BUURTKAS_WRITE_DOCS=1 $(BIN)/python -m pytest --quiet tests/unit/house/test_entry_format.py

lock: dev ## make the locked requirements again (keeps versions; LOCKFLAGS=--upgrade takes newer ones)
	@test -x $(BIN)/uv || $(PIP) install uv
	@printf 'pip>=25\nsetuptools>=80\n' | $(LOCK) $(LOCKFLAGS) --output-file $(BUILD_LOCK) - > /dev/null
	@$(LOCK) $(LOCKFLAGS) --output-file requirements.txt pyproject.toml > /dev/null
	@$(LOCK) $(LOCKFLAGS) --extra dev --output-file requirements-dev.txt pyproject.toml > /dev/null

clean: ## remove what was made here, except installations in var/
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache *.egg-info
