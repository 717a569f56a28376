"""`wowbot perceive`: the JSON contract, refusals, bad files."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.perception.drawn import fills, view
from wowbot.cli.main import main
from wowbot.core.terms import find
from wowbot.hud import save_layout
from wowbot.sim.render import HudRenderer


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, float]]:
    """A drawn screenshot, its layout file, and its true fills."""
    folder = tmp_path_factory.mktemp("perceive")
    renderer = HudRenderer("wotlk", (1280, 720), seed=3)
    shown = view(random.Random(4))
    cv2.imwrite(str(folder / "shot.png"), renderer.draw(shown))
    save_layout(renderer.layout, folder / "layout.toml")
    return folder / "shot.png", folder / "layout.toml", fills(shown)


def answers(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[list[dict[str, Any]], int]:
    code = main(["perceive", *args])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()], code


def test_a_screenshot_becomes_one_json_object_of_the_promised_shape(shot: Any, capsys: Any) -> None:
    image, layout, truth = shot
    (answer,), code = answers(capsys, str(image), "--layout", str(layout), "--json", "--no-text")
    assert code == 0
    assert set(answer) == {"file", "layout", "readings", "nameplates"}
    assert set(answer["layout"]) >= {"era", "ui_scale", "score", "regions", "slots"}
    assert len(answer["layout"]["regions"]["player.health"]) == 4
    assert len(answer["layout"]["slots"]["actionbar.main"]) == 12
    assert all(set(reading) == {"value", "confidence", "why"} for reading in answer["readings"].values())
    assert not [term for term in answer["readings"] if find(term) is None]
    for term, pct in truth.items():
        assert answer["readings"][term]["value"] == pytest.approx(pct, abs=1.3)


def test_several_images_give_a_line_each(shot: Any, capsys: Any) -> None:
    image, layout, _ = shot
    found, _ = answers(capsys, str(image), str(image), "--layout", str(layout), "--json", "--no-text")
    assert [answer["file"] for answer in found] == [str(image), str(image)]


def test_people_get_a_table(shot: Any, capsys: Any) -> None:
    image, layout, _ = shot
    assert main(["perceive", str(image), "--layout", str(layout), "--no-text"]) == 0
    out = capsys.readouterr().out
    assert "health.pct" in out
    assert "unknown" in out


def test_an_overlay_has_the_size_of_the_image(shot: Any, tmp_path: Path, capsys: Any) -> None:
    image, layout, _ = shot
    target = tmp_path / "seen.png"
    assert main(["perceive", str(image), "--layout", str(layout), "--no-text", "--overlay", str(target)]) == 0
    assert cv2.imread(str(target)).shape == cv2.imread(str(image)).shape


def test_a_picture_of_another_size_than_the_layout_is_refused(shot: Any, tmp_path: Path, capsys: Any) -> None:
    _, layout, _ = shot
    small = tmp_path / "small.png"
    cv2.imwrite(str(small), np.full((100, 200, 3), 60, np.uint8))
    (answer,), code = answers(capsys, str(small), "--layout", str(layout), "--json")
    assert code == 1
    assert answer["layout"] is None
    assert "200x100" in answer["refused"]["evidence"]
    assert "--layout" in answer["refused"]["mend"]


def pictures() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    smooth = cv2.GaussianBlur(rng.integers(0, 256, (400, 600, 3), dtype=np.uint8), (0, 0), 9)
    return {
        "black": np.zeros((720, 1280, 3), np.uint8),
        "photograph": np.asarray(smooth, np.uint8),
        "one-pixel": np.zeros((1, 1, 3), np.uint8),
        "grey": rng.integers(0, 256, (300, 400), dtype=np.uint8),
        "sixteen-bit": rng.integers(0, 65536, (300, 400, 3), dtype=np.uint16),
        "alpha": rng.integers(0, 256, (300, 400, 4), dtype=np.uint8),
    }


@pytest.mark.parametrize("kind", list(pictures()))
def test_a_picture_without_a_hud_is_refused_with_its_cause(kind: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / f"{kind}.png"
    cv2.imwrite(str(path), pictures()[kind])
    (answer,), code = answers(capsys, str(path), "--json")
    assert code == (2 if answer["refused"]["cause"] == "unreadable" else 1)
    assert (answer["refused"]["cause"] == "unreadable") == (kind in ("sixteen-bit", "alpha"))
    assert answer["layout"] is None
    assert answer["readings"] == {}
    assert answer["refused"]["evidence"]


def test_a_truncated_file_is_refused_and_the_next_one_is_read(shot: Any, tmp_path: Path, capsys: Any) -> None:
    image, layout, _ = shot
    broken = tmp_path / "broken.png"
    broken.write_bytes(image.read_bytes()[:2000])
    found, code = answers(capsys, str(broken), str(image), "--layout", str(layout), "--json", "--no-text")
    assert code == 2
    assert found[0]["refused"]["cause"] == "unreadable"
    assert "truncated" in found[0]["refused"]["evidence"]
    assert found[1]["layout"] is not None


def test_a_missing_layout_is_an_error(shot: Any, capsys: Any) -> None:
    assert main(["perceive", str(shot[0]), "--layout", "no-such.toml"]) == 2
    assert "no-such.toml" in capsys.readouterr().err


def test_an_overlay_that_is_no_png_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["perceive", str(tmp_path / "none.png"), "--overlay", "seen.foo"]) == 2
    said = capsys.readouterr()
    assert "ends in .png" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--icons", "no-such-folder"], "no-such-folder"),
        (["--layout", "wotlk-1280x720", "--era", "tbc"], "has its own"),
        (["--overlay", "{shot}/seen.png"], "cannot be written"),
    ],
    ids=["icons", "era", "place"],
)
def test_options_that_cannot_work_are_refused_before_the_work(
    shot: Any, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["perceive", str(shot[0]), *(option.format(shot=shot[0]) for option in options)]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""
