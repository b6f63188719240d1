# The two commands that matter: `make run` and `make test`. Both set up everything by themselves.
SHELL := /bin/sh
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
PYTHON := .venv/bin/python
SETUP := .venv/.set-up

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(SETUP) ## start the assistant and print where to look; Ctrl-C ends it
	@$(PYTHON) -m bot run

train: $(SETUP) ## train the model if something it is made from has changed
	@$(PYTHON) -m bot train

test: $(SETUP) check ## check and run the whole suite
	@echo "The tests without the trained model:"
	@$(PYTHON) -m pytest -q -n 2 -m "not slow"
	@$(PYTHON) -m bot train
	@echo "The tests with the trained model, the running system, a browser and PostgreSQL:"
	@$(PYTHON) -m pytest -q -m slow

test-fast: $(SETUP) ## the tests of a minute: without model, running system, browser, PostgreSQL and the practice's web application
	@$(PYTHON) -m pytest -q -n 2 -m "not slow and not web"

check: $(SETUP) ## style, types, and every fault of the data files
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet . || { echo "Some files are not formatted: run .venv/bin/ruff format ."; exit 1; }
	@.venv/bin/mypy
	@$(PYTHON) -m bot check

bench-console: $(SETUP) train ## how fast the staff console answers with 100,000 conversations, and the assistant beside it
	@$(PYTHON) -m tests.practice.console.bench

screenshots-console: $(SETUP) ## pictures of every page of the staff console, in var/screenshots/console/
	@$(PYTHON) -m tests.practice.console.screenshots

bench: $(SETUP) train ## how fast it answers and how much memory it takes
	@$(PYTHON) -m tests.bench

screenshots: $(SETUP) train ## pictures of every state of the chat into var/screenshots/
	@$(PYTHON) -m tests.screenshots

evaluate: $(SETUP) train ## how well it understands: tables, and a page with plots in var/evaluation/
	@$(PYTHON) -m bot evaluate

learning-curve: $(SETUP) ## what more examples would bring: trains on 25 to 100 % of them
	@$(PYTHON) -m bot evaluate --learning-curve

bench-nlu: $(SETUP) ## the understanding beside Rasa's default pipeline, both trained anew
	@$(PYTHON) -m tests.bench_nlu

bench-messaging: $(SETUP) train ## how many messages a second it answers on a messaging platform
	@$(PYTHON) -m tests.bench_messaging

clean: ## remove environment, models and all state
	rm -rf .venv .tools models var .rasa

$(SETUP): uv.lock pyproject.toml
	@sh deploy/set-up.sh
	@touch $@

.PHONY: help run train test test-fast check bench screenshots clean evaluate learning-curve bench-nlu bench-messaging bench-console screenshots-console
