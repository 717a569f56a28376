"""The agent on a real window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wowbot.build.eyes import add_detector, icon_library, icon_names
from wowbot.build.mind import Parts, assemble, null_sink
from wowbot.build.rig import Rig, RunOptions
from wowbot.build.taps import add_taps
from wowbot.config import find, user_dir
from wowbot.core.clock import MonotonicClock
from wowbot.core.errors import LayoutError, LayoutMismatch
from wowbot.core.event import Mailbox, ThreadRunner
from wowbot.core.frame import Image
from wowbot.core.layout import Layout
from wowbot.decision.profile import Profile

if TYPE_CHECKING:
    from wowbot.capture.windows import Window

LIVE_HZ = 60.0
TRAINING_GROUND = "wowbot-sim"
"""WM_CLASS of our own `wowbot sim`: its icons are ours and need no learning, and it draws the stock geometry."""


def game_window(profile: Profile, options: RunOptions) -> Window:
    """The window to play: by --window, else by the profile's [window]."""
    from wowbot.capture.windows import find_window, window_system

    facts = profile.facts.window
    system = window_system()
    try:
        if options.window is not None:
            same = options.window == facts.title
            return find_window(system, options.window, facts.wm_class if same else "", facts.executable if same else "")
        return find_window(system, facts.title, facts.wm_class, facts.executable)
    finally:
        system.close()


def live_rig(profile: Profile, options: RunOptions, window: Window) -> Rig:
    """The agent on this window."""
    from wowbot.calibration.keeper import LayoutKeeper
    from wowbot.capture.eager import watched_rects
    from wowbot.capture.live import LiveSource
    from wowbot.perception.pipeline import HudPerception
    from wowbot.perception.texts import CORE_SHARE
    from wowbot.recording.schema import Header
    from wowbot.taping import icons_text, keep_tail

    clock = MonotonicClock()
    layout, remark = live_layout(profile, options, window)
    source = LiveSource(window, clock, options.hz or LIVE_HZ, watched_rects(layout) if options.eager else ())
    mailbox = Mailbox()
    runner = ThreadRunner(mailbox, {"text": CORE_SHARE})
    ours = window.wm_class == TRAINING_GROUND
    icons = icon_library(profile, ours)
    eyes = HudPerception(layout, bindings=profile.bindings, icons=icons, runner=runner)
    perception = LayoutKeeper(eyes, layout, runner, user_dir() / "layouts" / "refitted")
    sink = null_sink(clock)
    known = {name for name in icon_names(profile) if name in icons}
    rig = assemble(profile, options, Parts(source, perception, sink, clock, mailbox, runner, known), layout)
    add_detector(rig, eyes, options.detector)
    rig.world, rig.target = "live", window.title
    rig.why = f"the window {window.describe()} was found"
    rig.notes += [remark] if remark else []
    missing = sorted(a.icon for a in profile.bindings.auras.values() if a.icon not in known)
    if missing and profile.facts.era != "other":
        rig.notes.append(
            f"{len(missing)} aura icons were never learned, their auras stay unknown: {', '.join(missing[:6])} ..."
        )
    if options.eager:
        rig.on_layout.append(lambda new: source.set_watch(watched_rects(new)))
    if not options.dry_run:
        arm(rig, window, mailbox)
    rig.icons = None if ours else icons
    header = Header("live", window.title, layout=layout, icons=None if ours else icons_text(icons))
    rig.tail = keep_tail(rig.agent, profile, header)
    rig.on_layout.append(rig.tail.set_layout)
    add_taps(rig, options)
    return rig


def arm(rig: Rig, window: Window, mailbox: Mailbox) -> None:
    """Real keys, and everything that can take them away again."""
    from wowbot.action.control_socket import ControlSocket
    from wowbot.action.hotkey import StopHotkey
    from wowbot.action.sink import PyautoguiSink
    from wowbot.action.sinks import Target
    from wowbot.action.watchdog import Watchdog

    guard = rig.guard
    dog = Watchdog(rig.profile.facts.remedies.hung_s, on_hung=lambda: sink.release_all())
    target = Target(window.handle, window.pid)
    sink = PyautoguiSink(rig.agent.clock, target, watch=dog, report=mailbox.put, on_stop=guard.request_stop)

    def halt(why: str) -> None:
        sink.halt()
        guard.request_stop(why)

    def answer(command: str) -> dict[str, Any]:
        if command == "stop":
            halt("wowbot stop")
        return {"profile": rig.profile.facts.name, "window": window.title, "stopping": command == "stop"}

    rig.agent.sink = sink
    rig.agent.taps.append(dog)
    hotkey = StopHotkey("pause", halt, on_failure=lambda why: rig.notes.append(f"no stop key: {why}"), on_loss=halt)
    rig.services += [dog, sink, ControlSocket(answer), hotkey]


def live_layout(profile: Profile, options: RunOptions, window: Window) -> tuple[Layout, str]:
    """By name, from the profile, or found on the window as it is now; and what is to be said about it.

    Raises:
        LayoutMismatch: a named layout was made for another size.
        LayoutError: a named layout does not fit what is on the screen, or no stock HUD is found there.
    """
    name = options.layout if options.layout != "auto" else profile.facts.layout
    picture = _look(window)
    if name == "auto":
        return _found_layout(profile, window, picture)
    return _named_layout(name, window, picture), ""


def _look(window: Window) -> Image:
    from wowbot.capture.grab import ScreenGrabber

    grabber = ScreenGrabber()
    try:
        return grabber.image(window.rect)
    finally:
        grabber.close()


def _named_layout(name: str, window: Window, picture: Image) -> Layout:
    from wowbot.calibration.health import check_layout
    from wowbot.hud import load_layout

    layout = load_layout(find("layouts", name))
    size = (window.rect.width, window.rect.height)
    if size != layout.size_wh:
        raise LayoutMismatch(
            f"the window is {size[0]}x{size[1]}, but layout {layout.name!r} was made for "
            f"{layout.size_wh[0]}x{layout.size_wh[1]}: set the window to that size, or run `wowbot calibrate`"
        )
    health = check_layout(picture, layout)
    if not health.fits:
        raise LayoutError(f"layout {layout.name!r} does not fit what {window.title!r} shows: {health.why}")
    return layout


def _found_layout(profile: Profile, window: Window, picture: Image) -> tuple[Layout, str]:
    """The profile's era first; another era's HUD is played as well, and said."""
    from wowbot.calibration.fit import calibrate

    era = profile.facts.era
    found = calibrate([picture], era=era)
    if found.layout is not None:
        return found.layout, ""
    other = calibrate([picture])
    if other.layout is not None:
        return other.layout, (
            f"{window.title!r} shows a {other.layout.era} HUD, profile {profile.facts.name} was written for {era}: "
            "its spells may cost, last and cool down otherwise"
        )
    refused = found.refused
    cause = "" if refused is None else f" ({refused.cause}: {refused.evidence})"
    raise LayoutError(
        f"no stock HUD is found in {window.title!r}{cause}. Put the HUD back to its default, or make a layout with "
        "`wowbot calibrate --guide` and name it by --layout"
    )
