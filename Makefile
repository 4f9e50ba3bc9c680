# Python 3.11 or newer and make are all that is needed; everything else goes to .venv.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --constraint constraints.txt
# Tests run side by side, each worker with one thread of its own.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist worksteal
LISTS := pyproject.toml requirements.txt constraints.txt

.PHONY: run test test-slow check fix chibi clean

run: .venv/.installed ## serve the app on 127.0.0.1:7860
	$(PY) app.py

test: .venv/.installed-test ## every test but the slow ones
	OMP_NUM_THREADS=1 $(PY) -m pytest $(SIDE_BY_SIDE) -m "not slow"

test-slow: .venv/.installed-test ## the slow tests
	$(PY) -m pytest -m slow

check: .venv/.installed-test ## style, types and floors; it tells what was trained or measured by other code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest --quiet tests/test_floors.py
	$(PY) -m animegen.chibi.build.origin

fix: .venv/.installed-test ## mend what can be mended by itself
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

chibi: .venv/.installed-test ## make the embedded model from nothing (hours)
	$(PY) -m animegen.chibi.build

clean: ## remove the environment and every cache
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "animegen needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: $(LISTS) | $(PY)
	$(PIP) --editable .
	@touch $@

.venv/.installed-test: $(LISTS) | $(PY)
	$(PIP) --editable ".[test]"
	@touch .venv/.installed $@
