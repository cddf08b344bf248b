# Lianxin: `make run` and `make test` are all that most people need.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
HASHED := $(PIP) install --require-hashes
# Nothing is fetched behind the lock's back: what is built here is built with the tools just installed.
BUILT := --no-build-isolation --use-pep517
UV_VERSION := 0.13.9

PACKAGES := bot handlers nlp storage scheduler
CHECKED := $(PACKAGES) tests tools $(wildcard benchmarks)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint bench eval train lock clean browser

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-16s%s\n", $$1, $$2 }'

install: $(RUNTIME) ## make the environment only: .venv/bin/lianxin
	@echo "Ready: .venv/bin/lianxin"

run: $(RUNTIME) ## start the bot on http://127.0.0.1:8080 with its data in var/ (ARGS="--port 9000" for more)
	@exec $(BIN)/lianxin serve --data var $(ARGS)

test: $(DEVELOPMENT) browser ## everything the tests need, then all tests (ARGS="-k receipt" for some)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEVELOPMENT) ## ruff (with the security rules of bandit), mypy --strict, known vulnerabilities
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict $(CHECKED)
	@$(BIN)/python tools/audit.py

bench: $(DEVELOPMENT) ## measure speed, as ratios in one run
	@$(BIN)/python -m benchmarks $(ARGS)

eval: $(DEVELOPMENT) ## measure the reading of labelled messages, ours or DATA=folder
	@$(BIN)/python -m benchmarks.evaluate $(DATA) $(ARGS)

train: $(DEVELOPMENT) ## learn the weights of the reader from benchmarks/messages, in a few minutes
	@$(BIN)/python -m benchmarks.train $(ARGS)

lock: | $(BIN)/python ## write the hashed locks from pyproject.toml (UPGRADE=1 for the newest versions)
	@$(PIP) install uv==$(UV_VERSION)
	@$(LOCK) pyproject.toml --output-file requirements.txt
	@$(LOCK) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	@$(LOCK) --group build --constraints requirements-dev.txt --output-file requirements-build.txt
	@echo "Locks written: requirements.txt, requirements-dev.txt, requirements-build.txt"

clean: ## remove the environment and all caches; var/ with your data stays
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

browser: $(DEVELOPMENT)
	@$(BIN)/python -m tests.e2e.browser

$(BIN)/python:
	@PYTHON="$(PYTHON)" sh tools/make_venv

$(RUNTIME): requirements-build.txt requirements.txt pyproject.toml | $(BIN)/python
	@echo "Packages: about a minute the first time"
	@$(HASHED) -r requirements-build.txt
	@$(HASHED) $(BUILT) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@echo "Packages for tests and checks"
	@$(HASHED) $(BUILT) -r requirements-dev.txt
	@touch $@
