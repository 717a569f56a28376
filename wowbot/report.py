"""What a run came to: counts, causes and times, in constant memory however long it runs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wowbot.core.tick import Tick

STEP = math.log(1.02)
"""Histogram buckets are 2 % wide, so a percentile is right to 1 %."""
LIVE_KILL_S = 30.0


class Histogram:
    """Counts of positive values in buckets of equal ratio."""

    def __init__(self) -> None:
        self._buckets: Counter[int] = Counter()
        self.count = 0

    def add(self, value: float) -> None:
        self.count += 1
        self._buckets[round(math.log(max(value, 1e-4)) / STEP)] += 1

    def percentile(self, share: float) -> float | None:
        """The value below which `share` (0..1) of all lie; None when there are none."""
        left = share * self.count
        for bucket in sorted(self._buckets):
            left -= self._buckets[bucket]
            if left <= 0:
                return math.exp(bucket * STEP)
        return None

    def summary(self) -> dict[str, float | None]:
        values = {f"p{p}": self.percentile(p / 100) for p in (50, 95, 99)}
        return {name: None if v is None else round(v, 3) for name, v in values.items()}


@dataclass(slots=True)
class RunReport:
    """A Tap that adds up the run.

    Args:
        stats: the world's own account (kills, deaths, damage_done) where it keeps one; None in a live window, where
            kills are counted from targets seen dying and damage is unknown.
        dry_run: keys were not really pressed.
        veto_reasons: the last full reason of each cause in `vetoes`.
    """

    stats: Callable[[], Mapping[str, float]] | None = None
    dry_run: bool = False
    ticks: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    abilities: Counter[str] = field(default_factory=Counter)
    vetoes: Counter[str] = field(default_factory=Counter)
    veto_reasons: dict[str, str] = field(default_factory=dict)
    keys: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    tick_ms: Histogram = field(default_factory=Histogram)
    reaction_ms: Histogram = field(default_factory=Histogram)
    stop: str = ""
    _first_ns: int = -1
    _last_ns: int = -1
    _wanted: dict[str, int] = field(default_factory=dict)
    _seen_alive: bool = False
    _kills: int = 0
    _was_dead: bool = False
    _deaths: int = 0

    def on_tick(self, tick: Tick) -> None:
        self.ticks += 1
        self._last_ns = tick.frame.t_ns
        if self._first_ns < 0:
            self._first_ns = tick.frame.t_ns
        decision = tick.decision
        name = f"{decision.source}:{decision.rule}" if decision.rule else decision.source
        self.decisions[name] += 1
        for veto in tick.verdict.vetoes:
            self.vetoes[veto.cause] += 1
            self.veto_reasons[veto.cause] = veto.detail
        for event in tick.events:
            self.events[event.kind] += 1
        self.tick_ms.add(sum(ms for stage, ms in tick.stage_ms.items() if stage != "capture"))
        self._count_keys(tick)
        self._watch(tick)
        self.stop = tick.verdict.stop or self.stop

    def _count_keys(self, tick: Tick) -> None:
        for key in tick.keys:
            if key.down:
                self.keys[key.key] += 1
                since = self._wanted.pop(key.ability, None)
                if since is not None:
                    self.reaction_ms.add((key.t_ns - since) / 1e6)
        for action in tick.accepted:
            self.abilities[action.ability] += 1
            self._wanted.setdefault(action.ability, tick.frame.t_ns)

    def _watch(self, tick: Tick) -> None:
        """Kills and deaths as the screen shows them, for worlds that keep no account."""
        number = tick.state.number
        dead = number("target.dead")
        if number("target.exists") and dead == 0 and number("in_combat"):
            self._seen_alive = True
        elif dead == 1 and self._seen_alive:
            self._kills, self._seen_alive = self._kills + 1, False
        elif number("target.exists") == 0:
            self._seen_alive = False
        own = number("dead") == 1
        self._deaths += own and not self._was_dead
        self._was_dead = own

    @property
    def seconds(self) -> float:
        """From the first frame to the last, s."""
        return max(0.0, (self._last_ns - self._first_ns) / 1e9) if self._first_ns >= 0 else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The report's JSON."""
        account = self.stats() if self.stats else None
        seconds = self.seconds
        damage = None if account is None else float(account["damage_done"])
        return {
            "seconds": round(seconds, 3),
            "ticks": self.ticks,
            "kills": self._kills if account is None else int(account["kills"]),
            "deaths": self._deaths if account is None else int(account["deaths"]),
            "dps": None if damage is None or seconds <= 0 else round(damage / seconds, 1),
            "decisions": dict(self.decisions.most_common()),
            "abilities": dict(self.abilities.most_common()),
            "keys": dict(self.keys.most_common()),
            "vetoes": dict(self.vetoes.most_common()),
            "veto_reasons": dict(self.veto_reasons),
            "events": dict(self.events.most_common()),
            "tick_ms": self.tick_ms.summary(),
            "reaction_ms": self.reaction_ms.summary(),
            "dry_run": self.dry_run,
            "stop": self.stop,
        }

    def close(self) -> None:
        """Nothing to close."""
