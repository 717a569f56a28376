"""Generated pictures: labelled as drawn, the same from the same seed, sound at any size; cut-outs; label lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.core.detection import CLASSES
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.detector.classes import Box
from wowbot.detector.clutter import PIECES, floating_text
from wowbot.detector.figures import FIGURES
from wowbot.detector.generate import Background, Stage, compose, crop
from wowbot.detector.plates import draw_plate
from wowbot.detector.sprites import Sprite, cut_flare, lay, load_sprites


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    one, again, other = (compose(np.random.default_rng(seed), 320) for seed in (7, 7, 8))
    assert np.array_equal(one.image, again.image)
    assert one.boxes == again.boxes
    assert not np.array_equal(one.image, other.image)


@pytest.mark.parametrize("size", [128, 320, 640])
def test_boxes_lie_in_the_picture_and_have_known_classes(size: int) -> None:
    for seed in range(6):
        sample = compose(np.random.default_rng(seed), size)
        assert sample.image.shape == (size, size, 3)
        for box in sample.boxes:
            assert 0 <= box.label < len(CLASSES)
            assert 0 <= box.x0 < box.x1 <= size
            assert 0 <= box.y0 < box.y1 <= size


def test_over_many_pictures_every_class_appears() -> None:
    seen = {b.label for seed in range(40) for b in compose(np.random.default_rng(seed), 256).boxes}
    assert seen == set(range(len(CLASSES)))


def square(at: tuple[int, int], side: int, tone: tuple[int, int, int]) -> Callable[[Image], Box]:
    """Paints a square of one colour and labels it."""

    def paint(image: Image) -> Box:
        x, y = at
        image[y : y + side, x : x + side] = tone
        return Box(3, x, y, x + side, y + side)

    return paint


@pytest.mark.parametrize(
    ("tone", "side", "above", "labelled"),
    [
        ((20, 20, 200), 30, None, True),
        ((105, 105, 105), 30, None, False),
        ((20, 20, 200), 1, None, False),
        ((20, 20, 200), 30, ((40, 40), 12), True),
        ((20, 20, 200), 30, ((40, 40), 28), False),
    ],
    ids=["plain", "as the ground", "too small", "partly hidden", "hidden"],
)
def test_only_what_can_be_seen_is_labelled(
    tone: tuple[int, int, int], side: int, above: tuple[tuple[int, int], int] | None, labelled: bool
) -> None:
    stage = Stage(np.full((200, 200, 3), 100, np.uint8))
    stage.add(square((40, 40), side, tone))
    if above is not None:
        paint = square(above[0], above[1], (0, 0, 0))
        stage.add(lambda image: (paint(image), None)[1])  # clutter has no label of its own
    assert (Box(3, 40, 40, 40 + side, 40 + side) in stage.labels()) == labelled


def test_a_background_brings_its_own_labels_along() -> None:
    image = np.full((540, 900, 3), 90, np.uint8)
    image[200:260, 400:460] = (0, 0, 250)
    known = Background(image, (Box(8, 400, 200, 460, 260),))
    shown = 0
    for seed in range(20):
        stage = crop(np.random.default_rng(seed), known)
        for box in stage.labels():
            part = stage.image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
            assert (part == (0, 0, 250)).all()
            shown += 1
    assert shown > 5


@pytest.mark.parametrize("piece", [*PIECES, floating_text], ids=lambda p: p.__name__)
def test_clutter_is_drawn_at_any_place_and_size(piece: Callable[[np.random.Generator, Image], None]) -> None:
    for seed in range(8):
        picture = np.full((256, 256, 3), 128, np.uint8)
        piece(np.random.default_rng(seed), picture)
        assert (picture != 128).any() or seed  # a piece may fall outside, not all of them


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_changes_the_picture_only_near_its_box(name: str) -> None:
    picture = np.full((300, 300, 3), 128, np.uint8)
    box = FIGURES[name](np.random.default_rng(3), picture, (110, 110), 70)
    assert box is not None
    assert CLASSES[box.label] == name
    changed = np.argwhere((picture != 128).any(2))
    inside = (changed >= (box.y0 - 60, box.x0 - 60)) & (changed < (box.y1 + 60, box.x1 + 60))
    assert inside.all()


def test_a_full_plate_shows_its_reactions_colour() -> None:
    for seed in range(20):
        picture = np.zeros((100, 300, 3), np.uint8)
        box = draw_plate(np.random.default_rng(seed), picture, 50, 40, 160)
        assert (box.x0, box.y0, box.x1) == (50, 40, 210)
        blue, green, red = picture[int(box.y0) : int(box.y1), 50:210].reshape(-1, 3).max(0).astype(int)
        if CLASSES[box.label] == "nameplate_hostile":
            assert red >= max(blue, green) or max(blue, green) > 150  # letters on the bar are white


def sprite(side: int = 40) -> Sprite:
    image = np.zeros((side, side, 4), np.uint8)
    image[10:30, 5:35] = (10, 200, 90, 255)
    return Sprite(image, "enemy")


def test_a_cut_out_is_labelled_by_what_is_visible_of_it() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    box = lay(np.random.default_rng(1), picture, sprite(), (20, 20), 40)
    assert box is not None
    assert box[1:] == pytest.approx((25, 30, 55, 50), abs=1)
    assert lay(np.random.default_rng(1), picture, sprite(), (300, 20), 40) is None


def test_cut_outs_come_from_a_folder_a_class(tmp_path: Path) -> None:
    (tmp_path / "enemy").mkdir()
    cv2.imwrite(str(tmp_path / "enemy" / "wolf.png"), sprite().image)
    assert [s.label for s in load_sprites(tmp_path)] == ["enemy"]


@pytest.mark.parametrize(
    ("folder", "shape", "told"), [("wolves", 4, "wolves"), ("enemy", 3, "alpha")], ids=["class", "alpha"]
)
def test_a_wrong_cut_out_is_refused(tmp_path: Path, folder: str, shape: int, told: str) -> None:
    (tmp_path / folder).mkdir()
    cv2.imwrite(str(tmp_path / folder / "a.png"), np.zeros((20, 20, shape), np.uint8))
    with pytest.raises(DetectorError, match=told):
        load_sprites(tmp_path)


def test_no_game_no_cut_outs(tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="no FLARE animations"):
        cut_flare(tmp_path, tmp_path / "out")


def test_sprite_sheets_are_cut_into_standing_and_dying_figures(tmp_path: Path) -> None:
    mod = tmp_path / "mods" / "fantasycore"
    (mod / "animations" / "enemies").mkdir(parents=True)
    cv2.imwrite(str(mod / "wolf.png"), np.full((80, 200, 4), 200, np.uint8))
    lines = ["image=wolf.png", "[stance]", "frame=0,0,0,0,40,40,20,40", "[die]", "frame=0,0,40,0,40,40,20,40",
             "frame=5,0,80,0,40,40,20,40", "[hit]", "frame=0,0,120,0,40,40,20,40", ""]  # fmt: skip
    (mod / "animations" / "enemies" / "wolf.txt").write_text("\n".join(lines))
    assert cut_flare(tmp_path, tmp_path / "out") == 2
    assert {p.parent.name for p in (tmp_path / "out").rglob("*.png")} == {"enemy", "corpse"}


@given(st.integers(0, 8), st.floats(0, 500), st.floats(0, 300), st.floats(1, 130), st.floats(1, 50))
def test_a_label_line_read_again_is_the_same_box(label: int, x: float, y: float, w: float, h: float) -> None:
    box = Box(label, x, y, x + w, y + h)
    assert Box.of_yolo(box.yolo(640, 360), 640, 360) == pytest.approx(box, abs=0.01)


@pytest.mark.parametrize("line", ["", "1 2 3", "9 0.5 0.5 0.1 0.1", "0 0.5 0.5 0.1 x", "0 0.5 0.5 5 0.1", "-1 0 0 0 0"])
def test_a_broken_label_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        Box.of_yolo(line, 640, 360)
