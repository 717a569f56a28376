"""A short fight of the training ground with every part of the HUD in use, and what a perfect reader would say of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from tests.perception.drawn import unit
from wowbot.core.bindings import Bindings, Spell
from wowbot.core.layout import Era
from wowbot.core.reading import Value
from wowbot.perception.icons import IconLibrary
from wowbot.sim.icons import icon
from wowbot.sim.view import AuraView, BodyView, CameraView, CastView, SlotView, UnitView, WorldView

TIMES_S = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 2.5, 6.0)
"""Frames: cooldowns start between the third and the fifth; the last two are judged."""
JUDGED = 6
BARS = ("main", "bottom_left")
SPELLS, AURAS = [f"spell_{n}" for n in range(40)], [f"aura_{n}" for n in range(40)]
SCHOOLS = ("none", "magic", "curse", "disease", "poison")
LIBRARY = IconLibrary.from_images({name: icon(name, 64) for name in (*SPELLS, *AURAS)})


class Fight:
    """What is on the screen at any time of it; all of it follows from `rng`."""

    def __init__(self, rng: random.Random, era: Era) -> None:
        self.era = era
        spells, auras = rng.sample(SPELLS, len(SPELLS)), iter(rng.sample(AURAS, len(AURAS)))
        self.slots = {bar: tuple(self._slot(rng, spells.pop()) for _ in range(12)) for bar in BARS}
        self.starts = {slot.token: rng.uniform(0.2, 0.4) for row in self.slots.values() for slot in row}
        power = rng.choice(["mana", "rage", "energy"])
        player = unit(rng, power, kind="mage", in_combat=rng.random() < 0.5)
        buffs, debuffs = (
            self._auras(rng, auras, rng.randint(*n), harmful) for n, harmful in (((1, 5), False), ((0, 2), True))
        )
        player = replace(player, buffs=buffs, debuffs=debuffs, cast=self._cast(rng))
        target = unit(rng, rng.choice(["", "mana"]), reaction=2, classification=rng.choice(["normal", "elite"]))
        buffs, debuffs = (
            self._auras(rng, auras, rng.randint(0, 3), False),
            self._auras(rng, auras, rng.randint(1, 6), True),
        )
        # In those clients the bar of the target's cast covers its second row of auras, or there is none.
        cast = self._cast(rng) if era not in ("vanilla", "tbc") and rng.random() < 0.5 else None
        target = replace(target, buffs=buffs, debuffs=debuffs, cast=cast)
        bodies = self._body(rng, -0.24, True), self._body(rng, 0.22, False)
        self.view = WorldView(
            1.0, player, CameraView(rng.uniform(-200, 200), rng.uniform(-200, 200), rng.uniform(0, 6.28)), target=target,
            targettarget=unit(rng, "mana") if rng.random() < 0.3 else None, bodies=bodies, time_of_day_h=rng.uniform(6, 20),
            party=tuple(unit(rng, "mana") for _ in range(rng.randint(0, 2))),
        )  # fmt: skip

    @property
    def bindings(self) -> Bindings:
        """Every slot with a cooldown as a spell of that length."""
        found = {
            slot.token: Spell(slot.token, slot=f"{bar}.{n}", cooldown_s=slot.cooldown_total_s, gcd_s=0.0)
            for bar, row in self.slots.items()
            for n, slot in enumerate(row, 1)
            if slot.cooldown_total_s
        }
        return Bindings(found)

    def at(self, t_s: float) -> WorldView:
        """The view `t_s` seconds after the first frame."""
        view = self.view
        assert view.target is not None
        slots = {bar: tuple(self._now(slot, t_s) for slot in row) for bar, row in self.slots.items()}
        player, target = self._passed(view.player, t_s), self._passed(view.target, t_s)
        camera = replace(view.camera, x=view.camera.x + 7 * t_s)
        return replace(view, t_s=1.0 + t_s, slots=slots, player=player, target=target, camera=camera)

    def remains(self, t_s: float) -> dict[str, float]:
        """Seconds left of every running cooldown."""
        return {
            slot.token: self.starts[slot.token] + slot.cooldown_total_s - t_s
            for row in self.slots.values()
            for slot in row
            if slot.cooldown_total_s
        }

    def _slot(self, rng: random.Random, token: str) -> SlotView:
        slot = SlotView(token, hotkey=rng.choice(["1", "Q", "s-3", "F5", ""]), count=rng.choice([None, None, 1, 3, 17]))
        kind = rng.random()
        if kind < 0.5:
            return replace(slot, cooldown_total_s=rng.uniform(8.0, 30.0))
        facts = rng.choice([{"usable": False}, {"no_power": True}, {"in_range": False}, {"token": ""}, {}])
        return SlotView("") if facts == {"token": ""} else replace(slot, **facts)  # type: ignore[arg-type]

    def _now(self, slot: SlotView, t_s: float) -> SlotView:
        passed = t_s - self.starts.get(slot.token, 0.0)
        if passed < 0.0:
            return replace(slot, usable=True, no_power=False, in_range=None)
        if not slot.cooldown_total_s:
            return slot
        left = slot.cooldown_total_s - passed
        return replace(slot, cooldown_s=left, cooldown_pct=100.0 * left / slot.cooldown_total_s)

    def _auras(self, rng: random.Random, names: Iterator[str], count: int, harmful: bool) -> tuple[AuraView, ...]:
        return tuple(
            AuraView(
                next(names), rng.choice([1, 1, 2, 3, 5, 9, 12]), length := rng.uniform(12.0, 40.0), length, harmful,
                rng.choice(SCHOOLS) if harmful else "none", rng.random() < 0.5,  # type: ignore[arg-type]
            )
            for _ in range(count)
        )  # fmt: skip

    def _passed(self, one: UnitView, t_s: float) -> UnitView:
        """A unit's auras t_s later; own ones last longer, since a client blinks those that end soon."""
        longer = 100.0 if one is self.view.player else 0.0
        buffs, debuffs = (
            tuple(replace(a, remains_s=a.remains_s + longer - t_s, duration_s=a.duration_s + longer) for a in row)
            for row in (one.buffs, one.debuffs)
        )
        return replace(one, buffs=buffs, debuffs=debuffs)

    def _cast(self, rng: random.Random) -> CastView:
        return CastView("spell_0", "Frostbolt", rng.uniform(5.0, 95.0), rng.choice(["casting", "channel"]))  # type: ignore[arg-type]

    def _body(self, rng: random.Random, x: float, selected: bool) -> BodyView:
        return BodyView(
            x, 0.62, rng.uniform(0.34, 0.46), 0.2, 20.0, "Wolf", "wolf", rng.randint(5, 60), rng.uniform(5.0, 100.0),
            rng.choice([2, 4]), selected=selected,
        )  # fmt: skip


def slot_terms(view: WorldView) -> dict[str, Value]:
    """term -> value of every action slot."""
    found: dict[str, Value] = {}
    for bar, row in view.slots.items():
        for n, slot in enumerate(row, 1):
            term = f"slot.{bar}.{n}."
            found[term + "empty"] = float(not slot.token)
            if not slot.token:
                continue
            found |= {
                term + "icon": slot.token,
                term + "sweep_pct": slot.cooldown_pct,
                term + "usable": float(slot.usable),
                term + "no_power": float(slot.no_power),
            }
            # Out of range, a red dot stands where a button has no key.
            found[term + "in_range"] = float(slot.in_range is not False)
            if slot.count is not None:
                found[term + "charges"] = float(slot.count)
    return found


def aura_terms(view: WorldView, era: Era) -> dict[str, Value]:
    """term -> value of every aura; what is not listed must not be seen."""
    target = view.target
    assert target is not None
    rows = {"player": view.player.buffs, "player_debuff": view.player.debuffs, "target": target.debuffs + target.buffs}
    found: dict[str, Value] = {}
    for name, row in rows.items():
        found[f"aura.{name}.count"] = float(len(row))
        for n, aura in enumerate(row, 1):
            term = f"aura.{name}.{n}."
            found |= {
                term + "icon": aura.token,
                term + "stacks": float(aura.stacks),
                term + "harmful": float(aura.harmful),
                term + "school": aura.school if aura.harmful else "none",
            }
            if name == "target" and era != "vanilla":
                found[term + "sweep_pct"] = 100.0 * aura.remains_s / aura.duration_s
    return found
