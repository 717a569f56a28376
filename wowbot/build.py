"""The composition root: the only file that names concrete parts. Imports are late, so that each world loads only its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wowbot.agent import Agent
from wowbot.config import find, user_dir
from wowbot.core.clock import Clock, MonotonicClock
from wowbot.core.errors import CaptureError, LayoutError, LayoutMismatch, WowbotError
from wowbot.core.event import DelayedRunner, Mailbox, Runner, ThreadRunner
from wowbot.core.layout import Layout
from wowbot.core.protocols import ActionSink, FrameSource, Perception, Policy, Tracker
from wowbot.core.tick import Tick
from wowbot.decision.profile import Profile, load_profile
from wowbot.report import RunReport

if TYPE_CHECKING:
    from wowbot.capture.windows import Window
    from wowbot.decision.guard import SafetyGuard
    from wowbot.decision.rules import RulesPolicy
    from wowbot.decision.stop import StopWatch
    from wowbot.recording.schema import Header
    from wowbot.replay.stages import Stages

log = logging.getLogger(__name__)
SIM_HZ, LIVE_HZ = 20.0, 60.0
WORKER_DELAY_S = 0.15
"""How long OCR and the like take in the training ground, in game time."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asked for.

    Args:
        world: "auto", "sim" or "live".
        hz: ticks a second; None = the world's usual. eager: watch the regions and tick when they change.
        size_wh, scenario, seed, truth: training ground only; scenario None = the profile's.
        seconds: end of a training-ground session in game time; 0 = the scenario's own end.
        record, frames, mask: the recording, see wowbot.recording.
    """

    profile: str = "mage"
    world: str = "auto"
    window: str | None = None
    layout: str = "auto"
    hz: float | None = None
    eager: bool = False
    seed: int = 1
    scenario: str | None = None
    size_wh: tuple[int, int] = (1280, 720)
    seconds: float = 0.0
    truth: bool = False
    dry_run: bool = False
    trace: bool = False
    record: Path | None = None
    frames: str = "auto"
    mask: tuple[str, ...] = ()
    watch: bool = False


@dataclass(slots=True)
class Rig:
    """One agent with all that belongs to it.

    Args:
        why: one line: which world was chosen and why.
        notes: what the user should know before the first key (slow capture, terms that cannot be seen).
        target: the window's title, or the scenario.
        services: opened before the first tick and closed after the last: watchdog, hotkey, stop socket.
    """

    agent: Agent
    profile: Profile
    layout: Layout
    world: str
    why: str
    report: RunReport
    guard: SafetyGuard
    rules: RulesPolicy
    target: str = ""
    stop_hint: str = "`wowbot stop`"
    notes: list[str] = field(default_factory=list)
    services: list[Any] = field(default_factory=list)
    on_layout: Callable[[Layout], None] | None = None
    cost: Callable[[], str] | None = None
    session: Any = None
    _rules_mtime_ns: int = 0

    def open(self) -> None:
        """Open services and the source; what was opened is closed again when one fails."""
        for service in self.services:
            if hasattr(service, "start"):
                service.start()
        self.agent.source.open()

    def close(self) -> None:
        """Keys up first, then every part; safe to call twice."""
        self.agent.close()
        for service in reversed(self.services):
            try:
                service.close()
            except Exception:
                log.exception("closing %s failed", service)

    @property
    def paused(self) -> bool:
        return self.guard.paused

    def pause(self, paused: bool) -> None:
        self.guard.pause(paused)

    def cost_line(self) -> str:
        """What the model has cost so far, "" without one."""
        return "" if self.cost is None else self.cost()

    def take_events(self, tick: Tick) -> None:
        """A re-fitted layout comes in between two ticks."""
        for event in tick.events:
            if event.kind == "layout" and event.payload.get("file"):
                from wowbot.hud import load_layout

                self.set_layout(load_layout(Path(str(event.payload["file"]))))

    def set_layout(self, layout: Layout) -> None:
        """Everything that knows a layout takes the new one."""
        self.layout = layout
        self.agent.set_layout(layout)
        self.rules.set_layout(layout)
        if self.on_layout is not None:
            self.on_layout(layout)

    def reload_if_changed(self) -> None:
        """Take over a list that was saved while running; keep the old one and say why when it is broken."""
        try:
            mtime = self.profile.rules_path.stat().st_mtime_ns
        except OSError:
            return
        before, self._rules_mtime_ns = self._rules_mtime_ns, mtime
        if before in (0, mtime):
            return
        with suppress(OSError):
            problem = self.rules.reload(self.profile.rules_path.read_text(encoding="utf-8"))
            told = f"kept the old list: {problem}" if problem else f"took over {self.profile.rules_path.name}"
            self.notes.append(told)
            log.info("%s", told)
            if not problem:
                self.agent.profile_id = self.rules.profile_id
                self.agent.tracker.want(self.rules.terms)


def build_rig(options: RunOptions) -> Rig:
    """Put an agent together.

    Raises:
        WowbotError: anything a user can mend: profile, window, layout, display.
    """
    profile = load_profile(options.profile)
    if options.world == "sim":
        return _sim_rig(profile, options, "asked for by --world sim")
    try:
        window = _game_window(profile, options)
    except CaptureError as error:
        if options.world == "live" or options.window is not None or profile.facts.era == "other":
            raise
        return _sim_rig(profile, options, f"because {str(error).splitlines()[0]}")
    return _live_rig(profile, options, window)


def _game_window(profile: Profile, options: RunOptions) -> Window:
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


def _sim_rig(profile: Profile, options: RunOptions, why: str) -> Rig:
    from wowbot.sim.session import SimSession
    from wowbot.sim.truth import TruthPerception

    scenario = options.scenario or profile.facts.scenario
    hz = options.hz or SIM_HZ
    session = SimSession(
        scenario, options.seed, profile.bindings,
        size_wh=options.size_wh, era=profile.facts.era, hz=hz, pixels=not options.truth, seconds=options.seconds or None,
    )  # fmt: skip
    mailbox = Mailbox()
    runner = DelayedRunner(mailbox, WORKER_DELAY_S)
    perception: Perception
    if options.truth:
        perception = TruthPerception(session)
    else:
        perception = hud_perception(profile, session.layout, runner, sim_icons=True)
    sink = _null_sink(session.clock) if options.dry_run else session.sink
    rig = _assemble(profile, options, Parts(session, perception, sink, session.clock, mailbox, runner), session.layout)
    rig.world, rig.why, rig.target, rig.session = (
        "sim",
        f"scenario {scenario}, seed {options.seed}, {why}",
        scenario,
        session,
    )
    rig.report.stats = lambda: asdict(session.stats)
    _add_taps(rig, options)
    return rig


@dataclass(frozen=True, slots=True)
class Parts:
    """What differs between the worlds."""

    source: FrameSource
    perception: Perception
    sink: ActionSink
    clock: Clock
    mailbox: Mailbox
    runner: Runner


def _assemble(profile: Profile, options: RunOptions, parts: Parts, layout: Layout) -> Rig:
    """The part that is the same in every world: state, decision, guard, taps."""
    from wowbot.decision.guard import SafetyGuard

    mind = _mind(profile, layout, trace=options.trace or options.record is not None)
    guard = SafetyGuard(profile.facts.guard, profile.bindings.spells, mind.stop)
    report = RunReport(dry_run=options.dry_run)
    agent = Agent(
        parts.source, parts.perception, mind.tracker, mind.policies, guard, parts.sink, parts.clock, parts.mailbox,
        parts.runner, layout.id, profile.id, [report],
    )  # fmt: skip
    return Rig(agent, profile, layout, "", "", report, guard, mind.rules)


@dataclass(frozen=True, slots=True)
class Mind:
    """What turns readings into decisions, live and in a replay."""

    tracker: Tracker
    policies: list[Policy]
    rules: RulesPolicy
    stop: StopWatch


def _mind(profile: Profile, layout: Layout | None, *, trace: bool) -> Mind:
    from wowbot.decision.confirm import ConfirmPolicy
    from wowbot.decision.guard import TERMS
    from wowbot.decision.rules import RulesPolicy
    from wowbot.decision.stop import StopWatch
    from wowbot.decision.stuck import StuckWatch
    from wowbot.state.tracker import StateTracker

    rules = RulesPolicy(profile, trace=trace)
    if layout is not None:
        rules.set_layout(layout)
    spells = profile.bindings.spells
    stuck = StuckWatch(profile.facts.remedies, spells)
    confirm = ConfirmPolicy(rules, spells)
    stop = StopWatch(profile.facts.stop, stuck)
    wanted = rules.terms | confirm.terms | stuck.terms | stop.terms | TERMS
    return Mind(StateTracker(profile.bindings, wanted), [stuck, confirm], rules, stop)


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
    mind = _mind(profile, layout, trace=True)
    runner, sim = NullRunner(), header.sim is not None
    seeing = None if layout is None else hud_perception(profile, layout, runner, sim_icons=sim)
    return Stages(seeing, mind.tracker, mind.policies, lambda: mind.rules.last)


def _add_taps(rig: Rig, options: RunOptions) -> None:
    """The followers the command line asked for."""
    if options.record is not None:
        _record(rig, options, options.record)
    if options.watch:
        from wowbot.viewer import WatchTap

        watch = WatchTap(rig.layout)
        rig.agent.taps.append(watch)
        rig.on_layout = _both(rig.on_layout, watch.set_layout)


def _record(rig: Rig, options: RunOptions, path: Path) -> None:
    """A recorder; a training-ground run keeps seed and actions instead of frames where it has pixels."""
    from wowbot.recording.schema import Header
    from wowbot.taping import mask_agent, record_run, session_facts

    masked = mask_agent(rig.agent, rig.layout, options.mask)
    if masked is not None:
        rig.on_layout = _both(rig.on_layout, lambda new: masked.set_layout(new, options.mask))
    sim = None if rig.session is None else session_facts(rig.session)
    again = sim is not None and masked is None and not options.truth and not options.dry_run
    header = Header("sim" if again else "live", rig.target, masked=options.mask, layout=rig.layout, sim=sim)
    tap = record_run(path, rig.agent, rig.profile, header, options.frames)
    rig.on_layout = _both(rig.on_layout, tap.set_layout)


def _live_rig(profile: Profile, options: RunOptions, window: Window) -> Rig:
    from wowbot.capture.eager import watched_rects
    from wowbot.capture.live import LiveSource
    from wowbot.taping import keep_tail

    clock = MonotonicClock()
    layout = _live_layout(profile, options, window)
    source = LiveSource(window, clock, options.hz or LIVE_HZ, watched_rects(layout) if options.eager else ())
    mailbox = Mailbox()
    runner = ThreadRunner(mailbox)
    perception = hud_perception(profile, layout, runner)
    sink = _null_sink(clock)
    rig = _assemble(profile, options, Parts(source, perception, sink, clock, mailbox, runner), layout)
    rig.world, rig.target = "live", window.title
    rig.why = f"the window {window.describe()} was found"
    if options.eager:
        rig.on_layout = _both(rig.on_layout, lambda new: source.set_watch(watched_rects(new)))
    if not options.dry_run:
        _arm(rig, window, mailbox)
    rig.on_layout = _both(rig.on_layout, keep_tail(rig.agent, profile, layout, window.title).set_layout)
    _add_taps(rig, options)
    return rig


def _both(first: Callable[[Layout], None] | None, second: Callable[[Layout], None]) -> Callable[[Layout], None]:
    def call(layout: Layout) -> None:
        if first is not None:
            first(layout)
        second(layout)

    return call


def _arm(rig: Rig, window: Window, mailbox: Mailbox) -> None:
    """Real keys, and everything that can take them away again."""
    from wowbot.action.control_socket import ControlSocket
    from wowbot.action.hotkey import StopHotkey
    from wowbot.action.sink import PyautoguiSink
    from wowbot.action.sinks import Target
    from wowbot.action.watchdog import Watchdog

    guard = rig.guard
    dog = Watchdog(rig.profile.facts.remedies.hung_s)
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
    rig.services += [dog, sink, ControlSocket(answer)]
    try:
        rig.services.append(StopHotkey("pause", halt))
        rig.stop_hint = "the Pause key"
    except WowbotError as error:
        rig.notes.append(f"no stop key: {error}")


def _live_layout(profile: Profile, options: RunOptions, window: Window) -> Layout:
    """By name, from the profile, or found on the window as it is now."""
    from wowbot.hud import load_layout

    name = options.layout if options.layout != "auto" else profile.facts.layout
    if name != "auto":
        layout = load_layout(find("layouts", name))
        size = (window.rect.width, window.rect.height)
        if size != layout.size_wh:
            raise LayoutMismatch(
                f"the window is {size[0]}x{size[1]}, but layout {layout.name!r} was made for "
                f"{layout.size_wh[0]}x{layout.size_wh[1]}: set the window to that size, or run `wowbot calibrate`"
            )
        return layout
    from wowbot.calibration.fit import calibrate
    from wowbot.capture.grab import ScreenGrabber

    grabber = ScreenGrabber()
    try:
        image = grabber.image(window.rect)
    finally:
        grabber.close()
    found = calibrate([image], era=profile.facts.era)
    if found.layout is None:
        refused = found.refused
        cause = "" if refused is None else f" ({refused.cause}: {refused.evidence})"
        raise LayoutError(
            f"no stock HUD is found in {window.title!r}{cause}. Put the HUD back to its default, or make a layout with "
            "`wowbot calibrate --guide` and name it by --layout"
        )
    return found.layout


def hud_perception(profile: Profile, layout: Layout, runner: Runner, sim_icons: bool = False) -> Perception:
    """The pixel perception with the icons it may know: the simulator's own art, or what the user's client taught."""
    from wowbot.perception.icons import IconLibrary
    from wowbot.perception.pipeline import HudPerception

    if sim_icons:
        from wowbot.sim.icons import icon

        names = {*profile.bindings.spells, *(aura.icon for aura in profile.bindings.auras.values())}
        icons = IconLibrary.from_images({name: icon(name, 64) for name in sorted(names)})
    else:
        icons = IconLibrary.from_folder(user_dir() / "icons")
    return HudPerception(layout, bindings=profile.bindings, icons=icons, runner=runner)


def _null_sink(clock: Clock) -> ActionSink:
    from wowbot.action.sinks import SINKS

    sink: ActionSink = SINKS.load("null")(clock)
    return sink


def picture(rig: Rig, tick: Tick, path: Path) -> None:
    """Write the tick's frame with regions, readings and the rule on it."""
    import cv2

    from wowbot.replay.picture import annotate

    if tick.frame.image is None:
        raise CaptureError("--snapshot: this run has no pixels (truth perception); leave out --truth")
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = annotate(tick.frame.image, rig.layout, tick.observation.readings, tick.decision)
    if not cv2.imwrite(str(path), drawn):
        raise CaptureError(f"--snapshot: {path} cannot be written; expected a .png in a folder that exists")
