"""Sweeps: the edge is placed within a degree or two, at every size, under tints, gamma and JPEG."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wowbot.core.frame import Image
from wowbot.perception.freesweep import free_sweep
from wowbot.perception.patches import CELLS, Order, Sampler, SweepStyle, planes
from wowbot.perception.sweep import Fit, Look, fit_sweeps

rng = np.random.default_rng(7)


def picture(px: int, seed: int) -> Image:
    """Coloured blotches with fine grain, as an icon has."""
    random = np.random.default_rng(seed)
    parts = [random.integers(0, 256, (n, n, 3)).astype(np.uint8) for n in (4, 9, 16)]
    layers = [cv2.resize(part, (px, px), interpolation=cv2.INTER_CUBIC).astype(np.float32) for part in parts]
    return np.clip(0.5 * layers[0] + 0.3 * layers[1] + 0.2 * layers[2], 0, 255).astype(np.uint8)


def swept(icon: Image, passed: float, style: SweepStyle = "radial", shade: float = 0.25) -> Image:
    """Darken the part that a sweep covers, edges smoothed by 5 x 5 samples a pixel."""
    high, wide = icon.shape[:2]
    ys, xs = (np.mgrid[0 : high * 5, 0 : wide * 5] + 0.5) / 5
    if style == "linear":
        dark = ys / high < passed
    else:
        way = (np.arctan2(xs - wide / 2, -(ys - high / 2)) / (2 * np.pi)) % 1.0
        dark = way < passed if style == "reverse" else way >= passed
    cover = dark.astype(np.float32).reshape(high, 5, wide, 5).mean(axis=(1, 3))[..., None]
    return np.rint(icon * (1 - cover * (1 - shade))).astype(np.uint8)


def fit(bright: Image, now: Image, style: SweepStyle = "radial", shade: float = 0.25) -> Fit:
    order = Order(style)
    sampler = Sampler([(0, 0, bright.shape[1], bright.shape[0])], order)
    look = Look.empty(1)
    look.put(0, planes(sampler.read(bright))[0], np.ones(CELLS, np.float32))
    return fit_sweeps(planes(sampler.read(now)), look, order, shade)


@pytest.mark.parametrize("px", [30, 36, 46, 57])
@pytest.mark.parametrize("passed", [0.02, 0.1, 0.25, 0.4, 0.5, 0.66, 0.75, 0.9, 0.985])
def test_edge_is_within_one_percent_of_the_turn_on_buttons(px: int, passed: float) -> None:
    icon = picture(px, round(1000 * passed) + px)
    found = fit(icon, swept(icon, passed))
    assert found.swept[0]
    assert float(found.remaining[0]) == pytest.approx(1 - passed, abs=0.01)


@pytest.mark.parametrize("px", [17, 21])
@pytest.mark.parametrize("passed", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_edge_of_a_reverse_sweep_is_within_five_degrees_on_small_auras(px: int, passed: float) -> None:
    icon = picture(px, round(1000 * passed) + px)
    found = fit(icon, swept(icon, passed, "reverse", 0.45), "reverse", 0.45)
    assert float(found.remaining[0]) == pytest.approx(1 - passed, abs=5 / 360)


@pytest.mark.parametrize("remains", [0.1, 0.5, 0.9])
def test_linear_shade_from_the_top_tells_what_remains(remains: float) -> None:
    icon = picture(32, 5)
    found = fit(icon, swept(icon, remains, "linear", 0.4), "linear")
    assert float(found.remaining[0]) == pytest.approx(remains, abs=0.02)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda im: im * np.array([1.0, 0.5, 0.5]), id="blue tint"),
        pytest.param(lambda im: im * 0.4, id="grey"),
        pytest.param(lambda im: 255 * (im / 255) ** 1.3, id="gamma"),
        pytest.param(lambda im: np.minimum(im * 1.15, 255), id="brighter"),
    ],
)
def test_edge_bears_changes_of_light(change: object) -> None:
    icon = picture(46, 11)
    now = np.clip(change(swept(icon, 0.37).astype(np.float64)), 0, 255).astype(np.uint8)  # type: ignore[operator]
    found = fit(icon, now)
    assert float(found.remaining[0]) == pytest.approx(0.63, abs=0.015)


def test_edge_bears_jpeg() -> None:
    icon = picture(46, 12)
    coded = cv2.imdecode(cv2.imencode(".jpg", swept(icon, 0.6), [cv2.IMWRITE_JPEG_QUALITY, 75])[1], cv2.IMREAD_COLOR)
    assert float(fit(icon, np.asarray(coded, np.uint8)).remaining[0]) == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize("gain", [1.0, 0.4, 0.2, 1.2])
def test_uniform_light_is_no_sweep(gain: float) -> None:
    icon = picture(46, 13)
    found = fit(icon, np.clip(icon * gain, 0, 255).astype(np.uint8))
    assert not found.swept[0]
    assert float(found.bright[0].mean()) == pytest.approx(gain, rel=0.12)


def test_noise_alone_is_no_sweep() -> None:
    icon = picture(46, 14)
    for _ in range(20):
        noisy = np.clip(icon + rng.normal(0, 6, icon.shape), 0, 255).astype(np.uint8)
        assert not fit(icon, noisy).swept[0]


def test_another_icon_is_not_explained() -> None:
    assert float(fit(picture(46, 15), picture(46, 16)).likeness[0]) < 0.45


def test_sweep_without_a_reference_is_found_by_its_edges() -> None:
    errors = []
    for seed in range(24):
        passed = 0.12 + 0.03 * seed
        found = free_sweep(swept(picture(46, 100 + seed), passed, shade=0.2))
        if found is not None:
            errors.append(abs(1 - passed - found.remaining) * 360)
    assert len(errors) >= 20
    assert np.median(errors) < 4.0


def test_a_sweep_is_found_over_art_with_black_parts() -> None:
    found = 0
    for seed in range(24):
        art = picture(46, 300 + seed)
        y, x = np.mgrid[0:46, 0:46] - 22.5
        art[(np.hypot(x, y) > 9) & (np.hypot(x, y) < 19)] = 3
        seen = free_sweep(swept(art, 0.4, shade=0.2))
        found += seen is not None and abs(0.6 - seen.remaining) * 360 < 12.0
    assert found >= 14


def test_icons_without_a_sweep_are_seldom_taken_for_one() -> None:
    assert sum(free_sweep(picture(46, 200 + seed)) is not None for seed in range(60)) <= 1
