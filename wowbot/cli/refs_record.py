"""`wowbot refs record`: play a scenario of the training ground and keep it as a case, with what really was on the screen."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wowbot.core.errors import ConfigError
from wowbot.core.event import Event
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout
from wowbot.core.protocols import FrameSource, Perception
from wowbot.core.reading import Observation, Value

if TYPE_CHECKING:
    from wowbot.build import Rig, RunOptions

TRUTH_EVERY = 20
"""Ticks between two lines of truth."""
TRUTH_TERMS = (
    "health.pct", "mana.pct", "rage.pct", "cast.active", "cast.pct", "in_combat", "dead", "ghost", "popup.open",
    "target.exists", "target.health.pct", "target.dead", "target.cast.active", "target.cast.pct",
    "aura.player.count", "aura.target.count",
)  # fmt: skip
"""Looked at in the truth; a term the screen does not show is left out."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    parser.add_argument("name", help="of the case; an existing one is played again as it was")
    parser.add_argument("--profile", default="mage", help="default: mage")
    parser.add_argument("--scenario", help="default: the profile's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="game time (default: 20)")
    parser.add_argument("--hz", type=float, default=20.0, help="default: 20")
    parser.add_argument("--size", default="1024x768", metavar="WxH", help="default: 1024x768")
    parser.add_argument("--spoil", choices=("", *SPOILS), default="", help="what goes wrong with the frames")
    parser.add_argument("--why", default="", help="why the case exists; stands in its README")
    parser.add_argument("--recordings", type=Path, metavar="FOLDER", help="default: the shipped ones")


def main(args: argparse.Namespace) -> int:
    """Play, keep, say how large it is."""
    from wowbot.config import data_dir
    from wowbot.replay.cases import RECORDING_MB, Case

    case = Case((args.recordings or data_dir("recordings")) / args.name)
    with tempfile.TemporaryDirectory() as spare:
        path = Path(spare) / "recording.mcap"
        options = options_of(case, args, path)
        beside = play(options, args.spoil, path)
        size_mb = path.stat().st_size / 1e6
        if size_mb > RECORDING_MB:
            raise ConfigError(
                f"{args.name}: {size_mb:.1f} MB, at most {RECORDING_MB:g} MB are shipped; use fewer --seconds"
            )
        case.folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, case.recording)
    case.truth.write_text("".join(line + "\n" for line in beside.lines), encoding="utf-8")
    write_readme(case.folder, args, options)
    print(f"{case.folder}: {size_mb:.2f} MB, {len(beside.lines)} lines of truth")
    return 0


def options_of(case: Any, args: argparse.Namespace, path: Path) -> RunOptions:
    """As asked for, or as the case was played before."""
    from wowbot.build import RunOptions
    from wowbot.cli.run import size_from
    from wowbot.recording.reader import Recording

    plain = RunOptions(
        profile=args.profile, world="sim", hz=args.hz, seed=args.seed, scenario=args.scenario,
        size_wh=size_from(args.size), seconds=args.seconds, record=None if args.spoil else path,
    )  # fmt: skip
    if not case.recording.is_file():
        return plain
    with Recording(case.recording) as recording:
        sim, profile = recording.header.sim, recording.header.profile
        if sim is None or profile is None:
            return plain
        return replace(
            plain, profile=profile.name, scenario=sim.scenario, seed=sim.seed, hz=sim.hz, size_wh=sim.size_wh,
            seconds=round(recording.seconds, 3),
        )  # fmt: skip


def play(options: RunOptions, spoil: str, path: Path) -> TruthBeside:
    """One run; the truth is taken beside every reading."""
    from wowbot.build import build_rig
    from wowbot.control import Control
    from wowbot.sim.truth import TruthPerception

    rig = build_rig(options)
    if spoil:
        spoil_frames(rig, spoil, path)
    beside = TruthBeside(rig.agent.perception, TruthPerception(rig.session))
    rig.agent.perception = beside
    Control(rig, seconds=options.seconds).run()
    return beside


@dataclass(slots=True)
class TruthBeside:
    """Reads the pixels; notes the truth of the same moment every so many ticks.

    Args:
        lines: of truth.jsonl.
    """

    seeing: Perception
    truth: Perception
    lines: list[str] = field(default_factory=list)

    def set_layout(self, layout: Layout) -> None:
        """For the one that needs it."""
        self.seeing.set_layout(layout)

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        """What is read; not what is true."""
        from wowbot.replay.truth import truth_line

        seen = self.seeing.observe(frame, events)
        true = self.truth.observe(frame, events)
        if frame.index % TRUTH_EVERY == TRUTH_EVERY // 2 and not frame.status:
            told: Mapping[str, Value | None] = {
                term: _rounded(true.readings[term].value)
                for term in TRUTH_TERMS
                if term in true.readings and term in seen.readings
            }
            self.lines.append(truth_line(frame.index, told))
        return seen


def _rounded(value: Value | None) -> Value | None:
    return round(value, 2) if isinstance(value, float) else value


SPOIL_FRAMES = "2fps-regions"
SPOIL_KEEPS = ("player.", "target.", "actionbar.")
"""Regions kept when frames are: what stands on the world's moving picture is too large to ship."""
BLACK_S, RESIZED_S = (3.0, 4.5), (3.0, 5.0)


class SpoiledSource:
    """Frames that go wrong for a while: black as a minimised game gives them, or of another size.

    Args:
        kind: one of SPOILS.
    """

    def __init__(self, source: FrameSource, kind: str) -> None:
        self._source, self._kind, self._first_ns = source, kind, -1
        self.name = source.name

    def open(self) -> None:
        """Open the real one."""
        self._source.open()

    def close(self) -> None:
        """Close the real one."""
        self._source.close()

    def read(self) -> Frame | None:
        """The next frame, spoiled in its time."""
        frame = self._source.read()
        if frame is None or frame.image is None:
            return frame
        self._first_ns = frame.t_ns if self._first_ns < 0 else self._first_ns
        low, high = SPOILS[self._kind]
        if not low <= (frame.t_ns - self._first_ns) / 1e9 < high:
            return frame
        if self._kind == "black":
            return replace(frame, image=frame.image * 0, status="black")
        import cv2
        import numpy as np

        small = cv2.resize(frame.image, (800, 600), interpolation=cv2.INTER_AREA)
        return replace(frame, image=np.asarray(small, np.uint8))


SPOILS = {"black": BLACK_S, "resized": RESIZED_S}


def spoil_frames(rig: Rig, kind: str, path: Path) -> None:
    """Put the fault between the world and the agent, and keep the pixels of the main regions."""
    from wowbot.recording.schema import Header
    from wowbot.taping import record_run, session_facts

    rig.agent.source = SpoiledSource(rig.agent.source, kind)
    regions = {name: region for name, region in rig.layout.regions.items() if name.startswith(SPOIL_KEEPS)}
    layout = replace(rig.layout, id=f"{rig.layout.id}-hud", regions=regions)
    rig.set_layout(layout)
    header = Header("live", rig.target, layout=layout, sim=session_facts(rig.session))
    record_run(path, rig.agent, rig.profile, header, SPOIL_FRAMES)


def write_readme(folder: Path, args: argparse.Namespace, options: RunOptions) -> None:
    """Why it exists and how it was made; an existing one is kept."""
    path = folder / "README.md"
    if path.exists():
        return
    spoil = f" --spoil {args.spoil}" if args.spoil else ""
    how = (
        f"wowbot refs record {args.name} --profile {options.profile} --scenario {options.scenario or 'default'} "
        f"--seed {options.seed} --seconds {options.seconds:g} --size {args.size}{spoil}"
    )
    again = "seed, scenario and actions; its frames are rendered again"
    kept = "the pixels of the regions, twice a second" if args.spoil else again
    path.write_text(f"# {args.name}\n\n{args.why}\n\nKept: {kept}. Made by `{how}`.\n", encoding="utf-8")
