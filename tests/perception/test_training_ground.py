"""Readings of drawn frames at 20 combinations of era, size, UI scale and gamma.

The bars, with every other unit frame, on single frames; all the rest on the frames of a short fight.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.perception.drawn import COMBINATIONS, bar_width, fills, flags, view
from tests.perception.fight import BARS, JUDGED, LIBRARY, TIMES_S, Fight, aura_terms, slot_terms
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.reading import Reading, Value
from wowbot.core.state import GameState
from wowbot.hud.setup import HudSetup
from wowbot.perception.pipeline import HudPerception
from wowbot.sim.render import HudRenderer
from wowbot.sim.view import WorldView
from wowbot.state.tracker import StateTracker

OTHERS = ("slots", "auras", "nameplates")
VIEWS = 3
PLATE_PX = 2.0
SURE_OF_AURAS = ("count", "icon", "harmful", "school")
"""What no aura may be misread in."""
Judged = tuple[list[tuple[object, ...]], list[tuple[object, ...]], int]
MISREAD, UNREAD = 0.01, 0.01
"""Shares of one fight's readings that may be beyond their limit, or unknown: the former above the goal of none, which all
six times 20 fights never seen before missed by 0.05 % (22 of 47,072; 34 unknown). Beyond their limit are sweeps of the
smallest auras, and now and then a plate or a bar that is nearly full."""
HARD = [
    ("vanilla", (1024, 768), 0.9239, 1.15, "dev 5304 0", 0, r"slot.*charges"),
    ("classic_era", (1920, 1200), None, 1.0, "dev 5212 18", 18, r"aura\.target.*stacks"),
    ("wotlk", (1366, 768), None, 0.97, "dev 2101 17", 17, r"aura\.target"),
    ("wotlk", (1024, 768), None, 1.0, "dev 2102 2", 2, r"aura\.target\.count"),
    ("classic_era", (2560, 1080), None, 1.0, "dev 2107 3", 3, r"aura\.target\.count"),
    ("retail", (1920, 1080), None, 1.0, "dev 2108 19", 19, r"aura\.target\.count"),
    ("vanilla", (3840, 2160), None, 1.0, "dev 777 15", 15, r"cast\.pct"),
    ("tbc", (3840, 1600), None, 0.88, "dev 1313 1", 1, r"cast\.pct"),
    ("retail", (3840, 2160), 1.9295, 1.0, "dev 2103 19", 19, r"cast\.pct"),
    ("wotlk", (1280, 720), None, 1.0, "dev 2101 2", 2, r"aura\..*sweep_pct"),
    ("retail", (1440, 900), 0.9417, 1.13, "dev 912 19", 19, r"slot\..*sweep_pct|cooldown"),
    ("retail", (1440, 900), 0.9473, 1.0, "dev 912 14", 14, r"slot\..*sweep_pct"),
    ("tbc", (1440, 900), 0.8829, 0.82, "dev 777 11", 11, r"slot\..*(sweep_pct|usable)|cooldown"),
    ("vanilla", (3840, 2160), None, 0.83, "dev 2106 15", 15, r"slot\..*(sweep_pct|usable)"),
    ("vanilla", (2048, 1152), None, 1.0, "dev 2101 0", 0, r"slot\..*sweep_pct|cooldown"),
    ("vanilla", (1024, 768), None, 1.27, "dev 2106 5", 5, r"cooldown"),
    ("tbc", (3840, 2160), 2.4178, 1.0, "dev 2101 11", 11, r"nameplate"),
    ("classic_era", (1024, 768), None, 1.0, "dev 2104 13", 13, r"nameplate"),
    ("retail", (1680, 1050), 0.9989, 1.16, "dev 2105 9", 9, r"nameplate"),
    ("tbc", (1280, 720), 0.8047, 1.0, "dev 2107 16", 16, r"nameplate"),
    ("tbc", (1024, 768), 0.8366, 0.89, "dev 2106 16", 16, r"aura"),
    ("classic_era", (2560, 1080), None, 0.9, "a classic_era(2560, 1080)0.9", 5, r"slot\..*sweep_pct"),
    ("wotlk", (2560, 1600), 1.5634, 1.28, "dev 2104 17", 17, r"charges"),
    ("vanilla", (1920, 1200), 1.369, 1.0, "dev 2104 10", 10, r"stacks"),
    ("classic_era", (1920, 1080), None, 0.85, "dev 4121 18", 18, r"charges"),
    ("retail", (2048, 1152), None, 1.09, "dev 4121 4", 4, r"charges"),
    ("wotlk", (1920, 1200), None, 1.27, "dev 4122 7", 7, r"charges"),
    ("wotlk", (1600, 900), 0.9804, 1.29, "dev 4101 12", 12, r"charges|icon"),
    ("classic_era", (3440, 1440), 1.7577, 1.0, "dev 4101 18", 18, r"in_range"),
    ("vanilla", (1152, 864), 0.9882, 0.87, "dev 4113 0", 0, r"in_range"),
    ("vanilla", (1440, 900), None, 0.84, "dev 4123 5", 5, r"in_range|harmful|school"),
    ("retail", (1152, 864), 0.9545, 1.0, "dev 2106 19", 19, r"in_range"),
    ("tbc", (1280, 720), 0.7759, 1.0, "dev 4121 16", 16, r"aura\.target.*(icon|sweep_pct)"),
    ("retail", (1280, 720), 0.9127, 1.0, "dev 5101 4", 4, r"cast\.pct"),
    ("retail", (1920, 1080), 0.9901, 1.0, "dev 4102 9", 9, r"cast\.pct"),
    ("retail", (1440, 900), 0.9473, 1.0, "dev 912 14", 14, r"stacks"),
    ("wotlk", (1600, 900), 1.1458, 1.0, "dev 4111 7", 7, r"stacks"),
    ("classic_era", (1024, 768), 0.9063, 1.28, "dev 4122 3", 3, r"cooldown|main\.12"),
    ("retail", (1920, 1200), 0.8112, 1.16, "dev 2102 19", 19, r"aura\.target\.3"),
    ("retail", (1280, 720), None, 1.3, "dev 5102 19", 19, r"aura\..*sweep_pct"),
    ("tbc", (1280, 960), 0.9251, 1.3, "dev 5113 1", 1, r"aura\..*sweep_pct"),
    ("classic_era", (1280, 720), None, 0.89, "dev 5102 3", 3, r"aura\..*sweep_pct"),
    ("classic_era", (2560, 1600), 1.8774, 1.16, "dev 4112 3", 3, r"nameplate"),
    ("tbc", (1152, 864), 1.0784, 1.17, "dev 5112 6", 6, r"aura\.target\.2"),
    ("tbc", (1600, 900), 0.9544, 1.19, "dev 5111 16", 16, r"cooldown"),
    ("wotlk", (1024, 768), 0.9331, 0.89, "dev 5113 17", 17, r"nameplate"),
]
"""Fights in which a reading was once beyond its limit or unknown: era, size, UI scale, gamma, the fight's and the world's
seed, and the terms. Aura rows were taken for a cast bar, and the icon of a cast bar that was lost for a frame for an aura;
grass behind a text for a cast's fill, a glyph for its spark; the first of a sweep for an aura's look.
Among texts and under a printed number a sweep's start was not looked for, a text's shadow was taken for a sweep's rest,
and a tint for a sweep's start until the shade was told. A plate's low fill was too short to be looked
at, a large aura taken for a small one, a digit lost to bright art or to a gamma that lights its outline, counts read with a
sweep over them or forgotten as a red dot hid the icon, red keys on red art, and keys that had waited for their turn."""
each_combination = pytest.mark.parametrize(
    ("era", "size", "scale", "gamma"), COMBINATIONS, ids=[f"{c[0]}-{c[1][0]}x{c[1][1]}-{c[3]}" for c in COMBINATIONS]
)


@each_combination
def test_bars_are_read_within_a_percent_or_a_pixel_and_flags_exactly(
    era: Any, size: Any, scale: Any, gamma: float
) -> None:
    renderer = HudRenderer(era, size, scale, gamma, seed=3)
    layout = renderer.layout
    layout = replace(layout, regions={n: r for n, r in layout.regions.items() if r.reader not in OTHERS})
    rng = random.Random(f"{era}{size}{gamma}")
    wrong = []
    for _ in range(VIEWS):
        shown = view(rng)
        perception = HudPerception(layout)
        image = renderer.draw(shown)
        for index in range(2):
            readings = perception.observe(Frame(index, index, image, "t"), ()).readings
        for term, truth in fills(shown).items():
            reading = readings.get(term)
            slack = max(1.0, 100.0 / bar_width(layout, term)) + 0.01
            if reading is None or not isinstance(reading.value, float) or abs(reading.value - truth) > slack:
                wrong.append((term, round(truth, 2), reading))
        wrong += [
            (t, v, readings.get(t)) for t, v in flags(shown).items() if t not in readings or readings[t].value != v
        ]
    assert wrong == []


@each_combination
def test_slots_auras_plates_and_cooldowns_of_a_fight_are_read(era: Any, size: Any, scale: Any, gamma: float) -> None:
    fight = Fight(random.Random(f"fight {era}{size}{gamma}"), era)
    renderer = HudRenderer(era, size, scale, gamma, seed=5, setup=HudSetup(bars=frozenset(BARS)))
    wrong, unknown, asked = judged(fight, renderer)
    assert [miss for miss in wrong if str(miss[1]).startswith("aura.") and str(miss[1]).endswith(SURE_OF_AURAS)] == []
    assert len(wrong) <= MISREAD * asked, wrong
    assert len(unknown) <= UNREAD * asked, unknown


@pytest.mark.parametrize(("era", "size", "scale", "gamma", "key", "world", "family"), HARD, ids=[h[4] for h in HARD])
def test_what_was_once_misread_is_read(
    era: Any, size: Any, scale: Any, gamma: float, key: str, world: int, family: str
) -> None:
    wrong, unknown, _ = fought(era, size, scale, gamma, key, world)
    assert [miss for miss in (*wrong, *unknown) if re.search(family, str(miss[1]))] == []


def fought(era: Any, size: Any, scale: Any, gamma: float, key: str, world: int) -> Judged:
    """`judged` of one row of the tables above."""
    renderer = HudRenderer(era, size, scale, gamma, seed=world, setup=HudSetup(bars=frozenset(BARS)))
    return judged(Fight(random.Random(key), era), renderer)


def judged(fight: Fight, renderer: HudRenderer) -> Judged:
    """What is beyond its limit and what is unknown on the last frames of a fight, and how many readings were asked."""
    perception, tracker = HudPerception(renderer.layout, icons=LIBRARY), StateTracker(fight.bindings)
    wrong: list[tuple[object, ...]] = []
    unknown: list[tuple[object, ...]] = []
    asked = 0
    for index, t_s in enumerate(TIMES_S):
        shown = fight.at(t_s)
        frame = Frame(index, 10**9 + round(t_s * 1e9), renderer.draw(shown), "t")
        seen = perception.observe(frame, ())
        state = tracker.update(seen, (), ())
        if index < JUDGED:
            continue
        truth = slot_terms(shown) | aura_terms(shown, fight.era) | fills(shown)
        unread = {term for term in truth if term not in seen.readings or seen.readings[term].value is None}
        asked += len(truth)
        unknown += [(t_s, term, truth[term], seen.readings.get(term)) for term in sorted(unread)]
        read = {term: value for term, value in truth.items() if term not in unread}
        wrong += [(t_s, *miss) for miss in misread(read, seen.readings, renderer.layout)]
        wrong += [(t_s, *miss) for miss in counts_of_none(shown, seen.readings)]
        wrong += [(t_s, *miss) for miss in plates_missed(shown, seen.readings, renderer.layout)]
        remains = fight.remains(t_s)
        for name, spell in fight.bindings.spells.items():
            slot, term = seen.readings[f"slot.{spell.slot}.sweep_pct"], f"cooldown.{name}.remains"
            if slot.value is None and state.number(term) is None:  # of a button outside the window no start is seen
                unknown.append((t_s, term, remains.pop(name), slot))
        wrong += [(t_s, *miss) for miss in late(remains, state)]
    return wrong, unknown, asked


def misread(truth: dict[str, Value], readings: Mapping[str, Reading], layout: Layout) -> Iterator[tuple[object, ...]]:
    """Readings that are not the truth: bars to a percent or a pixel, sweeps to a percent, the rest exactly."""
    for term, value in truth.items():
        found = readings[term].value
        if isinstance(value, float) and isinstance(found, float) and term.endswith("pct"):
            slack = 1.0 if term.endswith("sweep_pct") else max(1.0, 100.0 / bar_width(layout, term)) + 0.01
            if abs(found - value) > slack:
                yield term, round(value, 2), found
        elif found != value:
            yield term, value, readings[term]


def counts_of_none(shown: WorldView, readings: Mapping[str, Reading]) -> Iterator[tuple[object, ...]]:
    """Counts read on buttons that print none."""
    for bar, row in shown.slots.items():
        for n, slot in enumerate(row, 1):
            found = readings.get(f"slot.{bar}.{n}.charges")
            if slot.count is None and found is not None:
                yield f"slot.{bar}.{n}.charges", None, found


def plates_missed(shown: WorldView, readings: Mapping[str, Reading], layout: Layout) -> Iterator[tuple[object, ...]]:
    """The target's nameplate where it is missed or says something else, and plates that are none.

    Those of others are half transparent beside a target; they may be missed but not read wrongly.
    """
    options, (wide, high) = layout.regions["nameplates"].options, layout.size_wh
    bar_w, bar_h = options["bar_w"], options["bar_h"]
    plates = [
        [float(readings[f"nameplate.{n}.{leaf}"].value or 0) for leaf in ("x", "y", "w", "h", "health.pct", "reaction")]
        for n in range(1, int(float(readings["nameplate.count"].value or 0)) + 1)
    ]
    for body in shown.bodies:
        box = wide / 2 + body.x * high - bar_w / 2, body.plate_y * high - bar_h / 2, bar_w, bar_h
        fitting = [plate for plate in plates if all(abs(a - b) <= PLATE_PX for a, b in zip(plate, box, strict=False))]
        plates = [plate for plate in plates if plate not in fitting]
        if body.selected and not fitting:
            yield "nameplate", box, plates
        for plate in fitting:
            if abs(plate[4] - body.health_pct) > max(1.0, 100.0 / bar_w) + 0.01 or plate[5] != body.reaction:
                yield "nameplate", body.health_pct, body.reaction, plate
    yield from (("nameplate", None, plate) for plate in plates)


def late(remains: dict[str, float], state: GameState) -> Iterator[tuple[object, ...]]:
    """Cooldowns of which the state counts another time than is left, once their start was seen."""
    for name, left in remains.items():
        found = state.number(f"cooldown.{name}.remains")
        if found is None or abs(found - left) > 0.15:
            yield f"cooldown.{name}.remains", round(left, 3), found
