"""How many seconds of play the training ground gives for one second of waiting, with truth perception and no pixels.

The baseline is the game itself: one second for one second. World, perception, state, rules and keys all run; the times of
each stage are medians over the ticks.

examples:
  wowbot bench sim
  wowbot bench sim --profile warrior --scenario pack --hz 20 --seconds 600 --json
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from wowbot.core.tick import STAGES, Tick


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", default="mage", metavar="NAME", help="default: mage")
    parser.add_argument("--scenario", default="grind", metavar="NAME", help="default: grind")
    parser.add_argument("--seconds", type=float, default=600.0, metavar="N", help="game time (default: 600)")
    parser.add_argument("--hz", type=float, default=20.0, metavar="N", help="ticks a second of game time (default: 20)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(args: argparse.Namespace) -> int:
    found = measure(args)
    if args.json:
        print(json.dumps(found))
        return 0
    print(
        f"{found['game_s']:.0f} s of {args.scenario} as {args.profile} at {args.hz:g} Hz took {found['real_s']:.2f} s"
    )
    print(
        f"{found['ratio']:.0f} times real time (baseline: the game, 1); processor time alone: {found['cpu_ratio']:.0f}"
    )
    print("median per tick: " + ", ".join(f"{stage} {us:.0f} us" for stage, us in found["stage_us"].items()))
    return 0


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Play once and time it; the first tick (imports, compiling the list) is not counted."""
    from wowbot.build import RunOptions, build_rig

    options = RunOptions(
        profile=args.profile, world="sim", scenario=args.scenario, seed=args.seed, hz=args.hz, seconds=args.seconds,
        truth=True,
    )  # fmt: skip
    rig = build_rig(options)
    rig.open()
    times: dict[str, list[float]] = {stage: [] for stage in STAGES}
    try:
        first = rig.agent.tick()
        real, cpu = time.perf_counter(), time.process_time()
        last: Tick | None = first
        while (tick := rig.agent.tick()) is not None and not tick.verdict.stop:
            last = tick
            for stage in STAGES:
                times[stage].append(tick.stage_ms[stage])
        real, cpu = time.perf_counter() - real, time.process_time() - cpu
    finally:
        rig.close()
    game = 0.0 if first is None or last is None else (last.frame.t_ns - first.frame.t_ns) / 1e9
    return {
        "game_s": game,
        "real_s": real,
        "ratio": game / real,
        "cpu_ratio": game / max(cpu, 1e-9),
        "ticks": len(times["state"]),
        "stage_us": {stage: 1000.0 * sorted(values)[len(values) // 2] for stage, values in times.items() if values},
    }
