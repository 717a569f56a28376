"""The stock HUD of vanilla, tbc, wotlk and classic_era as data, in UI units.

Visible rows of the big bars: the frame's art covers about 2 units of the health bar's 12 at the top and 1.5 at the bottom.
"""

from __future__ import annotations

from collections.abc import Iterator

from wowbot.core.layout import Era
from wowbot.hud.setup import HudSetup
from wowbot.hud.units import Box, Element, Grid

WIDE_ASPECT = 4 / 3
SLOT, SLOT_PITCH, SMALL_SLOT = 36.0, 42.0, 30.0


def classic_elements(era: Era, setup: HudSetup, wide: bool) -> Iterator[Element]:
    """Every element of a classic client.

    Args:
        wide: aspect above 4:3; 3.3.5 and Classic Era then move the cast bar and the chat 20 units up.
    """
    yield from _player(era)
    yield from _target(era)
    yield from _small_units(era)
    yield from _bars(era, setup)
    yield from _auras(era, setup)
    yield from _cast(era, setup, wide)
    yield from _minimap(era)
    yield from _dialogs(era)
    yield from _chat(era, setup, wide)


def _unit_bars(unit: str, left: float, health_top: float, power_top: float) -> Iterator[Element]:
    for resource, top, rows in (("health", health_top, 8.5), ("power", power_top, 8.0)):
        options = {"unit": unit, "resource": resource, "style": "classic"}
        yield Element(f"{unit}.{resource}", "bar", "L", left, "T", top, 119, rows, options, unit)


def _player(era: Era) -> Iterator[Element]:
    yield Element(
        "player.frame", "unitframe", "L", 22, "T", 14, 188, 66, {"unit": "player", "style": "classic"}, "player"
    )
    yield from _unit_bars("player", 87, 47, 58.5)
    yield Element("player.name", "text", "L", 97, "T", 29, 100, 13, {"unit": "player", "field": "name"}, "player")
    yield Element("player.level", "text", "L", 25, "T", 64, 18, 12, {"unit": "player", "field": "level"}, "player")
    yield Element("player.portrait", "", "L", 26, "T", 19, 58, 58, {}, "player")
    yield Element("player.status_icon", "", "L", 18, "T", 53, 32, 33, {}, "player")
    if era == "wotlk":
        runes = Grid(6, 6, 18, 18, 21, 21)
        yield Element("runes", "runes", "L", 86, "T", 70, 123, 18, {"style": "classic"}, "player", runes)


def _target(era: Era) -> Iterator[Element]:
    yield Element(
        "target.frame", "unitframe", "L", 252, "T", 14, 190, 66, {"unit": "target", "style": "classic"}, "target"
    )
    yield from _unit_bars("target", 257, 47, 58.5)
    yield Element("target.strip", "", "L", 260, "T", 28, 113, 15, {}, "target")
    yield Element("target.name", "text", "L", 266, "T", 29, 100, 13, {"unit": "target", "field": "name"}, "target")
    yield Element("target.level", "text", "L", 420, "T", 64, 18, 12, {"unit": "target", "field": "level"}, "target")
    yield Element("target.portrait", "", "L", 379, "T", 19, 58, 58, {}, "target")
    yield Element("combo_points", "combo", "L", 426, "T", 13, 28, 58, {"style": "classic"}, "target")
    if era != "vanilla":
        top = 94 if era == "tbc" else 97
        left = 276 if era == "tbc" else 275
        yield Element(
            "target.cast", "cast", "L", left, "T", top, 150, 10, {"unit": "target", "style": "classic"}, "target"
        )
    if era in ("wotlk", "classic_era"):
        focus = {"unit": "focus_unit", "style": "classic"}
        yield Element("focus_unit.frame", "unitframe", "L", 252, "T", 250, 190, 66, focus, "focus_unit")
        yield from _unit_bars("focus_unit", 257, 283, 294.5)
        named = {"unit": "focus_unit", "field": "name"}
        yield Element("focus_unit.strip", "", "L", 260, "T", 264, 113, 15, {}, "focus_unit")
        yield Element("focus_unit.name", "text", "L", 266, "T", 265, 100, 13, named, "focus_unit")
        levelled = named | {"field": "level"}
        yield Element("focus_unit.level", "text", "L", 420, "T", 300, 18, 12, levelled, "focus_unit")
        yield Element("focus_unit.portrait", "", "L", 379, "T", 255, 58, 58, {}, "focus_unit")


COMBO_POINTS = ((426.0, 13.0), (433.0, 21.0), (438.0, 31.0), (440.0, 42.0), (440.0, 54.0))
"""Left and top of the five red dots on the target portrait's right rim, 12 units each."""


def _small_units(era: Era) -> Iterator[Element]:
    yield from _small_unit("targettarget", (354, 69, 93, 45), (399, 84, 46, 7), 92, 101)
    width = 69 if era in ("wotlk", "classic_era") else 70
    yield from _small_unit("pet", (61, 64, 128, 53), (108, 86, width, 8), 93, 73)
    for n, (left, top) in enumerate(_party(era), start=1):
        yield from _small_unit(f"party{n}", (left, top, 128, 53), (left + 47, top + 12, 70, 8), top + 21, top - 1)


def _party(era: Era) -> list[tuple[float, float]]:
    if era in ("vanilla", "tbc"):
        return [(10, 128), (7, 211), (4, 294), (1, 377)]
    return [(10, 160), (7, 243), (4, 326), (1, 409)]


def _small_unit(unit: str, frame: Box, health: Box, power_top: float, name_top: float) -> Iterator[Element]:
    x, y, w, h = frame
    group = "target" if unit == "targettarget" else "player" if unit == "pet" else "party"
    yield Element(f"{unit}.frame", "unitframe", "L", x, "T", y, w, h, {"unit": unit, "style": "classic"}, group)
    for resource, top in (("health", health[1]), ("power", power_top)):
        options = {"unit": unit, "resource": resource, "style": "classic"}
        yield Element(f"{unit}.{resource}", "bar", "L", health[0], "T", top, health[2], health[3], options, group)
    left, width = (396, 80) if unit == "targettarget" else (health[0], 78)
    yield Element(f"{unit}.name", "text", "L", left, "T", name_top, width, 12, {"unit": unit, "field": "name"}, group)


def _row(bar: str, left: float, bottom: float, count: int = 12) -> Element:
    box, pitch = (SLOT, SLOT_PITCH) if count == 12 else (SMALL_SLOT, 38.0 if bar == "pet" else 37.0)
    width = box + pitch * (count - 1)
    grid = Grid(count, count, box, box, pitch, pitch)
    options = {"bar": bar, "style": "classic"}
    name = f"actionbar.{bar}"
    return Element(name, "slots", "C", left + width / 2, "B", bottom, width, box, options, name, grid)


def _column(bar: str, right: float, bottom: float) -> Element:
    height = SLOT + SLOT_PITCH * 11
    grid = Grid(12, 1, SLOT, SLOT, SLOT_PITCH, SLOT_PITCH)
    options = {"bar": bar, "style": "classic"}
    return Element(
        f"actionbar.{bar}", "slots", "R", right, "B", bottom, SLOT, height, options, f"actionbar.{bar}", grid
    )


def _bars(era: Era, setup: HudSetup) -> Iterator[Element]:
    lift = setup.lift
    raised = {"vanilla": 43, "tbc": 45, "wotlk": 45, "classic_era": 42}[era] if "bottom_left" in setup.bars else 0
    yield _row("main", -504, 4)
    if "bottom_left" in setup.bars:
        yield _row("bottom_left", -504, 57 + lift)
    if "bottom_right" in setup.bars:
        yield _row("bottom_right", 6, 57 + lift)
    right, left, bottom = {"wotlk": (0, 43, 100), "classic_era": (2, 45, 130)}.get(era, (7, 50, 100))
    if "right" in setup.bars:
        yield _column("right", right, bottom)
    if "left" in setup.bars:
        yield _column("left", left, bottom)
    if "stance" in setup.bars:
        first = -457 if era in ("tbc", "wotlk") else -456
        yield _row("stance", first - SMALL_SLOT / 2, 56 + raised + lift, 10)
    if "pet" in setup.bars:
        yield _row("pet", -440, (51 if era == "classic_era" else 56) + raised + lift, 10)
    xp = {"unit": "player", "resource": "xp", "style": "classic"}
    if not setup.max_level:
        yield Element("xp", "bar", "C", 0, "B", 43, 1024, 8, xp, "actionbar.main")


def durations_shown(era: Era, setup: HudSetup) -> bool:
    """Whether own auras carry their time; off by default in 1.12 only."""
    return era != "vanilla" if setup.aura_durations is None else setup.aura_durations


def _auras(era: Era, setup: HudSetup) -> Iterator[Element]:
    durations = durations_shown(era, setup)
    pitch_y = 45.0 if durations else 35.0
    # Where weapon enchantments are shown, which push the row to the left by 32 each and 5. Measured on 1.12 and 1.13, too.
    right = 205.0 if era == "classic_era" else 180.0
    options = {"row": "player", "grow": "left", "style": "classic", "durations": durations}
    grid = Grid(16, 8, 30, 30, 35, pitch_y, "left")
    yield Element("player.auras", "auras", "R", right, "T", 13, 275, pitch_y + 40, options, "player.auras", grid)
    options = options | {"row": "player_debuff"}
    # Two rows below what they hang on: the first row of icons, or (1.15) their frame, which is 20 higher than an icon.
    top = 123 if era == "classic_era" else 103 if durations else 83
    yield Element("player.debuffs", "auras", "R", right, "T", top, 275, pitch_y + 40, options, "player.auras", grid)
    options = {"row": "target", "grow": "right", "style": "classic", "durations": False}
    target = Grid(24, 6, 21, 21, 24, 24)
    yield Element("target.auras", "auras", "L", 255, "T", 72, 144, 93, options, "target", target)


def _cast(era: Era, setup: HudSetup, wide: bool) -> Iterator[Element]:
    if era in ("vanilla", "tbc"):
        bottom = 60 + (40 if setup.bottom else 0) + (40 if setup.small else 0)
    else:
        multibar = 42 if era == "classic_era" else 45
        bottom = (115 if wide else 95) + (multibar if setup.bottom else 0) + (35 if setup.small else 0)
    bottom += 9 if setup.reputation else 0
    yield Element(
        "player.cast", "cast", "C", 0, "B", bottom, 195, 13, {"unit": "player", "style": "classic"}, "player.cast"
    )


def _minimap(era: Era) -> Iterator[Element]:
    yield Element("minimap", "minimap", "R", 17, "T", 22, 140, 140, {}, "minimap")
    zones = {"vanilla": (35, 7, 128), "tbc": (35, 5, 128), "wotlk": (14, 6, 150), "classic_era": (26, 7, 140)}
    right, top, width = zones[era]
    yield Element("minimap.zone", "text", "R", right, "T", top, width, 13, {"field": "zone"}, "minimap")


def _dialogs(era: Era) -> Iterator[Element]:
    top = {"vanilla": 128, "tbc": 133}.get(era, 135)
    button = 20 if era in ("vanilla", "tbc") else 21
    # The button stands 8 below a text that begins 16 below the top; one line of text is 14 high.
    yield Element("popup", "popup", "C", 0, "T", top, 320, 46 + button + 8, {"style": "classic"}, "popup")
    yield from popup_buttons(top + 38, button)
    yield Element("errors", "errors", "C", 0, "T", 122, 512, 60, {}, "errors")
    if era == "classic_era":
        rows = Grid(4, 1, 37, 37, 41, 41)
        yield Element(
            "loot", "loot", "L", 16, "T", 116, 170, 240, {"style": "classic", "rows_at": [9.0, 68.0]}, "loot", rows
        )
    else:
        rows = Grid(4, 1, 37, 37, 41, 41)
        yield Element(
            "loot", "loot", "L", 12, "T", 116, 176, 240, {"style": "classic", "rows_at": [12.0, 68.0]}, "loot", rows
        )


def popup_buttons(top: float, height: float) -> Iterator[Element]:
    """Where a click presses the first and the second button of a dialog.

    One button stands in the middle, 128 wide; two stand 13 apart. The first region is what both arrangements' first
    button covers, so that one click point serves both.
    """
    yield Element("popup.button1", "", "C", -35.25, "T", top, 57.5, height, {}, "popup")
    yield Element("popup.button2", "", "C", 70.5, "T", top, 128, height, {}, "popup")


def _chat(era: Era, setup: HudSetup, wide: bool) -> Iterator[Element]:
    if era in ("vanilla", "tbc"):
        bottom = 85 + (17 if "bottom_left" in setup.bars else 0) + (17 if setup.small else 0)
    else:
        multibar = 34 if era == "classic_era" else 37
        bottom = (115 if wide else 95) + (multibar if setup.bottom else 0) + (35 if setup.small else 0)
    bottom += setup.lift
    yield Element("chat", "chat", "L", 32, "B", bottom, 430, 120, {}, "chat")
    yield Element("chat.edit", "chat", "L", 37, "B", bottom - 28, 420, 20, {}, "chat")
