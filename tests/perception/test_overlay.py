"""The picture of what was read: which outline, in which tone, with which words."""

from __future__ import annotations

import numpy as np
import pytest

from wowbot.cli.viewer import PANE_PX, compose
from wowbot.core.action import Decision
from wowbot.core.reading import Reading, unknown
from wowbot.hud import stock_layout
from wowbot.perception.overlay import TONES, Mark, as_png, legend, marks, overlay, terms_of

LAYOUT = stock_layout("wotlk", (1280, 720))
DARK = unknown("dark")


def mark_of(region: str, readings: dict[str, Reading]) -> Mark:
    rect = LAYOUT.regions[region].rect
    (mark,) = [m for m in marks(LAYOUT, readings) if m.box == (rect.left, rect.top, rect.width, rect.height)]
    return mark


@pytest.mark.parametrize(
    ("region", "readings", "tone", "text"),
    [
        ("player.health", {"health.pct": Reading(85.2, 0.9)}, "sure", "85"),
        ("player.health", {"health.pct": Reading(85.2, 0.4)}, "unsure", "85"),
        ("player.health", {"health.pct": DARK}, "unknown", "?"),
        ("player.health", {}, "absent", ""),
        ("player.power", {"mana.pct": DARK, "rage.pct": Reading(30.0), "power.type": Reading(1.0)}, "sure", "30"),
        ("player.power", {"mana.pct": DARK, "rage.pct": DARK}, "unknown", "?"),
        ("target.health", {"target.exists": Reading(0.0), "target.health.pct": DARK}, "absent", ""),
        ("target.health", {"target.exists": Reading(1.0), "target.health.pct": DARK}, "unknown", "?"),
        ("player.cast", {"cast.active": Reading(0.0), "cast.pct": DARK, "cast.name": DARK}, "absent", ""),
        ("pet.frame", {"pet.exists": Reading(1.0)}, "sure", ""),
        ("runes", {"rune": DARK}, "absent", ""),
        (
            "target.cast",
            {"target.exists": Reading(1.0), "target.cast.active": Reading(0.0), "target.cast.pct": DARK},
            "absent",
            "",
        ),
        ("player.auras", {"aura.player.count": Reading(3.0)}, "sure", "3"),
        ("target.auras", {"aura.target.count": Reading(0.0)}, "absent", ""),
        ("runes", {"rune": Reading(4.0, 0.9)}, "sure", "4"),
    ],
)
def test_a_region_is_outlined_by_what_is_known(region: str, readings: dict[str, Reading], tone: str, text: str) -> None:
    mark = mark_of(region, readings)
    assert (mark.tone, mark.text.split(",")[0]) == (tone, text)


def test_a_button_is_marked_while_it_cools_down_only() -> None:
    ready, cooling = {"slot.main.2.sweep_pct": Reading(0.0)}, {"slot.main.2.sweep_pct": Reading(61.0)}
    assert not [m for m in marks(LAYOUT, ready) if m.above]
    assert [m.text for m in marks(LAYOUT, cooling) if m.above] == ["61"]


def test_a_nameplate_is_outlined_where_it_was_seen() -> None:
    seen = {f"nameplate.1.{side}": Reading(float(v)) for side, v in zip("xywh", (300, 200, 120, 12), strict=True)}
    assert Mark((300, 200, 120, 12), "sure", "40") in marks(LAYOUT, {**seen, "nameplate.1.health.pct": Reading(40.0)})


@pytest.mark.parametrize(
    ("term", "region", "yes"),
    [
        ("health.pct", "player.health", True),
        ("health.pct", "target.health", False),
        ("target.health.pct", "target.health", True),
        ("cast.name", "player.cast", True),
        ("slot.main.1.icon", "actionbar.main", False),
    ],
)
def test_a_term_belongs_to_the_region_it_is_read_in(term: str, region: str, yes: bool) -> None:
    assert (term in terms_of(region, {term: Reading(1.0)})) is yes


def test_the_picture_shows_regions_and_leaves_the_frame_as_it_is() -> None:
    frame = np.full((720, 1280, 3), 40, np.uint8)
    before = frame.copy()
    drawn = overlay(
        frame, LAYOUT, {"health.pct": Reading(85.0)}, Decision("rule", "fight.1", "always", (), ability="x")
    )
    assert drawn.shape == frame.shape and (drawn[:100] != frame[:100]).any() and (drawn[-40:] != frame[-40:]).any()
    np.testing.assert_array_equal(frame, before)
    assert as_png(drawn).startswith(b"\x89PNG")


def test_the_watch_window_draws_the_same_marks_smaller_with_a_pane_below() -> None:
    small = np.full((360, 640, 3), 40, np.uint8)
    head = {"scale": 0.5, "marks": [[[100, 100, 40, 20], "unknown", "?", False]], "lines": ["health 85"]}
    drawn = compose(head, small)
    assert drawn.shape == (360 + PANE_PX, 640, 3)
    assert tuple(drawn[49, 60]) == (80, 80, 255)
    assert (drawn[360:] != drawn[-1, -1]).any()


@pytest.mark.parametrize("height", [480, 1080, 2160])
def test_the_legend_names_every_tone_in_its_colour_at_every_size(height: int) -> None:
    picture = np.zeros((height, height * 16 // 9, 3), np.uint8)
    legend(picture)
    assert not picture[height // 20 :].any()
    for tone in TONES.values():
        assert (picture == tone).all(axis=2).any()
