"""What the detector found, as terms: fed off the loop at its own rate, tracked between, with confidence and age.

`DetectorFeed` hands frames to the worker; `Sights` turns what comes back, live or out of a recording, into readings. The
two share nothing, so a replay without any model reads as the run did. Terms are written from the first result on.

    <object>.visible .count        enemy, corpse, quest_mark, resource_node
    <object>.x .y .dx .dy .size .id   of the one nearest to the frame's centre; dx, dy, size in pct of the frame's height
    bobber.exists .x .y .splash    enemies.visible    players.count    detector.age
    nameplate.count and its family where the layout has no reader of nameplates
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from statistics import median
from typing import Any

from wowbot.core.detection import Detection
from wowbot.core.event import Event, Runner
from wowbot.core.frame import Image
from wowbot.core.layout import Layout
from wowbot.core.reading import Reading, unknown
from wowbot.perception.detector_model import DetectorModel
from wowbot.perception.hudmask import hud_rects, in_world
from wowbot.perception.tracking import Track, Tracks

log = logging.getLogger(__name__)

KIND = "detections"
OBJECTS = ("enemy", "corpse", "quest_mark", "resource_node")
PLATES = {"nameplate_hostile": 2.0, "nameplate_neutral": 4.0, "nameplate_friendly": 5.0}
"""Class -> reaction."""
LEAVES = ("x", "y", "dx", "dy", "size", "id")
TERMS = frozenset(
    {f"{name}.{leaf}" for name in OBJECTS for leaf in ("visible", "count", *LEAVES)}
    | {"bobber.exists", "bobber.x", "bobber.y", "bobber.splash", "players.count", "detector.age"}
)
"""Terms that nothing but a detector gives."""
RATE_HZ = 4.0
MAX_AGE_S = 1.5
"""A result from an older frame says nothing about this one. At 4 Hz five results are missing by then."""
LESS_URGENT = 10
"""Niceness of the worker."""
DIP = 0.3
"""A bobber that is lower than its own median of the last seconds by this share of its size was pulled under."""


class DetectorFeed:
    """Hands a frame to the runner whenever the detector's turn has come.

    Args:
        model: a loaded model; only the worker uses it from now on.
        layout: its HUD regions hide the world and are no places for objects.
        rate_hz: at most so many frames a second of frame time.
    """

    def __init__(self, model: DetectorModel, layout: Layout, rate_hz: float = RATE_HZ) -> None:
        self.model = model
        self._every_ns = int(1e9 / rate_hz)
        self._due_ns = 0
        self.set_layout(layout)

    def set_layout(self, layout: Layout) -> None:
        """Take a new layout."""
        self._hud = hud_rects(layout)
        world = layout.regions.get("nameplates")
        self._region = None if world is None else _corners(world.rect, layout.size_wh)

    def submit(self, image: Image, index: int, t_ns: int, runner: Runner) -> None:
        """Maybe hand over this frame; the image is read-only and is not copied."""
        if 0 <= t_ns < self._due_ns and self._due_ns - t_ns <= self._every_ns:
            return
        if runner.submit(KIND, index, t_ns, partial(self._job, image, t_ns)):
            self._due_ns = t_ns + self._every_ns

    def _job(self, image: Image, t_ns: int) -> Mapping[str, Any]:
        _step_back()
        found = in_world(self.model.detect(image, self._region), self._hud)
        return payload(found, image, t_ns)


def _step_back() -> None:
    """On the worker's own thread, where the system has priorities a thread: let the loop go first on busy cores."""
    thread = threading.current_thread()
    if sys.platform == "linux" and thread.name == f"wowbot-{KIND}" and thread.native_id is not None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread.native_id, LESS_URGENT)


def payload(found: Sequence[Detection], image: Image, t_ns: int) -> dict[str, Any]:
    """The payload of a "detections" event."""
    boxes = [[d.label, *(round(v, 1) for v in d[1:5]), round(d.confidence, 3)] for d in found]
    return {"t_ns": t_ns, "size_wh": [int(image.shape[1]), int(image.shape[0])], "boxes": boxes}


class Sights:
    """The newest detections, tracked, as readings. Args: layout: whether it has a reader of nameplates."""

    def __init__(self, layout: Layout) -> None:
        self._plates = not any(region.reader == "nameplates" for region in layout.regions.values())
        self._tracks = Tracks()
        self._t_ns: int | None = None
        self._size_wh = layout.size_wh
        self._why = ""

    def take(self, events: Sequence[Event]) -> None:
        """Take the results that arrived."""
        for event in events:
            if event.kind != KIND:
                continue
            if "error" in event.payload:
                if not self._why:
                    log.warning("the detector failed: %s", event.payload["error"])
                self._why = str(event.payload["error"])
                continue
            self._why = ""
            self._t_ns = int(event.payload["t_ns"])
            self._size_wh = (int(event.payload["size_wh"][0]), int(event.payload["size_wh"][1]))
            found = [Detection(str(b[0]), *(float(v) for v in b[1:6])) for b in event.payload["boxes"]]
            self._tracks.update(found, self._t_ns / 1e9)

    def readings(self, t_ns: int) -> dict[str, Reading]:
        """All terms at a frame's time; none before the first result."""
        if self._t_ns is None and not self._why:
            return {}
        age = MAX_AGE_S + 1.0 if self._t_ns is None else max(0.0, (t_ns - self._t_ns) / 1e9)
        if age > MAX_AGE_S:
            why = f"the detector failed: {self._why}" if self._why else f"the newest detections are {age:.1f} s old"
            return dict.fromkeys((*TERMS, "enemies.visible"), unknown(why))
        out = {"detector.age": Reading(age)}
        scale = 1.0 - 0.5 * age / MAX_AGE_S
        why = f"seen {age:.2f} s ago"
        t_s = t_ns / 1e9
        for name in OBJECTS:
            self._object(out, name, self._tracks.of(name, t_s), (scale, why))
        out["enemies.visible"] = out["enemy.count"]
        out["players.count"] = Reading(float(len(self._tracks.of("player", t_s))), 0.6 * scale, why)
        self._bobber(out, t_s, (scale, why))
        if self._plates:
            self._nameplates(out, t_s, (scale, why))
        return out

    def _object(
        self, out: dict[str, Reading], name: str, seen: list[tuple[Track, Detection]], told: tuple[float, str]
    ) -> None:
        scale, why = told
        middle = (self._size_wh[0] / 2, self._size_wh[1] / 2)
        sure = scale * (max((t.confidence for t, _ in seen), default=0.7))
        out[f"{name}.visible"] = Reading(float(bool(seen)), sure, why)
        out[f"{name}.count"] = Reading(float(len(seen)), sure, why)
        if not seen:
            out |= dict.fromkeys((f"{name}.{leaf}" for leaf in LEAVES), unknown("none is seen"))
            return
        track, box = min(seen, key=lambda pair: _far(pair[1], middle))
        (x, y), height = box.center, self._size_wh[1]
        offset = (100.0 * (x - middle[0]) / height, 100.0 * (y - middle[1]) / height)
        values = (x, y, *offset, 100.0 * (box.y1 - box.y0) / height, float(track.id))
        for leaf, value in zip(LEAVES, values, strict=True):
            out[f"{name}.{leaf}"] = Reading(value, scale * track.confidence, why)

    def _bobber(self, out: dict[str, Reading], t_s: float, told: tuple[float, str]) -> None:
        scale, why = told
        seen = self._tracks.of("bobber", t_s)
        out["bobber.exists"] = Reading(float(bool(seen)), scale * 0.7, why)
        if not seen:
            out |= dict.fromkeys(("bobber.x", "bobber.y", "bobber.splash"), unknown("no bobber is seen"))
            return
        track, box = max(seen, key=lambda pair: pair[0].confidence)
        out["bobber.x"], out["bobber.y"] = (Reading(v, scale * track.confidence, why) for v in box.center)
        depth = track.history[-1][1] - median(y for _, y in track.history)
        steady = len(track.history) >= 4
        dipped = Reading(float(depth > DIP * track.height), 0.5 * scale, why)
        out["bobber.splash"] = dipped if steady else unknown("the bobber was not seen long enough")

    def _nameplates(self, out: dict[str, Reading], t_s: float, told: tuple[float, str]) -> None:
        scale, why = told
        seen = sorted(
            ((t, box, value) for label, value in PLATES.items() for t, box in self._tracks.of(label, t_s)),
            key=lambda row: row[1].x0,
        )
        out["nameplate.count"] = Reading(float(len(seen)), 0.7 * scale, why)
        for n, (track, box, reaction) in enumerate(seen, 1):
            values = (box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, reaction)
            for leaf, value in zip(("x", "y", "w", "h", "reaction"), values, strict=True):
                out[f"nameplate.{n}.{leaf}"] = Reading(max(0.0, value), scale * track.confidence, why)


def _far(box: Detection, middle: tuple[float, float]) -> float:
    x, y = box.center
    return float((x - middle[0]) ** 2 + (y - middle[1]) ** 2)


def _corners(rect: tuple[int, int, int, int], size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, width, height = rect
    return max(0, left), max(0, top), min(size_wh[0], left + width), min(size_wh[1], top + height)
