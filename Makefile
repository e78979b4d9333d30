SHELL := bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables

PYTHON ?= python3
BASE_URL ?=
SEEDS ?=
BASE ?=
OPTIONS ?=
MODULES ?=
FAULTS ?=
NAMES ?=
GENERATOR := tools/generate.py $(wildcard tools/contract_source/*.py)
UPGRADE ?=
PARTS ?=
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Redocly asks its vendor nothing, and tells it nothing.
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true
# Without kept bytecode every process compiles all that it imports: half of the CPU of a generation.
unexport PYTHONDONTWRITEBYTECODE
# Every process that invents requests would read our sources and Unicode's tables again: a sixth of a run of the kit.
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.hypothesis

.PHONY: help setup lock generate check-generated watch demo mock test test-ci test-oldest contract soak strength mutants consumers lint type diff compatibility docs test-docs preview build bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- the environment -------------------------------------------------------------------------------------------------

setup: .venv/.installed ## Make .venv from the locked versions (every other target does it by itself)

lock: .venv/.uv ## Write the locked versions from pyproject.toml: [UPGRADE=1 for the newest of everything]
	UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	  --no-annotate --group dev --all-extras $(if $(UPGRADE),--upgrade) --output-file tools/requirements.txt pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	  --no-annotate --group consumers $(if $(UPGRADE),--upgrade) --output-file tools/consumers/requirements.txt

.venv/.uv:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear .venv
	sed -n '/^uv==/,/[^\\]$$/p' tools/requirements.txt > .venv/uv.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
	touch $@

.venv/.installed: .venv/.uv tools/requirements.txt pyproject.toml
	uv pip sync --quiet --python .venv/bin/python --require-hashes tools/requirements.txt
	uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@

tools/node_modules/.installed: tools/package-lock.json tools/package.json
	(cd tools && npm ci --no-audit --no-fund --loglevel=error)
	touch $@

# --- the contract and what comes from it -----------------------------------------------------------------------------

.venv/.generated: .venv/.installed openapi.yaml generator-config.yml $(GENERATOR)
	python tools/generate.py
	touch $@

generate: .venv/.generated ## Regenerate generated/ from openapi.yaml

check-generated: .venv/.installed ## Fail if generated/ is not exactly what openapi.yaml gives
	python tools/generate.py --check
	touch .venv/.generated

watch: .venv/.installed ## Regenerate whenever the contract changes
	watchfiles 'python tools/generate.py' openapi.yaml generator-config.yml $(GENERATOR)

# --- running it ------------------------------------------------------------------------------------------------------

demo: .venv/.generated ## Launch the documented calls at a mock, in JSON and in XML, and drain their reports
	python tools/demo.py

mock: .venv/.generated ## Run the mock on http://127.0.0.1:8080
	infobip-voice mock

# --- checking it -----------------------------------------------------------------------------------------------------

test: .venv/.generated ## Run every test once, deterministically
	pytest --numprocesses auto --quiet tests/sdk tests/wire --cov --cov-report term
	pytest --numprocesses auto --dist loadgroup --quiet --ignore tests/portal --ignore tests/sdk --ignore tests/wire \
	  --ignore tests/ci

test-ci: build ## Run what the guide, the action, the example and the pytest options say of CI: a dozen runs of the kit
	pytest --numprocesses auto --dist loadgroup --quiet tests/ci

test-oldest: build ## Test the SDK, the formats and the mock with the oldest dependencies that they allow
	uv venv --quiet --clear --python .venv/bin/python build/oldest
	uv pip compile --quiet --resolution lowest-direct --extra cli --extra mock --extra postgres --output-file build/oldest.txt pyproject.toml
	uv pip install --quiet --python build/oldest/bin/python --requirements build/oldest.txt \
	  'pytest<9.2' pytest-xdist hypothesis hypothesis-jsonschema ruamel.yaml socksio
	uv pip install --quiet --python build/oldest/bin/python --no-deps dist/*.whl
	build/oldest/bin/python -m pytest --quiet --numprocesses auto --dist loadgroup -p no:cacheprovider tests/wire tests/sdk \
	  tests/mock --ignore tests/sdk/test_recipes.py --ignore tests/mock/test_control_generated.py

contract: .venv/.generated ## Test a mock with the contract kit: [BASE_URL=… to test your server instead] [SEEDS=20] [OPTIONS=…]
	python tools/run_contract.py '$(BASE_URL)' '$(SEEDS)' $(OPTIONS)

soak: .venv/.generated ## Run the slow checks: a million fuzzed requests, pushes at once, accounts, a restart, races, kills of drains and receivers
	export ONE_WINNER_ROUNDS=1000 SOAK_REQUESTS=1000000 SOAK_PUSHES=10000 SOAK_ACCOUNTS=1000 SOAK_MESSAGES=1000
	pytest --quiet -s tests/mock/test_soak.py tests/mock/test_endurance.py tests/mock/test_server.py \
	  -k 'fuzzed or conservation or one_winner or at_once or crowd or restart_in'
	export KILLS=100 SOAK_DRAIN_REPORTS=50000 SOAK_DRAIN_KILLS=60 SOAK_DRAIN_EVERY=1 SOAK_RECEIVED=20000 SOAK_RECEIVER_KILLS=100
	pytest --quiet -s tests/sdk/test_kill.py tests/sdk/test_postgres_kill.py tests/cli/test_kill_receive.py

strength: .venv/.generated ## Measure how many seeded faults the contract kit finds, and write the table into the README: [FAULTS=of these alone]
	PYTHONPATH=tools python -m strength run $(FAULTS)

mutants: .venv/.generated ## Change the code in many small ways, and see that a test fails each time: [MODULES=of these alone]
	PYTHONPATH=tools python -m mutants $(MODULES)

consumers: .venv/.generated ## Generate, build, run and render what others make of the contract: [NAMES=of these alone]
	PYTHONPATH=tools python -m consumers $(NAMES)

diff: .venv/.installed ## Say what changed in the contract, and fail if versions or changelog lag: [BASE=a git ref]
	PYTHONPATH=tools python -m contract_diff '$(BASE)'

compatibility: .venv/.generated ## Say what breaks code that uses the released SDK: types, signatures [BASE=a git ref]
	PYTHONPATH=tools python -m compatibility '$(BASE)'

lint: .venv/.generated tools/node_modules/.installed ## Check style, imports between packages, and the contract
	ruff check .
	ruff format --check .
	lint-imports
	openapi-spec-validator openapi.yaml
	tools/node_modules/.bin/redocly lint --config tools/redocly.yaml openapi.yaml
	tools/node_modules/.bin/redocly lint --config tools/redocly.yaml workflows.arazzo.yaml
	tools/node_modules/.bin/spectral lint --quiet --fail-severity hint --ruleset tools/spectral.yaml openapi.yaml
	zizmor --offline --quiet --pedantic .github/workflows action.yml examples

type: .venv/.generated ## Check types: mypy --strict on everything, pyright strict on the overlays
	mypy
	mypy --strict tests/typing/public_api.py
	pyright

bench: .venv/.generated ## Measure beside other clients and mocks: a table, benchmarks/results.json and drawings [PARTS=sdk throughput mock]
	-(cd benchmarks && npm ci --no-audit --no-fund --loglevel=error)
	-python benchmarks/peers.py
	python benchmarks $(PARTS) --messages 1000000

# --- publishing it ---------------------------------------------------------------------------------------------------

docs: .venv/.generated ## Build the portal in site/
	PYTHONPATH=tools python -m portal

test-docs: docs tools/node_modules/.installed ## Check every page of the portal in a real browser, and run every code sample
	pytest --numprocesses auto --quiet tests/portal

preview: docs ## Serve the portal and the mock on http://127.0.0.1:8080, so that "Send it to the mock" works
	PYTHONPATH=tools python -m portal.preview site 8080

build: .venv/.generated ## Build the wheel and the sdist into dist/, the same bytes for the same commit
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || echo 1580601600) python -m build --no-isolation --outdir dist .
	twine check --strict dist/*

clean: ## Remove everything that make made
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist site tools/node_modules benchmarks/node_modules
