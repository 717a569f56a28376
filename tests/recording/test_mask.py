"""What must not be shared is black before anyone sees it."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.core.errors import ConfigError
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout, Rect, Region
from wowbot.recording.mask import MaskedSource, mask_rects

LAYOUT = Layout(
    "m",
    "m",
    "wotlk",
    (100, 80),
    1.0,
    {
        "chat": Region(Rect(0, 50, 40, 30), "chat"),
        "chat.edit": Region(Rect(0, 76, 40, 4), "chat"),
        "target.name": Region(Rect(50, 5, 20, 5), "text"),
        "player.frame": Region(Rect(0, 0, 30, 20), "unitframe", {"name": [10, 2, 15, 5], "portrait": [0, 0, 8, 8]}),
        "player.health": Region(Rect(10, 10, 15, 4), "bar"),
    },
)


class Still:
    name = "still"

    def open(self) -> None: ...
    def close(self) -> None: ...

    def read(self) -> Frame | None:
        return Frame(0, 5, np.full((80, 100, 3), 200, np.uint8), "still", "", True)


@pytest.mark.parametrize(
    ("groups", "rects"),
    [
        (["chat"], {Rect(0, 50, 40, 30), Rect(0, 76, 40, 4)}),
        (["names"], {Rect(50, 5, 20, 5), Rect(10, 2, 15, 5)}),
        (["player.health"], {Rect(10, 10, 15, 4)}),
    ],
    ids=["chat", "names", "one region"],
)
def test_a_group_covers_its_regions(groups: list[str], rects: set[Rect]) -> None:
    assert set(mask_rects(LAYOUT, groups)) == rects


def test_an_unknown_group_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'names'"):
        mask_rects(LAYOUT, ["nams"])


def test_the_masked_frame_is_black_there_and_equal_elsewhere() -> None:
    frame = MaskedSource(Still(), mask_rects(LAYOUT, ["names"])).read()
    assert frame is not None
    assert frame.image is not None
    assert not frame.image[5:10, 50:70].any()
    assert int((frame.image == 200).all(axis=2).sum()) == 100 * 80 - 20 * 5 - 15 * 5
    assert (frame.t_ns, frame.source, frame.focused) == (5, "still", True)
