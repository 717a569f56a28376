"""Reading the whole HUD at 1080p on one thread, beside a plain template-matching reader in the same run.

The frames are drawn by the training ground: two unit frames, two cast bars, 36 action slots of which a global cooldown
sweeps most half of the time and long ones some always, 32 auras, combo points, flags, over a moving world. Text
recognition and the detector run on their own workers and are not part of a tick. The baseline does what common bots do
on the same regions: cv2.matchTemplate of each slot's and each aura's own icon in its place, and HSV masks for the bars;
it reads no sweep, tint or count.

examples:
  wowbot bench perceive
  wowbot bench perceive --frames 600 --json
  wowbot bench perceive --maa          beside MaaFw (pip install MaaFw) on 4 bars and 24 icons
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np

from wowbot.core.errors import ConfigError
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era, Layout, Rect
from wowbot.core.reading import Reading
from wowbot.perception.auras import AurasReader
from wowbot.perception.icons import IconLibrary
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.reader import Context, Hints, Reader
from wowbot.sim.icons import icon
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import AuraView, CameraView, CastView, School, SlotView, UnitView, WorldView

SIZE_WH = (1920, 1080)
ERA: Era = "wotlk"
BARS = ("main", "bottom_left", "bottom_right")
HZ, GCD_S, PRESS_S = 30.0, 1.5, 3.0
LONG_S = 60.0
BUFFS, DEBUFFS, TARGET = 12, 4, 16
WARM_UP = 15
"""Frames read before the clock starts."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--frames", type=int, default=240, help="frames to read (default 240)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--maa", action="store_true", help="time MaaFw too, on 4 bars and 24 icons, where it is installed"
    )


def main(args: argparse.Namespace) -> int:
    if args.frames < 30:
        raise ConfigError(f"--frames: found {args.frames}, expected 30 or more")
    cv2.setNumThreads(1)
    renderer = HudRenderer(ERA, SIZE_WH, seed=1)
    count = args.frames + WARM_UP
    frames = [Frame(i, round(i * 1e9 / HZ), renderer.draw(view_at(i / HZ)), "bench") for i in range(count)]
    layout = renderer.layout
    first_ms = _time(frames[:1], lambda frame: HudPerception(layout).observe(frame, ()))["cpu_p50_ms"]
    icons = IconLibrary.from_images({name: icon(name, 64) for name in _names()})
    perception = HudPerception(layout, icons=icons)
    ours = _warm(frames, lambda frame: perception.observe(frame, ()))
    last = perception.observe(frames[-1], ()).readings
    plain = PlainReader(layout, frames[0].image)
    theirs = _warm(frames, lambda frame: plain.read(frame.image))
    result: dict[str, Any] = {
        "size_wh": SIZE_WH,
        "frames": count - WARM_UP,
        "load": _load(),
        "slots": sum(term.startswith("slot.") and term.endswith(".empty") for term in last),
        "auras": int(sum(float(last[f"aura.{row}.count"].value or 0) for row in ("player", "player_debuff", "target"))),
        "readings": len(last),
        "unknown": sum(reading.value is None for reading in last.values()),
        "first_frame_cpu_ms": first_ms,
        "wowbot": ours,
        "readers": _by_reader(frames, HudPerception(layout, icons=icons)),
        "baseline_icons": len(plain.places),
        "templates_and_hsv": theirs,
        "ratio_p50": round(theirs["cpu_p50_ms"] / ours["cpu_p50_ms"], 2),
    }
    if args.maa:
        result["maafw"] = _maafw(frames, plain)
    print(json.dumps(result) if args.json else _table(result))
    return 0


def _load() -> float | None:
    """The machine's load over the last minute, where the system tells it."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def view_at(t_s: float) -> WorldView:
    """What the HUD shows at one instant: everything at once, a global cooldown after each press."""
    since = t_s % PRESS_S
    sweep = max(0.0, 100.0 * (1 - since / GCD_S))
    slots = {
        bar: tuple(
            SlotView(
                f"spell_{bar}_{n}",
                cooldown_pct=100.0 - 100.0 * ((t_s + 7 * n) % LONG_S) / LONG_S if n % 6 == 5 else sweep,
                count=n if n % 7 == 3 else None,
                no_power=n % 11 == 10,
                in_range=n % 4 != 0 if n < 10 else None,
                hotkey=str(n),
            )
            for n in range(12)
        )
        for bar in BARS
    }
    casting = CastView("spell_main_1", "Frostbolt", pct=100 * (t_s % 2.5) / 2.5, remains_s=1.0, total_s=2.5)
    player = UnitView(
        "Player", "mage", 80, 9000 - 50 * (t_s % 60), 12000, "mana", 7000 + 90 * (t_s % 20), 11000, cast=casting,
        in_combat=True, buffs=_auras("buff", BUFFS, t_s), debuffs=_auras("debuff", DEBUFFS, t_s, harmful=True),
    )  # fmt: skip
    target = UnitView(
        "Wolf", "wolf", 80, 5000 - 60 * (t_s % 60), 9000, "mana", 300, 900, reaction=2, cast=replace(casting, name="Bolt"),
        debuffs=_auras("dot", TARGET // 2, t_s, harmful=True), buffs=_auras("boon", TARGET // 2, t_s),
    )  # fmt: skip
    camera = CameraView(t_s * 3.0, 5.0, 0.3 + 0.05 * t_s)
    return WorldView(t_s, player, camera, target, slots=slots, combo_points=3, xp_pct=40.0, zone="Elwynn Forest")


def _auras(kind: str, count: int, t_s: float, harmful: bool = False) -> tuple[AuraView, ...]:
    school: School = "magic" if harmful else "none"
    return tuple(
        AuraView(f"{kind}_{n}", 1 + n % 3, 20 + 5 * n - t_s % 15, 60.0 + 5 * n, harmful, school, n % 2 == 0)
        for n in range(count)
    )


def _names() -> list[str]:
    spells = [f"spell_{bar}_{n}" for bar in BARS for n in range(12)]
    counts = (("buff", BUFFS), ("debuff", DEBUFFS), ("dot", TARGET // 2), ("boon", TARGET // 2))
    return spells + [f"{kind}_{n}" for kind, count in counts for n in range(count)]


class PlainReader:
    """The baseline: a template search of each icon round its place, HSV masks of each bar."""

    def __init__(self, layout: Layout, image: Image | None) -> None:
        assert image is not None
        icons = IconLibrary.from_images({name: icon(name, 64) for name in _names()})
        self.places: list[tuple[Rect, Image]] = []
        for name, region in layout.regions.items():
            if region.reader == "slots" and region.options.get("bar") in BARS:
                for n, (x, y, w, h) in enumerate(region.options["boxes"]):
                    self._add(Rect(int(x), int(y), int(w), int(h)), f"spell_{region.options['bar']}_{n}")
            elif region.reader == "auras":
                for _, box, token in AurasReader(name, region, Context(layout, icons=icons)).places(image):
                    self._add(box, token)
        self.bars = [region.rect for region in layout.regions.values() if region.reader in ("bar", "cast")]

    def _add(self, box: Rect, token: str) -> None:
        x, y, w, h = box
        self.places.append((Rect(max(0, x - 6), max(0, y - 6), w + 12, h + 12), icon(token, w)))

    def read(self, image: Image | None) -> int:
        """Number of icons and bars found."""
        assert image is not None
        found = 0
        for rect, template in self.places:
            window = rect.crop(image)
            if window.shape[0] >= template.shape[0] and window.shape[1] >= template.shape[1]:
                found += int(cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED).max() > 0.8)
        for rect in self.bars:
            crop = rect.crop(image)
            if crop.size:
                hsv = cv2.cvtColor(crop, cv2.COLOR_BGR2HSV)
                for low in (0, 40, 100):
                    mask = cv2.inRange(hsv, np.array([low, 80, 60]), np.array([low + 30, 255, 255]))
                    found += int(cv2.countNonZero(mask) > 0)
        return found


def _warm(frames: list[Frame], read: Callable[[Frame], object]) -> dict[str, float]:
    for frame in frames[:WARM_UP]:
        read(frame)
    return _time(frames[WARM_UP:], read)


class _Watched:
    """A reader that notes what it takes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.period, self.spots = reader.period, reader.spots
        self.spent_ns: list[int] = []

    @property
    def provides(self) -> tuple[str, ...]:
        return self._reader.provides

    @property
    def watches(self) -> tuple[Rect, ...]:
        return self._reader.watches

    def read(self, image: Image, out: dict[str, Reading], hints: Hints) -> None:
        start = time.thread_time_ns()
        self._reader.read(image, out, hints)
        self.spent_ns.append(time.thread_time_ns() - start)


def _by_reader(frames: list[Frame], perception: HudPerception) -> dict[str, dict[str, float]]:
    """Processor milliseconds of each region's reader: a frame's mean, and the p95 of its own turns; dearest first."""
    watched: dict[str, _Watched] = {}

    def watch(name: str, reader: Reader) -> Reader:
        watched[name] = _Watched(reader)
        return cast(Reader, watched[name])

    perception.wrap_readers(watch)
    for frame in frames[:WARM_UP]:
        perception.observe(frame, ())
    for reader in watched.values():
        reader.spent_ns.clear()
    for frame in frames[WARM_UP:]:
        perception.observe(frame, ())
    rows = {
        name: {
            "mean_ms": round(sum(reader.spent_ns) / 1e6 / (len(frames) - WARM_UP), 3),
            "p95_ms": round(float(np.percentile(reader.spent_ns, 95)) / 1e6, 3),
        }
        for name, reader in watched.items()
        if reader.spent_ns
    }
    return dict(sorted(rows.items(), key=lambda item: -item[1]["mean_ms"]))


def _time(frames: list[Frame], read: Callable[[Frame], object]) -> dict[str, float]:
    """Wall and processor milliseconds per frame."""
    wall, busy = [], []
    for frame in frames:
        start, cpu = time.perf_counter_ns(), time.thread_time_ns()
        read(frame)
        busy.append((time.thread_time_ns() - cpu) / 1e6)
        wall.append((time.perf_counter_ns() - start) / 1e6)
    return {
        "p50_ms": round(float(np.percentile(wall, 50)), 3),
        "p95_ms": round(float(np.percentile(wall, 95)), 3),
        "cpu_p50_ms": round(float(np.percentile(busy, 50)), 3),
        "cpu_p95_ms": round(float(np.percentile(busy, 95)), 3),
    }


def _maafw(frames: list[Frame], plain: PlainReader) -> dict[str, Any]:
    """MaaFw's times on the same frames for a part of the work; why there are none, where it is not installed."""
    from wowbot.cli.bench.maafw import BARS as MAA_BARS
    from wowbot.cli.bench.maafw import ICONS, MaaEngine

    try:
        engine = MaaEngine(plain.bars, plain.places)
    except ImportError:
        return {"skipped": "MaaFw is not installed: pip install MaaFw"}
    asked = (("calls", engine.as_calls), ("one_node", engine.as_one))
    last = _pixels(frames[-1])
    times = {name: _warm(frames, lambda frame, ask=ask: ask(_pixels(frame))) for name, ask in asked}  # type: ignore[misc]
    return {"bars": MAA_BARS, "icons": ICONS, "found": engine.as_calls(last), "all": engine.as_one(last), **times}


def _pixels(frame: Frame) -> Image:
    assert frame.image is not None
    return frame.image


def _table(result: dict[str, Any]) -> str:
    lines = [
        f"{result['frames']} frames {SIZE_WH[0]}x{SIZE_WH[1]}, one thread, load {result['load']}: {result['slots']} slots, "
        f"{result['auras']} auras, {result['readings']} readings, {result['unknown']} unknown in the last frame; "
        f"the first frame without learned icons takes {result['first_frame_cpu_ms']:.0f} ms of processor time",
        "",
        f"{'':<40}{'p50 ms':>9}{'p95 ms':>9}{'CPU p50':>9}{'CPU p95':>9}",
    ]
    plain = f"matchTemplate per icon ({result['baseline_icons']}) + HSV"
    for key, title in (("wowbot", "wowbot, all readers"), ("templates_and_hsv", plain)):
        row = result[key]
        values = (row["p50_ms"], row["p95_ms"], row["cpu_p50_ms"], row["cpu_p95_ms"])
        lines.append(f"{title:<40}" + "".join(f"{v:>9.3f}" for v in values))
    lines += [
        f"baseline : wowbot = {result['ratio_p50']} : 1 at CPU p50; the baseline reads no sweep, tint, range or count",
        "",
        f"{'reader (CPU ms); all bars in the first':<40}{'mean':>9}{'p95':>9}",
        *(
            f"{name:<40}{row['mean_ms']:>9.3f}{row['p95_ms']:>9.3f}"
            for name, row in list(result["readers"].items())[:14]
        ),
    ]
    if "maafw" in result:
        lines += ["", *_maafw_lines(result["maafw"])]
    return "\n".join(lines)


def _maafw_lines(told: dict[str, Any]) -> list[str]:
    """Wall times alone: MaaFw works on threads of its own."""
    if "skipped" in told:
        return [f"MaaFw: {told['skipped']}"]
    what = f"MaaFw, {told['bars']} bars + {told['icons']} icons"
    rows = ((f"{what}, {told['found']} found, as calls", told["calls"]), (f"{what}, as one node", told["one_node"]))
    return [f"{title:<58}{row['p50_ms']:>9.3f}{row['p95_ms']:>9.3f}" for title, row in rows]
