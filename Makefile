# Every developer command. `make demo` and `make test` need only Python 3.11+, Node 20+ and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
# The page's bundler leaves the second core to whatever else runs.
PYTEST_WORKERS ?= 2

.PHONY: help install demo test check bench wheel clean lock format

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed  ## Install everything that developing needs

.venv/.installed: backend/requirements-dev.txt backend/pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r backend/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e backend
	@touch $@

backend/tests/npm_client/node_modules/.installed: backend/tests/npm_client/package-lock.json
	cd backend/tests/npm_client && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: install  ## Show it all on a mock bank; ARGS=--once ends after the import
	@$(BIN)/bankimport demo $(ARGS)

test: install backend/tests/npm_client/node_modules/.installed  ## Run every test; ARGS are pytest's
	cd backend && $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup $(ARGS)

check: install  ## Lint, types, import directions, migrations
	cd backend && $(BIN)/ruff format --check . && $(BIN)/ruff check .
	cd backend && $(BIN)/mypy
	cd backend && $(BIN)/lint-imports

format: install  ## Put the code into its one layout
	cd backend && $(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: install  ## Measure speed and memory, as ratios against a floor of the same run
	cd backend && $(BIN)/python -m benchmarks $(ARGS)

wheel: install  ## Build the wheel and try it in an empty environment
	rm -rf backend/dist
	cd backend && $(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python scripts/try_wheel.py backend/dist/*.whl

lock: install  ## Compile the hash-pinned requirements again
	cd backend && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url pyproject.toml -o requirements.txt
	cd backend && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url pyproject.toml -c requirements.txt --group dev -o requirements-dev.txt

clean:  ## Remove what was installed and built
	rm -rf .venv backend/dist backend/tests/npm_client/node_modules backend/src/bankimport/web
