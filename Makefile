# One command each; `make help` lists them. Everything runs in .venv, which is made when it is missing or half made.
PYTHON ?= python3
ASSIGNMENT ?=
SUBMITTED ?=
V := .venv/bin/python
PIP := $(V) -m pip install --quiet --disable-pip-version-check
# nbgrader calls other programs by name: those of the venv have to come first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help grade lab build test check lint prove attacks agree bench bench-widgets bench-grading lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  make grade SUBMITTED=folder ASSIGNMENT=ps06_two_two_two   grade your own class, in course/"

grade: .venv/course  ## release, autograde and give feedback: the sample class, in course/demo/
ifneq ($(SUBMITTED)$(ASSIGNMENT),)
	@test -n "$(ASSIGNMENT)" || { echo "say which assignment: make grade SUBMITTED='$(SUBMITTED)' ASSIGNMENT=ps06_two_two_two"; exit 2; }
	@$(V) -m bplib.grading grade "$(ASSIGNMENT)" $(if $(SUBMITTED),--submitted "$(SUBMITTED)")
else
	@$(V) -m bplib.grading demo
endif

lab: .venv/course  ## open JupyterLab on the course, with nbgrader's formgrader
	@$(V) -m jupyterlab

build: .venv/course  ## make the derived files anew: lectures, solutions, exercises
	@$(V) -m bplib.authoring build
	@$(V) -m bplib.authoring release
	@$(V) tests/test_readme.py

test: .venv/tests  ## everything that CI runs
	@$(MAKE) --no-print-directory lint
	$(V) -m pytest
	$(V) -m bplib.checks prove --seeds 3
	$(V) -m pytest --nbval --nbval-sanitize-with tests/nbval.cfg lectures
	$(V) -m pytest --nbval-lax solutions

check: .venv/tests  ## the fast loop: lint, freshness, the quick tests
	@$(MAKE) --no-print-directory lint
	$(V) -m pytest -m "not slow"

lint:
	$(V) -m ruff check .
	$(V) -m ruff format --check .
	$(V) -m bplib.authoring check

prove: .venv/course  ## try the checks on learners' programs, right and wrong: is a mistake named that was not made?
	@$(V) -m bplib.checks prove

attacks: .venv/tests  ## hand in everything hostile, faulty and odd that we know of, at both sandbox levels
	$(V) -m tests.attacks.run $(ARGS)

agree: .venv/bench  ## compare every loss, activation, rule and gradient with PyTorch's
	$(V) -m pytest tests/agree

bench: .venv/bench  ## measure speed and memory beside peers; writes tests/benchmarks/results/
	$(V) -m tests.benchmarks.run

bench-widgets: .venv/tests  ## measure from a slider to the picture, in a real JupyterLab
	$(V) -m tests.benchmarks.widgets

bench-grading: .venv/tests  ## grade a class of 40 with stock nbgrader and with the judge, in one run
	$(V) -W ignore -m tests.benchmarks.grading

lock: .venv/tests  ## resolve requirements.txt and tests/requirements.txt anew, for all systems and Pythons
	$(V) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 pyproject.toml \
	    --extra course --extra grading --extra authoring --custom-compile-command "make lock" -o requirements.txt
	$(V) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 pyproject.toml --extra dev \
	    --constraint requirements.txt --custom-compile-command "make lock" -o tests/requirements.txt \
	    $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.txt | sort -u)

clean:  ## remove .venv and caches (never course/)
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './course/*' -prune -exec rm -rf {} +

# The stamps stand at the end of each step: a .venv without them was interrupted, and is made from scratch.
.venv/course: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed, %s is %d.%d: install one and say, for instance, make PYTHON=python3.12" % ("$(PYTHON)", v[0], v[1]))'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) has no venv module: install it (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "making .venv (a minute or two, once)"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) -r requirements.txt -e .
	@touch $@

.venv/tests: .venv/course tests/requirements.txt
	@$(PIP) -r requirements.txt -r tests/requirements.txt
	@touch $@

.venv/bench: .venv/tests tests/benchmarks/requirements.txt
	@$(PIP) -r requirements.txt -r tests/requirements.txt -r tests/benchmarks/requirements.txt
	@touch $@
