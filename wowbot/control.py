"""Start, stop, pause, status: the one door to a running agent, for the command line, the cockpit and MCP."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wowbot.build import Rig
from wowbot.core.clock import Clock, MonotonicClock
from wowbot.core.tick import Tick

log = logging.getLogger(__name__)
RELOAD_EVERY_NS = 500_000_000


@dataclass(slots=True)
class Control:
    """Drives one rig, tick by tick, on the calling thread; `stop`, `pause` and `status` may be called from any other.

    Args:
        rig: what build put together.
        seconds: frame time after which the run ends; 0 = no limit.
        speed: game seconds per real second in the training ground; 0 = as fast as it goes. Live runs pace themselves.
        wall: the real clock, for pacing.
    """

    rig: Rig
    seconds: float = 0.0
    speed: float = 0.0
    wall: Clock = field(default_factory=MonotonicClock)
    reason: str = ""
    latest: Tick | None = None
    _ended: bool = False
    """A plain flag: a signal handler may set it in the middle of anything, where an Event's lock may be held."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _first_ns: int = -1
    _wall_start_ns: int = 0
    _reload_due_ns: int = 0

    def run(self, on_tick: Callable[[Tick], None] | None = None) -> str:
        """Tick until something ends the run; returns why. The keys are up and all parts closed whatever happens."""
        try:
            self.rig.open()
            while not self._ended:
                tick = self.step()
                if tick is None:
                    break
                if on_tick is not None:
                    on_tick(tick)
        finally:
            self.rig.close()
        return self.reason

    def step(self) -> Tick | None:
        """One tick with its pacing; None when the run is over."""
        self._reload()
        with self._lock:
            tick = self.rig.agent.tick()
        if tick is None:
            self._end("the world has ended")
            return None
        self.latest = tick
        self.rig.take_events(tick)
        if self._first_ns < 0:
            self._first_ns, self._wall_start_ns = tick.frame.t_ns, self.wall.now_ns()
        elapsed_ns = tick.frame.t_ns - self._first_ns
        if tick.verdict.stop:
            self._end(tick.verdict.stop)
        elif self.seconds and elapsed_ns >= self.seconds * 1e9:
            self._end(f"{self.seconds:g} s were played")
        elif self.speed > 0 and self.rig.world == "sim":
            self.wall.sleep_until(self._wall_start_ns + int(elapsed_ns / self.speed))
        return tick

    def _end(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._ended = True

    def _reload(self) -> None:
        """Take over a saved list between two ticks; a broken one is refused and told."""
        now = self.wall.now_ns()
        if now >= self._reload_due_ns:
            self._reload_due_ns = now + RELOAD_EVERY_NS
            self.rig.reload_if_changed()

    def stop(self, reason: str = "asked to stop") -> None:
        """End the run after the present tick; every held key goes up at once."""
        self._end(reason)
        self.rig.agent.sink.release_all()

    def pause(self, paused: bool = True) -> None:
        """Go on seeing and deciding, press nothing."""
        self.rig.pause(paused)

    def exclusive(self) -> threading.Lock:
        """Held while a tick runs: take it to touch parts of the rig from another thread."""
        return self._lock

    def status(self) -> dict[str, Any]:
        """What it is doing, in plain values."""
        tick = self.latest
        decision = None if tick is None else tick.decision
        return {
            "running": not self._ended,
            "paused": self.rig.paused,
            "world": self.rig.world,
            "profile": self.rig.profile.facts.name,
            "reason": self.reason,
            "ticks": 0 if tick is None else tick.frame.index + 1,
            "rule": "" if decision is None else decision.rule,
            "why": "" if decision is None else decision.reason,
        }
