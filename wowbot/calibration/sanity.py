"""Frames on which no HUD can be found, and the likeliest cause where none was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.calibration.glue import glue_screen
from wowbot.calibration.gradient import Plane, grey, shrink
from wowbot.calibration.report import Refusal
from wowbot.core.frame import Image
from wowbot.perception.channels import greatest, least

LEAST_WH = (320, 240)
BLACK_LEVEL = 14.0
WASHED_SPAN = 45.0
"""Grey levels between the 2nd and the 98th percentile; a sound frame spans 100 or more, at gamma 1.3 still 80."""
COLOURED, LEAST_COLOURED = 24, 0.0005
"""A pixel whose channels differ by more has a colour; least share of such pixels. A ghost's grey world still has coloured
bars (0.004 and more measured over real screenshots); a picture turned grey has none but for what JPEG adds."""
FLAT_SHARE = 0.35
"""Share of the frame that is exactly flat in blocks: another window's blank face, or a capture's empty rest."""
CUSTOM_SHARE = 0.005
"""Share of pixels on long straight level or upright edges; scenery alone has 0.001 to 0.0045."""
SURVEY_HEIGHT = 720
LACKS = {
    "classic": "its rails are not the stock ones, or nothing else of the stock HUD is there",
    "retail": "neither an action bar nor a minimap agrees with it on one scale",
}
"""What a kind whose player frame was found can still lack."""


def merge(images: Sequence[Image]) -> Image:
    """One picture of several frames: the HUD stands still under a moving world, so the median keeps it sharp."""
    if len(images) == 1:
        return images[0]
    median = np.median(np.stack(images[:9]), axis=0)
    return np.asarray(median, np.uint8)


def check_frames(images: Sequence[Image]) -> Refusal | None:
    """What can be said before any search: too small, black, washed, without colours, frozen.

    Raises:
        ValueError: no frame, or frames of different sizes.
    """
    if not images:
        raise ValueError("calibrate: found no frame, expected at least one")
    shapes = {image.shape for image in images}
    if len(shapes) > 1:
        sizes = ", ".join(sorted(f"{s[1]}x{s[0]}" for s in shapes))
        raise ValueError(f"calibrate: found frames of {sizes}, expected one size")
    height, width = images[0].shape[:2]
    if width < LEAST_WH[0] or height < LEAST_WH[1]:
        return Refusal("too_small", f"the frame is {width}x{height} px; no stock HUD is readable below 320x240",
                       {"width": width, "height": height})  # fmt: skip
    frozen = _frozen(images)
    return frozen or _levels(grey(images[0])) or _colourless(images[0])


def _levels(plane: Plane) -> Refusal | None:
    low, high, top = (float(v) for v in np.percentile(plane[::2, ::2], (2, 98, 99.8)))
    measured = {"p02": low, "p98": high, "p99_8": top}
    if top < BLACK_LEVEL:
        mean = float(plane.mean())
        text = f"the frame's mean brightness is {mean:.1f} of 255, and 99.8 % of its pixels are {top:.0f} at most"
        return Refusal("black", text, {**measured, "mean": mean})
    if high - low < WASHED_SPAN:
        text = f"brightness spans only {low:.0f} to {high:.0f} of 255 (2nd to 98th percentile), under {WASHED_SPAN:.0f}"
        return Refusal("washed", text, measured)
    return None


def _colourless(image: Image) -> Refusal | None:
    """A grey picture's bars cannot be told from their empty parts."""
    few = np.ascontiguousarray(image[::3, ::3])
    share = float(np.mean(greatest(few) - least(few) > COLOURED))
    if share >= LEAST_COLOURED:
        return None
    text = f"only {share:.3%} of the pixels have a colour, expected {LEAST_COLOURED:.2%} at least: the picture is grey"
    return Refusal("colourless", text, {"coloured_share": share})


def _frozen(images: Sequence[Image]) -> Refusal | None:
    if len(images) < 3 or any(not np.array_equal(images[0], image) for image in images[1:]):
        return None
    return Refusal("frozen", f"{len(images)} frames are identical to the last pixel", {"frames": float(len(images))})


@dataclass(frozen=True, slots=True)
class Line:
    """A long level edge: row and extent as shares of the frame."""

    y: float
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left

    def centred(self, slack: float = 0.02) -> bool:
        """Whether its middle is the frame's."""
        return abs((self.left + self.right) / 2 - 0.5) < slack


def level_lines(plane: Plane) -> tuple[list[Line], float]:
    """Long level edges, and the share of pixels on long level or upright ones."""
    plane = shrink(plane, SURVEY_HEIGHT / plane.shape[0])
    height, width = plane.shape
    gx = np.abs(cv2.Sobel(plane, cv2.CV_32F, 1, 0, scale=0.125))
    gy = np.abs(cv2.Sobel(plane, cv2.CV_32F, 0, 1, scale=0.125))
    level = cv2.morphologyEx(_mask((gy > 5) & (gy > 4 * gx)), cv2.MORPH_OPEN, np.ones((1, 40), np.uint8))
    upright = cv2.morphologyEx(_mask((gx > 5) & (gx > 4 * gy)), cv2.MORPH_OPEN, np.ones((24, 1), np.uint8))
    share = float(np.mean(np.maximum(level, upright) > 0))
    _, _, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    return [Line(s[1] / height, s[0] / width, (s[0] + s[2]) / width) for s in stats[1:] if s[3] <= 4], share


def _mask(flags: NDArray[np.bool_]) -> Image:
    return flags.astype(np.uint8)


def diagnose(image: Image, measured: Mapping[str, float], needed: Mapping[str, float]) -> Refusal:
    """The likeliest reason why no stock HUD was found.

    Args:
        measured: best agreements of the search, for the evidence.
        needed: kind of HUD -> agreement with its player frame from which on it is one.
    """
    plane = grey(image)
    lines, share = level_lines(plane)
    flat = _flat_share(plane)
    measured = {**measured, "straight_share": share, "flat_share": flat}
    scores = {kind: measured.get(f"{kind}.player", 0.0) for kind in needed}
    best = max(scores, key=lambda kind: scores[kind] - needed[kind])
    near = scores[best] >= needed[best]
    if flat > FLAT_SHARE:
        return Refusal(
            "covered", f"{flat:.0%} of the frame is exactly flat: another window or an empty capture", measured
        )
    glue = glue_screen(image)
    if glue is not None:
        return Refusal(*glue, measured)
    for test in (_loading, _login, _characters):
        refusal = test(lines, measured)
        if refusal is not None:
            return refusal
    text = (
        f"no stock unit frame outline: the best agreement is {scores[best]:.2f} of {needed[best]:.2f} needed ({best})"
    )
    if near:
        lack = LACKS[best.split(".")[-1]]
        text = f"a frame agrees with the {best} player frame by {scores[best]:.2f} of {needed[best]:.2f} needed, but {lack}"
    if share >= CUSTOM_SHARE or near:
        return Refusal("custom_hud", f"{text}; {share:.1%} of the frame is panel edges", measured)
    return Refusal("no_hud", f"{text}, and only {share:.1%} of the frame is panel edges", measured)


def _flat_share(plane: Plane) -> float:
    height, width = plane.shape[0] // 16 * 16, plane.shape[1] // 16 * 16
    blocks: NDArray[np.float32] = plane[:height, :width].reshape(height // 16, 16, width // 16, 16)
    return float(np.mean(blocks.max(axis=(1, 3)) == blocks.min(axis=(1, 3))))


def _mostly(part: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether these lines are most of what is straight on the frame; over a HUD they are a small part."""
    return sum(line.width for line in part) >= 0.5 * sum(line.width for line in lines)


def _loading(lines: Sequence[Line], measured: Mapping[str, float]) -> Refusal | None:
    """A loading bar: two level edges as wide as half the frame, centred, near the bottom."""
    bar = [line for line in lines if line.y > 0.75 and line.centred() and 0.3 < line.width < 0.8]
    if len({round(line.y, 3) for line in bar}) < 2 or not _mostly(bar, lines):
        return None
    text = f"a bar {bar[0].width:.0%} of the frame wide lies centred at {bar[0].y:.0%} of its height, and nothing else"
    return Refusal("loading_screen", text, measured)


def _login(lines: Sequence[Line], measured: Mapping[str, float]) -> Refusal | None:
    """Account and password: two centred boxes of one width, one below the other."""
    edges = [line for line in lines if 0.3 < line.y < 0.85 and line.centred() and 0.07 < line.width < 0.3]
    rows = {round(line.y, 2) for line in edges}
    if len(rows) < 4 or not _mostly(edges, lines):
        return None
    return Refusal("login_screen", f"{len(rows)} centred box edges lie one below the other, and little else", measured)


def _characters(lines: Sequence[Line], measured: Mapping[str, float]) -> Refusal | None:
    """The character list: many level edges of one width on the right, and a centred button at the bottom."""
    listed = [line for line in lines if line.left > 0.68 and 0.1 < line.width < 0.3]
    button = [line for line in lines if line.y > 0.85 and line.centred() and 0.07 < line.width < 0.25]
    rows = {round(line.y, 2) for line in listed}
    if len(rows) < 5 or not button or not _mostly([*listed, *button], lines):
        return None
    return Refusal("character_screen", f"{len(rows)} list rows on the right over a centred button", measured)
