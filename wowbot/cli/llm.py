"""Try the model back-end of a profile: one round trip with its time, model, tokens and cost.

The key is taken from the environment (DASHSCOPE_API_KEY, OPENAI_API_KEY) or from the OS keyring (service "wowbot").

examples:
  wowbot llm test --profile mage_llm
  wowbot llm test --backend dashscope --model qwen-plus
  wowbot llm test --backend openai-compatible --base-url http://127.0.0.1:11434/v1 --model qwen3
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wowbot.core.errors import ConfigError

if TYPE_CHECKING:
    from wowbot.decision.llm.talk import Question, Reply
    from wowbot.decision.profile import ModelFacts, Profile

BACKENDS = ("scripted", "dashscope", "openai-compatible")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("test",), help="test: one round trip")
    parser.add_argument(
        "--profile", default="mage_llm", metavar="NAME|PATH", help="whose [llm] block (default: mage_llm)"
    )
    parser.add_argument("--backend", choices=BACKENDS, help="another than the profile's")
    parser.add_argument("--model", help="another than the profile's")
    parser.add_argument("--base-url", metavar="URL", help="another than the profile's")
    parser.add_argument("--timeout", type=float, metavar="S", help="another than the profile's")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(args: argparse.Namespace) -> int:
    from wowbot.build.model import backend_facts
    from wowbot.decision.llm.answer import check
    from wowbot.decision.llm.bounds import Bounds
    from wowbot.decision.llm.once import ask_once
    from wowbot.decision.profile import load_profile

    profile = chosen(load_profile(args.profile), args)
    facts = profile.facts.llm
    if not facts.backend:
        raise ConfigError(f"profile {args.profile!r} names no back-end in [llm]: name one here by --backend")
    question, tools, state = trial(profile)
    t0 = time.perf_counter()
    reply = ask_once(backend_facts(profile), question)
    wall_ms = (time.perf_counter() - t0) * 1000.0
    bounds = Bounds(facts)
    bounds.answered("test", reply, 0)
    refused = "" if reply.error_class else check(reply, tools, state).refused
    report = {
        "backend": facts.backend, "model": question.model, "round_trip_ms": reply.ms, "with_start_ms": round(wall_ms, 1),
        "tokens_in": reply.tokens_in, "tokens_out": reply.tokens_out, "cost": bounds.cost, "currency": facts.currency,
        "calls": [f"{call.name}({call.arguments})" for call in reply.calls], "refused": refused,
        "error_class": reply.error_class, "error": reply.error,
    }  # fmt: skip
    if args.json:
        print(json.dumps(report))
    else:
        show(report, reply)
    return int(bool(reply.error_class or refused))


def chosen(profile: Profile, args: argparse.Namespace) -> Profile:
    """The profile with what the command line says instead."""
    given = {"backend": args.backend, "model": args.model, "base_url": args.base_url, "timeout_s": args.timeout}
    facts: ModelFacts = replace(
        profile.facts.llm, **{name: value for name, value in given.items() if value is not None}
    )
    return replace(profile, facts=replace(profile.facts, llm=facts))


def trial(profile: Profile) -> tuple[Question, Any, Any]:
    """A question as a run would ask it, with the tools and the state it is about."""
    from wowbot.core.state import GameState
    from wowbot.decision.llm.prompt import first_messages, question_text
    from wowbot.decision.llm.talk import Question
    from wowbot.decision.llm.tools import Toolbox
    from wowbot.decision.rules import RulesPolicy

    facts = profile.facts.llm
    tools = Toolbox(profile.bindings.spells, facts.allow, RulesPolicy(profile).abilities)
    values = {"health.pct": 90.0, "in_combat": 0.0, "popup.open": 1.0, "target.exists": 0.0, "dead": 0.0, "ghost": 0.0}
    state = GameState(0, 0, values)
    text = question_text("a dialog box asks: Step into the ring? [Yes] [No]", state, [], facts.goal, False)
    question = Question(
        1, "unknown_dialog", first_messages(text), tools.schemas(), facts.model, facts.timeout_s
    )  # fmt: skip
    return question, tools, state


def show(report: dict[str, Any], reply: Reply) -> None:
    """The report as people read it."""
    print(f"{report['backend']}, model {report['model']}")
    print(
        f"  round trip   {report['round_trip_ms']:.0f} ms ({report['with_start_ms']:.0f} ms with the process's start)"
    )
    print(f"  tokens       {report['tokens_in']} in, {report['tokens_out']} out")
    known = "unknown: the profile's [llm] states no prices" if report["cost"] is None else None
    print(f"  cost         {known or format(report['cost'], '.6f') + ' ' + report['currency']}")
    if reply.error_class:
        print(f"  failed       {reply.error_class}: {reply.error}")
        return
    print(f"  answer       {'; '.join(report['calls']) or reply.text[:200] or '(nothing)'}")
    print(f"  verdict      {'refused: ' + report['refused'] if report['refused'] else 'accepted'}")
