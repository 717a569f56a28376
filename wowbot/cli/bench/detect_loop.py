"""What a running detector costs the loop: the HUD read at a steady rate, detector off and on in turns."""

from __future__ import annotations

import time
from typing import Any

from wowbot.cli.bench.perceive import view_at
from wowbot.core.event import Mailbox, ThreadRunner
from wowbot.core.frame import Frame
from wowbot.perception.detect import DetectorFeed
from wowbot.perception.detector_model import DetectorModel
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer

HZ = 30.0
TURN = 60
"""Ticks with the detector off, then as many with it on."""
SIZE_WH = (1920, 1080)


def loop(model: DetectorModel, seconds: float) -> dict[str, Any]:
    """p50 and p95 of a tick's perception with the detector off and on: on the wall, and of the loop's own thread."""
    import numpy as np

    renderer = HudRenderer("wotlk", SIZE_WH, seed=1)
    pictures = [renderer.draw(view_at(i / HZ)) for i in range(30)]
    mailbox = Mailbox()
    runner = ThreadRunner(mailbox)
    perception = HudPerception(renderer.layout, runner=runner)
    feed = DetectorFeed(model, renderer.layout)
    times: dict[str, list[tuple[float, float]]] = {"off": [], "on": []}
    results, start = 0, time.perf_counter()
    for tick in range(max(2 * TURN, int(seconds * HZ))):
        turn = "on" if tick // TURN % 2 else "off"
        perception.detector = feed if turn == "on" else None
        time.sleep(max(0.0, start + tick / HZ - time.perf_counter()))
        frame = Frame(tick, int(tick * 1e9 / HZ), pictures[tick % len(pictures)], "bench")
        events = mailbox.take(tick)
        results += sum(event.kind == "detections" for event in events)
        began, used = time.perf_counter(), time.thread_time()
        perception.observe(frame, events)
        if tick % TURN > 5:  # a result of the turn before may still be under way
            times[turn].append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - used)))
    runner.close()
    told = {
        key: {
            f"{prefix}p{p}_ms": round(float(np.percentile([row[n] for row in rows], p)), 3)
            for n, prefix in enumerate(("", "cpu_"))
            for p in (50, 95)
        }
        for key, rows in times.items()
    }
    growth = {f"{k}_growth_ms": round(told["on"][f"{k}_ms"] - told["off"][f"{k}_ms"], 3) for k in ("p95", "cpu_p95")}
    return {"hz": HZ, "size_wh": list(SIZE_WH), "ticks": tick + 1, "results": results, **told, **growth}
