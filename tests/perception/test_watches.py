"""A reader that is not asked, because nothing it watches has changed, says what it would have said."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import get_args

import numpy as np
import pytest

from wowbot.build import RunOptions, build_rig
from wowbot.capture.eager import merge, watched_rects
from wowbot.cli.bench.perceive import view_at
from wowbot.core.event import Event
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era, Layout, Rect
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.reader import Hints, Reader
from wowbot.perception.texts import fingerprint
from wowbot.sim.render import HudRenderer

SIZE = (1280, 720)
FRAMES = 120
WHOLE_EVERY = 7


def fight(profile: str) -> Iterator[Image]:
    """What the training ground shows while the agent plays."""
    rig = build_rig(RunOptions(profile=profile, world="sim", scenario="pack", seed=3, size_wh=SIZE))
    rig.open()
    try:
        for _ in range(FRAMES):
            tick = rig.agent.tick()
            assert tick is not None
            assert tick.frame.image is not None
            yield tick.frame.image
    finally:
        rig.close()


def views(era: Era) -> Iterator[Image]:
    """Everything at once, over a moving world."""
    renderer = HudRenderer(era, SIZE, seed=2)
    for n in range(FRAMES // 3):
        yield renderer.draw(view_at(n / 10))


def patched(shown: Image, before: Image, places: list[Rect]) -> tuple[Image, tuple[Rect, ...]]:
    """The picture of before with what is shown now in some places, and those that differ."""
    image = before.copy()
    for place in places:
        place.crop(image)[:] = place.crop(shown)
    return image, tuple(p for p in places if not np.array_equal(p.crop(before), p.crop(shown)))


def frames(shown: Iterator[Image], layout: Layout, rng: random.Random) -> Iterator[Frame]:
    """The pictures as an eager source hands them out: now and then whole, else only what is watched, and a little more."""
    image: Image | None = None
    for n, now in enumerate(shown):
        changed: tuple[Rect, ...] | None = None
        if image is None or n % WHOLE_EVERY == 0:
            image = now
        else:
            places = list(rng.sample(merge(watched_rects(layout)), 2)) if n % 3 else []
            places += [Rect(rng.randrange(1100), rng.randrange(600), 150, 90) for _ in range(n % 4)]
            image, changed = patched(now, image, places)
        yield Frame(n, n * 50_000_000, image, "test", "covered" if n % 40 == 30 else "", changed=changed)


def answers(perception: HudPerception, frame: Frame, rng: random.Random) -> tuple[Event, ...]:
    """A text that the worker may have read on this frame."""
    assert frame.image is not None
    spot = rng.choice(list(perception.texts.spots.values()))
    if not spot.rect.width:
        return ()
    looks = f"{fingerprint(spot.rect.crop(frame.image), spot.mode):x}"
    row = {"key": spot.key, "text": str(rng.randrange(100)), "confidence": 0.9, "print": looks}
    return (Event("text", frame.index, {"texts": [row]}),)


class Counted:
    """A reader that counts how often it is asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.asked = reader, 0
        self.period, self.provides, self.spots = reader.period, reader.provides, reader.spots

    @property
    def watches(self) -> tuple[Rect, ...]:
        return self._reader.watches

    def read(self, image: Image, out: dict, hints: Hints) -> None:  # type: ignore[type-arg]
        self.asked += 1
        self._reader.read(image, out, hints)
        self.provides = self._reader.provides


def asked(perception: HudPerception) -> dict[str, Counted]:
    found: dict[str, Counted] = {}

    def wrap(name: str, reader: Reader) -> Reader:
        found[name] = Counted(reader)
        return found[name]  # type: ignore[return-value]

    perception.wrap_readers(wrap)
    return found


SHOWS = [pytest.param("mage", id="mage"), pytest.param("warrior", id="warrior")]
SHOWS += [pytest.param(era, id=era) for era in get_args(Era) if era not in ("other", "tbc")]


@pytest.mark.parametrize("show", SHOWS)
def test_readings_are_the_same_as_when_every_reader_is_asked(show: str) -> None:
    from_world = show in ("mage", "warrior")
    layout = HudRenderer("wotlk" if from_world else show, SIZE).layout  # type: ignore[arg-type]
    rng = random.Random(show)
    sparing, asking = HudPerception(layout), HudPerception(layout)
    few, all_of_them = asked(sparing), asked(asking)
    for frame in frames(fight(show) if from_world else views(show), layout, rng):  # type: ignore[arg-type]
        events = answers(sparing, frame, rng)
        told = Frame(frame.index, frame.t_ns, frame.image, frame.source, frame.status)
        one, other = sparing.observe(frame, events), asking.observe(told, events)
        assert list(one.readings.items()) == list(other.readings.items()), f"frame {frame.index}"
    spared = {name for name, reader in few.items() if reader.asked < all_of_them[name].asked}
    assert {"target.frame", "chat", "errors", "popup", "loot"} <= spared


@pytest.mark.parametrize("era", [e for e in get_args(Era) if e not in ("other", "tbc")])
def test_a_reader_sees_nothing_beyond_what_it_watches(era: Era) -> None:
    renderer, rng = HudRenderer(era, SIZE, seed=5), np.random.default_rng(1)
    perception = HudPerception(renderer.layout)
    watching = set()
    for t_s in (0.0, 0.4, 3.1, 7.7):
        image = renderer.draw(view_at(t_s))
        for n in range(6):
            perception.observe(Frame(n, n, image, "test"), ())
        for seat in perception._seats:
            if not seat.reader.watches:
                continue
            watching.add(seat.name)
            noise = rng.integers(0, 255, image.shape, dtype=np.uint8)
            for place in seat.reader.watches:
                place.crop(noise)[:] = place.crop(image)
            said: list[dict] = [{}, {}]  # type: ignore[type-arg]
            for picture, out in zip((image, noise), said, strict=True):
                seat.reader.read(picture, out, Hints(8, 8))
            assert said[0] == said[1], seat.name
    assert {"target.frame", "popup", "loot", "chat"} <= watching
