"""A folder of pictures is a frame source."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.capture.folder import FolderSource
from wowbot.core.errors import CaptureError


def picture(path: Path, value: int) -> None:
    cv2.imwrite(str(path), np.full((6, 8, 3), value, np.uint8))


def test_pictures_come_in_the_order_of_their_names_and_then_the_end(tmp_path: Path) -> None:
    for name, value in (("b.png", 2), ("a.bmp", 1), ("c.jpg", 3)):
        picture(tmp_path / name, value * 50)
    (tmp_path / "notes.txt").write_text("not a picture", encoding="utf-8")
    source = FolderSource(tmp_path, hz=20.0)
    source.open()
    frames = [source.read() for _ in range(4)]
    assert frames[3] is None
    known = [frame for frame in frames if frame is not None]
    assert [frame.index for frame in known] == [0, 1, 2]
    assert [frame.t_ns for frame in known] == [0, 50_000_000, 100_000_000]
    assert [int(frame.image.mean()) for frame in known if frame.image is not None] == [50, 100, 150]
    assert known[0].focused is None


def test_one_picture_is_a_source_of_one_frame(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 10)
    source = FolderSource(tmp_path / "a.png")
    source.open()
    assert source.read() is not None
    assert source.read() is None


@pytest.mark.parametrize(
    ("name", "said"), [("absent", "no such file or folder"), ("empty", "no picture in this folder")]
)
def test_a_folder_without_pictures_is_an_error(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaptureError, match=said):
        FolderSource(tmp_path / name).open()
