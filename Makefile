# make report   set up and build every deck of config.yaml
# make test     set up and run the tests
# make bench    measurements side by side (minutes)
# make fuzz     RUNS=2000 odd inputs to each parser

PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: report test test-slow bench fuzz lock clean

report: .venv/report-ready
	snakemake

test: .venv/test-ready
	python -m pytest -m "not slow"

test-slow: .venv/test-ready
	python -m pytest -m slow

bench: .venv/bench-ready
	python bench/speed.py
	python bench/pipeline.py
	snakemake
	python bench/bench.py
	python bench/evidence.py
	python bench/reader.py

RUNS ?= 2000
fuzz: .venv/test-ready
	python -m pip install --quiet --only-binary :all: --require-hashes -r envs/requirements-fuzz.txt || \
	  echo "no atheris for this machine: seeds with random changes instead"
	python tests/fuzz.py all --runs $(RUNS)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wavedeck needs Python 3.11 or newer; name one with make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/report-ready: envs/requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r envs/requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/test-ready: envs/requirements-dev.txt .venv/report-ready
	$(BIN)/python -m pip install --quiet --require-hashes -r envs/requirements-dev.txt
	touch $@

.venv/bench-ready: envs/requirements-bench.txt .venv/test-ready
	$(BIN)/python -m pip install --quiet --require-hashes -r envs/requirements-bench.txt
	touch $@

# After an edit to envs/*.in; needs uv.
lock:
	cd envs && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	cd envs && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	cd envs && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements-bench.in -o requirements-bench.txt

clean:
	rm -rf processed report logs .snakemake
