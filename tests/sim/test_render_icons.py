"""Icons and text are stable, distinct and legible."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from wowbot.sim.draw_auras import blink, duration_text
from wowbot.sim.icons import icon
from wowbot.sim.sweep import sweep_factor
from wowbot.sim.text import line, text_width, wrap
from wowbot.sim.view import AuraView

NAMES = [
    "frostbolt", "ice_lance", "frost_nova", "cone_of_cold", "blizzard", "counterspell", "ice_block", "evocation",
    "fireball", "mirror_image", "icy_veins", "frost_armor", "arcane_intellect", "polymorph", "blink", "conjure_water",
    "heroic_strike", "bloodthirst", "whirlwind", "execute", "charge", "pummel", "battle_shout", "thunder_clap",
    "rend", "overpower", "mortal_strike", "slam", "smite", "holy_fire", "power_word_shield", "renew", "flash_heal",
    "shadow_word_pain", "mind_blast", "mind_flay", "vampiric_touch", "psychic_scream", "inner_fire", "food", "drink",
]  # fmt: skip


@pytest.mark.parametrize("px", [17, 21, 28, 36, 46, 56])
def test_icons_differ_as_pictures(px: int) -> None:
    flat = np.array([icon(name, px).astype(float).ravel() for name in NAMES])
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    alike = flat @ flat.T
    np.fill_diagonal(alike, -1)
    assert alike.max() < 0.85


def test_icons_are_textured() -> None:
    for name in NAMES:
        grey = icon(name, 36).mean(axis=2)
        assert grey.std() > 12, name
        assert np.abs(np.diff(grey, axis=0)).mean() > 2.5, name


def test_an_icon_is_the_same_picture_every_time() -> None:
    assert (
        hashlib.sha256(icon("frostbolt", 36).tobytes()).hexdigest()
        == hashlib.sha256(icon("frostbolt", 36).copy().tobytes()).hexdigest()
    )
    assert icon("frostbolt", 36).shape == (36, 36, 3)
    assert not icon("frostbolt", 36).flags.writeable


@pytest.mark.parametrize(
    ("elapsed", "reverse", "share"), [(0.0, False, 1.0), (0.25, False, 0.75), (0.9, False, 0.1), (0.25, True, 0.25)]
)
def test_a_sweep_darkens_its_share(elapsed: float, reverse: bool, share: float) -> None:
    factor = sweep_factor(101, 101, elapsed, 0.8, reverse)[..., 0]
    ys, xs = np.mgrid[0:101, 0:101]
    disc = np.hypot(xs - 50, ys - 50) < 50
    dark = (255 - factor[disc].astype(float)).sum() / (0.8 * 255 * disc.sum())
    assert dark == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.9, "59 s"), (60, "1 m"), (61, "2 m"), (3599, "60 m"), (3600, "1 h"), (90000, "2 d")],
)
def test_durations_read_as_the_client_writes_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_an_aura_blinks_in_its_last_31_seconds_only() -> None:
    late, early = AuraView("x", remains_s=10, duration_s=60), AuraView("x", remains_s=40, duration_s=60)
    shown = [blink(late, t / 10) for t in range(15)]
    assert min(shown) == pytest.approx(0.3, abs=0.1)
    assert max(shown) == 1.0
    assert {blink(early, t / 10) for t in range(15)} == {1.0}


def test_text_grows_with_its_size_and_length() -> None:
    assert text_width("Timber Wolf", "serif", 20) == pytest.approx(2 * text_width("Timber Wolf", "serif", 10))
    assert text_width("WW", "sans", 12) > text_width("ii", "sans", 12)
    assert line("Aé8", "serif", 14).ink.max() == 255


def test_a_character_without_a_glyph_is_a_question_mark() -> None:
    assert np.array_equal(line("汉", "serif", 14).ink, line("?", "serif", 14).ink)


def test_long_text_is_broken_at_spaces() -> None:
    lines = wrap("You have died. Release to the nearest graveyard?", "serif", 12, 150)
    assert len(lines) > 1
    assert all(text_width(part, "serif", 12) <= 150 for part in lines)
    assert " ".join(lines) == "You have died. Release to the nearest graveyard?"
