"""The parts that run a recording again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.build.eyes import icon_library, icon_names
from wowbot.build.mind import make_mind

if TYPE_CHECKING:
    from wowbot.recording.schema import Header
    from wowbot.replay.stages import Stages


def replay_stages(header: Header, profile_override: str | None) -> Stages:
    """The parts that run a recording again; worker results come out of the recording.

    Raises:
        WowbotError: the recorded profile is not understood any more, or the other one is not found.
    """
    from wowbot.core.event import NullRunner
    from wowbot.perception.pipeline import HudPerception
    from wowbot.replay.stages import Stages
    from wowbot.taping import icons_from, recorded_profile

    profile = recorded_profile(header, profile_override)
    layout = header.layout
    icons = icon_library(profile, sim_icons=True) if header.icons is None else icons_from(header.icons)
    known = None if header.icons is None else {name for name in icon_names(profile) if name in icons}
    mind = make_mind(profile, layout, known, trace=True)
    seeing = None
    if layout is not None:
        seeing = HudPerception(layout, bindings=profile.bindings, icons=icons, runner=NullRunner())
    return Stages(seeing, mind.tracker, mind.policies, lambda: mind.rules.last, mind.listeners)
