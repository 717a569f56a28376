"""Options and fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screens", default=str(SHARED / "screens"), help="folder of labelled real screenshots")
    parser.addoption("--apl-data", default=str(SHARED / "apl"), help="folder of SimulationCraft lists and expressions")


@pytest.fixture(scope="session")
def screens_dir(request: pytest.FixtureRequest) -> Path:
    """The folder of real screenshots; the test is skipped where there is none."""
    folder = Path(request.config.getoption("--screens"))
    if not (folder / "labels.jsonl").is_file():
        pytest.skip(f"no labelled screenshots in {folder} (give a folder by --screens)")
    return folder


@pytest.fixture(scope="session")
def apl_dir(request: pytest.FixtureRequest) -> Path:
    """The folder of SimulationCraft lists; the test is skipped where there is none."""
    folder = Path(request.config.getoption("--apl-data"))
    if not (folder / "expressions.jsonl").is_file():
        pytest.skip(f"no SimulationCraft data in {folder} (give a folder by --apl-data)")
    return folder
