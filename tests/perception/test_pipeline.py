"""The pipeline: never raises, says why, keeps slow readings, takes texts as events."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import numpy as np
import pytest

from wowbot.core.event import DelayedRunner, Event, Mailbox, NullRunner
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Reading
from wowbot.core.terms import find
from wowbot.hud import stock_layout
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.reader import Context, Hints, TextSpot
from wowbot.perception.registry import READERS

SIZE = (320, 200)


class Failing:
    """A reader that always fails."""

    period: ClassVar[int] = 1

    def __init__(self, name: str, region: Region, context: Context) -> None:
        self.provides: tuple[str, ...] = ("level",)
        self.watches: tuple[Rect, ...] = ()
        self.spots: tuple[TextSpot, ...] = ()

    def read(self, image: Any, out: dict[str, Reading], hints: Hints) -> None:
        raise RuntimeError("it broke")


class Slow:
    """A reader asked on every third frame; counts its calls."""

    period: ClassVar[int] = 3
    calls = 0

    def __init__(self, name: str, region: Region, context: Context) -> None:
        self.provides: tuple[str, ...] = ("zone",)
        self.watches: tuple[Rect, ...] = ()
        self.spots: tuple[TextSpot, ...] = ()

    def read(self, image: Any, out: dict[str, Reading], hints: Hints) -> None:
        Slow.calls += 1
        out["zone"] = Reading(f"call {Slow.calls}")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    Slow.calls = 0
    monkeypatch.setitem(READERS.entries, "failing", f"{__name__}:Failing")
    monkeypatch.setitem(READERS.entries, "slow", f"{__name__}:Slow")


def layout(*readers: str, size: tuple[int, int] = SIZE) -> Layout:
    regions = {f"region{n}": Region(Rect(10, 10 + 20 * n, 50, 12), name) for n, name in enumerate(readers)}
    return Layout("t", "t", "wotlk", size, 1.0, regions)


def frame(index: int = 0, size: tuple[int, int] = SIZE, status: str = "") -> Frame:
    return Frame(index, index * 10**7, np.zeros((size[1], size[0], 3), np.uint8), "test", status)


@pytest.mark.usefixtures("registered")
def test_a_failing_reader_gives_unknowns_with_its_cause_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    perception = HudPerception(layout("failing", "slow"))
    with caplog.at_level(logging.WARNING):
        for index in range(3):
            seen = perception.observe(frame(index), ())
    assert seen.readings["level"].value is None
    assert "it broke" in seen.readings["level"].why
    assert seen.readings["zone"].value is not None
    assert sum("it broke" in record.message for record in caplog.records) == 1


@pytest.mark.usefixtures("registered")
def test_a_slow_reader_is_asked_on_every_third_frame_and_its_readings_are_kept() -> None:
    perception = HudPerception(layout("slow"))
    values = [perception.observe(frame(index), ()).readings["zone"].value for index in range(9)]
    assert Slow.calls <= 4
    assert None not in values


@pytest.mark.parametrize("status", ["black", "frozen", "covered", "minimised", "gone"])
@pytest.mark.usefixtures("registered")
def test_an_unsound_frame_makes_everything_unknown_with_that_cause(status: str) -> None:
    seen = HudPerception(layout("slow")).observe(frame(status=status), ())
    assert seen.readings["zone"].value is None
    assert status in seen.readings["zone"].why


@pytest.mark.usefixtures("registered")
def test_a_frame_of_another_size_is_unknown_and_tells_both_sizes() -> None:
    why = HudPerception(layout("slow")).observe(frame(size=(100, 80)), ()).readings["zone"].why
    assert "100x80" in why
    assert "320x200" in why


@pytest.mark.usefixtures("registered")
def test_a_frame_without_an_image_is_unknown() -> None:
    assert HudPerception(layout("slow")).observe(Frame(0, 0, None, "t"), ()).readings["zone"].value is None


def test_a_region_of_no_known_reader_is_told_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        perception = HudPerception(layout("crystal_ball"))
    assert perception.observe(frame(), ()).readings == {}
    assert "crystal_ball" in caplog.text


@pytest.mark.usefixtures("registered")
def test_a_new_layout_drops_what_the_old_one_knew() -> None:
    perception = HudPerception(layout("slow"))
    perception.observe(frame(0), ())
    perception.set_layout(layout("failing"))
    assert "zone" not in perception.observe(frame(1), ()).readings


def test_a_layout_event_becomes_a_reading() -> None:
    seen = HudPerception(layout()).observe(frame(), [Event("layout", 0, {"fits": 0.0})])
    assert seen.readings["layout.fits"] == Reading(0.0)


@pytest.mark.parametrize("era", ["vanilla", "tbc", "wotlk", "classic_era", "retail"])
@pytest.mark.parametrize("fill", ["black", "white", "noise"])
def test_every_reader_of_every_era_answers_on_any_picture_with_known_terms(era: Any, fill: str) -> None:
    stock = stock_layout(era, (1024, 768))
    rng = np.random.default_rng(3)
    pictures = {
        "black": np.zeros((768, 1024, 3), np.uint8),
        "white": np.full((768, 1024, 3), 255, np.uint8),
        "noise": rng.integers(0, 256, (768, 1024, 3), dtype=np.uint8),
    }
    perception = HudPerception(stock)
    for index in range(3):
        readings = perception.observe(Frame(index, index, pictures[fill].copy(), "t"), ()).readings
    assert not [r.why for r in readings.values() if "failed" in r.why]
    assert not [term for term in readings if find(term) is None]
    assert set(perception.provides) <= set(readings)
    assert all(0.0 <= r.confidence <= 1.0 for r in readings.values())


def test_the_stock_layout_has_a_reader_for_every_region() -> None:
    for era in ("vanilla", "wotlk", "retail"):
        perception = HudPerception(stock_layout(era, (1024, 768)))  # type: ignore[arg-type]
        assert not perception._told


def test_text_answers_arrive_as_events_and_become_names() -> None:
    stock = stock_layout("wotlk", (1024, 768))
    mailbox = Mailbox()
    runner = DelayedRunner(mailbox, 0.05)
    perception = HudPerception(stock, runner=NullRunner())
    black = Frame(0, 0, np.zeros((768, 1024, 3), np.uint8), "t")
    perception.observe(black, ())
    runner.submit("text", 0, 0, lambda: {"texts": [{"key": "name", "text": "Ginger", "confidence": 0.9, "print": "0"}]})
    runner.advance(10**9)
    readings = perception.observe(Frame(1, 10**7, black.image, "t"), mailbox.take(1)).readings
    assert readings["name"] == Reading("Ginger", 0.9)
