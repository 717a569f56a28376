"""The stock HUD of retail 10 and later ("Modern" Edit Mode preset) as data, in UI units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wowbot.hud.classic import popup_buttons
from wowbot.hud.setup import HudSetup
from wowbot.hud.units import Element, Grid

PLAYER_LEFT, TARGET_LEFT, FRAME_TOP = -532.0, 300.0, 350.0
"""Left edges from the centre line and top edge from the bottom of the two 232 x 100 unit frames."""
SLOT, SLOT_PITCH = 45.0, 47.0


def retail_elements(setup: HudSetup) -> Iterator[Element]:
    """Every element of the retail preset. Any frame may have been moved in Edit Mode; sizes are stable."""
    yield from _units()
    yield from _runes()
    yield from _small_units()
    yield from _bars(setup)
    yield from _auras()
    yield from _rest()


def _inside(name: str, reader: str, left: float, box: tuple[float, float, float, float], **options: str) -> Element:
    """An element given by its offset from a unit frame's top-left corner."""
    x, y, w, h = box
    unit = name.split(".")[0]
    return Element(name, reader, "C", left + x + w / 2, "B", FRAME_TOP - y - h, w, h, options, BELONGS.get(unit, unit))


BELONGS = {"targettarget": "target", "pet": "player", "combo_points": "player"}
"""Parts that hang on another frame, and move with it in Edit Mode."""


def _units() -> Iterator[Element]:
    p, t = PLAYER_LEFT, TARGET_LEFT
    yield _inside("player.frame", "unitframe", p, (17, 14, 198, 71), unit="player", style="retail")
    yield _inside("player.health", "bar", p, (85, 41, 124, 18), unit="player", resource="health", style="retail")
    yield _inside("player.power", "bar", p, (85, 61, 124, 9), unit="player", resource="power", style="retail")
    yield _inside("player.name", "text", p, (88, 26, 96, 13), unit="player", field="name")
    yield _inside("player.level", "text", p, (187, 27, 21, 12), unit="player", field="level")
    yield _inside("player.portrait", "", p, (26, 21, 56, 56))
    yield _inside("player.status_icon", "", p, (64, 62, 18, 18))
    yield _inside("target.frame", "unitframe", t, (20, 16, 192, 67), unit="target", style="retail")
    yield _inside("target.health", "bar", t, (23, 41, 126, 18), unit="target", resource="health", style="retail")
    yield _inside("target.power", "bar", t, (23, 61, 134, 9), unit="target", resource="power", style="retail")
    yield _inside("target.strip", "", t, (23, 25, 134, 14))
    yield _inside("target.name", "text", t, (51, 25, 90, 13), unit="target", field="name")
    yield _inside("target.level", "text", t, (24, 26, 22, 12), unit="target", field="level")
    yield _inside("target.portrait", "", t, (150, 21, 54, 54))
    yield _inside("target.cast", "cast", t, (43, 95, 150, 10), unit="target", style="retail")
    yield _inside("combo_points", "combo", p, (102, 75, 88, 14), style="retail")


RUNE, RUNE_PITCH, RUNES_CENTRE = 20.0, 22.5, (143.5, 92.5)
"""Size of a rune's middle, their pitch, and the row's centre from the player frame's corner. Measured on 11.x: pitch 23.1,
centre (143.5, 92.7); RuneFrame.xml of 12.x has 24-unit buttons 1 apart at scale .95: 21.9. What is between fits both."""


def _runes() -> Iterator[Element]:
    width, grid = 5 * RUNE_PITCH + RUNE, Grid(6, 6, RUNE, RUNE, RUNE_PITCH, RUNE_PITCH)
    x, y = RUNES_CENTRE
    bottom = FRAME_TOP - y - RUNE / 2
    yield Element("runes", "runes", "C", PLAYER_LEFT + x, "B", bottom, width, RUNE, {"style": "retail"}, "player", grid)


def combo_points_at() -> list[tuple[float, float]]:
    """Left and top of the five pips, units from the player frame's top-left corner, 14 units each."""
    return [(103.0 + 18.0 * i, 75.0) for i in range(5)]


def _small_units() -> Iterator[Element]:
    t = TARGET_LEFT + 124  # its top right corner is the target frame's bottom right one, moved by (+12, +10)
    y = 90
    tot = {"unit": "targettarget", "style": "retail"}
    yield _inside("targettarget.frame", "unitframe", t, (0, y, 120, 49), **tot)
    yield _inside("targettarget.health", "bar", t, (44, y + 17, 70, 10), **tot, resource="health")
    yield _inside("targettarget.power", "bar", t, (40, y + 28, 74, 7), **tot, resource="power")
    yield _inside("targettarget.name", "text", t, (44, y + 4, 68, 12), unit="targettarget", field="name")
    yield from _pet()
    focus = {"unit": "focus_unit", "style": "retail"}
    # Drawn at 0.75: bottom left corner at C+520, B265, and every inside offset shrinks with it.
    yield Element("focus_unit.frame", "unitframe", "C", 607, "B", 277, 144, 50, focus, "focus_unit")
    health, power = focus | {"resource": "health"}, focus | {"resource": "power"}
    yield Element("focus_unit.health", "bar", "C", 584.5, "B", 295.75, 94.5, 13.5, health, "focus_unit")
    yield Element("focus_unit.power", "bar", "C", 587.5, "B", 287.5, 100.5, 6.75, power, "focus_unit")
    yield from _focus_parts()
    for n in range(1, 5):
        top = 135.0 + 63.0 * (n - 1)
        party = {"unit": f"party{n}", "style": "retail"}
        yield Element(f"party{n}.frame", "unitframe", "L", 22, "T", top, 120, 49, party, "party")
        health, power = party | {"resource": "health"}, party | {"resource": "power"}
        yield Element(f"party{n}.health", "bar", "L", 67, "T", top + 19, 70, 10, health, "party")
        yield Element(f"party{n}.power", "bar", "L", 63, "T", top + 30, 74, 7, power, "party")
        named = {"unit": f"party{n}", "field": "name"}
        yield Element(f"party{n}.name", "text", "L", 68, "T", top + 5, 60, 13, named, "party")


def _pet() -> Iterator[Element]:
    """Under the player's frame, in the middle of the stack there, where no class resource stands above it.

    Source: PetFrame.xml (120 x 49 with 15 to its left, centred as the stack is). A hunter's stands at (94.8, 74.7) on a
    12.x screenshot, and keeps its size under a player's frame of 110 % on another.
    """
    x, y = 94.0, 75.0
    pet, pin = {"unit": "pet", "style": "retail"}, (PLAYER_LEFT + 146.0, FRAME_TOP - y)
    for part in (
        _inside("pet.frame", "unitframe", PLAYER_LEFT, (x, y, 120, 49), **pet),
        _inside("pet.health", "bar", PLAYER_LEFT, (x + 44, y + 17, 70, 10), **pet, resource="health"),
        _inside("pet.power", "bar", PLAYER_LEFT, (x + 40, y + 28, 74, 7), **pet, resource="power"),
        _inside("pet.name", "text", PLAYER_LEFT, (x + 44, y + 4, 68, 12), unit="pet", field="name"),
    ):
        yield replace(part, pin=pin)


def _focus_parts() -> Iterator[Element]:
    """The rest of the focus frame: what the target's has, at 0.75 of its size."""
    parts = (
        ("strip", "", (23, 25, 134, 14)), ("portrait", "", (150, 21, 54, 54)),
        ("name", "text", (51, 25, 90, 13)), ("level", "text", (24, 26, 22, 12)),
    )  # fmt: skip
    for part, reader, (x, y, w, h) in parts:
        options = {"unit": "focus_unit", "field": part} if reader else {}
        left, bottom = 520 + 0.75 * (x + w / 2), 265 + 0.75 * (100 - y - h)
        yield Element(f"focus_unit.{part}", reader, "C", left, "B", bottom, 0.75 * w, 0.75 * h, options, "focus_unit")


def _bars(setup: HudSetup) -> Iterator[Element]:
    width = SLOT + SLOT_PITCH * 11
    row = Grid(12, 12, SLOT, SLOT, SLOT_PITCH, SLOT_PITCH)
    bottom = 45.0
    for bar in ("main", "bottom_left", "bottom_right"):
        if bar == "main" or bar in setup.bars:
            options = {"bar": bar, "style": "retail"}
            yield Element(
                f"actionbar.{bar}", "slots", "C", 0, "B", bottom, width, SLOT, options, f"actionbar.{bar}", row
            )
            bottom += 50.0
    small = Grid(10, 10, 30, 30, 32, 32)
    for bar in ("stance", "pet"):
        if bar in setup.bars:
            options = {"bar": bar, "style": "retail"}
            yield Element(
                f"actionbar.{bar}", "slots", "C", -122, "B", bottom, 318, 30, options, f"actionbar.{bar}", small
            )
            bottom += 35.0
    column = Grid(12, 1, SLOT, SLOT, SLOT_PITCH, SLOT_PITCH)
    for bar, right in (("right", 5), ("left", 55)):
        if bar in setup.bars:
            options = {"bar": bar, "style": "retail"}
            yield Element(
                f"actionbar.{bar}", "slots", "R", right, "M", -77, SLOT, width, options, f"actionbar.{bar}", column
            )
    # The managed stack keeps the cast bar 54 units above the highest bar (measured on 10.x: 244 over two bars and stance).
    yield Element(
        "player.cast", "cast", "C", 0, "B", bottom + 49, 208, 11, {"unit": "player", "style": "retail"}, "player.cast"
    )
    yield Element("xp", "bar", "C", 0, "B", 4, 565, 9, {"unit": "player", "resource": "xp", "style": "retail"}, "xp")


def _auras() -> Iterator[Element]:
    # Measured on 11.1: the collapse arrow ends at R255, the frame's edge in the XML, and the icons begin 10 beside it.
    options = {"row": "player", "grow": "left", "style": "retail", "durations": True}
    buffs = Grid(22, 11, 30, 30, 35, 45, "left")
    yield Element("player.auras", "auras", "R", 265, "T", 13, 380, 85, options, "player.auras", buffs)
    debuffs = Grid(16, 8, 30, 30, 35, 45, "left")
    options = options | {"row": "player_debuff"}
    yield Element("player.debuffs", "auras", "R", 265, "T", 158, 275, 85, options, "player.debuffs", debuffs)
    options = {"row": "target", "grow": "right", "style": "retail", "durations": False}
    grid = Grid(24, 6, 21, 21, 24, 24)
    yield Element(
        "target.auras", "auras", "C", TARGET_LEFT + 25 + 72, "B", 275.5 - 93, 144, 93, options, "target", grid
    )


def _rest() -> Iterator[Element]:
    yield Element("minimap", "minimap", "R", 19, "T", 44, 198, 198, {}, "minimap")
    yield Element("minimap.zone", "text", "R", 61, "T", 6, 135, 13, {"field": "zone"}, "minimap")
    yield Element("popup", "popup", "C", 0, "T", 135, 320, 75, {"style": "retail"}, "popup")
    yield from popup_buttons(173, 21)
    yield Element("errors", "errors", "C", 0, "T", 122, 512, 60, {}, "errors")
    rows = Grid(4, 1, 37, 37, 46, 46)
    yield Element(
        "loot", "loot", "L", 16, "T", 116, 220, 220, {"style": "retail", "rows_at": [10.0, 30.0]}, "loot", rows
    )
    yield Element("chat", "chat", "L", 35, "B", 50, 430, 170, {}, "chat")
    yield Element("chat.edit", "chat", "L", 40, "B", 22, 420, 20, {}, "chat")
