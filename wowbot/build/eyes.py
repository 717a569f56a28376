"""Perception on pixels, with the icons it may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.config import user_dir
from wowbot.core.errors import WowbotError
from wowbot.core.event import Runner
from wowbot.core.layout import Layout
from wowbot.decision.profile import Profile

if TYPE_CHECKING:
    from wowbot.build.rig import Rig
    from wowbot.perception.icons import IconLibrary
    from wowbot.perception.pipeline import HudPerception

SHIPPED_DETECTOR = "world"


def hud_perception(profile: Profile, layout: Layout, runner: Runner, sim_icons: bool = False) -> HudPerception:
    """The pixel perception; `sim_icons`: the training ground's art, else what the user's client taught."""
    from wowbot.perception.pipeline import HudPerception

    return HudPerception(layout, bindings=profile.bindings, icons=icon_library(profile, sim_icons), runner=runner)


def icon_library(profile: Profile, sim_icons: bool) -> IconLibrary:
    """The icons that can be told apart."""
    from wowbot.perception.icons import IconLibrary

    if not sim_icons:
        return IconLibrary.from_folder(user_dir() / "icons")
    from wowbot.sim.icons import icon

    return IconLibrary.from_images({name: icon(name, 64) for name in sorted(icon_names(profile))})


def add_detector(rig: Rig, eyes: HudPerception, wanted: str) -> None:
    """Give the eyes a detector; one that cannot be used is noted, and the HUD alone is read.

    Args:
        wanted: a model's name or path, "off", or "auto": the shipped one where the profile's list reads its terms.
    """
    from wowbot.perception.detect import TERMS, DetectorFeed
    from wowbot.perception.detector_model import load_detector

    needs = sorted(rig.rules.terms & TERMS)
    if wanted == "off" or (wanted == "auto" and not needs):
        return
    name = SHIPPED_DETECTOR if wanted == "auto" else wanted
    try:
        eyes.detector = DetectorFeed(load_detector(name), rig.layout)
    except WowbotError as error:
        blind = f"; {', '.join(needs)} stay unknown" if needs else ""
        rig.notes.append(f"no detector, the HUD alone is read{blind}: {error}")


def icon_names(profile: Profile) -> set[str]:
    """Every icon the profile speaks of."""
    return {*profile.bindings.spells, *(aura.icon for aura in profile.bindings.auras.values())}
