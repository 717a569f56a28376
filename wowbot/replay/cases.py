"""The recordings that stand as tests: their folders, their references, and new ones made from a bug report."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wowbot.core.errors import RecordingError
from wowbot.core.reading import Value
from wowbot.replay.refs import RefReader
from wowbot.replay.run import Outcome
from wowbot.replay.stages import STAGES, Stage
from wowbot.replay.truth import TruthScore, in_rows, load_truth, truth_line

RECORDING_MB, TOGETHER_MB = 2.0, 12.0
"""Limits of what is shipped."""


@dataclass(frozen=True, slots=True)
class Case:
    """One folder under recordings/."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def recording(self) -> Path:
        return self.folder / "recording.mcap"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.jsonl"

    @property
    def refs(self) -> Path:
        return self.folder / "refs"

    @property
    def has_refs(self) -> bool:
        return all((self.refs / f"{stage}.jsonl").is_file() for stage in STAGES)


def find_cases(folder: Path, names: Iterable[str] = ()) -> list[Case]:
    """All cases of a folder, or the named ones, sorted by name.

    Raises:
        RecordingError: a named one does not exist.
    """
    found = {p.parent.name: Case(p.parent) for p in sorted(folder.glob("*/recording.mcap"))}
    missing = [name for name in names if name not in found]
    if missing:
        raise RecordingError(f"no recording {missing[0]!r} in {folder}; there are: {', '.join(found) or 'none'}")
    return [found[name] for name in names] or list(found.values())


@dataclass(slots=True)
class Proposal:
    """What the references of one case would become.

    Args:
        was: the run against the present references; None where there are none.
        now: the new lines.
    """

    case: Case
    was: Outcome | None
    now: Outcome

    @property
    def changed(self) -> bool:
        return self.was is None or not self.was.same


@dataclass(slots=True)
class Update:
    """New references for several cases, taken all together or not at all.

    Args:
        why: stands in the log of changes.
        worse: truth scores that got worse, one line each; any of them refuses the update.
    """

    why: str
    proposals: list[Proposal] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)

    def take(self, proposal: Proposal) -> None:
        """Consider one case: its references, where it has some, are scored by the truth as the new readings are."""
        self.proposals.append(proposal)
        if not proposal.case.has_refs:
            return
        before, now = len(score_refs(proposal.case).wrong), proposal.now.score.wrong
        if len(now) > before:
            self.worse.append(f"{proposal.case.name}: {len(now)} values are wrong, {before} were; {now[0]}")

    def write(self, log: Path) -> list[str]:
        """Replace the references of every changed case; returns their names.

        Raises:
            RecordingError: the truth got worse, or a file cannot be written (then nothing was changed).
        """
        if self.worse:
            told = "\n  ".join(self.worse)
            raise RecordingError(f"references are not updated, because readings got worse against the truth:\n  {told}")
        changed = [p for p in self.proposals if p.changed]
        staged: list[tuple[Path, Path]] = []
        try:
            for proposal in changed:
                staged.append((stage_refs(proposal), proposal.case.refs))
            for fresh, refs in staged:
                _swap(fresh, refs)
            if changed:
                names = ", ".join(p.case.name for p in changed)
                with log.open("a", encoding="utf-8") as stream:
                    stream.write(f"- {names}: {self.why}\n")
        except OSError as error:
            raise RecordingError(f"references cannot be written: {error}") from error
        finally:
            for fresh, _ in staged:
                shutil.rmtree(fresh, ignore_errors=True)
        return [p.case.name for p in changed]


def score_refs(case: Case) -> TruthScore:
    """How right the present references are."""
    score = TruthScore()
    seen, state = RefReader(case.refs / "perception.jsonl"), RefReader(case.refs / "state.jsonl")
    for index, told in sorted(load_truth(case.truth).items()):
        score.take(index, told, in_rows(seen.row(index), state.row(index)))
    return score


def stage_refs(proposal: Proposal) -> Path:
    """The new references in a folder of their own, beside the old ones."""
    fresh = Path(tempfile.mkdtemp(prefix="refs-", dir=proposal.case.folder))
    fresh.chmod(0o755)
    for stage in STAGES:
        lines = proposal.now.lines.get(stage, [])
        (fresh / f"{stage}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return fresh


def _swap(fresh: Path, refs: Path) -> None:
    refs.mkdir(exist_ok=True)
    for path in fresh.iterdir():
        path.replace(refs / path.name)


def write_case(folder: Path, index: int, terms: Mapping[str, Value | None], why: str) -> Case:
    """Finish a bug report: truth line and README beside a recording that is already there."""
    case = Case(folder)
    case.truth.write_text(truth_line(index, terms) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(f"# {case.name}\n\n{why}\n", encoding="utf-8")
    return case


def stage_names(text: str) -> tuple[Stage, ...]:
    """ "all" or one stage.

    Raises:
        RecordingError: no such stage.
    """
    if text == "all":
        return STAGES
    found = tuple(stage for stage in STAGES if stage == text)
    if not found:
        raise RecordingError(f"stage {text!r}: expected all, {', '.join(STAGES)}")
    return found
