"""The key printed on a button, spelled as a profile spells it."""

from __future__ import annotations

import pytest

from wowbot.core.layout import Era
from wowbot.perception.hotkeys import chord_of, read_hotkeys
from wowbot.sim.keymap import hotkey_text
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import CameraView, SlotView, UnitView, WorldView

KEYS = ("1", "2", "3", "5", "8", "r", "g", "f5", "shift-1", "shift-4", "ctrl-f", "numpad3")
ICONS = ("frostbolt", "fireball", "frost_nova", "ice_lance")


@pytest.mark.parametrize(
    ("printed", "chord"),
    [
        ("S-1", "shift-1"), ("s1", "shift-1"), ("⇧1", "shift-1"), ("c2", "ctrl-2"), ("C-F", "ctrl-f"), ("A-E", "alt-e"),
        ("s-c-3", "shift-ctrl-3"), ("c-s-3", "shift-ctrl-3"), ("5-2", "shift-2"), ("F1", "f1"), ("F12", "f12"),
        ("s-F5", "shift-f5"), ("N3", "numpad3"), ("Num7", "numpad7"), ("M4", "mouse4"), ("s-M5", "shift-mouse5"),
        ("Spc", "space"), ("MwU", "wheelup"), ("S", "s"), ("C", "c"), ("SC", "shift-c"), ("-", "-"), ("S--", "shift--"),
        ("=", "="), ("Q", "q"), ("l", "1"), ("O", "0"), (".a-4", "alt-4"), (",G", "g"),
        ("S=Q", "shift-q"), ("5.2", "shift-2"), ("E12", "f12"), ("FI", "f1"), ("", None), ("E", "e"),
        ("F99", None), ("xyz", None), ("瓜", None), ("...", None),
    ],
)  # fmt: skip
def test_what_clients_print_is_a_chord(printed: str, chord: str | None) -> None:
    assert chord_of(printed) == chord


@pytest.mark.parametrize(
    ("era", "size"), [("wotlk", (1920, 1080)), ("classic_era", (2560, 1440)), ("retail", (1920, 1080))]
)
@pytest.mark.parametrize("reach", [None, True, False], ids=["no range", "in range", "out of range"])
def test_keys_of_drawn_buttons_are_read_and_none_is_read_wrong(
    era: Era, size: tuple[int, int], reach: bool | None
) -> None:
    renderer = HudRenderer(era, size, seed=3)
    slots = tuple(
        SlotView(ICONS[n % len(ICONS)], hotkey=hotkey_text(key), in_range=reach) for n, key in enumerate(KEYS)
    )
    me = UnitView("Me", "human", 60, 1.0, 1.0)
    image = renderer.draw(WorldView(1.0, me, CameraView(5.0, 3.0, 0.2), slots={"main": slots}))
    found = read_hotkeys(image, renderer.layout)
    read = [found[f"slot.main.{n}.hotkey"] for n in range(1, len(KEYS) + 1)]
    assert [r.value for r, key in zip(read, KEYS, strict=True) if r.value not in (key, None)] == []
    assert sum(r.value is not None for r in read) >= 10
    assert all(r.value is not None or r.why for r in found.values())


@pytest.mark.parametrize("key", ["-", "=", "q", "shift-q", "f12"])
@pytest.mark.parametrize(
    ("era", "size"),
    [("wotlk", (1280, 720)), ("wotlk", (1920, 1080)), ("retail", (1920, 1080)), ("retail", (2560, 1440))],
)
def test_thin_and_tall_keys_are_read_on_most_buttons_and_never_wrong(key: str, era: Era, size: tuple[int, int]) -> None:
    renderer = HudRenderer(era, size, seed=3)
    slots = tuple(SlotView(f"spell_{n}", hotkey=hotkey_text(key)) for n in range(12))
    image = renderer.draw(
        WorldView(1.0, UnitView("Me", "human", 60, 1.0, 1.0), CameraView(5.0, 3.0, 0.2), slots={"main": slots})
    )
    found = read_hotkeys(image, renderer.layout)
    read = [found[f"slot.main.{n}.hotkey"].value for n in range(1, 13)]
    assert set(read) <= {key, None}
    assert read.count(key) >= 7 or (key, size) == ("=", (2560, 1440))  # its lower bar is lost there: unknown
