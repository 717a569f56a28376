"""Regeneration, death and what follows it, loot, dialog boxes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wowbot.sim import auras
from wowbot.sim.facts import growth
from wowbot.sim.units import Creature
from wowbot.sim.view import LootItemView, PopupView

if TYPE_CHECKING:
    from wowbot.sim.world import World

FIVE_SECONDS_S = 5.0
"""Mana does not come from spirit so long after mana was spent (warcraft.wiki.gg/wiki/Five_second_rule)."""
HEALTH_REGEN = 0.008
"""Share of full health a second outside combat."""
RAGE_DECAY, ENERGY_REGEN = 1.0, 10.0
"""Points a second: rage falls outside combat, energy comes always."""
RECLAIM_YD = 39.0
"""A ghost so near to its corpse may come back to life."""
LOOT_S = 0.7
"""Auto loot empties the window in about this time."""
ITEMS: dict[str, tuple[str, int]] = {
    "copper_coins": ("Coins", 1),
    "wolf_pelt": ("Ragged Wolf Pelt", 0),
    "cloth": ("Frostweave Cloth", 1),
    "drink": ("Honeymint Tea", 1),
    "eat": ("Salted Venison", 1),
    "bandage": ("Heavy Frostweave Bandage", 1),
    "healing_potion": ("Runic Healing Potion", 1),
    "mana_potion": ("Runic Mana Potion", 1),
    "mana_gem": ("Mana Sapphire", 1),
}
FINDS = (
    ("drink", 0.6),
    ("eat", 0.5),
    ("bandage", 0.15),
    ("healing_potion", 0.1),
    ("mana_potion", 0.1),
    ("mana_gem", 0.1),
)
"""What a corpse holds besides, with its chance; keeps an endless grind supplied."""


def regenerate(world: World, dt: float) -> None:
    """Health and power that come by themselves."""
    player = world.player
    if player.dead or player.ghost:
        return
    if not player.in_combat and player.health < player.health_max:
        player.health = min(player.health_max, player.health + HEALTH_REGEN * player.health_max * dt)
    if player.power_type == "mana":
        if player.power < player.power_max:
            free = world.now - player.last_spent >= FIVE_SECONDS_S
            share = 1.0 if free else player.modifier("regen_in_combat_pct") / 100.0
            gain = player.facts.spirit_regen * player.power_max / player.facts.power_max * share * dt
            player.power = min(player.power_max, player.power + gain)
    elif player.power_type == "rage":
        if not player.in_combat and player.power > 0:
            player.power = max(0.0, player.power - RAGE_DECAY * dt)
    elif player.power_type == "energy":
        player.power = min(player.power_max, player.power + ENERGY_REGEN * dt)


def die(world: World) -> None:
    """Health is gone: everything ends, the release box comes up."""
    player = world.player
    player.health, player.dead = 0.0, True
    player.attacking, player.path, player.next_swing, player.in_combat = False, None, None, False
    world.casting.stop(player, "failed")
    auras.clear(player)
    close_loot(world)
    world.stats.deaths += 1
    world.popup = PopupView("release", "You have died. Release to the nearest graveyard?", ("Release Spirit",))
    world.chat("You have died.", "combat")
    world.director.player_died()


def offer_resurrection(world: World) -> None:
    """A passing healer offers to bring the player back."""
    if world.player.dead or world.player.ghost:
        world.popup = PopupView("resurrect", "Mirelle wants to resurrect you.", ("Accept", "Decline"))


def release(world: World) -> None:
    """To the graveyard as a ghost, facing the corpse."""
    player = world.player
    player.corpse = (player.x, player.y)
    player.dead, player.ghost = False, True
    player.health = 1.0
    player.x += world.graveyard[0]
    player.y += world.graveyard[1]
    player.facing = math.atan2(player.corpse[1] - player.y, player.corpse[0] - player.x)
    player.target = None
    world.popup = None


def revive(world: World, share: float) -> None:
    """Back to life with a share of health and mana."""
    player = world.player
    player.dead, player.ghost, player.corpse = False, False, None
    player.health = round(share * player.health_max)
    player.power = 0.0 if player.power_type == "rage" else share * player.power_max
    player.swing_at = math.inf
    world.popup = None
    world.director.player_revived()


def step_ghost(world: World) -> None:
    """The corpse box comes and goes with the distance."""
    player = world.player
    if player.corpse is None or (world.popup is not None and world.popup.kind == "resurrect"):
        return
    near = math.hypot(player.x - player.corpse[0], player.y - player.corpse[1]) <= RECLAIM_YD
    if near and world.popup is None:
        world.popup = PopupView("corpse", "Resurrect now?", ("Accept",))
    elif not near and world.popup is not None and world.popup.kind == "corpse":
        world.popup = None


def press_popup(world: World, button: int) -> None:
    """Click button 1 or 2 of the dialog box in front."""
    popup = world.popup
    if popup is None or button > len(popup.buttons):
        return
    if popup.kind == "release":
        release(world)
    elif popup.kind == "corpse":
        revive(world, 0.5)
    elif popup.kind == "resurrect":
        if button == 1:
            revive(world, 0.35)
        else:
            world.popup = None
    else:
        world.director.answered(button)


def open_loot(world: World, corpse: Creature) -> None:
    """Show what the corpse holds; auto loot takes it a moment later."""
    tokens = [*corpse.facts.loot, *(token for token, chance in FINDS if world.rng.random() < chance)]
    world.loot = tuple(LootItemView(t, *_item(world, t)) for t in tokens)
    world.looting = corpse
    world.loot_until = world.now + LOOT_S


def _item(world: World, token: str) -> tuple[str, int, int]:
    name, quality = ITEMS[token]
    if token == "copper_coins":
        return f"{max(1, round(2000 * growth(world.player.level)))} Copper", 1, 1
    return name, 1, quality


def take_loot(world: World) -> None:
    """Everything into the bags, the window closes, the corpse is empty."""
    for item in world.loot or ():
        held = world.player.bags.get(item.token, 0)
        world.player.bags[item.token] = min(200, held + item.count)
    world.used_items += 1
    if world.looting is not None:
        world.looting.lootable = False
        world.looting.corpse_until = min(world.looting.corpse_until, world.now + 10.0)
    close_loot(world)


def close_loot(world: World) -> None:
    world.loot, world.looting = None, None
