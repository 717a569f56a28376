"""From a bar that empties in a real window to the key that answers, for the beginner's loop and for the whole agent.

The window is another process, which times both ends. "beginner, trigger" is pyautogui.screenshot(), HSV on the whole frame,
pyautogui.press() when the colour appears; "beginner, rotation" presses a filler key on every other tick, as rotation bots
do, and so waits 0.1 s a tick in pyautogui's PAUSE. Ours run every reader of the stock HUD, the state tracker and the guard
on each tick. X11 only.

examples:
  wowbot bench latency
  wowbot bench latency --flips 300 --size 1920x1080 --animate 20 --json
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from typing import Any

from wowbot.core.errors import CaptureError, ConfigError

VARIANTS = ("beginner, rotation", "beginner, trigger", "ours, 60 Hz", "ours, eager")
BASELINE = VARIANTS[0]
EAGER_HZ = 120.0
WARM_UP_FLIPS = 10


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--flips", type=int, default=150, help="for each variant (default: 150)")
    parser.add_argument("--size", default="1280x720", metavar="WxH", help="of the window (default: 1280x720)")
    parser.add_argument(
        "--animate", type=float, default=0.0, metavar="FPS", help="move the world behind the HUD (default: 0)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    parser.add_argument("--only", action="append", choices=VARIANTS, help="only this variant; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    width, _, height = args.size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise ConfigError(f"--size: found {args.size!r}, expected WIDTHxHEIGHT, e.g. 1280x720")
    if sys.platform in ("win32", "darwin"):
        raise CaptureError("the latency bench draws its window through X11 and runs on Linux only")
    from wowbot.core.x11 import open_display

    open_display().close()
    command = [sys.executable, "-m", "wowbot.cli.bench.flip_window", width, height, str(args.animate), str(args.seed)]
    rows = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        try:
            handle = int(_answer(window)["handle"])
            for name in args.only or VARIANTS:
                rows.append({"variant": name, **measure(make_loop(name, handle), window, args.flips)})
                if not args.json:
                    print(line(rows[-1], rows[0]), flush=True)
        finally:
            window.kill()
    if args.json:
        print(json.dumps({"flips": args.flips, "size": args.size, "animate_fps": args.animate, "rows": rows}))
    return 0


def make_loop(name: str, handle: int) -> Any:
    """The loop of a variant."""
    from wowbot.capture.windows import find_window, window_system
    from wowbot.cli.bench.latency_loops import Beginner, WholeAgent, beginners_pyautogui

    beginners_pyautogui()  # before anything else imports pyautogui, or its screenshot() will not work
    if name.startswith("ours"):
        eager = name.endswith("eager")
        return WholeAgent(handle, EAGER_HZ if eager else 60.0, eager)
    system = window_system()
    place = find_window(system, hex(handle)).rect
    system.close()
    return Beginner(place, rotation=name.endswith("rotation"))


def measure(loop: Any, window: subprocess.Popen[str], flips: int) -> dict[str, Any]:
    """Run the loop while the window flips; latency, ticks and CPU of this process."""
    stop, result = threading.Event(), {}

    def ask() -> None:
        try:
            _ask(window, WARM_UP_FLIPS)
            start, cpu = time.monotonic(), time.process_time()
            result.update(_ask(window, flips))
            result["seconds"], result["cpu_s"] = time.monotonic() - start, time.process_time() - cpu
        finally:
            stop.set()

    asking = threading.Thread(target=ask, daemon=True)
    threading.Timer(0.3, asking.start).start()
    began = time.monotonic()
    ticks = loop.run(stop)
    ticks_per_s = ticks / (time.monotonic() - began)
    asking.join()
    found = sorted(result["latencies_ms"])
    row = {f"p{p}_ms": _percentile(found, p) for p in (50, 95, 99)}
    row |= {
        "missed": result["missed"],
        "ticks_per_s": ticks_per_s,
        "cpu_pct": 100.0 * result["cpu_s"] / result["seconds"],
    }
    stages = getattr(loop, "stage_ms", [])
    return row | {
        f"{name}_ms": _middle(stages, name) for name in ("perception", "state", "decision", "action") if stages
    }


def line(row: dict[str, Any], first: dict[str, Any]) -> str:
    """One row for people, with the ratio to the first."""
    ratio = f"{first['p50_ms'] / row['p50_ms']:5.1f}x" if row["p50_ms"] else "     -"
    return (
        f"{row['variant']:<20} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f}  p99 {row['p99_ms']:6.1f} ms  {ratio}"
        f"  {row['ticks_per_s']:5.0f} ticks/s  {row['cpu_pct']:3.0f} % of a core  {row['missed']} missed"
        + (f"  (perception {row['perception_ms']:.1f} ms)" if "perception_ms" in row else "")
    )


def _ask(window: subprocess.Popen[str], flips: int) -> dict[str, Any]:
    assert window.stdin is not None
    window.stdin.write(f"go {flips}\n")
    window.stdin.flush()
    return _answer(window)


def _answer(window: subprocess.Popen[str]) -> dict[str, Any]:
    assert window.stdout is not None
    text = window.stdout.readline()
    if not text:
        raise CaptureError("the bench's window ended unexpectedly; run `wowbot doctor`")
    answer: dict[str, Any] = json.loads(text)
    return answer


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("nan")


def _middle(rows: list[dict[str, float]], name: str) -> float:
    return sorted(row[name] for row in rows)[len(rows) // 2]
