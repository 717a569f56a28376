"""`wowbot llm test`, `wowbot do` and `wowbot mcp` as their user meets them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from tests.decision.llm.servers import Say, call, serving
from wowbot.cli.main import main
from wowbot.config import data_dir

GOAL = "kill five wolves, then rest until full and stop"


def test_round_trip_tells_time_tokens_and_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["llm", "test", "--profile", "mage_llm", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["error"] == "" and report["refused"] == "" and report["calls"][0].startswith("use(")
    assert report["tokens_in"] > 0 and report["with_start_ms"] > 0


def test_round_trip_through_the_sdk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-planted0123456789abcdef")
    with serving("dashscope") as server:
        server.say = Say([call("use", {"ability": "accept"})])
        code = main(
            ["llm", "test", "--backend", "dashscope", "--base-url", server.base_url, "--timeout", "10", "--json"]
        )
    report = json.loads(capsys.readouterr().out)
    assert code == 0 and (report["tokens_in"], report["tokens_out"]) == (10, 5) and report["round_trip_ms"] > 0


def test_missing_key_says_where_to_put_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert main(["llm", "test", "--backend", "dashscope", "--timeout", "10"]) == 1
    assert "set DASHSCOPE_API_KEY in the environment" in capsys.readouterr().out


def test_profile_without_a_back_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["llm", "test", "--profile", "warrior"]) == 2
    assert "name one here by --backend" in capsys.readouterr().err


@pytest.mark.parametrize("profile", ["mage", "warrior", "priest"])
def test_goal_ends_by_itself(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do", GOAL, "--profile", profile, "--world", "sim", "--truth", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reached"] and told["reason"] == "the goal is reached" and "without a model" in told["planner"]
    assert [task["done"] for task in told["tasks"]] == [True, True] and told["tasks"][0]["kills"] >= 5


def test_plan_only_plays_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do", GOAL, "--profile", "mage", "--plan-only", "--json"]) == 0
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    assert [task["until"] for task in tasks] == ["task.kills>=5", "health.pct>=95&mana.pct>=95&!in_combat"]


@pytest.mark.parametrize(
    ("goal", "untils"),
    [
        ("kill 3 boars", ["task.kills>=3"]),
        ("Kill ten enemies and then wait 30 seconds", ["task.kills>=10", "task.seconds>=30"]),
        ("grind for 2 minutes; rest", ["task.seconds>=120", "health.pct>=95&mana.pct>=95&!in_combat"]),
        ("reach level 12, stop, kill a wolf", ["level>=12"]),
    ],
)
def test_usual_phrases_are_understood(goal: str, untils: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do", goal, "--profile", "mage", "--plan-only", "--json"]) == 0
    assert [task["until"] for task in json.loads(capsys.readouterr().out)["tasks"]] == untils


@pytest.mark.parametrize("goal", ["make me rich", "", "kill all humans now", "stop"])
def test_what_is_not_understood_is_said(goal: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do", goal, "--profile", "mage", "--plan-only"]) == 2
    assert "kill N [things]" in capsys.readouterr().err


def scripted_profile(folder: Path, *plans: object) -> str:
    source = data_dir("configs") / "profiles"
    (folder / "mage_llm.toml").write_bytes((source / "mage_llm.toml").read_bytes())
    (folder / "mage_llm.simc").write_bytes((source / "mage_llm.simc").read_bytes())
    rows = [
        f'[[answer]]\ntopic = "tasks"\ntext = {json.dumps(plan)}\n' if isinstance(plan, str) else _row(plan)
        for plan in plans
    ]
    (folder / "mage_llm.script").write_text("\n".join(rows), encoding="utf-8")
    return str(folder / "mage_llm.toml")


def _row(plan: object) -> str:
    tasks = ", ".join("{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in task.items()) + " }" for task in plan)  # type: ignore[attr-defined]
    return f'[[answer]]\ntopic = "tasks"\ncalls = [{{ name = "tasks", arguments = {{ tasks = [{tasks}] }} }}]\n'


def test_model_makes_the_plan_where_there_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = scripted_profile(tmp_path, [{"name": "one", "until": "task.kills>=1", "limit_s": 200.0}])
    assert main(["do", "slay a beast", "--profile", profile, "--world", "sim", "--truth", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["planner"].startswith("the model") and told["tasks"][0]["kills"] == 1


def test_task_that_failed_without_progress_is_not_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = scripted_profile(tmp_path, [{"name": "wait for level 90", "until": "level>=90", "limit_s": 5.0}])
    assert main(["do", "level up", "--profile", profile, "--world", "sim", "--truth", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert "was tried without progress" in told["reason"] and len(told["tasks"]) == 1


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ("no plan", "expected one call of `tasks`"),
        ([{"name": "x", "until": "server.secret=1"}], "is no term"),
        ([{"name": "x", "until": "dead=1", "how": "fly"}], "expected one of"),
        ([{"name": "x", "until": "dead=1", "of": 1}], "another form"),
        ([], "0 tasks, expected 1 to 12"),
    ],
)
def test_bad_plan_is_refused_with_its_reason(
    plan: object, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = scripted_profile(tmp_path, plan)
    assert main(["do", "anything", "--profile", profile, "--plan-only"]) == 2
    assert why in capsys.readouterr().err


def test_mcp_over_stdio_lists_calls_and_reads() -> None:
    async def ask() -> tuple[int, object, int]:
        command = [sys.executable, "-m", "wowbot", "mcp", "--world", "sim", "--truth", "--scenario", "grind"]
        async with Client(StdioServerParameters(command=command[0], args=command[1:])) as client:
            tools = await client.list_tools()
            seen = await client.call_tool("observe", {"terms": ["health.pct"]})
            listed = await client.read_resource("recordings://list")
            return len(tools.tools), seen.structured_content, len(listed.contents)

    count, seen, contents = asyncio.run(ask())
    assert count == 9 and contents == 1
    assert isinstance(seen, dict) and seen["terms"] == {"health.pct": 100.0}
