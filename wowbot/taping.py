"""How a run meets its recording: what stands in the header, and how a profile and a session come back out of it."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.agent import Agent
from wowbot.config import bind, user_dir
from wowbot.core.errors import RecordingError
from wowbot.core.frame import Image
from wowbot.core.layout import Layout
from wowbot.core.tick import Tick
from wowbot.decision.profile import Profile, ProfileFile, load_profile, make_profile
from wowbot.recording.choice import parse_choice
from wowbot.recording.mask import MaskedSource, mask_rects
from wowbot.recording.schema import Header, ProfileText, SimFacts
from wowbot.recording.tail import TailTap
from wowbot.recording.tap import RecordingTap, RecordOptions, Snapshots

if TYPE_CHECKING:
    from wowbot.perception.icons import IconLibrary
    from wowbot.sim.session import SimSession

log = logging.getLogger(__name__)
AUTO = "auto"
"""Frames: rendered again in the training ground, else those in which a region changed."""


def profile_text(profile: Profile, profile_id: str = "") -> ProfileText:
    """The texts of a profile as they stand on disk now, under the id that is in force.

    Raises:
        RecordingError: its files are gone.
    """
    try:
        toml = profile.path.read_text(encoding="utf-8")
        rules = profile.rules_path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{profile.path}: cannot be recorded ({error.strerror})") from error
    return ProfileText(profile_id or profile.id, profile.facts.name, toml, rules)


def profile_from(text: ProfileText, where: str) -> Profile:
    """The profile a recording holds.

    Raises:
        ConfigError: this version does not understand it any more.
    """
    import tomllib

    try:
        table = tomllib.loads(text.toml)
    except tomllib.TOMLDecodeError as error:
        raise RecordingError(f"{where}: the recorded profile {text.name!r} is broken: {error}") from error
    facts = bind(ProfileFile, table, f"{where}: profile {text.name}")
    folder = Path(tempfile.gettempdir()) / "wowbot-recorded"
    profile = make_profile(folder / f"{text.name}.toml", facts, folder / facts.rules, text.rules)
    return replace(profile, id=text.id)


def recorded_profile(header: Header, override: str | None, where: str = "the recording") -> Profile:
    """The recorded profile, or another one by name.

    Raises:
        RecordingError: the recording has none and no other was named.
    """
    if override is not None:
        return load_profile(override)
    if header.profile is None:
        raise RecordingError(f"{where} was made without a profile: name one by --profile")
    return profile_from(header.profile, where)


def session_facts(session: SimSession) -> SimFacts:
    """What it takes to make this session again."""
    screen = session.screen
    options = {"gamma": screen.gamma} if screen.gamma != 1.0 else {}
    return SimFacts(session.scenario, session.seed, screen.size_wh, screen.era, session.hz, screen.ui_scale, options)


def session_from(header: Header, where: str = "the recording") -> SimSession:
    """The training-ground session a recording was made in, at its start.

    Raises:
        RecordingError: it was not made in the training ground.
    """
    from wowbot.core.layout import ERAS
    from wowbot.sim.session import SimSession

    sim = header.sim
    if sim is None or sim.era not in ERAS:
        raise RecordingError(f"{where} was not made in the training ground")
    bindings = recorded_profile(header, None, where).bindings
    era = next(e for e in ERAS if e == sim.era)
    return SimSession(
        sim.scenario, sim.seed, bindings,
        size_wh=sim.size_wh, era=era, ui_scale=sim.ui_scale, hz=sim.hz, **sim.options,
    )  # fmt: skip


def icons_text(library: IconLibrary) -> tuple[tuple[str, str], ...]:
    """A library as a header keeps it."""
    import base64

    import cv2

    pngs = [cv2.imencode(".png", picture)[1].tobytes() for picture in library.pictures]
    return tuple([(name, base64.b64encode(png).decode()) for name, png in zip(library.names, pngs, strict=True)])


def icons_from(kept: Sequence[tuple[str, str]]) -> IconLibrary:
    """The library a header keeps.

    Raises:
        RecordingError: a picture is broken.
    """
    import base64

    import cv2
    import numpy as np

    from wowbot.perception.icons import IconLibrary

    pictures: dict[str, list[Image]] = {}
    for name, text in kept:
        try:
            image = cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_COLOR)
        except (ValueError, cv2.error) as error:
            raise RecordingError(f"the recorded icon {name!r} is broken: {error}") from error
        if image is None:
            raise RecordingError(f"the recorded icon {name!r} is no picture")
        pictures.setdefault(name, []).append(np.asarray(image, np.uint8))
    return IconLibrary(dict(pictures.items()))


class ProfileFollower:
    """A tap that tells the recorder of a list taken over while running; stands before it."""

    def __init__(self, tap: RecordingTap, profile: Profile) -> None:
        self._tap, self._profile, self._id = tap, profile, profile.id

    def on_tick(self, tick: Tick) -> None:
        """Tell the recorder when the tick was decided under another list."""
        if tick.profile_id != self._id:
            self._id = tick.profile_id
            self._tap.set_profile(profile_text(self._profile, tick.profile_id))

    def close(self) -> None:
        """Nothing of its own."""


def record_run(path: Path, agent: Agent, profile: Profile, header: Header, frames: str) -> RecordingTap:
    """Put a recorder on an agent.

    Args:
        header: kind, source, sim and layout; the profile is filled in.
        frames: see choice.py, or "auto".

    Raises:
        ConfigError: no such choice of frames.
        RecordingError: the file cannot be made.
    """
    chosen = frames if frames != AUTO else ("sim" if header.kind == "sim" else "changed")
    parts: dict[str, Snapshots] = {"tracker": agent.tracker}
    parts |= {f"policy.{n}": policy for n, policy in enumerate(agent.policies)}
    filled = replace(header, profile=profile_text(profile))
    tap = RecordingTap(path, filled, RecordOptions(parse_choice(chosen)), parts)
    agent.taps += [ProfileFollower(tap, profile), tap]
    return tap


NORMAL_STOP = re.compile(r"^(stop|asked|wowbot stop|the pointer is in a corner)|minutes are over$|is reached$")
"""Reasons that were asked for; any other reason the guard stops for is worth a look."""
TAILS_KEPT = 5


class TailKeeper:
    """A tap that keeps the last seconds in memory and writes them when the run ends badly.

    Args:
        tail: the memory.
        folder: where a tail is written; the oldest beyond TAILS_KEPT are removed.
    """

    def __init__(self, tail: TailTap, folder: Path) -> None:
        self._tail, self._folder = tail, folder
        self._stop = ""
        self.saved: Path | None = None

    def on_tick(self, tick: Tick) -> None:
        """Keep the tick, and why the guard ended the run."""
        self._tail.on_tick(tick)
        self._stop = tick.verdict.stop or self._stop

    def set_layout(self, layout: Layout) -> None:
        """Another layout has come into force."""
        self._tail.set_layout(layout)

    def close(self) -> None:
        """Write the tail when an error or a stop that nobody asked for ended the run."""
        error = sys.exc_info()[1]
        why = "" if NORMAL_STOP.search(self._stop) else self._stop
        if error is not None and not isinstance(error, KeyboardInterrupt):
            why = f"{type(error).__name__}: {error}"
        if why:
            self._save(why)
        self._tail.close()

    def _save(self, why: str) -> None:
        path = self._folder / time.strftime("%Y%m%d-%H%M%S.mcap")
        try:
            self._tail.save(path, why)
        except (RecordingError, OSError) as error:
            log.warning("the last seconds could not be saved: %s", error)
            return
        self.saved = path
        log.warning("the last seconds are in %s: %s", path, why)
        for old in sorted(self._folder.glob("*.mcap"))[:-TAILS_KEPT]:
            old.unlink(missing_ok=True)


def keep_tail(agent: Agent, profile: Profile, header: Header) -> TailKeeper:
    """Put a memory of the last seconds on an agent; the header's profile is filled in."""
    header = replace(header, profile=profile_text(profile))
    parts: dict[str, Snapshots] = {"tracker": agent.tracker}
    parts |= {f"policy.{n}": policy for n, policy in enumerate(agent.policies)}
    keeper = TailKeeper(TailTap(header, parts=parts), user_dir() / "tails")
    agent.taps.append(keeper)
    return keeper


def mask_agent(agent: Agent, layout: Layout, groups: tuple[str, ...]) -> MaskedSource | None:
    """Blank these regions out at the source, for the agent as for the recording; None when none was named."""
    if not groups:
        return None
    agent.source = masked = MaskedSource(agent.source, mask_rects(layout, groups))
    return masked
