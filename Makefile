# Targets for people: run, test, bench, house, messages, font, wheel, clean. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test bench lab house descriptors messages font wheel wheelhouse clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: $(STAMP) ## install if needed, run every notebook, write outputs/ and outputs/site/index.html
	@$(BIN)/minelib run $(ARGS)

test: $(STAMP) ## install if needed, run the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

bench: $(STAMP) ## print the speed figures, as ratios measured in one run
	@$(BIN)/python -m bench $(ARGS)

lab: $(STAMP) ## JupyterLab on a working copy of the notebooks
	@$(BIN)/minelib lab $(ARGS)

house: $(STAMP) ## lines of code by room, and whether every import goes down
	@$(BIN)/python tools/house.py $(ARGS)

descriptors: $(STAMP) ## check and stamp every table, write the generated files of data/
	@$(BIN)/python -m minelib.catalog --write

messages: $(STAMP) ## gather all messages into the catalogue of translations
	@$(BIN)/python tools/messages.py

font: $(STAMP) ## the bundled Chinese fonts: a broad one for figures, one for pages (needs the extra dev)
	@$(BIN)/python tools/build_font.py

wheel: $(STAMP) ## dist/*.whl, with the data inside
	@$(BIN)/python -m build --no-isolation --wheel

wheelhouse: $(STAMP) ## dist/usb: wheels, lessons and an installer for a class without a network
	@$(BIN)/python tools/wheelhouse.py $(ARGS)

clean: ## remove what run and test made (not the environment)
	rm -rf outputs dist build .pytest_cache .hypothesis

# The pinned list makes a clone in three years install the same versions.
$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "minelib needs Python 3.11 or later, this is %d.%d; try: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
