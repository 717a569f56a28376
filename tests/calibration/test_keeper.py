"""The layout is checked while the agent runs, and re-fitted where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from frames import frame

from wowbot.calibration.keeper import EVERY_NS, LayoutKeeper
from wowbot.core.event import DelayedRunner, Event, Mailbox
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout
from wowbot.core.reading import Observation
from wowbot.hud import load_layout

SIZE = (1280, 720)


class Blind:
    """Perception that reads nothing."""

    def __init__(self) -> None:
        self.layouts: list[Layout] = []

    def set_layout(self, layout: Layout) -> None:
        self.layouts.append(layout)

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        return Observation(frame.index, frame.t_ns, {})


class Bench:
    """A keeper with its mailbox; each `show` is one second of game time."""

    def __init__(self, layout: Layout, folder: Path) -> None:
        self.mailbox = Mailbox()
        self.runner = DelayedRunner(self.mailbox, 0.1)
        self.keeper = LayoutKeeper(Blind(), layout, self.runner, folder)
        self.index = 0

    def show(self, image: Image, status: str = "") -> list[Event]:
        """One frame, then the events its check led to."""
        t_ns = self.index * EVERY_NS
        self.runner.advance(t_ns)
        events = self.mailbox.take(self.index)
        self.keeper.observe(Frame(self.index, t_ns, image, "test", status), events)
        self.index += 1
        return [e for e in events if e.kind == "layout"]


def test_a_fitting_layout_is_said_to_fit(tmp_path: Path) -> None:
    image, layout = frame("wotlk", SIZE)
    bench = Bench(layout, tmp_path)
    bench.show(image)
    (event,) = bench.show(image)
    assert event.payload["fits"] == 1


def test_a_layout_of_another_scale_stops_the_keys_then_is_refitted(tmp_path: Path) -> None:
    image, truth = frame("wotlk", SIZE)
    _, other = frame("wotlk", SIZE, 0.8)
    bench = Bench(other, tmp_path)
    events = [event for _ in range(5) for event in bench.show(image)]
    assert [e.payload["fits"] for e in events[:2]] == [0, 0]
    assert "calibrate again" in events[0].payload["why"]
    refit = events[2].payload
    assert refit["fits"] == 1
    found = load_layout(Path(str(refit["file"])))
    assert found.ui_scale == pytest.approx(truth.ui_scale, rel=0.002)


def test_without_a_hud_it_stays_unfit_and_says_what_was_seen(tmp_path: Path) -> None:
    _, layout = frame("wotlk", SIZE)
    black = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    bench = Bench(layout, tmp_path)
    events = [event for _ in range(5) for event in bench.show(black)]
    assert all(e.payload["fits"] == 0 for e in events)
    assert "black" in events[-1].payload["why"]
    assert not list(tmp_path.iterdir())


def test_a_frame_in_trouble_is_not_judged(tmp_path: Path) -> None:
    image, layout = frame("wotlk", SIZE)
    bench = Bench(layout, tmp_path)
    bench.show(image, "minimised")
    assert bench.show(image) == []
