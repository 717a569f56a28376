"""Perception on pixels, with the icons it may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.config import user_dir
from wowbot.core.event import Runner
from wowbot.core.layout import Layout
from wowbot.core.protocols import Perception
from wowbot.decision.profile import Profile

if TYPE_CHECKING:
    from wowbot.perception.icons import IconLibrary


def hud_perception(profile: Profile, layout: Layout, runner: Runner, sim_icons: bool = False) -> Perception:
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


def icon_names(profile: Profile) -> set[str]:
    """Every icon the profile speaks of."""
    return {*profile.bindings.spells, *(aura.icon for aura in profile.bindings.auras.values())}
