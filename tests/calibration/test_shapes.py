"""Outlines: stored and loaded alike, mirrored, tiled; a match finds scale and place to a fraction of a pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from frames import frame

from wowbot.calibration.family import families, scales
from wowbot.calibration.gradient import direction_field, grey, undirected
from wowbot.calibration.match import Match, refine, scan
from wowbot.calibration.shapes import Shape, load_shapes, save_shapes
from wowbot.calibration.teach import centred


def test_shapes_survive_their_file(tmp_path: Path) -> None:
    shapes = load_shapes()
    save_shapes(shapes, tmp_path / "a.npz")
    again = load_shapes(tmp_path / "a.npz")
    assert set(again) == set(shapes)
    for name, shape in shapes.items():
        assert again[name].box == shape.box
        assert np.allclose(again[name].kernel, shape.kernel, atol=1e-6)


@pytest.mark.parametrize("name", sorted(load_shapes()))
def test_a_shape_agrees_wholly_with_itself(name: str) -> None:
    shape = load_shapes()[name]
    assert shape.count > 50
    assert shape.score(shape.kernel) == pytest.approx(1.0)
    assert shape.senseless().score(undirected(-shape.kernel)) == pytest.approx(1.0)


def test_mirroring_twice_gives_the_shape_back() -> None:
    shape = load_shapes()["classic.player"]
    twice = shape.mirrored(463, "a").mirrored(463, "b")
    assert twice.box == shape.box
    assert np.array_equal(twice.kernel, shape.kernel)


def test_a_row_has_twelve_times_the_edges_where_buttons_do_not_touch() -> None:
    button = Shape("b", (0, 0, 4, 4), np.ones((2, 4, 4), np.float32) / np.sqrt(2).astype(np.float32))
    assert button.tiled(12, 6, "row").count == 12 * button.count
    assert button.tiled(12, 6, "column", down=True).box == (0, 0, 4, 70)


def test_gamma_and_brightness_leave_the_directions() -> None:
    image, _ = frame("wotlk", (1280, 720))
    field = direction_field(grey(image))
    dark = direction_field(grey(np.asarray(255 * (image / 255.0) ** 1.4 * 0.9, np.uint8)))
    strong = np.hypot(*field) > 0.8
    lengths = np.hypot(*field)[strong] * np.hypot(*dark)[strong]
    cosine = (field * dark).sum(axis=0)[strong] / np.maximum(lengths, 1e-6)
    # Where two channels cross, grey levels can change order; elsewhere the direction stays.
    assert np.median(cosine) > 0.99


@pytest.mark.parametrize(("k", "x", "y"), [(0.94, 3.0, -2.0), (0.925, 0.0, 2.5)])
def test_a_fit_begun_beside_the_truth_ends_on_it(k: float, x: float, y: float) -> None:
    image, layout = frame("wotlk", (1280, 720))
    family = families(load_shapes(), "wotlk")[0]
    found = refine(grey(image), family.player, Match(0.0, k, x, y))
    assert found.k == pytest.approx(layout.ui_scale, rel=0.003)
    assert max(abs(found.x), abs(found.y)) < 0.7


def test_a_scan_finds_nothing_in_a_region_smaller_than_the_shape() -> None:
    image, _ = frame("wotlk", (1280, 720))
    family = families(load_shapes(), "wotlk")[0]
    assert scan(grey(image), family.player, 0.94, (0, 0, 50, 50)) == []


def test_the_scales_searched_reach_from_half_to_beyond_the_slider() -> None:
    found = scales(1080, 1.03)
    assert found[0] == pytest.approx(0.5 * 1080 / 768)
    assert found[-1] >= 1.15 * 1080 / 768


def test_a_ring_learned_beside_its_middle_is_centred() -> None:
    ys, xs = np.mgrid[0:80, 0:80] + 0.5 - 40
    x, y = xs - 3, ys + 2
    distance = np.hypot(x, y)
    on = (distance > 28) & (distance < 31)
    kernel = np.where(on, np.stack([x, y]) / distance, 0.0).astype(np.float32)
    assert centred(Shape("ring", (-40, -40, 80, 80), kernel), 6).box[:2] == (-43, -38)
