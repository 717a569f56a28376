"""The image loader: every usual format comes out as BGR bytes, everything else as one clear error."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wowbot.capture.images import load_image, load_screenshot, to_bgr8
from wowbot.core.errors import CaptureError


def picture(height: int = 40, width: int = 60) -> np.ndarray:
    ramp = np.linspace(0, 255, width).astype(np.uint8)
    return np.dstack(
        [np.tile(ramp, (height, 1)), np.full((height, width), 90, np.uint8), np.tile(ramp[::-1], (height, 1))]
    )


def save(path: Path, image: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), image)
    return path


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp", ".jpg"])
def test_usual_formats_come_out_as_bgr_bytes(tmp_path: Path, suffix: str) -> None:
    image = load_image(save(tmp_path / f"a{suffix}", picture()))
    assert image.shape == (40, 60, 3)
    assert image.dtype == np.uint8
    assert not image.flags.writeable
    assert np.abs(image.astype(int) - picture()).mean() < 6


def test_sixteen_bits_are_scaled_to_eight(tmp_path: Path) -> None:
    image = load_image(save(tmp_path / "a.png", picture().astype(np.uint16) * 257))
    assert np.array_equal(image, picture())


def test_alpha_is_dropped_not_blended(tmp_path: Path) -> None:
    alpha = np.dstack([picture(), np.zeros((40, 60), np.uint8)])
    assert np.array_equal(load_image(save(tmp_path / "a.png", alpha)), picture())


def test_a_screenshot_has_eight_bits_a_channel(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="16 bits a channel"):
        load_screenshot(save(tmp_path / "a.png", picture().astype(np.uint16) * 257))
    assert np.array_equal(load_screenshot(save(tmp_path / "b.png", picture())), picture())


@pytest.mark.parametrize(("clear", "taken"), [(0, True), (3, True), (400, False)])
def test_a_screenshot_may_have_rounded_corners_but_no_holes(tmp_path: Path, clear: int, taken: bool) -> None:
    alpha = np.full((40, 60), 255, np.uint8)
    alpha.ravel()[:clear] = 200
    path = save(tmp_path / "a.png", np.dstack([picture(), alpha]))
    if taken:
        assert np.array_equal(load_screenshot(path), picture())
    else:
        with pytest.raises(CaptureError, match="17% of it is transparent"):
            load_screenshot(path)


def test_grey_is_spread_over_three_channels(tmp_path: Path) -> None:
    image = load_image(save(tmp_path / "a.png", picture()[:, :, 0]))
    assert np.array_equal(image[:, :, 0], image[:, :, 2])


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_file_is_refused_as_truncated(tmp_path: Path, suffix: str, kept: float) -> None:
    data = save(tmp_path / f"a{suffix}", picture(200, 300)).read_bytes()
    cut = tmp_path / f"cut{suffix}"
    cut.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(CaptureError, match="truncated"):
        load_image(cut)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(save(tmp_path / "a.png", picture()).read_bytes())
    data[33:60] = b"\0" * 27
    bad = tmp_path / "bad.png"
    bad.write_bytes(bytes(data))
    with pytest.raises(CaptureError, match="decoded"):
        load_image(bad)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7"], ids=["empty", "text", "pdf"])
def test_what_is_no_picture_is_named_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(CaptureError, match="is not a PNG"):
        load_image(path)


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"none\.png: cannot be read"):
        load_image(tmp_path / "none.png")


def test_a_giant_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    data = bytearray(save(tmp_path / "a.png", picture()).read_bytes())
    data[16:24] = (20000).to_bytes(4, "big") * 2
    path = tmp_path / "giant.png"
    path.write_bytes(bytes(data))
    with pytest.raises(CaptureError, match="400 megapixels"):
        load_image(path)


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    assert load_image(save(tmp_path / "a.png", picture(1, 1))).shape == (1, 1, 3)


def test_float_pixels_are_scaled_and_a_strange_shape_is_named() -> None:
    assert to_bgr8(np.full((2, 2, 3), 0.5)).max() == 128
    with pytest.raises(ValueError, match="expected"):
        to_bgr8(np.zeros((2, 2, 7), np.uint8))
    with pytest.raises(ValueError, match="int64"):
        to_bgr8(np.zeros((2, 2), np.int64))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBP"]),
)
def test_garbage_behind_a_signature_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "a"
    path.write_bytes(head + rest)
    with pytest.raises(CaptureError):
        load_image(path)
