"""One agent on a thread of its own, that other threads may look at and ask things of."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wowbot.build import Rig, RunOptions, build_rig
from wowbot.config import data_dir, user_dir
from wowbot.control import Control
from wowbot.core.errors import ConfigError, WowbotError, nearest
from wowbot.core.tick import Tick
from wowbot.decision.llm.prompt import PEOPLE, telling
from wowbot.decision.manual import ManualPolicy

log = logging.getLogger(__name__)
START_S, STOP_S = 20.0, 5.0


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How the server was started.

    Args:
        run: world, profile, scenario and the like.
        speed: game seconds per second in the training ground; 0 = as fast as it goes.
        allow_act: keys may be asked for from outside.
        mask: groups of regions blanked at the source: chat, names.
    """

    run: RunOptions
    speed: float = 1.0
    allow_act: bool = False
    mask: tuple[str, ...] = ()


@dataclass(slots=True)
class Session:
    """The one agent of a server; a new one takes its place when another profile is to be played."""

    options: SessionOptions
    control: Control | None = None
    manual: ManualPolicy | None = None
    error: str = ""
    _thread: threading.Thread | None = None
    _first: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: Tick | None = None
    _until_ns: int = 0

    def start(self, run: RunOptions | None = None, playing: bool = False) -> None:
        """Build the agent and let it look; it presses nothing until something is asked of it.

        Raises:
            WowbotError: the world, profile or layout is not to be had.
        """
        rig = build_rig(replace(run or self.options.run, trace=True, paced=self.options.speed > 0))
        self._mask(rig)
        self.manual = ManualPolicy(rig.profile.bindings.spells, rig.rules.keys.press, playing)
        rig.agent.policies = [self.manual, *rig.agent.policies]
        rig.agent.taps.append(self.manual)
        rig.agent.tracker.want(self.manual.tools.terms)
        self.control = Control(rig, speed=self.options.speed)
        self.error = ""
        self._first.clear()
        self._thread = threading.Thread(target=self._run, args=(self.control,), daemon=True, name="wowbot-mcp")
        self._thread.start()
        self._first.wait(START_S)

    def _mask(self, rig: Rig) -> None:
        from wowbot.taping import mask_agent

        masked = mask_agent(rig.agent, rig.layout, self.options.mask)
        if masked is not None:
            rig.on_layout.append(lambda new: masked.set_layout(new, self.options.mask))

    def _run(self, control: Control) -> None:
        try:
            control.run(self._on_tick)
        except Exception as error:
            log.exception("the agent's thread failed")
            self.error = str(error) if isinstance(error, WowbotError) else type(error).__name__
        finally:
            self._first.set()

    def _on_tick(self, tick: Tick) -> None:
        self._last = tick
        self._first.set()
        manual = self.manual
        if manual is not None and manual.playing and 0 < self._until_ns <= tick.frame.t_ns:
            manual.playing, self._until_ns = False, 0

    @property
    def rig(self) -> Rig:
        """The agent's rig.

        Raises:
            ConfigError: none was built.
        """
        if self.control is None:
            raise ConfigError("no agent is running: call run_profile")
        return self.control.rig

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def latest(self) -> Tick:
        """The newest finished tick.

        Raises:
            ConfigError: there has been none.
        """
        if self._last is None:
            raise ConfigError(f"nothing has been seen yet{f': {self.error}' if self.error else ''}")
        return self._last

    def play(self, profile: str, scenario: str | None, seconds: float) -> None:
        """Let a profile's rules play from now on; the agent is built anew where the profile or scenario is another.

        Raises:
            WowbotError: see `start`.
        """
        with self._lock:
            run = self.options.run
            wanted = replace(run, profile=profile or run.profile, scenario=scenario or run.scenario)
            if not self.running or wanted != run:
                self.stop("another run begins")
                self.options = replace(self.options, run=wanted)
                self.start(wanted, playing=False)
            assert self.manual is not None
            self._until_ns = self.latest().frame.t_ns + int(seconds * 1e9) if seconds > 0 else 0
            self.manual.playing = True

    def stop(self, why: str) -> None:
        """End the run and wait for its end; the keys are up."""
        if self.control is not None and self._thread is not None and self._thread.is_alive():
            self.control.stop(why)
            self._thread.join(STOP_S)

    def status(self) -> dict[str, Any]:
        """What it is doing, in plain values."""
        told = {} if self.control is None else self.control.status()
        playing = self.running and self.manual is not None and self.manual.playing
        return {**told, "running": self.running, "playing": playing, "error": self.error}


def shown_terms(values: Mapping[str, Any], names: list[str] | None, share_names: bool) -> dict[str, float | str | None]:
    """Terms as they are told outside: numbers rounded, names of people and chat left out unless they are shared.

    Args:
        names: which; None = those that say something at the moment, ["*"] = all.
    """
    hidden = () if share_names else PEOPLE
    told: dict[str, float | str | None] = {}
    for name in sorted(values) if names in (None, ["*"]) else names or ():
        value = values.get(name)
        if names is None and (value is None or (isinstance(value, float) and not telling(name, value))):
            continue
        if name in hidden or (not share_names and (name.startswith("chat") or name.endswith(".name"))):
            continue
        told[name] = round(value, 3) if isinstance(value, float) else value
    return told


def recordings() -> dict[str, Path]:
    """Recordings that may be replayed, by name: the shipped ones and those in the user's folder."""
    found: dict[str, Path] = {}
    for folder in (data_dir("recordings"), user_dir() / "recordings"):
        if folder.is_dir():
            found |= {path.parent.name: path for path in sorted(folder.glob("*/recording.mcap"))}
            found |= {path.stem: path for path in sorted(folder.glob("*.mcap"))}
    return found


def recording_called(name: str) -> Path:
    """One of them.

    Raises:
        ConfigError: no such recording; the message names what there is.
    """
    known = recordings()
    if name not in known:
        raise ConfigError(f"no recording {name!r}; there are: {', '.join(known) or 'none'}.{nearest(name, known)}")
    return known[name]
