"""What is printed on a button: where counts, keys and seconds really stand, and what is the icon's alone."""

from __future__ import annotations

import numpy as np
import pytest
from test_sweep import picture, swept

from wowbot.core.frame import Image
from wowbot.perception.button import Button
from wowbot.perception.buttontexts import read_count, read_seconds
from wowbot.perception.freesweep import EVEN_SHARE, _even
from wowbot.perception.glyphs import Number, _fuller
from wowbot.perception.patches import Order, Sampler, planes
from wowbot.perception.slotlook import is_empty, red_key, text_zones
from wowbot.sim.draw_canvas import WHITE, Canvas, TextStyle

RED, GREY = (26.0, 26.0, 255.0), (153.0, 153.0, 153.0)
PX = 46


def printed(
    ground: Image, text: str, right: float, middle: float, em: float, color: tuple[float, float, float]
) -> Image:
    """A text on a button; `right` and `middle` in units of a button of 36, from the left and from above."""
    unit = ground.shape[1] / 36
    canvas = Canvas((0.0, 0.0, float(ground.shape[1]), float(ground.shape[0])))
    canvas.picture((0.0, 0.0, float(ground.shape[1]), float(ground.shape[0])), ground)
    canvas.text(text, (right * unit, middle * unit), em * unit, TextStyle(color, "sans", "right", outline=True))
    return np.asarray(canvas.sprite(opaque=True).color, np.uint8)


def dark_art(seed: int) -> Image:
    return np.asarray(picture(PX, seed) * 0.6, np.uint8)


@pytest.mark.parametrize("right", [28.5, 30.0, 32.5])
@pytest.mark.parametrize("foot", [29.0, 32.5])
@pytest.mark.parametrize("count", [0, 2, 4, 17, 100])
def test_a_count_is_read_wherever_real_clients_print_it(count: int, right: float, foot: float) -> None:
    read = []
    for seed in range(6):
        button = Button("icon")
        read_count(button, printed(dark_art(seed), str(count), right, foot - 5.0, 13.5, WHITE))
        read.append(button.charges.value if button.charges is not None else -1.0)
    assert set(read) <= {float(count), None}
    assert read.count(float(count)) >= 5


@pytest.mark.parametrize(
    ("text", "right", "middle", "value"),
    [("17", 26.5, 18.0, 17.0), ("5", 22.5, 18.0, 5.0), ("17m", 33.5, 18.0, None), ("5h", 27.0, 18.0, None),
     ("2", 32.0, 26.0, None), ("2", 31.0, 9.0, None)],
    ids=["two digits", "one", "minutes", "hours", "a count", "a key"],
)  # fmt: skip
def test_seconds_are_a_number_in_the_middle(text: str, right: float, middle: float, value: float | None) -> None:
    read = []
    for seed in range(6):
        button = Button("icon")
        read_seconds(button, printed(dark_art(seed), text, right, middle, 18.0, WHITE))
        read.append(button.count.value if button.count is not None else None)
    assert set(read) <= {value, None}
    assert read.count(value) >= 5


@pytest.mark.parametrize("right", [28.5, 30.5, 33.5])
@pytest.mark.parametrize("key", ["E", "R", "2", "s-4"])
def test_a_red_key_is_red_and_a_grey_one_is_not_wherever_it_ends(key: str, right: float) -> None:
    teal = np.asarray(picture(PX, 3) * (0.9, 0.8, 0.2), np.uint8)
    assert red_key(printed(teal, key, right, 7.0, 11.5, RED)) is True
    assert not red_key(printed(teal, key, right, 7.0, 11.5, GREY))


def test_red_art_beside_a_grey_key_or_without_one_is_no_red_key() -> None:
    art = np.full((PX, PX, 3), (3, 3, 240), np.uint8)
    for x in range(0, PX, 9):
        art[:, x : x + 4] = (20, 20, 25)
    assert not red_key(art)
    assert not red_key(printed(art, "F", 29.5, 7.0, 11.5, GREY))


@pytest.mark.parametrize(
    ("found", "other", "taken"),
    [("1", "4", "4"), ("11", "14", "14"), ("17", "4", "17"), ("17", "77", "77"), ("4", "1", "4"), ("1", "", "1")],
)
def test_a_stem_gives_way_to_the_digit_it_is_part_of(found: str, other: str, taken: str) -> None:
    assert _fuller(Number(found, 1.0), Number(other, 0.9)).text == taken


def bare(image: Image) -> bool:
    order = Order("radial")
    cells = planes(Sampler([(0, 0, image.shape[1], image.shape[0])], order).read(image))
    return bool(is_empty(cells, text_zones(order)[0], np.zeros(1, np.bool_))[0])


def grass(seed: int) -> Image:
    noise = np.random.default_rng(seed).normal(0, 6, (PX, PX, 1))
    return np.clip(np.array((35, 70, 30)) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("key", ["", "F", "s-6", "B..."])
def test_an_empty_button_is_empty_whatever_key_is_printed_on_it(key: str) -> None:
    assert all(bare(printed(grass(seed), key, 29.0, 7.0, 11.5, GREY)) for seed in range(8))


def test_a_sweep_that_leaves_but_a_bright_wedge_under_the_key_is_no_empty_button() -> None:
    art = np.clip(np.array((40, 190, 210)) + np.random.default_rng(2).normal(0, 12, (PX, PX, 3)), 0, 255).astype(
        np.uint8
    )
    assert not bare(printed(swept(art, 0.09, shade=0.25), "2", 29.0, 7.0, 11.5, GREY))


@pytest.mark.parametrize(
    ("first", "second", "sweep"),
    [
        ([1.0, 1.1, 0.9, 1.0, 1.2, 0.8, 1.0, 1.1], [1.1, 1.0, 1.2, 0.9, 1.1, 1.0, 1.3, 1.0], True),
        ([1.0, 1.1, 0.9, 1.0, 1.2, 0.8, 1.0, 1.1], [1.5, 1.6, 1.4, 1.5, 1.6, 1.5, 1.4, 1.5], False),
        ([0.5, 1.9, 0.6, 1.8, 1.2, 2.2, 0.5, 1.9], [0.6, 1.7, 2.0, 0.5, 1.2, 0.7, 1.9, 1.2], False),
    ],
    ids=["one shade", "two shades", "uneven"],
)
def test_only_a_shade_that_is_one_factor_along_both_edges_is_a_sweeps(
    first: list[float], second: list[float], sweep: bool
) -> None:
    lit = np.full(8, 5.0, np.float32)
    edges = (np.asarray(steps, np.float32) for steps in (first, second))
    dark, other = (lit - edge for edge in edges)
    assert (_even(lit, dark, lit, other) >= EVEN_SHARE) is sweep


def test_a_digit_that_bright_art_touches_is_not_left_out_in_silence() -> None:
    """ "12" whose 1 runs into a light patch is unknown, or 12; never 2."""
    read = set()
    for height in range(0, 8):
        for width in (4, 7, 10):
            ground = np.full((PX, PX, 3), (60, 90, 20), np.uint8)
            ground[25 : 27 + height, 14 : 14 + width + 6] = (235, 245, 215)
            button = Button("icon")
            read_count(button, printed(ground, "12", 32.5, 27.5, 13.5, WHITE))
            read.add(button.charges.value if button.charges is not None else -1.0)
    assert read <= {12.0, None, -1.0}
    assert 12.0 in read
