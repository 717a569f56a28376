"""A detector beside the loop: only where a list needs it, by name, off; its terms reach the rules."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wowbot.build import RunOptions, build_rig
from wowbot.config import data_dir
from wowbot.perception.detector_card import known_models
from wowbot.perception.pipeline import HudPerception

TOY = Path(__file__).parent.parent / "perception" / "models" / "raw.onnx"


def profile(folder: Path, condition: str) -> str:
    """A copy of the mage whose list begins with one more line."""
    shipped = data_dir("configs") / "profiles"
    shutil.copy(shipped / "mage.toml", folder / "mage.toml")
    text = (shipped / "mage.simc").read_text(encoding="utf-8")
    head, sep, rest = text.partition("actions=")
    (folder / "mage.simc").write_text(f"{head}actions=target_nearest,if={condition}\nactions+=/{rest}" if sep else text)
    return str(folder / "mage.toml")


def eyes(options: RunOptions) -> tuple[HudPerception, list[str]]:
    rig = build_rig(options)
    try:
        assert isinstance(rig.agent.perception, HudPerception)
        return rig.agent.perception, rig.notes
    finally:
        rig.close()


def test_a_list_that_reads_no_detector_term_runs_none() -> None:
    assert eyes(RunOptions(world="sim"))[0].detector is None


def test_a_list_that_reads_one_gets_the_shipped_model_or_a_note_of_what_stays_unknown(tmp_path: Path) -> None:
    perception, notes = eyes(RunOptions(profile=profile(tmp_path, "enemy.visible=1"), world="sim"))
    if "world" in known_models():
        assert perception.detector is not None
    else:
        assert any("enemy.visible" in note for note in notes)


@pytest.mark.parametrize(("wanted", "runs"), [("off", False), (str(TOY), True)], ids=["off", "by_path"])
def test_the_user_has_the_last_word(tmp_path: Path, wanted: str, runs: bool) -> None:
    options = RunOptions(profile=profile(tmp_path, "enemy.visible=1"), world="sim", detector=wanted)
    assert (eyes(options)[0].detector is not None) == runs


def test_results_reach_the_state_that_rules_decide_on(tmp_path: Path) -> None:
    options = RunOptions(profile=profile(tmp_path, "enemy.visible=1"), world="sim", detector=str(TOY), seconds=5.0)
    rig = build_rig(options)
    try:
        rig.open()
        values = [tick.state.values.get("enemy.visible") for _ in range(30) if (tick := rig.agent.tick()) is not None]
    finally:
        rig.close()
    assert values[0] is None
    assert values[-1] in (0.0, 1.0)
