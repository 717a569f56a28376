"""Views to draw in the renderer's tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wowbot.sim.view import AuraView, BodyView, CameraView, CastView, SlotView, UnitView, WorldView

MAGE = UnitView("Tester", "mage", 80, 7500.0, 10000.0, "mana", 2500.0, 10000.0)
WOLF = UnitView("Timber Wolf", "wolf", 80, 4000.0, 10000.0, "mana", 6000.0, 10000.0, reaction=2)


def view(**changes: Any) -> WorldView:
    """A quiet view: a mage, a wolf as target, twelve buttons."""
    buttons = tuple(SlotView(f"spell {n}", hotkey=str(n)) for n in range(1, 13))
    base = WorldView(
        10.0, MAGE, CameraView(5.0, 7.0, 0.4), target=WOLF, slots={"main": buttons}, zone="Test Fields", xp_pct=30.0
    )
    return replace(base, **changes)


def with_slot(number: int, slot: SlotView) -> WorldView:
    """The quiet view with one button of the main bar changed."""
    buttons = list(view().slots["main"])
    buttons[number - 1] = slot
    return view(slots={"main": tuple(buttons)})


def busy_view(t_s: float = 10.0) -> WorldView:
    """Everything at once: for determinism and for speed."""
    cast = CastView("frostbolt", "Frostbolt", 40.0)
    auras = tuple(AuraView(f"aura {n}", n, 20.0 + n, 40.0, n % 2 == 0, "magic") for n in range(1, 7))
    player = replace(MAGE, cast=cast, buffs=auras, debuffs=auras[:2], in_combat=True)
    target = replace(WOLF, cast=replace(cast, interruptible=False), debuffs=auras, buffs=auras[:1])
    bodies = (BodyView(0.2, 0.55, 0.45, 0.12, 20.0, "Timber Wolf", "wolf", 80, 40.0, selected=True),)
    main = tuple(SlotView(f"spell {n}", cooldown_pct=8.0 * n, glow=n == 3, count=n, hotkey=str(n)) for n in range(12))
    return view(
        t_s=t_s, player=player, target=target, targettarget=MAGE, bodies=bodies, slots={"main": main}, combat_flash=0.5,
        combo_points=3, error_text="Out of range.", camera=CameraView(5.0 + t_s, 7.0, 0.4),
    )  # fmt: skip
