"""The parts that run a recording again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wowbot.build.eyes import hud_perception
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
    from wowbot.replay.stages import Stages
    from wowbot.taping import recorded_profile

    profile = recorded_profile(header, profile_override)
    layout = header.layout
    mind = make_mind(profile, layout, None, trace=True)
    runner, sim = NullRunner(), header.sim is not None
    seeing = None if layout is None else hud_perception(profile, layout, runner, sim_icons=sim)
    return Stages(seeing, mind.tracker, mind.policies, lambda: mind.rules.last)
