"""Detector models: loaded with their card, run on pictures of known content, refused where they are not sound."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from wowbot.core.detection import CLASSES, Detection
from wowbot.core.errors import DetectorError
from wowbot.core.frame import Image
from wowbot.perception.detector_card import CARDS, Card, known_models, read_cards, write_card
from wowbot.perception.detector_heads import decode, head_of, letterbox, suppress, tiles
from wowbot.perception.detector_model import load_detector

TOYS = Path(__file__).parent / "models"


def picture(*squares: tuple[int, int, int, tuple[int, int, int]], size: tuple[int, int] = (64, 64)) -> Image:
    """A black picture with squares (x, y, side, BGR)."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    for x, y, side, colour in squares:
        image[y : y + side, x : x + side] = colour
    return image


RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def carded(folder: Path, toy: str = "raw", **changes: object) -> Path:
    """A copy of a toy model with its card beside it."""
    path = folder / f"{toy}.onnx"
    shutil.copy(TOYS / f"{toy}.onnx", path)
    facts: dict[str, object] = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "classes": CLASSES,
        "input_wh": (64, 64),
    }
    write_card(folder, "toy", Card(**(facts | changes)))  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("colour", "label"),
    [(RED, "nameplate_hostile"), (GREEN, "enemy"), (BLUE, "bobber")],
    ids=["red", "green", "blue"],
)
def test_a_square_is_found_where_it_is_and_as_what_it_is(
    tmp_path: Path, colour: tuple[int, int, int], label: str
) -> None:
    found = load_detector(str(carded(tmp_path))).detect(picture((16, 24, 8, colour)))
    assert [(d.label, *d[1:5]) for d in found] == [(label, 16, 24, 24, 32)]
    assert found[0].confidence == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("size", [(128, 128), (128, 64), (50, 100)], ids=str)
def test_boxes_come_back_in_frame_pixels_of_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    scale = max(size) / 64
    side = round(8 * scale)
    left, top = 0, 0
    found = load_detector(str(carded(tmp_path))).detect(picture((left, top, side, GREEN), size=size), least=0.2)
    assert found
    best = found[0]
    assert best.label == "enemy"
    assert best.x0 >= 0
    assert best.y1 <= size[1]
    assert abs(best.center[0] - side / 2) <= side
    assert abs(best.center[1] - side / 2) <= side


def test_a_frame_is_cut_into_tiles_and_an_object_on_a_seam_is_told_once(tmp_path: Path) -> None:
    model = load_detector(str(carded(tmp_path)), tile_px=64)
    tall = np.zeros((540, 128, 3), np.uint8)  # at 540 lines a tile has half of its side at 1080
    tall[8:16, 8:16] = RED
    tall[500:508, 96:104] = RED
    found = model.detect(tall, least=0.05)
    assert {d.label for d in found} == {"nameplate_hostile"}
    assert len(found) >= 2
    assert max(d.y1 for d in found) > 490 > 30 > min(d.y0 for d in found)
    assert not any(a != b and abs(a.x0 - b.x0) < 2 and abs(a.y0 - b.y0) < 2 for a in found for b in found)


def test_only_the_region_is_looked_at(tmp_path: Path) -> None:
    model = load_detector(str(carded(tmp_path)))
    both = picture((0, 0, 8, RED), (96, 96, 8, GREEN), size=(128, 128))
    assert [d.label for d in model.detect(both, (64, 64, 128, 128))] == ["enemy"]


def test_an_end_to_end_head_drops_what_is_unsure_or_of_no_class() -> None:
    found = load_detector(str(TOYS / "end2end.onnx"), tile_px=0).detect(picture())
    assert found == [Detection("enemy", 8, 8, 24, 24, pytest.approx(0.9))]


def test_a_model_without_a_card_takes_its_classes_from_the_file() -> None:
    assert load_detector(str(TOYS / "raw.onnx")).classes == CLASSES


@pytest.mark.parametrize(
    ("toy", "told"),
    [
        ("other_classes", "another class list: person"),
        ("dynamic", "dynamic axes (batchx3x64x64)"),
        ("nameless", "no class names"),
        ("wrong_head", "expected 1x8xN"),
    ],
)
def test_an_unsound_model_is_refused_with_what_was_found(toy: str, told: str) -> None:
    with pytest.raises(DetectorError) as error:
        load_detector(str(TOYS / f"{toy}.onnx"))
    assert told in str(error.value)


def test_another_class_list_is_taken_where_any_is_allowed() -> None:
    found = load_detector(str(TOYS / "other_classes.onnx"), classes=None).detect(picture((0, 0, 8, RED)))
    assert [d.label for d in found][:1] == ["person"]


@pytest.mark.parametrize("keep", [0, 10, 300, 900], ids=lambda n: f"{n}_bytes")
def test_a_truncated_model_is_refused_and_tells_its_size(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "cut.onnx"
    path.write_bytes((TOYS / "raw.onnx").read_bytes()[:keep])
    with pytest.raises(DetectorError, match=r"cut\.onnx"):
        load_detector(str(path))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sha256": "0" * 64}, "its card says 0000"),
        ({"classes": CLASSES[:3]}, "its card says nameplate_hostile"),
        ({"input_wh": (320, 320)}, "its card says (320, 320)"),
    ],
    ids=["checksum", "classes", "input"],
)
def test_a_model_that_is_not_what_its_card_says_is_refused(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(DetectorError) as error:
        load_detector(str(carded(tmp_path, **changes)))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml [", "not valid TOML"),
        ('[toy]\nfile = "a.onnx"\n', "missing"),
        ('[toy]\nfile = "a.onnx"\nsha256 = "12"\nclasses = ["x"]\ninput_wh = [64, 64]\n', "64 hexadecimal digits"),
        ('[toy]\nfile = "../a.onnx"\nsha256 = "' + "0" * 64 + '"\nclasses = ["x"]\ninput_wh = [64, 64]\n', "beside"),
        ('[toy]\nfiel = "a.onnx"\n', "'file'"),
        ("toy = 3\n", "toy"),
    ],
    ids=["no_toml", "missing_key", "short_sum", "other_folder", "typo", "no_table"],
)
def test_a_broken_card_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / CARDS).write_text(text)
    with pytest.raises(DetectorError) as error:
        read_cards(tmp_path / CARDS)
    assert told in str(error.value)


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    card = Card(
        "m.onnx", "a" * 64, ("enemy", "bobber"), (320, 256), 640, "tiny", "MIT", 'on "nothing"', {"map50": 0.5}, 0.25
    )
    write_card(tmp_path, "m", card)
    write_card(tmp_path, "n", card)
    assert read_cards(tmp_path / CARDS) == {"m": card, "n": card}


@pytest.mark.parametrize("name", ["wrold", "nothing-like-it"])
def test_an_unknown_model_lists_the_known_ones(name: str) -> None:
    with pytest.raises(DetectorError, match="there are: "):
        load_detector(name)


def test_every_shipped_model_is_what_its_card_says() -> None:
    models = {name: path for name, (path, _) in known_models().items()}
    if not models:
        pytest.skip("no model is shipped")
    assert all(load_detector(name).classes for name in models)
    assert sum(path.stat().st_size for path in models.values()) <= 12e6


def test_pytorch_weights_without_the_train_extra_say_what_to_install(tmp_path: Path) -> None:
    if __import__("importlib.util").util.find_spec("ultralytics") is not None:
        pytest.skip("the train extra is installed")
    (tmp_path / "w.pt").write_bytes(b"weights")
    with pytest.raises(DetectorError, match=r"pip install 'wowbot\[train\]'"):
        load_detector(str(tmp_path / "w.pt"))


@pytest.mark.parametrize(
    ("shape", "classes", "head"),
    [((1, 13, 2100), 9, "raw"), ((1, 6, 8400), 2, "raw"), ((1, 300, 6), 9, "end2end"), ((1, 300, 6), 2, "end2end")],
    ids=str,
)
def test_a_head_is_known_by_its_shape(shape: tuple[int, ...], classes: int, head: str) -> None:
    assert head_of(shape, classes) == head


@pytest.mark.parametrize("shape", [(1, 84, 8400), (13, 2100), (1, 13), (2, 13, 2100), (1, 25200, 14)], ids=str)
def test_another_output_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DetectorError):
        head_of(shape, 9)


def test_letterbox_keeps_the_aspect_and_says_how_the_picture_lies() -> None:
    blob, fit = letterbox(picture((0, 0, 100, RED), size=(100, 50)), (64, 64))
    assert blob.shape == (1, 3, 64, 64)
    assert (fit.scale, fit.pad_x, fit.pad_y) == (0.64, 0, 16)
    assert blob[0, :, 32, 32].tolist() == [1.0, 0.0, 0.0]
    assert blob[0, 0, 0, 0] == pytest.approx(114 / 255)


@pytest.mark.parametrize(
    "region", [(0, 0, 1920, 1080), (100, 50, 740, 690), (0, 0, 300, 200), (0, 0, 641, 640)], ids=str
)
def test_tiles_cover_the_region_and_stay_in_it(region: tuple[int, int, int, int]) -> None:
    covered = np.zeros((1080, 1920), bool)
    for x0, y0, x1, y1 in tiles(region, 640):
        assert region[0] <= x0 < x1 <= region[2]
        assert region[1] <= y0 < y1 <= region[3]
        assert max(x1 - x0, y1 - y0) <= 640
        covered[y0:y1, x0:x1] = True
    assert covered[region[1] : region[3], region[0] : region[2]].all()


def test_of_two_boxes_on_one_object_the_better_stays_and_other_classes_stay_too() -> None:
    corners = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [50, 50, 60, 60]], np.float32)
    scores, labels = np.array([0.6, 0.9, 0.5, 0.3], np.float32), np.array([0, 0, 1, 0])
    assert suppress(corners, scores, labels).tolist() == [1, 2, 3]


def test_nothing_sure_enough_decodes_to_nothing() -> None:
    corners, scores, labels = decode(np.zeros((1, 13, 100), np.float32), "raw", 0.3)
    assert (corners.shape, scores.shape, labels.shape) == ((0, 4), (0,), (0,))
