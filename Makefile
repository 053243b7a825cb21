# Every target sets up what it needs: .venv with the locked versions (scripts/setup).
BIN := .venv/bin
ARGS ?=
# Processes that share the tests: one more than there are processors, since some only wait for others; each holds a
# server's worth of memory, so not one for every core of a big machine.
TEST_PROCESSES ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -lt 4 ] && echo $$((n + 1)) || echo 4)

# Compiled modules are kept, whatever the surroundings say: servers that tests start are up three times as soon.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install serve test check fix bench docs lock

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

install: ## make .venv with the locked versions (uv if installed, else venv and pip)
	@scripts/setup

serve: install ## run the server on 127.0.0.1:8080 with the embedded store; options: make serve ARGS="--port 9000"
	@exec $(BIN)/telefonie serve $(ARGS)

test: install ## run all tests, on SQLite and on a Postgres that the run starts; ARGS="-k name" picks
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

check: install ## format check, ruff, mypy, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: install ## format, and repair what ruff can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install ## measure and print ratios with the raw figures
	@$(BIN)/python -m benchmarks $(ARGS)

docs: install ## write the generated parts of the pages anew, then run all their code blocks
	@$(BIN)/python -m docs.generator
	@$(BIN)/python -m pytest tests/docs $(ARGS)

# Locked versions name no host: every machine asks the registry it is set up for. ARGS=--upgrade takes newer versions.
lock: ## renew the lock files, those of the SDKs that tests drive, too (needs uv and npm)
	uv pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" $(ARGS) \
		--extra dev -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" $(ARGS) \
		--extra s3 -c requirements.lock -o requirements-runtime.lock pyproject.toml
	for each in nexmo vonage3; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
			$(ARGS) -o tests/sdk/$$each.lock tests/sdk/$$each.in; \
	done
	cd tests/sdk/node && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts \
		--no-audit --no-fund
