# Everything a person or a build server does here. Needed beforehand: git, make and Python 3.11.

PYTHON ?= $(firstword $(foreach name,python3.11 python3,$(shell command -v $(name))))
SOURCES := services shared deploy tests
RUN := .venv/bin
ARGS ?=
MINUTES ?= 10

# Compiled modules are kept, whatever the shell says: a process that compiles all it imports
# takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up test check bench soak static format
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: .venv/.synced ## Show the whole stack at work, with real servers (ARGS=--exit: end afterwards)
	@$(RUN)/python -m deploy.local.demo $(ARGS)

up: .venv/.synced ## Run the whole stack until Ctrl-C (ARGS=--reset: begin with no data)
	@$(RUN)/python -m deploy.local.up $(ARGS)

test: static ## Check everything: form, types, directions, and all tests
	@$(RUN)/pytest --numprocesses=2 --dist=loadfile $(ARGS)

check: static ## Check what needs no server, in under a minute
	@$(RUN)/pytest --numprocesses=2 tests/unit tests/architecture tests/contracts $(ARGS)

bench: .venv/.synced ## Measure on real servers (ARGS="relay projector --repeats 3"; --help tells more)
	@$(RUN)/python -m tests.benchmarks $(ARGS)

soak: .venv/.synced ## Kill things under load for MINUTES=10, and compare everything afterwards (ARGS=--seed=N)
	@$(RUN)/python -m tests.faults.soak --minutes $(MINUTES) $(ARGS)

format: .venv/.synced ## Bring the code into its form, and correct what can be corrected
	@$(RUN)/ruff check --fix-only $(SOURCES)
	@$(RUN)/ruff format $(SOURCES)

static: .venv/.synced
	@$(RUN)/ruff format --check $(SOURCES)
	@$(RUN)/ruff check $(SOURCES)
	@$(RUN)/mypy $(SOURCES)
	@$(RUN)/lint-imports

# The tools come from PyPI alone: uv as pinned in .ci/tools.txt, everything else as in uv.lock.
.tools/.installed: .ci/tools.txt
	@echo "Installing uv into .tools …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=…")'
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/tools.txt
	@touch $@

.venv/.synced: uv.lock pyproject.toml .tools/.installed
	@echo "Installing the project's packages into .venv …"
	@UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync --frozen --quiet --compile-bytecode --python $(PYTHON)
	@touch $@
