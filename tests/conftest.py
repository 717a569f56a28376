"""Options and fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("wowbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wowbot")
"""No test asserts a time, and a busy machine is no fault of the code."""

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


@pytest.fixture(scope="session", autouse=True)
def held_display(request: pytest.FixtureRequest) -> Iterator[None]:
    """One connection for as long as display tests run: an X server without clients resets itself between two tests."""
    wanted = any(item.get_closest_marker("display") for item in request.session.items)
    if not wanted or not os.environ.get("DISPLAY"):
        yield
        return
    from wowbot.core.x11 import open_display

    display = open_display()
    yield
    display.close()
