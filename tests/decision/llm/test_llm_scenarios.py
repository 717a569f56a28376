"""Scenarios the rules alone cannot pass, passed with a model; and nothing secret left behind."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.decision.llm.servers import Say, Server, call, serving
from wowbot.build import Rig, RunOptions, build_rig, replay_stages
from wowbot.config import data_dir
from wowbot.control import Control
from wowbot.core.tick import Tick
from wowbot.recording.reader import Recording
from wowbot.replay.stages import Replay

EXCHANGE = json.loads((Path(__file__).parent / "data" / "dashscope_dialog.json").read_text(encoding="utf-8"))
KEY, NAME = "sk-planted0123456789abcdef", "Plantedname"


def profile_with(tmp_path: Path, **llm: Any) -> str:
    """mage_llm with other settings in its [llm] block."""
    source = data_dir("configs") / "profiles"
    text = (source / "mage_llm.toml").read_text(encoding="utf-8")
    for name, value in llm.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{name} =")]
        at = lines.index("[llm]") + 1
        text = "\n".join([*lines[:at], f"{name} = {json.dumps(value)}", *lines[at:]]) + "\n"
    (tmp_path / "mage_llm.toml").write_text(text, encoding="utf-8")
    for name in ("mage_llm.simc", "mage_llm.script"):
        (tmp_path / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    return str(tmp_path / "mage_llm.toml")


def played(options: RunOptions) -> tuple[Rig, list[Tick]]:
    rig, ticks = build_rig(options), list[Tick]()
    Control(rig).run(lambda tick: ticks.append(replace(tick, frame=replace(tick.frame, image=None))))
    return rig, ticks


def phases(ticks: list[Tick]) -> list[str]:
    return [str(e.payload["phase"]) for tick in ticks for e in tick.events if e.kind == "llm"]


@pytest.mark.parametrize("scenario", ["dialog", "door"])
def test_rules_alone_do_not_pass(scenario: str, tmp_path: Path) -> None:
    profile = profile_with(tmp_path, backend="")
    rig, _ = played(RunOptions(profile, "sim", scenario=scenario, truth=True))
    assert rig.session.stats.result != "won" and rig.session.stats.kills == 0


@pytest.mark.parametrize("scenario", ["dialog", "door"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scripted_model_passes(scenario: str, seed: int) -> None:
    rig, ticks = played(RunOptions("mage_llm", "sim", scenario=scenario, truth=True, seed=seed))
    assert rig.session.stats.result == "won"
    assert [phase for phase in phases(ticks) if phase != "held back"][:3] == ["asked", "answer", "verdict"]


@pytest.fixture
def dashscope(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)
    with serving("dashscope") as server:
        server.say = Say(raw=json.dumps(EXCHANGE["response"]).encode())
        yield server


def test_recorded_dashscope_exchange_passes_the_dialog(dashscope: Server, tmp_path: Path) -> None:
    profile = profile_with(tmp_path, backend="dashscope", base_url=dashscope.base_url, timeout_s=10.0)
    rig, _ = played(RunOptions(profile, "sim", scenario="dialog", truth=True))
    assert rig.session.stats.result == "won"
    sent = dashscope.seen[0]
    assert sent["model"] == EXCHANGE["request"]["model"]
    assert [tool["function"]["name"] for tool in sent["parameters"]["tools"]] == EXCHANGE["request"]["tools"]


def test_replay_uses_the_recorded_answers_and_asks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    played(RunOptions("mage_llm", "sim", scenario="dialog", truth=True, record=path, frames="changed"))
    with Recording(path) as recording:
        stages = replay_stages(recording.header, None)
        stages.restore(recording.snapshots(None))
        done = list(Replay(stages, recording.layouts, ("decision",)).run(recording.ticks(pixels=False)))
    assert "llm" in {each.tick.decision.source for each in done}
    assert all(each.decision == each.tick.decision for each in done)


def test_planted_key_and_planted_name_are_nowhere(
    tmp_path: Path, dashscope: Server, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recording, log, output and what was sent; the server repeats the key in its error, the screen shows the name."""
    caplog.set_level(logging.DEBUG)
    profile = profile_with(tmp_path, backend="dashscope", base_url=dashscope.base_url, timeout_s=10.0)
    error = json.dumps(
        {"code": "InvalidParameter", "message": f"key {KEY} or Bearer {KEY}", "request_id": "r"}
    ).encode()
    answers = [Say(raw=error, status=400), Say(text=f"my key is {KEY}"), Say([call("use", {"ability": "accept"})])]
    dashscope.say = lambda _body: answers.pop(0) if len(answers) > 1 else answers[0]
    path = tmp_path / "run.mcap"
    options = RunOptions(
        profile,
        "sim",
        scenario="dialog",
        size_wh=(800, 600),
        record=path,
        frames="changed",
        mask=("names", "chat"),
        seconds=12,
    )
    rig = build_rig(options)
    rig.session.world.player.name = NAME
    rig.session.world.popup = replace(rig.session.world.popup, text=f"{NAME} wants to resurrect you.")
    Control(rig).run()
    assert len(dashscope.seen) >= 2
    sent = json.dumps(dashscope.seen)
    assert NAME not in sent and KEY not in sent and "wants to resurrect" in sent
    written = path.read_bytes()
    with Recording(path) as recording:
        ticks = [
            json.dumps([dict(e.payload) for e in tick.events]) + repr(tick) for tick in recording.ticks(pixels=False)
        ]
    told = capsys.readouterr()
    for text in (caplog.text, *ticks, told.out, told.err, written.decode("latin-1"), json.dumps(rig.report.as_dict())):
        assert NAME not in text and KEY not in text
