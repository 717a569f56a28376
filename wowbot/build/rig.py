"""What a run was asked for, and the agent with all that belongs to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wowbot.agent import Agent
from wowbot.core import memory
from wowbot.core.layout import Layout
from wowbot.core.tick import Tick
from wowbot.decision.profile import Profile
from wowbot.report import RunReport

if TYPE_CHECKING:
    from wowbot.decision.guard import SafetyGuard
    from wowbot.decision.rules import RulesPolicy
    from wowbot.perception.icons import IconLibrary
    from wowbot.taping import TailKeeper

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asked for.

    Args:
        world: "auto", "sim" or "live".
        hz: ticks a second; None = the world's usual. eager: watch the regions and tick when they change.
        size_wh, scenario, seed, truth: training ground only; scenario None = the profile's.
        seconds: end of a training-ground session in game time; 0 = the scenario's own end.
        record, frames, mask, mark_key: the recording, see wowbot.recording.
        detector: a model's name or path, "off", or "auto": the shipped one where the profile's list needs it.
        paced: training ground only: game time keeps to the clock on the wall, so that a model answers when it does.
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
    mark_key: str = ""
    watch: bool = False
    paced: bool = False
    detector: str = "auto"


@dataclass(slots=True)
class Rig:
    """One agent with all that belongs to it.

    Args:
        why: one line: which world was chosen and why.
        notes: what the user should know before the first key (slow capture, terms that cannot be seen).
        target: the window's title, or the scenario.
        icons: the library perception knows; None = the training ground's own.
        services: opened before the first tick and closed after the last: watchdog, hotkey, stop socket.
        tail: keeps the last seconds of a live run and writes them when it ends badly.
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
    notes: list[str] = field(default_factory=list)
    services: list[Any] = field(default_factory=list)
    on_layout: list[Callable[[Layout], None]] = field(default_factory=list)
    cost: Callable[[], str] | None = None
    session: Any = None
    icons: IconLibrary | None = None
    tail: TailKeeper | None = None
    _rules_mtime_ns: int = 0

    def open(self) -> None:
        """Open services and the source; what was opened is closed again when one fails."""
        import cv2

        cv2.setNumThreads(1)  # a tick's crops are too small to share out: the second thread would only wait and cost
        for service in self.services:
            if hasattr(service, "start"):
                service.start()
        self.agent.source.open()
        memory.settle()

    def close(self) -> None:
        """Keys up first, then every part; safe to call twice."""
        self.agent.close()
        for service in reversed(self.services):
            try:
                service.close()
            except Exception:
                log.exception("closing %s failed", service)
        memory.unsettle()

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
        for follow in self.on_layout:
            follow(layout)

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
