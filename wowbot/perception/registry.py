"""All readers by the name that a Region carries, in the order in which they run."""

from __future__ import annotations

from wowbot.core.registry import Registry

READERS = Registry(
    "reader",
    {
        "unitframe": "wowbot.perception.unitframe:UnitFrameReader",
        "bar": "wowbot.perception.bars:BarReader",
        "cast": "wowbot.perception.cast:CastReader",
        "combo": "wowbot.perception.combo:ComboReader",
        "runes": "wowbot.perception.runes:RunesReader",
        "slots": "wowbot.perception.slots:SlotsReader",
        "auras": "wowbot.perception.auras:AurasReader",
        "nameplates": "wowbot.perception.nameplates:NameplatesReader",
        "text": "wowbot.perception.text:TextReader",
        "blips": "wowbot.perception.blips:BlipsReader",
        "minimap": "wowbot.perception.motion:MotionReader",
        "popup": "wowbot.perception.popup:PopupReader",
        "loot": "wowbot.perception.loot:LootReader",
        "errors": "wowbot.perception.errors:ErrorsReader",
        "chat": "wowbot.perception.chat:ChatReader",
    },
)
"""A new reader is one file and one line here; a module that is not there yet gives unknowns with that cause."""

PLACES = frozenset({"place"})
"""Regions that are only places (to click, to draw, to crop) and are not read."""
