# make run    play one scenario of the training ground, no game and no display needed
# make test   everything: unit, replay and closed-loop tests, then the tests that need a display under Xvfb
# make check  ruff, mypy (also for Windows), the layers test, a wheel built and tried in an empty environment
# make train-check   the detector's training recipe on a small set (downloads PyTorch)
# make accuracy SCREENS=DIR [HELD_OUT=DIR]   the accuracy tables on folders of labelled screenshots, into docs/accuracy.md

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCREENS ?= ../shared/data/screens
XVFB := xvfb-run --auto-servernum --server-args="-screen 0 1920x1080x24 -nolisten tcp"
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: run test check train-check accuracy clean

run: $(VENV)/.run
	$(BIN)/wowbot run --profile mage --world sim --seconds 60 --seed 1

test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not display" -p no:cacheprovider
	$(XVFB) $(BIN)/python -m pytest -m display -p no:cacheprovider

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/mypy --platform darwin
	$(BIN)/python -m pytest tests/test_layers.py
	$(BIN)/python .ci/try_wheel.py

accuracy: $(VENV)/.run
	$(BIN)/wowbot bench accuracy --screens $(SCREENS) $(if $(HELD_OUT),--held-out $(HELD_OUT)) --out docs/accuracy.md

train-check: $(VENV)/.test
	.ci/train-check

$(VENV)/.run: pyproject.toml
	.ci/system-packages run
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	.ci/system-packages test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,llm,mcp,video]'
	@touch $@

clean:
	rm -rf $(VENV) build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis
