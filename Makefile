# `make demo` and `make test` need Python 3.11 or newer with its venv module, and make; the rest is fetched by pip.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 demo` names another.
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PIP_TOOLS := pip-tools==7.6.2

# What is installed is written down as a file named by the checksum of what it was installed from.
stamp = $(VENV)/$(1)-$(shell cat requirements/$(1).txt pyproject.toml | cksum | cut -d' ' -f1).stamp
RUN := $(call stamp,run)
DEV := $(call stamp,dev)

# Chaos and hardening take a minute each, and have targets of their own; so has what is marked long among the others.
FOLDERS := $(filter-out tests/chaos/ tests/hardening/,$(sort $(dir $(wildcard tests/*/*.py)))) $(wildcard tests/test_*.py)
# Those with a browser or with other people's clients wait a lot: they leave a core to others, if they do not come last.
WAITING := tests/browser/ tests/conformance/ tests/examples/ tests/sdk/ tests/skills/
TESTS := $(filter $(WAITING),$(FOLDERS)) $(filter-out $(WAITING),$(FOLDERS))
COVERED := analysis cli client conformance engine evaluation protocol service
COVERAGE := 90

.PHONY: help
help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: $(RUN) models ## start a server, stream the sample clip to it, print every message
	@$(BIN)/interhuman-stream demo

.PHONY: test
test: export PYTHONDONTWRITEBYTECODE =
test: $(DEV) models ## run the tests, but for those that are marked slow or long
	$(BIN)/python -m pytest -m "not slow and not long" --numprocesses=3 --dist=loadfile --no-loadscope-reorder $(TESTS)

.PHONY: slow
slow: $(DEV) models ## run the tests that are marked slow: whole clips, other people's clients, engines that are killed
	$(BIN)/python -m pytest -m slow --numprocesses=3 --dist=loadfile --no-loadscope-reorder $(TESTS)

.PHONY: cover
cover: $(DEV) models ## run all of both; at least 90 % of the lines of each part must have run
	$(BIN)/python -m pytest -m "not long" --numprocesses=3 --dist=loadfile --cov --cov-report= $(TESTS)
	@$(BIN)/coverage report --skip-covered --skip-empty
	@for part in $(COVERED); do \
		$(BIN)/coverage report --include="src/interhuman_stream/$$part/*" --fail-under=$(COVERAGE) >/dev/null || { \
			echo "less than $(COVERAGE) % of the lines of src/interhuman_stream/$$part ran in the tests" >&2; exit 1; }; \
	done

.PHONY: long
long: $(DEV) models ## run the tests that are marked long: many clips and voices, recorders of two browsers, the benches
	$(BIN)/python -m pytest -m long --numprocesses=2 --dist=loadfile $(TESTS)

.PHONY: browsers
browsers: $(DEV) models ## record with real browsers and stream what they record
	$(BIN)/python -m pytest -m long --numprocesses=2 tests/browser

.PHONY: chaos
chaos: $(DEV) models ## stream through a network that cuts, resets, stalls and slows down fifty times
	$(BIN)/python -m pytest --capture=no --quiet tests/chaos

.PHONY: fuzz
fuzz: $(DEV) models ## send 20 000 damaged videos to a real service (options: FUZZ="--seed 7"; some of them again: CASES="…")
	$(BIN)/python -m tools.fuzz $(FUZZ) $(if $(CASES),--case $(CASES))

.PHONY: cuts
cuts: $(DEV) models ## analyse clips whole and in pieces, and compare what is found (some minutes; fewer: CUTS="--clips one.mp4")
	$(BIN)/python -m tools.cuts $(CUTS)

.PHONY: matrix
matrix: $(DEV) models ## analyse the same talk in every container and codec, on every way in (some minutes; MATRIX="--only webm")
	$(BIN)/python -m tools.matrix $(MATRIX)

.PHONY: field
field: $(DEV) models ## try what people really send, kind by kind (minutes; another version: FIELD="--program …/interhuman-stream")
	$(BIN)/python -m tools.field $(FIELD)

LOAD ?= streams
.PHONY: load
load: $(DEV) models ## measure how many streams the service holds (others: LOAD="relay", "soak", "kills", "floods"; "--help" says more)
	$(BIN)/python -m tools.load $(LOAD)

.PHONY: hardening
hardening: $(DEV) models ## attack the service: bombs, broken sockets, forged tokens, a short fuzz; and look for traces of media
	$(BIN)/python -m pytest --numprocesses=3 --dist=loadfile tests/hardening

.PHONY: jail-calls
jail-calls: $(DEV) models ## hold each system call of the workers against their lists (needs strace; some minutes; CALLS="--only webm")
	$(BIN)/python -m tools.jail_calls $(CALLS)

.PHONY: jail-cost
jail-cost: $(DEV) models ## measure what its jail costs a worker a segment (a minute or two; COST="--rounds 60")
	$(BIN)/python -m tools.jail_cost $(COST)

.PHONY: lint
lint: $(DEV) ## check style, types and which part may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if command -v npm >/dev/null && node -e '$(NODE_IS_NEW)'; then $(MAKE) --no-print-directory page; else \
		echo "no npm, or a node older than 20.19: the page's modules are not checked" >&2; fi

# What checks the page's modules; nothing of it is served, nor a part of the package.
NODE_IS_NEW := const [a, b] = process.versions.node.split(".").map(Number); process.exit(a * 100 + b < 2019 ? 1 : 0)
PAGE := tests/web/node_modules/.stamp
.PHONY: page
page: $(PAGE) ## check types and style of the page's modules, and test those without a DOM (needs node and npm)
	@cd tests/web && npm run --silent types && npm run --silent style && npm test --silent

$(PAGE): tests/web/package-lock.json
	@echo "installing what tests/web/package-lock.json names into tests/web/node_modules" >&2
	@cd tests/web && npm ci --silent && touch node_modules/.stamp

.PHONY: sample
sample: $(DEV) models ## make the sample clip anew (needs a voice: espeak-ng or flite)
	$(BIN)/python -m tools.make_sample

.PHONY: pictures
pictures: $(DEV) models ## take the pictures of the page in docs/images anew (needs Debian's Chromium)
	$(BIN)/python -m tools.live_pictures
	$(BIN)/python -m tools.file_pictures

.PHONY: puppet-bench
TALKING ?= $(wildcard ../shared/data/clips/talk_*)
puppet-bench: $(DEV) models ## measure the cues on puppets that do known things (some minutes; one: BENCH=--quick)
	$(BIN)/python -m tools.puppet_bench $(BENCH) $(if $(TALKING),--talking $(TALKING))

ACTED ?= $(wildcard ../shared/data/ravdess_dev)
.PHONY: filler-bench
filler-bench: $(DEV) models ## measure the filled pauses heard by ear on synthetic speakers (needs espeak-ng and flite; one minute)
	$(BIN)/python -m tools.filler_bench $(BENCH) $(if $(ACTED),--speech $(ACTED))

.PHONY: arousal-bench
arousal-bench: $(DEV) models ## count in which acted emotions an aroused voice is found (RAVDESS clips: ACTED=folder)
	$(BIN)/python -m tools.arousal_bench $(ACTED)

# MediaPipe wants an older numpy than the engine does, and its later releases report their use to their makers.
ORACLE := $(VENV)/oracle/$(shell cksum requirements/oracle.txt | cut -d' ' -f1).stamp
CLIPS ?= $(wildcard ../shared/data/clips/*)

.PHONY: oracle
oracle: $(DEV) models $(ORACLE) ## compare the face perception with MediaPipe's own (more clips: CLIPS="one.mp4 two.webm")
	$(BIN)/python -m tools.oracle --python $(VENV)/oracle/bin/python src/interhuman_stream/sample/sample.webm $(CLIPS)

.PHONY: face-bench
face-bench: $(DEV) models $(ORACLE) ## measure what a face costs a picture beside its raw models and MediaPipe (more clips: CLIPS="…")
	$(BIN)/python -m tools.face_bench --python $(VENV)/oracle/bin/python src/interhuman_stream/sample/sample.webm $(CLIPS)

$(ORACLE): | $(BIN)/python
	@echo "installing requirements/oracle.txt into $(VENV)/oracle" >&2
	@$(BIN)/python -m venv --clear $(VENV)/oracle
	@$(VENV)/oracle/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes \
		--requirement requirements/oracle.txt
	@touch $@

.PHONY: wheel-check
wheel-check: $(DEV) ## build the wheel, install it in a fresh environment elsewhere and use it (downloads 220 MB)
	$(BIN)/python -m tools.wheel_check

SBOM := $(VENV)/sbom/$(shell cksum requirements/sbom.txt | cut -d' ' -f1).stamp

.PHONY: sbom
sbom: $(DEV) $(SBOM) ## list what is installed with the service: build/sbom.json (CycloneDX) and docs/licences.md
	$(BIN)/python -m tools.sbom --tool $(VENV)/sbom/bin/cyclonedx-py

$(SBOM): | $(BIN)/python
	@echo "installing requirements/sbom.txt into $(VENV)/sbom" >&2
	@$(BIN)/python -m venv --clear $(VENV)/sbom
	@$(VENV)/sbom/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes \
		--requirement requirements/sbom.txt
	@touch $@

.PHONY: evidence
evidence: $(RUN) ## write docs/evidence.md from the evidence table
	$(BIN)/interhuman-stream evidence >docs/evidence.md

.PHONY: settings
settings: $(RUN) ## write docs/settings.md from the declarations of the settings
	$(BIN)/python -m tools.settings_page >docs/settings.md

.PHONY: setup
setup: $(DEV) models ## only install and fetch what the others need

.PHONY: clean
clean: ## remove what the other targets left in this folder
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build \
		src/*.egg-info

.PHONY: models
models: $(RUN)
	@$(BIN)/interhuman-stream models pull

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "There is no Python 3.11 or newer on the PATH;" \
		"install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) comes without its venv module;" \
		"install that (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "making $(VENV) with $(PYTHON)" >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Pip says either nothing for a minute or three lines a package: of these, the loop shows one that changes on a terminal,
# a line a package elsewhere. A pipe's status is its end's, so pip's success is said through it too.
define shown
{ $(1) && echo ended; } | { count=0; ended=1; end='\n'; erase=; \
	test ! -t 2 || { end=; erase='\r\033[K'; }; \
	while read -r word what rest; do case $$word in \
		Collecting|Processing) count=$$((count + 1)); \
			printf "$$erase  %s of %s: %s$$end" $$count $(2) "$${what##*/}" >&2 ;; \
		Requirement) count=$$((count + 1)) ;; \
		Installing) printf "$$erase  all are there; unpacking them takes a while, too\n" >&2 ;; \
		ended) ended=0 ;; \
	esac; done; exit $$ended; }
endef
LOUD_PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# --no-deps: the lock is complete, and nothing may come in beside it.
define install
	@echo "installing the $(call packages,$(1)) packages of requirements/$(1).txt into $(VENV) ($(2))" >&2
	@$(call shown,$(LOUD_PIP) install --no-deps --require-hashes --requirement requirements/$(1).txt,$(call packages,$(1)))
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/$(1)-*.stamp
	@touch $@
endef
packages = $(shell grep -c == requirements/$(1).txt)

$(RUN): | $(BIN)/python
	$(call install,run,220 MB to download: a minute or more)

$(DEV): | $(RUN)
	$(call install,dev,140 MB more)

# A lock must hold for everybody: it is made without this machine's pip configuration and names no registry.
COMPILE = $(VENV)/lock/bin/pip-compile --quiet $(UPGRADE) --generate-hashes --strip-extras \
	--unsafe-package=interhuman-stream --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: lock
lock: export PIP_CONFIG_FILE = /dev/null
lock: export PIP_FIND_LINKS =
lock: export PIP_EXTRA_INDEX_URL =
lock: export CUSTOM_COMPILE_COMMAND = make lock
lock: $(VENV)/lock/bin/pip-compile ## resolve requirements/ anew, keeping the pins that fit (all anew: make lock UPGRADE=--upgrade)
	$(COMPILE) --annotation-style=line --extra=service --build-deps-for=editable \
		--output-file=requirements/run.txt pyproject.toml
	$(COMPILE) --no-annotate --output-file=requirements/dev.txt requirements/run.txt requirements/dev.in
	$(COMPILE) --annotation-style=line --output-file=requirements/oracle.txt requirements/oracle.in
	$(COMPILE) --annotation-style=line --output-file=requirements/sbom.txt requirements/sbom.in
	@# The project's extras name the project itself; it is installed from here, so pip-compile's warning has no use.
	@for lock in run dev; do \
		sed '/^# WARNING: The following packages were not pinned/,$$d' requirements/$$lock.txt >$(VENV)/lock/$$lock.txt && \
		cp $(VENV)/lock/$$lock.txt requirements/$$lock.txt; done

$(VENV)/lock/bin/pip-compile: | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check --quiet install $(PIP_TOOLS)
