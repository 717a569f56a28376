"""What follows from damage done: talents that heal, restore mana or open another ability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.sim import auras

if TYPE_CHECKING:
    from wowbot.sim.world import World

SHADOW = frozenset({"shadow_word_pain", "vampiric_touch", "devouring_plague", "mind_flay", "mind_blast",
                    "shadow_word_death"})  # fmt: skip
EMBRACE, PLAGUE = 0.20, 0.15
"""Healing as a share of damage: Vampiric Embrace 15286 with its improvement, Devouring Plague 48300."""
REPLENISH = 0.01
"""Replenishment 57669 by Vampiric Touch: 1 % of all mana in 5 s; given at once on each Mind Blast."""
TASTE_EVERY_S = 6.0
"""Taste for Blood 56638: Rend's ticks open Overpower, not more often than each 6 s."""


def on_damage(world: World, amount: float, cause: str) -> None:
    """Called for every hit and tick an enemy takes."""
    known, player = world.player.facts.procs, world.player
    if not known:
        return
    if cause in SHADOW and "vampiric_embrace" in known:
        healing = EMBRACE if player.has("vampiric_embrace") else 0.0
        healing += PLAGUE if cause == "devouring_plague" else 0.0
        if healing:
            world.damage.heal(player, amount * healing)
        if cause == "mind_blast" and player.level >= 50:
            world.damage.gain(REPLENISH * player.power_max)
        if player.level >= 40 and cause in ("mind_blast", "mind_flay", "shadow_word_death"):
            auras.apply(world, player, world.auras["shadow_weaving"])
    elif cause == "rend" and "taste_for_blood" in known and player.level >= 30:
        taste = player.auras.get("taste_for_blood")
        if taste is None and world.now - world.tasted_at >= TASTE_EVERY_S - 1e-6:
            world.tasted_at = world.now
            auras.apply(world, player, world.auras["taste_for_blood"])
