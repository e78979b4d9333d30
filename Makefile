SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables

PYTHON ?= python3
BASE_URL ?=
SEEDS ?=
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help setup generate check-generated watch demo mock test contract soak lint type docs build bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- the environment -------------------------------------------------------------------------------------------------

setup: .venv/.installed ## Make .venv from the locked versions (every other target does so by itself)

.venv/.uv:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	touch $@

.venv/.installed: .venv/.uv tools/requirements.txt pyproject.toml
	uv pip sync --quiet --python .venv/bin/python --require-hashes tools/requirements.txt
	uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@

tools/node_modules/.installed: tools/package-lock.json tools/package.json
	cd tools && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# --- the contract and what comes from it -----------------------------------------------------------------------------

.venv/.generated: .venv/.installed openapi.yaml generator-config.yml tools/generate.py
	python tools/generate.py
	touch $@

generate: .venv/.generated ## Regenerate generated/ from openapi.yaml

check-generated: .venv/.installed ## Fail if generated/ is not exactly what openapi.yaml gives
	python tools/generate.py --check

watch: .venv/.installed ## Regenerate whenever the contract changes
	watchfiles 'python tools/generate.py' openapi.yaml generator-config.yml tools/generate.py
