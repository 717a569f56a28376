"""The tracker: one observation in, one game state out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wowbot.core.action import KeyEvent
from wowbot.core.bindings import Bindings
from wowbot.core.event import Event
from wowbot.core.reading import Observation
from wowbot.core.state import GameState
from wowbot.state.auras import Auras
from wowbot.state.casts import Casts
from wowbot.state.cooldowns import Cooldowns
from wowbot.state.estimates import Estimates
from wowbot.state.hold import Holder
from wowbot.state.inputs import Inputs, Part, Wanted
from wowbot.state.powers import Powers
from wowbot.state.runes import Runes


class StateTracker:
    """Implements core Tracker.

    Args:
        bindings: the profile's spells, auras and statics.
        wanted: the terms somebody reads (the list, the stop conditions); None makes all that can be made.
        known_icons: icons that perception can tell; an aura with another one is never known to be down while strange
            icons are up. None = all.
    """

    def __init__(
        self, bindings: Bindings, wanted: Collection[str] | None = None, known_icons: Collection[str] | None = None
    ) -> None:
        terms = Wanted(wanted)
        self._bindings = bindings
        self._statics = dict(bindings.statics)
        self._wanted = terms
        self._parts: dict[str, Part] = {
            "hold": Holder(terms, bindings.power),
            "cooldowns": Cooldowns(bindings, terms),
            "casts": Casts(bindings, terms),
            "auras": Auras(bindings, terms, known_icons),
            "powers": Powers(bindings, terms),
            "runes": Runes(bindings, terms),
            "estimates": Estimates(bindings, terms),
        }
        self._t: float | None = None
        self._target: tuple[Any, ...] = ()

    def update(self, observation: Observation, keys: Sequence[KeyEvent], events: Sequence[Event]) -> GameState:
        """Join one observation; time is the observation's alone."""
        t = observation.t_ns / 1e9
        values = dict(self._statics)
        inputs = Inputs(t, 0.0 if self._t is None else t - self._t, observation.readings, keys, values, {})  # type: ignore[arg-type]
        inputs.new_target = self._target_changed(inputs, keys)
        for part in self._parts.values():
            part.update(inputs)
        self._t = t
        return GameState(observation.index, observation.t_ns, inputs.values, inputs.details)

    def _target_changed(self, inputs: Inputs, keys: Sequence[KeyEvent]) -> bool:
        """A target is new when the frame appears, or when its name changes, or its health leaps with a target key."""
        exists, name = inputs.number("target.exists"), inputs.readings.get("target.name")
        health = inputs.number("target.health.pct")
        old = self._target
        tabbed = any(key.down and key.ability.startswith("target_") for key in keys)
        text = name.value if name is not None and name.value is not None else (old[1] if old and exists else None)
        if exists is None:
            return False
        self._target = (exists, text, health if health is not None else (old[2] if old else None))
        if not old or not exists:
            return bool(old and old[0])
        leap = tabbed and old[2] is not None and health is not None and abs(health - old[2]) > 3.0
        renamed = old[1] is not None and text is not None and text != old[1]
        return not old[0] or leap or renamed

    def want(self, terms: Collection[str]) -> None:
        """Make these terms too from now on; what is remembered stays."""
        if self._wanted.everything or self._wanted.terms.issuperset(terms):
            return
        wider = StateTracker(self._bindings, self._wanted.terms | set(terms))
        wider.restore(self.snapshot())
        self._wanted, self._parts = wider._wanted, wider._parts

    def snapshot(self) -> Mapping[str, Any]:
        """JSON-able; `restore` gives the same states from here on."""
        parts = {name: part.snapshot() for name, part in self._parts.items()}
        return {"parts": parts, "t": self._t, "target": list(self._target)}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        for name, part in self._parts.items():
            if name in snapshot["parts"]:  # one that is newer than the snapshot starts anew
                part.restore(snapshot["parts"][name])
        self._t = snapshot["t"]
        self._target = tuple(snapshot["target"])
