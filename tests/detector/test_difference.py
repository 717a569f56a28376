"""Labels by difference: one object a box, the unclear painted over, another place left out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.cli.main import main
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.detector.difference import Difference, label_difference, places

GROUND: Image = np.asarray(np.random.default_rng(3).integers(60, 90, (200, 300, 3)), np.uint8)
WHAT = Difference(sides=(14, 60), ignore=(Rect(0, 0, 80, 30),))


def with_objects(*rects: Rect) -> Image:
    image = GROUND.copy()
    for rect in rects:
        rect.crop(image)[:] = (40, 160, 220)
    return image


def test_what_the_empty_place_lacks_is_labelled_where_it_stands() -> None:
    one, two = Rect(100, 60, 24, 40), Rect(200, 100, 30, 30)
    told = label_difference(with_objects(one, two), [GROUND, GROUND], WHAT)
    assert told is not None
    assert [(b.x0, b.y0, b.x1, b.y1) for b in told.boxes] == [(100, 60, 124, 100), (200, 100, 230, 130)]
    assert (told.image == with_objects(one, two)).all()


@pytest.mark.parametrize(
    "unclear",
    [
        Rect(100, 60, 90, 40),  # two that overlap
        Rect(70, 20, 24, 40),  # touches what is ignored
        Rect(150, 60, 8, 40),  # a beam
    ],
)
def test_what_cannot_be_one_object_is_painted_over(unclear: Rect) -> None:
    clear = Rect(220, 120, 24, 40)
    told = label_difference(with_objects(unclear, clear), [GROUND, GROUND], WHAT)
    assert told is not None
    assert [(b.x0, b.y0) for b in told.boxes] == [(220, 120)]
    assert (told.image == with_objects(clear)).all()


def test_what_moves_by_itself_is_no_object() -> None:
    fire = Rect(100, 60, 24, 40)
    lit = with_objects(fire)
    told = label_difference(np.asarray(lit + 25, np.uint8), [GROUND, lit], Difference(change=30))
    assert told is not None
    assert told.boxes == ()


def test_another_place_is_left_out() -> None:
    assert label_difference(np.full_like(GROUND, 200), [GROUND, GROUND], WHAT) is None


def test_a_folder_becomes_labelled_backgrounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shots, out = tmp_path / "shots", tmp_path / "labelled"
    shots.mkdir()
    for name, image in {
        "pond_01_0": with_objects(Rect(100, 60, 24, 40)),
        "pond_01_ref_0": GROUND,
        "pond_01_ref_1": GROUND,
    }.items():
        cv2.imwrite(str(shots / f"{name}.png"), image)
    asked = ["dataset", "difference", str(shots), "--label", "bobber", "--out", str(out), "--ignore", "0,0,80,30"]
    assert main(asked) == 0
    assert "1 of 1 frames of 1 places kept, 1 times bobber" in capsys.readouterr().out
    assert (out / "pond_01_0.txt").read_text().startswith("7 0.373333 0.400000 0.080000 0.200000")
    assert (
        main(
            [
                "dataset",
                "build",
                "--out",
                str(tmp_path / "set"),
                "--backgrounds",
                str(out),
                "--count",
                "2",
                "--held",
                "0",
            ]
        )
        == 0
    )


def test_a_place_without_two_empty_frames_says_what_is_missing(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "pond_0.png"), GROUND)
    cv2.imwrite(str(tmp_path / "pond_ref_0.png"), GROUND)
    with pytest.raises(DetectorError, match=r"at least two `<place>_ref_<n>.png`"):
        places(tmp_path)


def test_frames_of_two_sizes_are_named(tmp_path: Path) -> None:
    for name, image in {"pond_0": GROUND[:100], "pond_ref_0": GROUND, "pond_ref_1": GROUND}.items():
        cv2.imwrite(str(tmp_path / f"{name}.png"), image)
    assert main(["dataset", "difference", str(tmp_path), "--out", str(tmp_path / "o")]) == 2
