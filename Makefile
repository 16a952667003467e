# Every developer command. `make demo` and `make test` need only Python 3.11+, Node 20+ and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
PYTEST_WORKERS ?= 3
# A test run starts over a hundred processes; without compiled modules each would compile all of ours.
unexport PYTHONDONTWRITEBYTECODE
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/*.json frontend/vite.config.ts frontend/preloads.ts frontend/lingui.config.ts -type f)

.PHONY: help install docs page api-types messages dev demo quick test test-deep test-page test-server test-days test-engines deploy-test chaos check bench wheel screenshots clean lock format

TEST_NEEDS := install page .cache/browser .cache/prometheus/promtool backend/tests/npm_client/node_modules/.installed
# Both halves of the tests, or the one that is meant.
PARTS = $(if $(filter page,$(PART)),test-page,$(if $(PART)$(ARGS),test-server,test-page test-server))

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

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

page: backend/src/bankimport/web/index.html  ## Build the page into the Python package

backend/src/bankimport/web/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	cd frontend && npm run --silent build

api-types: install frontend/node_modules/.installed  ## Read each operation's errors from the code, and generate the page's API types
	@mkdir -p .cache
	$(BIN)/python scripts/operation_errors.py
	$(BIN)/python scripts/openapi.py > .cache/openapi.json
	cd frontend && npm run --silent api-types

messages: frontend/node_modules/.installed  ## Gather the texts of the page into its catalogues
	cd frontend && npm run --silent messages

dev: install frontend/node_modules/.installed  ## Run everything, and the page with hot reload
	$(BIN)/python scripts/dev.py

.cache/browser: .venv/.installed
	@mkdir -p .cache
	@scripts/install_browser.sh $(BIN)/python > $@.new && mv $@.new $@

.cache/prometheus/promtool: scripts/install_prometheus.sh
	@scripts/install_prometheus.sh .cache/prometheus

screenshots: install page .cache/browser backend/tests/npm_client/node_modules/.installed  ## Take pictures of every page, of a first run, and the one in README
	cd backend && BANKIMPORT_SCREENSHOTS=$(CURDIR)/screenshots $(BIN)/pytest -q tests/journeys/test_every_page.py
	$(BIN)/python scripts/readme_picture.py
	$(BIN)/python scripts/first_run.py

demo: install page  ## Show it all on a mock bank; ARGS=--once ends after the import
	@$(BIN)/bankimport demo $(ARGS)

quick: install  ## Layout, lint, types and the tests that start no process, in a minute
	cd backend && $(BIN)/ruff format --check . ../scripts --config pyproject.toml && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	cd backend && $(BIN)/pytest -n $(PYTEST_WORKERS) --dist worksteal --pure $(ARGS)

test: $(TEST_NEEDS)  ## Run the tests; PART=imports runs a folder's, PART=page the page's, ARGS are pytest's
	@$(MAKE) --no-print-directory -j2 $(PARTS)

test-deep: $(TEST_NEEDS)  ## Run every test whole: all sizes, all rows of each matrix, random seeds, fifty rounds of chaos
	@BANKIMPORT_DEEP=1 $(MAKE) --no-print-directory -j2 test-page test-server ARGS="--timeout 3600 $(ARGS)"
	@$(MAKE) --no-print-directory chaos

test-page:
	cd frontend && npm run --silent test

# Each module goes to the next free process, the longest first as tests/support/suite/choosing.py orders them.
test-server:
	cd backend && $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(if $(PART),tests/$(PART)) $(ARGS)

test-days: install  ## Play the tests that know dates on days that are easily got wrong; ARGS are the script's and pytest's
	$(BIN)/python scripts/test_days.py $(ARGS)

OF_DATABASES = tests/imports/run tests/imports/changes tests/transactions tests/proof/test_prove.py
OF_QUEUES = tests/journeys/on_one_cluster/test_chaos.py

test-engines: install  ## Test on other databases and queues, with Debian's servers, as root; ENGINES names some, ARGS are pytest's
	@scripts/install_engines.sh
	cd backend && for engine in $(or $(ENGINES),postgres15 pgbouncer tls rabbitmq sentinel); do \
		case $$engine in \
			rabbitmq|sentinel) tests="$(OF_QUEUES)";; \
			tls) tests="$(OF_DATABASES) $(OF_QUEUES)";; \
			*) tests="$(OF_DATABASES)";; \
		esac; \
		echo "== $$engine" && BANKIMPORT_TEST_ENGINES=$$engine $(BIN)/pytest -q -n $(PYTEST_WORKERS) --dist loadfile \
		$$tests $(ARGS) || exit 1; done

deploy-test: install  ## Build the image, start compose.yaml under podman and drill it, on Debian as root; KEEP=1 keeps the images
	@KEEP=$(KEEP) sh deploy/test.sh

chaos: install page  ## Kill processes at random through fifty imports; ROUNDS and SEED say how many, from where
	cd backend && BANKIMPORT_DEEP=1 BANKIMPORT_CHAOS_ROUNDS=$(or $(ROUNDS),50) BANKIMPORT_CHAOS_FIRST_SEED=$(or $(SEED),1) \
		$(BIN)/pytest -q tests/journeys/on_one_cluster/test_chaos.py $(ARGS)

check: install frontend/node_modules/.installed  ## Lint, types, import directions, generated files
	cd backend && $(BIN)/ruff format --check . ../scripts --config pyproject.toml && $(BIN)/ruff check .
	cd backend && $(BIN)/mypy
	cd backend && $(BIN)/lint-imports
	$(MAKE) --no-print-directory api-types
	git diff --exit-code --stat frontend/src/api/schema.gen.ts backend/src/bankimport/openapi/operation_errors.json
	$(MAKE) --no-print-directory messages
	git diff --exit-code --stat frontend/src/locales
	cd frontend && npm run --silent types && npm run --silent lint
	$(BIN)/python scripts/words.py

docs: install  ## Write docs/settings.md and docs/cli.md from the code
	$(BIN)/python scripts/reference.py

format: install frontend/node_modules/.installed  ## Put the code into its one layout
	cd backend && $(BIN)/ruff format . ../scripts --config pyproject.toml && $(BIN)/ruff check --fix .
	cd frontend && npm run --silent format

bench: install page .cache/browser  ## Measure speed and memory beside floors of the same run; ARGS=--quick, --json, --compare FILE
	cd backend && $(BIN)/python -m benchmarks $(ARGS)

wheel: install page  ## Build the wheel and try it in an empty environment
	rm -rf backend/dist
	cd backend && $(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python scripts/try_wheel.py backend/dist/*.whl

lock:  ## Compile the hash-pinned requirements again
	cd backend && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url pyproject.toml -o requirements.txt
	cd backend && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url pyproject.toml -c requirements.txt --group dev -o requirements-dev.txt

clean:  ## Remove what was installed and built
	rm -rf .venv .cache backend/dist frontend/node_modules backend/tests/npm_client/node_modules backend/src/bankimport/web
