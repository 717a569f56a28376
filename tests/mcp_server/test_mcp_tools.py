"""The agent as MCP tools, through the official client, in process."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from mcp import Client

from wowbot.build import RunOptions
from wowbot.mcp_server.http import guarded
from wowbot.mcp_server.server import make_server
from wowbot.mcp_server.session import Session, SessionOptions, recordings

TOOLS = {
    "observe", "list_actions", "act", "run_profile", "pause", "stop", "explain_last", "calibrate", "replay",
}  # fmt: skip
READ_ONLY = {"observe", "list_actions", "explain_last", "calibrate", "replay"}
FULL_SPEED = 0.0


def session(*, allow_act: bool, truth: bool = True, scenario: str = "grind") -> Session:
    run = RunOptions("mage", "sim", scenario=scenario, truth=truth, size_wh=(800, 600))
    made = Session(SessionOptions(run, 20.0, allow_act))
    made.start()
    return made


@pytest.fixture
def acting() -> Iterator[Session]:
    made = session(allow_act=True)
    yield made
    made.stop("the test is over")


@pytest.fixture
def reading() -> Iterator[Session]:
    made = session(allow_act=False, truth=False)
    yield made
    made.stop("the test is over")


def talk(on: Session, what: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(make_server(on)) as client:
            return await what(client)

    return asyncio.run(run())


def test_every_tool_and_resource_is_listed_with_its_hints(reading: Session) -> None:
    async def ask(client: Client) -> Any:
        return await client.list_tools(), await client.list_resources(), await client.list_resource_templates()

    tools, resources, templates = talk(reading, ask)
    assert {tool.name for tool in tools.tools} == TOOLS
    assert {tool.name for tool in tools.tools if tool.annotations.read_only_hint} == READ_ONLY
    assert all(tool.description for tool in tools.tools)
    assert {str(r.uri) for r in resources.resources} == {"frame://latest", "recordings://list"}
    assert [t.uri_template for t in templates.resource_templates] == ["recordings://{name}"]


def test_observe_tells_structured_state_and_the_annotated_picture(reading: Session) -> None:
    result = talk(reading, lambda client: client.call_tool("observe", {}))
    assert [block.type for block in result.content] == ["text", "image"]
    assert result.structured_content["terms"]["health.pct"] == pytest.approx(100.0, abs=1.5)
    assert result.structured_content["playing"] is False
    assert json.loads(result.content[0].text) == result.structured_content


def test_observe_leaves_names_of_people_out(reading: Session) -> None:
    terms = talk(reading, lambda c: c.call_tool("observe", {"terms": ["*"]})).structured_content["terms"]
    assert not [name for name in terms if name == "name" or name.endswith(".name") or name.startswith("chat.text")]


@pytest.mark.parametrize(
    ("tool", "arguments"), [("act", {"ability": "frostbolt"}), ("run_profile", {}), ("pause", {"paused": False})]
)
def test_what_presses_keys_is_refused_without_allow_act(reading: Session, tool: str, arguments: dict[str, Any]) -> None:
    result = talk(reading, lambda client: client.call_tool(tool, arguments))
    assert result.is_error and "--allow act" in result.content[0].text


def test_everything_that_reads_answers(reading: Session) -> None:
    async def ask(client: Client) -> Any:
        calls = [("list_actions", {}), ("explain_last", {}), ("calibrate", {}), ("pause", {})]
        results = [await client.call_tool(name, arguments) for name, arguments in calls]
        frame = await client.read_resource("frame://latest")
        listed = await client.read_resource("recordings://list")
        heads = [await client.read_resource(f"recordings://{name}") for name in recordings()]
        return results, frame, listed, heads

    results, frame, listed, heads = talk(reading, ask)
    assert not any(result.is_error for result in results)
    assert results[2].structured_content["found"] is True
    assert frame.contents[0].mime_type == "image/png" and len(frame.contents[0].blob) > 10_000
    assert [row["name"] for row in json.loads(listed.contents[0].text)] == list(recordings())
    assert all("ticks" in json.loads(head.contents[0].text) for head in heads)


def test_act_goes_out_through_the_guard_and_says_so(acting: Session) -> None:
    result = talk(acting, lambda client: client.call_tool("act", {"ability": "ice_barrier"}))
    assert result.structured_content["accepted"] is True
    assert acting.rig.report.abilities["ice_barrier"] == 1


@pytest.mark.parametrize(
    ("ability", "why"),
    [
        ("answer", "no"),
        ("frostbold", "no ability 'frostbold'; see list_actions. Did you mean 'frostbolt'"),
        ("alt-f4", "no ability"),
    ],
)
def test_act_says_precisely_what_is_wrong(acting: Session, ability: str, why: str) -> None:
    result = talk(acting, lambda client: client.call_tool("act", {"ability": ability}))
    text = result.content[0].text
    assert why in text and not (result.structured_content or {}).get("accepted")
    assert "alt-f4" not in acting.rig.report.keys


def test_act_is_held_back_while_paused(acting: Session) -> None:
    async def ask(client: Client) -> Any:
        await client.call_tool("pause", {})
        return await client.call_tool("act", {"ability": "ice_barrier"})

    result = talk(acting, ask)
    assert result.structured_content["told"].startswith("held back by the guard: paused")
    assert not acting.rig.report.abilities


def test_profile_plays_when_asked_and_stops_when_asked(acting: Session) -> None:
    async def ask(client: Client) -> Any:
        started = await client.call_tool("run_profile", {"profile": "mage", "scenario": "single_target"})
        done = threading.Event()
        seen = acting.rig.agent.taps
        seen.append(_Until(done))
        await asyncio.to_thread(done.wait, 20.0)
        return started, await client.call_tool("stop", {}), await client.call_tool("observe", {})

    started, stopped, after = talk(acting, ask)
    assert started.structured_content["playing"] is True
    assert stopped.structured_content["running"] is False
    assert sum(acting.rig.report.abilities.values()) >= 3
    assert after.structured_content["running"] is False


class _Until:
    """A tap that sets an event at the third key."""

    def __init__(self, done: threading.Event) -> None:
        self._done, self._keys = done, 0

    def on_tick(self, tick: Any) -> None:
        self._keys += len(tick.accepted)
        if self._keys >= 3:
            self._done.set()

    def close(self) -> None:
        self._done.set()


def test_two_hundred_calls_at_once_lose_nothing(acting: Session) -> None:
    async def ask(client: Client) -> Any:
        reads = [client.call_tool("observe", {"image": False, "terms": ["health.pct"]}) for _ in range(170)]
        acts = [client.call_tool("act", {"ability": "target_nearest"}) for _ in range(30)]
        return await asyncio.gather(*reads, *acts)

    results = talk(acting, ask)
    assert len(results) == 200
    assert all("health.pct" in result.structured_content["terms"] for result in results[:170])
    texts = [result.content[0].text for result in results[170:]]
    assert all(result.structured_content or result.is_error for result in results[170:]), texts


def test_unknown_recording_is_refused_by_name(reading: Session) -> None:
    result = talk(reading, lambda client: client.call_tool("replay", {"recording": "../../etc/passwd"}))
    assert result.is_error and "no recording" in result.content[0].text


@pytest.mark.parametrize(
    ("header", "passes"), [(b"Bearer right", True), (b"Bearer wrong", False), (b"right", False), (b"", False)]
)
def test_http_needs_the_token(header: bytes, passes: bool) -> None:
    told: list[Any] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        told.append("app")

    async def send(message: Any) -> None:
        told.append(message.get("status"))

    async def receive() -> Any:
        return {}

    scope = {"type": "http", "headers": [(b"authorization", header)]}
    asyncio.run(guarded(app, "right")(scope, receive, send))
    assert told[0] == ("app" if passes else 401)
