"""Followers that the command line asked for, and pictures of a tick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.build.rig import Rig, RunOptions
from wowbot.core.errors import CaptureError
from wowbot.core.tick import Tick

if TYPE_CHECKING:
    from wowbot.core.frame import Image


def add_taps(rig: Rig, options: RunOptions) -> None:
    """The followers the command line asked for."""
    if options.record is not None:
        _record(rig, options, options.record)
    if options.watch:
        from wowbot.viewer import WatchTap

        watch = WatchTap(rig.layout)
        rig.agent.taps.append(watch)
        rig.on_layout.append(watch.set_layout)


def _record(rig: Rig, options: RunOptions, path: Path) -> None:
    """A recorder; a training-ground run keeps seed and actions instead of frames where it has pixels."""
    from wowbot.recording.schema import Header
    from wowbot.taping import icons_text, mask_agent, record_run, session_facts

    masked = mask_agent(rig.agent, rig.layout, options.mask)
    if masked is not None:
        rig.on_layout.append(lambda new: masked.set_layout(new, options.mask))
    sim = None if rig.session is None else session_facts(rig.session)
    again = sim is not None and masked is None and not options.truth and not options.dry_run
    icons = None if rig.icons is None else icons_text(rig.icons)
    header = Header(
        "sim" if again else "live", rig.target, masked=options.mask, layout=rig.layout, sim=sim, icons=icons
    )
    tap = record_run(path, rig.agent, rig.profile, header, options.frames)
    rig.on_layout.append(tap.set_layout)
    if options.mark_key:
        from wowbot.action.hotkey import StopHotkey

        rig.services.append(StopHotkey(options.mark_key, lambda _why: tap.mark(options.mark_key)))


def picture(rig: Rig, tick: Tick) -> Image:
    """The tick's frame with regions, readings and the rule on it.

    Raises:
        CaptureError: the run has no pixels.
    """
    from wowbot.perception.overlay import overlay

    if tick.frame.image is None:
        raise CaptureError("--snapshot: this run has no pixels (truth perception); leave out --truth")
    return overlay(tick.frame.image, rig.layout, tick.observation.readings, tick.decision)
