# Everything is installed into .venv, from the lock files, with hashes. `make` alone lists the targets.

PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
INSTALL := $(PIP) install --require-hashes --no-deps
INSTALL_PROJECT := $(PIP) install --no-build-isolation --no-deps --no-index --editable .
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check lint format openapi pictures bench stress publishing building readings endure crowds exports visits kills engines hostile pipelines lock upgrade package image sbom advisories digests clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed ## serve the directory on this machine (PORT=8000, HOST=127.0.0.1)
	@$(BIN)/stodkatalog serve --host $(HOST) --port $(PORT)

# Without compiled files each start of Python compiles the whole of app/ anew: tests start it some hundred times, and
# memory and starts are measured as they are in an installed package.
test bench building crowds readings exports endure: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/installed-dev ## install what the tests need and run all of them (ARGS="-k search")
	@$(BIN)/python -m tests.needs
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --durations 15 $(ARGS)

check: $(VENV)/installed ## look the seed files through
	@$(BIN)/stodkatalog check

lint: $(VENV)/installed-dev ## check style, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(VENV)/installed-dev ## put the code in its format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

openapi: $(VENV)/installed-dev ## renew docs/openapi.json, the reviewed description of the API, and its examples
	@$(BIN)/python -m tests.http.examples
	@$(BIN)/stodkatalog openapi > docs/openapi.json.new || { rm docs/openapi.json.new; exit 1; }
	@mv docs/openapi.json.new docs/openapi.json

pictures: $(VENV)/installed-dev ## take the pictures in docs/pictures anew
	@$(BIN)/python -m tests.pictures $(ARGS)

bench: $(VENV)/installed-dev bench/.venv/installed ## measure beside nginx, datasette and the tutorials' way, into bench/RESULTS.md
	@$(BIN)/python -m bench.needs
	@$(BIN)/python -m bench $(ARGS)

stress: $(VENV)/installed-dev ## look for stale answers under constant publishing, into bench/STRESS.md (ARGS="--seconds 60")
	@$(BIN)/python -m bench.needs
	@$(BIN)/python -m bench.stress $(ARGS)

publishing: $(VENV)/installed-dev ## measure publishing one changed record, into bench/PUBLISHING.md (ARGS="--sizes 1000")
	@$(BIN)/python -m bench.publishing $(ARGS)

building: $(VENV)/installed-dev ## measure seeding a whole directory from its files, into bench/BUILDING.md (ARGS="--sizes 1000")
	@$(BIN)/python -m bench.building $(ARGS)

readings: $(VENV)/installed-dev ## measure answers made anew, filters and referrals among them, into bench/READINGS.md
	@$(BIN)/python -m bench.reading $(ARGS)

endure: $(VENV)/installed-dev ## load for long at 70 %, then beyond what can be served, into bench/ENDURING.md (ARGS="--seconds 60")
	@$(BIN)/python -m bench.enduring $(ARGS)

crowds: $(VENV)/installed-dev ## many callers at once after and beside publications, and several workers, into bench/CROWDS.md
	@$(BIN)/python -m bench.needs
	@$(BIN)/python -m bench.crowding $(ARGS)

exports: $(VENV)/installed-dev ## whole directories as files, and what others wait for meanwhile, into bench/EXPORTS.md
	@$(BIN)/python -m bench.exporting $(ARGS)

visits: $(VENV)/installed-dev ## weigh pages as a first visit over a slow line loads them, into bench/VISITS.md
	@$(BIN)/python -m bench.visiting $(ARGS)

kills: $(VENV)/installed-dev ## kill a publisher at random moments and look for losses, into bench/KILLS.md (ARGS="--kills 500")
	@$(BIN)/python -m bench.killing $(ARGS)

engines: $(VENV)/installed-dev ## compare our index of search with other engines, into bench/ENGINES.md (ARGS="--size 1000")
	@$(BIN)/python -m bench.engines $(ARGS)

hostile: $(VENV)/installed-dev ## write 100,000 hostile requests while somebody reads, into bench/HOSTILE.md (ARGS="--writes 2000")
	@$(BIN)/python -m bench.hostile $(ARGS)

pipelines: $(VENV)/installed-dev ## compare 200,000 mutated pipelines with uvicorn's own protocol (ARGS="--seconds 60")
	@$(BIN)/stodkatalog prepare
	@$(BIN)/python -m bench.pipelines $(ARGS)

lock: $(VENV)/python ## renew the lock files after a change in pyproject.toml, keeping what can stay
	@$(PIP) install uv
	@$(UV_COMPILE) pyproject.toml --group build --output-file requirements.lock
	@$(UV_COMPILE) pyproject.toml --extra opentelemetry --group build --constraint requirements.lock --output-file requirements-opentelemetry.lock
	@$(UV_COMPILE) pyproject.toml --extra mcp --extra opentelemetry --group build --group dev --constraint requirements-opentelemetry.lock \
		--output-file requirements-dev.lock
	@$(UV_COMPILE) --group bench --output-file requirements-bench.lock

upgrade: UPGRADE := --upgrade
upgrade: lock ## as lock, with the newest versions that pyproject.toml allows

package: $(VENV)/installed ## build the package, for pip install, into dist/
	@$(BIN)/python -m hatchling build

image: LOCK ?= requirements.lock
image: ## build the container image, which then says its version and commit (LOCK=requirements-opentelemetry.lock)
	@docker build --tag stodkatalog --build-arg LOCK="$(LOCK)" --build-arg COMMIT="$$(git describe --always --dirty --abbrev=12 --exclude='*')" \
		--build-arg VERSION="$$(sed -n 's/^VERSION = "\(.*\)"$$/\1/p' app/version.py)" .

sbom: $(VENV)/python ## list what the service is made of, as CycloneDX, into dist/sbom.cdx.json
	@$(BIN)/python -m venv $(VENV)/sbom
	@$(VENV)/sbom/bin/python -m pip --disable-pip-version-check --no-input -qq install "cyclonedx-bom>=7,<8"
	@mkdir -p dist
	@$(VENV)/sbom/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file dist/sbom.cdx.json

advisories: $(VENV)/python ## look the locked packages up among known advisories; says so where it could not
	@$(BIN)/python -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check --no-input -qq install pip-audit || true
	@PIP_AUDIT=$(VENV)/audit/bin/pip-audit deploy/advisories.sh

digests: ## print the base images by digest, for .env; says so where it could not look them up
	@deploy/digests.sh

clean: ## remove what make and the tests made, but no data
	@rm -rf $(VENV) tests/npm/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis

# The first interpreter that runs and is new enough: python3 may be older, and python3.13 a shim that only complains.
$(VENV)/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -c 'import ensurepip' 2>/dev/null \
				|| { echo "$$python lacks venv: install it (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }; \
			$$python -m venv --clear $(VENV) && touch $@; exit; \
		fi; \
	done; echo "Python 3.11 or newer is needed, and not on PATH" >&2; exit 1

bench/.venv/installed: requirements-bench.lock | $(VENV)/python
	@$(BIN)/python -m venv --clear bench/.venv
	@bench/.venv/bin/python -m pip --disable-pip-version-check --no-input -qq install --require-hashes --no-deps \
		--requirement requirements-bench.lock
	@touch $@

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/python
	@echo "Installing into $(VENV) …"
	@$(INSTALL) --requirement requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/python
	@echo "Installing into $(VENV), with the tools of the tests …"
	@$(INSTALL) --requirement requirements-dev.lock
	@$(INSTALL_PROJECT)
	@touch $(VENV)/installed $@
