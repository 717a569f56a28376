"""Real screenshots: stock HUDs of every era are found where their labels say, everything else is refused.

A sample of the folder, one or two screens a repository; `wowbot bench accuracy` measures all of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wowbot.calibration import calibrate, check_layout
from wowbot.calibration.alter import ALTERATIONS, PLAIN, Augmentation
from wowbot.calibration.evaluate import Outcome, _by_repository, evaluate, expectation
from wowbot.calibration.fit import PLAYER_LEAST
from wowbot.calibration.health import RECOLOURED_COST
from wowbot.calibration.teach import Screen, read_screens
from wowbot.capture.images import load_image

pytestmark = pytest.mark.screens
HARD = tuple(c for c in ALTERATIONS if c.name in ("scaling 0.75", "blur 0.8 px")) + ALTERATIONS[-1:]


def sample(folder: Path, expected: str, each: int) -> list[str]:
    """The first `each` readable screens of every repository from which `expected` is expected."""
    chosen: list[str] = []
    for _, group in _by_repository(s for s in read_screens(folder) if expectation(s) == expected):
        whole = [s for s in group if s.path.read_bytes()[-64:].find(b"IEND") >= 0 or s.path.suffix != ".png"]
        chosen += [str(s.row["file"]) for s in whole[:each]]
    return chosen


def run(folder: Path, names: list[str], *changes) -> list[Outcome]:
    def chosen(screen: Screen) -> bool:
        return str(screen.row["file"]) in names

    return evaluate(folder, changes or (PLAIN,), only=chosen)


def test_stock_huds_are_found_with_their_era(screens_dir: Path) -> None:
    outcomes = run(screens_dir, sample(screens_dir, "found", 2))
    assert len(outcomes) >= 8
    assert [o.file for o in outcomes if not o.found] == []
    assert [o.file for o in outcomes if not o.era_right] == []


@pytest.mark.parametrize("change", HARD, ids=[change.name for change in HARD])
def test_stock_huds_are_found_after_what_costs_the_most(screens_dir: Path, change: Augmentation) -> None:
    outcomes = run(screens_dir, sample(screens_dir, "found", 1), change)
    missed = [o.file for o in outcomes if not o.found]
    assert len(missed) <= 1, missed


def test_no_restyled_custom_or_absent_hud_is_accepted(screens_dir: Path) -> None:
    outcomes = run(screens_dir, sample(screens_dir, "refused", 1))
    assert len(outcomes) >= 6
    assert [o.file for o in outcomes if o.found] == []


def test_retail_before_ten_is_an_unsupported_era(screens_dir: Path) -> None:
    outcomes = run(screens_dir, sample(screens_dir, "unsupported_era", 1))
    assert {o.cause for o in outcomes} == {"unsupported_era"}


def test_the_check_while_running_knows_the_clients_own_art(screens_dir: Path) -> None:
    for name in sample(screens_dir, "found", 1):
        image = load_image(screens_dir / name)
        answer = calibrate([image])
        if answer.layout is not None:
            least = PLAYER_LEAST["classic"] - RECOLOURED_COST * ("classic.recoloured" in answer.measured)
            assert check_layout(image, answer.layout).scores["player.frame"] >= least, name
