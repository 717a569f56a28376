"""Icon identity: right or nothing, at every size the HUD uses."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.core.errors import LayoutError
from wowbot.core.frame import Image
from wowbot.perception.icons import IconLibrary
from wowbot.perception.patches import Order, Sampler, planes
from wowbot.perception.slotlook import text_zones
from wowbot.sim.icons import icon

KNOWN = [f"known_{n}" for n in range(40)]
STRANGE = [f"strange_{n}" for n in range(40)]
ORDER = Order("radial")
key, count, _ = text_zones(ORDER)
ART = ~(key | count)
LIBRARY = IconLibrary({name: icon(name, 64) for name in KNOWN})


def name_of(image: Image) -> str:
    px = image.shape[0]
    picture = planes(Sampler([(0, 0, px, px)], ORDER).read(image))[0]
    return LIBRARY.match(picture, px, ORDER, ART)[0].name


def jpeg(image: Image) -> Image:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 75])[1], 1), np.uint8)


CHANGES = {
    "plain": lambda im: im,
    "grey": lambda im: (im * 0.4).astype(np.uint8),
    "blue": lambda im: (im * np.array([1, 0.5, 0.5])).astype(np.uint8),
    "gamma": lambda im: (255 * (im / 255.0) ** 1.25).astype(np.uint8),
    "shifted a pixel": lambda im: np.roll(im, (1, -1), (0, 1)),
}


@pytest.mark.parametrize("px", [17, 21, 30, 36, 46, 56])
@pytest.mark.parametrize("change", CHANGES)
def test_known_icons_are_named_and_strange_ones_are_not(px: int, change: str) -> None:
    alter = CHANGES[change]
    assert [name_of(alter(icon(name, px))) for name in KNOWN] == KNOWN
    assert sum(name_of(alter(icon(name, px))) != "" for name in STRANGE) <= 1


@pytest.mark.parametrize("px", [30, 46])
def test_known_icons_are_named_after_jpeg(px: int) -> None:
    assert [name_of(jpeg(icon(name, px))) for name in KNOWN] == KNOWN


def test_empty_library_names_nothing() -> None:
    picture = np.zeros((3, 400), np.float32)
    assert IconLibrary({}).match(picture, 36, ORDER, ART)[0].name == ""


def test_folder_is_read_by_file_names(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "frostbolt.png"), icon("frostbolt", 40))
    cv2.imwrite(str(tmp_path / "frostbolt.2.png"), icon("other", 40))
    library = IconLibrary.from_folder(tmp_path)
    assert library.names == ("frostbolt", "frostbolt")
    assert "frostbolt" in library
    assert len(IconLibrary.from_folder(tmp_path / "absent")) == 0


def test_broken_picture_in_the_folder_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"not a png")
    with pytest.raises(LayoutError, match=r"bad\.png"):
        IconLibrary.from_folder(tmp_path)
