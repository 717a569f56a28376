"""Powers in points, their deficits and times, from what the bars show.

Rage, energy, focus and runic power are full at 100 (SimulationCraft resources; `statics` may say otherwise with
`rage.max = 130`). Mana has no fixed size: points are known only where a number is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wowbot.core.bindings import Bindings
from wowbot.core.terms import POWERS
from wowbot.state.inputs import Inputs, Wanted

FULL = {"rage": 100.0, "energy": 100.0, "focus": 100.0, "runic_power": 100.0}
REGEN = {"energy": 10.0, "focus": 5.0}
"""Points a second without haste, WotLK."""
LEAVES = ("pct", "percent", "max", "deficit", "regen", "time_to_max", "deficit.pct", "")


class Powers:
    """Writes `R`, `R.max`, `R.deficit`, `R.pct`, `R.time_to_max` for every power and for combo points."""

    def __init__(self, bindings: Bindings, wanted: Wanted) -> None:
        self._statics = bindings.statics
        self._wanted = {r: tuple(x for x in LEAVES if (f"{r}.{x}" if x else r) in wanted) for r in (*POWERS, "health")}
        self._combo = tuple(x for x in ("deficit", "max") if f"combo_points.{x}" in wanted)

    def update(self, inputs: Inputs) -> None:
        for power, leaves in self._wanted.items():
            if leaves:
                self._write(power, leaves, inputs)
        for leaf in self._combo:
            points = inputs.known("combo_points")
            value = 5.0 if leaf == "max" else (None if points is None else 5.0 - points)
            inputs.put(f"combo_points.{leaf}", value, "combo points were not seen")

    def _write(self, power: str, leaves: tuple[str, ...], inputs: Inputs) -> None:
        pct = inputs.known(f"{power}.pct")
        full = self._statics.get(f"{power}.max", FULL.get(power)) or inputs.number(f"{power}.max")
        points = inputs.number(power)
        if points is None and pct is not None and full is not None:
            points = pct / 100.0 * full
        why = inputs.details[f"{power}.pct"].why if f"{power}.pct" in inputs.details else "no number is shown"
        deficit = None if full is None or points is None else full - points
        regen = self._statics.get(f"{power}.regen", REGEN.get(power))
        values: dict[str, float | None] = {
            "": points, "max": full, "pct": pct, "percent": pct, "deficit": deficit, "regen": regen,
            "deficit.pct": None if pct is None else 100.0 - pct,
            "time_to_max": None if deficit is None or not regen else deficit / regen,
        }  # fmt: skip
        for leaf in leaves:
            name = f"{power}.{leaf}" if leaf else power
            if leaf != "pct" or name not in inputs.values:
                inputs.put(name, values[leaf], why if values[leaf] is None else "")

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, data: Mapping[str, Any]) -> None:
        """Nothing is remembered."""
