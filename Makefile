# One word per chore. Each needs only Python 3.11 to 3.13 and make; .venv is made when it is missing.
.PHONY: help run test lint test-servers crash servers servers-stop bench docs lock project-files pdf clean .venv tools
.DEFAULT_GOAL := help
export DO_NOT_TRACK := 1
BIN := .venv/bin
# Where Python is told not to keep what it compiles, each worker and each program of a test would compile all of it anew.
COMPILED := PYTHONDONTWRITEBYTECODE=

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 22

run: .venv ## the sample in Prefect, then serve it until Ctrl-C (ONCE=1: end after it; LIVE=1: on `make servers`)
	@exec $(BIN)/interoffice up $(if $(filter-out 0,$(ONCE)),--once) $(if $(filter-out 0,$(LIVE)),--live)

test: tools ## what needs neither a server, a browser, LibreOffice nor root
	@$(COMPILED) exec $(BIN)/python -m pytest -n 2 --dist loadfile -m "not servers" \
		-o tmp_path_retention_policy=failed $(ARGS)

test-servers: tools ## what needs Prefect, Redmine, Trac, a browser, LibreOffice or root (starts and ends them), or long
	@$(COMPILED) exec $(BIN)/python -m scripts.servers around \
		$(BIN)/python -m pytest -n 2 --dist loadfile -m servers -o faulthandler_timeout=600 $(ARGS)

crash: tools ## kills, lost answers, full disks: what is lost, what is doubled (the figures of docs/promises.md)
	@exec $(BIN)/python -W ignore -m tests.crash $(ARGS)

servers: .venv ## a real Redmine and a real Trac on loopback, with their data in var/servers (installs what is missing)
	@exec $(BIN)/python -m scripts.servers start

servers-stop: .venv ## end the Redmine and the Trac that `make servers` started
	@exec $(BIN)/python -m scripts.servers stop

lint: tools ## style, types, and which room may import which
	@status=0; \
	for check in "ruff check" "ruff format --check" "mypy" "lint-imports --no-logo"; do \
		$(BIN)/$$check || status=1; \
	done; \
	exit $$status

bench: .venv ## the figures of docs/promises.md
	@exec $(BIN)/interoffice bench $(ARGS)

docs: .venv ## write the pages of docs/ that say what the code says
	@$(BIN)/python -m cli.catalogs
	@exec $(BIN)/python -m cli.docs

# What is pinned in one lock stays as it is in those after it. No lock names the place that packages come from.
COMPILE := uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --quiet
EXTRA := python3 -c "import sys, tomllib; \
	print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies'][sys.argv[1]], sep='\n')"

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@$(COMPILE) pyproject.toml --no-strip-extras --output-file requirements.lock $(ARGS)
	@$(COMPILE) pyproject.toml --extra dev --no-strip-extras --constraint requirements.lock \
		$$(sed -n 's/^\([a-z0-9-]*\).*==.*/--no-emit-package \1/p' requirements.lock) \
		--output-file requirements-dev.lock $(ARGS)
	@$(EXTRA) project-files | $(COMPILE) - --constraint requirements.lock --no-annotate \
		--output-file requirements-project-files.lock $(ARGS)
	@$(EXTRA) pdf | $(COMPILE) - --constraint requirements.lock --no-annotate \
		--output-file requirements-pdf.lock $(ARGS)
	@$(COMPILE) benchmarks/peers.in --constraint requirements.lock --no-annotate \
		--output-file requirements-bench.lock $(ARGS)

project-files: .venv ## what reads plans of Microsoft Project and Primavera (32 MB; Java too must be there)
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-project-files.lock
	@exec $(BIN)/python -m connectors.project_file.java

pdf: .venv ## what makes the PDFs of packs (45 MB; Pango too must be there)
	@$(BIN)/python -I -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-pdf.lock
	@exec $(BIN)/python -m reports.pack.paper

clean: ## remove .venv, var and every cache
	@if [ -e var/servers/servers.json ] && [ -e .venv ]; then $(BIN)/python -m scripts.servers stop; fi
	@rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# What runs, and what tests and lint need besides. Whatever Python is at hand starts the script, which looks for
# one that fits and says so if there is none.
.venv tools:
	@for python in python3 python3.11 python3.12 python3.13 python; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1; then \
			exec $$python scripts/bootstrap.py $(filter tools,$@); \
		fi; \
	done; \
	echo "interoffice: no Python found; install Python 3.11, for example: sudo apt-get install python3.11 python3.11-venv" >&2; exit 1
