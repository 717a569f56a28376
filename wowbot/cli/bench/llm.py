"""What a slow model costs the loop: a fight at real speed with a model of each latency, against the same fight without one.

The model is a stand-in server on this machine that speaks the OpenAI or the DashScope format; it is asked through the real
back-end in its child process, by a consult line that holds all through the fight. The median of the repeats counts.

examples:
  wowbot bench llm
  wowbot bench llm --backend dashscope --latency 0.2 3 --seconds 40 --repeat 3 --json
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from wowbot.core.tick import Tick
    from wowbot.decision.profile import Profile

CONSULT = "actions+=/consult,topic=bench,if=in_combat"
FORMATS = {"openai-compatible": "/v1", "dashscope": "/api/v1"}


class Run(NamedTuple):
    """One fight: tick times in ms, damage a second, answers that were judged."""

    p50_ms: float
    p95_ms: float
    dps: float
    answers: int


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", default="mage", metavar="NAME", help="default: mage")
    parser.add_argument("--scenario", default="long_mana_fight", metavar="NAME", help="default: long_mana_fight")
    parser.add_argument(
        "--backend", default="openai-compatible", choices=list(FORMATS), help="default: openai-compatible"
    )
    parser.add_argument(
        "--latency", type=float, nargs="+", default=[0.2, 1.0, 3.0, 30.0], metavar="S", help="of the model"
    )
    parser.add_argument("--seconds", type=float, default=45.0, metavar="N", help="of each fight (default: 45)")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--hz", type=float, default=60.0, metavar="N", help="ticks a second (default: 60)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(args: argparse.Namespace) -> int:
    from wowbot.decision.profile import load_profile

    profile = load_profile(args.profile)
    runs: dict[float, list[Run]] = {latency: [] for latency in (0.0, *args.latency)}
    with standing_in(args.backend) as server:
        for _ in range(args.repeat):
            for latency in runs:
                server.latency_s = latency
                runs[latency].append(fight(asking(profile, args.backend, server.url, latency), args))
    rows = {latency: Run(*(statistics.median(values) for values in zip(*found))) for latency, found in runs.items()}
    base = rows.pop(0.0)
    report = {
        "backend": args.backend, "seconds": args.seconds, "repeat": args.repeat, "without": base._asdict(),
        "with": {f"{latency:g}": row._asdict() | ratios(row, base) for latency, row in rows.items()},
    }  # fmt: skip
    if args.json:
        print(json.dumps(report))
        return 0
    print(f"without a model: tick p50 {base.p50_ms:.3f} ms, p95 {base.p95_ms:.3f} ms, {base.dps:.0f} damage/s")
    for latency, row in rows.items():
        told = ratios(row, base)
        print(
            f"  {latency:5g} s: tick p50 {row.p50_ms:.3f} ms, p95 {row.p95_ms:.3f} ms ({told['p95_ms_more']:+.3f}), "
            f"damage/s {100 * (told['dps_ratio'] - 1):+.2f} %, {row.answers:.0f} answers judged"
        )
    return 0


def ratios(row: Run, base: Run) -> dict[str, float]:
    """Against the run without a model."""
    return {"p95_ms_more": row.p95_ms - base.p95_ms, "dps_ratio": row.dps / base.dps if base.dps else 1.0}


def asking(profile: Profile, backend: str, url: str, latency_s: float) -> Profile:
    """The profile with a consult line that always holds in a fight, and this back-end; without one for latency 0."""
    from wowbot.decision.profile import ModelFacts, make_profile

    lines = profile.rules_text.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("actions+=")), len(lines))
    text = "\n".join([*lines[:at], CONSULT, *lines[at:]]) + "\n"
    model = ModelFacts(
        backend=backend if latency_s else "",  # type: ignore[arg-type]
        model="stand-in", base_url=url, timeout_s=latency_s + 2.0, requests_per_minute=60,
    )  # fmt: skip
    return make_profile(profile.path, replace(profile.facts, llm=model), profile.rules_path, text)


def fight(profile: Profile, args: argparse.Namespace) -> Run:
    """Play it at real speed."""
    from wowbot.build import RunOptions
    from wowbot.build.sim import sim_rig
    from wowbot.control import Control

    options = RunOptions(args.profile, "sim", hz=args.hz, scenario=args.scenario, truth=True, paced=True)
    rig = sim_rig(profile, options, "for the bench")
    times: list[float] = []
    answers = 0

    def on_tick(tick: Tick) -> None:
        nonlocal answers
        times.append(sum(ms for stage, ms in tick.stage_ms.items() if stage != "capture"))
        answers += sum(e.kind == "llm" and e.payload.get("phase") == "verdict" for e in tick.events)

    Control(rig, seconds=args.seconds, speed=1.0).run(on_tick)
    times.sort()
    share = [times[min(len(times) - 1, int(len(times) * p))] for p in (0.5, 0.95)]
    return Run(share[0], share[1], float(rig.report.as_dict()["dps"] or 0.0), answers)


class StandIn:
    """The server's address, and how long it takes to answer."""

    def __init__(self, url: str) -> None:
        self.url, self.latency_s = url, 0.0
        self.over = threading.Event()


@contextmanager
def standing_in(backend: str) -> Iterator[StandIn]:
    """A model on this machine that always says `wait`."""
    call = {"id": "1", "index": 0, "type": "function", "function": {"name": "wait", "arguments": '{"seconds": 0.5}'}}
    choices = [{"index": 0, "message": {"role": "assistant", "content": "", "tool_calls": [call]}}]
    usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
    body: dict[str, Any] = {"choices": choices, "usage": {"prompt_tokens": 9, "completion_tokens": 3}}
    if backend == "dashscope":
        body = {"request_id": "1", "output": {"choices": choices}, "usage": usage}
        os.environ.setdefault("DASHSCOPE_API_KEY", "stand-in")
    data = json.dumps(body).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            server.over.wait(server.latency_s)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = StandIn("")
    with loopback(Handler, server.over) as port:
        server.url = f"http://127.0.0.1:{port}{FORMATS[backend]}"
        yield server


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler], over: threading.Event) -> Iterator[int]:
    """An HTTP server on this machine's loopback; yields its port.

    Args:
        over: set at the end, so that a handler that waits for it lets go.
    """
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    httpd.daemon_threads, httpd.block_on_close = True, False
    httpd.handle_error = lambda *_args: None  # type: ignore[method-assign]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield httpd.server_port
    finally:
        over.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()
