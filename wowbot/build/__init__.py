"""The composition root: the only room that names concrete parts. Imports are late, so that each world loads only its own.

rig.py     what was asked for, and the agent with all that belongs to it
mind.py    state, decision and guard: the same in every world
eyes.py    perception with the icons it may know
sim.py     the training ground        live.py  a real window
taps.py    followers the command line asked for; pictures
again.py   the parts that run a recording again
"""

from __future__ import annotations

from collections.abc import Callable

from wowbot.build.again import replay_stages
from wowbot.build.eyes import hud_perception
from wowbot.build.rig import Rig, RunOptions
from wowbot.build.taps import picture

__all__ = ["Rig", "RunOptions", "build_rig", "hud_perception", "picture", "replay_stages"]


def build_rig(options: RunOptions, before_look: Callable[[str, str], None] | None = None) -> Rig:
    """Put an agent together.

    Args:
        before_look: called with a live window's title and description before the HUD is looked for on it: time to bring
            it to the front.

    Raises:
        WowbotError: anything a user can mend: profile, window, layout, display.
    """
    from wowbot.build.live import game_window, live_rig
    from wowbot.build.sim import sim_rig
    from wowbot.core.errors import AmbiguousWindow, CaptureError
    from wowbot.core.memory import be_frugal
    from wowbot.decision.profile import load_profile

    be_frugal()
    profile = load_profile(options.profile)
    if options.world == "sim":
        return sim_rig(profile, options, "asked for by --world sim")
    try:
        window = game_window(profile, options)
    except CaptureError as error:
        asked_for = options.world == "live" or options.window is not None or profile.facts.era == "other"
        if asked_for or isinstance(error, AmbiguousWindow):
            raise
        return sim_rig(profile, options, f"because {str(error).splitlines()[0]}")
    if before_look is not None:
        before_look(window.title, window.describe())
    return live_rig(profile, options, window)
