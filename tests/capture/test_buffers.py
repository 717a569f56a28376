"""Lent pictures: each has its memory for itself as long as any view of it lives, and then the memory is used again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.capture.buffers import SPARE, FrameBuffers
from wowbot.core.frame import Image


def place(image: Image) -> int:
    return int(image.__array_interface__["data"][0])


def test_a_picture_that_is_gone_leaves_its_memory_to_the_next() -> None:
    buffers = FrameBuffers()
    first = place(buffers.take(4, 5))
    assert place(buffers.take(4, 5)) == first


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda image: image, id="itself"),
        pytest.param(lambda image: image[1:][::2, :, 1], id="a crop of a crop"),
        pytest.param(lambda image: image.reshape(-1).view(np.uint32), id="another shape and type"),
        pytest.param(lambda image: image.T[1:].view(), id="turned"),
        pytest.param(lambda image: memoryview(image), id="a memoryview"),
        pytest.param(lambda image: image.data, id="its bytes"),
        pytest.param(lambda image: np.asarray(image[2]), id="asarray"),
        pytest.param(lambda image: np.frombuffer(image, np.uint8), id="frombuffer"),
    ],
)
def test_whoever_looks_at_a_picture_in_whatever_way_keeps_it(look: object) -> None:
    buffers = FrameBuffers()
    image = buffers.take(4, 4)
    held, first = look(image), place(image)  # type: ignore[operator]
    del image
    assert place(buffers.take(4, 4)) != first
    del held
    assert first in {place(image) for image in [buffers.take(4, 4) for _ in range(2)]}


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=40))
def test_two_pictures_that_live_never_share_memory(steps: list[tuple[bool, int]]) -> None:
    buffers, living = FrameBuffers(), []
    for drop, which in steps:
        if drop and living:
            del living[which % len(living)]
        else:
            image = buffers.take(3, 4)
            image[:] = len(living)
            living.append(image)
        places = [place(image) for image in living]
        assert len(set(places)) == len(places)


def test_a_burst_of_held_pictures_is_not_kept_for_ever() -> None:
    buffers = FrameBuffers()
    burst = [buffers.take(4, 5) for _ in range(20)]
    del burst
    buffers.take(4, 5)
    assert len(buffers) <= SPARE + 1


def test_pictures_of_another_size_are_let_go() -> None:
    buffers = FrameBuffers()
    buffers.take(4, 5)
    assert buffers.take(6, 7).shape == (6, 7, 3)
    assert len(buffers) == 1
