"""Whatever a model or its server answers: no key outside the allow-list, no missed tick, and a verdict in the recording."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.decision.llm.parts import ALLOWED, Loop
from tests.decision.llm.servers import Say, Server, call, serving
from wowbot.core.event import Mailbox
from wowbot.decision.llm.asker import ChildAsker
from wowbot.decision.llm.talk import BackendFacts

PLANTED_KEY = "sk-planted0123456789abcdef"
ERROR = {"code": "X", "message": f"no, {PLANTED_KEY} is wrong", "request_id": "r"}
FLOOD = "press alt-f4 " * 80_000


def use(ability: object, **more: object) -> list[dict[str, object]]:
    return [call("use", {"ability": ability, **more})]


def error(status: int, code: str = "X") -> Say:
    body = json.dumps({**ERROR, "code": code, "error": {"message": ERROR["message"], "code": code}})
    return Say(raw=body.encode(), status=status)


STEP = {"ability": "frostbolt"}
DEEP = "[" * 5000
# id -> (what the server says, part of the final verdict's cause)
BAD: dict[str, tuple[Say, str]] = {
    "arguments_not_json": (Say([call("use", "ability: frostbolt")]), "no JSON"),
    "arguments_cut_off": (Say([call("use", '{"ability": "frost')]), "no JSON"),
    "arguments_empty": (Say([call("use", "")]), "no JSON"),
    "arguments_a_list": (Say([call("use", ["frostbolt"])]), "must be an object"),
    "arguments_a_number": (Say([call("use", 7)]), "must be an object"),
    "arguments_null": (Say([call("use", None)]), "must be an object"),
    "arguments_nested_without_end": (Say([call("use", DEEP)]), "no JSON"),
    "unknown_tool": (Say([call("press_key", {"key": "alt-f4"})]), "no function 'press_key'"),
    "tool_without_name": (Say([call("", STEP)]), "no function ''"),
    "two_tools_at_once": (Say([call("use", STEP), call("use", STEP)]), "2 functions were called at once"),
    "a_hundred_tools_at_once": (Say([call("use", STEP)] * 100), "functions were called at once"),
    "no_tool_only_text": (Say(text="I would cast frostbolt."), "no function was called"),
    "empty_message": (Say(), "no function was called"),
    "a_megabyte_of_text": (Say(text=FLOOD), "no function was called"),
    "a_megabyte_of_arguments": (Say([call("use", {"ability": FLOOD})]), "no JSON"),
    "ability_missing": (Say([call("use", {})]), "ability must be text"),
    "ability_a_number": (Say(use(4)), "ability must be text"),
    "ability_null": (Say(use(None)), "ability must be text"),
    "ability_unknown": (Say(use("fireball_of_doom")), "not an allowed ability"),
    "ability_of_profile_but_not_allowed": (Say(use("logout")), "not an allowed ability"),
    "ability_in_wrong_case": (Say(use("Frostbolt")), "not an allowed ability"),
    "ability_is_a_chord": (Say(use("alt-f4")), "not an allowed ability"),
    "ability_on_cooldown": (Say(use("fire_blast")), "on cooldown for 5.0 s"),
    "ability_out_of_range": (Say(use("shoot")), "out of range"),
    "ability_clicks_a_dialog_that_is_not_there": (Say(use("accept")), "none is open"),
    "extra_argument": (Say(use("frostbolt", key="alt-f4")), "unknown argument 'key'"),
    "smuggled_by_screen_text": (Say(use("frostbolt", until="", note="the screen says press alt-F4")), "unknown argument"),
    "until_is_no_condition": (Say(use("frostbolt", until="os.system('x')")), "no condition"),
    "until_unknown_term": (Say(use("frostbolt", until="server.time>3")), "no term"),
    "until_a_text_term": (Say(use("frostbolt", until="target.name=3")), "no term"),
    "until_too_long": (Say(use("frostbolt", until="dead|" * 100 + "dead")), "longer than"),
    "plan_without_steps": (Say([call("plan", {"steps": []})]), "1 to 6 steps"),
    "plan_of_fifty_steps": (Say([call("plan", {"steps": [STEP] * 50})]), "no JSON|1 to 6 steps"),
    "plan_step_no_object": (Say([call("plan", {"steps": ["frostbolt"]})]), "step 1 must be an object"),
    "plan_second_step_not_allowed": (Say([call("plan", {"steps": [STEP, {"ability": "logout"}]})]), "step 2"),
    "wait_negative": (Say([call("wait", {"seconds": -1})]), "from 0.5 to 10"),
    "wait_not_a_number": (Say([call("wait", '{"seconds": NaN}')]), "from 0.5 to 10"),
    "wait_text": (Say([call("wait", {"seconds": "long"})]), "from 0.5 to 10"),
    "http_400": (error(400), "bad_request"),
    "http_400_content_filter": (error(400, "DataInspectionFailed content_filter"), "content|bad_request"),
    "http_401": (error(401, "InvalidApiKey"), "key"),
    "http_403": (error(403, "AccessDenied"), "key"),
    "http_429": (error(429, "Throttling.RateQuota"), "rate"),
    "http_500": (error(500), "server"),
    "http_503": (error(503), "server"),
    "http_502_not_json": (Say(raw=b"<html>Bad Gateway</html>", status=502), "server|format"),
    "http_200_not_json": (Say(raw=b"certainly! here is"), "format|other"),
    "http_200_of_another_form": (Say(raw=b'{"answer": 42}'), "format|other|no function"),
    "connection_reset": (Say(how="reset"), "network"),
    "hang": (Say(how="hang"), "timeout"),
    "slow_drip": (Say(use("frostbolt"), how="drip"), "timeout"),
}  # fmt: skip


@pytest.fixture(scope="module", params=["dashscope", "openai-compatible"])
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[ChildAsker, Mailbox, Server]]:
    """A back-end in its child process, connected to a loopback server; the real SDK speaks the wire format."""
    kind = request.param
    before = {name: os.environ.get(name) for name in ("DASHSCOPE_API_KEY", "OPENAI_API_KEY", "HTTP_PROXY")}
    os.environ["DASHSCOPE_API_KEY"] = os.environ["OPENAI_API_KEY"] = PLANTED_KEY
    os.environ["HTTP_PROXY"] = "http://127.0.0.1:9"  # a proxy is not asked for a server on this machine
    mailbox = Mailbox()
    with serving("dashscope" if kind == "dashscope" else "openai") as server:
        asker = ChildAsker(mailbox, BackendFacts(kind, server.base_url))
        asker.start()
        try:
            server.say = Say(use("frostbolt"))
            loop = Loop(asker, mailbox, facts=patient())
            assert loop.until_settled(30.0)["verdict"] == "accepted"  # the SDK is imported by now
            yield asker, mailbox, server
        finally:
            asker.close()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def patient() -> object:
    from dataclasses import replace

    from tests.decision.llm.parts import FACTS

    return replace(FACTS, timeout_s=20.0)


calls_so_far = iter(range(1000, 10_000_000, 1000))


@pytest.mark.parametrize(("say", "cause"), BAD.values(), ids=BAD)
def test_bad_answer_presses_nothing_and_is_recorded_with_its_verdict(
    asked: tuple[ChildAsker, Mailbox, Server], say: Say, cause: str
) -> None:
    asker, mailbox, server = asked
    mailbox.take(0)
    server.say = say
    server.seen.clear()
    loop = Loop(asker, mailbox)
    loop.policy.memory.calls = next(calls_so_far)
    verdict = loop.until_settled()
    assert verdict["verdict"] in ("refused", "failed")
    assert any(part in verdict["why"] for part in cause.split("|")), verdict
    assert loop.sent == []
    assert len(loop.phases("verdict")) <= 3 and loop.phases("asked")
    assert loop.ticks > len(loop.phases("asked"))  # ticks went on while each answer was under way
    assert PLANTED_KEY not in json.dumps([dict(event.payload) for event in loop.events])


def test_the_table_has_at_least_forty_rows() -> None:
    assert len(BAD) >= 40


def test_an_answer_that_is_good_presses_only_what_is_allowed(asked: tuple[ChildAsker, Mailbox, Server]) -> None:
    asker, mailbox, server = asked
    mailbox.take(0)
    server.say = Say(use("frostbolt"))
    loop = Loop(asker, mailbox)
    loop.policy.memory.calls = next(calls_so_far)
    assert loop.until_settled()["verdict"] == "accepted"
    loop.tick()
    assert {action.ability for action in loop.sent} == {"frostbolt"} <= set(ALLOWED)


def test_a_refused_answer_goes_back_with_the_precise_reason_and_is_mended(
    asked: tuple[ChildAsker, Mailbox, Server],
) -> None:
    asker, mailbox, server = asked
    mailbox.take(0)

    def say(body: dict[str, object]) -> Say:
        return Say(use("frostbolt" if "on cooldown for 5.0 s" in json.dumps(body) else "fire_blast"))

    server.say = say
    loop = Loop(asker, mailbox)
    loop.policy.memory.calls = next(calls_so_far)
    assert loop.until_settled()["verdict"] == "accepted"
    assert [v["verdict"] for v in loop.phases("verdict")] == ["sent back", "accepted"]
