# On a machine with git, make and Python 3.11, `make check` and `make test` do everything,
# set-up included. Set-up runs again only when pyproject.toml changes; nothing else needs a
# network.

PYTHON ?= python3.11
VENV ?= .venv
PROCESSES ?= 2
RUN := $(VENV)/bin/python
PROVED := eq-10c eq-10d.3 eq-10d.4 eq-11b eq-18c-repaired eq-26a eq-26a-sharpened eq-28.4 \
  eq-39c-repaired lemma-12-case-2.2 lemma-12-case-2.3 lemma-17 lemma-17-sharpened \
  balanced-scalar balanced-scalar-inner unbalanced-scalar

# Hundreds of processes start here: what each has compiled is kept for the next.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: check test drift lint docs libraries bench proofs honesty arguments mutants setup clean

check: setup
	$(RUN) -m gembounds check

# The processes share the cores: threads of linear algebra that find none wait by spinning.
test: export OPENBLAS_NUM_THREADS = 1
test: export OMP_NUM_THREADS = 1
test: setup
	$(RUN) -m pytest tests properties -n $(PROCESSES) --dist worksteal

# Verdicts and certified intervals computed again, against the committed ones.
drift: setup
	out=$$(mktemp -d) && $(RUN) -m gembounds report --quick --out $$out \
	  --against reports/report.json; status=$$?; rm -rf $$out; exit $$status

lint: setup
	$(RUN) -m ruff check .
	$(RUN) -m mypy

# Libraries that people use, each in an environment of its own, at the versions that stand there.
libraries: setup
	while read -r name pins; do \
	  env=build/libraries/$$name; \
	  test "$$(cat $$env/pins 2> /dev/null)" = "$$pins" || { $(PYTHON) -m venv $$env \
	    && $$env/bin/python -m pip install --quiet $$pins --editable . \
	    && echo "$$pins" > $$env/pins; } || exit 1; \
	  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $$env/bin/python -m examples.libraries $$name \
	    reports/libraries/$$name.json || exit 1; \
	done < examples/libraries/versions.txt
	$(RUN) -m examples.libraries.pages

# The site, in build/docs; a warning is an error.
docs: setup
	$(RUN) -m docs.build

bench: setup
	$(RUN) -m pytest tests/benchmarks --benchmark-only -s

# Proofs of scalar statements by arithmetic, written anew, verified with other arithmetic and, what
# is in its reach, by a checker of the standard library alone. Then those over boxes, some of which
# are too large to be kept, each piece confirmed: half an hour.
proofs: setup
	$(RUN) -m gembounds prove $(PROVED) --record
	$(RUN) -m gembounds verify reports/proofs/*.json reports/*/proofs/*.json
	$(RUN) reports/proofs/check_proof.py reports/proofs/*.json reports/*/proofs/*.json || test $$? = 3
	$(RUN) -m tests.boxes --confirm --jobs $(PROCESSES)
	$(RUN) reports/proofs/check_box_proof.py reports/proofs/boxes/loss.json

# Millions of enclosures against a higher precision; what is done is kept, so it can be ended.
honesty: setup
	$(RUN) -m tests.honesty --jobs $(PROCESSES)

# What the steps of arguments show, at 1,000 points each.
arguments: setup
	$(RUN) -m tests.arguments --jobs $(PROCESSES)

# 600 bugs planted one by one, kept in mutants/state.jsonl: can be cut off and taken up again
mutants: setup
	$(RUN) -m tests.mutants

# The set-up is fresh when the copy of pyproject.toml that it was made from is the same.
setup:
	@cmp -s pyproject.toml $(VENV)/pyproject.toml || { \
	  set -e; \
	  echo "setting up $(VENV)" >&2; \
	  test -x $(RUN) || $(PYTHON) -m venv $(VENV); \
	  $(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'; \
	  cp pyproject.toml $(VENV)/pyproject.toml; \
	}

clean:
	rm -rf $(VENV) build dist mutants .pytest_cache .hypothesis .mypy_cache .ruff_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
