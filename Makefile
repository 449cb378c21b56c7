# Targets for people; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test bench lab house descriptors messages swept font wheel wheelhouse data-package release outside renew paper clean

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
	@$(BIN)/python tools/metadata.py

messages: $(STAMP) ## gather all messages into the catalogue of translations
	@$(BIN)/python tools/messages.py

swept: $(STAMP) ## run the sweeps behind the living figures that are stale or incomplete
	@$(BIN)/python tools/swept.py $(ARGS)

font: $(STAMP) ## the bundled Chinese fonts: a broad one for figures, one for pages (needs the extra dev)
	@$(BIN)/python tools/build_font.py

wheel: $(STAMP) ## dist/*.whl, with the data inside
	@$(BIN)/python -m build --no-isolation --wheel

wheelhouse: $(STAMP) ## dist/usb: wheels, lessons and an installer for a class without a network
	@$(BIN)/python tools/wheelhouse.py $(ARGS)

data-package: $(STAMP) ## dist/minelib-data-*.zip: the tables on their own, for any program
	@$(BIN)/python tools/data_package.py $(ARGS)

release: $(STAMP) ## check, test, and build wheel, sdist, data, site and stick into dist/
	@$(BIN)/python tools/release.py $(ARGS)

outside: $(STAMP) ## suites of others over this package, in one table (needs a network once)
	@$(BIN)/python tools/outside.py $(ARGS)

renew: $(STAMP) ## newer versions into requirements.lock, kept only if all tests pass (needs uv)
	@$(BIN)/python tools/renew_lock.py $(ARGS)

paper: $(STAMP) ## the paper and the summaries for teachers, with today's numbers
	@$(BIN)/python tools/paper.py $(ARGS)

clean: ## remove what run and test made (not the environment)
	rm -rf outputs dist build .pytest_cache .hypothesis

# The pinned list makes a clone in three years install the same versions.
$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "minelib needs Python 3.11 or later, this is %d.%d; try: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
