PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup train test format clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## Create .venv and install requirements.txt

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "tfvae needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $(READY)

train: $(READY) ## Train the default model: objective B on dSprites, no download
	$(RUN) train.py --objective B

test: $(READY) ## Check format and lint, run every test
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

format: $(READY) ## Format the code
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

clean: ## Delete .venv and caches; runs/ stays
	rm -rf $(VENV) .hypothesis .pytest_cache .ruff_cache
